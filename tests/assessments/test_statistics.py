"""Group figures: what is added up, and what is held back while a group is small."""

import json
from pathlib import Path

import pytest

from assessments import statistics
from assessments.instrument import Instrument, build, read
from assessments.psychometrics import alpha, covariances, omega
from assessments.scoring import Answers, score
from assessments.statistics import Distribution, Moments, Tally, held_back
from tests.assessments.conftest import FILE

VECTORS = Path(__file__).parents[1] / "vectors" / "balance-1.json"


@pytest.fixture(scope="module")
def questionnaire() -> Instrument:
    return build(read(FILE.read_text()))


def full_answers() -> list[Answers]:
    vectors = json.loads(VECTORS.read_text())["sheets"]
    return [
        Answers(vector["form"], vector["partnered"], vector["answers"], vector.get("importance", {}))
        for vector in vectors
        if vector["form"] == "full"
    ]


def test_exact_sums_give_the_covariances_of_the_rows() -> None:
    rows = [[1, 4, 2], [3, 3, 0], [4, 1, 4], [0, 0, 1], [2, 3, 2]]
    moments = Moments(["a", "b", "c"], [None, None, None])
    for a, b, c in rows:
        moments.add({"a": a, "b": b, "c": c})
    for mine, theirs in zip(moments.covariances(), covariances(rows), strict=True):
        assert mine == pytest.approx(theirs)


def test_reversed_statements_are_turned_and_open_ones_leave_the_person_out() -> None:
    moments = Moments(["a", "b"], [None, 4])
    moments.add({"a": 1, "b": 1})
    moments.add({"a": 1, "b": "na"})
    moments.add({"a": 1})
    assert (moments.n, moments.sums) == (1, [1, 3])


def test_alpha_and_omega_need_a_hundred_people(questionnaire: Instrument) -> None:
    rows = [[i % 5, (i + i // 7) % 5, (i + i // 3) % 5] for i in range(100)]
    moments = Moments(["a", "b", "c"], [None, None, None])
    for row in rows[:99]:
        moments.add(dict(zip("abc", row, strict=True)))
    assert moments.figures() == {"n": 99, "alpha": None, "omega": None, "refused": None}
    moments.add(dict(zip("abc", rows[99], strict=True)))
    found = moments.figures()
    assert found["n"] == 100
    assert found["alpha"] == pytest.approx(alpha(covariances(rows)), abs=1e-6)
    assert found["omega"] == omega(covariances(rows)).omega


def test_omega_is_refused_on_a_heywood_case() -> None:
    moments = Moments(["a", "b", "c"], [None, None, None])
    for b, c in [(0, 2), (2, 0), (2, 2), (0, 0), (0, 2), (2, 0)] * 20:  # b and c run apart, a goes with both
        moments.add({"a": b + c, "b": b, "c": c})
    assert moments.figures()["omega"] is None
    assert moments.figures()["refused"] == "heywood"


def distribution(values: list[float]) -> dict[str, object]:
    found = Distribution()
    for value in values:
        found.add({"position": "balanced_full", "balance": {"B": value}})
    return found.figures()


def test_means_need_100_people_and_percentiles_500() -> None:
    few = distribution([float(i) for i in range(99)])
    assert (few["n"], few["mean"], few["sd"], few["percentiles"]) == (99, None, None, None)
    some = distribution([float(i) for i in range(100)])
    assert (some["mean"], some["sd"], some["percentiles"]) == (49.5, 29.011492, None)
    assert distribution([float(i) for i in range(499)])["percentiles"] is None
    many = distribution([float(i) for i in range(1, 501)])
    assert many["percentiles"] == {"10": 50.0, "25": 125.0, "50": 250.0, "75": 375.0, "90": 450.0}


def test_nine_people_are_not_counted_aloud() -> None:
    assert distribution([0.0] * 9)["n"] is None
    assert distribution([0.0] * 10)["n"] == 10


def test_small_cells_are_held_back() -> None:
    assert held_back({"a": 10, "b": 9, "c": 0}) == {"a": 10, "b": None, "c": None}
    assert held_back({"a": 10, "b": 11}) == {"a": 10, "b": 11}


def test_one_small_cell_takes_another_with_it() -> None:
    assert held_back({"a": 50, "b": 3, "c": 20}) == {"a": 50, "b": None, "c": None}


def test_without_a_balance_a_person_counts_as_not_enough(questionnaire: Instrument) -> None:
    tally = Tally(questionnaire, "full")
    empty = Answers("full", True, {}, {})
    for _person in range(12):
        tally.add(empty, score(questionnaire, empty))
    figures = tally.figures()
    assert tally.n == 12
    assert figures["balance"]["n"] is None
    assert figures["balance"]["positions"]["not_enough"] == 12


def test_every_subscale_of_several_statements_is_tallied(questionnaire: Instrument) -> None:
    tally = Tally(questionnaire, "full")
    for answers in full_answers() * 20:
        tally.add(answers, score(questionnaire, answers))
    assert [*tally.subscales] == ["str", "ill", "slf", "ent", "cyc", "prj", "ref", "aut", "rfl", "rec"]
    figures = tally.figures()
    assert figures["subscales"]["str"]["alpha"] is not None
    assert json.loads(json.dumps(figures)) == figures
    assert [*Tally(questionnaire, "short").subscales] == ["ill", "slf", "cyc", "prj", "ref", "aut", "rec"]


def test_the_limits_are_those_of_the_privacy_page() -> None:
    assert (statistics.CELL, statistics.MEAN, statistics.PERCENTILE) == (10, 100, 500)
