"""What is forgotten when its time is over, every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.services import forget_old_records


@app.periodic(cron="37 3 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_old_records")
def forget_old_records_nightly(timestamp: int) -> None:
    """Expired sessions, and records of log-ins after twelve months."""
    forget_old_records(now=timezone.now())
