"""How large the errors are: worked out from people who answered twice and say that nothing changed between. Pure.

An error is the standard deviation of the changes over √2. It is given twice: plain, and robust, on which few pairs that
did change have less weight (Huber 1964, proposal 2). Its 90 % interval is symmetric in its logarithm, with a factor for
few pairs (Bonett 2006) and with the variance that the pairs themselves show: answers on a scale are not normal, and the
areas of one person are not independent.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import erf, exp, pi, sqrt
from statistics import fmean, median
from typing import NamedTuple

from assessments.algorithm_2.change import Result, shared_areas, with_error
from assessments.algorithm_2.constants import AREAS
from assessments.scoring import index

ENOUGH = 100  # pairs; with fewer nothing is estimated
Z90 = 1.644854
LEAST = 0.1  # of an error whose variance comes out as 0 or less

# Huber's proposal 2: a change counts up to so many standard deviations. NORMAL is what the squares so cut have as their
# mean where changes are normal.
CUT = 1.5
NORMAL = erf(CUT / sqrt(2)) - CUT * sqrt(2 / pi) * exp(-(CUT**2) / 2) + CUT**2 * (1 - erf(CUT / sqrt(2)))

type Clusters = Sequence[Sequence[float]]  # changes, from which the general change was taken, person by person


class TooFew(ValueError):
    """Fewer pairs than an estimate may rest on."""


class Pair(NamedTuple):
    """What differs between two answerings of one person, in points: each area, A, L, and the parts.

    `parts` holds each subscale, or line of one, that was answered as often both times: how often, and its change.
    """

    areas: Sequence[float]
    A: float
    L: float
    parts: Mapping[str, tuple[int, float]]


class Estimate(NamedTuple):
    """An error of measurement from `n` pairs, with its 90 % interval."""

    value: float
    n: int
    interval: tuple[float, float]

    @property
    def is_seen(self) -> bool:
        """Whether the changes show it at all: with no change there is no error, and nothing is known of its size."""
        return self.interval[1] > self.value


class Estimates(NamedTuple):
    """The errors that are among the constants, and σ for all ten areas. `sem` goes by the number of answers."""

    sigma: Estimate
    s: Estimate
    e: Estimate
    A: Estimate
    L: Estimate
    sem: Mapping[int, Estimate]


class Variance(NamedTuple):
    """An estimated variance, and how much each pair moves it: the mean of `moves` is 0."""

    value: float
    moves: Sequence[float]

    @property
    def deviation(self) -> float:
        """The standard error of the variance."""
        return sqrt(sum([move * move for move in self.moves])) / (len(self.moves) - 1)


def pair(first: Result, second: Result) -> Pair:
    """The differences between two answerings. Raises `NotComparable`.

    Areas count across forms, parts within one only.
    """
    before, after = shared_areas(first, second)
    most = second.instrument.constants.R
    unit = 100 / most
    areas = [
        unit * (now.give - now.receive - then.give + then.receive) for then, now in zip(before, after, strict=True)
    ]
    (_, earlier), (_, later) = index(before, most), index(after, most)
    same_form = first.answers.form == second.answers.form
    then, now = (with_error(result.score) for result in (first, second)) if same_form else ({}, {})
    parts = {
        key: (now[key]["answered"], now[key]["score"] - then[key]["score"])
        for key in now
        if key in then and now[key]["answered"] == then[key]["answered"]
    }
    return Pair(areas, later.A - earlier.A, later.L - earlier.L, parts)


def estimate(pairs: Sequence[Pair], *, robust: bool = False) -> Estimates:
    """The errors that these pairs show. Raises `TooFew`. An error of parts that fewer pairs have is left out."""
    if len(pairs) < ENOUGH:
        raise TooFew(f"{len(pairs)} of {ENOUGH} pairs")
    fewer_areas = fmean([1 / len(one.areas) for one in pairs])
    of_means = _variance(_single([fmean(one.areas) for one in pairs], robust=robust), robust=robust)
    own = _variance([_within(one.areas) for one in pairs], robust=robust)
    return Estimates(
        sigma=_estimate(_plus(of_means, own, 1 / AREAS - fewer_areas)),
        s=_estimate(_plus(of_means, own, -fewer_areas), may_be_none=True),
        e=_estimate(own),
        A=_estimate(_variance(_single([one.A for one in pairs], robust=robust), robust=robust)),
        L=_estimate(_variance(_single([one.L for one in pairs], robust=robust), robust=robust)),
        sem=dict(_of_parts(pairs, robust=robust)),
    )


def _of_parts(pairs: Sequence[Pair], *, robust: bool) -> Iterable[tuple[int, Estimate]]:
    """The error by the number of answers, smallest first: of all parts that have so many, each less its own centre."""
    for number in sorted({answered for one in pairs for answered, _ in one.parts.values()}):
        found = [{key: change for key, (n, change) in one.parts.items() if n == number} for one in pairs]
        found = [parts for parts in found if parts]
        if len(found) < ENOUGH:
            continue
        by_part: dict[str, list[float]] = {}
        for parts in found:
            for key, change in parts.items():
                by_part.setdefault(key, []).append(change)
        middle = {key: _centre(changes, robust=robust) for key, changes in by_part.items()}
        clusters = [[change - middle[key] for key, change in parts.items()] for parts in found]
        yield number, _estimate(_variance(clusters, robust=robust))


def _single(changes: Sequence[float], *, robust: bool) -> Clusters:
    """One change a person. What all changed alike is not an error."""
    centre = _centre(changes, robust=robust)
    grown = 1.0 if robust else sqrt(len(changes) / (len(changes) - 1))
    return [(grown * (change - centre),) for change in changes]


def _centre(changes: Sequence[float], *, robust: bool) -> float:
    return median(changes) if robust else fmean(changes)


def _within(changes: Sequence[float]) -> Sequence[float]:
    """The areas' changes less their mean, as large as if it had not been taken from them themselves."""
    k, mean = len(changes), fmean(changes)
    grown = sqrt(k / (k - 1))
    return [grown * (change - mean) for change in changes]


