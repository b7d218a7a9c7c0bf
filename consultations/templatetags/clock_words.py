"""Wording of moments and durations, in the reader's time zone.

The zone goes by its place: "Lisbon" beside several times, "Lisbon, UTC+01:00" beside one.
"""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from consultations import times
from lib import zones
from lib.figures import lasting

register = template.Library()


@register.filter
def offset(moment: datetime) -> str:
    """The reader's UTC offset at that moment."""
    return zones.offset(timezone.localtime(moment))


@register.filter
def until(end: datetime, start: datetime) -> str:
    """The end of something that began at `start`, with its day and its UTC offset where they differ from those then."""
    here, began = timezone.localtime(end), timezone.localtime(start)
    words = date_format(here, "H:i" if here.date() == began.date() else "l j F, H:i")
    return words if here.utcoffset() == began.utcoffset() else f"{words} ({zones.offset(here)})"


@register.filter
def clock(moment: datetime) -> str:
    """The reader's time zone at that moment: "Lisbon, UTC+01:00", or just "UTC"."""
    here, words = place(), offset(moment)
    return words if here == words else f"{here}, {words}"


@register.filter
def in_full(moment: datetime) -> str:
    """A moment as mails write it, with year, place and UTC offset."""
    here = timezone.localtime(moment)
    return gettext("%(day)s, %(time)s (%(zone)s)") % {
        "day": date_format(here, "l j F Y"),
        "time": date_format(here, "H:i"),
        "zone": clock(moment),
    }


@register.simple_tag
def lasts(rule: str, unit: str, *, spell: bool = False) -> str:
    """A duration of `times.py` in words: `{% lasts "HORIZON" "weeks" %}` is "6 weeks"."""
    return lasting(getattr(times, rule), unit, spell=spell)


@register.simple_tag
def place() -> str:
    """The place that the reader's time zone is named after."""
    return zones.place(timezone.get_current_timezone_name())


@register.filter
def turn(moment: datetime | None) -> str:
    """Ending for a sentence that names a time zone: from which day which offset holds. Empty without a moment."""
    if moment is None:
        return ""
    words = {"day": date_format(timezone.localtime(moment), "l j F"), "offset": offset(moment)}
    return gettext("; %(offset)s from %(day)s") % words


@register.simple_tag
def minutes_from_utc() -> int:
    """The reader's current UTC offset in minutes."""
    ahead = timezone.localtime().utcoffset()
    return int(ahead.total_seconds() // 60) if ahead else 0
