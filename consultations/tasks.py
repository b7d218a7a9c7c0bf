"""Background tasks of consultations. Each periodic task reckons from its own scheduled time."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts import outbox
from accounts.tasks import Patience
from consultations import shopper
from consultations.declarations import ABSENCES, BOOKINGS, ENDED, NOTES
from consultations.models import Specialist
from consultations.services import (
    absences,
    agendas,
    booking_changes,
    ending,
    own_calendars,
    reminders,
    slots,
    verification,
    waiting,
)


@app.task(queue="mail", retry=Patience())
def send_message(message_id: str) -> None:
    """Send one mail: what waiting jobs of version 0.1.0 are called."""
    outbox.send(UUID(message_id), timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="send_reminders")
def send_reminders(timestamp: int) -> None:
    """Queue the reminders that are due."""
    reminders.remind(now=moment(timestamp))


@app.periodic(cron="*/15 * * * *")
@app.task(queue="housekeeping", queueing_lock="send_agendas")
def send_agendas(timestamp: int) -> None:
    """Queue the agendas of the day where it is morning now."""
    agendas.post_agendas(now=moment(timestamp))


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="tell_waiting")
def tell_waiting(timestamp: int) -> None:
    """Notify the next person on the waiting list of slots that are still open."""
    waiting.tell_next(now=moment(timestamp))


@app.periodic(cron="13 * * * *")
@app.task(queue="housekeeping", queueing_lock="complete_past_meetings")
def complete_past_meetings(timestamp: int) -> None:
    """Complete past bookings that nobody has marked."""
    booking_changes.complete_past(now=moment(timestamp))


@app.periodic(cron="41 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_notes")
def forget_notes(timestamp: int) -> None:
    """Erase what clients wrote once NOTES is over."""
    booking_changes.forget_notes(before=NOTES.cutoff(moment(timestamp)))


@app.periodic(cron="47 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_meetings")
def forget_meetings(timestamp: int) -> None:
    """Delete bookings whose retention is over."""
    booking_changes.forget_bookings(before=BOOKINGS.cutoff(moment(timestamp)))


@app.periodic(cron="50 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_absences")
def forget_absences(timestamp: int) -> None:
    """Delete absences whose retention is over."""
    absences.forget_absences(before=ABSENCES.cutoff(moment(timestamp)).date())


@app.periodic(cron="56 2 * * *")
@app.task(queue="housekeeping", queueing_lock="clear_ended_practices")
def clear_ended_practices(timestamp: int) -> None:
    """Delete what is left of practices that can no longer be taken back, and once ENDED is over, what had to stay."""
    now = moment(timestamp)
    ending.clear_ended(now=now)
    ending.forget_ended(before=ENDED.cutoff(now))


@app.periodic(cron="11 0 * * *")
@app.task(queue="housekeeping", queueing_lock="generate_slots")
def generate_slots_nightly(timestamp: int) -> None:
    """Make the slots of the day that the horizon has reached."""
    shown = Specialist.objects.filter(status__in=[Specialist.Status.VERIFIED, Specialist.Status.HIDDEN])
    for pk in shown.values_list("pk", flat=True):
        with suppress(Specialist.DoesNotExist):  # deleted in the meantime
            slots.generate(specialist_id=pk, now=moment(timestamp))


@app.periodic(cron="53 2 * * *")
@app.task(queue="housekeeping", queueing_lock="check_registers")
def check_registers(timestamp: int) -> None:
    """Notify and hide specialists whose yearly check is due."""
    verification.check_registers(now=moment(timestamp))


@app.periodic(cron="* * * * *")
@app.task(queue="calendars", queueing_lock="read_calendars")
def read_calendars(timestamp: int) -> None:
    """Read the specialists' own calendars that are due."""
    own_calendars.read_due(now=moment(timestamp))


@app.task(queue="calendars", queueing_lock="read_calendars_now")
def read_calendars_now() -> None:
    """Read those that somebody waits for, without waiting for the next minute."""
    own_calendars.read_due(now=timezone.now())


@app.periodic(cron="31 1 * * *")
@app.task(queue="housekeeping", queueing_lock="check_bookings")
def check_bookings(timestamp: int) -> None:
    """Try to book times that specialists offer, and take it back."""
    shopper.shop(now=moment(timestamp))


def moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
