"""Signing up, logging in, passwords, addresses, and the codes that are mailed for them."""

from typing import Any, override
from uuid import uuid4

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.models import EmailAddress, Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import context, ratelimit
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.addresses import mailable
from accounts.codes import can_be_code
from accounts.forms.base import OfThisAccount, OurWords, ReadsCode
from accounts.models import User
from accounts.pending import may_try_password, pretend_log_in, remember_account
from accounts.sessions import MEMBERS, PROFESSIONALS
from lib.zones import of_device

NOBODY = "decoy.invalid"  # no mail is ever sent there (RFC 2606)


class LogInForm(OurWords, account.LoginForm):
    by_code = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = _(
            "On a shared device, sign out when you finish. You are signed out after %(members)d minutes without "
            "activity, or after %(professionals)d if you are a specialist or work for this site."
        ) % {"members": MEMBERS.idle_minutes, "professionals": PROFESSIONALS.idle_minutes}

    @override
    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        """Check no password of an address at which many were tried, unless a mailed code came first (`login`)."""
        request, address = self.request, credentials["email"]
        adapter = get_adapter()
        if not adapter.is_guessed_at(request, address) or may_try_password(request, address):
            checked: dict[str, Any] = super()._clean_with_password(credentials)
            if self.gets_code() and not adapter.may_send_code(request, address, dry_run=True):
                raise adapter.validation_error("too_many_login_attempts")
            return checked
        if not ratelimit.consume(request, action="request_login_code_here", key=adapter.here(request, address)):
            raise adapter.validation_error("too_many_login_attempts")
        self.by_code = True
        return self.cleaned_data

    def gets_code(self) -> bool:
        """Whether an address has to be confirmed next, which it is at the first log-in."""
        if self.user is None or self.user.last_login:
            return False
        return not EmailAddress.objects.filter(user=self.user, verified=True).exists()

    @override
    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        if not self.by_code:
            answer: HttpResponse = super().login(request, redirect_url)
            return answer
        account = User.objects.confirmed_at(self.cleaned_data["login"]).filter(is_active=True).first()
        credentials = {"email": account.email if account else mailable(self.cleaned_data["login"])}
        self.user = account
        remember_account(request, account)
        answer = self._login_by_code(request, redirect_url, credentials)
        if account is None:
            pretend_log_in(request)
        return answer

    @override
    def clean(self) -> dict[str, Any] | None:
        """Go on with the account's own form of the address, as allauth asks whether that one is confirmed."""
        cleaned = super().clean()
        if self.user:
            self._login.email = self.user.email
        return cleaned


class TakesCode(OurWords):
    """An address that gets a code next: not so soon after the last one."""

    def clean_email(self) -> str:
        address: str = super().clean_email()  # type: ignore[misc]
        adapter = get_adapter()
        if not adapter.may_send_code(context.request, address, dry_run=True):
            raise adapter.validation_error("code_on_its_way")
        return address


class SignUpForm(TakesCode, account.SignupForm):
    """Address, password, and the confirmation of being an adult, which goes into the consent ledger.

    `timezone` is filled in by `static/js/device-zone.js`.
    """

    field_order = ("email", "password1", "adult")
    adult = forms.BooleanField()
    timezone = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["adult"].label = str(consents.ADULT.words)

    def clean_timezone(self) -> str:
        return of_device(self.cleaned_data["timezone"])

    @override
    def validate_unique_email(self, value: str) -> str:
        """Leave this to `try_save`, which asks when nobody else can take the address."""
        return value

    @override
    def try_save(self, request: HttpRequest) -> tuple[User, HttpResponse]:
        """Make the account. If the address has one, do all of the same work, take it back, and go on the same way.

        So nothing tells who has an account: neither queries, hashes and rows written nor the pages that follow.
        """
        address = self.cleaned_data["email"]
        with transaction.atomic():
            is_decoy = User.objects.is_taken(address)
            if is_decoy:
                self.cleaned_data["email"] = f"{uuid4()}@{NOBODY}"
            before = transaction.savepoint_create()
            user = self.save(request)
            if is_decoy:
                transaction.savepoint_rollback(before)
                self.become_decoy(user, address)
            else:
                transaction.savepoint_commit(before)
        login = Login(user=user, email=address, signup=True, redirect_url=get_next_redirect_url(request))
        return user, perform_login(request, login)

    def become_decoy(self, user: User, address: str) -> None:
        """Give the account that was taken back the address under which allauth goes on with it."""
        self.cleaned_data["email"] = user.email = address
        user.is_decoy = True
        EmailAddress.objects.fill_cache_for_user(user, [EmailAddress(user=user, email=address)])

    @override
    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        consents.give(owner=user, purpose=consents.ADULT.purpose, now=timezone.now())
        return user


class ChangeEmailForm(TakesCode, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ChangePasswordForm(OfThisAccount, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Your current password")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")


class SetPasswordForm(OfThisAccount, account.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    @override
    def clean_email(self) -> str:
        """Find the account in one query, whether there is one or not, and mail to its own address."""
        adapter, request = get_adapter(), context.request
        address: str = adapter.clean_email(self.cleaned_data["email"])
        self.users = [*User.objects.at(address).filter(is_active=True)]
        if not ratelimit.consume(request, action="reset_password_here", key=adapter.here(request, address)):
            raise adapter.validation_error("rate_limited")
        return self.users[0].email if self.users else address

    @override
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address: str = super().save(request, **kwargs)
        remember_account(request, self.users[0] if self.users else None)
        if not self.users:
            request.session[PASSWORD_RESET_VERIFICATION_SESSION_KEY]["user_id"] = str(uuid4())
        return address


class NewPasswordForm(OfThisAccount, account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")


class ReauthenticateForm(OfThisAccount, account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class MailedCode(ReadsCode):
    """A code from an e-mail. What cannot be one is told apart, and costs no try (`accounts/code_views.py`)."""

    NOT_A_CODE = "not_a_code"

    @override
    def clean_code(self) -> str:
        if not can_be_code(self.cleaned_data["code"]):
            raise get_adapter().validation_error(self.NOT_A_CODE)
        return super().clean_code()

    def is_a_try(self) -> bool:
        """Whether somebody wrote a whole code, so that a wrong one counts."""
        return not (self.has_error("code", "required") or self.has_error("code", self.NOT_A_CODE))


class EmailCodeForm(MailedCode, account.ConfirmEmailVerificationCodeForm):
    @override
    def clean_code(self) -> str:
        """Take no code of an account that is not there: taken back, or erased as it was not confirmed in time.

        The right code takes an address from an account that was never confirmed (`ConfirmAddress`): a stranger may
        have signed it up.
        """
        try:
            code = super().clean_code()
        except forms.ValidationError as error:
            if error.code != "email_taken" or (self.user and User.objects.confirmed_at(self.email).exists()):
                raise
            code = self.cleaned_data["code"]
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        return code


class ResetCodeForm(MailedCode, account.ConfirmPasswordResetCodeForm):
    pass


class LogInCodeForm(MailedCode, account.ConfirmLoginCodeForm):
    pass
