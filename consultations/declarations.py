"""Entries of this app's models in the privacy registry (`accounts/privacy.py`)."""

from accounts import rotation
from accounts.privacy import WITH_ACCOUNT, Category, Erasure, Kept, declare
from consultations import portable
from consultations.models import (
    Absence,
    Block,
    Booking,
    BookingChange,
    BusyCalendar,
    DateOverride,
    FailedCheck,
    Offer,
    Photo,
    ProfileChange,
    Slot,
    Specialist,
    Verification,
    WaitingEntry,
    WeeklyHours,
)
from consultations.times import BUSY_HOLDS, NOTE_KEPT, TO_TAKE_BACK

ABSENCES = Kept("When a specialist is absent", days=30)
BOOKINGS = Kept("The times of your meetings", months=24)
ENDING = Kept("A specialist’s practice that has ended", days=TO_TAKE_BACK.days)
ENDED = Kept("What has to stay of a practice that has ended", months=BOOKINGS.months)
NOTES = Kept("A note for a meeting", days=NOTE_KEPT.days)
BUSY_TIMES = Kept("Busy times of a specialist’s calendar that can no longer be read", days=BUSY_HOLDS.days)


def declare_consultations() -> None:
    account, blanked = Category.ACCOUNT, Erasure.BLANKED
    declare(
        Specialist,
        category=Category.WORDS,
        owner="user",
        retention=(WITH_ACCOUNT, ENDING, ENDED),
        export="practice",
        portable=portable.PRACTICE,
    )
    for model in (Photo, WeeklyHours, DateOverride, Slot):
        declare(model, category=account, owner="specialist__user", export="practice")
    declare(ProfileChange, category=Category.PUBLISHED, owner="specialist__user", export="practice")
    declare(Verification, category=Category.WORDS, owner="specialist__user", export="practice")
    sealed = rotation.SiteSealed("verifications", Verification, "sealed", Verification.LABEL, lambda row: row.pk.bytes)
    rotation.SITE_SEALED.append(sealed)
    declare(Absence, category=Category.WORDS, owner="specialist__user", retention=ABSENCES, export="practice")
    declare(
        BusyCalendar,
        category=Category.WORDS,
        owner="specialist__user",
        retention=BUSY_TIMES,
        export="calendars",
        portable=portable.CALENDARS,
    )
    declare(
        Booking,
        category=Category.WORDS,
        retention=(NOTES, BOOKINGS),
        export="meetings",
        portable=portable.BOOKINGS,
        erasure=blanked,
    )
    declare(BookingChange, category=account, retention=BOOKINGS, erasure=blanked)
    declare(Block, category=account, owner="owner", export="blocks", portable=portable.BLOCKS)
    declare(WaitingEntry, category=account, owner="owner", export="waits", portable=portable.WAITING_ENTRIES)
    declare(FailedCheck, category=Category.MACHINERY, owner="specialist__user")  # gone with the next night's check
    declare(Offer, category=account, owner="waiting_entry__owner", export="waits")
