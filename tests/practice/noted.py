"""Private notes on a meeting, as tests need them."""

from datetime import datetime
from uuid import uuid4

from accounts.drafts import Write
from accounts.models import User
from consultations.models import Booking
from meetings.models import PrivateNote
from meetings.services.private_notes import save_note

NOTE = "Speaks softly of her sister."


def noted(booking: Booking, text: str = NOTE, *, now: datetime) -> PrivateNote:
    """A note of the specialist on this meeting; each call makes one more version."""
    assert booking.specialist
    write = Write(uuid4(), text, base_revision=0, client=uuid4(), sequence=1)
    return save_note(owner=booking.specialist.user, booking_id=booking.pk, write=write, now=now)


def notes_of(owner: User) -> list[str]:
    """The latest first."""
    return [row.words(owner) for row in PrivateNote.objects.visible_to(owner).latest_first()]
