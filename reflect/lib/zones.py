"""Time zones by name, as people pick and keep them."""

from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
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


@cache
def zone_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """UTC, then the places of each area, as choices of a form field: `("Europe", [("Europe/Paris", "Paris"), …])`."""
    names = sorted(available_timezones())
    places = {area: [name for name in names if name.startswith(f"{area}/")] for area in AREAS}
    return [("UTC", "UTC"), *((area, [(name, _place(name)) for name in found]) for area, found in places.items())]


def _place(name: str) -> str:
    return ", ".join(reversed(name.split("/")[1:])).replace("_", " ")
