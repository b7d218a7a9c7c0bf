"""Mails about bookings, and what they say when they are sent.

All content is looked up then. A client's says when the appointment is and where to log in, never what it is about or
with whom; none goes to a client who has not said that e-mail is safe. A specialist's says what has happened and when,
with a link to its page, and nothing of the client.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import outbox
from accounts.models import Mail, User
from accounts.sealing import CannotOpen
from consultations.availability import begins
from consultations.models import Booking, Specialist, WaitingEntry
from consultations.models.bookings import CANCELLED, Status
from consultations.proposals import Proposal
from consultations.times import REMINDERS, TO_TAKE_BACK
from lib.zones import zone


class Kind(StrEnum):
    """Kinds of mails, about a booking except for four: SLOT_OPENED is about a waiting entry, VERIFICATION, ENDED and
    AGENDA about none.

    VERIFICATION is about the profile; its key begins with the new status, or with DUE. AGENDA is about the meetings of
    a specialist's day, which its key names.
    """

    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMIND_DAY = "remind_day"
    REMIND_HOUR = "remind_hour"
    OBJECTION = "objection"
    SLOT_OPENED = "opening"
    PROPOSED = "proposed"
    KEPT = "kept"
    VERIFICATION = "verification"
    ENDED = "ended"
    AGENDA = "agenda"


NEWS = "consultations/email/news"
TEMPLATES = {
    Kind.CONFIRMED: "consultations/email/confirmed",
    Kind.MOVED: "consultations/email/moved",
    Kind.CANCELLED: "consultations/email/cancelled",
    Kind.REMIND_DAY: "consultations/email/reminder",
    Kind.REMIND_HOUR: "consultations/email/reminder",
    Kind.PROPOSED: "consultations/email/proposed",
}
TO_HOSTS = "consultations/email/host"
DAY = "consultations/email/agenda"
BOOKINGS: Mapping[Kind, Promise] = {  # what a specialist reads first, before the time of the meeting
    Kind.CONFIRMED: _("New booking"),
    Kind.MOVED: _("Meeting moved"),
    Kind.CANCELLED: _("Meeting cancelled"),
    Kind.REMIND_DAY: _("Reminder"),
    Kind.REMIND_HOUR: _("Reminder"),
    Kind.OBJECTION: _("Objection settled"),
    Kind.KEPT: _("Meeting stays as booked"),
}
DUE = "check"
SENT_BACK = _("Your profile was sent back")
PROFILES: Mapping[str, Promise] = {
    DUE: _("Your entry in the register is due to be checked again"),
    Specialist.Status.DRAFT: _("Your profile is a draft again"),
    Specialist.Status.VERIFIED: _("Your profile is approved"),
    Specialist.Status.HIDDEN: _("Your profile is hidden for now"),
    Specialist.Status.SUSPENDED: _("Your profile is suspended"),
}


def tell(*, owner: User, kind: Kind, about: Booking | WaitingEntry | None = None, key: str, now: datetime) -> None:
    """Queue a mail, once per owner, booking or waiting entry, and key."""
    outbox.post(owner, kind=kind, about=about and about.pk, once=key, now=now)


def tell_each(owners: Sequence[User], *, kind: Kind, about: Booking, key: str, now: datetime) -> None:
    """Queue a mail to several people, in two queries."""
    outbox.post_each(owners, kind=kind, about=about.pk, once=key, now=now)


def register_mails() -> None:
    """Called once, from `AppConfig.ready`."""
    for kind in Kind:
        outbox.register(kind, compose)


def compose(mail: Mail, now: datetime) -> EmailMessage | None:
    """What a mail says, in its owner's language and time zone; None if it is not allowed, or holds no longer."""
    owner, kind = mail.owner, Kind(mail.kind)
    if owner is None or not owner.is_active:
        return None
    context: dict[str, Any] = {"log_in": settings.SITE_URL + reverse("account_login")}
    if kind == Kind.AGENDA:
        return about_day(mail, owner, now)
    if kind == Kind.ENDED:
        return about_end(mail, owner)
    if mail.about is None:
        return about_profile(mail, owner)
    if kind == Kind.SLOT_OPENED:
        entry = WaitingEntry.objects.visible_to(owner).filter(pk=mail.about, mail=True).first()
        return outbox.render(mail, NEWS, context) if entry and entry.has_open_slot(now) else None
    booking = Booking.objects.select_related("specialist", "client__data_key").filter(pk=mail.about).first()
    if booking is None or not (may_be_told(owner, booking) and is_still_true(owner, kind, booking, now)):
        return None
    context["starts_at"] = booking.starts_at
    if kind == Kind.MOVED:
        moves = booking.changes.filter(moved_from__isnull=False).order_by("-at", "-pk")
        context["moved_from"] = moves.values_list("moved_from", flat=True).first()
    with timezone.override(zone(zone_name_of(owner, booking))):
        if booking.specialist_id != owner.pk:
            return outbox.render(mail, TEMPLATES.get(kind, NEWS), context)
        page = settings.SITE_URL + reverse("practice:booking", args=[booking.pk])
        return outbox.render(mail, TO_HOSTS, context | {"what": BOOKINGS[kind], "page": page})


