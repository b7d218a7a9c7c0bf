"""The worker's housekeeping of its own table."""

from datetime import timedelta

from django.conf import settings
from procrastinate.contrib.django import app


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:
    """Put the jobs of workers that died back into the queue."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queue="housekeeping", queueing_lock="remove_finished_jobs")
async def remove_finished_jobs(timestamp: int) -> None:
    """Forget jobs that succeeded or were cancelled some days ago; failed ones stay until somebody has looked."""
    kept: timedelta = settings.FINISHED_JOBS_KEPT
    await app.job_manager.delete_old_jobs(nb_hours=int(kept / timedelta(hours=1)), include_cancelled=True)
