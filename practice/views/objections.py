"""The specialist's page of an objection."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from consultations.models import Specialist
from consultations.models.bookings import Side
from exchange.views.objections import Place, objection_page, words_again
from lib.methods import require_safe_or_post
from practice.access import for_specialists
from practice.views.bookings import own


@gives_back(words_again)
@require_safe_or_post
@for_specialists
def booking_object(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Object to the client's report that the specialist did not come, or write to the team about an objection."""
    lede = _(
        "The client says that you did not come. If you did, say so here, and someone on our team will look at it. What "
        "they decide is shown on the page of this meeting."
    )
    place = Place(Side.SPECIALIST, "practice:booking", "practice:booking_object", lede)
    return objection_page(request, own(request, pk), place)
