"""allauth's adapters: our messages, mails and redirects; secrets of second factors are sealed."""

from typing import Any, ClassVar, override
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as current
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.addresses import mailable, stored
from accounts.codes import LENGTH
from accounts.mails import ANSWERS, post_code, post_notice
from accounts.models import User, can_be_mailed, normal_form
from accounts.security_log import network_of
from lib.figures import spelled, with_figures

GUESSED = "login_failed_anywhere"
BEGUN_WITH = "log_in_begun_with"  # in the session: the hash by which Django's sessions follow the password
CODE_MAIL = "code_mail"  # in the session: the id of the newest mail with a code


class AccountAdapter(DefaultAccountAdapter):
    """Our own error messages, neutral mails, and the page after sign-up."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("This is the only address of your account. Add another one first."),
        "code_on_its_way": _("A code was sent to this address a moment ago. Wait ten seconds, then try again."),
        "duplicate_email": _("This is already the address of your account."),
        "email_password_mismatch": _(
            "The e-mail address or the password is not right. Please check both, then try again."
        ),
        "email_taken": _("Another account uses this address."),
        "enter_current_password": _("That is not your current password. Please try again."),
        "incorrect_code": _("That code is not right. Use the one from the newest e-mail, then try again."),
        "incorrect_password": _("That password is not right. Please try again."),
        "invalid_login": _("Write your e-mail address, like name@example.org."),
        "invalid_or_expired_key": _("This link no longer works. Ask for a new one."),
        "invalid_password_reset": _("This code no longer works. Ask for a new one."),
        "not_a_code": with_figures(
            _("A code has %(length)s letters, like BCDF-GHJK. Please check it."),
            lambda: {"length": spelled(LENGTH)},
        ),
        "rate_limited": _("There have been many tries in a short time. Wait five minutes, then try again."),
        "same_as_current": _("This is already the address of your account."),
        "too_many_codes": _("There have been many tries in a short time. Wait fifteen minutes, then try again."),
        "too_many_login_attempts": _("There have been many tries in a short time. Wait five minutes, then try again."),
        "unknown_email": _("No account uses this address."),
        "unverified_primary_email": _("Confirm this address first."),
    }

    @override
    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        """Start in the time zone of the device, where it told one (`SignUpForm`)."""
        user.timezone = form.cleaned_data.get("timezone") or user.timezone
        saved: User = super().save_user(request, user, form, commit)
        return saved

    @override
    def clean_email(self, email: str) -> str:
        """The form that is stored; allauth asks wherever it takes an address."""
        can_be_mailed(email)
        return stored(email)

    @override
    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Add an HTML version, and the header that keeps auto-responders from answering (RFC 3834)."""
        headers = {"Auto-Submitted": "auto-generated"} | (headers or {})
        to = [mailable(address) for address in ([email] if isinstance(email, str) else email)]
        message: EmailMultiAlternatives = super().render_mail(template_prefix, to, context, headers)
        html = render_to_string("emails/message.html", {"subject": message.subject, "body": message.body})
        message.attach_alternative(html, "text/html")
        return message

    @override
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue it. The session remembers the mail that a page for a code waits for."""
        owner, now = context.get("user"), timezone.now()
        if template_prefix in ANSWERS:
            mail = post_code(template_prefix, email, owner=owner, context=context, now=now)
            current.request.session[CODE_MAIL] = str(mail.pk)
        else:
            post_notice(template_prefix, email, owner=owner, now=now)

    @override
    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, (context or {}) | {"user": user}, email)

    @override
    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Send the code; to an address that has an account already, say that instead, and only once.

        Not often in a day either: anybody can write the address of somebody else into the form.
        """
        user, address = emailconfirmation.user, emailconfirmation.email
        self.may_send_code(request, address)
        may_be_told = not signup or ratelimit.consume(request, action="sign_up_mail", key=address)
        if user is None or (user.is_decoy and not may_be_told):
            self.send_mail("account/email/unknown_account", address, {})
        elif user.is_decoy:
            self.send_account_already_exists_mail(address)
        else:
            template = "email_confirmation_signup" if signup else "email_confirmation"
            self.send_mail(f"account/email/{template}", address, {"user": user, "code": emailconfirmation.key})

    @override
    def clean_password(self, password: str, user: User | None = None) -> str:
        cleaned: str = super().clean_password(normal_form(password), user)
        return cleaned

    def here(self, request: HttpRequest, address: str) -> str:
        """An address and the network that asks: the key of a limit by which nobody can lock another person out."""
        return f"{mailable(address)} {network_of(request)}"

    def may_send_code(self, request: HttpRequest, address: str, *, dry_run: bool = False) -> bool:
        """Whether this network asked for no code for this address a moment ago. Other networks keep nobody waiting."""
        return bool(ratelimit.consume(request, action="code_here", key=self.here(request, address), dry_run=dry_run))

    def may_try_second_step(self, request: HttpRequest, user: User) -> bool:
        """Count a code: by account and network, and by the account alone, so that many networks do not guess it."""
        here, anywhere = self.here(request, user.email), str(user.pk)
        return bool(
            ratelimit.consume(request, action="second_step_here", key=here)
            and ratelimit.consume(request, action="second_step_anywhere", key=anywhere)
        )

    def forget_second_steps(self, request: HttpRequest, user: User) -> None:
        """After the right code: those of this network, which were the owner's. Others may go on guessing."""
        ratelimit.clear(request, action="second_step_here", key=self.here(request, user.email))

    @override
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count tries by address and network: whoever guesses elsewhere does not keep the owner out."""
        return self.here(request, credentials["email"])

    @override
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        ratelimit.consume(request, action=GUESSED, key=mailable(credentials["email"]))

    @override
    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """After a reset, the guesses at the old password no longer count."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, action=GUESSED, key=mailable(credentials["email"]))

    def is_guessed_at(self, request: HttpRequest, address: str) -> bool:
        """Whether so many passwords were tried for this address that none is checked for a while."""
        return not ratelimit.consume(request, action=GUESSED, key=mailable(address), dry_run=True)

    @override
    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Remember the password that a log-in of several steps began with."""
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    @override
    def login(self, request: HttpRequest, user: User) -> None:
        """End a log-in that waited for its last step while the password was changed, as open sessions end then."""
        if request.session.pop(BEGUN_WITH, None) != user.get_session_auth_hash():
            messages.error(request, _("The password has changed. Log in with the new one."))
            raise ImmediateHttpResponse(redirect("account_login"))
        user.is_new = user.last_login is None
        super().login(request, user)

    @override
    def is_safe_url(self, url: str) -> bool:
        """No address of ours is one that Python cannot take apart (`http://[`), where allauth fails."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    @override
    def post_login(self, request: HttpRequest, user: User, *, redirect_url: str | None, **kwargs: Any) -> HttpResponse:
        """At the first log-in, explain how to leave quickly before anything else is shown; that page leads on.

        Sign-up may have ended in another browser than it began, or with a new password.
        """
        if user.is_new:
            onward = redirect_url or get_next_redirect_url(request) or self.get_login_redirect_url(request)
            redirect_url = f"{reverse('leave_explained')}?{urlencode({REDIRECT_FIELD_NAME: onward}, safe='/')}"
        answer: HttpResponse = super().post_login(request, user, redirect_url=redirect_url, **kwargs)
        return answer

    @override
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a log-in leads without a page that waits: specialists to their week."""
        is_specialist = isinstance(request.user, User) and request.user.is_specialist
        return reverse(settings.SPECIALIST_REDIRECT_URL if is_specialist else settings.LOGIN_REDIRECT_URL)

    @override
    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Where there is a second factor, the password is no way: allauth would take either of them."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        ways = [way | {"description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]
        if isinstance(user, User) and second_factor.is_set_up(user):
            return [way for way in ways if way["id"] != "reauthenticate"]
        return ways


class MFAAdapter(DefaultMFAAdapter):
    """Seals the secrets of second factors; authenticator apps show the site's neutral name."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("This second step cannot be switched off."),
        "cannot_generate_recovery_codes": _("Recovery codes need a second step: set one up first."),
        "incorrect_code": _("That code is not right. Wait for the next one in your app, then try again."),
        "unverified_email": _("Confirm your e-mail address first, then set up a second step."),
    }

    @override
    def encrypt(self, text: str) -> str:
        return second_factor.seal_totp_secret(text)

    @override
    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.open_totp_secret(encrypted_text)

    @override
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}
