"""The forms of a next step."""

import uuid
from typing import Any, Self, override

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.drafts import Write
from accounts.models import User
from consultations.forms.booking import Note
from lib.figures import lasting, with_figures
from lib.forms import CountedForm, Form
from meetings.forms.drafts import DraftFields
from meetings.limits import LONGEST_STEP, NEAR_STEP, STEP_ASKED_AFTER
from meetings.models import NextStep
from meetings.models.next_steps import Answer, Intent


class NextStepForm(DraftFields, CountedForm):
    """A next step, which is also the form of its draft: a draft may be empty."""

    step = forms.UUIDField(widget=forms.HiddenInput)
    text = Note(
        label=_("What I would like to do next"),
        help_text=_("One sentence is enough. You will see it on Today; nobody else does."),
        max_length=LONGEST_STEP,
        required=False,  # no asterisk: nobody has to write a step at all
        widget=forms.Textarea(attrs={"rows": 3, "class": "paper", "autocomplete": "off"}),
    )
    asks = forms.BooleanField(
        label=with_figures(
            _("Ask me about it once, in %(time)s"), lambda: {"time": lasting(STEP_ASKED_AFTER, "weeks", spell=True)}
        ),
        required=False,
    )

    most, near, counted = LONGEST_STEP, NEAR_STEP, ("text",)

    def __init__(self, data: QueryDict | None = None, *, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.draft = draft

    @classmethod
    def of(cls, writer: User, row: NextStep | None, intent: Intent) -> Self:
        """The form with what is stored, or for a step that begins."""
        words = {"step": row.pk if row else uuid.uuid4(), "text": intent.text, "asks": intent.asks}
        return cls(initial=words | cls.draft_fields(writer, row.revision if row else 0))

    @classmethod
    def posted(cls, data: QueryDict) -> Self:
        """The form as it was posted, unchecked."""
        return cls(initial={name: data.get(name) for name in cls.base_fields if name in data})

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not (self.draft or text.strip()):
            raise ValidationError(_("Write what you would like to do, however small."))
        return text if self.draft else text.strip()

    @override
    def clean(self) -> dict[str, Any]:
        self.require_complete()
        return self.cleaned_data

    @property
    def write(self) -> Write[Intent]:
        data = self.cleaned_data
        return self.write_of(data["step"], Intent(data["text"], data["asks"]))


class AnswerForm(Form):
    answer = forms.ChoiceField(choices=Answer)
