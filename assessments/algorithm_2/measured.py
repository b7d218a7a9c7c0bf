"""Errors worked out from pairs, rounded as they are offered to staff, and the constants made of them. Pure: no Django.

The number of people and each figure are rounded by the rules of `disclosure.py`: an estimate changes in batches, and
nobody's own change can be told from the next one.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil, sqrt
from random import Random
from typing import Any, Final, NamedTuple

from assessments import disclosure
from assessments.algorithm_2.constants import BY_NUMBER, MEASURED, SINGLE, whole
from assessments.algorithm_2.estimate import ENOUGH, Estimate, Estimates, Pair, estimate
from assessments.shape import Document

WAYS: Final = ("plain", "robust")
BASIS: Final = "sample"


class Measured(NamedTuple):
    """What an estimate does not say itself: when it was worked out, and in whose words it is described."""

    on: date
    source: str


def offered(pairs: Sequence[Pair], chance: Random) -> Document | None:
    """What is offered of these pairs: `n` and, for each of `WAYS`, every error with its 90 % interval.

    None for too few. σ is what follows from s and e, as it is published. A way is left out where that is outside its
    interval: the areas of one day balance each other more than the formula allows for. So is one with an error that
    no change shows, and of the parts the error alone.
    """
    n = disclosure.count(len(pairs), chance)
    if n is None or n < ENOUGH:
        return None
    found = {way: _shown(estimate(pairs, robust=way == "robust"), n, chance) for way in WAYS}
    return {"n": n} | {way: errors for way, errors in found.items() if errors}


def _shown(found: Estimates, n: int, chance: Random) -> Document | None:
    """The errors of one way; None if it is not offered."""
    if not all(getattr(found, name).is_seen for name in (MEASURED, *SINGLE)):
        return None
    single = {name: _rounded(getattr(found, name), n, chance) for name in (MEASURED, *SINGLE)}
    if not _follows(single):
        return None
    single[MEASURED] = _following(single)
    by_number = {str(number): _rounded(one, n, chance) for number, one in found.sem.items() if one.is_seen}
    return single | {"sem": {number: row for number, row in by_number.items() if row["n"]}}


def _rounded(one: Estimate, at_most: int, chance: Random) -> Document:
    """One error; `n` is None where so few pairs have it that it is not shown."""
    n = disclosure.count(min(one.n, at_most), chance) if one.n < at_most else at_most
    value = disclosure.error(one.value, chance)
    low, high = disclosure.outwards(value, one.interval, chance)
    return {"value": value, "n": n if n and n >= ENOUGH else None, "interval": [low, high]}


def _follows(errors: Document) -> bool:
    low, high = errors[MEASURED]["interval"]
    return bool(low <= whole(errors) <= high)


def ways(figures: Document) -> list[str]:
    """The ways on offer. Those of an earlier release may have a σ that does not follow, or no upper end above it."""
    found = [(way, figures[way]) for way in WAYS if way in figures]
    return [way for way, errors in found if _is_whole(errors[MEASURED], whole(errors))]


def _is_whole(sigma: Document, value: float) -> bool:
    return bool(sigma["value"] == value < sigma["interval"][1])


def _following(errors: Document) -> Document:
    """σ over all areas as s and e come to it, which are rounded: what every page works out of the constants.

    Its interval still holds that of its own measurement. Where σ is larger than it was measured, the upper end is as
    many times larger: without that, nothing would be left between the two.
    """
    measured, value = errors[MEASURED], whole(errors)
    low, high = measured["interval"]
    return {**measured, "value": value, "interval": [low, max(high, _tenths_up(high * value / measured["value"]))]}


def _tenths_up(value: float) -> float:
    return ceil(round(10 * value, 6)) / 10


# --- Constants --------------------------------------------------------------------------------------------------


def constants(base: Document, version: int, errors: Document, about: Measured) -> Document:
    """The document of new constants: those of `base` with the measured errors in place of its own.

    The asymmetry of level couples cannot be seen in pairs: it is scaled with the error of one area, and stays assumed.
    """
    now = {name: _row(errors[name], about) for name in (MEASURED, *SINGLE)}
    before = base["errors"]
    grown = _of_one_area(now) / _of_one_area(before)
    why = f"that of constants {base['version']}, times {grown:.3f}: the error of one area as it was measured"
    assumed = {"n": 0, "date": about.on, "basis": "assumed", "source": why}
    level = {number: {"value": round(row["value"] * grown, 1)} | assumed for number, row in before["A0"].items()}
    sem = before["sem"] | {number: _row(row, about) for number, row in errors["sem"].items()}
    in_order = dict(sorted(sem.items(), key=lambda one: int(one[0])))
    return {"version": version, "cuts": base["cuts"], "errors": now | {"A0": level, "sem": in_order}}


def _row(error: Document, about: Measured) -> Document:
    known = {"n": error["n"], "date": about.on, "basis": BASIS, "source": about.source}
    return {"value": error["value"], **known, "interval": error["interval"]}


def _of_one_area(errors: Mapping[str, Document]) -> float:
    return sqrt(errors["s"]["value"] ** 2 + errors["e"]["value"] ** 2)


def to_toml(document: Document) -> str:
    """The document as a file of constants, which `constants.read` reads."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"version = {document['version']}"
    yield "\n[cuts]"
    yield from (f"{key} = {value}" for key, value in document["cuts"].items())
    yield "\n[errors]"
    errors = document["errors"]
    yield from (f"{key} = {_inline(row)}" for key, row in errors.items() if key not in BY_NUMBER)
    for table in BY_NUMBER:
        yield f"\n[errors.{table}]"
        yield from (f"{number} = {_inline(row)}" for number, row in errors[table].items())


def _inline(row: Mapping[str, Any]) -> str:
    values = {
        key: value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
        for key, value in row.items()
    }
    return "{ " + ", ".join(f"{key} = {value}" for key, value in values.items()) + " }"
