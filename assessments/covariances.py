"""How the answers of many people go together: counts of each answer, and the covariances of areas and parts. Pure.

The sums are exact but for the last digits; what is given back is for publication, by the rules of `disclosure.py`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import sqrt
from random import Random
from typing import Any

from assessments import disclosure
from assessments.disclosure import RELIABILITY
from assessments.instrument import Instrument
from assessments.scoring import Answer, Answers, Document, differences

type Figures = dict[str, Any]


class Counts:
    """How often each answer was given to each question, the ways not to answer among them."""

    def __init__(self, instrument: Instrument, form: str) -> None:
        keys = [key for area in instrument.areas_of(form) for key in area.answer_keys()]
        keys += [item.key for item in instrument.items_of(form)]
        ways: list[Any] = [*instrument.non_answers]
        self.cells: dict[str, Counter[Answer]] = {
            key: Counter(dict.fromkeys([*instrument.scale_of[key].values, *ways], 0)) for key in keys
        }
        self.n = 0

    def add(self, answers: Mapping[str, Answer]) -> None:
        self.n += 1
        for key, cells in self.cells.items():
            if (answer := answers.get(key)) in cells:
                cells[answer] += 1

    def figures(self, chance: Random, *, of: int) -> Figures:
        """By question and answer, as of so many people; None where so few gave it.

        `of` is the published number of people. Counts of all there are, each rounded by chance, would tell their exact
        number: their sums are as many as there are questions.
        """
        return {
            key: disclosure.counts({str(answer): people * of // self.n for answer, people in cells.items()}, chance)
            for key, cells in self.cells.items()
        }


class Together:
    """Means, standard deviations and correlations of what is measured, over those who have both of two figures.

    An area's figure is its difference on the scale of the balance, a part's its score.
    """

    def __init__(self) -> None:
        self.sums: dict[tuple[str, str], list[float]] = {}

    def add(self, instrument: Instrument, answers: Answers, score: Document) -> None:
        found = dict(measured(instrument, answers, score))
        for one, x in found.items():
            for other, y in found.items():
                if one <= other:
                    sums = self.sums.setdefault((one, other), [0.0] * 6)
                    for place, value in enumerate((1, x, y, x * x, y * y, x * y)):
                        sums[place] += value

    def figures(self, chance: Random, *, at_most: int) -> Figures:
        """`keys`, the `sd` of each, and `r` by "one other"; only what rests on enough people and varies."""
        keys = [one for one, other in self.sums if one == other and self._shown(one, other, chance, at_most)]
        pairs = [(one, other) for place, one in enumerate(keys) for other in keys[place + 1 :]]
        together = {(one, other): (min(one, other), max(one, other)) for one, other in pairs}
        return {
            "keys": keys,
            "sd": {key: disclosure.points(self._deviation(key), chance) for key in keys},
            "r": {
                f"{one} {other}": disclosure.correlation(self._correlation(*both), chance)
                for (one, other), both in together.items()
                if both in self.sums and self._shown(*both, chance, at_most)
            },
        }

    def _shown(self, one: str, other: str, chance: Random, at_most: int) -> bool:
        n, *_ = self.sums[one, other]
        people = disclosure.count(min(int(n), at_most), chance)
        return people is not None and people >= RELIABILITY and all(self._squares(one, other))

    def _squares(self, one: str, other: str) -> tuple[float, float]:
        n, x, y, xx, yy, _ = self.sums[one, other]
        return max(0.0, xx - x * x / n), max(0.0, yy - y * y / n)

    def _deviation(self, key: str) -> float:
        return sqrt(self._squares(key, key)[0] / (self.sums[key, key][0] - 1))

    def _correlation(self, one: str, other: str) -> float:
        n, x, y, _, _, xy = self.sums[one, other]
        first, second = self._squares(one, other)
        return (xy - x * y / n) / sqrt(first * second)


def measured(instrument: Instrument, answers: Answers, score: Document) -> Iterator[tuple[str, float]]:
    """What somebody's answers come to: each complete area's difference, and each part's score."""
    unit = 100 / instrument.constants.R
    for pair in differences(instrument, answers):
        yield pair.area, unit * (pair.give - pair.receive)
    for key, found in score["subscales"].items():
        if found["score"] is not None and key not in score.get("pairs", {}):
            yield key, found["score"]
    for key, pair in score.get("pairs", {}).items():
        for name, line in pair["lines"].items():
            if line["score"] is not None:
                yield f"{key}.{name}", line["score"]


def covariance(figures: Figures, one: str, other: str) -> float | None:
    """From what is published, and so telling nothing more: r times both standard deviations; None where not shown."""
    sd = figures["sd"]
    if one == other:
        return float(sd[one] ** 2)
    r = figures["r"].get(f"{one} {other}", figures["r"].get(f"{other} {one}"))
    return None if r is None else round(r * sd[one] * sd[other], 1)
