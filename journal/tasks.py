"""What the worker does for the journal at night. Each task works from its own scheduled time."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from journal import services
from journal.declarations import BIN, REVISIONS


@app.periodic(cron="29 2 * * *")
@app.task(queue="housekeeping", queueing_lock="empty_bins")
def empty_bins(timestamp: int) -> None:
    """Pages go thirty days after they were put into the bin."""
    services.delete_binned(before=BIN.cutoff(datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="35 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_old_revisions")
def forget_old_revisions(timestamp: int) -> None:
    """Earlier versions go after ninety days."""
    services.delete_old_revisions(before=REVISIONS.cutoff(datetime.fromtimestamp(timestamp, UTC)))
