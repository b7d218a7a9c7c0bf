"""Durations and deadlines of consultations, and where a week begins."""

from datetime import date, time, timedelta

DURATION = timedelta(minutes=30)
MIDNIGHT = 24 * 60  # minutes: the end of a day

HORIZON = timedelta(weeks=6)  # slots are made this far ahead
NOTICE = timedelta(hours=12)  # by default, how long before its start a slot must be booked
SESSION_LINK = timedelta(minutes=15)  # how to meet is shown from this before the start to this after the end
NO_SHOW_FROM, NO_SHOW_UNTIL = timedelta(minutes=10), timedelta(days=7)  # after the start
AGENDA_AT = time(7)  # in the time zone of the practice
AGENDA_WITHIN = timedelta(hours=3)  # after an outage, the agenda is still sent
REMINDERS = {"remind_day": timedelta(hours=24), "remind_hour": timedelta(hours=1)}  # before the start, by kind of mail
FIT_ASKED = timedelta(days=7)  # after the end, on Today
COMPLETED_AFTER = timedelta(days=7)  # after the end
NOTE_KEPT = timedelta(days=30)  # after the end
FEED_BEHIND = timedelta(days=365)  # how long a meeting that took place stays in the specialist's calendar feed
FEED_REFRESHED = timedelta(hours=1)  # how often calendar apps are asked to look
LISTED_WITHIN = timedelta(days=28)  # whoever has no time, booked or free, this far ahead is not in the list
OLD_ENOUGH = timedelta(days=14)  # accounts whose reports that a specialist did not come count
THIS_WEEK = timedelta(days=7)  # of the filter "can be met": from now on
SOON = timedelta(weeks=2)  # how far ahead the list of specialists looks
CHECK_TAKES = timedelta(days=5)  # working days that staff usually need to check a register entry
LATELY = timedelta(days=7)  # the overview of a practice shows changes this recent
TO_TAKE_BACK = timedelta(days=30)  # that a practice has ended; then the rest of it is deleted
NEXT_TOLD_AFTER = timedelta(hours=2)  # the next person waiting is told, if the slot is still open

CALENDAR_OFTEN, CALENDAR_SELDOM = timedelta(minutes=10), timedelta(hours=1)  # between two readings of a busy calendar
LOOKED_LATELY = timedelta(days=1)  # at a specialist's page: then their calendars are read often
LOOK_NOTED = timedelta(hours=1)  # at most once in this time
CALENDAR_FAILS = timedelta(days=1)  # until a specialist is told that a calendar cannot be read
BUSY_HOLDS = timedelta(days=7)  # how long busy times hold that cannot be read again
EXPANDED_AGAIN = timedelta(days=7)  # how long the repetitions of an unchanged calendar are not expanded again


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
