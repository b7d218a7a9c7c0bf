"""Wording of profiles, bookings, slots and time zones for templates."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consultations import languages, policy, times
from consultations.models import Booking, Slot, Specialist, WaitingEntry
from consultations.models.bookings import Status
from consultations.models.profiles import Format
from guide import themes
from lib import zones
from lib.figures import lasting

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
    """Titles of the themes, in the guide's order."""
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
def waited_for(entry: WaitingEntry) -> str:
    """Whom or what a waiting entry asks for: "Mara L.", "Setting limits, Deutsch"."""
    if entry.specialist:
        return entry.specialist.name
    asked = (entry.theme and theme_title(entry.theme), entry.language and language_name(entry.language))
    return ", ".join(filter(None, asked))


@register.filter
def free_slots(count: int) -> str:
    """`1 free time`, `3 free times`."""
    return ngettext("%(count)s free time", "%(count)s free times", count) % {"count": count}


@register.filter
def monogram(name: str) -> str:
    """Up to two initials: "Mara L." is ML."""
    return "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper()


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
    """A moment as mails write it, with year, zone and UTC offset."""
    here = timezone.localtime(moment)
    return gettext("%(day)s, %(time)s (%(zone)s, %(offset)s)") % {
        "day": date_format(here, "l j F Y"),
        "time": date_format(here, "H:i"),
        "zone": timezone.get_current_timezone_name(),
        "offset": zones.offset(here),
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
    return gettext(", from %(day)s %(offset)s") % words


@register.simple_tag
def minutes_from_utc() -> int:
    """The reader's current UTC offset in minutes."""
    ahead = timezone.localtime().utcoffset()
    return int(ahead.total_seconds() // 60) if ahead else 0


UNSEEN_CHANGES: dict[str, Promise] = {
    Status.BOOKED: _("The specialist changed how you meet. It is shown when it is time."),
    Status.COMPLETED: _("The specialist says that the meeting took place."),
    Status.CLIENT_NO_SHOW: _("The specialist says that you did not come."),
    Status.SPECIALIST_NO_SHOW: _("The specialist says that they were there. A person on our side looks at it."),
    Status.CANCELLED_BY_SPECIALIST: _("The specialist cancelled this meeting."),
}


@register.filter
def unseen_change(booking: Booking) -> str:
    """The change by others that the client has not seen yet."""
    if booking.settled_at:
        return gettext("The objection is settled: %(state)s.") % {"state": state_for_client(booking)}
    return str(UNSEEN_CHANGES.get(booking.status) or gettext("Something about this meeting has changed."))


register.filter(policy.link_is_shown)


@register.filter
def asks_for_fit(booking: Booking, now: datetime) -> bool:
    """Whether to ask the client if it was a fit."""
    return not booking.client_fit and policy.may_answer_fit(booking, now)


@register.filter
def state_for_client(booking: Booking, is_over: bool = False) -> str:
    """The state of a booking, worded for the client; `is_over` makes one that is still booked "past"."""
    return _state(booking, CLIENTS_WORDS, is_over=is_over)


@register.filter
def state_for_specialist(booking: Booking, is_over: bool = False) -> str:
    """The same, worded for the specialist."""
    return _state(booking, SPECIALISTS_WORDS, is_over=is_over)


def _state(booking: Booking, words: Mapping[str, Promise], *, is_over: bool) -> str:
    if is_over and booking.status == Status.BOOKED:
        return gettext("past")
    return str(words.get(booking.status) or Status(booking.status).label)


@register.filter
def objection_for_client(booking: Booking) -> str:
    """Where an objection stands, worded for the client: who made it, or how it was settled."""
    if booking.settled_at:
        return gettext("It is settled: %(state)s.") % {"state": state_for_client(booking)}
    return _objection(booking, {Status.SPECIALIST_NO_SHOW: _("The specialist says that they were there.")})


@register.filter
def objection_for_specialist(booking: Booking) -> str:
    """The same, worded for the specialist."""
    if booking.settled_at:
        return gettext("It is settled: %(state)s.") % {"state": state_for_specialist(booking)}
    return _objection(booking, {Status.CLIENT_NO_SHOW: _("The client says that they were there.")})


def _objection(booking: Booking, by_the_other: Mapping[str, Promise]) -> str:
    said = by_the_other.get(booking.status) or gettext("You said that you were there.")
    return f"{said} {gettext('A person on our side looks at it.')}"


@register.filter
def marks_for_specialist(booking: Booking) -> list[str]:
    """Short marks for whatever distinguishes a booking from one that is simply booked."""
    is_booked = booking.status == Status.BOOKED
    marks = []
    if not is_booked:
        marks.append(state_for_specialist(booking))
    if is_booked and booking.reschedules:
        marks.append(gettext("moved"))
    if booking.settled_at:
        marks.append(gettext("objection settled"))
    elif booking.objected_at:
        marks.append(gettext("Objection"))
    return marks


@register.filter
def state_of_slot(slot: Slot, now: datetime) -> str:
    """The state of a slot without a booking, worded for its specialist."""
    if slot.starts_at <= now:
        return gettext("Past")
    if slot.closed:
        return gettext("Closed")
    return gettext("Free") if slot.is_open else gettext("Not free")


@register.filter
def change_of_slots(kind: str, count: int) -> str:
    """What a change of hours does to `count` slots."""
    match kind:
        case "appear":
            words = ngettext("One time appears", "%(count)s times appear", count)
        case "vanish":
            words = ngettext("One time vanishes", "%(count)s times vanish", count)
        case _:
            words = ngettext(
                "One time stays, because it is booked", "%(count)s times stay, because they are booked", count
            )
    return words % {"count": count}


STANDING: dict[str, Promise] = {
    Specialist.Status.DRAFT: _("Your profile is a draft. Nobody else sees it."),
    Specialist.Status.SUBMITTED: _(
        "Your profile is submitted. A person on our side looks at your entry in the register."
    ),
    Specialist.Status.HIDDEN: _("Your profile is not shown until your entry in the register has been checked again."),
}


@register.filter
def standing(specialist: Specialist, contact: str) -> str:
    """Whether people can find a specialist, and if not, why. `contact`: where to write about a suspension."""
    if specialist.status == Specialist.Status.SUSPENDED:
        return gettext(
            "Your profile is suspended, and what was booked is cancelled. "
            "If you think that this is a mistake, write to %(contact)s."
        ) % {"contact": contact}
    if words := STANDING.get(specialist.status):
        return str(words)
    if specialist.paused:
        return gettext("You are away: nobody can book a new time. What is booked stays.")
    if not specialist.offers_free:
        return gettext("Your profile says that you do not offer the free consultation, so it is not in the list.")
    return gettext("People can find you and book a time.")
