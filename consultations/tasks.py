"""What the worker does for the consultations. Each periodic task works from its own scheduled time."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from consultations import mails
from consultations.declarations import BOOKINGS, MESSAGES, NOTES
from consultations.models import Specialist
from consultations.services import booking_changes, reminders, slots, verification, waiting


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))  # the last after a day
def send_message(message_id: str) -> None:
    """One mail. A server that does not take it is tried again."""
    mails.send(message_id=UUID(message_id), now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="send_reminders")
def send_reminders(timestamp: int) -> None:
    """Those of meetings that begin in a day, or in an hour."""
    reminders.remind(now=moment(timestamp))


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="tell_waiting")
def tell_waiting(timestamp: int) -> None:
    """The next person is told of a time that is still open."""
    waiting.tell_next(now=moment(timestamp))


@app.periodic(cron="13 * * * *")
@app.task(queue="housekeeping", queueing_lock="complete_past_meetings")
def complete_past_meetings(timestamp: int) -> None:
    """A meeting of which nobody has said anything for seven days took place."""
    booking_changes.complete_past(now=moment(timestamp))


@app.periodic(cron="41 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_notes")
def forget_notes(timestamp: int) -> None:
    """What clients wrote goes thirty days after the meeting."""
    booking_changes.forget_notes(before=NOTES.cutoff(moment(timestamp)))


@app.periodic(cron="47 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_meetings")
def forget_meetings(timestamp: int) -> None:
    """Meetings after 24 months, mails after twelve."""
    now = moment(timestamp)
    booking_changes.forget_bookings(before=BOOKINGS.cutoff(now))
    reminders.forget_messages(before=MESSAGES.cutoff(now))


@app.periodic(cron="11 0 * * *")
@app.task(queue="housekeeping", queueing_lock="generate_slots")
def generate_slots_nightly(timestamp: int) -> None:
    """The horizon has moved on by a day."""
    shown = Specialist.objects.filter(status__in=[Specialist.Status.VERIFIED, Specialist.Status.HIDDEN])
    for pk in shown.values_list("pk", flat=True):
        with suppress(Specialist.DoesNotExist):  # whose account was deleted in the meantime
            slots.generate(specialist_id=pk, now=moment(timestamp))


@app.periodic(cron="53 2 * * *")
@app.task(queue="housekeeping", queueing_lock="check_registers")
def check_registers(timestamp: int) -> None:
    """Specialists are checked again each year."""
    verification.check_registers(now=moment(timestamp))


def moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
