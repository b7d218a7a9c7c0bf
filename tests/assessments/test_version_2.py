"""The second version of the questionnaire: what is new in it, and that everything else is as in the first."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.algorithm_2.scoring import score
from assessments.answering import parts_of
from assessments.instrument import Area, Item
from assessments.scoring import Answer, Answers, CannotScore, check
from assessments.validation import check_file
from tests.assessments.algorithm_2 import CONSTANTS
from tests.assessments.vectors import INSTRUMENT, INSTRUMENT_2, SOURCE, SOURCE_2

OLD, NEW = tomllib.loads(SOURCE), tomllib.loads(SOURCE_2)
CHANGED = {
    *("felt1", "str1", "ill1", "ill3", "ill7", "ent2", "ent3", "slf3", "slf6", "cyc5", "cyc6", "cyc7", "cyc8", "prj4"),
    *("prj6", "ref1", "ref2", "aut4", "rec2", "rec6"),
}
FORMS = ["full", "short"]


def row(document: dict[str, Any], table: str, key: str) -> dict[str, Any]:
    return next(row for row in document[table] if row["key"] == key)


def test_the_file_may_be_published() -> None:
    instrument, problems = check_file(SOURCE_2)
    assert problems == []
    assert instrument
    assert (instrument.id, instrument.version, instrument.algorithm) == ("balance", 2, 2)


def test_only_the_words_of_the_list_are_new() -> None:
    old, new = ({item.key: item for item in version.items} for version in (INSTRUMENT, INSTRUMENT_2))
    assert list(old) == list(new)
    assert {key for key in old if old[key].text != new[key].text} == CHANGED
    assert all(_place(old[key]) == _place(new[key]) for key in old)
    areas = zip(INSTRUMENT.areas, INSTRUMENT_2.areas, strict=True)
    assert {one.key for one, other in areas if _asks(one) != _asks(other)} == {
        *("practical", "intimacy", "money", "social")
    }
    for table in ("areas", "clusters", "importance", "safety"):
        assert _without_words(OLD[table]) == _without_words(NEW[table])
    assert {key: OLD["constants"][key] for key in NEW["constants"]} == NEW["constants"]


def _place(item: Item) -> tuple[Any, ...]:
    return (item.subscale, item.facet, item.role, item.reverse, item.short, item.page, item.order, item.if_partnered)


def _asks(area: Area) -> tuple[str, str]:
    return area.give, area.receive


def _without_words(table: Any) -> Any:
    if isinstance(table, list):
        return [{key: value for key, value in row.items() if key not in ("give", "receive")} for row in table]
    return table


def test_what_the_masking_gap_led_to_is_the_only_route_that_is_new() -> None:
    different = [new for old, new in zip(OLD["routes"], NEW["routes"], strict=True) if old != new]
    assert [route["key"] for route in different] == ["illusions"]
    assert different[0]["any"] == row(OLD, "routes", "illusions")["any"][:1]


@pytest.mark.parametrize("form", FORMS)
def test_results_are_in_groups_of_their_own(form: str) -> None:
    groups = [version.forms[form].comparability_group for version in (INSTRUMENT, INSTRUMENT_2)]
    assert len(set(groups)) == 2


def test_errors_stand_in_the_constants_only() -> None:
    assert not {"sem", "sd", "reliability", "clear", "missing_max", "provenance"} & NEW["constants"].keys()
    for name in ("sem", "missing_max"):
        _instrument, problems = check_file(
            SOURCE_2.replace("[constants]", f"[constants]\n{name} = {OLD['constants'][name]}")
        )
        assert problems == [f"constants.{name}: there is no such key"]


@pytest.mark.parametrize("form", FORMS)
def test_every_part_is_asked_as_in_the_first_version(form: str) -> None:
    for partnered in (True, False):
        old, new = (parts_of(version, form, partnered) for version in (INSTRUMENT, INSTRUMENT_2))
        assert [part.keys for part in old] == [part.keys for part in new]


def test_the_short_form_has_texts_that_name_what_it_asks() -> None:
    asked = {item.subscale for item in INSTRUMENT_2.items_of("short")} - {"felt"}
    assert set(NEW["short"]) == asked
    for key, texts in NEW["short"].items():
        assert set(texts) == {"lower", "middle", "higher"}
        assert not {*texts.values()} & {row(OLD, "subscales", key)[band] for band in ("lower", "higher")}
    said = " ".join(text for texts in NEW["short"].values() for text in texts.values())
    for word in ("sudden", "distance", "limit", "valued", "respect", "calm yourself down", "own opinion", "upset"):
        assert word not in said, word  # what only the full form asks


# --- Scoring --------------------------------------------------------------------------------------------------

answer_of = {
    key: st.sampled_from([*scale.values, "na", "skip", "no_occasion", None])
    for key, scale in INSTRUMENT.scale_of.items()
}
sheets = st.builds(
    Answers,
    form=st.sampled_from(FORMS),
    partnered=st.booleans(),
    answers=st.fixed_dictionaries({}, optional={key: each for key, each in answer_of.items() if key != "rdy1"}),
    importance=st.dictionaries(st.sampled_from([*INSTRUMENT.area]), st.integers(0, 3)),
)


@given(sheets)
def test_figures_are_those_of_the_same_answers_to_the_first_version(answers: Answers) -> None:
    """But for the choice, which is in no figure, and for the routes of the gap, which algorithm 2 never takes."""
    found, expected = (score(version, answers, CONSTANTS) for version in (INSTRUMENT_2, INSTRUMENT))
    expected["subscales"].pop("rdy", None)
    assert found == expected


@given(sheets, st.sampled_from([0, 1, 2, "na", "skip", "no_occasion", None]))
def test_a_choice_changes_no_figure(answers: Answers, choice: Answer) -> None:
    chosen = Answers(answers.form, answers.partnered, {**answers.answers, "rdy1": choice}, answers.importance)
    found = score(INSTRUMENT_2, chosen, CONSTANTS)
    assert found == score(INSTRUMENT_2, answers, CONSTANTS)
    assert "rdy" not in found["subscales"]


def test_a_choice_is_checked_against_its_own_scale() -> None:
    with pytest.raises(CannotScore, match="off_scale: rdy1"):
        score(INSTRUMENT_2, Answers("full", True, {"rdy1": 3}, {}), CONSTANTS)


def test_it_did_not_come_up_is_an_answer_of_the_second_version_only() -> None:
    answers = Answers("full", True, {"str1": "no_occasion"}, {})
    check(INSTRUMENT_2, answers)
    with pytest.raises(CannotScore, match="not_an_integer: str1"):
        check(INSTRUMENT, answers)
    with pytest.raises(CannotScore, match="not_an_integer: time"):
        check(INSTRUMENT_2, Answers("full", True, {}, {"time": "no_occasion"}))
