"""Algorithm 2: its rules, one by one."""

from dataclasses import replace
from typing import Any

import pytest

from assessments import scoring
from assessments.algorithm_2 import change
from assessments.algorithm_2.scoring import NO_OCCASION
from assessments.instrument import build, read
from assessments.scoring import Answer, Answers
from tests.assessments.algorithm_2 import CONSTANTS, compared, found, result
from tests.assessments.test_scoring import AREAS, areas_answered
from tests.assessments.vectors import INSTRUMENT, SOURCE

CUTS = INSTRUMENT.constants
PARTS = {key: [item for item in INSTRUMENT.items if item.subscale == key] for key in INSTRUMENT.subscales}


def statements(*, form: str = "full", partnered: bool = True, **answers: Answer) -> dict[str, Any]:
    subscales: dict[str, Any] = found(Answers(form, partnered, answers, {}))["subscales"]
    return subscales


def tilted(*differences: int) -> Answers:
    """Areas with these differences, in scale points; the others are not answered."""
    answers: dict[str, Answer] = {}
    for (give, receive), points in zip(AREAS, differences, strict=False):
        answers |= {give: max(points, 0), receive: max(-points, 0)}
    return Answers("full", True, answers, {})


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
    assert level["sigma"] == error
    assert level["interval80"] == [pytest.approx(-CUTS.z80 * error), pytest.approx(CUTS.z80 * error)]


def test_figures_by_importance_have_an_error_of_their_own() -> None:
    """Weights 3, 1, 1, 1, 1, 1, 1 count as 81 / 15 = 5.4 areas; all 0, or all alike, as the seven that there are."""
    seven = areas_answered(3, 1, 7)
    weights = {give.removesuffix("_give"): 1 for give, _ in AREAS[:7]}
    first = next(iter(weights))
    for importance, areas in ((weights | {first: 3}, 81 / 15), (dict.fromkeys(weights, 0), 7), (weights, 7)):
        weighted = found(replace(seven, importance=importance))["weighted"]
        assert weighted["sigma"] == pytest.approx(CONSTANTS.of_balance(areas), abs=1e-6)


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
    four = statements(ill1=4, ill2=4, ill3=4, ill4=NO_OCCASION, ill5="na", ill6="skip", ill8=0)["ill"]
    assert four == {"score": 100.0, "answered": 4, "items": 8, "band": "higher", "sem": 10.9}
    assert statements(ill1=4, ill2=4, ill3=4)["ill"]["score"] is None


def test_a_single_answer_has_no_error_and_so_is_read_in_words() -> None:
    assert statements(rdy1=4)["rdy"] == {"score": 100.0, "answered": 1, "items": 1, "band": "higher", "sem": None}
    assert statements(felt1=-2)["felt"]["sem"] is None


def test_what_an_ended_relationship_is_not_asked_is_in_no_count() -> None:
    ended = Answers("full", False, {"cyc1": 4, "cyc2": 4, "cyc5": 2, "cyc3": 4, "rdy1": 4}, {})
    assert "rdy" not in found(ended)["subscales"]
    assert found(ended)["subscales"]["cyc"] == pytest.approx(
        {"score": 83.333333, "answered": 3, "items": 6, "band": "higher", "sem": 12.2}
    )
    assert "partner_press" not in found(ended)["roles"]
    assert "cyc" not in found(ended)["pairs"]


def test_a_worn_out_giver_is_heavy_and_not_averaged_away() -> None:
    worn_out = Answers("full", True, {"str1": 4, "str2": 4, "str3": 0, "str4": 0}, {})
    assert scoring.score(INSTRUMENT, worn_out)["subscales"]["str"]["band"] == "middle"
    row, pair = found(worn_out)["subscales"]["str"], found(worn_out)["pairs"]["str"]
    assert (row["score"], row["sem"], row["band"]) == (100.0, 13.8, "higher")
    assert [pair["lines"][name]["band"] for name in ("giving", "receiving")] == ["higher", "lower"]
    assert (pair["larger"], pair["routed"]) == (100.0, 98.0)


