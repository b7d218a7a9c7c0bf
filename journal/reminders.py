"""Weekly reminders by e-mail, at an hour in the person's own time zone; off until asked for."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from accounts.models import Mail, User
from accounts.outbox import post, render
from journal.models import Reminder
from lib.zones import zone

REMINDER = "reminder"  # the kind of these mails
BATCH = 200
DAY, WEEK = timedelta(days=1), timedelta(days=7)
signer = Signer(salt="journal.reminder")


def next_time(weekday: int, hour: int, where: tzinfo, after: datetime) -> datetime:
    """The first time strictly after `after`, in UTC, when it is that hour of that weekday (Monday is 0) in a zone.

    If a clock change skips that hour, it is the moment after the gap; if it repeats it, the first of the two.
    """
    today = after.astimezone(where).date()
    day = today + DAY * ((weekday - today.weekday()) % 7)
    this, following = (datetime.combine(date, time(hour), where).astimezone(UTC) for date in (day, day + WEEK))
    return this if this > after else following


@transaction.atomic
def set_reminder(*, owner: User, weekday: int, hour: int, now: datetime) -> Reminder:
    """Remind the owner at this hour of this weekday, replacing any earlier choice."""
    next_at = next_time(weekday, hour, zone(owner.timezone), now)
    choice = {"weekday": weekday, "hour": hour, "next_at": next_at}
    reminder, _created = Reminder.objects.update_or_create(owner=owner, defaults=choice)
    return reminder


@transaction.atomic
def stop_reminder(*, owner_id: UUID) -> None:
    Reminder.objects.filter(owner_id=owner_id).delete()


@transaction.atomic
def move_reminder(*, owner: User, now: datetime) -> None:
    """Keep to the same hour after the owner's time zone has changed. A reminder already due moves when it is sent."""
    reminder = Reminder.objects.select_for_update().filter(owner=owner, next_at__gt=now).first()
    if reminder:
        reminder.next_at = next_time(reminder.weekday, reminder.hour, zone(owner.timezone), now)
        reminder.save(update_fields=["next_at"])


def post_due(*, now: datetime) -> int:
    """Queue each due reminder, then set its next time; return how many.

    Both happen in one transaction that skips locked rows, so that none is lost or queued twice, even if a process dies
    or several run at once. After downtime each is queued once, not once for every missed week.
    """
    posted = 0
    while True:
        with transaction.atomic():
            due = Reminder.objects.due(now).select_related("owner").select_for_update(of=("self",), skip_locked=True)
            batch = list(due[:BATCH])
            for reminder in batch:
                post_reminder(reminder.owner, reminder.next_at, now)
                reminder.next_at = next_time(reminder.weekday, reminder.hour, zone(reminder.owner.timezone), now)
            Reminder.objects.bulk_update(batch, ["next_at"])
        posted += len(batch)
        if len(batch) < BATCH:
            return posted


def post_reminder(owner: User, due: datetime, now: datetime) -> None:
    """Queue the mail, once for each time that it is due."""
    post(owner, kind=REMINDER, once=f"{REMINDER}:{due.isoformat()}", now=now)


def compose(mail: Mail, now: datetime) -> EmailMessage | None:
    """Nothing if the owner has stopped the reminders, or asked to close the account, since the mail was due.

    The mail does not say what the site is about.
    """
    owner = mail.owner
    if owner is None or not owner.is_active or owner.asked_to_close:
        return None
    if not Reminder.objects.filter(owner=owner).exists():
        return None
    stop = settings.SITE_URL + reverse("reminder_stop", args=[token_of(owner.pk)])
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
    }
    context = {"log_in": settings.SITE_URL + reverse("account_login"), "stop": stop}
    return render(mail, "journal/email/reminder", context, headers)


def token_of(owner_id: UUID) -> str:
    """The signed token of the link that stops a person's reminders. It gives access to nothing else."""
    return signer.sign(str(owner_id))


def owner_of(token: str) -> UUID | None:
    """The id of the person whose reminders a token stops; None if the signature is not ours."""
    try:
        return UUID(signer.unsign(token))
    except (BadSignature, ValueError):
        return None
