"""Meetings to which a specialist did not come, as their clients say. Staff look at profiles with several; nothing else
follows from it.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from consultations.limits import NO_SHOW_WINDOW
from consultations.models import Booking, Specialist
from consultations.models.bookings import BookingQuerySet, Status
from consultations.times import OLD_ENOUGH

SEVERAL = 2  # people, within NO_SHOW_WINDOW

# One account can be wrong, and a new one costs nothing. What is objected to counts once staff have found that it is so.
NOT_SEEN = Q(status=Status.SPECIALIST_NO_SHOW) & (
    Q(specialist__misses_seen_at=None) | Q(changed_at__gt=F("specialist__misses_seen_at"))
)
NOT_OPEN = Q(objected_at=None) | Q(settled_at__isnull=False)


def misses(now: datetime) -> BookingQuerySet:
    """Those that count, and that staff have not looked at."""
    lately = Q(starts_at__gt=now - NO_SHOW_WINDOW, client__created_at__lte=now - OLD_ENOUGH)
    return Booking.objects.filter(NOT_SEEN, NOT_OPEN, lately)


def to_look_at(now: datetime) -> QuerySet[Specialist]:
    """Verified specialists for whom several people waited."""
    by_several = misses(now).values("specialist").annotate(people=Count("client", distinct=True))
    whose = by_several.filter(people__gte=SEVERAL).values("specialist")
    return Specialist.objects.filter(pk__in=whose, status=Specialist.Status.VERIFIED)


def leave_listed(*, specialist_id: UUID, now: datetime) -> None:
    """Staff have looked at it, and leave the profile as it is: only what is reported from now on counts."""
    Specialist.objects.filter(pk=specialist_id).update(misses_seen_at=now)
