"""allauth's forms with our labels and messages, and our own forms for settings and imports."""

import json
import time
from typing import Any, ClassVar, override
from uuid import uuid4

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import consume_email_verification_rate_limit
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import EmailAddress, Login
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import consents, logins, recovery_codes, second_factor
from accounts.addresses import MAX_LENGTH, mailable
from accounts.codes import can_be_code, plain
from accounts.importing import MOST_UPLOADED
from accounts.models import EMAIL_MISSING, User, can_be_mailed
from accounts.names import tidy
from accounts.preferences import SETTINGS
from accounts.sealing import CannotOpen
from accounts.self_document import NAME_LENGTH, opened
from accounts.sessions import MEMBERS, PROFESSIONALS
from lib.figures import MEGABYTE, with_figures
from lib.zones import old_names, zone_choices

PASSWORD_HELP = with_figures(
    _("At least %(least)d characters. Four or five ordinary words are easy to remember and hard to guess."),
    lambda: {"least": settings.PASSWORD_LENGTH},
)


NOBODY = "decoy.invalid"  # no mail is ever sent there (RFC 2606)


class OurWords(forms.Form):
    """Uses visible labels instead of placeholders, and error messages that say what to do."""

    MISSING: ClassVar[dict[str, Any]] = {
        "email": EMAIL_MISSING,
        "login": EMAIL_MISSING,
        "password": _("Write your password."),
        "oldpassword": _("Write your password at the moment."),
        "password1": _("Choose a password."),
        "code": _("Write the code."),
        "adult": _("Confirm that you are 18 or older, or leave this page."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)  # typed once, as it can be shown
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.MISSING:
                field.error_messages["required"] = self.MISSING[name]
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["data-show"] = _("Show")  # static/js/passwords.js makes a button of it
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = EMAIL_MISSING
                field.widget.input_type = "text"  # in a field of type "email", Chromium turns straße into strasse
                field.widget.attrs |= {"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
                field.widget.attrs["maxlength"] = MAX_LENGTH
        if "email" in self.fields:  # not at log-in, where an account of an earlier release is found by what it has
            self.fields["email"].validators = [can_be_mailed]
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class OfThisAccount(OurWords):
    """A password form without an address field of its own."""

    @property
    def username(self) -> str:
        """Tells password managers which account the password belongs to."""
        user: User = self.user  # type: ignore[attr-defined]
        return user.address


MAILED_TO = "code_mailed_to"  # in the session: the account as it was when it was sent a code


def remember_account(request: HttpRequest, account: User | None) -> None:
    request.session[MAILED_TO] = state_of(account)


def is_as_remembered(request: HttpRequest, account: User | None) -> bool:
    """Whether the account is there, with the address and the password that it had when it was sent a code."""
    return account is not None and request.session.get(MAILED_TO) == state_of(account)


def state_of(account: User | None) -> list[str]:
    return [account.email, account.get_session_auth_hash()] if account else []


READS_MAIL = "reads_mail_of"  # in the session: an address, since when, and how many passwords are left to try


def remember_reader(request: HttpRequest, address: str) -> None:
    """A code from this mailbox was shown. It opens nothing: whoever reads somebody's mail would go unnoticed."""
    request.session[READS_MAIL] = [mailable(address), time.time(), settings.CODE_TRIES]


def may_try_password(request: HttpRequest, address: str) -> bool:
    """Whether a code from the mailbox of this address came first, for a few tries and minutes."""
    shown, at, left = request.session.get(READS_MAIL, ["", 0, 0])
    if shown != mailable(address) or not left or time.time() - at > settings.CODE_SECONDS:
        return False
    request.session[READS_MAIL] = [shown, at, left - 1]
    return True


def pretend_log_in(request: HttpRequest) -> None:
    """Have the page for the code look somebody up, as it does for an account."""
    if login := request.session.get(LOGIN_SESSION_KEY):
        request.session[LOGIN_SESSION_KEY] = login | {"user_pk": uuid4().hex}


class LogInForm(OurWords, account.LoginForm):
    by_code = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = _(
            "On a shared device, sign out when you finish. A session closes after %(members)d quiet minutes, or after "
            "%(professionals)d for specialists and staff."
        ) % {"members": MEMBERS.idle_minutes, "professionals": PROFESSIONALS.idle_minutes}

    @override
    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        """Check no password of an address at which many were tried, unless a mailed code came first (`login`)."""
        request, address = self.request, credentials["email"]
        adapter = get_adapter()
        if not adapter.is_guessed_at(request, address) or may_try_password(request, address):
            checked: dict[str, Any] = super()._clean_with_password(credentials)
            return checked
        if not ratelimit.consume(request, action="request_login_code_here", key=adapter.here(request, address)):
            raise adapter.validation_error("too_many_login_attempts")
        self.by_code = True
        return self.cleaned_data

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
    """An address that gets a code next: not so soon after the last one that allauth would refuse it with a page."""

    def clean_email(self) -> str:
        address: str = super().clean_email()  # type: ignore[misc]
        if not consume_email_verification_rate_limit(context.request, address, dry_run=True):
            raise get_adapter().validation_error("code_on_its_way")
        return address


class SignUpForm(TakesCode, account.SignupForm):
    """Address, password, and the confirmation of being an adult, which goes into the consent ledger."""

    field_order = ("email", "password1", "adult")
    adult = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["adult"].label = str(consents.ADULT.words)

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
        return user, perform_login(request, Login(user=user, email=address, signup=True))

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
        self.fields["oldpassword"].label = _("Your password at the moment")
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


class ReadsCode(OurWords):
    """Reads a code however it was pasted; the field keeps what was typed."""

    def clean_code(self) -> str:
        self.cleaned_data["code"] = plain(self.cleaned_data["code"])
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class MailedCode(ReadsCode):
    """A code from an e-mail. What cannot be one is told apart, and costs no try (`accounts/views.py`)."""

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
        """Take no code of an account that is not there: taken back, or erased as it was not confirmed in time."""
        code = super().clean_code()
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        return code


class ResetCodeForm(MailedCode, account.ConfirmPasswordResetCodeForm):
    pass


class LogInCodeForm(MailedCode, account.ConfirmLoginCodeForm):
    pass


class AnyCode(OurWords, mfa.BaseAuthenticateForm):
    """Takes the code of the app or a recovery code, however it was typed or pasted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("From your app, or one of your recovery codes.")

    @override
    def clean_code(self) -> str:
        """As allauth does, but the secret of the app opens for this person alone, and the recovery codes are ours."""
        forget_tries = check_rate_limit(self.user)
        code = plain(self.cleaned_data["code"])
        used = self.fitting_app(code) or recovery_codes.use(self.user, code)
        if used is None:
            self.tell_of_failure()
            raise get_mfa_adapter().validation_error("incorrect_code")
        used.user = self.user
        self.authenticator = used
        forget_tries()
        return code

    def fitting_app(self, code: str) -> Authenticator | None:
        """The app of this person if it shows the code; nothing either if its secret does not open for them."""
        app: Authenticator | None = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        try:
            with second_factor.secrets_of(self.user):
                return app if app and app.wrap().validate_code(code) else None
        except CannotOpen:
            return None

    def tell_of_failure(self) -> None:
        """Send allauth's signal, for the app if there is one."""
        asked = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        if main := asked.order_by("-type").first():  # "totp" comes after "recovery_codes"
            self._emit_authentication_failed(main)


class SecondStepForm(AnyCode, mfa.AuthenticateForm):
    pass


class SecondStepAgainForm(AnyCode, mfa.ReauthenticateForm):
    pass


class ActivateAppForm(ReadsCode, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")


class PasskeyName(forms.Form):
    """Offers fixed names for passkeys: a free-text name would be stored unsealed."""

    NAMES: ClassVar[list[tuple[str, Any]]] = [
        ("this device", _("This device")),
        ("a phone", _("A phone")),
        ("a computer", _("A computer")),
        ("a security key", _("A security key")),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        initial = self.initial.get("name")
        self.fields["name"] = forms.ChoiceField(
            label=_("Where this passkey is kept"),
            choices=self.NAMES,
            initial=initial if initial in dict(self.NAMES) else self.NAMES[0][0],
        )


class AddPasskeyForm(PasskeyName, AddWebAuthnForm):
    field_order = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = _("Use it instead of the password")
        self.fields["passwordless"].help_text = _(
            "The device then asks for its own PIN, fingerprint or face. Otherwise the passkey is a second step."
        )


class EditPasskeyForm(PasskeyName, EditWebAuthnForm):
    pass


class EndSessionForm(forms.Form):
    session = forms.ModelChoiceField(UserSession.objects.none())

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = logins.of(owner)  # type: ignore[attr-defined]


class SettingsForm(forms.ModelForm):
    name = forms.CharField(
        label=_("Name to be called by"),
        help_text=_("Any name is fine, or none. It is kept locked with your own key."),
        max_length=NAME_LENGTH,
        required=False,
    )
    timezone = forms.ChoiceField(label=_("Time zone"))
    gentle_prompts = forms.BooleanField(
        label=_("Gentle prompts"),
        help_text=_("A smaller choice of prompts and exercises. You can switch this on and off at any time."),
        required=False,
    )

    field_order = ("name", "timezone", "language", "theme", "exit_destination")

    class Meta:
        model = User
        fields = SETTINGS
        widgets: ClassVar[dict[str, Any]] = {"theme": forms.RadioSelect, "exit_destination": forms.RadioSelect}
        help_texts: ClassVar[dict[str, Any]] = {
            "exit_keys": _("Works on a keyboard, within five seconds."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = zone_choices(self.instance.timezone)  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) > 1:
            self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        else:
            del self.fields["language"]
        try:
            about = opened(self.instance)
            self.initial.update(name=about.name, gentle_prompts=about.gentle_prompts)
        except CannotOpen:
            del self.fields["name"], self.fields["gentle_prompts"]  # saving would overwrite what cannot be read

    @property
    def of_self(self) -> dict[str, Any]:
        """What goes into the document of `accounts/self_document.py`; nothing if it cannot be opened."""
        return {name: self.cleaned_data[name] for name in ("name", "gentle_prompts") if name in self.fields}

    @property
    def old_zones(self) -> str:
        """Former zone names, for the script that offers the device's zone: it may report one of these."""
        return json.dumps(old_names())

    def clean_name(self) -> str:
        written = self.cleaned_data["name"]
        name = tidy(written)
        if written and not name:
            raise forms.ValidationError(_("This name can't be seen. Write another one, or leave the field empty."))
        return name


class AddDataForm(forms.Form):
    """Imports an export; asks for consent to keep answers where it has not been given yet."""

    file = forms.FileField(
        label=_("The file that you downloaded"),
        help_text=with_figures(
            _("A file that ends in .zip, of at most %(size)d MB."), lambda: {"size": MOST_UPLOADED // MEGABYTE}
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("This file is empty. Choose another one."),
        },
    )
    agree = forms.BooleanField(required=False)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = str(consents.QUESTIONNAIRE.words)
        self.fields["agree"].help_text = _("Needed only if the file holds answers.")
        if consents.has_given(owner, consents.QUESTIONNAIRE.purpose):
            del self.fields["agree"]

    def agrees(self) -> list[str]:
        """Purposes consented to by submitting this form."""
        return [consents.QUESTIONNAIRE.purpose] if self.cleaned_data.get("agree") else []
