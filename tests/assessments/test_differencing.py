"""Somebody who notes the group figures every night and subtracts learns nothing about one who joins or leaves."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise, product
from math import log
from random import Random
from statistics import fmean
from typing import Any

import pytest

from assessments import psychometrics
from assessments.algorithms import score
from assessments.disclosure import STEP, count, interval, is_due, percentiles
from assessments.instrument import Instrument, build, read
from assessments.scoring import Answer, Answers
from assessments.statistics import Distribution, Figures, Moments, Tally
from tests.assessments.conftest import EVEN, FILE, NOW

AREAS = ("attention", "practical", "emotional", "affection", "intimacy", "time", "decisions")
THERE_BEFORE, JOINERS = 140, 150
NEAR = 10  # points
ITEMS, TOP = 3, 4  # of each subscale of the short form, and of their scales
NEAR_SUM = NEAR / 100 * ITEMS * TOP


def answers(instrument: Instrument, random: Random) -> Answers:
    """Somebody's answers to the short form: people differ in how they lean, areas do too, and so do subscales."""
    lean = random.gauss(0.3, 0.8)
    given: dict[str, int] = {}
    for area in AREAS:
        receive = random.randint(0, 4)
        given[f"{area}_receive"] = receive
        given[f"{area}_give"] = min(4, max(0, receive + round(random.gauss(lean, 1))))
    often: dict[str, float] = {}
    for item in instrument.items_of("short")[1:]:  # after the overall feeling
        towards = random.gauss(often.setdefault(item.subscale, random.gauss(2, 1)), 1)
        given[item.key] = min(TOP, max(0, round(TOP - towards if item.reverse else towards)))
    return Answers("short", True, given, {})


@dataclass
class Night:
    """What is published on the morning after somebody joined, and what nobody is told."""

    published: Figures
    joiner: float  # the balance of the one who joined
    answers: Answers
    people: int


@pytest.fixture(scope="module")
def nights() -> list[Night]:
    """One joins each day, after a hundred and forty; every night the job looks whether a publication is due."""
    random = Random("differencing")
    instrument = build(read(FILE.read_text()))
    group, found = Tally(instrument, "short"), []
    published: Figures = {}
    last: datetime | None = None
    changes = 0
    for number in range(THERE_BEFORE + JOINERS):
        given = answers(instrument, random)
        figures = score(instrument, given)
        group.add(given, figures)
        changes += 1
        now = NOW + timedelta(days=number)
        if is_due(changes=changes, last=last, now=now):
            published, last, changes = group.figures(Random(f"published {number}")), now, 0
        found.append(Night(published, figures["balance"]["B"], given, number + 1))
    return found


def around(nights: list[Night]) -> Iterator[tuple[list[Night], Figures, Figures]]:
    """Those who joined between two different publications, with both."""
    since: list[Night] = []
    for before, night in pairwise(nights[THERE_BEFORE - 1 :]):
        since.append(night)
        if night.published != before.published:
            yield since, before.published, night.published
            since = []


def by_published_numbers(batch: list[Night], before: Figures, after: Figures) -> Iterator[float]:
    """Everybody in the batch is guessed to have its mean."""
    return mean_of(batch, before["balance"], after["balance"], before["balance"]["n"], after["balance"]["n"])


def by_intervals(batch: list[Night], before: Figures, after: Figures) -> Iterator[float]:
    """The same, with the numbers of people that the widths of all intervals tell."""
    return mean_of(batch, before["balance"], after["balance"], people_behind(before), people_behind(after))


def mean_of(batch: list[Night], before: Figures, after: Figures, fewer: float, more: float) -> Iterator[float]:
    joined = more - fewer
    for _ in batch:
        yield (more * after["mean"] - fewer * before["mean"]) / joined if joined else after["mean"]


