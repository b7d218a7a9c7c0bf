"""Setting up a second factor, and its recovery codes. The other pages of second factors are allauth's own."""

from typing import Any, override

from allauth.account.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_reset
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import recovery_codes, second_factor
from accounts.access import asked_again
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from lib.methods import require_safe_or_post


class FirstCodes:
    """Makes recovery codes together with the first factor, and leads to them.

    One set-up at a time for each person. Of two that began before there was any factor, the second is turned away: it
    has shown the password only. A second press of the button ends up at the codes as well.
    """

    request: AuthenticatedHttpRequest

    @transaction.atomic
    def form_valid(self, form: Form) -> HttpResponse:
        user = User.objects.select_for_update().get(pk=self.request.user.pk)
        if second_factor.is_set_up(user) and not second_factor.is_shown(self.request, user):
            return redirect("mfa_view_recovery_codes")
        with second_factor.secrets_of(user):
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if recovery_codes.exist_for(user):
            return answer
        recovery_codes.show_once(self.request, recovery_codes.make(user))
        return redirect("mfa_view_recovery_codes")


class ActivateApp(FirstCodes, ActivateTOTPView):
    @override
    def dispatch(self, request: AuthenticatedHttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where an app is set up already, lead to the overview; allauth would lead to removing it."""
        if Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists():
            return redirect("mfa_view_recovery_codes")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    @override
    def form_valid(self, form: Form) -> HttpResponse:
        """Use the code up: allauth would take it once more, to log in."""
        answer = super().form_valid(form)
        user = self.request.user
        with second_factor.secrets_of(user):
            for app in Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP):
                app.wrap().validate_code(form.cleaned_data["code"])
        return answer


class RemoveApp(DeactivateTOTPView):
    @override
    def dispatch(self, request: AuthenticatedHttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where the app is removed already, as after Back, lead to the overview."""
        try:
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")
        return answer


class AddPasskey(FirstCodes, AddWebAuthnView):
    pass


class Overview(IndexView):
    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"codes_left": recovery_codes.left(self.request.user)}


@require_safe
def codes_shown_once(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The codes that were made a moment ago, for the only time; otherwise lead to the overview, which counts them."""
    codes = recovery_codes.take_shown(request) if request.method == "GET" else []
    if not codes:
        return redirect("mfa_index")
    return render(request, "mfa/recovery_codes/index.html", {"codes": codes})


@require_safe_or_post
@asked_again
def make_codes(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Replace the codes, end the other sessions, and tell the person by e-mail."""
    user = request.user
    if not second_factor.is_set_up(user):
        return redirect("mfa_index")
    if request.method != "POST":
        return render(request, "mfa/recovery_codes/generate.html", {"codes_left": recovery_codes.left(user)})
    recovery_codes.show_once(request, recovery_codes.make(user))
    made = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    authenticator_reset.send(sender=Authenticator, request=request, user=user, authenticator=made)
    get_adapter(request).send_notification_mail("mfa/email/recovery_codes_generated", user)
    return redirect("mfa_view_recovery_codes")
