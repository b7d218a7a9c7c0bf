"""Helplines, from `reflect/content/helplines.toml`, with what staff recorded about them.

Pages that show helplines must not need the database, so a job writes the record into a file (`reflect/publishing.py`),
which is read here. Where it is missing or damaged, the lines are shown as they come with the code.
"""

import datetime
import json
import logging
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HELPLINES = Path(__file__).resolve().parent / "content" / "helplines.toml"
RECORDS = "helplines.json"  # in PAGES_FOLDER
STALE_AFTER = datetime.timedelta(days=180)
ANYWHERE = "INT"

logger = logging.getLogger(__name__)

COUNTRIES: Mapping[str, Promise] = {
    "AU": _("Australia"),
    "CA": _("Canada"),
    "FR": _("France"),
    "DE": _("Germany"),
    "IE": _("Ireland"),
    "NZ": _("New Zealand"),
    "ES": _("Spain"),
    "UK": _("United Kingdom"),
    "US": _("United States"),
    "EU": _("Another country in the European Union"),
}


class Kind(IntEnum):
    """What a helpline is for, in the order of display."""

    EMERGENCY = 0
    EMOTIONAL = 1
    ABUSE = 2

    @property
    def label(self) -> Promise:
        return (_("Emergency"), _("Someone to listen"), _("Fear or harm at home"))[self]


@dataclass(frozen=True, slots=True)
class Record:
    """What staff recorded about a line. `checked_as` are the `facts` of the line that they checked."""

    checked_on: datetime.date | None = None
    checked_as: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Helpline:
    """One service, and when somebody last checked it on the service's own site (None: never)."""

    key: str
    country: str
    name: str
    kind: Kind
    number: str
    text: str
    url: str
    hours: str
    note: str
    source_url: str
    verified_on: datetime.date | None

    @property
    def facts(self) -> str:
        """What somebody checks. A check does not count for a later release that says something else here."""
        return "\n".join((self.number, self.text, self.url, self.hours))

    @property
    def tel(self) -> str:
        """The number for a `tel:` link."""
        return "".join(character for character in self.number if character in "+0123456789")

    @property
    def host(self) -> str:
        """The site's host, shown as the text of its link."""
        return urlsplit(self.url).netloc.removeprefix("www.")

    def is_stale(self, today: datetime.date) -> bool:
        """Whether the last check is more than half a year ago, or there was none."""
        return self.verified_on is None or today - self.verified_on > STALE_AFTER

    def as_recorded(self, record: Record) -> Self:
        """The line with the later of two checks: its own, and the recorded one if it was of the same facts."""
        recorded_on = record.checked_on if record.checked_as == self.facts else None
        return replace(self, verified_on=max(filter(None, (self.verified_on, recorded_on)), default=None))


@dataclass(frozen=True, slots=True)
class Country:
    """The lines of a country: its emergency numbers, and those of other services."""

    code: str
    name: Promise
    helplines: Sequence[Helpline]

    @property
    def emergency(self) -> Sequence[Helpline]:
        return [line for line in self.helplines if line.kind is Kind.EMERGENCY]

    @property
    def others(self) -> Sequence[Helpline]:
        return [line for line in self.helplines if line.kind is not Kind.EMERGENCY]

    @property
    def others_verified_on(self) -> datetime.date | None:
        """When the other services were last checked, all of them; None if one never was."""
        dates = [line.verified_on for line in self.others]
        return min(date for date in dates if date) if dates and all(dates) else None


@cache
def shipped() -> Sequence[Helpline]:
    """All helplines of the code, sorted by kind within each country."""
    rows = tomllib.loads(HELPLINES.read_text(encoding="utf-8"))["helplines"]
    return sorted((read_helpline(row) for row in rows), key=lambda line: line.kind)


def read_helpline(row: Mapping[str, str | bool]) -> Helpline:
    """Parse a row. Raises KeyError or ValueError if it is incomplete or invalid."""
    names = ("key", "country", "name", "number", "text", "url", "hours", "note", "source_url")
    words = {name: str(row[name]) for name in names}
    checked = not row["unverified"]
    return Helpline(
        kind=Kind[str(row["kind"]).upper()],
        verified_on=datetime.date.fromisoformat(str(row["verified_on"])) if checked else None,
        **words,
    )


def helplines() -> Sequence[Helpline]:
    """The lines that are shown. Reads a file, and never the database."""
    return shown(shipped(), published_records())


def shown(lines: Sequence[Helpline], records: Mapping[str, Record]) -> Sequence[Helpline]:
    """These lines as recorded, without the hidden ones."""
    hidden = {key for key, record in records.items() if record.hidden}
    return [
        line.as_recorded(records.get(line.key, Record()))
        for line in lines
        if line.key not in hidden or is_kept(line, lines, hidden)
    ]


def is_kept(line: Helpline, lines: Sequence[Helpline], hidden: Collection[str]) -> bool:
    """Whether a line is never hidden: an emergency number, or what is left of a list."""
    return line.kind is Kind.EMERGENCY or all(
        other.key in hidden for other in in_country(line.country, lines) if other != line
    )


def published_records() -> Mapping[str, Record]:
    """What was written by `records_as_json`; nothing where the file is missing or damaged."""
    try:
        return read_records(Path(settings.PAGES_FOLDER, RECORDS).read_bytes())
    except FileNotFoundError:
        return {}
    except Exception:
        logger.exception("What staff recorded about helplines cannot be read: the lines are shown as shipped.")
        return {}


def records_as_json(records: Mapping[str, Record]) -> bytes:
    return json.dumps({key: asdict(record) for key, record in records.items()}, default=str, indent=1).encode()


def read_records(source: bytes) -> dict[str, Record]:
    """Parse what `records_as_json` writes."""
    return {
        key: Record(
            checked_on=datetime.date.fromisoformat(row["checked_on"]) if row["checked_on"] is not None else None,
            checked_as=row["checked_as"],
            hidden=row["hidden"] is True,
        )
        for key, row in json.loads(source).items()
    }


def by_country(lines: Sequence[Helpline]) -> Sequence[Country]:
    """Countries in order of name, with the rest of the European Union last."""
    return [Country(code, name, in_country(code, lines)) for code, name in COUNTRIES.items()]


def directories(lines: Sequence[Helpline]) -> Sequence[Helpline]:
    """Directories that cover many countries."""
    return in_country(ANYWHERE, lines)


def in_country(code: str, lines: Sequence[Helpline]) -> Sequence[Helpline]:
    return [line for line in lines if line.country == code]
