"""The forms of a next step."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consultations.forms.booking import Note
from lib.figures import lasting, with_figures
from lib.forms import Form
from meetings.limits import LONGEST_STEP, STEP_ASKED_AFTER
from meetings.models.next_steps import Answer


class NextStepForm(Form):
    """`writer` is the user for whom the form was rendered."""

    writer = forms.UUIDField(widget=forms.HiddenInput)
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

    def clean_text(self) -> str:
        if text := self.cleaned_data["text"].strip():
            return str(text)
        raise forms.ValidationError(_("Write what you would like to do, however small."))

    @classmethod
    def posted(cls, data: QueryDict) -> "NextStepForm":
        """The form as it was posted, unchecked."""
        return cls(initial={name: data.get(name) for name in cls.base_fields if name in data})


class AnswerForm(Form):
    answer = forms.ChoiceField(choices=Answer)
