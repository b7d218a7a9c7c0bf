"""The public test vectors of the questionnaire, and how figures are compared with them."""

import json
from pathlib import Path
from typing import Any

from assessments.instrument import build, read
from assessments.scoring import Answers

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = (ROOT / "assessments" / "instruments" / "balance-1.toml").read_text(encoding="utf-8")
INSTRUMENT = build(read(SOURCE))
SOURCE_2 = (ROOT / "assessments" / "instruments" / "balance-2.toml").read_text(encoding="utf-8")
INSTRUMENT_2 = build(read(SOURCE_2))
VECTORS: dict[str, Any] = json.loads((ROOT / "tests" / "vectors" / "balance-1.json").read_text())


def answers_of(vector: dict[str, Any]) -> Answers:
    return Answers(vector["form"], vector.get("partnered", True), vector["answers"], vector.get("importance") or {})


ANSWERS = {vector["name"]: answers_of(vector) for vector in VECTORS["sheets"]}
PUBLIC: dict[str, Any] = json.loads((ROOT / "tests" / "vectors" / "balance-1-algorithm-2.json").read_text())
PUBLIC_ANSWERS = {vector["name"]: answers_of(vector) for vector in PUBLIC["sheets"]}


def assert_same(found: Any, expected: Any, path: str = "") -> None:
    """Numbers within 1e-6, everything else exactly, order of keys aside."""
    if isinstance(expected, dict):
        assert set(found) == set(expected), path
        for key, value in expected.items():
            assert_same(found[key], value, f"{path}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), path
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_same(one, other, f"{path}[{place}]")
    elif isinstance(expected, float):
        assert isinstance(found, float), path
        assert abs(found - expected) < 1e-6, f"{path}: {found} is not {expected}"
    else:
        assert type(found) is type(expected), path
        assert found == expected, path
