"""What the pages of clients and of specialists share: which button was pressed, and a step that asks first."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sealing import CannotOpen
from consultations.models import Booking
from consultations.services import refusals


def pressed(request: HttpRequest) -> str:
    """Which button sent the form. Each of several is named `action`; its value says what it does."""
    return request.POST.get("action", "")


def pressed_in_row(request: HttpRequest) -> tuple[str, str]:
    """The same where every row has buttons: `close:12` is `close` in row 12."""
    action, _colon, row = pressed(request).partition(":")
    return action, row


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The words of a step that asks first. `back` names the way out of it; `done` is said once it is taken."""

    title: str
    lede: str
    button: str
    done: str
    back: str = ""


def ask_first(
    request: HttpRequest,
    booking: Booking,
    step: Step,
    change: Callable[..., object],
    *,
    allowed: bool,
    back_to: str,
    leads_to: str = "",
) -> HttpResponse:
    """Show a step; only its button takes it. Where it is not allowed (any more), the meeting is shown instead.

    `back_to` names the page of the meeting; the step leads there, too, unless `leads_to` names a page.
    """
    if not allowed:
        return redirect(back_to, booking.pk)
    if request.method != "POST":
        return render(request, "consultations/step.html", {"booking": booking, "step": step, "back_to": back_to})
    act(request, step.done, change)
    return redirect(leads_to) if leads_to else redirect(back_to, booking.pk)


def act(request: HttpRequest, done: str, change: Callable[..., object], **options: object) -> None:
    """Do something about a meeting, and say so; or say why it was not done."""
    try:
        change(**options, now=timezone.now())
    except refusals.Refused as refused:
        messages.error(request, str(refused.words))
    except CannotOpen:
        messages.error(request, _("What was agreed can't be opened. It has not been changed."))
    else:
        messages.success(request, done)
