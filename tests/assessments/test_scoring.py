"""The public vectors to six places, and what must hold for any answers."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import change, partners, position, scoring
from assessments.rounding import rounded
from assessments.scoring import Answer, Answers, CannotScore
from tests.assessments.vectors import ANSWERS, INSTRUMENT, VECTORS, answers_of, assert_same

CONSTANTS = INSTRUMENT.constants
FUNCTIONS = VECTORS["functions"]
AREAS = [area.answer_keys() for area in INSTRUMENT.areas]


def by_name(vector: Mapping[str, Any]) -> str:
    return str(vector.get("name") or vector.get("why") or vector.get("error"))


@pytest.mark.parametrize("vector", VECTORS["sheets"], ids=by_name)
def test_sheet_is_scored_as_in_the_vectors(vector: dict[str, Any]) -> None:
    assert_same(scoring.score(INSTRUMENT, answers_of(vector)), vector["expected"])


@pytest.mark.parametrize("vector", VECTORS["invalid_sheets"], ids=by_name)
def test_wrong_sheet_is_refused_with_its_reason(vector: dict[str, Any]) -> None:
    with pytest.raises(CannotScore) as refused:
        scoring.score(INSTRUMENT, answers_of(vector))
    assert refused.value.code == vector["error"]


@pytest.mark.parametrize("wrong", [[], {}, 1.5, "prefer not"])
def test_anything_else_than_an_integer_or_a_non_answer_is_refused(wrong: Any) -> None:
    with pytest.raises(CannotScore, match="not_an_integer: ill1"):
        scoring.score(INSTRUMENT, Answers("full", True, {"ill1": wrong}, {}))


@pytest.mark.parametrize("vector", VECTORS["retakes"], ids=by_name)
def test_change_is_judged_as_in_the_vectors(vector: dict[str, Any]) -> None:
    found = change.compare(INSTRUMENT, ANSWERS[vector["first"]], ANSWERS[vector["second"]])
    assert_same(found, vector["expected"])


@pytest.mark.parametrize("vector", VECTORS["partners"], ids=by_name)
def test_partners_are_compared_as_in_the_vectors(vector: dict[str, Any]) -> None:
    a, b = ANSWERS[vector["a"]], ANSWERS[vector["b"]]
    found = partners.compare(INSTRUMENT, a, b, intimacy_shared=vector["intimacy_shared"])
    assert_same(found, vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["band"])
def test_bands(vector: dict[str, Any]) -> None:
    assert position.band(vector["score"], CONSTANTS) == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["position"])
def test_position_and_how_sure_it_is(vector: dict[str, Any]) -> None:
    where = position.position(vector["B"], vector["A"], vector["L"], CONSTANTS)
    p = position.stated(where, position.probabilities(vector["B"], CONSTANTS))
    assert_same([where, p, position.confidence(p, CONSTANTS)], vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["masking"])
def test_masking_gap(vector: dict[str, Any]) -> None:
    assert_same(scoring.masking(vector["B"], vector["F"]), vector["expected"])


def test_masking_gap_is_worked_out_from_the_unrounded_feeling() -> None:
    """Seven areas: B = 1500/28 and F = 100/3, so M is 20.2380952…; from F rounded first it would end in 6."""
    answers: dict[str, Answer] = {"felt1": 1}
    for (give, receive), points in zip(AREAS[:7], [4, 4, 4, 3, 0, 0, 0], strict=True):
        answers |= {give: points, receive: 0}
    found = scoring.score(INSTRUMENT, Answers("full", True, answers, {}))
    assert found["balance"]["B"] == 53.571429
    assert found["masking"] == 20.238095


def test_smallest_reliable_changes() -> None:
    error = change.standard_error_of_difference(CONSTANTS)
    found = {"s_diff": error, "reliable_95": CONSTANTS.z95 * error, "reliable_80": CONSTANTS.z80 * error}
    assert_same(found, FUNCTIONS["change"])


@pytest.mark.parametrize(
    ("rci", "word"),
    [(1.96, "likely"), (1.9599996, "likely"), (1.959999, "maybe"), (1.281552, "maybe"), (1.281551, "wobble")],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_word_of_a_change_on_its_borders_in_both_directions(rci: float, word: str, sign: int) -> None:
    assert change.word(sign * rci, CONSTANTS) == word


@pytest.mark.parametrize(
    ("p", "word"), [(0.8, "clear"), (0.799999, "leaning"), (0.6, "leaning"), (0.599999, "too_close")]
)
def test_confidence_on_its_borders(p: float, word: str) -> None:
    assert position.confidence(p, CONSTANTS) == word


def areas_answered(give: int, receive: int, count: int = 10) -> Answers:
    """The first areas, all answered alike."""
    answers: dict[str, Answer] = {}
    for give_key, receive_key in AREAS[:count]:
        answers |= {give_key: give, receive_key: receive}
    return Answers("full", True, answers, {})


def test_seven_areas_are_enough_for_a_balance_and_for_a_comparison() -> None:
    seven, six = areas_answered(3, 1, 7), areas_answered(3, 1, 6)
    assert scoring.score(INSTRUMENT, seven)["position"] == "gives_more"
    assert scoring.score(INSTRUMENT, six)["shown"] == "not_enough"
    assert change.compare(INSTRUMENT, seven, areas_answered(1, 3))["areas"] == 7
    assert change.compare(INSTRUMENT, six, areas_answered(1, 3)) == {"comparable": False, "reason": "areas"}


def test_partners_word_changes_at_a_gap_of_a_quarter() -> None:
    found = partners.compare(INSTRUMENT, areas_answered(2, 2), areas_answered(3, 1), intimacy_shared=False)
    assert found["clusters"]["care"] == {"a_to_b": "more_than_felt", "b_to_a": "more_than_felt"}
    found = partners.compare(INSTRUMENT, areas_answered(2, 2), areas_answered(1, 3), intimacy_shared=False)
    assert found["clusters"]["care"] == {"a_to_b": "less_than_felt", "b_to_a": "less_than_felt"}


def test_partners_without_a_shared_area_have_no_figures() -> None:
    found = partners.compare(INSTRUMENT, areas_answered(2, 2), areas_answered(2, 2, 0), intimacy_shared=False)
    assert found["shared"] == {**dict.fromkeys(found["shared"]), "areas": 0}
    assert found["a_to_b"]["mean_gap"] is None
    assert set(found["clusters"].values()) == {None}


# --- Properties: what must hold whatever is answered ---

non_answers: st.SearchStrategy[Answer] = st.sampled_from(["na", "skip", None])
importances: st.SearchStrategy[Answer] = st.sampled_from([0, 1, 2, 3])
form = st.sampled_from(["full", "short"])


@given(st.floats(-1e-6, 1e-6))
def test_rounding_gives_no_minus_zero(value: float) -> None:
    figure = rounded(value)
    assert math.copysign(1, figure) == 1 or figure == -1e-6


@st.composite
def any_answers(draw: st.DrawFn, *, complete: bool = False) -> Answers:
    """Any answers; with `complete`, every area has both answers."""
    scales = INSTRUMENT.scale_of
    area_keys = {key for pair in AREAS for key in pair}
    answers: dict[str, Answer] = {}
    for key, scale in scales.items():
        value: st.SearchStrategy[Answer] = st.sampled_from(scale.values)
        if not (complete and key in area_keys):
            value |= non_answers
        answers[key] = draw(value)
    importance: dict[str, Answer] = {area.key: draw(importances | non_answers) for area in INSTRUMENT.areas}
    return Answers(draw(form), draw(st.booleans()), answers, importance)


def swapped(one: Answers) -> Answers:
    """The same areas with giving and receiving exchanged."""
    answers = dict(one.answers)
    for give, receive in AREAS:
        answers[give], answers[receive] = one.answers[receive], one.answers[give]
    return replace(one, answers=answers)


@given(any_answers())
def test_swapping_sides_negates_the_balance_and_keeps_asymmetry_and_level(one: Answers) -> None:
    here, there = scoring.score(INSTRUMENT, one), scoring.score(INSTRUMENT, swapped(one))
    for name in ("balance", "weighted"):
        if here[name] is None:
            assert there[name] is None
        else:
            assert there[name]["B"] == -here[name]["B"]
            assert there[name]["A"] == here[name]["A"]
            assert there[name]["L"] == here[name]["L"]


@given(any_answers(complete=True))
def test_figures_stay_in_their_ranges(one: Answers) -> None:
    found = scoring.score(INSTRUMENT, one)
    for name in ("balance", "weighted"):
        assert found[name]["A"] >= abs(found[name]["B"])
        assert -100 <= found[name]["B"] <= 100
        assert 0 <= found[name]["L"] <= 100
    low, high = found["interval80"]
    assert -100 <= low <= found["balance"]["B"] <= high <= 100
    assert sum(found["p"].values()) == pytest.approx(1, abs=2e-6)
    assert len(found["routes"]) <= CONSTANTS.routes_max


@given(any_answers(complete=True), st.permutations(range(len(AREAS))))
def test_order_of_the_areas_changes_nothing(one: Answers, order: list[int]) -> None:
    moved: dict[str, Answer] = dict(one.answers)
    importance = {}
    for (give, receive), place in zip(AREAS, order, strict=True):
        moved[give], moved[receive] = one.answers[AREAS[place][0]], one.answers[AREAS[place][1]]
        importance[give.removesuffix("_give")] = one.importance[AREAS[place][0].removesuffix("_give")]
    here = scoring.score(INSTRUMENT, one)
    there = scoring.score(INSTRUMENT, replace(one, answers=moved, importance=importance))
    for name in ("balance", "weighted", "counts", "position"):
        assert_same(there[name], here[name])


@given(any_answers(complete=True), st.floats(0.01, 100))
def test_scaling_the_weights_changes_nothing(one: Answers, factor: float) -> None:
    pairs = scoring.differences(INSTRUMENT, one)
    scaled = [pair._replace(weight=pair.weight * factor) for pair in pairs]
    here, there = (scoring.index(found, CONSTANTS.R, weighted=True)[1] for found in (pairs, scaled))
    assert_same(there._asdict(), here._asdict())


@given(any_answers(complete=True), st.sampled_from(AREAS))
def test_giving_more_in_one_area_never_lowers_the_balance(one: Answers, area: tuple[str, str]) -> None:
    give, _ = area
    answer = one.answers[give]
    assert isinstance(answer, int)
    more = replace(one, answers={**one.answers, give: min(4, answer + 1)})
    here, there = scoring.score(INSTRUMENT, one), scoring.score(INSTRUMENT, more)
    assert there["balance"]["B"] >= here["balance"]["B"]
    assert there["p"]["give"] >= here["p"]["give"]


def numbers(found: Any) -> Iterator[float]:
    """Every float in a document."""
    if isinstance(found, float):
        yield found
    elif isinstance(found, dict | list):
        for value in found.values() if isinstance(found, dict) else found:
            yield from numbers(value)


@given(any_answers())
def test_no_figure_is_minus_zero_or_has_more_than_six_places(one: Answers) -> None:
    for figure in numbers(scoring.score(INSTRUMENT, one)):
        assert math.copysign(1, figure) == 1 or figure < 0
        assert figure == round(figure, 6)
