"""Housekeeping of the job queue, and publishing what staff recorded about helplines, and their banners."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from reflect import daily_figures, proving, publishing


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:
    """Requeue the jobs of workers that died."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queue="housekeeping", queueing_lock="remove_finished_jobs")
async def remove_finished_jobs(timestamp: int) -> None:
    """Delete jobs that succeeded or were cancelled some days ago. Failed ones stay until somebody looks at them."""
    kept: timedelta = settings.FINISHED_JOBS_KEPT
    await app.job_manager.delete_old_jobs(nb_hours=int(kept / timedelta(hours=1)), include_cancelled=True)


@app.periodic(cron="11 4 * * *")
@app.task(queue="housekeeping", queueing_lock="count_daily_figures")
def count_daily_figures(timestamp: int) -> None:
    """Count what happened on the days before."""
    daily_figures.count(now=datetime.fromtimestamp(timestamp, UTC))


@app.task(queue="housekeeping", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def publish_helplines() -> None:
    """Bring the help page up to date, on the host of this worker."""
    publishing.publish_helplines()


@app.task(queue="housekeeping", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def publish_banners() -> None:
    """Have pages show what staff wrote, on the host of this worker."""
    publishing.publish_banners(now=timezone.now())


@app.periodic(cron="7 4 * * *")
@app.task(queue="housekeeping", queueing_lock="publish_helplines_nightly")
def publish_helplines_nightly(timestamp: int) -> None:
    """Again, for whatever was lost of it during the day."""
    publishing.publish_helplines()


@app.periodic(cron="9 4 * * *")
@app.task(queue="housekeeping", queueing_lock="publish_banners_nightly")
def publish_banners_nightly(timestamp: int) -> None:
    """The same for banners."""
    publishing.publish_banners(now=timezone.now())


@app.periodic(cron="17 5 * * *")  # after the night's other jobs, which some checks look at
@app.task(queue="housekeeping", queueing_lock="prove_promises")
def prove_promises(timestamp: int) -> None:
    """Check what the site promises, and keep what was found."""
    for check in proving.CHECKS:
        proving.prove(check, timezone.now())
