"""A small run of `make bench ARGS=measurement`: what the questionnaire says about itself holds, on its own scorer."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from statistics import fmean, pstdev
from typing import Any

import pytest

from assessments.algorithm_2.constants import Constants
from assessments.algorithms import constants
from assessments.answering_style import in_a_row
from assessments.scoring import check, differences, index
from bench.measurement import cell
from bench.measurement.cell import Tally, Task, work
from bench.measurement.figures import MATCHED, SIMULATED, at, bounded, figures, simulate
from bench.measurement.people import (
    ASSUMED,
    IN_A_ROW,
    POPULATIONS,
    changed,
    in_haste,
    instrument,
    of_areas,
    sheet,
    somebody,
    usual_balance,
    whole,
)

PEOPLE = 3_000


def outside(found: Mapping[str, Any]) -> set[str]:
    """The figures of the matched cell that leave their bounds."""
    rows = {key: bounded(at(found, path), low, high) for key, (path, low, high) in SIMULATED.items()}  # type: ignore[arg-type]
    return {key for key, row in rows.items() if not row["reached"]}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """The figures of the first people of the whole run."""
    return figures(simulate(PEOPLE, [MATCHED], processes=1)[MATCHED])


def test_figures_keep_their_bounds(found: dict[str, Any]) -> None:
    assert outside(found) == set()


def test_wide_population_has_the_errors_that_the_constants_assume(found: dict[str, Any]) -> None:
    used, errors = constants(), found["errors"]
    for areas in (7, 8, 9, 10):
        assert errors["balance"][str(areas)] == pytest.approx(used.of_balance(areas), rel=0.06)
    assert errors["A"] == pytest.approx(used.A.value, rel=0.08)
    assert errors["L"] == pytest.approx(used.L.value, rel=0.08)
    for answers, error in errors["sem"].items():
        if answers != "1":
            assert error == pytest.approx(used.sem[int(answers)].value, rel=0.08)


def with_errors(factor: float) -> Constants:
    used = constants()
    s, e = (replace(error, value=factor * error.value) for error in (used.s, used.e))
    return replace(used, s=s, e=e)


@pytest.mark.parametrize(
    ("factor", "missed"), [(0.8, {"range_10", "later_result", "second_result"}), (1.25, {"range_7", "range_10"})]
)
def test_wrong_errors_would_be_seen(factor: float, missed: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "constants", lambda: with_errors(factor))
    assert missed <= outside(figures(simulate(300, [MATCHED], processes=1)[MATCHED]))


def test_figures_depend_on_the_seed_alone() -> None:
    task = Task("narrow", "more", 5, "a seed")
    one, other = work(task), work(task)
    assert (one.hits, one.of, one.squares, one.pairs) == (other.hits, other.of, other.squares, other.pairs)
    assert one.squares != work(task._replace(seed="another")).squares


def test_tallies_add_up() -> None:
    """Two processes give what one gives."""
    tasks = [Task("wide", "assumed", 3, seed) for seed in ("a", "b")]
    whole, pairs = Tally(), []
    for task in tasks:
        part = work(task)
        whole.plus(part)
        pairs += part.pairs
    assert whole.of["balance"] == 6
    assert whole.hits["planted note"] == 6
    assert whole.pairs == pairs


def test_usual_balance_is_the_mean_of_many_days() -> None:
    chance = Random("days")
    for _ in range(3):
        person = somebody(chance, POPULATIONS["wide"])
        days = [
            index(differences(instrument(), whole(of_areas(chance, person, ASSUMED)))[:8], instrument().constants.R)[0]
            for _ in range(1_500)
        ]
        assert fmean(days) == pytest.approx(usual_balance(person, ASSUMED, 8), abs=4 * pstdev(days) / 1_500**0.5)


def test_invented_answers_are_such_as_can_be_given() -> None:
    chance = Random("sheets")
    for _ in range(20):
        person = somebody(chance, POPULATIONS["wide"])
        answers = sheet(chance, person, ASSUMED)
        check(instrument(), answers)
        assert len(differences(instrument(), answers)) == 10
        assert in_a_row(instrument(), in_haste(chance, answers)) >= IN_A_ROW


def test_change_moves_the_usual_balance_by_its_steps() -> None:
    person = somebody(Random("change"), POPULATIONS["narrow"])
    before, after = (usual_balance(one, ASSUMED, 10) for one in (person, changed(person, 1)))
    assert 15 < after - before < 26  # a step is 25 points, less what the scale cuts off
