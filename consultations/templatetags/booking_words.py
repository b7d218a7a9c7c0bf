"""Wording of bookings and slots, for the client and for the specialist."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consultations import policy
from consultations.models import Booking, Slot
from consultations.models.bookings import Status

register = template.Library()

CLIENTS_WORDS: dict[str, Promise] = {
    Status.CANCELLED_BY_CLIENT: _("you cancelled"),
    Status.CLIENT_NO_SHOW: _("marked as missed"),
}

SPECIALISTS_WORDS: dict[str, Promise] = {
    Status.CANCELLED_BY_SPECIALIST: _("you cancelled"),
    Status.SPECIALIST_NO_SHOW: _("marked as missed"),
}


@register.filter
def free_slots(count: int) -> str:
    """`1 free time`, `3 free times`."""
    return ngettext("%(count)s free time", "%(count)s free times", count) % {"count": count}


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
        return gettext("It has been settled: %(state)s.") % {"state": state_for_client(booking)}
    return _objection(booking, {Status.SPECIALIST_NO_SHOW: _("The specialist says that they were there.")})


@register.filter
def objection_for_specialist(booking: Booking) -> str:
    """The same, worded for the specialist."""
    if booking.settled_at:
        return gettext("It has been settled: %(state)s.") % {"state": state_for_specialist(booking)}
    return _objection(booking, {Status.CLIENT_NO_SHOW: _("The client says that they were there.")})


def _objection(booking: Booking, by_the_other: Mapping[str, Promise]) -> str:
    said = by_the_other.get(booking.status) or gettext("You said that you were there.")
    return f"{said} {gettext('Someone on our team will look at it.')}"


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
        marks.append(gettext("objection"))
    return marks


@register.filter
def state_of_slot(slot: Slot, now: datetime) -> str:
    """The state of a slot without a booking, worded for its specialist."""
    if slot.starts_at <= now:
        return gettext("Past")
    if slot.closed:
        return gettext("Closed")
    if not slot.is_open:
        return gettext("Not free")
    return gettext("Too soon to book") if slot.starts_at < now + slot.specialist.notice else gettext("Free")


@register.filter
def change_of_slots(kind: str, count: int) -> str:
    """What a change of hours does to `count` slots."""
    match kind:
        case "appear":
            words = ngettext("One new time", "%(count)s new times", count)
        case "vanish":
            words = ngettext("One time removed", "%(count)s times removed", count)
        case _:
            words = ngettext("One booked meeting stays", "%(count)s booked meetings stay", count)
    return words % {"count": count}
