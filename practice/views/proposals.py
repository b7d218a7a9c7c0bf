"""Proposing other times for a meeting."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthenticatedHttpRequest
from consultations import policy
from consultations.models import Specialist
from consultations.services import proposals
from consultations.views.steps import act, act_with_words, pressed
from lib.methods import require_safe_or_post
from practice import reading
from practice.access import for_specialists, keeps_words
from practice.forms.proposals import ProposalForm
from practice.views.bookings import own, words_of


@keeps_words(lambda: ProposalForm(None, free=[], elsewhere={}), gettext_lazy("Propose another time"))
@require_safe_or_post
@for_specialists
def booking_propose(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Propose one to three of one's own open times, with words; or take back what was proposed."""
    found, now = own(request, pk), timezone.now()
    if request.method != "POST" and not policy.may_propose(found, now):  # what is posted then comes back, see `propose`
        return redirect("practice:booking", pk)
    if pressed(request) == "withdraw":
        withdraw = partial(proposals.withdraw, booking_id=pk, specialist=request.user)
        act(request, _("Taken back. The meeting stays as it is."), withdraw)
        return redirect("practice:booking", pk)
    free = proposals.slots_to_propose(request.user, now)
    elsewhere = reading.proposed_elsewhere(request.user, pk, now)
    before = policy.proposal_in(found, words_of(found), now)
    replaced = before if before and before.is_open else None
    posted = request.POST if request.method == "POST" else None
    form = ProposalForm(posted, free=free, elsewhere=elsewhere, replaced=replaced)
    if form.is_valid():
        propose = partial(
            proposals.propose,
            booking_id=pk,
            specialist=request.user,
            slots=form.slots,
            words=form.cleaned_data["words"],
        )
        done = _("Proposed. The meeting stays as it is until the client takes another time.")
        if act_with_words(request, done, propose, form):
            return redirect("practice:booking", pk)
    context = {"booking": found, "form": form, "free": free, "replaced": replaced}
    return render(request, "practice/propose.html", context, status=400 if form.errors else 200)
