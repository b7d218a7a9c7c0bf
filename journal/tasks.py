"""The journal's background jobs. Periodic ones go by their scheduled time, however late they run."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import User
from journal import reminders, services
from journal.declarations import BIN, REVISIONS


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
@app.task(queue="housekeeping", queueing_lock="hand_out_reminders")
def hand_out_reminders(timestamp: int) -> None:
    """Queue every reminder that is due."""
    reminders.post_due(now=datetime.fromtimestamp(timestamp, UTC))


@app.task(queue="mail")
def send_reminder(owner_id: str, due: str) -> None:
    """Queue one reminder: what waiting jobs of version 0.1.0 are called."""
    owner = User.objects.filter(pk=owner_id).first()
    if owner:
        reminders.post_reminder(owner, datetime.fromisoformat(due), timezone.now())
