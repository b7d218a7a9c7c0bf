"""Hours as specialists write them: "09:00–12:30, 14:00–18:00"."""

import re
from collections.abc import Iterable
from enum import Enum
from itertools import pairwise

from consultations.slots import MINUTES, Minutes
from consultations.times import MIDNIGHT

TIME = r"(\d{1,2})(?:[:.h](\d{2}))?(?:\s*([ap])\.?m\.?)?"
RANGE = re.compile(rf"\s*{TIME}\s*(?:-|–|—|to)\s*{TIME}\s*", re.IGNORECASE)


class Flaw(Enum):
    """Why hours as text cannot be accepted."""

    UNREADABLE = "unreadable"
    BACKWARDS = "backwards"  # or across midnight
    SHORT = "short"
    OVERLAP = "overlap"


class BadHours(ValueError):
    """The text is not a valid set of hours."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


def read_ranges(text: str) -> tuple[Minutes, ...]:
    """Parse "9-12:30, 2 pm to 6 pm" to sorted ranges; an end of 00:00 means midnight at the end. Raises BadHours."""
    parts = [part for part in re.split(r"[,;\n]", text) if part.strip()]
    ranges = sorted(read_range(part) for part in parts)
    for (_starts, ends), (starts, _ends) in pairwise(ranges):
        if starts < ends:
            raise BadHours(Flaw.OVERLAP)
    return tuple(ranges)


def read_range(text: str) -> Minutes:
    found = RANGE.fullmatch(text)
    if found is None:
        raise BadHours(Flaw.UNREADABLE)
    if bool(found[3]) != bool(found[6]):  # "1-5pm": in the night, or in the afternoon?
        raise BadHours(Flaw.UNREADABLE)
    starts, ends = minutes(*found.group(1, 2, 3)), minutes(*found.group(4, 5, 6))
    if starts >= MIDNIGHT:
        raise BadHours(Flaw.UNREADABLE)
    ends = ends or MIDNIGHT
    if ends <= starts:
        raise BadHours(Flaw.BACKWARDS)
    if ends - starts < MINUTES:
        raise BadHours(Flaw.SHORT)
    return starts, ends


def minutes(hour: str, minute: str | None, half: str | None) -> int:
    """Minutes after midnight; 24:00 is the end of the day. Raises BadHours for an impossible time.

    `half` is the "a" of am or the "p" of pm, where the hours go to twelve.
    """
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise BadHours(Flaw.UNREADABLE)
        hours = hours % 12 + (12 if half in "pP" else 0)
    found = hours * 60 + int(minute or 0)
    if int(minute or 0) > 59 or found > MIDNIGHT:
        raise BadHours(Flaw.UNREADABLE)
    return found


def write_ranges(ranges: Iterable[Minutes]) -> str:
    """The inverse of `read_ranges`."""
    return ", ".join(f"{clock(starts)}–{clock(ends)}" for starts, ends in ranges)


def clock(minute: int) -> str:
    """A time of day, given in minutes after midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"
