"""The form of a specialist's private note on a meeting, which is also that of its draft."""

import uuid
from typing import Any, Self, override

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.drafts import Write
from accounts.models import User
from journal.forms import LARGEST, NEAR, Words
from lib.figures import figure
from lib.forms import CountedForm
from meetings.limits import LONGEST_PRIVATE_NOTE
from meetings.models import PrivateNote

EMPTY = _("An empty note is not saved.")
EMPTIED = _("An empty note is not saved. To remove what was saved before, delete the note.")
INCOMPLETE = _("This form arrived incomplete and was not saved. Copy your words, then open the page again.")


class NoteForm(CountedForm):
    """The hidden fields say whose note it is, and on which version it is based."""

    note = forms.UUIDField(widget=forms.HiddenInput)
    writer = forms.UUIDField(widget=forms.HiddenInput)
    client = forms.UUIDField(widget=forms.HiddenInput)
    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    base_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    text = Words(label=_("Your note"), widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off"}))

    most, near, counted = LONGEST_PRIVATE_NOTE, NEAR, ("text",)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)

    @classmethod
    def of(cls, writer: User, row: PrivateNote | None, text: str) -> Self:
        """The form with what is stored, or for a note that begins."""
        return cls(
            initial={
                "note": row.pk if row else uuid.uuid4(),
                "writer": writer.pk,
                "client": uuid.uuid4(),
                "sequence": 1,
                "base_revision": row.revision if row else 0,
                "text": text,
            }
        )

    @classmethod
    def posted(cls, data: QueryDict) -> Self:
        """The form as it was posted, unchecked."""
        return cls(initial={name: data.get(name) for name in cls.base_fields if name in data})

    @override
    def clean(self) -> dict[str, Any]:
        if any(field.name in self.errors for field in self.hidden_fields()):
            for field in self.hidden_fields():
                self.errors.pop(field.name, None)
            raise ValidationError(INCOMPLETE)
        if "text" in self.cleaned_data and not names.tidy(self.cleaned_data["text"]):
            self.add_error("text", EMPTIED if self.cleaned_data["base_revision"] else EMPTY)
        written = len(self.cleaned_data.get("text", ""))
        if written > self.most:
            words = _("A note can have up to %(most)s characters. Now it has %(characters)s.")
            self.add_error("text", words % {"most": figure(self.most), "characters": figure(written)})
        return self.cleaned_data

    @property
    def write(self) -> Write[str]:
        data = self.cleaned_data
        return Write(data["note"], data["text"], data["base_revision"], data["client"], data["sequence"])
