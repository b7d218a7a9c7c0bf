"""The forms to begin with, and the questions of one part as fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import consents
from accounts.forms.agreement import Agreement
from assessments.answering import Posted, importance_field, ways_not_to_answer
from assessments.instrument import Instrument, Part, Question, Scale
from assessments.models import Changed, Result
from assessments.scoring import Answer, Answers
from lib.forms import Form

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class AgreementForm(Form):
    """The consent required before any answer is stored, and the separate, optional ones."""

    questionnaire = Agreement(
        consents.QUESTIONNAIRE,
        error_messages={
            "required": gettext_lazy("Tick the box if you agree. Without your agreement we cannot keep any answers.")
        },
    )
    group_statistics = Agreement(consents.GROUP_STATISTICS, required=False)
    retest = Agreement(consents.RETEST, required=False)

    def __init__(self, *args: Any, choices: Sequence[consents.Standing], **kwargs: Any) -> None:
        """`choices` are those of the person: what they have agreed to is not asked again, unless its words changed."""
        super().__init__(*args, **kwargs)
        for choice in choices:
            purpose = choice.wording.purpose
            if choice.given:
                del self.fields[purpose]
            else:
                self.fields[purpose].help_text = choice.asks_again
        self.reworded = [choice.wording.purpose for choice in choices if choice.reworded]

    def agreements(self) -> list[str]:
        """The purposes whose boxes were ticked."""
        return [wording.purpose for wording in consents.CHOICES if self.cleaned_data.get(wording.purpose)]

    def declined(self) -> list[str]:
        """The purposes whose words have changed, and whose boxes were left empty: they are not asked a second time."""
        return [purpose for purpose in self.reworded if not self.cleaned_data.get(purpose)]


class StartForm(AgreementForm):
    """The form, whether it is the same relationship and a current one, and the consents. Nothing is preselected."""

    form = forms.ChoiceField(
        label=gettext_lazy("How long would you like it to be?"),
        help_text=gettext_lazy(
            "The balance and the areas can be compared between the two forms, everything else only within one."
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the short or the full form.")},
    )
    partnered = forms.TypedChoiceField(
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    same_relationship = forms.TypedChoiceField(
        label=gettext_lazy("Is this about the same relationship as last time?"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether this is about the same relationship.")},
    )
    field_order = ["form", "same_relationship", "partnered", "questionnaire", "group_statistics", "retest"]

    def __init__(self, instrument: Instrument, *args: Any, last: Result | None, **kwargs: Any) -> None:
        """`last` is the person's latest result: without one there is no relationship to ask about."""
        super().__init__(*args, **kwargs)
        if last is None:
            del self.fields["same_relationship"]
        else:
            self.fields["same_relationship"].help_text = _last_words(last)
        words = instrument.text["instrument"]
        choices = [(key, _form_label(instrument, key)) for key in ("short", "full")]
        self.fields["form"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["partnered"].label = words["partnered_question"]
        self.fields["partnered"].help_text = words["partnered_help"]


class ChangedForm(Form):
    """Asked before the second result of a pair is seen, which would colour the answer. It can be left open."""

    changed = forms.TypedChoiceField(
        choices=Changed.choices,
        coerce=Changed,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of these answers, or none.")},
    )

    def __init__(self, *args: Any, since: datetime, **kwargs: Any) -> None:
        """`since` is the time of the first result."""
        super().__init__(*args, **kwargs)
        on = {"date": date_format(timezone.localtime(since), "j F Y")}
        self.fields["changed"].label = _("Has anything changed between you since %(date)s?") % on
        self.fields["changed"].help_text = _(
            "You answered then, and agreed to help us measure how much answers differ from day to day. What you say "
            "here does not change your result. If you choose none of these, what you have just answered is left "
            "out of the measurement."
        )


def _last_words(last: Result) -> str:
    day = date_format(timezone.localtime(last.created_at), "j F Y")
    return _(
        "You last answered on %(date)s. Only results about one relationship are compared. If you answer no, a new line "
        "of results begins; the earlier ones stay as they are."
    ) % {"date": day}


def _form_label(instrument: Instrument, key: str) -> str:
    return _("%(form)s: %(count)d questions, about %(minutes)d minutes") % {
        "form": instrument.forms[key].label,
        "count": instrument.forms[key].scored_items,
        "minutes": instrument.text["instrument"][f"minutes_{key}"],
    }


@dataclass(frozen=True, slots=True)
class Stop:
    """One answer to choose."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One question with the stops of its scale and, set apart, the ways not to answer."""

    name: str
    text: str
    kind: str
    stops: tuple[Stop, ...]
    apart: tuple[Stop, ...]
    off_scale: bool
    help: str = ""

    @property
    def first_id(self) -> str:
        """The target of the link in the error summary."""
        return self.stops[0].id

    @property
    def described_by(self) -> str:
        help_id = f"id_{self.name}_help" if self.help else ""
        return f"{help_id} id_{self.name}_error".strip() if self.off_scale else help_id


def part_fields(instrument: Instrument, part: Part, answers: Answers, posted: Posted | None = None) -> list[Field]:
    """The fields of a part with the current answers selected; those just posted take precedence."""
    return [*_fields(instrument, part, answers, posted or Posted({}, {}))]


def _fields(instrument: Instrument, part: Part, answers: Answers, posted: Posted) -> Iterator[Field]:
    values = {**answers.answers, **posted.answers}
    for question in part.questions:
        scale = instrument.scale_of[question.key]
        yield _field(instrument, question.key, question, _kind(part, question), scale, values.get(question.key), posted)
    name = importance_field(part)
    if name and part.area:
        words = instrument.text["importance"]
        question = Question(part.area.key, words["text"], "importance", words["help"])
        chosen = {**answers.importance, **posted.importance}.get(part.area.key)
        yield _field(instrument, name, question, "importance", instrument.scales["importance"], chosen, posted)


def _kind(part: Part, question: Question) -> str:
    """ "give" or "receive" in an area's part, otherwise the name of the scale; selects how the stops are drawn."""
    return question.key.rpartition("_")[2] if part.kind == "area" else question.scale


def _field(
    instrument: Instrument,
    name: str,
    question: Question,
    kind: str,
    scale: Scale,
    chosen: Answer,
    posted: Posted,
) -> Field:
    apart = ways_not_to_answer(instrument, name)
    stops = tuple(
        Stop(f"id_{name}_{place}", str(value), label, chosen == value)
        for place, (value, label) in enumerate(scale.choices)
    )
    others = tuple(Stop(f"id_{name}_{value}", value, label, chosen == value) for value, label in apart.items())
    return Field(name, question.text, kind, stops, others, name in posted.off_scale, question.help)
