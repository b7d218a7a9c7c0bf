"""allauth's forms with our labels and messages, and our own forms for settings and imports."""

import json
from typing import Any, ClassVar, override

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import consents, logins, recovery_codes, second_factor
from accounts.importing import MOST_UPLOADED
from accounts.models import User
from accounts.names import tidy
from accounts.preferences import SETTINGS
from accounts.sealing import CannotOpen
from accounts.self_document import NAME_LENGTH, opened
from accounts.sessions import MEMBERS, PROFESSIONALS
from lib.figures import MEGABYTE, with_figures
from lib.zones import old_names, zone_choices

EMAIL_MISSING = _("Write an e-mail address like name@example.org.")
PASSWORD_HELP = with_figures(
    _("At least %(least)d characters. Four or five ordinary words are easy to remember and hard to guess."),
    lambda: {"least": settings.PASSWORD_LENGTH},
)


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
                field.widget.attrs["maxlength"] = 254
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_HELP


class OfThisAccount(OurWords):
    """A password form without an address field of its own."""

    @property
    def username(self) -> str:
        """Tells password managers which account the password belongs to."""
        user: User = self.user  # type: ignore[attr-defined]
        return user.email


class LogInForm(OurWords, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = _(
            "On a shared device, sign out when you finish. A session closes after %(members)d quiet minutes, or after "
            "%(professionals)d for specialists and staff."
        ) % {"members": MEMBERS.idle_minutes, "professionals": PROFESSIONALS.idle_minutes}


class SignUpForm(OurWords, account.SignupForm):
    """Address, password, and the confirmation of being an adult, which goes into the consent ledger."""

    field_order = ("email", "password1", "adult")
    adult = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"
        self.fields["adult"].label = str(consents.ADULT.words)

    @override
    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # spends as long on a known address as on a new one
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved

    @override
    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        consents.give(owner=user, purpose=consents.ADULT.purpose, now=timezone.now())
        return user


class ChangeEmailForm(OurWords, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class CorrectEmailForm(OurWords, account.ChangeEmailForm):
    """Corrects an address that was mistyped at sign-up."""


class ChangePasswordForm(OfThisAccount, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Your password at the moment")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")


class SetPasswordForm(OfThisAccount, account.SetPasswordForm):
    pass


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    pass


class NewPasswordForm(OfThisAccount, account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")


class ReauthenticateForm(OfThisAccount, account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class EmailCodeForm(OurWords, account.ConfirmEmailVerificationCodeForm):
    pass


class ResetCodeForm(OurWords, account.ConfirmPasswordResetCodeForm):
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
        code = recovery_codes.plain(self.cleaned_data["code"])
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


class ActivateAppForm(OurWords, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")

    @override
    def clean_code(self) -> str:
        self.cleaned_data["code"] = recovery_codes.plain(self.cleaned_data["code"])
        code: str = super().clean_code()
        return code


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
        return tidy(self.cleaned_data["name"])


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