def about_profile(mail: Mail, owner: User) -> EmailMessage | None:
    """What has become of the profile, unless that has changed since: then another mail says so."""
    state = mail.once.partition(":")[0]
    specialist = Specialist.objects.of(owner).first()
    if specialist is None or state not in PROFILES or (state != DUE and state != specialist.status):
        return None
    was_sent_back = state == Specialist.Status.DRAFT and specialist.returned_because
    what = SENT_BACK if was_sent_back else PROFILES[state]
    return outbox.render(mail, TO_HOSTS, {"what": what, "page": settings.SITE_URL + reverse("practice:overview")})


def about_end(mail: Mail, owner: User) -> EmailMessage | None:
    """That the practice has ended, and until when that can be taken back; nothing once it was."""
    specialist = Specialist.objects.of(owner).filter(ended_at__isnull=False).first()
    if specialist is None or specialist.ended_at is None or mail.once != ended_key(specialist.ended_at):
        return None
    context = {
        "what": _("Your practice has ended"),
        "until": specialist.ended_at + TO_TAKE_BACK,
        "page": settings.SITE_URL + reverse("practice:end"),
    }
    with timezone.override(zone(specialist.timezone)):
        return outbox.render(mail, TO_HOSTS, context)


def ended_key(ended_at: datetime) -> str:
    return f"{Kind.ENDED}:{ended_at.isoformat()}"


def about_day(mail: Mail, owner: User, now: datetime) -> EmailMessage | None:
    """The times of the meetings that the day still has. Nothing if there are none, or no agenda is wanted any more."""
    specialist = Specialist.objects.of(owner).filter(agenda_mailed=True).first()
    if specialist is None:
        return None
    here, day = zone(specialist.timezone), date.fromisoformat(mail.once.partition(":")[2])
    until = begins(day + timedelta(days=1), here)
    meetings = Booking.objects.of_specialist(owner).upcoming(now).filter(starts_at__lt=until)
    starts = list(meetings.values_list("starts_at", flat=True))
    if not starts:
        return None
    pages = {"page": reverse("practice:overview"), "mails_page": reverse("practice:mails")}
    context = {"starts": starts, **{name: settings.SITE_URL + address for name, address in pages.items()}}
    with timezone.override(here):
        return outbox.render(mail, DAY, context)


def may_be_told(owner: User, booking: Booking) -> bool:
    """Whether a booking is this person's, and e-mail is safe: a specialist's always is."""
    if booking.client_id == owner.pk:
        return booking.mail is True
    return booking.specialist_id == owner.pk


def is_still_true(owner: User, kind: Kind, booking: Booking, now: datetime) -> bool:
    """Whether what a mail says about a booking still holds."""
    if kind == Kind.OBJECTION:
        return True
    if booking.starts_at <= now:
        return False
    if kind == Kind.CANCELLED:
        return booking.status in CANCELLED
    if booking.status != Status.BOOKED:
        return False
    if kind in (Kind.PROPOSED, Kind.KEPT):
        proposal = proposal_of(booking)
        return proposal is not None and (proposal.kept if kind == Kind.KEPT else proposal.is_open)
    if kind in REMINDERS:
        return booking.starts_at - now <= REMINDERS[kind] and wants_reminder(owner, kind, booking)
    return True


def proposal_of(booking: Booking) -> Proposal | None:
    with suppress(CannotOpen):
        return Proposal.of(booking.document(booking.client)) if booking.client else None
    return None


def wants_reminder(owner: User, kind: Kind, booking: Booking) -> bool:
    if booking.specialist and booking.specialist_id == owner.pk:
        return booking.specialist.reminder == kind
    return booking.remind_day if kind == Kind.REMIND_DAY else booking.remind_hour


def zone_name_of(owner: User, booking: Booking) -> str:
    """The time zone to write to somebody in: that of the practice for its specialist, else the person's own."""
    specialist = booking.specialist
    return specialist.timezone if specialist and specialist.pk == owner.pk else owner.timezone
