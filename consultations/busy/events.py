"""Which events of a calendar make their time busy, and when those are.

Free is what its owner or their program says is free: transparent, cancelled, declined by them, Outlook's FREE and
WORKINGELSEWHERE; and the meetings that the calendar has from us. Everything else is busy, tentative events too.
"""

import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import recurring_ical_events
from icalendar import Calendar
from icalendar.prop import vDuration
from icalendar.timezone import tzp
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from consultations.busy.answers import Range, Wanted
from consultations.busy.rules import begun_later, never_counted_out, rule_of
from consultations.busy.scan import MOST_RANGES, Event, Line, Scanned, TooMuch

FREE_IN_OUTLOOK = {"FREE", "WORKINGELSEWHERE"}
MARGIN = timedelta(days=2)  # between dates of any zone and instants
A_SERIES_TAKES = 0.5  # seconds of processor time, at most
DAY = timedelta(days=1)

type When = date | datetime


@dataclass(frozen=True, slots=True)
class Found:
    """The busy ranges, in order and apart from each other; and how many events could not be read."""

    ranges: list[Range]
    left_out: int


def found_in(scanned: Scanned, wanted: Wanted) -> Found:
    """When a calendar is busy within the window. An event that cannot be read is left out. Raises TooMuch."""
    calendar = OwnCalendar(scanned, wanted)
    ranges: list[Range] = []
    left_out = 0
    for series in by_uid(scanned.events):
        try:
            made = list(calendar.ranges_of(series))
        except TooMuch:
            raise
        except Exception:  # whatever a library makes of a bad event: the others are read
            left_out += 1
        else:
            ranges += made
            if len(ranges) > MOST_RANGES:
                raise TooMuch
    return Found(joined(ranges), left_out)


