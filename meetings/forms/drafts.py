"""What the forms have in common that are stored as they are typed."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.drafts import Write
from accounts.models import User
from journal.forms import LARGEST
from lib.forms import Form

INCOMPLETE = _("This form arrived incomplete and was not saved. Copy your words, then open the page again.")


class DraftFields(Form):
    """Hidden fields that say whose words they are, which window sends them, and on which revision they are based."""

    writer = forms.UUIDField(widget=forms.HiddenInput)
    client = forms.UUIDField(widget=forms.HiddenInput)
    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    base_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)

    @staticmethod
    def draft_fields(writer: User, revision: int) -> dict[str, Any]:
        """Their values for a page that is shown; `revision` is 0 where nothing is stored yet."""
        return {"writer": writer.pk, "client": uuid.uuid4(), "sequence": 1, "base_revision": revision}

    def require_complete(self) -> None:
        """Raises ValidationError if a hidden field is missing or broken: one sentence says so, not one for each."""
        broken = [field.name for field in self.hidden_fields() if field.name in self.errors]
        for name in broken:
            del self.errors[name]
        if broken:
            raise ValidationError(INCOMPLETE)

    def write_of[Words](self, pk: uuid.UUID, words: Words) -> Write[Words]:
        data = self.cleaned_data
        return Write(pk, words, data["base_revision"], data["client"], data["sequence"])
