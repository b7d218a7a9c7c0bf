"""Time zones by name, as people pick and keep them.

Their rules are those of the pinned `tzdata`, and not of the machine: `reflect/settings.py` sees to that.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

# Governments change their clocks several times a year. Both move with the pin of `tzdata`.
ZONES_VERSION, ZONES_AS_OF = "2026.6", date(2026, 11, 23)
STALE_AFTER = timedelta(days=365)
COMPARED, APART = 24, timedelta(days=30)  # instants at which two sources of zones are compared

type Choices = list[tuple[str, str | list[tuple[str, str]]]]

AREAS = (
    *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/"),
    *("Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"),
)


def zone(name: str) -> tzinfo:
    """The zone of this name; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def offset(moment: datetime) -> str:
    """How far the clock of an aware moment is from UTC: "UTC+05:45", and "UTC" alone where it is the same."""
    words = moment.strftime("%:z")
    return "UTC" if words == "+00:00" else f"UTC{words}"


def zone_choices(kept: str = "UTC") -> Choices:
    """UTC, then the places of each area, as choices of a form field: `("Europe", [("Europe/Paris", "Paris"), …])`.

    A place stands there by its name of today. `kept` is somebody's own zone: it is a choice whatever it is called.
    """
    return _choices() if kept in offered() else [*_choices(), (kept, place(kept))]


@cache
def offered() -> list[str]:
    """The names of all zones that are a choice: UTC first."""
    names = sorted(available_timezones() - old_names().keys())
    return ["UTC", *(name for name in names if name.startswith(AREAS))]


def of_device(name: str) -> str:
    """The zone that a device names, perhaps by its former name, as it is offered; empty if it is not."""
    today = old_names().get(name, name)
    return today if today in offered() else ""


def are_stale(today: date) -> bool:
    """Whether the pinned zones are older than a year."""
    return today - ZONES_AS_OF > STALE_AFTER


def compared_at(now: datetime) -> list[datetime]:
    """The instants, all from now on and in all seasons, at which the zones of two sources have to agree."""
    return [now + number * APART for number in range(COMPARED)]


@cache
def old_names() -> Mapping[str, str]:
    """Former zone names mapped to current ones, such as Asia/Calcutta to Asia/Kolkata."""
    folder = files("tzdata") / "zoneinfo"
    rows = (line.split("\t") for line in (folder / "zone.tab").read_text(encoding="utf-8").splitlines())
    today = {row[2] for row in rows if len(row) > 2}
    lines = (line.split() for line in (folder / "tzdata.zi").read_text(encoding="utf-8").splitlines())
    links = {line[2]: line[1] for line in lines if line[0] == "L"}
    return {old: name for old, name in links.items() if old not in today and name.startswith(AREAS)}


@cache
def _choices() -> Choices:
    places = {area: [name for name in offered() if name.startswith(area)] for area in AREAS}
    return [
        ("UTC", "UTC"),
        *((area.strip("/"), [(name, place(name)) for name in found]) for area, found in places.items()),
    ]


def place(name: str) -> str:
    """The place that a zone is named by: "Lisbon", "Buenos Aires, Argentina"."""
    return ", ".join(reversed(name.split("/")[1:])).replace("_", " ") or name
