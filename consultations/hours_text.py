"""Hours as specialists write them, "09:00–12:30, 14:00–18:00", and what a new week does to the weeks that there are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise

from consultations.slots import MINUTES, Minutes, Weekly
from consultations.times import MIDNIGHT

DAY = timedelta(days=1)
TIME = r"(\d{1,2})(?:[:.h](\d{2}))?"
RANGE = re.compile(rf"\s*{TIME}\s*(?:-|–|—|to)\s*{TIME}\s*")

type Week = Mapping[int, Sequence[Minutes]]  # ranges by weekday (Monday is 0)


class Flaw(Enum):
    """What is wrong with hours that somebody wrote."""

    UNREADABLE = "unreadable"
    BACKWARDS = "backwards"  # or across midnight
    SHORT = "short"
    OVERLAP = "overlap"


class BadHours(ValueError):
    """Hours that cannot be kept."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


def read_ranges(text: str) -> tuple[Minutes, ...]:
    """Ranges of one day in their order, from "9-12:30, 14:00–24:00"; an end at 00:00 is the day's. Raises BadHours."""
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
    starts, ends = minutes(found[1], found[2]), minutes(found[3], found[4])
    if starts >= MIDNIGHT:
        raise BadHours(Flaw.UNREADABLE)
    ends = ends or MIDNIGHT
    if ends <= starts:
        raise BadHours(Flaw.BACKWARDS)
    if ends - starts < MINUTES:
        raise BadHours(Flaw.SHORT)
    return starts, ends


def minutes(hour: str, minute: str | None) -> int:
    """Minutes after midnight; 24:00 is the day's end. Raises BadHours for what no clock shows."""
    found = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or found > MIDNIGHT:
        raise BadHours(Flaw.UNREADABLE)
    return found


def write_ranges(ranges: Iterable[Minutes]) -> str:
    """The same as text, as it can be read again."""
    return ", ".join(f"{clock(starts)}–{clock(ends)}" for starts, ends in ranges)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def replaced(hours: Iterable[Weekly], week: Week, first: date, last: date | None) -> list[Weekly]:
    """The hours after a week was written for the days from `first` to `last` (none: for good); others stay."""
    kept = []
    for rule in hours:
        before = min(rule.valid_to, first - DAY) if rule.valid_to else first - DAY
        if rule.valid_from <= before:
            kept.append(Weekly(rule.weekday, rule.starts, rule.ends, rule.valid_from, before))
        if last is not None:
            after = max(rule.valid_from, last + DAY)
            if rule.valid_to is None or after <= rule.valid_to:
                kept.append(Weekly(rule.weekday, rule.starts, rule.ends, after, rule.valid_to))
    new = [Weekly(weekday, starts, ends, first, last) for weekday, ranges in week.items() for starts, ends in ranges]
    return kept + new


def week_on(hours: Iterable[Weekly], day: date) -> dict[int, list[Minutes]]:
    """The week that holds on a day, by weekday."""
    week: dict[int, list[Minutes]] = {}
    for rule in sorted(hours, key=lambda rule: rule.starts):
        if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to):
            week.setdefault(rule.weekday, []).append((rule.starts, rule.ends))
    return week
