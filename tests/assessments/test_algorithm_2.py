"""Algorithm 2: its rules one by one, and what must hold for any answers."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import scoring
from assessments.algorithm_2 import balance, change
from assessments.algorithm_2.change import Answered
from assessments.algorithm_2.scoring import DID_NOT_COME_UP, score
from assessments.algorithms import constants
from assessments.instrument import build, read
from assessments.scoring import Answer, Answers, CannotScore
from tests.assessments.test_scoring import AREAS, any_answers, areas_answered, numbers, swapped
from tests.assessments.vectors import INSTRUMENT, SOURCE, VECTORS, answers_of

CONSTANTS = constants()
CUTS = INSTRUMENT.constants
PARTS = {key: [item for item in INSTRUMENT.items if item.subscale == key] for key in INSTRUMENT.subscales}


def found(answers: Answers) -> dict[str, Any]:
    return score(INSTRUMENT, answers, CONSTANTS)


def statements(*, form: str = "full", partnered: bool = True, **answers: Answer) -> dict[str, Any]:
    subscales: dict[str, Any] = found(Answers(form, partnered, answers, {}))["subscales"]
    return subscales


def tilted(*differences: int) -> Answers:
    """Areas with these differences, in scale points; the others are not answered."""
    answers: dict[str, Answer] = {}
    for (give, receive), points in zip(AREAS, differences, strict=False):
        answers |= {give: max(points, 0), receive: max(-points, 0)}
    return Answers("full", True, answers, {})


@pytest.mark.parametrize("vector", VECTORS["invalid_sheets"], ids=lambda vector: str(vector["error"]))
def test_wrong_sheet_is_refused_with_its_reason(vector: dict[str, Any]) -> None:
    with pytest.raises(CannotScore) as refused:
        found(answers_of(vector))
    assert refused.value.code == vector["error"]


# --- How sure ---


@pytest.mark.parametrize("places", [7, 8, 9, 10])
def test_about_level_is_never_quite_sure(places: int) -> None:
    level = found(areas_answered(2, 2, places))
    assert level["position"] == "balanced_full"
    assert level["confidence"] == "leaning"
    assert level["p"]["even"] < 0.66


def test_a_side_is_quite_sure_only_far_from_the_line() -> None:
    """Ten areas: with the error of a second answering, p reaches .85 at B = 31.6, and .60 at 19.06."""
    sure = {points: found(tilted(*[1] * (10 - points), *[2] * points))["confidence"] for points in range(4)}
    assert sure == {0: "leaning", 1: "leaning", 2: "leaning", 3: "clear"}
    assert found(tilted(*[1] * 8, 0, 0))["confidence"] == "leaning"  # B = 20
    assert found(tilted(*[1] * 7, 0, 0, 0))["shown"] == "too_close"  # B = 17.5


@pytest.mark.parametrize(("areas", "error"), [(7, 12.348742), (8, 11.935713), (9, 11.60431), (10, 11.332211)])
def test_the_range_is_about_the_usual_balance_and_wider_with_fewer_areas(areas: int, error: float) -> None:
    level = found(areas_answered(2, 2, areas))
    assert level["balance"]["sem"]["B"] == error
    assert level["interval80"] == [pytest.approx(-CUTS.z80 * error), pytest.approx(CUTS.z80 * error)]


def test_figures_by_importance_have_an_error_of_their_own() -> None:
    """Weights 3, 1, 1, 1, 1, 1, 1 count as 81 / 15 = 5.4 areas; all 0, or all alike, as the seven that there are."""
    seven = areas_answered(3, 1, 7)
    weights = {give.removesuffix("_give"): 1 for give, _ in AREAS[:7]}
    first = next(iter(weights))
    for importance, areas in ((weights | {first: 3}, 81 / 15), (dict.fromkeys(weights, 0), 7), (weights, 7)):
        weighted = found(replace(seven, importance=importance))["weighted"]
        assert weighted["sem"]["B"] == pytest.approx(CONSTANTS.of_balance(areas), abs=1e-6)


@pytest.mark.parametrize(("points", "said"), [([2] * 6 + [1] * 4, True), ([2] * 5 + [1] * 5, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_from_40_on_a_second_answering_is_usually_closer_to_level(points: list[int], sign: int, *, said: bool) -> None:
    assert found(tilted(*(sign * point for point in points)))["closer_next"] is said


# --- Uneven ---


def test_what_couples_show_who_are_level_everywhere_does_not_count_as_uneven() -> None:
    """A = 40 is 34.8 without the part of the error (19.7): too little. A = 42.5 is 37.7."""
    less, more = found(tilted(2, -2, 2, -2, 2, -2, 2, -2, 0, 0)), found(tilted(2, -2, 2, -2, 2, -2, 2, -2, 1, 0))
    assert (less["balance"]["A"], less["balance"]["A_c"]) == (40.0, pytest.approx(34.812498, abs=1e-6))
    assert (less["position"], less["imbalance"], less["ill_shown"]) == ("balanced_thin", False, False)
    assert scoring.score(INSTRUMENT, tilted(2, -2, 2, -2, 2, -2, 2, -2, 0, 0))["position"] == "uneven_by_area"
    assert (more["position"], more["imbalance"], more["ill_shown"]) == ("uneven_by_area", True, True)


def test_small_differences_are_no_unevenness_at_all() -> None:
    assert found(tilted(1, -1, 1, -1, 0, 0, 0, 0, 0, 0))["balance"]["A_c"] == 0


# --- Subscales ---


def test_a_subscale_is_scored_from_half_of_what_was_asked() -> None:
    four = statements(ill1=4, ill2=4, ill3=4, ill4=DID_NOT_COME_UP, ill5="na", ill6="skip", ill8=0)["ill"]
    assert four == {"score": 100.0, "sem": 10.9, "answered": 4, "items": 8, "band": "higher"}
    assert statements(ill1=4, ill2=4, ill3=4)["ill"]["score"] is None


def test_a_single_answer_has_a_word_and_no_figure() -> None:
    assert statements(rdy1=4)["rdy"] == {"score": None, "sem": None, "answered": 1, "items": 1, "band": "higher"}
    assert statements(felt1=-2)["felt"] == {"score": None, "sem": None, "answered": 1, "items": 1, "band": "lower"}
    assert statements()["rdy"]["band"] is None


def test_what_an_ended_relationship_is_not_asked_is_in_no_count() -> None:
    found_here = statements(partnered=False)
    assert found_here["rdy"]["items"] == 0
    assert found_here["cyc"]["items"] == 0
    assert found_here["cyc"]["pairs"] == {"me_press": None, "partner_press": None}


def test_a_worn_out_giver_is_heavy_and_not_averaged_away() -> None:
    worn_out = statements(str1=4, str2=4, str3=0, str4=0)["str"]
    assert (worn_out["score"], worn_out["sem"], worn_out["band"]) == (100.0, 13.8, "higher")
    assert (worn_out["answered"], worn_out["items"]) == (4, 4)
    assert [worn_out["pairs"][name]["band"] for name in ("giving", "receiving")] == ["higher", "lower"]


def test_the_cycle_is_who_presses_while_the_other_pulls_back() -> None:
    cycle = statements(cyc1=4, cyc4=3, cyc3=0, cyc2=1, cyc5=4, cyc6=4, cyc7=0, cyc8=0)["cyc"]
    assert {name: pair["score"] for name, pair in cycle["pairs"].items()} == {"me_press": 87.5, "partner_press": 12.5}
    assert cycle["score"] == 87.5
    assert statements(form="short", cyc1=4, cyc2=4, cyc8=0)["cyc"]["score"] is None


def test_half_a_pair_has_a_word_and_no_figure() -> None:
    half = statements(str1=4, str3="na")["str"]
    assert (half["score"], half["pairs"]["giving"]["band"]) == (None, "higher")


def test_the_larger_pair_leads_to_a_route_after_what_it_is_too_high() -> None:
    """Four statements at 3: 75 − 2 = 73 is .46 from the middle; a subscale of 73.1 goes before it."""
    heavy: dict[str, Answer] = {"str1": 3, "str2": 3, "slf1": 1, "slf2": 1, "slf3": 3, "slf4": 3, "slf5": 1, "slf6": 1}
    assert scoring.score(INSTRUMENT, Answers("full", True, heavy | {"str3": 3, "str4": 3}, {}))["routes"][0] == "strain"
    assert found(Answers("full", True, heavy, {}))["routes"] == ["self_worth", "strain"]


def test_no_route_comes_from_a_gap_between_feeling_and_sum() -> None:
    answers = replace(tilted(*[3] * 10), answers={**tilted(*[3] * 10).answers, "felt1": -3})
    assert "illusions" in scoring.score(INSTRUMENT, answers)["routes"]
    assert found(answers)["routes"] == ["gives_more"]


@pytest.mark.parametrize(
    ("felt", "points", "word"),
    [
        (3, 1, "same"),
        (0, 0, "same"),
        (0, 1, "different"),
        (1, 0, "different"),
        (-1, 1, "opposite"),
        (1, -1, "opposite"),
    ],
)
def test_felt_and_counted_are_compared_by_their_directions(felt: int, points: int, word: str) -> None:
    areas = tilted(*[points] * 10)
    assert found(replace(areas, answers={**areas.answers, "felt1": felt}))["felt_and_counted"] == word
    assert found(areas)["felt_and_counted"] is None


def test_many_equal_answers_in_a_row_are_noted_and_change_nothing() -> None:
    alike = found(Answers("full", True, dict.fromkeys(INSTRUMENT.scale_of, 2), {}))
    assert alike["same_answers"] == 80
    assert found(areas_answered(2, 2, 6))["same_answers"] == 12
    assert (
        found(replace(areas_answered(2, 2, 6), answers={key: 2 for pair in AREAS[:5] for key in pair}))["same_answers"]
        is None
    )


# --- Change ---


def compared(first: Answers, second: Answers, *, chosen: bool = False) -> dict[str, Any]:
    return change.compare(Answered(INSTRUMENT, first), Answered(INSTRUMENT, second), CONSTANTS, chosen=chosen)


def test_a_change_is_likely_from_two_and_a_quarter_errors_on() -> None:
    """2.24 errors of a difference are 35.9 points over ten areas."""
    level = areas_answered(0, 0)
    assert compared(level, tilted(*[1] * 6, *[2] * 4))["word"] == "maybe"  # 35
    likely = compared(level, tilted(*[1] * 5, *[2] * 5))  # 37.5
    assert (likely["word"], likely["change"], likely["areas"]) == ("likely", 37.5, 10)
    assert compared(level, tilted(*[1] * 8, 0, 0))["word"] == "wobble"  # 20
    assert compared(level, tilted(*[1] * 9, 0))["word"] == "maybe"  # 22.5


def test_of_a_pair_that_was_chosen_nothing_is_likely() -> None:
    assert compared(areas_answered(0, 4), areas_answered(4, 0), chosen=True)["word"] == "maybe"
    assert compared(areas_answered(2, 2), areas_answered(2, 2), chosen=True)["word"] == "wobble"


def test_the_balance_is_compared_from_one_form_to_the_other() -> None:
    full = areas_answered(3, 1)
    assert compared(full, replace(full, form="short"))["change"] == 0


def test_a_pair_of_different_versions_is_not_compared() -> None:
    other = build(read(SOURCE.replace("instrument.version = 1", "instrument.version = 2")))
    pair = Answered(INSTRUMENT, areas_answered(3, 1)), Answered(other, areas_answered(3, 1))
    assert change.compare(*pair, CONSTANTS) == {"comparable": False, "reason": "version"}


def test_fewer_than_seven_shared_areas_are_not_compared() -> None:
    assert compared(areas_answered(3, 1, 6), areas_answered(3, 1)) == {"comparable": False, "reason": "areas"}


def test_every_change_of_a_subscale_inside_its_error_is_too_small_to_tell() -> None:
    """The demo's kind of change: each statement one step higher, 25 points, against 2.24 · 8.7 · √2 = 27.6."""
    low = {item.key: 1 for item in INSTRUMENT.items}
    high = {item.key: 0 if item.reverse else 2 for item in INSTRUMENT.items}
    before, after = (found(Answers("full", True, answers, {}))["subscales"] for answers in (low, high))
    words = change.of_subscales(before, after, CONSTANTS)
    assert words.keys() == {
        *("ill", "slf", "ent", "prj", "ref", "aut", "rfl", "rec"),
        *("str.giving", "str.receiving", "cyc.me_press", "cyc.partner_press"),
    }
    assert set(words.values()) == {"wobble"}


