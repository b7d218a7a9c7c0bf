"""What staff may do with a specialist's profile: when it applies, what is asked, and what is done."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.http import AuthenticatedHttpRequest
from consultations.forms.verification import ApproveForm, GroundsForm, ReasonForm, SeenForm
from consultations.models import Specialist
from consultations.models.profiles import Checked
from consultations.services import misses, verification
from consultations.services.locks import lock_circle
from consultations.services.profiles import VOUCHED_FOR
from lib.admin import Change

Status = Specialist.Status
type Act = Callable[[Specialist, AuthenticatedHttpRequest, Mapping[str, Any]], None]

CHANGED = Q(status=Status.VERIFIED, change__isnull=False)


def by(decide: Callable[..., object]) -> Act:
    """What staff do, by a function of `services.verification`."""

    def act(specialist: Specialist, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> None:
        decide(specialist_id=specialist.pk, staff=request.user, now=timezone.now(), **values)

    return act


def leave_listed(specialist: Specialist, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> None:
    misses.leave_listed(specialist_id=specialist.pk, now=timezone.now())


CHANGES = {
    "approve": Change(
        label=_("Approve"),
        explanation=_("The entry is in the register. The profile is shown to everyone who is logged in."),
        said=_("Approved."),
        to=Q(status__in=[Status.SUBMITTED, Status.HIDDEN, Status.VERIFIED]),
        act=by(verification.approve),
        refusals=(verification.CannotChange,),
        form=ApproveForm,
        shown=(*VOUCHED_FOR, *Checked),
        stands=("status",),
        is_repeated=lambda specialist, values: verification.is_repeated(specialist, **values),
        keeps_words=True,
    ),
    "seen": Change(
        label=_("Mark as looked at"),
        explanation=_("The profile stays as it is now. The specialist is not told."),
        said=_("Marked as looked at."),
        to=CHANGED,
        act=by(verification.see_change),
        refusals=(verification.CannotChange,),
        form=SeenForm,
        keeps_words=True,
    ),
    "return": Change(
        label=_("Send back"),
        explanation=_(
            "The specialist reads what you write here, and can submit the profile again. Until it is approved it "
            "is not shown. Booked meetings stay."
        ),
        said=_("Sent back."),
        to=Q(status=Status.SUBMITTED) | CHANGED,
        act=by(verification.send_back),
        refusals=(verification.CannotChange,),
        stands=("status",),
        form=ReasonForm,
        keeps_words=True,
    ),
    "hide": Change(
        label=_("Hide"),
        explanation=_("The profile is taken off the list until it has been checked again. Booked meetings stay."),
        said=_("Hidden."),
        to=Q(status=Status.VERIFIED),
        act=by(verification.hide),
        refusals=(verification.CannotChange,),
        form=GroundsForm,
        keeps_words=True,
    ),
    "leave": Change(
        label=_("Leave as it is"),
        explanation=_(
            "People have said that the specialist did not come. The profile stays in the list, and is here again "
            "only if more is reported."
        ),
        said=_("Left as it is."),
        to=Q(status=Status.VERIFIED)
        & Q(bookings__status="specialist_no_show")
        & (Q(misses_seen_at=None) | Q(bookings__changed_at__gt=F("misses_seen_at"))),
        act=leave_listed,
    ),
    "suspend": Change(
        label=_("Suspend"),
        explanation=_("The profile is taken off the list, and all upcoming meetings are cancelled."),
        said=_("Suspended."),
        to=~Q(status=Status.SUSPENDED),
        act=by(verification.suspend),
        refusals=(verification.CannotChange,),
        stands=("status",),
        locks=lambda specialist: lock_circle(specialist.pk, timezone.now()),
        form=GroundsForm,
        keeps_words=True,
    ),
    "lift": Change(
        label=_("Lift the suspension"),
        explanation=_("The profile becomes a draft again, and can be submitted."),
        said=_("Suspension lifted."),
        to=Q(status=Status.SUSPENDED),
        act=by(verification.lift),
        refusals=(verification.CannotChange,),
        form=GroundsForm,
        keeps_words=True,
    ),
}
