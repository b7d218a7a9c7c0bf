"""Wording of bookings and slots, for the client and for the specialist."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consultations import policy
from consultations.availability import Reason
from consultations.hours_text import clock
from consultations.models import Booking, Slot
from consultations.models.bookings import CANCELLED, Side, Status
from consultations.services.explaining import Answer
from consultations.times import HORIZON
from lib.figures import lasting, spelled, with_figures

register = template.Library()

OUTCOMES: dict[str, Promise] = {  # as clauses
    Status.COMPLETED: _("the meeting took place"),
    Status.CLIENT_NO_SHOW: _("the client did not come"),
    Status.SPECIALIST_NO_SHOW: _("the specialist did not come"),
}

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
    """The state of a booking, worded for the client; `is_over` makes one that is still booked "past".

    Without `with_last_change`, what staff cancelled reads as if its side had.
    """
    return _state(booking, CLIENTS_WORDS, is_over=is_over)


@register.filter
def state_for_specialist(booking: Booking, is_over: bool = False) -> str:
    """The same, worded for the specialist."""
    return _state(booking, SPECIALISTS_WORDS, is_over=is_over)


def _state(booking: Booking, words: Mapping[str, Promise], *, is_over: bool) -> str:
    if is_over and booking.status == Status.BOOKED:
        return gettext("past")
    if booking.status in CANCELLED and booking.last_by == Side.STAFF:
        return gettext("cancelled by our team") if booking.status in words else gettext("cancelled")
    return str(words.get(booking.status) or Status(booking.status).label)


@register.filter
def objection_for_client(booking: Booking) -> str:
    """Where an objection stands, worded for the client: who made it, or how it was settled."""
    if booking.settled_at:
        return gettext("This is settled: %(outcome)s.") % {"outcome": outcome_for_client(booking)}
    return _objection(booking, {Status.SPECIALIST_NO_SHOW: _("The specialist says that they were there.")})


@register.filter
def objection_for_specialist(booking: Booking) -> str:
    """The same, worded for the specialist."""
    if booking.settled_at:
        return gettext("This is settled: %(outcome)s.") % {"outcome": outcome_for_specialist(booking)}
    return _objection(booking, {Status.CLIENT_NO_SHOW: _("The client says that they were there.")})


def outcome_for_client(booking: Booking) -> str:
    """What staff found, as a clause of a sentence to the client."""
    return gettext("you did not come") if booking.status == Status.CLIENT_NO_SHOW else str(OUTCOMES[booking.status])


def outcome_for_specialist(booking: Booking) -> str:
    """The same, in a sentence to the specialist."""
    return gettext("you did not come") if booking.status == Status.SPECIALIST_NO_SHOW else str(OUTCOMES[booking.status])


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
    if is_booked and booking.sequence:
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
    if slot.busy:
        return gettext("Busy in your calendar")
    if not slot.is_open:
        return gettext("Not free")
    if not slot.specialist.takes_bookings:
        return gettext("Nobody can book this time")
    return gettext("Too soon to book") if slot.starts_at < now + slot.specialist.notice else gettext("Free")


WHY: dict[Reason | None, Promise] = {
    None: _("%(when)s is offered."),
    Reason.BOOKED: _("%(when)s is not offered: you have a meeting at %(near)s."),
    Reason.OWN_MEETING: _("%(when)s is not offered: you have a meeting of your own then."),
    Reason.CLOSED: _("%(when)s is not offered: you closed this time."),
    Reason.AWAY: _("%(when)s is not offered: you are away, and back on %(until)s."),
    Reason.BUSY: _("%(when)s is not offered: there is something in your own calendar."),
    Reason.BUFFER: _(
        "%(when)s is not offered: it is too close to your meeting at %(near)s, because you keep %(minutes)s free "
        "between two meetings."
    ),
    Reason.DAY_FULL: _("%(when)s is not offered: that day has %(meetings)s, which is the most you take in a day."),
    Reason.WEEK_FULL: _("%(when)s is not offered: that week has %(meetings)s, which is the most you take in a week."),
    Reason.SKIPPED: _("%(when)s does not exist: the clocks change on that day, and skip it."),
    Reason.DAY_OFF: _("%(when)s is not offered: it is a day off."),
    Reason.OTHER_HOURS: _("%(when)s is not offered: that day has other hours."),
    Reason.OTHER_WEEK: _("%(when)s is not offered: you have these hours only every other week, and not in this one."),
    Reason.NO_HOURS: _("%(when)s is not offered: it is outside your hours."),
    Reason.BETWEEN: _("%(when)s is not offered: it is within your hours, but no time starts then."),
    Reason.PAST: _("%(when)s is past."),
    Reason.TOO_SOON: _("%(when)s is free, but it is too soon for people to book it."),
    Reason.TOO_FAR: with_figures(
        _("%(when)s is not offered yet: people can book at most %(ahead)s ahead."),
        lambda: {"when": "%(when)s", "ahead": lasting(HORIZON, "weeks", spell=True)},
    ),
    Reason.NOT_LISTED: _("%(when)s is free, but nobody can book while you are not in the list."),
}
BESIDE = _("%(when)s is not offered: your time at %(near)s overlaps it.")


@register.filter
def why(answer: Answer) -> str:
    """One sentence about a time, worded for its specialist."""
    words = BESIDE if answer.reason is Reason.BETWEEN and answer.near else WHY[answer.reason]
    meetings = ngettext("%(count)s meeting", "%(count)s meetings", answer.most) % {"count": answer.most}
    return str(words) % {
        "when": f"{date_format(answer.day, 'l j F Y')}, {clock(answer.minutes)}",
        "near": date_format(localtime(answer.near), "H:i") if answer.near else "",
        "until": date_format(answer.until, "j F") if answer.until else "",
        "meetings": meetings,
        "minutes": ngettext("%(count)s minute", "%(count)s minutes", answer.most) % {"count": answer.most},
    }


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
    return words % {"count": spelled(count).capitalize()}


@register.filter
def booked_in_absence(count: int) -> str:
    """How many meetings are booked on the days of an absence."""
    if not count:
        return gettext("Nothing is booked on these days.")
    words = ngettext("One meeting is booked.", "%(count)s meetings are booked.", count)
    return words % {"count": spelled(count).capitalize()}
