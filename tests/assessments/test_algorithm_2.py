"""Algorithm 2: the vectors of an independent scorer, its rules one by one, and what must hold for any answers."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import position, scoring
from assessments.algorithm_2 import balance, change
from assessments.algorithm_2.scoring import NO_OCCASION, felt_and_counted, score
from assessments.algorithm_2.statements import scored
from assessments.algorithms import constants
from assessments.answering_style import longest_run
from assessments.instrument import build, read
from assessments.rounding import rounded
from assessments.scoring import Answer, Answers, CannotScore, Group
from tests.assessments.test_scoring import AREAS, any_answers, areas_answered, numbers, swapped
from tests.assessments.vectors import INSTRUMENT, ROOT, SOURCE, VECTORS, answers_of, assert_same

PUBLIC: dict[str, Any] = json.loads((ROOT / "tests" / "vectors" / "balance-1-algorithm-2.json").read_text())
PUBLIC_ANSWERS = {vector["name"]: answers_of(vector) for vector in PUBLIC["sheets"]}
FUNCTIONS = PUBLIC["functions"]
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


# --- The public vectors ---


def names(vector: dict[str, Any]) -> str:
    return str(vector.get("name") or vector.get("error") or vector.get("why"))


def test_the_vectors_are_of_the_constants_that_are_used() -> None:
    ours = {name: getattr(CONSTANTS.cuts, name) for name in ("quite_sure", "likely", "regression", "half")}
    ours |= {name: getattr(CONSTANTS.cuts, name) for name in ("larger_of_two", "equal_answers")}
    ours |= {"uneven": CUTS.uneven, "leaning": CUTS.leaning, "maybe": CUTS.z80, "dots": len(balance.QUANTILES)}
    ours |= {"s": CONSTANTS.s.value, "e": CONSTANTS.e.value}
    ours["A0"] = {str(areas): CONSTANTS.asymmetry_when_level(areas) for areas in (7, 8, 9, 10)}
    ours["sem"] = {str(answered): CONSTANTS.of_statements(answered) for answered in (8, 6, 4, 3, 2)}
    assert ours == PUBLIC["constants"]
    assert (PUBLIC["constants_version"], PUBLIC["algorithm"]) == (CONSTANTS.version, 2)


@pytest.mark.parametrize("vector", PUBLIC["sheets"], ids=names)
def test_sheet_is_scored_as_in_the_vectors(vector: dict[str, Any]) -> None:
    assert_same(found(answers_of(vector)), vector["expected"])


@pytest.mark.parametrize("vector", [*PUBLIC["invalid_sheets"], *VECTORS["invalid_sheets"]], ids=names)
def test_wrong_sheet_is_refused_with_its_reason(vector: dict[str, Any]) -> None:
    with pytest.raises(CannotScore) as refused:
        found(answers_of(vector))
    assert refused.value.code == vector["error"]


@pytest.mark.parametrize("vector", PUBLIC["retakes"], ids=names)
def test_change_is_judged_as_in_the_vectors(vector: dict[str, Any]) -> None:
    first, second = result(PUBLIC_ANSWERS[vector["first"]]), result(PUBLIC_ANSWERS[vector["second"]])
    second = second._replace(same_relationship=vector["same_relationship"])
    assert_same(change.compare(first, second, CONSTANTS, chosen=vector["pair"] == "free"), vector["expected"])


@pytest.mark.parametrize("vector", PUBLIC["histories"], ids=names)
def test_lines_and_their_comparisons_are_as_in_the_vectors(vector: dict[str, Any]) -> None:
    results = [
        result(PUBLIC_ANSWERS[one["sheet"]])._replace(same_relationship=one["same_relationship"])
        for one in vector["results"]
    ]
    assert_same([one._asdict() for one in change.history(results, CONSTANTS)], vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["sigma"])
def test_error_of_the_balance(vector: dict[str, Any]) -> None:
    assert_same(rounded(CONSTANTS.of_balance(vector["areas"])), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["weighted_sigma"])
def test_error_of_a_weighted_balance(vector: dict[str, Any]) -> None:
    assert_same(rounded(CONSTANTS.of_balance(balance.effective(vector["weights"]))), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["A_c"])
def test_asymmetry_without_the_part_of_the_error(vector: dict[str, Any]) -> None:
    assert_same(balance.corrected(vector["A"], vector["areas"], CONSTANTS), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["position"])
def test_position_and_how_sure_it_is(vector: dict[str, Any]) -> None:
    error = CONSTANTS.of_answering_again(vector["areas"])
    uneven = balance.corrected(vector["A"], vector["areas"], CONSTANTS)
    where = position.position(vector["B"], uneven, vector["L"], CUTS)
    p = balance.probabilities(vector["B"], CUTS.balance_band, error)
    assert_same([where, position.stated(where, p), balance.confidence(where, p, CUTS, CONSTANTS)], vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["regression"])
def test_from_40_on_a_second_answering_is_usually_closer_to_level(vector: dict[str, Any]) -> None:
    assert balance.is_far_out(vector["B"], CONSTANTS) is vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["sem"])
def test_error_of_a_subscale(vector: dict[str, Any]) -> None:
    assert CONSTANTS.of_statements(vector["answered"]) == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["half"])
def test_half_of_the_statements_are_enough(vector: dict[str, Any]) -> None:
    counts: dict[Answer, int] = {0: 0}
    group = Group("any", 4, tuple((str(number), counts) for number in range(vector["items"])), vector["items"])
    row = scored(group, {str(number): 0 for number in range(vector["answered"])}, CUTS, CONSTANTS)
    assert (row["score"] is not None) is vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["dots"])
def test_dots(vector: dict[str, Any]) -> None:
    assert_same(balance.dots(vector["B"], CONSTANTS.of_balance(vector["areas"])), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["longest_run"])
def test_longest_run(vector: dict[str, Any]) -> None:
    assert longest_run(vector["values"]) == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["felt_and_counted"])
def test_felt_and_counted(vector: dict[str, Any]) -> None:
    where = position.position(vector["B"], 0, 0, CUTS)
    assert felt_and_counted(position.felt_band(vector["F"]), where) == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["change"])
def test_smallest_changes_that_have_a_word(vector: dict[str, Any]) -> None:
    error = CONSTANTS.of_answering_again(vector["areas"])
    likely, maybe = rounded(error * CONSTANTS.cuts.likely), rounded(error * CUTS.z80)
    assert_same(
        {"s_diff": rounded(error), "likely_from": likely, "maybe_from": maybe, "areas": vector["areas"]}, vector
    )


@pytest.mark.parametrize("vector", FUNCTIONS["word"])
def test_word_of_a_change(vector: dict[str, Any]) -> None:
    assert change.word(vector["rci"], INSTRUMENT, CONSTANTS, chosen=vector["pair"] == "free") == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["part_word"])
def test_word_of_a_change_of_a_part(vector: dict[str, Any]) -> None:
    assert change.part_word(vector["rci"], CONSTANTS) == vector["expected"]


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


def result(answers: Answers) -> change.Result:
    return change.Result(INSTRUMENT, answers, found(answers))


def compared(first: Answers, second: Answers, *, chosen: bool = False) -> dict[str, Any]:
    return change.compare(result(first), result(second), CONSTANTS, chosen=chosen)


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


# --- Properties: what must hold whatever is answered ---


@given(any_answers())
def test_no_figure_is_minus_zero_or_has_more_than_six_places(one: Answers) -> None:
    for figure in numbers(found(one)):
        assert math.copysign(1, figure) == 1 or figure < 0
        assert figure == round(figure, 6)


@given(any_answers())
def test_what_no_occasion_is_missing_like_any_non_answer(one: Answers) -> None:
    other: dict[str, Answer] = {
        key: NO_OCCASION if value in ("na", "skip") else value for key, value in one.answers.items()
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
    assert (second["counts"], second["areas"]) == (first["counts"], first["areas"])
    assert second["roles"].items() <= first["roles"].items()
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
    score = found(one)
    lines = [line for pair in score["pairs"].values() for line in pair["lines"].values()]
    for row in (*score["subscales"].values(), *lines):
        assert row["answered"] <= row["items"]
        assert (row["score"] is None) == (row["band"] is None)
        if row["score"] is not None:
            assert 2 * row["answered"] >= row["items"] > 0
        if row["sem"] is not None:
            assert row["answered"] >= 2


@given(any_answers(), any_answers())
def test_a_change_back_is_as_likely_and_of_the_other_sign(one: Answers, other: Answers) -> None:
    there, back = compared(one, other), compared(other, one)
    assert there["comparable"] == back["comparable"]
    if there["comparable"]:
        assert there["rci"] == -back["rci"]
        assert there["word"] == back["word"]
        assert {key: -part["rci"] for key, part in (there["parts"] or {}).items()} == {
            key: part["rci"] for key, part in (back["parts"] or {}).items()
        }


@given(st.floats(-100, 100), st.sampled_from([7, 8, 9, 10]))
def test_sixteen_of_twenty_dots_are_in_the_80_percent_range(middle: float, areas: int) -> None:
    error = CONSTANTS.of_balance(areas)
    dots = balance.dots(middle, error)
    low, high = balance.interval(middle, CUTS.z80 * error)
    assert dots == sorted(dots)
    assert len(dots) == 20
    assert len([dot for dot in dots[2:-2] if low <= dot <= high]) == 16
