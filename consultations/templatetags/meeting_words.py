"""Words for what a profile keeps as codes, and for the clock by which somebody reads."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consultations import languages, policy, times
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from consultations.models.profiles import Format
from guide import themes
from reflect.lib import zones
from reflect.lib.figures import lasting

register = template.Library()

CLIENTS_WORDS: dict[str, Promise] = {
    Status.CANCELLED_BY_CLIENT: _("you cancelled"),
    Status.CLIENT_NO_SHOW: _("noted that you did not come"),
}
SPECIALISTS_WORDS: dict[str, Promise] = {
    Status.CANCELLED_BY_SPECIALIST: _("you cancelled"),
    Status.SPECIALIST_NO_SHOW: _("noted that you did not come"),
}


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Each language by its own name."""
    return ", ".join(languages.named(code) for code in codes)


@register.filter
def theme_titles(keys: Iterable[str]) -> list[str]:
    """The names of the themes, in the guide's order."""
    chosen = set(keys)
    return [themes.title(key) for key in themes.KEYS if key in chosen]


@register.filter
def language_name(code: str) -> str:
    return languages.named(code)


@register.filter
def theme_title(key: str) -> str:
    return themes.title(key) if key in themes.KEYS else key


@register.filter
def format_names(values: Iterable[str]) -> str:
    """The ways to meet, always in the same order."""
    chosen = set(values)
    return ", ".join(str(choice.label) for choice in Format if choice.value in chosen)


@register.filter
def practised(specialist: Specialist) -> str:
    """The profession and the years in it: "Psychologist, 12 years"; either may be missing."""
    years = specialist.years or 0
    since = ngettext("%(years)s year", "%(years)s years", years) % {"years": years} if years else ""
    return ", ".join(filter(None, (specialist.profession, since)))


@register.filter
def monogram(name: str) -> str:
    """Up to two initials: "Mara L." is ML."""
    return "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper()


@register.filter
def offset(moment: datetime) -> str:
    """How far the reader's clock is from UTC at that moment."""
    return zones.offset(timezone.localtime(moment))


@register.filter
def until(end: datetime, start: datetime) -> str:
    """When something ends that began at `start`: with its day where that is another one, and its offset likewise."""
    here, began = timezone.localtime(end), timezone.localtime(start)
    words = date_format(here, "H:i" if here.date() == began.date() else "l j F, H:i")
    return words if here.utcoffset() == began.utcoffset() else f"{words} ({zones.offset(here)})"


@register.filter
def clock(moment: datetime) -> str:
    """The reader's clock at that moment: "Lisbon, UTC+01:00", and "UTC" alone for UTC."""
    here, words = place(), offset(moment)
    return words if here == words else f"{here}, {words}"


@register.filter
def in_full(moment: datetime) -> str:
    """A moment in full, as mails give it: with its year, its zone and its offset."""
    here = timezone.localtime(moment)
    return gettext("%(day)s, %(time)s (%(zone)s, %(offset)s)") % {
        "day": date_format(here, "l j F Y"),
        "time": date_format(here, "H:i"),
        "zone": timezone.get_current_timezone_name(),
        "offset": zones.offset(here),
    }


@register.simple_tag
def lasts(rule: str, unit: str, *, spell: bool = False) -> str:
    """How long a rule of `times.py` lasts: `{% lasts "HORIZON" "weeks" %}` is "6 weeks"."""
    return lasting(getattr(times, rule), unit, spell=spell)


@register.simple_tag
def place() -> str:
    """The place whose clock the reader goes by."""
    return zones.place(timezone.get_current_timezone_name())


@register.simple_tag
def minutes_from_utc() -> int:
    """How far the reader's clock is from UTC now."""
    ahead = timezone.localtime().utcoffset()
    return int(ahead.total_seconds() // 60) if ahead else 0


NEWS: dict[str, Promise] = {
    Status.BOOKED: _("The specialist changed how you meet. It is shown when it is time."),
    Status.COMPLETED: _("The specialist says that the meeting took place."),
    Status.CLIENT_NO_SHOW: _("The specialist says that you did not come."),
    Status.SPECIALIST_NO_SHOW: _("The specialist says that they were there. A person on our side looks at it."),
    Status.CANCELLED_BY_SPECIALIST: _("The specialist cancelled this meeting."),
}


@register.filter
def news_for_client(booking: Booking) -> str:
    """What the client has not seen yet of what others changed."""
    if booking.settled_at:
        return gettext("The objection is settled: %(state)s.") % {"state": state_for_client(booking)}
    return str(NEWS.get(booking.status) or gettext("Something about this meeting has changed."))


register.filter(policy.link_is_shown)


@register.filter
def asks_for_fit(booking: Booking, now: datetime) -> bool:
    """Whether the client can still answer whether it was a fit."""
    return not booking.client_fit and policy.may_answer_fit(booking, now)


@register.filter
def state_for_client(booking: Booking) -> str:
    """What has become of a meeting, said to the client."""
    return str(CLIENTS_WORDS.get(booking.status) or Status(booking.status).label)


@register.filter
def state_for_specialist(booking: Booking) -> str:
    """The same, said to the specialist."""
    return str(SPECIALISTS_WORDS.get(booking.status) or Status(booking.status).label)
