"""The journal's background jobs. Periodic ones go by their scheduled time, however late they run."""

from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from journal import reminders, services
from journal.declarations import BIN, REVISIONS
from journal.models import Reminder


@app.periodic(cron="29 2 * * *")
@app.task(queue="housekeeping", queueing_lock="empty_bins")
def empty_bins(timestamp: int) -> None:
    """Delete entries thirty days after they were put into the bin."""
    services.delete_binned(before=BIN.cutoff(datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="35 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_old_revisions")
def forget_old_revisions(timestamp: int) -> None:
    """Delete earlier versions after ninety days."""
    services.delete_old_revisions(before=REVISIONS.cutoff(datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="*/15 * * * *")  # time zones differ by multiples of a quarter of an hour
@app.task(queue="mail", queueing_lock="hand_out_reminders")
def hand_out_reminders(timestamp: int) -> None:
    """Queue every reminder that is due."""
    reminders.hand_out_due(now=datetime.fromtimestamp(timestamp, UTC), hand=queue_reminder)


def queue_reminder(reminder: Reminder) -> None:
    send_reminder.defer(owner_id=str(reminder.owner_id), due=reminder.next_at.isoformat())


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))  # the last after six hours
def send_reminder(owner_id: str, due: str) -> None:
    """Send one reminder; retried if the mail server refuses it."""
    reminders.send_reminder(owner_id=UUID(owner_id), due=datetime.fromisoformat(due))
