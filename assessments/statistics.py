"""Figures over many people, added up one response at a time in constant memory. Pure: no Django.

The sums are exact; what `figures` gives back is for publication, by the rules of `disclosure.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from math import sqrt
from random import Random
from typing import Any

from assessments import disclosure
from assessments.algorithm_2 import statements
from assessments.algorithms import Versions, versions
from assessments.covariances import Counts, Together
from assessments.disclosure import MEAN, PERCENTILE, RELIABILITY
from assessments.instrument import Instrument
from assessments.psychometrics import Interval, alpha, alpha_interval, omega, omega_interval
from assessments.scoring import Answer, Answers, Document

PERCENTILES = (10, 25, 50, 75, 90)
POSITIONS = ("gives_more", "receives_more", "uneven_by_area", "balanced_full", "balanced_thin")

type Figures = dict[str, Any]

UNKNOWN: Figures = dict.fromkeys(("n", "alpha", "alpha_interval", "omega", "omega_interval", "refused"))


class Moments:
    """Sums and products of whole numbers, exact, for the covariances of a group of statements."""

    def __init__(self, keys: Sequence[str], reversed_tops: Sequence[int | None]) -> None:
        self.keys = keys
        self.tops = reversed_tops
        self.n = 0
        self.sums = [0] * len(keys)
        self.products = [[0] * len(keys) for _ in keys]

    def add(self, answers: Mapping[str, Answer]) -> None:
        """Add one person, if all the statements are answered."""
        row = []
        for key, top in zip(self.keys, self.tops, strict=True):
            answer = answers.get(key)
            if not isinstance(answer, int):
                return
            row.append(answer if top is None else top - answer)
        self.n += 1
        for i, x in enumerate(row):
            self.sums[i] += x
            for j, y in enumerate(row):
                self.products[i][j] += x * y

    def covariances(self) -> list[list[float]]:
        """The matrix with n − 1; at least two people."""
        n = self.n
        return [
            [(n * self.products[i][j] - self.sums[i] * self.sums[j]) / (n * (n - 1)) for j in range(len(self.keys))]
            for i in range(len(self.keys))
        ]

    def figures(self, chance: Random, *, at_most: int) -> Figures:
        """Alpha and omega, or why there is none, with their intervals and the number of people that they rest on.

        `at_most` is the published number of people: a larger number here would narrow down what that one leaves open.
        Where everybody gives a statement the same answer, all is held back as if too few had answered.
        """
        n = disclosure.count(min(self.n, at_most), chance)
        if n is None or n < RELIABILITY:
            return UNKNOWN | {"n": n}
        matrix = self.covariances()
        by_alpha, by_omega = alpha(matrix), omega(matrix)
        if by_alpha is None or not all(row[i] for i, row in enumerate(matrix)):
            return dict(UNKNOWN)
        rest_on = {"items": len(self.keys), "people": n}
        return {
            "n": n,
            **_coefficient("alpha", by_alpha, partial(alpha_interval, **rest_on), chance),
            **_coefficient("omega", by_omega.omega, partial(omega_interval, **rest_on), chance),
            "refused": by_omega.refused,
        }


def _coefficient(name: str, value: float | None, around: Callable[[float], Interval], chance: Random) -> Figures:
    """One of the two as it is published, with its interval."""
    if value is None:
        return {name: None, f"{name}_interval": None}
    shown = disclosure.reliability(value, chance)
    return {name: shown, f"{name}_interval": [*disclosure.interval(shown, around)]}


class Distribution:
    """How the balance B is spread. It takes a few hundred values at most, so counting them needs no more memory.

    People without a balance are left out: a count of them beside the positions would tell too much.
    """

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()
        self.positions: Counter[str] = Counter()

    def add(self, score: Mapping[str, Any]) -> None:
        if score["balance"]:
            self.positions[score["position"]] += 1
            self.counts[score["balance"]["B"]] += 1

    def figures(self, chance: Random) -> Figures:
        positions = disclosure.counts({key: self.positions[key] for key in POSITIONS}, chance)
        n = disclosure.total(positions)
        enough, many = (n or 0) >= MEAN, (n or 0) >= PERCENTILE
        return {
            "n": n,
            "positions": positions,
            "mean": disclosure.points(self.mean(), chance) if enough else None,
            "sd": disclosure.points(self.deviation(), chance) if enough else None,
            "percentiles": disclosure.percentiles(self.percentiles(), chance) if many else None,
        }

    def mean(self) -> float:
        return sum(value * count for value, count in self.counts.items()) / self.counts.total()

    def deviation(self) -> float:
        """The standard deviation with n − 1; at least two people."""
        mean = self.mean()
        squares = sum(count * (value - mean) ** 2 for value, count in self.counts.items())
        return sqrt(squares / (self.counts.total() - 1))

    def percentiles(self) -> dict[str, float]:
        return {str(percent): self.percentile(percent) for percent in PERCENTILES}

    def percentile(self, percent: int) -> float:
        """The smallest value that at least `percent` of all people do not exceed (nearest rank)."""
        values = sorted(self.counts)
        reached = accumulate(self.counts[value] for value in values)
        return next(v for v, count in zip(values, reached, strict=True) if 100 * count >= percent * self.counts.total())


class MixedVersions(ValueError):
    """Results of two versions of the questions, or of two ways of scoring them, are never added up."""


class Tally:
    """The group figures of one form of one version."""

    def __init__(self, instrument: Instrument, form: str) -> None:
        self.instrument = instrument
        self.versions: Versions | None = None  # those of everybody added
        self.balance = Distribution()
        self.subscales = dict(_moments(instrument, form))
        self.counts, self.together = Counts(instrument, form), Together()

    def add(self, answers: Answers, score: Document) -> None:
        """Add one person. Raises `MixedVersions`."""
        found = versions(self.instrument, score)
        if found.questionnaire != self.instrument.version or self.versions not in (None, found):
            raise MixedVersions(f"{found} among {self.versions} of version {self.instrument.version}")
        self.versions = found
        self.balance.add(score)
        for moments in self.subscales.values():
            moments.add(answers.answers)
        self.counts.add(answers.answers)
        self.together.add(self.instrument, answers, score)

    def figures(self, chance: Random) -> Figures:
        balance = self.balance.figures(chance)
        at_most = balance["n"] or 0
        subscales = {key: moments.figures(chance, at_most=at_most) for key, moments in self.subscales.items()}
        by = self.versions._asdict() if self.versions else None
        found = {"versions": by, "balance": balance, "subscales": subscales}
        if at_most < RELIABILITY:
            return found
        together = self.together.figures(chance, at_most=at_most)
        return found | {"counts": self.counts.figures(chance, of=at_most), "together": together}


def _moments(instrument: Instrument, form: str) -> Iterator[tuple[str, Moments]]:
    """Sums for each subscale of two statements and more, keyed so that all point the same way.

    One that the algorithm in use reads as two lines has a figure for each of these (`str.giving`): nobody is told of
    their mean.
    """
    asked = statements.asked(instrument, form, partnered=True)
    for group in asked.subscales:
        lines = asked.lines.get(group.key)
        named = [(f"{group.key}.{line.key}", line) for line in lines] if lines else [(group.key, group)]
        for key, part in named:
            keys = [item for item, _ in part.items]
            if len(keys) > 1:
                yield key, Moments(keys, [part.top if instrument.item[item].reverse else None for item in keys])
