"""Somebody who notes the group figures every night and subtracts learns nothing about one who joins or leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, product
from random import Random
from typing import Any

import pytest

from assessments.disclosure import is_due, percentiles
from assessments.instrument import build, read
from assessments.scoring import Answers, score
from assessments.statistics import POSITIONS, Distribution
from tests.assessments.conftest import EVEN, FILE, NOW

AREAS = ("attention", "practical", "emotional", "affection", "intimacy", "time", "decisions")
THERE_BEFORE, JOINERS = 120, 150
NEAR = 10  # points

type Figures = dict[str, Any]


def answers(random: Random) -> Answers:
    """Somebody's answers to the short form: people differ in how they lean, and areas do too."""
    lean = random.gauss(0.3, 0.8)
    given: dict[str, int] = {}
    for area in AREAS:
        receive = random.randint(0, 4)
        given[f"{area}_receive"] = receive
        given[f"{area}_give"] = min(4, max(0, receive + round(random.gauss(lean, 1))))
    return Answers("short", True, given, {})


@dataclass
class Night:
    """What is published on the morning after somebody joined, and what nobody is told."""

    published: Figures
    joiner: float  # the balance of the one who joined
    people: int


@pytest.fixture(scope="module")
def nights() -> list[Night]:
    """One joins each day, after a hundred and twenty; every night the job looks whether a publication is due."""
    random, chance = Random("differencing"), Random("published")
    instrument = build(read(FILE.read_text()))
    group, found = Distribution(), []
    published: Figures = {}
    last: datetime | None = None
    changes = 0
    for number in range(THERE_BEFORE + JOINERS):
        figures = score(instrument, answers(random))
        group.add(figures)
        changes += 1
        now = NOW + timedelta(days=number)
        if is_due(changes=changes, last=last, now=now):
            published, last, changes = group.figures(chance), now, 0
        found.append(Night(published, figures["balance"]["B"], number + 1))
    return found[THERE_BEFORE - 1 :]


def around(nights: list[Night]) -> Iterator[tuple[list[Night], Figures, Figures]]:
    """Those who joined between two different publications, with both."""
    since: list[Night] = []
    for before, night in pairwise(nights):
        since.append(night)
        if night.published != before.published:
            yield since, before.published, night.published
            since = []


def by_published_numbers(batch: list[Night], before: Figures, after: Figures) -> Iterator[float]:
    """Everybody in the batch is guessed to have its mean."""
    joined = after["n"] - before["n"]
    for _ in batch:
        yield (after["n"] * after["mean"] - before["n"] * before["mean"]) / joined if joined else after["mean"]


def with_accomplices(batch: list[Night], before: Figures, after: Figures) -> Iterator[float]:
    """Each is guessed by somebody who knows the balance of all others in the batch, and the exact numbers of people."""
    people = batch[-1].people
    for target in batch:
        others = sum(night.joiner for night in batch if night is not target)
        sums = people * after["mean"] - (people - len(batch)) * before["mean"]
        yield min(100.0, max(-100.0, sums - others))


@pytest.mark.parametrize("attack", [by_published_numbers, with_accomplices])
def test_nightly_subtraction_names_nobodys_balance(nights: list[Night], attack: Any) -> None:
    exact = near = near_by_mean = joiners = 0
    for batch, before, after in around(nights):
        for night, guess in zip(batch, attack(batch, before, after), strict=True):
            joiners += 1
            exact += abs(guess - night.joiner) < 0.01
            near += abs(guess - night.joiner) <= NEAR
            near_by_mean += abs(after["mean"] - night.joiner) <= NEAR
    assert joiners >= JOINERS - 20
    assert exact == 0
    assert near <= near_by_mean


def test_what_is_hidden_cannot_be_worked_out() -> None:
    """Of all groups that look alike when published, each hidden count, and the number of people, has many values."""
    alike: dict[str, list[tuple[int, ...]]] = {}
    for sizes in product(range(20), range(20), range(20), (30,), (41, 44)):
        found = Distribution()
        found.positions.update(dict(zip(POSITIONS, sizes, strict=False)))
        found.counts[0.0] = sum(sizes)
        figures = found.figures(EVEN)
        alike.setdefault(repr((figures["n"], figures["positions"])), []).append(sizes)
    for published, groups in alike.items():
        assert len({sum(sizes) for sizes in groups}) >= 5, published
        for index in range(3):
            assert len({sizes[index] for sizes in groups}) >= 5, published


SHARP, WEEKS = 0.7, 2_000  # how often somebody may be right who would be right every second time by guessing


def position_tipped(chance: Random, target: bool) -> bool:
    """Fourteen people give more, as somebody knows who has put some of them there; then perhaps one more."""
    found = Distribution()
    found.positions.update({"gives_more": 14 + target, "receives_more": 30, "uneven_by_area": 40})
    found.counts[0.0] = 100
    return bool(found.figures(chance)["positions"]["gives_more"] == 15)


def mean_tipped(chance: Random, target: bool) -> bool:
    """The mean of all the others is known to be just below what is rounded up, and one more lifts it a little."""
    found = Distribution()
    found.counts.update({0.0: 76, 1.0: 74, 51.0: int(target), 0.5: int(not target)})
    found.positions["gives_more"], found.positions["receives_more"] = 75, 76
    return bool(found.figures(chance)["mean"] == 1)


@pytest.mark.parametrize("tipped", [position_tipped, mean_tipped])
def test_a_figure_brought_to_its_edge_does_not_tell_who_tips_it(tipped: Any) -> None:
    """By somebody with as many accounts as it takes, in a week in which nobody else joins but one."""
    random, chance = Random("edge"), Random("published")
    joins = [random.random() < 0.5 for _ in range(WEEKS)]
    right = sum(tipped(chance, target) is target for target in joins) / WEEKS
    assert max(right, 1 - right) < SHARP


def test_percentiles_stay_in_order_by_chance() -> None:
    values = {str(number): float(number) for number in range(-20, 20)}
    for seed in range(20):
        found = [*percentiles(values, Random(seed)).values()]
        assert found == sorted(found)
