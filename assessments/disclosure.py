"""Which figures over many people are published, how exactly, and when, so that nobody can be found in them. Pure.

Small groups are held back: a count of fewer than 10 people, a mean over fewer than 100, a reliability (alpha, omega) of
fewer than 200, a percentile over fewer than 500. What is held back is None, and shown as "Not shown".

Each count is rounded down on its own, and the only total is the sum of the published counts. Whether a figure is shown
depends on published counts alone. So a hidden count does not follow from the others, nor does the number of people.

Where a figure changes to the next one is left to `chance`, at each publication anew: somebody with many accounts could
otherwise bring it to the edge, and see which way the next person tips it.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from math import floor
from random import Random
from uuid import UUID

from assessments.rounding import rounded

CELL, MEAN, RELIABILITY, PERCENTILE = 10, 100, 200, 500
HUNDREDTHS = 100  # steps of alpha and omega in 1: one of 200 people moves them by less than that
TENTHS = 10  # steps of an error, or of a correlation, in 1
STEP = 5  # the sizes above are multiples of it: reaching one tells no more than the rounded count
CHANGES, APART = 10, timedelta(days=7)
PAIRS = 2 * CHANGES  # people who answered twice: only some of them are in the figures, and which is not to be told


def is_due(*, changes: int, last: datetime | None, now: datetime, least: int = CHANGES) -> bool:
    """Whether enough people have joined or left since the last publication, and enough time has passed."""
    return changes >= least and (last is None or now - last >= APART)


def joined_or_left(before: Collection[UUID | None], present: Collection[UUID]) -> int:
    """How many people differ. An account that is gone stands as None in `before`."""
    now = set(present)
    return len(now.difference(before)) + sum(one not in now for one in before)


def count(people: int, chance: Random) -> int | None:
    """A number of people as it is published: rounded down, so that "at least" stays true."""
    people -= chance.randrange(STEP)
    return people // STEP * STEP if people >= CELL else None


def counts(cells: Mapping[str, int], chance: Random) -> dict[str, int | None]:
    """The counts of a group's parts; where a single one is hidden, the smallest of the others is hidden with it."""
    found = {key: count(people, chance) for key, people in cells.items()}
    if [*found.values()].count(None) == 1:
        shown = {key: people for key, people in found.items() if people is not None}
        found |= dict.fromkeys(sorted(shown, key=lambda key: shown[key])[:1])
    return found


def total(published: Mapping[str, int | None]) -> int | None:
    """The sum of the published counts: it tells nothing that they do not."""
    return sum(people or 0 for people in published.values()) or None


def points(value: float, chance: Random) -> int:
    """A mean or a standard deviation, on the scale from −100 to 100: a whole point beside it, mostly the nearer one."""
    return floor(value + chance.random())


def percentiles(values: Mapping[str, float], chance: Random) -> dict[str, int]:
    """A percentile is the balance of one person, and therefore rounded more; all in the same way, to stay in order."""
    shift = chance.random()
    return {key: STEP * floor(value / STEP + shift) for key, value in values.items()}


def reliability(value: float, chance: Random) -> float:
    """Alpha or omega, to the hundredth: with more decimals they change with every person."""
    return points(HUNDREDTHS * value, chance) / HUNDREDTHS


def correlation(value: float, chance: Random) -> float:
    """A correlation, to the tenth: to the hundredth one of 200 people moves it, and there are hundreds of them."""
    return points(TENTHS * value, chance) / TENTHS


def error(value: float, chance: Random) -> float:
    """An error of measurement, to the tenth. It is never published as 0."""
    return max(1, points(TENTHS * value, chance)) / TENTHS


def outwards(published: float, ends: tuple[float, float], chance: Random) -> tuple[float, float]:
    """The interval of an error, each end to the tenth and further out, never within it; the upper end is above it."""
    low, high = (points(TENTHS * end, chance) + out for end, out in zip(ends, (-1, 1), strict=True))
    at = round(TENTHS * published)
    return max(1, min(low, at)) / TENTHS, max(high, at + 1) / TENTHS


def interval(published: float, around: Callable[[float], tuple[float, float]]) -> tuple[float, float]:
    """The interval of a reliability, from nothing but what is published: it tells nothing more.

    The exact value is less than a hundredth away, to either side: each end is that of the furthest it may be.
    """
    low, _ = around(published - 1 / HUNDREDTHS)
    _, high = around(min(published + 1 / HUNDREDTHS, 1.0))
    return rounded(low, 2), rounded(high, 2)
