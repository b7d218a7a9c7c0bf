"""The geometry of the drawings: the balance beam, bars, dots on a line, a trend. Pure: no Django.

Takes figures on the questionnaire's scales and returns the text of SVG attributes, with at most two decimals, so that
no locale puts a decimal comma into them. Giving is on the left of every drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt

from lib.drawing import number, percent

# The beam stands in a box of 640 × 350 units.
PIVOT_X, PIVOT_Y = 320, 236
FULL_TILT = 20  # degrees at a balance of ±100
SEAT = 186  # from the pivot to the middle of a weight
LIFT = 2.5  # half the arm's thickness plus a gap: a weight stands on the arm, not in it
OUTER, INNER, TICK = 190, 170, 8  # the arc that the pointer moves along
UNIT = 23  # the radius of a disc of weight 1

LONGEST_BAR = 46  # per cent of the width, for the top of the scale
LINE_START, LINE_WIDTH = 2, 96  # per cent

TREND_HEIGHT, TREND_MARGIN = 176, 12  # pixels


@dataclass(frozen=True, slots=True)
class Beam:
    """The attributes of one beam. The disc and the square are in the tilted group, whose origin is the pivot."""

    tilt: str
    radius: str
    disc_y: str
    side: str
    square_x: str
    square_y: str
    range: str
    scale: str
    level: str


def angle(balance: float) -> float:
    """Degrees clockwise for a balance of −100 to 100: giving more tips the beam to the left."""
    return -FULL_TILT * balance / 100


def beam(give: float, receive: float, interval: Sequence[float] | None = None, *, level: float) -> Beam:
    """The beam for the level of each side (0 to 100) and, on its arc, the range of the balance between them.

    Up to `level` either way a balance counts as about level. A weight's area follows its side's level: r = 23√level and
    side = 23√π√level on the scale 0 to 4.
    """
    radius = UNIT * sqrt(give / 25)
    side = UNIT * sqrt(pi) * sqrt(receive / 25)
    return Beam(
        tilt=number(angle(give - receive)),
        radius=number(radius),
        disc_y=number(-radius - LIFT),
        side=number(side),
        square_x=number(SEAT - side / 2),
        square_y=number(-side - LIFT),
        range=_band(*interval) if interval else "",
        scale=SCALE,
        level=_band(-level, level, OUTER + TICK, OUTER),
    )


def _on_arc(balance: float, radius: float) -> str:
    turn = radians(angle(balance))
    return f"{number(PIVOT_X + radius * sin(turn))} {number(PIVOT_Y - radius * cos(turn))}"


def _band(low: float, high: float, outer: float = OUTER, inner: float = INNER) -> str:
    """The segment of the arc between two balances. More given is further left, so the arc starts at `high`."""
    return (
        f"M{_on_arc(high, outer)}A{outer} {outer} 0 0 1 {_on_arc(low, outer)}"
        f"L{_on_arc(low, inner)}A{inner} {inner} 0 0 0 {_on_arc(high, inner)}z"
    )


def _scale() -> str:
    ticks = "".join(f"M{_on_arc(at, OUTER)}L{_on_arc(at, OUTER + TICK)}" for at in range(100, -101, -25))
    return f"M{_on_arc(100, OUTER)}A{OUTER} {OUTER} 0 0 1 {_on_arc(-100, OUTER)}{ticks}"


SCALE = _scale()


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the diverging bars: where each bar ends, and how wide it is; the middle is at 50 %."""

    give_end: str
    give_width: str
    receive_end: str
    receive_width: str


def bar(give: float, receive: float, top: int) -> Bar:
    """The two bars of an area, each on the scale from 0 to `top`."""
    left, right = LONGEST_BAR * give / top, LONGEST_BAR * receive / top
    return Bar(percent(50 - left), percent(left), percent(50 + right), percent(right))


def grid(top: int) -> tuple[str, ...]:
    """The positions of the grid lines: one per point of the scale, on both sides of the middle."""
    return tuple(percent(50 + LONGEST_BAR * point / top) for point in range(-top, top + 1) if point)


def on_line(value: float, low: float = 0, high: float = 100) -> str:
    """Where a value's dot stands on a line from `low` at the left to `high` at the right."""
    return percent(LINE_START + LINE_WIDTH * (value - low) / (high - low))


def on_balance_line(balance: float) -> str:
    """Where a balance stands on the line from 100 more given, at the left, to 100 more received."""
    return on_line(-balance, -100, 100)


@dataclass(frozen=True, slots=True)
class Span:
    """A range on a line, or a vertical one in a trend: its start and its length."""

    start: str
    length: str


def balance_span(low: float, high: float) -> Span:
    """The range of a balance on its line: it starts at the left, with the most given."""
    return Span(on_balance_line(high), percent(LINE_WIDTH * (high - low) / 200))


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One balance over time: its dot, its range, and the dot before, to which it is joined."""

    x: str
    y: str
    span: Span
    from_x: str
    from_y: str


def height_of(balance: float) -> float:
    """Pixels from the top: most given is at the top, level in the middle."""
    return TREND_MARGIN + (TREND_HEIGHT - 2 * TREND_MARGIN) * (100 - balance) / 200


def trend(times: Sequence[float], balances: Sequence[float], ranges: Sequence[Sequence[float]]) -> list[TrendPoint]:
    """The trend of a balance, oldest first: x in proportion to time (any unit), y from −100 to 100."""
    first, length = times[0], times[-1] - times[0]
    xs = [
        percent(LINE_START + LINE_WIDTH * ((time - first) / length if length else place / max(1, len(times) - 1)))
        for place, time in enumerate(times)
    ]
    ys = [number(height_of(balance)) for balance in balances]
    spans = [Span(number(height_of(high)), number(height_of(low) - height_of(high))) for low, high in ranges]
    return [
        TrendPoint(x, y, span, from_x, from_y)
        for x, y, span, from_x, from_y in zip(xs, ys, spans, [xs[0], *xs], [ys[0], *ys], strict=False)
    ]
