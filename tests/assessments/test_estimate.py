"""Errors are found again in pairs made with them; a few pairs that did change move the robust ones less."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from random import Random

import pytest

from assessments.algorithm_2.change import NotComparable, Result
from assessments.algorithm_2.constants import problems
from assessments.algorithm_2.estimate import ENOUGH, LEAST, Estimate, Pair, TooFew, estimate, pair
from assessments.scoring import Answers
from tests.assessments.algorithm_2 import result
from tests.assessments.vectors import ANSWERS, INSTRUMENT

S, E, PART = 8.0, 24.0, 9.0


def made(count: int, *, seed: str = "pairs", areas: Sequence[int] = (10,), drift: float = 0.0) -> list[Pair]:
    """People who answered twice with normal errors: s of the day, e of an area, and that of parts with 8 answers."""
    chance = Random(seed)
    again = sqrt(2)
    pairs = []
    for _ in range(count):
        day = chance.gauss(drift, S * again)
        changes = [day + chance.gauss(0, E * again) for _ in range(chance.choice(areas))]
        parts = {key: (8, chance.gauss(drift, PART * again)) for key in ("ill", "aut")}
        pairs.append(Pair(changes, chance.gauss(drift, 7 * again), chance.gauss(drift, 5 * again), parts))
    return pairs


@pytest.mark.parametrize("robust", [False, True])
@pytest.mark.parametrize("areas", [(10,), (7, 8, 9, 10)])
def test_errors_are_found_again(areas: Sequence[int], robust: bool) -> None:
    found = estimate(made(10_000, areas=areas), robust=robust)
    for one, truth in (
        (found.s, S),
        (found.e, E),
        (found.sigma, sqrt(S**2 + E**2 / 10)),
        (found.A, 7),
        (found.L, 5),
        (found.sem[8], PART),
    ):
        assert one.value == pytest.approx(truth, rel=0.04)
        assert one.interval[0] < one.value < one.interval[1]
        assert one.n == 10_000


def test_figures_worked_out_by_hand() -> None:
    """Half of a hundred move by 10 in every area, half by −10: the variance is 100·100/99, and no area has its own."""
    pairs = [Pair([side] * 8, side, 0.0, {"str": (4, 0.0)}) for side in (10.0, -10.0) for _ in range(50)]
    found = estimate(pairs)
    sigma = sqrt(100 * 100 / 99 / 2)
    assert found.sigma.value == pytest.approx(sigma)
    assert found.s.value == pytest.approx(sigma)
    assert found.A.value == pytest.approx(sigma)
    assert found.e == Estimate(LEAST, 100, (LEAST, LEAST))
    assert Estimate(LEAST, 100, (LEAST, LEAST)) == found.L
    assert found.sem[4].value == LEAST
    assert [found.sigma.is_seen, found.e.is_seen, found.L.is_seen, found.sem[4].is_seen] == [True, False, False, False]


def test_parts_that_hardly_anybody_changed_have_no_robust_error() -> None:
    pairs = [one._replace(parts={"str": (2, 25.0 if number % 5 == 0 else 0.0)}) for number, one in enumerate(made(200))]
    assert estimate(pairs).sem[2].is_seen
    assert not estimate(pairs, robust=True).sem[2].is_seen


def test_interval_is_as_wide_as_for_normal_changes() -> None:
    """Of a deviation from n normal changes the standard error is σ/√(2n)."""
    found = estimate(made(20_000)).A
    low, high = found.interval
    assert (high - low) / 2 == pytest.approx(1.644854 * 7 / sqrt(2 * 20_000), rel=0.03)


def test_interval_from_a_hundred_pairs_holds_the_truth_in_nine_of_ten_cases() -> None:
    held = 0
    truth = sqrt(S**2 + E**2 / 10)
    for number in range(300):
        low, high = estimate(made(ENOUGH, seed=str(number))).sigma.interval
        held += low <= truth <= high
    assert 0.86 <= held / 300 <= 0.94


@pytest.mark.parametrize("robust", [False, True])
def test_what_all_changed_alike_is_no_error(robust: bool) -> None:
    still, moved = (estimate(made(500, drift=drift), robust=robust) for drift in (0.0, 30.0))
    for name in ("sigma", "s", "e", "A", "L"):
        assert getattr(moved, name).value == pytest.approx(getattr(still, name).value)
    assert moved.sem[8].value == pytest.approx(still.sem[8].value)


def test_few_who_did_change_move_the_robust_errors_less() -> None:
    pairs = made(1_000)
    for number, one in enumerate(pairs[:30]):
        far = 120 if number % 2 else -120
        parts = {key: (n, change + far) for key, (n, change) in one.parts.items()}
        pairs[number] = Pair([change + far for change in one.areas], one.A + far, one.L + far, parts)
    usual, plain, robust = estimate(made(1_000)), estimate(pairs), estimate(pairs, robust=True)
    for name in ("sigma", "s", "A", "L"):
        true = getattr(usual, name).value
        assert getattr(plain, name).value > 1.2 * true
        assert getattr(robust, name).value < 1.12 * true
    assert robust.sem[8].value < 1.08 * usual.sem[8].value < plain.sem[8].value


def test_day_that_shares_nothing_has_the_least_error_that_constants_take() -> None:
    """Areas that balance each other: the variance shared by a day comes out below 0."""
    chance = Random("no day")
    pairs = []
    for _ in range(200):
        changes = [chance.gauss(0, E) for _ in range(5)]
        pairs.append(Pair([*changes, *(-change for change in changes)], 1.0, 1.0, {}))
    found = estimate(pairs).s
    assert found.value == found.interval[0] == LEAST
    assert found.interval[1] > 1  # the pairs do not show that there is none
    row = {"value": found.value, "n": found.n, "interval": [*found.interval], "basis": "sample", "source": "pairs"}
    assert not [
        line for line in problems({"errors": {"s": row}}) if line.startswith("errors.s.") and "date" not in line
    ]


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(TooFew, match="99 of 100"):
        estimate(made(ENOUGH - 1))


def test_error_of_parts_that_few_have_is_left_out() -> None:
    pairs = made(ENOUGH)
    pairs[0] = pairs[0]._replace(parts={"rec": (5, 3.0)})
    assert estimate(pairs).sem == {}
    assert estimate([*pairs, *made(1)]).sem.keys() == {8}


def _areas(answers: Answers) -> list[str]:
    """The answers about areas, in order: giving, then receiving."""
    return [key for area in INSTRUMENT.areas for key in area.answer_keys() if isinstance(answers.answers.get(key), int)]


WHOLE = ANSWERS["worked-2"]


def test_pair_is_what_differs() -> None:
    moved = {**WHOLE.answers, "attention_give": 4, "attention_receive": 0, "rfl1": 4, "ill1": "skip"}
    first, second = result(WHOLE), result(replace(WHOLE, answers=moved))
    found = pair(first, second)
    given, received = int(WHOLE.answers["attention_give"] or 0), int(WHOLE.answers["attention_receive"] or 0)
    assert found.areas[0] == 25 * (4 - given + received)
    assert len(found.areas) == 10
    assert set(found.areas[1:]) == {0}
    assert second.score["balance"]["A"] - first.score["balance"]["A"] == found.A
    assert second.score["balance"]["L"] - first.score["balance"]["L"] == found.L
    before, after = (one.score["subscales"]["rfl"]["score"] for one in (first, second))
    expected = {"rfl": (4, after - before), "str.giving": (2, 0.0), "ill": None}  # of "ill" eight answers, then seven
    assert {key: found.parts.get(key) for key in expected} == expected


def test_pair_across_forms_has_areas_alone() -> None:
    short = {key: WHOLE.answers[key] for key in _areas(WHOLE)}
    found = pair(result(WHOLE), result(replace(WHOLE, form="short", answers=short)))
    assert set(found.areas) == {0}
    assert found.parts == {}


def test_pair_that_cannot_be_compared_is_refused() -> None:
    whole = result(WHOLE)
    other = Result(replace(INSTRUMENT, version=9), whole.answers, whole.score)
    few = result(replace(WHOLE, answers=dict.fromkeys(_areas(WHOLE)[:12], 2)))
    for first, second, reason in (
        (whole, other, "version"),
        (whole, whole._replace(same_relationship=False), "relationship"),
        (whole, few, "areas"),
    ):
        with pytest.raises(NotComparable, match=reason):
            pair(first, second)
