"""The pages for codes from an e-mail: confirming an address, logging in, a new password."""

from typing import Any, override
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.utils import passthrough_next_redirect_url
from allauth.account.views import (
    CompletePasswordResetView,
    ConfirmEmailVerificationCodeView,
    ConfirmLoginCodeView,
    ConfirmPasswordResetCodeView,
)
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.erasure import erase_unconfirmed_at
from accounts.forms.entrance import MailedCode
from accounts.models import User
from accounts.pending import is_as_remembered, pretend_log_in, remember_reader


class OnlyTriesCount:
    """For allauth's pages that take a code: what cannot be a code is said, and costs none of the few tries.

    After the last one, the log-in page says how to get a new code, where allauth would ask to wait.
    """

    def form_invalid(self, form: Form) -> HttpResponse:
        if not isinstance(form, MailedCode):
            return super().form_invalid(form)  # type: ignore[misc, no-any-return]
        if not form.is_a_try() or self._process.record_invalid_attempt():  # type: ignore[attr-defined]
            return self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined, no-any-return]
        messages.error(self.request, no_tries_left())  # type: ignore[attr-defined]
        return redirect(onward(self, reverse("account_login")))


def onward(page: Any, url: str) -> str:
    """This address with the page to go to after the log-in: it waits with the log-in, or stands in the request."""
    stage = getattr(page, "stage", None)
    waiting: str | None = stage.login.redirect_url if stage else None
    if waiting:
        return f"{url}?{urlencode({REDIRECT_FIELD_NAME: waiting}, safe='/')}"
    return str(passthrough_next_redirect_url(page.request, url, REDIRECT_FIELD_NAME))


def no_tries_left() -> str:
    return _("That was the last try, and the code no longer works. Choose “I forgot my password” for a new one.")


class ConfirmAddress(OnlyTriesCount, ConfirmEmailVerificationCodeView):
    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """With nothing left to confirm, as after Back: Today, where allauth shows the form for another address."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        nothing_waits = self._process is None and request.user.is_authenticated
        return redirect(settings.LOGIN_REDIRECT_URL) if nothing_waits else response

    def get_form_kwargs(self) -> dict[str, Any]:
        """Look a made-up account up once, as one that is there: allauth asks again whenever it has found nobody."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if "user" in kwargs and kwargs["user"] is None:
            self._process._user = User()
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"sign_up_again": onward(self, reverse("account_signup"))}

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        """Hold the account meanwhile: it may just be erased, as it was not confirmed in time."""
        with transaction.atomic():
            if User.objects.select_for_update(no_key=True).filter(pk=self._process.user.pk).first():
                erase_unconfirmed_at(self._process.email, but=self._process.user, now=timezone.now())
                return super()._verify_form_valid(form)  # type: ignore[no-any-return]
        form.add_error("code", get_adapter().validation_error("incorrect_code"))
        return self.form_invalid(form)

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        """Send a new code. If it is asked for too soon, say so and keep the last one valid.

        For an address that has an account already, nothing is sent again, but the page must not tell.
        """
        process: EmailVerificationProcess = self._process
        adapter = get_adapter()
        if adapter.may_send_code(self.request, process.email, dry_run=True):
            process.generate_code()
            adapter.send_confirmation_mail(self.request, process, signup=bool(self.stage))
            process.record_resend()
            process.persist()
            messages.info(self.request, _("We have sent a new code."))
        else:
            messages.info(self.request, _("A code was sent a moment ago. Wait ten seconds, then ask for a new one."))
        here = reverse("account_email_verification_sent")
        return redirect(passthrough_next_redirect_url(self.request, here, REDIRECT_FIELD_NAME))


class OnlyIfUnchanged:
    """For allauth's pages after a mailed code: it ends with the address or the password that the account had then.

    Somebody may change them because others read the old mailbox. The account may also be gone.
    """

    _process: Any
    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        return super().form_valid(form) if self.is_unchanged() else self.too_late()  # type: ignore[misc]

    def is_unchanged(self) -> bool:
        return is_as_remembered(self.request, self._process.user)

    def too_late(self) -> HttpResponse:
        self._process.abort()
        messages.error(self.request, get_adapter().error_messages["invalid_password_reset"])
        return redirect("account_login")


class ConfirmReset(OnlyIfUnchanged, OnlyTriesCount, ConfirmPasswordResetCodeView):
    pass


class CompleteReset(OnlyIfUnchanged, CompletePasswordResetView):
    @override
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, **kwargs) if self.is_unchanged() else self.too_late()


class ConfirmLogIn(OnlyIfUnchanged, OnlyTriesCount, ConfirmLoginCodeView):
    def form_valid(self, form: Form) -> HttpResponse:
        """A new code is no answer yet, so it is sent for an account that is not there, too."""
        return self.send_again() if self._action == "resend" else super().form_valid(form)

    def send_again(self) -> HttpResponse:
        """Send a new code. An address without an account gets a decoy again: allauth would do nothing, and so tell."""
        process, adapter = self._process, get_adapter()
        key = adapter.here(self.request, process.state["email"])
        if ratelimit.consume(self.request, action="request_login_code_here", key=key):
            process.send()
            process.record_resend()
            process.persist()
            if self.stage.login.user is None:
                pretend_log_in(self.request)
        else:
            messages.info(self.request, adapter.error_messages["rate_limited"])
        return redirect("account_confirm_login_code")

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        """Lead back to the log-in, where a few passwords are checked now."""
        remember_reader(self.request, self._process.state["email"])
        self._process.abort()
        messages.info(self.request, _("Thank you. Now log in with your e-mail address and your password."))
        return redirect(onward(self, reverse("account_login")))

    def form_invalid(self, form: Form) -> HttpResponse:
        """After a wrong code, allauth keeps the log-in again: without the account that `LogInForm` made up."""
        answer = super().form_invalid(form)
        if self.stage.login.user is None and isinstance(form, MailedCode) and form.is_a_try():
            pretend_log_in(self.request)
        return answer


confirm_address = login_not_required(ConfirmAddress.as_view())
confirm_reset = ConfirmReset.as_view()
complete_reset = login_not_required(CompleteReset.as_view())
confirm_log_in = ConfirmLogIn.as_view()
