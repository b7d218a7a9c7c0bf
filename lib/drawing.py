"""Numbers as SVG attributes, and small charts of bars. Pure: no Django, so that no locale puts in a decimal comma."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 72  # pixels, of the longest bar
BAR = 0.7  # of the width that each bar has


def number(value: float) -> str:
    """At most two decimals, without trailing zeros or −0."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def percent(value: float) -> str:
    return f"{number(value)}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """The attributes of one bar."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A small chart of bars. `most` is the largest count shown, None if none is; `is_partly_shown`: some are."""

    label: str
    bars: Sequence[Bar]
    most: int | None
    is_partly_shown: bool


def chart(label: str, counts: Sequence[int | None]) -> Chart:
    """A chart of counts, one a month or week; None is a count that is kept from view."""
    known = [count for count in counts if count is not None]
    return Chart(label, bars(counts), max(known, default=None), is_partly_shown=0 < len(known) < len(counts))


def bars(counts: Sequence[int | None]) -> list[Bar]:
    """One bar for each count above nothing; the largest is HEIGHT long."""
    top = max((count for count in counts if count), default=1)
    wide = 100 / len(counts)
    return [
        Bar(
            x=percent(wide * (place + (1 - BAR) / 2)),
            y=number(HEIGHT - HEIGHT * count / top),
            width=percent(wide * BAR),
            height=number(HEIGHT * count / top),
        )
        for place, count in enumerate(counts)
        if count
    ]