def by_uid(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Events with what was changed of them; one without a UID stands alone."""
    series: defaultdict[str | int, list[Event]] = defaultdict(list)
    for number, event in enumerate(events):
        series[value_of(event, "UID") or number].append(event)
    return iter(series.values())


def joined(ranges: Iterable[Range]) -> list[Range]:
    """The same time in as few ranges as there can be, in order."""
    found: list[Range] = []
    for starts, ends in sorted(ranges):
        if found and starts <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((starts, ends))
    return found


class OwnCalendar:
    """One scanned calendar: its zones, its owner, and the window that is looked at."""

    def __init__(self, scanned: Scanned, wanted: Wanted) -> None:
        tzp.use_default()  # forgets the zones of another file
        self.wanted = wanted
        self.written_zones = scanned.zones
        self.named_zones: dict[str, str] = {}
        self.zone_name = known_zone(scanned.own.get("X-WR-TIMEZONE", "")) or known_zone(wanted.zone) or "UTC"
        self.zone = ZoneInfo(self.zone_name)
        name = scanned.own.get("X-WR-CALNAME", "").lower()
        self.owners = wanted.owners | ({name} if "@" in name else set())  # Google names a calendar by its owner

    def ranges_of(self, series: list[Event]) -> Iterator[Range]:
        """The busy ranges of an event and of all its repetitions, cut to the window."""
        alone = len(series) == 1 and not any(line.name in {"RRULE", "RDATE", "RECURRENCE-ID"} for line in series[0])
        times = self.single(series[0]) if alone else self.repeated(series)
        for starts, ends in times:
            begins, over = max(starts, self.wanted.starts_at), min(ends, self.wanted.ends_at)
            if begins < over:
                yield begins, over

    def single(self, event: Event) -> Iterator[Range]:
        """The time of an event that does not repeat. Most are over: they are told by their dates."""
        if self.is_free(event):
            return
        starts, ends = self.line(event, "DTSTART"), self.line(event, "DTEND")
        if starts is None:
            raise ValueError
        if day_of(starts) > (self.wanted.ends_at + MARGIN).date():
            return
        if ends is not None and day_of(ends) < (self.wanted.starts_at - MARGIN).date():
            return
        first = self.moment(starts)
        yield from self.as_range(event, first, self.moment(ends) if ends else end_without(event, first))

    def repeated(self, series: list[Event]) -> Iterator[Range]:
        """The times of an event that repeats, each as its own changed event says if there is one."""
        text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Reflect//EN"]
        for event in series:
            text += ["BEGIN:VEVENT", *map(written, self.to_expand(event)), "END:VEVENT"]
        with within_seconds(A_SERIES_TAKES):
            calendar = Calendar.from_ical("\r\n".join([*text, "END:VCALENDAR", ""]))
            query = recurring_ical_events.of(calendar)
            for one in query.between(self.wanted.starts_at - MARGIN, self.wanted.ends_at + MARGIN):
                if "X-FREE" not in one:
                    is_all_day = "X-ALL-DAY" in one
                    yield from self.busy(one["DTSTART"].dt, one["DTEND"].dt, is_all_day=is_all_day)

    def to_expand(self, event: Event) -> Iterator[Line]:
        """The lines that a series is expanded from: with plain zones, and a rule that begins near the window."""
        starts, ends = self.line(event, "DTSTART"), self.line(event, "DTEND")
        if starts is None:
            raise ValueError
        first = self.moment(starts)
        last = self.moment(ends) if ends else end_without(event, first)
        if is_before(last, first):
            raise ValueError
        if self.is_free(event):
            yield Line("X-FREE", {}, "1")
        if value_of(event, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE":
            yield Line("X-ALL-DAY", {}, "1")
        begins, shift = self.wanted.starts_at.date() - MARGIN - (last - first), timedelta()
        rules = [rule_of(line.value) for line in event if line.name == "RRULE"]
        rules = [never_counted_out(rule, as_day(first), self.wanted.ends_at.date() + MARGIN) for rule in rules]
        if len(rules) == 1 and not any(line.name == "RDATE" for line in event):
            shift = begun_later(rules[0], as_day(first), begins) - as_day(first)
        yield Line("UID", {}, value_of(event, "UID") or "-")
        yield from (line for line in event if line.name == "SEQUENCE")
        yield shifted(starts, shift)
        yield shifted(ends, shift) if ends else line_of("DTEND", last + shift, starts)
        yield from (Line("RRULE", {}, str(rule)) for rule in rules)
        for line in event:
            if line.name in {"RDATE", "EXDATE", "RECURRENCE-ID"}:
                yield self.with_zone(line)

    def as_range(self, event: Event, starts: When, ends: When) -> Iterator[Range]:
        is_all_day = value_of(event, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
        if is_before(ends, starts):
            raise ValueError
        return self.busy(starts, ends, is_all_day=is_all_day)

    def busy(self, starts: When, ends: When, *, is_all_day: bool) -> Iterator[Range]:
        """The range of one occurrence; none for an all-day one where those do not count."""
        is_all_day = is_all_day or not isinstance(starts, datetime)
        if self.wanted.all_day or not is_all_day:
            yield instant(starts, self.zone), instant(ends, self.zone)

    def is_free(self, event: Event) -> bool:
        """Whether an event leaves its time free."""
        return (
            value_of(event, "TRANSP").upper() == "TRANSPARENT"
            or value_of(event, "STATUS").upper() == "CANCELLED"
            or value_of(event, "X-MICROSOFT-CDO-BUSYSTATUS").upper() in FREE_IN_OUTLOOK
            or value_of(event, "UID") in self.wanted.ours
            or any(self.is_declined(line) for line in event if line.name == "ATTENDEE")
        )

    def is_declined(self, line: Line) -> bool:
        """Whether a guest who declined is the owner."""
        return line.parameters.get("PARTSTAT", "").upper() == "DECLINED" and address_of(line.value) in self.owners

    def line(self, event: Event, name: str) -> Line | None:
        found = next((line for line in event if line.name == name), None)
        return self.with_zone(found) if found else None

    def with_zone(self, line: Line) -> Line:
        """A line of times with a zone that the libraries know: what names none is by the calendar's own clock."""
        kept: dict[str, str] = {
            name: line.parameters[name].upper() for name in ("VALUE", "RANGE") if name in line.parameters
        }
        if not all(value.isalpha() for value in kept.values()):
            raise ValueError
        if is_date(line):
            return replace(line, parameters=kept | {"VALUE": "DATE"})
        if is_utc(line):
            return replace(line, parameters=kept)
        tzid = line.parameters.get("TZID", "")
        return replace(line, parameters=kept | {"TZID": self.zone_called(tzid) if tzid else self.zone_name})

    def zone_called(self, tzid: str) -> str:
        """The name that a zone has here. A known one is that of the database of zones, whatever the file says of it."""
        if tzid not in self.named_zones:
            self.named_zones[tzid] = known_zone(tzid) or self.written_zone(tzid) or self.zone_name
        return self.named_zones[tzid]

    def written_zone(self, tzid: str) -> str:
        """Make the zone that the file describes known to the libraries, under a plain name."""
        if tzid not in self.written_zones:
            return ""
        name = f"reflect-{len(self.named_zones)}"
        lines = [f"TZID:{name}" if line.upper().startswith("TZID") else line for line in self.written_zones[tzid]]
        for line in lines:
            if line.upper().startswith("RRULE:"):
                rule_of(line[6:])
        with within_seconds(A_SERIES_TAKES):
            Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]))
        return name if tzp.timezone(name) else ""

    def moment(self, line: Line) -> When:
        """The date or time of a line; a time has a zone."""
        value = line.value.strip()
        if is_date(line):
            return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
        clock = time(int(value[9:11]), int(value[11:13]), min(int(value[13:15] or 0), 59))
        zone: tzinfo | None = UTC if is_utc(line) else tzp.timezone(line.parameters["TZID"])
        if value[8] not in "Tt" or zone is None:
            raise ValueError
        return datetime.combine(date(int(value[:4]), int(value[4:6]), int(value[6:8])), clock, zone)