def _variance(clusters: Clusters, *, robust: bool) -> Variance:
    """Half the variance of changes around 0: that of one answering."""
    changes = [change for cluster in clusters for change in cluster]
    scale = fmean([change * change for change in changes])
    if robust:
        scale = _huber(changes, sqrt(scale)) ** 2
    if scale == 0:
        return Variance(0.0, [0.0] * len(clusters))
    most, normal = (CUT**2, NORMAL) if robust else (float("inf"), 1.0)
    squares = [[change * change / scale for change in cluster] for cluster in clusters]
    slope = sum([square for cluster in squares for square in cluster if square < most])
    if slope == 0:  # most are alike: each that is not is cut, whatever the scale
        return Variance(0.0, [0.0] * len(clusters))
    by_pair = [sum([min(square, most) - normal for square in cluster]) for cluster in squares]
    unit = scale / 2 * len(clusters) / slope
    return Variance(scale / 2, [unit * each for each in by_pair])


def _huber(changes: Sequence[float], start: float) -> float:
    """The scale at which the squares, cut at `CUT` scales, have the mean that normal ones have."""
    scale = start
    for _ in range(200):
        most = (CUT * scale) ** 2
        step = sqrt(fmean([min(change * change, most) for change in changes]) / NORMAL)
        if abs(step - scale) <= 1e-9 * start:
            break
        scale = step
    return scale


def _plus(one: Variance, other: Variance, times: float) -> Variance:
    moves = [a + times * b for a, b in zip(one.moves, other.moves, strict=True)]
    return Variance(one.value + times * other.value, moves)


def _estimate(variance: Variance, *, may_be_none: bool = False) -> Estimate:
    """The error of a variance. One that is a difference of two may be 0: its interval is symmetric in the variance.

    Where that comes out below 0, its upper end is that of 0: a variance is never less, and the pairs show no more.
    """
    value, n = variance.value, len(variance.moves)
    few = n / (n - Z90)
    spread = few * Z90 * variance.deviation
    if may_be_none:
        low, high = value - spread, max(value, 0.0) + spread
    else:
        low, high = (few * value * exp(side * spread / value) if value else 0.0 for side in (-1, 1))
    root, lower, upper = (sqrt(max(end, LEAST**2)) for end in (value, min(low, value), high))
    return Estimate(root, n, (lower, upper))
