"""A broken file is refused with every reason, each naming its key; no file makes the check itself fail."""

import copy
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.algorithms import score
from assessments.instrument import Instrument, build
from assessments.scoring import Answers
from assessments.validation import check_file, problems
from tests.assessments.vectors import SOURCE, SOURCE_2

DOCUMENT, SECOND = tomllib.loads(SOURCE), tomllib.loads(SOURCE_2)

type Document = dict[str, Any]


def row(document: Document, table: str, key: str) -> Document:
    found: Document = next(row for row in document[table] if row["key"] == key)
    return found


def test_our_own_file_has_no_problem() -> None:
    instrument, found = check_file(SOURCE)
    assert found == []
    assert instrument is not None
    assert instrument.version == 1


@pytest.mark.parametrize("source", ["items = [", "items = " + "[" * 100_000])
def test_broken_toml_is_named_as_such(source: str) -> None:
    instrument, found = check_file(source)
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
        (lambda d: d["constants"].update(z80=1.5), "constants.z80: this value is out of its range"),
        (lambda d: d["constants"].update(z95=1.28), "constants.z95: this value is out of its range"),
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
        (lambda d: d["safety"].update(answers=["Yes", "Yes"]), "safety.answers[Yes]: this key occurs 2 times"),
        (lambda d: d["safety"].update(questions=[]), "safety.questions: a list of tables is expected"),
        (lambda d: d["instrument"].update(algorithm=3), "instrument.algorithm: 1 and 2 are the only ones"),
        (lambda d: d["instrument"].update(version=0), "instrument.version: 1 or more is expected"),
        (lambda d: d["instrument"]["themes"].append("balance"), "instrument.themes[balance]: this key occurs 2 times"),
        (lambda d: row(d, "items", "ill1").update(key="Ill 1"), "items[Ill 1].key: a word in small letters"),
        (lambda d: row(d, "items", "ill1").update(key="form"), "items[form].key: a word in small letters"),
        (lambda d: row(d, "items", "ill1").update(key="time_importance"), "time_importance: this answer key occurs 2"),
        (lambda d: row(d, "items", "rdy1").update(page=30), "items: a page from 12 on has no statement"),
        (lambda d: row(d, "items", "rdy1").update(page=12), "items: page 12 has 5 statements, 3 or 4 are expected"),
        (lambda d: row(d, "items", "felt1").update(reverse=True), "items: the overall feeling (subscale felt) is one"),
        (lambda d: row(d, "subscales", "ill").update(scale="felt"), "subscales[ill].scale: the scale felt is for"),
        (lambda d: row(d, "subscales", "ill").update(scale="importance"), "subscales[ill].scale: values from 0 to 4"),
        (lambda d: d["scales"]["felt"].update(values=list(range(7))), "scales.felt.values: as many values below 0"),
        (lambda d: d["roles"].update(extra="Extra"), "roles.extra: no statement has this role"),
        (lambda d: d["areas"].pop(), "areas: 10 are expected, 9 are there"),
        (lambda d: d["importance"].update(scale="amount"), "importance.scale: the scale importance is expected"),
        (lambda d: d["constants"].update(z95=float("inf")), "constants.z95: a number is expected"),
        (lambda d: d["positions"][0].update(reading="{areas:s}"), "positions[gives_more]: there is no count {areas:s}"),
        (lambda d: d["positions"][0].update(heading="{areas}"), "positions[gives_more].heading: counts stand in"),
        (lambda d: row(d, "routes", "cycle")["any"][0].update(all=[]), "routes[cycle].any: a condition is expected"),
        (lambda d: row(d, "routes", "cycle").update(themes_if_unsafe=["balance"]), "routes[cycle].themes_if_unsafe: "),
        (lambda d: row(d, "routes", "strain").update(prompts_if_unsafe=[]), "routes[strain].prompts_if_unsafe: "),
    ],
)
def test_what_is_wrong_is_said_with_its_key(change: Callable[[Document], object], said: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    assert any(line.startswith(said) for line in problems(document)), problems(document)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("short"), "short: this table is missing"),
        (lambda d: d["short"].pop("ill"), "short.ill: texts are expected"),
        (lambda d: d["short"]["ill"].pop("lower"), "short.ill.lower: this is missing"),
        (lambda d: d["short"].update(ill="x"), "short.ill: a table is expected"),
        (lambda d: d["short"].update(x=d["short"]["ill"]), "short.x: there is no subscale x with bands"),
        (lambda d: d["short"].update(rdy=d["short"]["ill"]), "short.rdy: there is no subscale rdy with bands"),
        (lambda d: d["lines"]["str"]["giving"].pop("title"), "lines.str.giving.title: this is missing"),
        (lambda d: d["lines"].update(str=[]), "lines.str: a table is expected"),
        (lambda d: d["non_answers"].pop("no_occasion"), "non_answers.no_occasion: this is missing"),
        (lambda d: d["non_answers"].pop("which"), "non_answers.which: this is missing"),
        (lambda d: d["constants"].update(sem=11.2), "constants.sem: there is no such key"),
        (lambda d: d["constants"].update(leaning=0.4), "constants.leaning: this value is out of its range"),
        (lambda d: row(d, "subscales", "rdy")["choices"].pop(), "subscales[rdy].choices: as many texts as answers"),
        (lambda d: row(d, "subscales", "rdy").update(choices=[1, 2, 3]), "subscales[rdy].choices: a list of texts is"),
        (lambda d: row(d, "subscales", "rdy").update(lower="x"), "subscales[rdy].lower: there is no such key"),
        (lambda d: row(d, "items", "rdy1").update(reverse=True), "subscales[rdy]: a choice is one statement"),
        (lambda d: row(d, "items", "rdy1").update(short=True), "subscales[rdy]: a choice is one statement"),
        (lambda d: row(d, "routes", "cycle")["any"][0].update(distance="M"), "routes[cycle].distance: there is no fig"),
        (lambda d: row(d, "routes", "cycle")["any"][0].update(distance="rdy"), "routes[cycle].distance: there is no f"),
        (lambda d: d["instrument"].update(algorithm=1), "short: there is no such table"),
    ],
)
def test_what_is_new_with_algorithm_2_is_checked(change: Callable[[Document], object], said: str) -> None:
    document = copy.deepcopy(SECOND)
    change(document)
    assert any(line.startswith(said) for line in problems(document)), problems(document)


