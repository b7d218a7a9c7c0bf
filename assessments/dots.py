"""Quantile dots: twenty equally likely balances, stacked on the arc of the beam or over a line. Pure: no Django.

Dots of about the same balance stand in one column. On the arc the columns are turned about the pivot, outwards from it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from assessments.beam import PIVOT_X, PIVOT_Y, on_balance_line
from lib.drawing import number

OPEN = 2  # at each end: what lies outside the 80 % range
TURN = 0.55  # degrees for a point of balance: the tilt's own scale is too narrow for dots
RADIUS, FIRST_ROW, ROW = 170, 179, 10.4  # of the arc, and of the rows of dots outside it
COLUMN = 3.35  # degrees, which is the width of a dot
LINE_COLUMN, LINE_ROW, ABOVE, BELOW = 5.5, 9, 6, 10  # points of balance; pixels: a row, and what is around them
BAND, TICK = 20, 8


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot's middle; `inside` is one of the sixteen of the 80 % range."""

    x: str
    y: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """The arc over the beam with its scale, the band that counts as about level, and the dots."""

    scale: str
    level: str
    dots: tuple[Dot, ...]


def arc(balance: float, quantiles: Sequence[float], *, level: float) -> Arc:
    """The arc for a balance with its quantiles (ascending); up to `level` either way it counts as about level."""
    found = [
        Dot(*_place(balance * TURN + column * COLUMN, FIRST_ROW + row * ROW), inside)
        for column, row, inside in _stacked(balance, quantiles, COLUMN / TURN)
    ]
    return Arc(SCALE, _level(level), tuple(found))


@dataclass(frozen=True, slots=True)
class Line:
    """The line from 100 more given, at the left, to 100 more received, with the dots over it; heights in pixels."""

    height: int
    at: int
    dots: tuple[Dot, ...]


def line(balance: float, quantiles: Sequence[float]) -> Line:
    found = list(_stacked(balance, quantiles, LINE_COLUMN))
    lowest = ABOVE + LINE_ROW * max(row for _column, row, _inside in found)
    dots = tuple(
        Dot(on_balance_line(balance + column * LINE_COLUMN), number(lowest - row * LINE_ROW), inside)
        for column, row, inside in found
    )
    return Line(lowest + 2 * BELOW, lowest + BELOW, dots)


def _stacked(balance: float, quantiles: Sequence[float], width: float) -> Iterator[tuple[int, int, bool]]:
    """Column (0 at the balance), row in it, and whether the dot is inside the 80 % range; from the middle outwards.

    `width` is a column's, in points of balance.
    """
    rows: Counter[int] = Counter()
    last = len(quantiles) - 1
    for place in sorted(range(len(quantiles)), key=lambda place: abs(2 * place - last)):
        column = round((quantiles[place] - balance) / width)
        yield column, rows[column], OPEN <= place <= last - OPEN
        rows[column] += 1


def _place(degrees: float, radius: float) -> tuple[str, str]:
    """The point at an angle left of upright."""
    turn = radians(degrees)
    return number(PIVOT_X - radius * sin(turn)), number(PIVOT_Y - radius * cos(turn))


def _at(balance: float, radius: float) -> str:
    return " ".join(_place(balance * TURN, radius))


def _level(level: float) -> str:
    inner = RADIUS - BAND
    return (
        f"M{_at(level, RADIUS)}A{RADIUS} {RADIUS} 0 0 1 {_at(-level, RADIUS)}"
        f"L{_at(-level, inner)}A{inner} {inner} 0 0 0 {_at(level, inner)}z"
    )


def _scale() -> str:
    ticks = "".join(f"M{_at(at, RADIUS)}L{_at(at, RADIUS - TICK)}" for at in range(100, -101, -25))
    return f"M{_at(100, RADIUS)}A{RADIUS} {RADIUS} 0 0 1 {_at(-100, RADIUS)}{ticks}"


SCALE = _scale()
