"""Group figures: what is added up, and what is held back while a group is small."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import algorithms, scoring
from assessments.instrument import Instrument, build, read
from assessments.psychometrics import alpha, alpha_interval, covariances, omega, omega_interval
from assessments.scoring import Answers, score
from assessments.statistics import UNKNOWN, Distribution, MixedVersions, Moments, Tally
from tests.assessments.conftest import EVEN, FILE

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


def test_alpha_and_omega_need_two_hundred_people(questionnaire: Instrument) -> None:
    rows = [[i % 5, (i + i // 7) % 5, (i + i // 3) % 5] for i in range(200)]
    moments = Moments(["a", "b", "c"], [None, None, None])
    for row in rows[:199]:
        moments.add(dict(zip("abc", row, strict=True)))
    assert moments.figures(EVEN, at_most=500) == UNKNOWN | {"n": 195}
    moments.add(dict(zip("abc", rows[199], strict=True)))
    found = moments.figures(EVEN, at_most=500)
    assert found["n"] == 200
    assert found["alpha"] == pytest.approx(alpha(covariances(rows)), abs=0.005)
    assert found["omega"] == pytest.approx(omega(covariances(rows)).omega, abs=0.005)
    assert found["alpha_interval"][0] < found["alpha"] < found["alpha_interval"][1]
    assert found["omega_interval"][0] < found["omega"] < found["omega_interval"][1]


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(200, 400), st.integers(2, 5))
def test_an_interval_comes_from_published_figures_alone(chance: Random, people: int, items: int) -> None:
    keys = "abcde"[:items]
    moments = Moments(keys, [None] * items)
    for _ in range(people):
        level = chance.randrange(3)
        moments.add({key: level + chance.randrange(3) for key in keys})
    found = moments.figures(chance, at_most=210)
    for name, around in (("alpha", alpha_interval), ("omega", omega_interval)):
        if found[name] is not None:
            low, _ = around(found[name] - 0.01, items=items, people=found["n"])
            _, high = around(min(found[name] + 0.01, 1), items=items, people=found["n"])
            assert found[f"{name}_interval"] == [round(low, 2), round(high, 2)]


def test_an_answer_that_everybody_gives_is_not_told() -> None:
    """Nor that two statements always add up to the same."""
    constant, opposite = Moments(["a", "b"], [None, None]), Moments(["a", "b"], [None, None])
    for answer in [0, 1, 2, 3, 4] * 60:
        constant.add({"a": answer, "b": 3})
        opposite.add({"a": answer, "b": 4 - answer})
    assert constant.figures(EVEN, at_most=500) == opposite.figures(EVEN, at_most=500) == UNKNOWN


def test_omega_is_refused_on_a_heywood_case() -> None:
    moments = Moments(["a", "b", "c"], [None, None, None])
    for b, c in [(0, 2), (2, 0), (2, 2), (0, 0), (0, 2), (2, 0)] * 40:  # b and c run apart, a goes with both
        moments.add({"a": b + c, "b": b, "c": c})
    assert moments.figures(EVEN, at_most=500)["omega"] is None
    assert moments.figures(EVEN, at_most=500)["refused"] == "heywood"


def distribution(values: list[float]) -> dict[str, object]:
    found = Distribution()
    for value in values:
        found.add({"position": "balanced_full", "balance": {"B": value}})
    return found.figures(EVEN)


def test_means_need_100_people_and_percentiles_500() -> None:
    few = distribution([float(i) for i in range(99)])
    assert (few["n"], few["mean"], few["sd"], few["percentiles"]) == (95, None, None, None)
    some = distribution([float(i) for i in range(100)])
    assert (some["n"], some["mean"], some["sd"], some["percentiles"]) == (100, 50, 29, None)  # 49.5, 29.01
    assert distribution([float(i) for i in range(499)])["percentiles"] is None
    many = distribution([i / 10 for i in range(1, 501)])
    assert many["percentiles"] == {"10": 5, "25": 15, "50": 25, "75": 40, "90": 45}


def test_hidden_positions_count_towards_no_published_number() -> None:
    found = Distribution()
    for position, people in {"gives_more": 96, "receives_more": 9, "uneven_by_area": 8}.items():
        for _ in range(people):
            found.add({"position": position, "balance": {"B": 0.0}})
    assert (found.figures(EVEN)["n"], found.figures(EVEN)["mean"]) == (95, None)


def test_without_a_balance_nobody_is_counted_beside_the_positions(questionnaire: Instrument) -> None:
    tally = Tally(questionnaire, "full")
    empty = Answers("full", True, {}, {})
    for _person in range(12):
        tally.add(empty, score(questionnaire, empty))
    figures = tally.figures(EVEN)["balance"]
    assert figures["n"] is None
    assert {*figures["positions"].values()} == {None}


def test_a_subscale_counts_no_more_people_than_the_balance() -> None:
    moments = Moments(["a", "b"], [None, None])
    for person in range(120):
        moments.add({"a": person % 2, "b": person % 3})
    assert moments.figures(EVEN, at_most=105)["n"] == 105
    assert moments.figures(EVEN, at_most=95)["n"] == 95
    assert moments.figures(EVEN, at_most=0)["n"] is None


def test_every_subscale_of_several_statements_is_tallied(questionnaire: Instrument) -> None:
    tally = Tally(questionnaire, "full")
    for answers in full_answers() * 40:
        tally.add(answers, score(questionnaire, answers))
    by_line = ["cyc.me_press", "cyc.partner_press"]
    assert [*tally.subscales] == [
        *("str.giving", "str.receiving", "ill", "slf", "ent", *by_line, "prj", "ref", "aut", "rfl", "rec")
    ]
    figures = tally.figures(EVEN)
    assert figures["subscales"]["str.giving"]["alpha"] is not None
    assert figures["subscales"]["str.giving"]["refused"] == "too_few"
    assert figures["versions"] == {"questionnaire": 1, "constants": 1, "algorithm": 1}
    assert json.loads(json.dumps(figures)) == figures
    assert [*Tally(questionnaire, "short").subscales] == ["ill", "slf", "cyc", "prj", "ref", "aut", "rec"]


def test_results_of_two_versions_or_algorithms_are_never_added_up(questionnaire: Instrument) -> None:
    given = full_answers()[0]
    old, new = scoring.score(questionnaire, given), algorithms.score(questionnaire, given)
    other = new | {"versions": new["versions"] | {"questionnaire": 2}}
    for first, second in ((old, new), (new, old), (new, other)):
        tally = Tally(questionnaire, "full")
        tally.add(given, first)
        with pytest.raises(MixedVersions):
            tally.add(given, second)
        assert tally.balance.counts.total() <= 1
    with pytest.raises(MixedVersions):
        Tally(questionnaire, "full").add(given, other)
