"""The booking to which a page belongs."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Booking


def own(request: AuthenticatedHttpRequest, pk: UUID) -> Booking:
    """A booking made by this user. Raises Http404."""
    return get_object_or_404(Booking.objects.of_client(request.user).select_related("client", "specialist"), pk=pk)
