"""A broken file is refused with every reason, each naming its key; no file makes the check itself fail."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.validation import check_file, problems
from tests.assessments.vectors import ROOT

SOURCE = (ROOT / "assessments" / "instruments" / "balance-1.toml").read_text()
DOCUMENT = tomllib.loads(SOURCE)

type Document = dict[str, Any]


def row(document: Document, table: str, key: str) -> Document:
    found: Document = next(row for row in document[table] if row["key"] == key)
    return found


def test_our_own_file_has_no_problem() -> None:
    instrument, found = check_file(SOURCE)
    assert found == []
    assert instrument is not None
    assert instrument.version == 1


def test_broken_toml_is_named_as_such() -> None:
    instrument, found = check_file("items = [")
    assert instrument is None
    assert found[0].startswith("This is not TOML: ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("constants"), "constants: this table is missing"),
        (lambda d: d.update(extra={}), "extra: there is no such table"),
        (lambda d: row(d, "items", "ill1").pop("text"), "items[ill1].text: this is missing"),
        (lambda d: row(d, "items", "ill1").update(text=" "), "items[ill1].text: some text is expected"),
        (lambda d: row(d, "items", "ill1").update(reverse=1), "items[ill1].reverse: true or false is expected"),
        (lambda d: row(d, "items", "ill1").update(typo=1), "items[ill1].typo: there is no such key"),
        (lambda d: row(d, "items", "ill1").update(key="ill2"), "items[ill2]: this key occurs 2 times"),
        (lambda d: row(d, "items", "ill1").update(subscale="x"), "items[ill1].subscale: there is no subscale x"),
        (lambda d: row(d, "items", "cyc1").update(role="x"), "items[cyc1].role: there is no role x"),
        (lambda d: row(d, "items", "ill1").update(page=14, order=1), "items: 2 statements stand on page 14 at place 1"),
        (lambda d: row(d, "items", "ill7").update(short=True), "forms.short.scored_items: 42 is stated, 43 are there"),
        (lambda d: row(d, "items", "ill8").update(reverse=False), "subscales[ill]: the short form takes three"),
        (lambda d: row(d, "areas", "time").update(cluster="x"), "areas[time].cluster: there is no cluster x"),
        (lambda d: row(d, "subscales", "ill").update(theme="x"), "subscales[ill].theme: there is no theme x"),
        (lambda d: d["scales"]["amount"]["labels"].pop(), "scales.amount: as many labels as values"),
        (lambda d: d["constants"].update(lower_below=70.0), "constants.lower_below: this value is out of its range"),
        (lambda d: d["constants"].update(sem=3.0), "constants.sem: this value is out of its range"),
        (lambda d: d["positions"].pop(), "positions[not_enough]: this position is missing"),
        (lambda d: d["positions"][0].update(reading="{total}"), "positions[gives_more]: there is no count {total}"),
        (lambda d: d["routes"][0].update(themes=["x"]), "routes[gives_more].themes: there is no theme x"),
        (
            lambda d: d["routes"][0].update(prompts=["x-1"]),
            "routes[gives_more].prompts: x-1 is not the key of a prompt",
        ),
        (lambda d: row(d, "routes", "cycle")["any"][0].update(distance="x"), "routes[cycle].distance: there is no fig"),
        (lambda d: row(d, "routes", "cycle")["any"][0].update(all=[{"a": 1}]), "routes[cycle]: this condition is not"),
        (lambda d: row(d, "routes", "open").pop("fallback"), "routes: exactly one fallback is expected"),
        (lambda d: d["safety"].update(raised_by="Maybe"), "safety.raised_by: this is not one of the answers"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(change: Callable[[Document], object], said: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    assert any(line.startswith(said) for line in problems(document)), problems(document)


def nodes(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document."""
    keys = list(found) if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    below = [deeper for key in keys for deeper in nodes(found[key], (*path, key))]
    return [path, *below] if path else below


@settings(max_examples=300)
@given(st.sampled_from(nodes(DOCUMENT)), st.sampled_from([None, True, -1, 0.5, "", "x", "{", [], {}, [{}], {"a": 1}]))
def test_no_file_makes_the_check_fail(path: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert all(isinstance(line, str) for line in problems(document))
