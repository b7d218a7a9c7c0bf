"""A member looks at what the specialist will see, shares it, and takes it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations.services.refusals import Refused
from meetings import policy, reading
from meetings.copies import copies, mark_of
from meetings.services import sharing
from meetings.views.bookings import own
from meetings.views.ready import current, offers_sharing


@require_safe
def ready_preview(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Exactly what the specialist will see, and the button that shares it."""
    booking, now = own(request, pk), timezone.now()
    if not offers_sharing(request.user, booking, now):
        return redirect("ready", pk)
    _row, plan = current(reading.plans(request.user, booking))
    found = copies(request.user, plan)
    context = {
        "booking": booking,
        "items": reading.of_copies(found, now),
        "client_name": reading.name_of(booking, request.user),
        "seen": mark_of(request.user, found),
        "until": policy.shared_until(booking),
        "is_shared": bool(reading.shared(request.user, booking)),
    }
    return render(request, "meetings/preview.html", context)


@require_POST
def share(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Share what was looked at, instead of what was shared before."""
    booking, now = own(request, pk), timezone.now()
    _row, plan = current(reading.plans(request.user, booking))
    seen = request.POST.get("seen", "")
    try:
        sharing.share(owner=request.user, booking_id=pk, plan=plan, seen=seen, now=now)
    except sharing.Changed as changed:
        messages.info(request, str(changed.words))
        return redirect("ready_preview", pk)
    except Refused as refused:
        messages.info(request, str(refused.words))
        return redirect("ready", pk)
    until = date_format(timezone.localtime(policy.shared_until(booking)), "j F Y")
    messages.success(request, _("Shared until %(day)s. You can stop at any time.") % {"day": until})
    return redirect("ready", pk)


@require_POST
def share_stop(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take everything back. The specialist is not told."""
    own(request, pk)
    sharing.stop(owner=request.user, booking_id=pk)
    messages.success(request, _("Nothing is shared any more. The specialist is not told."))
    return redirect("ready", pk)
