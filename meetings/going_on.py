"""After the meeting: how to go on with this specialist, or who else there is."""

from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import AreApart
from consultations.models.profiles import ACCOUNT_LISTED
from consultations.times import SOON

OTHERS = 2


def specialist_of(booking: Booking, client: User) -> Specialist | None:
    """The specialist, if one can go on with them: verified, with a practice and an account, and no block between them.

    Somebody who takes no more free meetings may still have room for those whom they have met.
    """
    account = {f"user__{field}": value for field, value in ACCOUNT_LISTED.items()}
    rows = Specialist.objects.filter(~Q(AreApart(client.pk, F("pk"))), pk=booking.specialist_id, **account)
    return rows.filter(status=Specialist.Status.VERIFIED, ended_at=None).select_related("user").first()


def others_like(booking: Booking, client: User, now: datetime) -> QuerySet[Specialist]:
    """OTHERS who share a topic and a language with the specialist, and have a free time: the soonest first."""
    met = booking.specialist
    if met is None:
        return Specialist.objects.none()
    free = Slot.objects.bookable(now).filter(specialist=OuterRef("pk"), starts_at__lt=now + SOON).order_by("starts_at")
    rows = Specialist.objects.listed().filter(
        ~Q(AreApart(client.pk, F("pk"))), themes__overlap=met.themes, languages__overlap=met.languages
    )
    rows = rows.exclude(pk__in=[client.pk, met.pk])
    rows = rows.exclude(pk__in=Booking.objects.of_client(client).met(now).order_by().values("specialist"))
    rows = rows.annotate(next_free=Subquery(free.values("starts_at")[:1])).filter(next_free__isnull=False)
    return rows.order_by("next_free", "pk")[:OTHERS]
