"""Sending mails, and jobs that delete what has reached its retention."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import override
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from accounts import erasures, notices, outbox, quota, staff_log
from accounts.erasure import announce_unused_accounts, close_due_accounts, erase_unconfirmed_accounts
from accounts.held import forget_held
from accounts.rates import forget_paces
from accounts.services import forget_old_records


class Patience(BaseRetryStrategy):
    """Try again after 4 seconds, 8, 16 …, until the mail itself gives up: every hour, or half a minute for a code."""

    @override
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        longest = timedelta(seconds=30) if job.priority >= outbox.FIRST else timedelta(hours=1)
        wait = min(timedelta(seconds=4 * 2 ** min(job.attempts, 10)), longest)
        return RetryDecision(retry_at=timezone.now() + wait)


@app.task(queue="mail", retry=Patience())
def send_mail(mail_id: str) -> None:
    """Send one mail."""
    outbox.send(UUID(mail_id), timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_old_records")
def forget_old_records_nightly(timestamp: int) -> None:
    """Delete expired sessions, and notices, records of log-ins and of what staff did, each after its time."""
    now = timezone.now()
    forget_old_records(now=now)
    staff_log.forget_old_actions(now=now)


@app.periodic(cron="27 7-17 * * 1")  # every hour of Monday, in case no worker ran at the first
@app.task(queue="housekeeping", queueing_lock="post_weekly_news")
def post_weekly_news(timestamp: int) -> None:
    """Queue the weekly e-mails that say how many notices are new."""
    notices.post_weekly(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="23 * * * *")
@app.task(queue="housekeeping", queueing_lock="erase_unconfirmed_accounts")
def erase_unconfirmed_accounts_hourly(timestamp: int) -> None:
    """Erase accounts whose address was not confirmed in time."""
    erase_unconfirmed_accounts(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="list_erased")
def list_erased(timestamp: int) -> None:
    """Keep the list of erased accounts outside the database, where the operator asked for it."""
    if settings.ERASED_LIST:
        erasures.write(Path(settings.ERASED_LIST), now=timezone.now())


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
    """Delete the forms that are held no longer, and how often somebody has done something."""
    now = timezone.now()
    forget_held(now=now)
    forget_paces(now=now)


@app.periodic(cron="51 3 * * *")
@app.task(queue="housekeeping", queueing_lock="check_quotas")
def check_quotas_nightly(timestamp: int) -> None:
    """Compare what is counted for each account with what it stores."""
    quota.check()
