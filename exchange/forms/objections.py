"""What somebody writes to the team about an objection."""

import uuid
from typing import Any, Self, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.forms.contact import Words
from exchange.services.objections import LONGEST
from lib.forms import Form

MAY_READ = _("Tick this if our team may read your words. Otherwise leave the field above empty.")


class RemarkForm(Form):
    """`remark` is the id of the remark to be, so that it is stored once; `writer` is whom the form was made for.

    `needs_words`: there is nothing but the words to be sent.
    """

    remark = forms.UUIDField(required=False, widget=forms.HiddenInput)
    writer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = Words(
        label=_("What happened?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_("In your own words, as short as you like. The other side does not see it."),
        error_messages={"required": _("Write in a few words what happened.")},
    )
    may_read = forms.BooleanField(label=_("Our team may read this"), required=False)

    def __init__(self, data: QueryDict | None = None, *, needs_words: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["text"].required = needs_words

    @classmethod
    def empty(cls, writer: User, *, needs_words: bool) -> Self:
        return cls(needs_words=needs_words, initial={"remark": uuid.uuid4(), "writer": writer.pk})

    @classmethod
    def posted(cls, data: QueryDict) -> Self:
        """The form as it was posted, unchecked."""
        return cls(initial={name: data.get(name) for name in cls.base_fields})

    @override
    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("text") and not self.cleaned_data.get("may_read"):
            self.add_error("may_read", MAY_READ)
        self.cleaned_data["remark"] = self.cleaned_data.get("remark") or uuid.uuid4()  # none: a page of before
        return self.cleaned_data
