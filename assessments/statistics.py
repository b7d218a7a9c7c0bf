"""Figures over many people, added up one response at a time in constant memory. Pure: no Django.

Small groups are held back, so that nobody can be found in them: a count of fewer than 10 people, a mean over fewer than
100, a percentile over fewer than 500. What is held back is None, and shown as "not enough yet".
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import sqrt
from typing import Any

from assessments.instrument import Instrument
from assessments.psychometrics import alpha, omega
from assessments.rounding import rounded
from assessments.scoring import Answer, Answers

CELL, MEAN, PERCENTILE = 10, 100, 500
PERCENTILES = (10, 25, 50, 75, 90)
POSITIONS = ("gives_more", "receives_more", "uneven_by_area", "balanced_full", "balanced_thin", "not_enough")

type Figures = dict[str, Any]


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

    def figures(self) -> Figures:
        """Alpha and omega, or why there is none, with the number of people that they rest on."""
        if self.n < MEAN:
            return {"n": self.n if self.n >= CELL else None, "alpha": None, "omega": None, "refused": None}
        matrix = self.covariances()
        found = omega(matrix)
        return {"n": self.n, "alpha": alpha(matrix), "omega": found.omega, "refused": found.refused}


class Distribution:
    """How the balance B is spread. It takes a few hundred values at most, so counting them needs no more memory."""

    def __init__(self) -> None:
        self.counts: Counter[float] = Counter()
        self.positions: Counter[str] = Counter()

    def add(self, score: Mapping[str, Any]) -> None:
        self.positions[score["position"] or "not_enough"] += 1
        if score["balance"]:
            self.counts[score["balance"]["B"]] += 1

    def figures(self) -> Figures:
        n = self.counts.total()
        mean = sum(value * count for value, count in self.counts.items()) / n if n >= MEAN else None
        spread = None
        if mean is not None:
            spread = sqrt(sum(count * (value - mean) ** 2 for value, count in self.counts.items()) / (n - 1))
        return {
            "n": n if n >= CELL else None,
            "positions": held_back({key: self.positions[key] for key in POSITIONS}),
            "mean": None if mean is None else rounded(mean),
            "sd": None if spread is None else rounded(spread),
            "percentiles": {str(p): self.percentile(p) for p in PERCENTILES} if n >= PERCENTILE else None,
        }

    def percentile(self, percent: int) -> float:
        """The smallest value that at least `percent` of all people do not exceed (nearest rank)."""
        values = sorted(self.counts)
        reached = accumulate(self.counts[value] for value in values)
        return next(v for v, count in zip(values, reached, strict=True) if 100 * count >= percent * self.counts.total())


def held_back(cells: Mapping[str, int]) -> dict[str, int | None]:
    """The counts with those below 10 left out; and where that is one alone, the next smallest too.

    Otherwise the missing count could be worked out from the others and the total.
    """
    small = [key for key, count in cells.items() if count < CELL]
    if len(small) == 1:
        rest = sorted((key for key in cells if key not in small), key=lambda key: cells[key])
        small += rest[:1]
    return {key: None if key in small else count for key, count in cells.items()}


class Tally:
    """The group figures of one form of one version."""

    def __init__(self, instrument: Instrument, form: str) -> None:
        self.n = 0
        self.balance = Distribution()
        self.subscales = dict(_moments(instrument, form))

    def add(self, answers: Answers, score: Mapping[str, Any]) -> None:
        self.n += 1
        self.balance.add(score)
        for moments in self.subscales.values():
            moments.add(answers.answers)

    def figures(self) -> Figures:
        subscales = {key: moments.figures() for key, moments in self.subscales.items()}
        return {"balance": self.balance.figures(), "subscales": subscales}


def _moments(instrument: Instrument, form: str) -> Iterator[tuple[str, Moments]]:
    """Sums for each subscale of two statements and more, keyed so that all point the same way."""
    items = instrument.items_of(form)
    for key in instrument.subscales:
        own = [item for item in items if item.subscale == key]
        if len(own) > 1:
            tops = [instrument.scale_of[item.key].values[-1] if item.reverse else None for item in own]
            yield key, Moments([item.key for item in own], tops)
