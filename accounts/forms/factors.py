"""Second factors: codes of an app, recovery codes, and passkeys."""

import struct
from typing import Any, ClassVar, override

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from accounts import recovery_codes, second_factor
from accounts.codes import plain
from accounts.forms.base import OurWords, ReadsCode
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


class FromPasskey(Form):
    """Refuses what no passkey answers: allauth catches only some of the errors of reading it."""

    ANSWER: ClassVar[type[AuthenticationResponse | RegistrationResponse]] = AuthenticationResponse

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].validators = [self.can_be_read]

    def can_be_read(self, answer: Any) -> None:
        try:
            self.ANSWER.from_dict(answer)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error):
            raise get_mfa_adapter().validation_error("incorrect_code") from None


class LogInWithPasskeyForm(FromPasskey, LoginWebAuthnForm):
    pass


class SecondStepWithPasskeyForm(FromPasskey, AuthenticateWebAuthnForm):
    pass


class SecondStepAgainWithPasskeyForm(FromPasskey, ReauthenticateWebAuthnForm):
    pass


class ActivateAppForm(ReadsCode, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