def test_a_change_of_a_subscale_beyond_its_error_is_likely() -> None:
    before, after = statements(str1=0, str2=0, str3=0, str4=0), statements(str1=3, str2=3, str3=1, str4=1)
    assert change.of_subscales(before, after, CONSTANTS) == {"str.giving": "likely", "str.receiving": "wobble"}


# --- Properties: what must hold whatever is answered ---


@given(any_answers())
def test_no_figure_is_minus_zero_or_has_more_than_six_places(one: Answers) -> None:
    for figure in numbers(found(one)):
        assert math.copysign(1, figure) == 1 or figure < 0
        assert figure == round(figure, 6)


@given(any_answers())
def test_what_did_not_come_up_is_missing_like_any_non_answer(one: Answers) -> None:
    other: dict[str, Answer] = {
        key: DID_NOT_COME_UP if value in ("na", "skip") else value for key, value in one.answers.items()
    }
    assert found(replace(one, answers=other)) == found(one)


@given(any_answers())
def test_swapping_sides_swaps_what_is_said(one: Answers) -> None:
    here, there = found(one), found(swapped(one))
    if here["balance"] is None:
        assert there["balance"] is None
        return
    assert there["balance"]["B"] == -here["balance"]["B"]
    assert there["balance"]["A_c"] == here["balance"]["A_c"]
    assert (there["p"]["give"], there["p"]["receive"]) == (here["p"]["receive"], here["p"]["give"])
    assert (there["confidence"], there["imbalance"]) == (here["confidence"], here["imbalance"])


