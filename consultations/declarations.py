"""What the tables of the consultations hold of a person, for the registry in `accounts/privacy.py`."""

from accounts.privacy import Category, Erasure, Kept, declare
from consultations.models import (
    Block,
    Booking,
    BookingChange,
    DateOverride,
    Message,
    Offer,
    Photo,
    Slot,
    Specialist,
    Wait,
    WeeklyHours,
)

MEETINGS = Kept(months=24)
NOTES = Kept(days=30)
MESSAGES = Kept(months=12)


def declare_consultations() -> None:
    account, blanked = Category.ACCOUNT, Erasure.BLANKED
    declare(Specialist, category=Category.WORDS, owner="user")
    for model in (Photo, WeeklyHours, DateOverride, Slot):
        declare(model, category=account, owner="specialist__user")
    declare(Booking, category=Category.WORDS, retention=(NOTES, MEETINGS), erasure=blanked)
    declare(BookingChange, category=account, retention=MEETINGS, erasure=blanked)
    declare(Block, category=account, owner="owner")
    declare(Message, category=Category.MACHINERY, owner="owner", retention=MESSAGES)
    declare(Wait, category=account, owner="owner")
    declare(Offer, category=account, owner="wait__owner")
