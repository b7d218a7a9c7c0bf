"""When a specialist is busy elsewhere, and the slots that this closes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consultations.models import Specialist


def busy_ranges(specialist: Specialist, now: datetime) -> list[tuple[datetime, datetime]]:
    """Start and end (UTC) of what stands in the specialist's own calendars and is not over."""
    return []


@transaction.atomic
def mark_busy(*, specialist_id: UUID, now: datetime) -> None:
    """Bring `busy` of the specialist's slots in line with `busy_ranges`, under their lock; what opens is announced."""