def people_behind(figures: Figures) -> float:
    """The formula of the intervals, solved for the number of people: the mean of all, and without any what is said."""
    found = []
    for row, name in product(figures["subscales"].values(), ("alpha", "omega")):
        if row[name] is not None and row[f"{name}_interval"][0] > 0:
            low, high = (1 - end for end in row[f"{name}_interval"])
            spread = log(low / high * (0.99 - row[name]) / (1.01 - row[name])) / 2
            found.append(2 + 2 * ITEMS / (ITEMS - 1) * (psychometrics.Z95 / spread) ** 2)
    return fmean(found) if found else figures["balance"]["n"]


def with_accomplices(batch: list[Night], before: Figures, after: Figures) -> Iterator[float]:
    """Each is guessed by somebody who knows the balance of all others in the batch, and the exact numbers of people."""
    people = batch[-1].people
    for target in batch:
        others = sum(night.joiner for night in batch if night is not target)
        sums = people * after["balance"]["mean"] - (people - len(batch)) * before["balance"]["mean"]
        yield min(100.0, max(-100.0, sums - others))


@pytest.mark.parametrize("attack", [by_published_numbers, by_intervals, with_accomplices])
def test_nightly_subtraction_names_nobodys_balance(nights: list[Night], attack: Any) -> None:
    exact = near = near_by_mean = joiners = 0
    for batch, before, after in around(nights):
        for night, guess in zip(batch, attack(batch, before, after), strict=True):
            joiners += 1
            exact += abs(guess - night.joiner) < 0.01
            near += abs(guess - night.joiner) <= NEAR
            near_by_mean += abs(after["balance"]["mean"] - night.joiner) <= NEAR
    assert joiners >= JOINERS - 20
    assert exact == 0
    assert near <= near_by_mean


def keyed(moments: Moments, given: Mapping[str, Answer]) -> int:
    """How much somebody's answers to a subscale add up to."""
    pairs = zip((given[key] for key in moments.keys), moments.tops, strict=True)
    return sum(answer if top is None else top - answer for answer, top in pairs if isinstance(answer, int))


def copied(moments: Moments) -> Moments:
    found = copy(moments)
    found.sums, found.products = moments.sums[:], [row[:] for row in moments.products]
    return found


def fitting(others: Moments, published: Figures) -> int:
    """What the answers add up to that, with those of all others, come closest to the published alpha and omega."""

    def apart(given: tuple[int, ...]) -> float:
        group = copied(others)
        group.add(dict(zip(group.keys, given, strict=True)))
        matrix = group.covariances()
        exact = {"alpha": psychometrics.alpha(matrix) or 0.0, "omega": psychometrics.omega(matrix).omega or 0.0}
        return fmean(abs(exact[name] - published[name]) for name in exact if published[name] is not None)

    nearest = min(product(range(TOP + 1), repeat=ITEMS), key=apart)
    return keyed(others, dict(zip(others.keys, nearest, strict=True)))


def test_alpha_and_omega_name_nobodys_answers(nights: list[Night]) -> None:
    """Not even to somebody who knows the answers of all others. A sum has 13 values, so that some are hit by luck."""
    near = near_by_mean = joiners = 0
    for subscale, nobody in Tally(build(read(FILE.read_text())), "short").subscales.items():
        for batch, _before, after in around(nights):
            published = after["subscales"][subscale]
            for night in batch if published["alpha"] is not None else ():
                there = [other.answers.answers for other in nights[: batch[-1].people] if other is not night]
                others = copied(nobody)
                for other in there:
                    others.add(other)
                mean, truth = fmean(keyed(nobody, other) for other in there), keyed(nobody, night.answers.answers)
                joiners += 1
                near += abs(fitting(others, published) - truth) <= NEAR_SUM
                near_by_mean += abs(mean - truth) <= NEAR_SUM
    assert joiners >= 7 * 50
    assert near <= near_by_mean


def test_an_interval_does_not_tell_how_many_people_there_are() -> None:
    alike: dict[tuple[float, float], set[int]] = {}
    for people in range(200, 300):
        around_08 = partial(psychometrics.alpha_interval, items=ITEMS, people=count(people, EVEN) or 0)
        alike.setdefault(interval(0.8, around_08), set()).add(people)
    assert len(alike) > 1
    assert all(len(numbers) >= STEP for numbers in alike.values())


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
