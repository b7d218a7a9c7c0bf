"""Saying that one was there, and what either side writes to the team while an objection is open."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from consultations import policy
from consultations.models import Booking
from consultations.models.bookings import Side
from consultations.services import refusals
from exchange.declarations import REMARKS
from exchange.forms.objections import RemarkForm
from exchange.models import Remark
from exchange.services import objections
from lib.methods import require_safe_or_post
from lib.waits import BUSY


@dataclass(frozen=True, slots=True)
class Place:
    """Where one side reads about a booking: the URL names of its page and of this one, and what the page says first."""

    side: Side
    booking: str
    objection: str
    lede: str


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form with what was posted, where nothing else can be read or stored. Nothing is sent."""
    context = {"form": RemarkForm.posted(request.POST), "not_sent": status, "busy": status in BUSY}
    return render(request, "exchange/objection_again.html", context, status=status)


@gives_back(words_again)
@require_safe_or_post
def booking_object(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """The client's page of an objection: theirs to the specialist's report, or the specialist's to theirs."""
    found = get_object_or_404(Booking.objects.of_client(request.user).select_related("specialist"), pk=pk)
    lede = _(
        "The specialist says that you did not come. If you did, say so here, and someone on our team will look at it. "
        "They see when the meeting was and what each of you says about it, but not your note. What they decide is "
        "shown here and on Today."
    )
    return objection_page(request, found, Place(Side.CLIENT, "booking", "booking_object", lede))


def objection_page(request: AuthenticatedHttpRequest, found: Booking, place: Place) -> HttpResponse:
    """Object, or write to the team about an objection; without either, go to the page of the booking.

    Words for an objection that is not needed any more, as the report was taken back, come back with what happened.
    """
    objects = policy.may_object(found, place.side)
    if not objects and found.objected_at is None and request.method != "POST":
        return redirect(place.booking, found.pk)
    writes = objects or policy.may_settle(found)
    if request.method == "POST":
        form = RemarkForm(request.POST, needs_words=found.objected_at is not None)
        if form.is_valid() and send(request, found, place, form, objects=objects):
            return redirect(place.booking if objects else place.objection, found.pk)
        return page(request, found, place, form, 400)
    return page(request, found, place, RemarkForm.empty(request.user, needs_words=not objects) if writes else None)


def send(request: AuthenticatedHttpRequest, found: Booking, place: Place, form: RemarkForm, *, objects: bool) -> bool:
    """Do what the form says. If it can't be done, say why beside the words, and return False."""
    act = objections.object_to if objects else objections.write_to_team
    sent = form.cleaned_data
    try:
        act(booking_id=found.pk, by=request.user, remark_id=sent["remark"], text=sent["text"], now=timezone.now())
    except refusals.Refused as refused:
        form.add_error(None, str(refused.words))
        return False
    except objections.Enough:
        form.add_error(
            None, _("You have written %(most)s times about this, so it was not sent.") % {"most": objections.MOST}
        )
        return False
    messages.success(request, _("Saved. Someone on our team will look at it.") if objects else _("Sent to our team."))
    return True


def page(
    request: AuthenticatedHttpRequest, found: Booking, place: Place, form: RemarkForm | None, status: int = 200
) -> HttpResponse:
    """What was written so far, as its reader sees it, and the form if there is still something to say."""
    context = {
        "booking": found,
        "place": place,
        "objects": policy.may_object(found, place.side),
        "is_client": place.side is Side.CLIENT,
        "form": form,
        "remarks": objections.opened(Remark.objects.visible_to(request.user).filter(booking=found).in_order()),
        "kept": REMARKS.words,
    }
    return render(request, "exchange/objection.html", context, status=status)
