"""Second factors: codes of an app, recovery codes, and passkeys."""

import struct
from typing import Any, ClassVar, override

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import complete_authentication
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from accounts import recovery_codes, second_factor
from accounts.codes import plain
from accounts.forms.base import OurWords, ReadsCode
from accounts.models import User
from accounts.sealing import CannotOpen
from lib.forms import Form


class AnyCode(OurWords, mfa.BaseAuthenticateForm):
    """Takes the code of the app or a recovery code, however it was typed or pasted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("From your app, or one of your recovery codes.")

    @override
    def clean_code(self) -> str:
        """As allauth does, but the secret of the app opens for this person alone, and the recovery codes are ours."""
        adapter = get_adapter()
        if not adapter.may_try_second_step(context.request, self.user):
            raise adapter.validation_error("too_many_codes")
        code = plain(self.cleaned_data["code"])
        used = self.fitting_app(code) or recovery_codes.use(self.user, code)
        if used is None:
            self.tell_of_failure()
            raise get_mfa_adapter().validation_error("incorrect_code")
        used.user = self.user
        self.authenticator = used
        adapter.forget_second_steps(context.request, self.user)
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


class PasskeyAnswer(forms.JSONField):
    """Refuses what is nested too deep to be read, or has a number that is too long, as it does what is no JSON."""

    @override
    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise get_mfa_adapter().validation_error("incorrect_code") from None

    @override
    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (RecursionError, ValueError):
            return ""


class FromPasskey(Form):
    """Refuses what no passkey answers: allauth catches only some of the errors of reading it."""

    ANSWER: ClassVar[type[AuthenticationResponse | RegistrationResponse]] = AuthenticationResponse

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = PasskeyAnswer(widget=forms.HiddenInput, validators=[self.can_be_read])

    def can_be_read(self, answer: Any) -> None:
        try:
            self.ANSWER.from_dict(answer)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error):
            raise get_mfa_adapter().validation_error("incorrect_code") from None


class LogInWithPasskeyForm(FromPasskey, LoginWebAuthnForm):
    pass


class OfThisPerson(FromPasskey):
    """Counts no tries: nobody guesses a signature, and whoever knows the password could use them up."""

    user: User

    def clean_credential(self) -> Authenticator:
        authenticator: Authenticator = complete_authentication(self.user, self.cleaned_data["credential"])
        return authenticator


class SecondStepWithPasskeyForm(OfThisPerson, AuthenticateWebAuthnForm):
    pass


class SecondStepAgainWithPasskeyForm(OfThisPerson, ReauthenticateWebAuthnForm):
    pass


class ActivateAppForm(ReadsCode, ActivateTOTPForm):
    secret: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep the secret until it is used: allauth makes one for each page, and an app may have scanned another."""
        session = context.request.session
        shown = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if shown and self.secret != shown:
            self.secret = session[SECRET_SESSION_KEY] = shown
        self.fields["code"].label = _("Code from the app")


class PasskeyName(Form):
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


class AddPasskeyForm(PasskeyName, FromPasskey, AddWebAuthnForm):
    ANSWER = RegistrationResponse
    field_order = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = _("Use it instead of the password")
        self.fields["passwordless"].help_text = _(
            "The device then asks for its own PIN, fingerprint or face. Otherwise the passkey is a second step."
        )


class EditPasskeyForm(PasskeyName, EditWebAuthnForm):
    pass
