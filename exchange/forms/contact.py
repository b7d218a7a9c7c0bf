"""The form to write to those who run the site, and that for the code of an answer."""

import uuid
from datetime import timedelta
from typing import Any, Self, override

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.addresses import MAX_LENGTH
from accounts.models import User, can_be_mailed
from consultations.forms.booking import MailField
from exchange.models import Contact
from exchange.services.contact import LONGEST
from journal.content import BrokenTextError, tidy
from lib.forms import Form, UncutField

LEAST = timedelta(seconds=3)  # between the page and what is sent from it: programs are faster

Topic = Contact.Topic
signer = TimestampSigner(salt="exchange.contact")

TOO_FAST = _("That was too quick for us to tell that a person sent it. Your words are still here: send them now.")
NOT_BY_A_PERSON = _("We could not tell that a person sent this. Your words are still here: send them once more.")
ANOTHER = _("This form was sent before. Your words are still here: send them once more as a new message.")
TOO_OFTEN = _(
    "Many messages came from here in a short time, so this one was not sent. Your words are still here. Try again in a "
    "little while."
)


# Embeddings and overrides: with these, what is read is not what is written. Letters have a direction of their own.
TURNING = dict.fromkeys(range(0x202A, 0x202F))


class Words(UncutField):
    """Text of several lines, without control characters or what turns it around. What shows nothing at all is empty."""

    @override
    def to_python(self, value: Any) -> str:
        try:
            text = tidy(super().to_python(value) or "").translate(TURNING)
        except BrokenTextError:
            raise ValidationError(_("One character arrived broken and can’t be sent.")) from None
        return text.strip() if names.tidy(text) else ""


class ContactForm(Form):
    """A message. A member's has neither `mail` nor `email`, as the answer will be in the account.

    `stamp` is the id of the message to be, with the time of the page, signed: it is sent once, and not by a program.
    `website` is seen and filled in by programs alone. `writer` is the member that the form was made for.
    """

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    writer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose what it is about.")),
    )
    text = Words(
        label=_("Your message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 15, "autocomplete": "off"}),
        error_messages={"required": _("Write your message.")},
    )
    mail = MailField(help_text=_("If not, you get a code on the next page. With it, you read the answer here."))
    email = forms.CharField(
        label=_("Your e-mail address, if it is safe"),
        required=False,
        max_length=MAX_LENGTH,
        validators=[can_be_mailed],
        widget=forms.TextInput(
            attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "maxlength": 0}),
    )

    def __init__(self, writer: User | None, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if writer:
            del self.fields["mail"], self.fields["email"]
        topics = [(one.value, one.label) for one in Topic if writer or one != Topic.OTHER]
        self.fields["topic"].choices = [("", _("Choose")), *topics]  # type: ignore[attr-defined]

    @classmethod
    def empty(cls, writer: User | None, **filled_in: object) -> Self:
        """An unchecked form for one more message."""
        about = {"stamp": new_stamp(), "writer": writer.pk if writer else None}
        return cls(writer, initial=filled_in | about)

    def send_as_new(self) -> None:
        """Give the form, as it was posted, the id of another message."""
        self.data = {**dict(self.data.items()), "stamp": new_stamp(), "website": ""}

    @override
    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        self.check_mail(data)
        if not self.errors:
            self.check_sender(data)
        return data

    def check_mail(self, data: dict[str, Any]) -> None:
        """An address counts only with a yes, and a yes only with an address."""
        if data.get("mail") is False:
            self.errors.pop("email", None)
            data["email"] = ""
        elif data.get("mail") and not data.get("email") and not self.has_error("email"):
            self.add_error("email", _("Write the address for our answer, like name@example.org."))
        elif data.get("email") and data.get("mail") is None and not self.has_error("mail"):
            self.add_error("mail", _("Say whether it is safe to write to this address, or leave it empty."))

    def check_sender(self, data: dict[str, Any]) -> None:
        """Whether a person may be sending this, and not a program. Adds the `id` of the message."""
        if self.data.get("website"):
            self.send_as_new()
            raise ValidationError(NOT_BY_A_PERSON)
        stamp = data.get("stamp", "")
        try:
            signer.unsign(stamp, max_age=LEAST)
        except SignatureExpired:
            data["id"] = uuid.UUID(signer.unsign(stamp))
        except BadSignature:
            self.send_as_new()
            raise ValidationError(NOT_BY_A_PERSON) from None
        else:
            raise ValidationError(TOO_FAST)


def new_stamp() -> str:
    return signer.sign(str(uuid.uuid4()))


class CodeForm(Form):
    """The code that was shown when a message was sent."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Enter the code.")},
    )
