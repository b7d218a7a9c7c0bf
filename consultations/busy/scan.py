"""The lines of a calendar file, looked at before any library sees them: what is counted, what is kept, what is refused.

Of an event only the lines that say when it is and whether it counts are kept; titles, places, notes and guests are
passed over here and never parsed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

MOST_COMPONENTS = 20_000
MOST_RULES = 2_000
MOST_RANGES = 5_000
MOST_DATES = 20_000  # that are listed, in RDATE and EXDATE
LONGEST_LINE = 200_000  # characters of a line that is kept, unfolded: some 10,000 exceptions to one rule

FOLD = re.compile(rb"\r?\n[ \t]|\r[ \t]")
NAME = re.compile(r"[A-Za-z0-9-]+")
KEPT = frozenset(
    {
        *("UID", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"),
        *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"),
    }
)
OF_CALENDAR = frozenset({"X-WR-TIMEZONE", "X-WR-CALNAME"})
RULES, DATES = frozenset({"RRULE", "EXRULE"}), frozenset({"RDATE", "EXDATE"})


class Refused(Exception):
    """The file is not read."""


class NoCalendar(Refused):
    """It is no calendar, or ends before its end."""


class TooMuch(Refused):
    """It holds more than is read."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file: its name, its parameters by their names, and its value."""

    name: str
    parameters: dict[str, str]
    value: str


type Event = list[Line]


@dataclass(slots=True)
class Scanned:
    """What is of use in a calendar: its own lines by name, its zones as they are written, and its events."""

    own: dict[str, str] = field(default_factory=dict)
    zones: dict[str, list[str]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def scan(content: bytes) -> Scanned:
    """The calendars of a file as one. Raises NoCalendar and TooMuch."""
    scanned, open_components = Scanned(), list[str]()
    event: Event = []
    zone: list[str] = []
    components = rules = dates = calendars = 0
    for line in lines_of(content):
        name = name_of(line)
        if name == "BEGIN":
            components += 1
            open_components.append(line[6:].strip().upper())
        if not open_components:
            raise NoCalendar
        rules += name in RULES
        dates += 1 + line.count(",") if name in DATES else 0
        if components > MOST_COMPONENTS or rules > MOST_RULES or dates > MOST_DATES:
            raise TooMuch
        inside, depth = open_components[-1], len(open_components)
        if depth > 1 and open_components[1] == "VTIMEZONE":
            zone.append(line)
        elif inside == "VEVENT" and depth == 2 and (name in KEPT or is_refusal(name, line)):
            event.append(parsed(line))
        elif depth == 1 and name in OF_CALENDAR:
            scanned.own.setdefault(name, parsed(line).value.strip())
        if name == "END":
            if open_components.pop() != line[4:].strip().upper():
                raise NoCalendar
            if depth == 1:
                calendars += inside == "VCALENDAR"
            elif depth == 2 and inside == "VEVENT":
                scanned.events.append(event)
                event = []
            elif depth == 2 and inside == "VTIMEZONE":
                scanned.zones[zone_name(zone)] = zone
                zone = []
    if open_components or not calendars:
        raise NoCalendar
    return scanned


def lines_of(content: bytes) -> Iterator[str]:
    """The lines, unfolded, without the empty ones. A line that folds within a letter of several bytes is whole, too."""
    unfolded = FOLD.sub(b"", content.removeprefix(b"\xef\xbb\xbf"))
    return (line for line in re.split(r"\r?\n|\r", unfolded.decode(errors="replace")) if line)


def name_of(line: str) -> str:
    found = NAME.match(line)
    return found[0].upper() if found else ""


def is_refusal(name: str, line: str) -> bool:
    """Whether a line says that somebody does not come: of guests, nothing else is looked at."""
    return name == "ATTENDEE" and "DECLINED" in line.upper()


def parsed(line: str) -> Line:
    """Name, parameters and value of a line; a colon or semicolon between quotes belongs to the parameter."""
    if len(line) > LONGEST_LINE:
        raise TooMuch
    if '"' in line:
        name, parameters, value = split_by_quotes(line)
    else:
        head, _colon, value = line.partition(":")
        name, *parameters = head.split(";")
    pairs = (parameter.partition("=")[0::2] for parameter in parameters)
    return Line(name.upper(), {key.upper(): found.strip('"') for key, found in pairs}, value)


def split_by_quotes(line: str) -> tuple[str, list[str], str]:
    """Name, parameters and value of a line where some of them stand between quotes; in one pass."""
    cuts, is_quoted, end = [-1], False, len(line)
    for at, character in enumerate(line):
        if character == '"':
            is_quoted = not is_quoted
        elif not is_quoted and character == ";":
            cuts.append(at)
        elif not is_quoted and character == ":":
            end = at
            break
    name, *parameters = (line[start + 1 : stop] for start, stop in pairwise([*cuts, end]))
    return name, parameters, line[end + 1 :]


def zone_name(lines: list[str]) -> str:
    return next((parsed(line).value for line in lines if name_of(line) == "TZID"), "")


def without_stamps(content: bytes) -> bytes:
    """A file without the times at which its lines were written out."""
    return re.sub(rb"(?m)^DTSTAMP[^\r\n]*\r?\n?", b"", content)