def nodes(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document."""
    keys = list(found) if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    below = [deeper for key in keys for deeper in nodes(found[key], (*path, key))]
    return [path, *below] if path else below


VERSIONS = {1: DOCUMENT, 2: SECOND}
NODES = [(version, path) for version, document in VERSIONS.items() for path in nodes(document)]
WRONG: list[Any] = [
    None,
    True,
    -1,
    0,
    7,
    0.5,
    1e400,
    float("nan"),
    10**400,
    "",
    "x",
    "felt",
    "{",
    "{areas:x}",
    [],
    {},
    [{}],
    {"a": 1},
]


@settings(max_examples=800)
@given(st.sampled_from(NODES), st.sampled_from(WRONG))
@example((1, ("instrument",)), {})
@example((2, ("instrument",)), {})
def test_a_changed_file_is_refused_or_can_be_asked_scored_and_read(node: tuple[int, Any], value: Any) -> None:
    """Whatever is changed, the check itself does not fail, and what it lets through works in every place."""
    version, path = node
    document = copy.deepcopy(VERSIONS[version])
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    if found := problems(document):
        assert all(re.match(r"\w.*: .", line) for line in found), found
    else:
        use(build(document))


def use(instrument: Instrument) -> None:
    answered = {key: scale.values[-1] for key, scale in instrument.scale_of.items()}
    for form in instrument.forms:
        assert instrument.parts(form, partnered=False)
        for answers in ({}, answered):
            found = score(instrument, Answers(form, True, answers, {}))
            assert found["routes"]
            assert instrument.positions[found["shown"]]
        assert all(each.choices or each.band_text("middle") for each in instrument.subscales.values())
    counts = dict.fromkeys(("areas", "give_areas", "receive_areas", "even_areas"), 3)
    assert all(position.reading.format(**counts) for position in instrument.positions.values())
