"""Background tasks of exchange. Each periodic task reckons from its own scheduled time."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from exchange.declarations import AWAY, CONTACTS, MESSAGES, REMARKS, REPORTS
from exchange.services import contact, day, desk, messages, objections, profile_reports, reports, team


@app.periodic(cron="53 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_contacts")
def forget_contacts(timestamp: int) -> None:
    """Close what was answered and rests, and delete what was closed once CONTACTS is over."""
    now = datetime.fromtimestamp(timestamp, UTC)
    contact.close_answered(now=now)
    contact.forget(before=CONTACTS.cutoff(now))


@app.periodic(cron="57 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_reports")
def forget_reports(timestamp: int) -> None:
    """Delete what was settled once REPORTS is over."""
    before = REPORTS.cutoff(datetime.fromtimestamp(timestamp, UTC))
    reports.forget(before=before)
    profile_reports.forget(before=before)


@app.periodic(cron="59 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_remarks")
def forget_remarks(timestamp: int) -> None:
    """Delete what was written about objections once REMARKS is over."""
    objections.forget(before=REMARKS.cutoff(datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="17 7 * * *")
@app.task(queue="housekeeping", queueing_lock="tell_team")
def tell_team(timestamp: int) -> None:
    """Tell staff that messages, reports or questions wait."""
    team.tell_team(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="41 2 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_messages")
def forget_messages(timestamp: int) -> None:
    """Delete conversations whose last word is older than MESSAGES."""
    messages.forget(before=MESSAGES.cutoff(datetime.fromtimestamp(timestamp, UTC)))


@app.periodic(cron="23 3 * * *")
@app.task(queue="housekeeping", queueing_lock="count_reply_times")
def count_reply_times(timestamp: int) -> None:
    """Work out how soon specialists usually answer, and delete the times away that it no longer needs."""
    now = datetime.fromtimestamp(timestamp, UTC)
    desk.count_reply_times(now=now)
    desk.forget_away(before=AWAY.cutoff(now))


@app.periodic(cron="57 3 * * *")
@app.task(queue="housekeeping", queueing_lock="end_day_of_questions")
def end_day_of_questions(timestamp: int) -> None:
    """Show what authors of questions did, tell them what is new, and store their questions in random order."""
    day.end_day(now=datetime.fromtimestamp(timestamp, UTC))
