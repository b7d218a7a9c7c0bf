"""Algorithm 2: what must hold whatever is answered."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assessments import scoring
from assessments.algorithm_2 import balance
from assessments.algorithm_2.scoring import NO_OCCASION
from assessments.scoring import Answer, Answers
from tests.assessments.algorithm_2 import CONSTANTS, compared, found
from tests.assessments.test_scoring import any_answers, numbers, swapped
from tests.assessments.vectors import INSTRUMENT

CUTS = INSTRUMENT.constants


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
