"""Jobs that delete what has reached its retention."""

from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.erasure import announce_unused_accounts, close_due_accounts
from accounts.held import forget_held
from accounts.services import forget_old_records


@app.periodic(cron="37 3 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_old_records")
def forget_old_records_nightly(timestamp: int) -> None:
    """Delete expired sessions, and records of log-ins after twelve months."""
    forget_old_records(now=timezone.now())


@app.periodic(cron="43 3 * * *")
@app.task(queue="housekeeping", queueing_lock="close_accounts")
def close_accounts_nightly(timestamp: int) -> None:
    """Close accounts that are due, and announce the closing of those that have been unused for almost 24 months."""
    now = timezone.now()
    close_due_accounts(now=now)
    announce_unused_accounts(now=now)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_held_forms")
def forget_held_forms(timestamp: int) -> None:
    """Delete the forms that are held no longer."""
    forget_held(now=timezone.now())