def known_zone(name: str) -> str:
    """The name of a zone in the database: itself, what Windows calls it, or what stands at the end of a long name."""
    plain = name.strip(' "/')
    parts = plain.split("/")
    tails = ("/".join(parts[number:]) for number in range(1, len(parts)))
    return next((one for one in (plain, WINDOWS_TO_OLSON.get(plain, ""), *tails) if one in zones()), "")


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_date(line: Line) -> bool:
    value = line.value.split(",", 1)[0].strip()
    return len(value) == len("20260101") and value.isdecimal()


def is_utc(line: Line) -> bool:
    return line.value.strip().upper()[:16].endswith("Z")


def day_of(line: Line) -> date:
    """The day on which a line's time is, by its own clock."""
    value = line.value.strip()
    return date(int(value[:4]), int(value[4:6]), int(value[6:8]))


def as_day(moment: When) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def instant(moment: When, zone: tzinfo) -> datetime:
    """In UTC; a date begins with its midnight in this zone."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def is_before(one: When, other: When) -> bool:
    """Whether a time is before another of its kind. Raises ValueError for a date and a time."""
    if isinstance(one, datetime) != isinstance(other, datetime):
        raise ValueError
    return one < other


def end_without(event: Event, starts: When) -> When:
    """When an event without DTEND ends: by its duration; else with its day, or at once."""
    if duration := value_of(event, "DURATION"):
        lasts: timedelta = vDuration.from_ical(duration)  # type: ignore[no-untyped-call]
        return starts + lasts
    return starts if isinstance(starts, datetime) else starts + DAY


def shifted(line: Line, by: timedelta) -> Line:
    day = (day_of(line) + by).strftime("%Y%m%d")
    return replace(line, value=day + line.value.strip()[8:])


def line_of(name: str, moment: When, like: Line) -> Line:
    """A line with this time, by the same clock as another."""
    written = moment.strftime("%Y%m%dT%H%M%S") if isinstance(moment, datetime) else moment.strftime("%Y%m%d")
    return Line(name, like.parameters, written + ("Z" if is_utc(like) else ""))


def written(line: Line) -> str:
    return "".join([line.name, *(f";{name}={value}" for name, value in line.parameters.items()), ":", line.value])


def value_of(event: Event, name: str) -> str:
    return next((line.value.strip() for line in event if line.name == name), "")


def address_of(value: str) -> str:
    return value.strip().lower().removeprefix("mailto:")


@contextmanager
def within_seconds(seconds: float) -> Iterator[None]:
    """Give up after so much processor time: a rule that never holds is looked for until the year 9999."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    before: Callable[..., object] | int | None = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
