"""What the worker does for the questionnaire at night. Each task works from its own scheduled time."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from assessments import group_figures, measuring, retests, services
from assessments.declarations import ASKED, UNFINISHED


@app.periodic(cron="23 2 * * *")
@app.task(queue="housekeeping", queueing_lock="delete_abandoned_questionnaires")
def delete_abandoned_questionnaires(timestamp: int) -> None:
    """Twelve months after it was last changed, as the privacy page promises."""
    services.delete_abandoned(before=UNFINISHED.cutoff(datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="41 2 * * *")
@app.task(queue="housekeeping", queueing_lock="work_out_group_figures")
def work_out_group_figures(timestamp: int) -> None:
    """Every night it looks whether a publication is due; most nights none is."""
    group_figures.publish_due(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="11 3 * * *")
@app.task(queue="housekeeping", queueing_lock="ask_to_answer_again")
def ask_to_answer_again(timestamp: int) -> None:
    """Who agreed to it, about two weeks after a result; and forgets whom it asked in vain."""
    now = datetime.fromtimestamp(timestamp, UTC)
    retests.forget_unanswered(before=ASKED.cutoff(now))
    retests.ask_due(now=now)


@app.periodic(cron="37 3 * * *")
@app.task(queue="housekeeping", queueing_lock="measure_errors")
def measure_errors(timestamp: int) -> None:
    """Every night it looks whether enough people have answered twice; most nights there is nothing new to offer."""
    measuring.estimate_due(now=datetime.fromtimestamp(timestamp, UTC))
