"""What somebody has looked at."""

from uuid import UUID

from accounts.models import User
from consultations.models import Booking


def mark_seen(*, client: User, booking_id: UUID) -> None:
    """A client has seen what was changed in a meeting; it is no longer brought to their notice."""
    Booking.objects.of_client(client).filter(pk=booking_id, unseen=True).update(unseen=False)
