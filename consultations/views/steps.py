"""Shared by the pages of clients and specialists: which button was pressed, and steps that need confirmation."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sealing import CannotOpen
from consultations.models import Booking
from consultations.services import refusals


def pressed(request: HttpRequest) -> str:
    """The value of the button that sent the form. Where there are several, each is named `action`."""
    return request.POST.get("action", "")


def pressed_in_row(request: HttpRequest) -> tuple[str, str]:
    """The same where every row has buttons: `close:12` gives `("close", "12")`."""
    action, _colon, row = pressed(request).partition(":")
    return action, row


def say_out_of_date(request: HttpRequest) -> None:
    """For a POST by no button that the page has now: a page that an earlier release rendered may still send it."""
    messages.error(request, _("Nothing was changed, because this page was out of date. Please try again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The words of a confirmation page. `back` labels the way out; `done` is the message once it is done."""

    title: str
    lede: str
    button: str
    done: str
    back: str = field(default_factory=lambda: _("Not now"))


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
    """Show a confirmation page; a POST makes the change. Redirect to the booking if it is not allowed (any more).

    `back_to` is the URL name of the booking's page. A POST leads there too, unless `leads_to` names another page.
    """
    if not allowed:
        return redirect(back_to, booking.pk)
    if request.method != "POST":
        return render(request, "consultations/step.html", {"booking": booking, "step": step, "back_to": back_to})
    act(request, step.done, change)
    return redirect(leads_to) if leads_to else redirect(back_to, booking.pk)


def act(request: HttpRequest, done: str, change: Callable[..., object]) -> None:
    """Make a change to a booking, and add a message that says so or why it was refused."""
    try:
        change(now=timezone.now())
    except refusals.Refused as refused:
        messages.error(request, str(refused.words))
    except CannotOpen:
        messages.error(request, _("The details can’t be opened. They have not been changed."))
    else:
        messages.success(request, done)


def act_with_words(request: HttpRequest, done: str, change: Callable[..., object], form: forms.Form) -> bool:
    """As `act`, for a form that holds words: a refusal stands in the form, which is shown again. Was it done?"""
    try:
        change(now=timezone.now())
    except refusals.Refused as refused:
        form.add_error(None, str(refused.words))
    except CannotOpen:
        form.add_error(None, _("The details can’t be opened. They have not been changed."))
    else:
        messages.success(request, done)
        return True
    return False


def status_of(refused: refusals.Refused) -> int:
    return 429 if isinstance(refused, refusals.TooOften) else 409
