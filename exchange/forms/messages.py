"""The form of a message, which is also that of its draft."""

import uuid
from dataclasses import asdict
from typing import Any, Self, override

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.drafts import Write
from accounts.models import User
from accounts.sealing import CannotOpen
from accounts.self_document import name_of
from consultations.forms.booking import LONGEST_NAME
from consultations.models import Specialist
from exchange.forms.contact import Words as Text
from exchange.models import Draft
from exchange.models.messages import Words
from exchange.services.messages import LONGEST, Letter
from journal.forms import LARGEST, NEAR
from lib.figures import figure, with_figures
from lib.forms import CountedForm

LONGEST_DRAFT = 50_000  # characters: it can be made shorter before it is sent

ANOTHER = _("This form was sent before. Your words are still here: send them once more as a new message.")
TOO_MANY = _(
    "You have sent as many messages as one account can send in a day, so this one was not sent. Your words are kept "
    "here as a draft. Try again tomorrow."
)
TOO_MANY_NEW = _(
    "You have begun as many conversations as one account can begin in a day, so this message was not sent. Your words "
    "are kept here as a draft. Try again tomorrow."
)
CROWDED = _("Many people are writing right now. Nothing was changed. Please try again.")
NOT_LISTED = _("The colleague is not in the list any more. Choose another one, or leave out the card.")
INCOMPLETE = _("This message arrived incomplete and was not sent. Copy your words, then open the page again.")


class MessageForm(CountedForm):
    """A message, with the id that it will have. Hidden fields say whose it is, and on which draft it is based.

    `name` is asked for until the first message of a thread is sent. A draft may be longer than a message, and lack all
    that is needed to send it. `colleagues` are whom the writer can refer to, `inserted` is put behind what was posted.
    """

    message = forms.UUIDField(widget=forms.HiddenInput)
    writer = forms.UUIDField(widget=forms.HiddenInput)
    client = forms.UUIDField(widget=forms.HiddenInput)
    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    base_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    refers_to = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_("What would you like to be called here?"),
        help_text=_("Any name is fine. It stays the same for this conversation."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write what you would like to be called. Any name is fine.")},
    )
    text = Text(
        label=_("Your message"),
        help_text=with_figures(
            _("Up to %(most)s characters, plain text. Please leave out what is not yours to tell about someone else."),
            lambda: {"most": figure(LONGEST)},
        ),
        widget=forms.Textarea(attrs={"rows": 8, "class": "paper", "autocomplete": "off"}),
        error_messages={"required": _("Write your message.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        asks_name: bool,
        colleagues: QuerySet[Specialist] | None = None,
        draft: bool = False,
        inserted: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.draft, self.inserted, self.colleagues = draft, inserted, colleagues
        if colleagues is None:
            del self.fields["refers_to"]
        if not asks_name:
            del self.fields["name"]
        if draft:
            for field in self.fields.values():
                field.required = field.required and bool(field.widget.is_hidden)

    @classmethod
    def empty(cls, writer: User, *, name: str = "", **about: Any) -> Self:
        """The form of one more message. Who is asked for a name is offered the one that they are called by."""
        return cls(initial=ticket(writer) | {"name": name or own_name(writer)}, **about)

    @classmethod
    def of_draft(cls, writer: User, draft: Draft, words: Words, *, name: str = "", **about: Any) -> Self:
        known = {"message": draft.pk, "base_revision": draft.revision, "name": name, **asdict(words)}
        return cls(initial=ticket(writer) | known, **about)

    @classmethod
    def posted(cls, data: QueryDict) -> Self:
        """The form as it was posted, unchecked."""
        initial = {name: data.get(name) for name in cls.base_fields if name in data}
        colleagues = Specialist.objects.none() if "refers_to" in data else None
        return cls(asks_name="name" in data, colleagues=colleagues, initial=initial)

    def send_as_new(self) -> None:
        """Give the form, as it was posted, the id of another message."""
        self.data = {**dict(self.data.items()), "message": str(uuid.uuid4()), "base_revision": "0"}

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        """Names and values of the hidden fields: a template for each would take longer than the page's messages."""
        values = ((field.name, field.value()) for field in self.hidden_fields())
        return [(name, "" if value is None else str(value)) for name, value in values]

    most, near, counted = LONGEST, NEAR, ("text",)

    @property
    def referred(self) -> str:
        """The id of the colleague whose card goes with the message, as it stands in the form; "" for none."""
        try:
            return str(uuid.UUID(str(self["refers_to"].value())))
        except ValueError:
            return ""

    @property
    def draft_id(self) -> uuid.UUID | None:
        """The id of the draft that stands in the form, if one is stored."""
        if str(self["base_revision"].value() or 0) == "0":
            return None
        try:
            return uuid.UUID(str(self["message"].value()))
        except ValueError:
            return None

    def clean_name(self) -> str:
        name = names.tidy(self.cleaned_data["name"])
        if not (name or self.draft):
            raise ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_text(self) -> str:
        text = "\n\n".join(filter(None, (self.cleaned_data["text"], self.inserted)))
        most = LONGEST_DRAFT if self.draft else LONGEST
        if len(text) > most:
            words = _("A message can have up to %(most)s characters. This one has %(characters)s.")
            raise ValidationError(words % {"most": figure(most), "characters": figure(len(text))})
        return text

    @override
    def clean(self) -> dict[str, Any]:
        if any(field.name in self.errors for field in self.hidden_fields()):
            for field in self.hidden_fields():
                self.errors.pop(field.name, None)
            raise ValidationError(INCOMPLETE)
        referred = self.cleaned_data.get("refers_to")
        if referred and not self.draft and not (self.colleagues and self.colleagues.filter(pk=referred).exists()):
            raise ValidationError(NOT_LISTED)
        return self.cleaned_data

    @property
    def name_chosen(self) -> str:
        """ "" where none is asked for."""
        name: str = self.cleaned_data.get("name", "")
        return name

    @property
    def letter(self) -> Letter:
        return Letter(self.cleaned_data["message"], self.words)

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["text"], str(self.cleaned_data.get("refers_to") or ""))

    @property
    def write(self) -> Write[Words]:
        data = self.cleaned_data
        return Write(data["message"], self.words, data["base_revision"], data["client"], data["sequence"])


def ticket(writer: User) -> dict[str, object]:
    return {
        "message": uuid.uuid4(),
        "writer": writer.pk,
        "client": uuid.uuid4(),
        "sequence": 1,
        "base_revision": 0,
    }


def own_name(user: User) -> str:
    try:
        return name_of(user)
    except CannotOpen:
        return ""
