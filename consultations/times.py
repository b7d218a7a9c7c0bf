"""The lengths of time that consultations are made of."""

from datetime import timedelta

DURATION = timedelta(minutes=30)
MIDNIGHT = 24 * 60  # minutes: the end of a day, as the end of a range of hours

HORIZON = timedelta(weeks=6)  # slots are made this far ahead
NOTICE = timedelta(hours=12)  # a meeting is booked at least so long before it
SESSION_LINK = timedelta(minutes=15)  # how to meet is shown so long before and after a meeting
NO_SHOW_FROM, NO_SHOW_UNTIL = timedelta(minutes=10), timedelta(days=7)  # after the start
REMINDERS = {"remind_day": timedelta(hours=24), "remind_hour": timedelta(hours=1)}  # so long before, by kind of mail
FIT_ASKED = timedelta(days=7)  # after the end, on Today
COMPLETED_AFTER = timedelta(days=7)  # after the end
NOTE_KEPT = timedelta(days=30)  # after the end
SOON = timedelta(weeks=2)  # the list of specialists looks so far ahead
LATELY = timedelta(days=7)  # a specialist is told of changes since then
NEXT_TOLD_AFTER = timedelta(hours=2)  # the next person who waits, if an opening is still there