@given(any_answers())
def test_the_indices_are_those_of_algorithm_1_and_nothing_is_surer(one: Answers) -> None:
    """Only the words are more careful."""
    first, second = scoring.score(INSTRUMENT, one), found(one)
    assert (second["counts"], second["areas"], second["roles"]) == (first["counts"], first["areas"], first["roles"])
    if first["balance"] is None:
        assert (second["balance"], second["shown"]) == (None, "not_enough")
        return
    assert second["balance"].items() >= first["balance"].items()
    assert 0 <= second["balance"]["A_c"] <= second["balance"]["A"]
    assert second["imbalance"] <= first["imbalance"]
    words = ("too_close", "leaning", "clear")
    if second["position"] == first["position"] and abs(second["balance"]["B"]) > CUTS.balance_band:
        assert words.index(second["confidence"]) <= words.index(first["confidence"])
    if second["confidence"] == "clear":
        assert second["position"] in ("gives_more", "receives_more")


@given(any_answers())
def test_every_figure_of_a_subscale_has_its_error_and_rests_on_half(one: Answers) -> None:
    for part in found(one)["subscales"].values():
        for row in (part, *filter(None, part.get("pairs", {}).values())):
            assert (row["score"] is None) == (row["sem"] is None)
            assert row["answered"] <= row["items"]
            if row["score"] is not None:
                assert row["answered"] >= 2
                assert 0 <= row["score"] <= 100
            if row["band"] is not None:
                assert 2 * row["answered"] >= row["items"]


@given(any_answers(), any_answers())
def test_a_change_back_is_as_likely_and_of_the_other_sign(one: Answers, other: Answers) -> None:
    there, back = compared(one, other), compared(other, one)
    assert there["comparable"] == back["comparable"]
    if there["comparable"]:
        assert there["rci"] == -back["rci"]
        assert there["word"] == back["word"]


@given(st.floats(-100, 100), st.sampled_from([7, 8, 9, 10]))
def test_sixteen_of_twenty_dots_are_in_the_80_percent_range(middle: float, areas: int) -> None:
    error = CONSTANTS.of_balance(areas)
    dots = balance.dots(middle, error)
    low, high = balance.interval(middle, CUTS.z80 * error)
    assert dots == sorted(dots)
    assert len(dots) == 20
    assert len([dot for dot in dots[2:-2] if low <= dot <= high]) == 16
