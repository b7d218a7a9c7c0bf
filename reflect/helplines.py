"""Helplines, from `reflect/content/helplines.toml`."""

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HELPLINES = Path(__file__).resolve().parent / "content" / "helplines.toml"
STALE_AFTER = datetime.timedelta(days=180)
ANYWHERE = "INT"

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
class Helpline:
    """One service, and when somebody last checked it on the service's own site (None: never)."""

    country: str
    name: str
    kind: Kind
    number: str
    text: str
    url: str
    hours: str
    note: str
    verified_on: datetime.date | None

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
def helplines() -> Sequence[Helpline]:
    """All helplines, sorted by kind within each country."""
    rows = tomllib.loads(HELPLINES.read_text(encoding="utf-8"))["helplines"]
    return sorted((read_helpline(row) for row in rows), key=lambda line: line.kind)


def read_helpline(row: Mapping[str, str | bool]) -> Helpline:
    """Parse a row. Raises KeyError or ValueError if it is incomplete or invalid."""
    words = {key: str(row[key]) for key in ("country", "name", "number", "text", "url", "hours", "note")}
    checked = not row["unverified"]
    return Helpline(
        kind=Kind[str(row["kind"]).upper()],
        verified_on=datetime.date.fromisoformat(str(row["verified_on"])) if checked else None,
        **words,
    )


def by_country() -> Sequence[Country]:
    """Countries in order of name, with the rest of the European Union last."""
    return [Country(code, name, in_country(code)) for code, name in COUNTRIES.items()]


def directories() -> Sequence[Helpline]:
    """Directories that cover many countries."""
    return in_country(ANYWHERE)


def in_country(code: str) -> Sequence[Helpline]:
    return [line for line in helplines() if line.country == code]
