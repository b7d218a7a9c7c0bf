"""Background tasks of meetings. Each reckons from its own scheduled time."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from meetings.declarations import NEXT_STEPS, OPENINGS, SHARES
from meetings.services import next_steps, preparing, sharing


@app.periodic(cron="29 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_shares")
def forget_shares(timestamp: int) -> None:
    """Delete what was shared and noted for a meeting once SHARES is over, and who opened it after OPENINGS."""
    now = datetime.fromtimestamp(timestamp, UTC)
    sharing.forget(before=SHARES.cutoff(now))
    preparing.forget(before=SHARES.cutoff(now))
    sharing.forget_openings(before=OPENINGS.cutoff(now))


@app.periodic(cron="31 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_next_steps")
def forget_next_steps(timestamp: int) -> None:
    """Delete next steps once NEXT_STEPS is over."""
    next_steps.forget_steps(before=NEXT_STEPS.cutoff(datetime.fromtimestamp(timestamp, UTC)))
