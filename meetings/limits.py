"""How much a member can prepare and share for one meeting, and for how long it is open. Pure: no Django."""

from datetime import timedelta

from consultations.times import NOTE_KEPT

LONGEST_ABOUT = 2_000  # characters of what somebody would like to talk about
NEAR_ABOUT = 200  # characters left, from which the count is shown
LONGEST_QUESTION = 300  # characters of a thing to ask
MOST_ENTRIES = 5  # journal entries that are shared at once
ENTRIES_AT_HAND = 4  # the latest ones, which are offered without a search
RESULTS_AT_HAND = 5  # the latest ones
SHARED_FOR = NOTE_KEPT  # after the end of the meeting; notes for it are kept as long
LONGEST_PRIVATE_NOTE = 10_000  # characters
LONGEST_STEP = 300  # characters of a next step
NEAR_STEP = 50  # characters left, from which the count is shown
STEP_WRITTEN_WITHIN = timedelta(days=7)  # after the end of the meeting
STEP_ASKED_AFTER = timedelta(weeks=2)  # after it was written
STEP_KEPT = NOTE_KEPT  # after the end of the meeting
OPEN_FOR = timedelta(hours=1)  # what a specialist opens closes again by itself
