"""Time zones by name, as people pick and keep them."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

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
    known = kept == "UTC" or (kept in (available_timezones() - old_names().keys()) and kept.startswith(AREAS))
    return _choices() if known else [*_choices(), (kept, place(kept))]


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
    names = sorted(available_timezones() - old_names().keys())
    places = {area: [name for name in names if name.startswith(area)] for area in AREAS}
    return [
        ("UTC", "UTC"),
        *((area.strip("/"), [(name, place(name)) for name in found]) for area, found in places.items()),
    ]


def place(name: str) -> str:
    """The place that a zone is named by: "Lisbon", "Buenos Aires, Argentina"."""
    return ", ".join(reversed(name.split("/")[1:])).replace("_", " ") or name
