"""Entries of this app's models in the privacy registry (`accounts/privacy.py`)."""

from accounts.privacy import Category, Kept, declare
from consultations.declarations import BOOKINGS
from meetings import portable
from meetings.limits import SHARED_FOR, STEP_KEPT
from meetings.models import NextStep, Opening, Preparation, PrivateNote, Share

SHARES = Kept("Your notes for a meeting, and what you share for it", days=SHARED_FOR.days)
OPENINGS = Kept("The record of who opened what you shared", months=12)
NEXT_STEPS = Kept("Your next step after a meeting", days=STEP_KEPT.days)
# They go with the booking: `consultations.tasks.forget_meetings`.
PRIVATE_NOTES = Kept("A specialist’s private notes on a meeting", months=BOOKINGS.months)


def declare_meetings() -> None:
    words = Category.WORDS
    declare(
        Preparation,
        category=words,
        owner="owner",
        retention=SHARES,
        export="preparations",
        portable=portable.PREPARATIONS,
        counted=True,
    )
    declare(Share, category=words, owner="owner", retention=SHARES, export="shares", portable=portable.SHARES)
    openings = portable.OPENINGS
    declare(Opening, category=words, owner="owner", retention=OPENINGS, export="openings", portable=openings)
    steps = portable.NEXT_STEPS
    declare(
        NextStep,
        category=words,
        owner="owner",
        retention=NEXT_STEPS,
        export="next_steps",
        portable=steps,
        counted=True,
    )
    declare(
        PrivateNote,
        category=words,
        owner="owner",
        retention=PRIVATE_NOTES,
        export="private_notes",
        portable=portable.PRIVATE_NOTES,
        counted=True,
    )