def test_the_cycle_is_who_presses_while_the_other_pulls_back() -> None:
    """The other four statements count towards the half of the part, and are in no line."""
    answers: dict[str, Answer] = {
        "cyc1": 4,
        "cyc4": 3,
        "cyc3": 0,
        "cyc2": 1,
        "cyc5": 4,
        "cyc6": 4,
        "cyc7": 0,
        "cyc8": 0,
    }
    here = found(Answers("full", True, answers, {}))
    assert {name: line["score"] for name, line in here["pairs"]["cyc"]["lines"].items()} == {
        "me_press": 87.5,
        "partner_press": 12.5,
    }
    assert here["subscales"]["cyc"]["score"] == 87.5


def test_the_larger_line_leads_to_a_route_after_what_it_is_too_high() -> None:
    """75 − 2 is .46 from the middle, so a subscale of 25 (.5) goes before it."""
    answers: dict[str, Answer] = {"str1": 3, "str2": 3, "str3": 3, "str4": 3}
    for item in PARTS["slf"]:
        answers[item.key] = 3 if item.reverse else 1
    assert found(Answers("full", True, answers, {}))["routes"] == ["self_worth", "strain"]
    assert scoring.score(INSTRUMENT, Answers("full", True, answers, {}))["routes"] == ["strain", "self_worth"]


def test_no_route_comes_from_a_gap_between_feeling_and_sum() -> None:
    answers = replace(tilted(*[3] * 10), answers={**tilted(*[3] * 10).answers, "felt1": -3})
    assert "illusions" in scoring.score(INSTRUMENT, answers)["routes"]
    assert found(answers)["routes"] == ["gives_more"]


def test_many_equal_answers_in_a_row_are_noted_and_change_nothing() -> None:
    alike = found(Answers("full", True, dict.fromkeys(INSTRUMENT.scale_of, 2), {}))
    assert alike["style"] == {"longest": 80, "note": True}
    assert found(areas_answered(2, 2, 6))["style"] == {"longest": 12, "note": True}
    assert found(areas_answered(2, 2, 5))["style"] == {"longest": 10, "note": False}


# --- Change ---


def test_of_a_pair_that_was_chosen_nothing_is_likely() -> None:
    assert compared(areas_answered(0, 4), areas_answered(4, 0))["word"] == "likely"
    assert compared(areas_answered(0, 4), areas_answered(4, 0), chosen=True)["word"] == "maybe"


def test_the_balance_is_compared_from_one_form_to_the_other_and_nothing_else() -> None:
    full = areas_answered(3, 1)
    across = compared(full, replace(full, form="short"))
    assert (across["change"], across["parts"]) == (0, None)


def test_a_pair_of_different_versions_is_not_compared() -> None:
    other = build(read(SOURCE.replace("instrument.version = 1", "instrument.version = 2")))
    first = result(areas_answered(3, 1))
    pair = first, first._replace(instrument=other)
    assert change.compare(*pair, CONSTANTS) == {"comparable": False, "reason": "version"}


def test_every_change_of_a_subscale_inside_its_error_is_too_small_to_tell() -> None:
    """Each statement one step higher: 25 points, against 2.24 · 8.7 · √2 = 27.6 with eight of them."""
    low = {item.key: 1 for item in INSTRUMENT.items}
    high = {item.key: 0 if item.reverse else 2 for item in INSTRUMENT.items}
    before, after = (found(Answers("full", True, answers, {})) for answers in (low, high))
    words = {key: part["word"] for key, part in change.parts(before, after, CONSTANTS).items()}
    assert words.keys() == {
        *("ill", "slf", "ent", "prj", "ref", "aut", "rfl", "rec"),
        *("str.giving", "str.receiving", "cyc.me_press", "cyc.partner_press"),
    }
    assert set(words.values()) == {"wobble"}
