"""What all forms of accounts share: our labels and messages on top of allauth's."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.addresses import MAX_LENGTH
from accounts.codes import plain
from accounts.models import EMAIL_MISSING, User, can_be_mailed
from lib.figures import with_figures
from lib.forms import Form

PASSWORD_HELP = with_figures(
    _("At least %(least)d characters. Four or five ordinary words are easy to remember and hard to guess."),
    lambda: {"least": settings.PASSWORD_LENGTH},
)


class OurWords(Form):
    """Uses visible labels instead of placeholders, and error messages that say what to do."""

    MISSING: ClassVar[dict[str, Any]] = {
        "email": EMAIL_MISSING,
        "login": EMAIL_MISSING,
        "password": _("Enter your password."),
        "oldpassword": _("Enter your current password."),
        "password1": _("Choose a password."),
        "code": _("Enter the code."),
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
                field.label = _("E-mail address")
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


class ReadsCode(OurWords):
    """Reads a code however it was pasted; the field keeps what was typed."""

    def clean_code(self) -> str:
        self.cleaned_data["code"] = plain(self.cleaned_data["code"])
        code: str = super().clean_code()  # type: ignore[misc]
        return code
