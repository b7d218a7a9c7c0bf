"""The filters of the list of specialists, sent by GET: choices only, so that nothing written is in a URL."""

from typing import Any, cast, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.forms.booking import MailField
from consultations.languages import LANGUAGES
from consultations.listing import PARTS, Wanted, spoken_languages
from consultations.models.hours import WEEKDAYS
from consultations.models.profiles import Format
from consultations.times import THIS_WEEK
from guide import themes
from lib.figures import lasting, with_figures
from lib.forms import Form

PART_CHOICES = [
    ("", gettext_lazy("Any time")),
    ("morning", gettext_lazy("Before noon")),
    ("afternoon", with_figures(gettext_lazy("Noon to %(end)d:00"), lambda: {"end": PARTS["afternoon"][1]})),
    ("evening", with_figures(gettext_lazy("From %(start)d:00"), lambda: {"start": PARTS["evening"][0]})),
]

WITHIN_CHOICES = [
    ("", gettext_lazy("At any time")),
    ("week", with_figures(gettext_lazy("In the next %(time)s"), lambda: {"time": lasting(THIS_WEEK, "days")})),
]

UNKNOWN = {"invalid_choice": gettext_lazy("Choose one of these.")}


class FilterForm(Form):
    """What a specialist must offer to be listed. An empty field excludes nobody.

    It offers the languages that somebody listed speaks, and the one that was asked for, as in an old link.
    """

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=lambda: [("", _("Any language")), *LANGUAGES.items()],  # callable: a list is copied for each form
        error_messages=UNKNOWN,
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        required=False,
        choices=lambda: [("", _("Any topic")), *themes.topic_choices()],
        error_messages=UNKNOWN,
    )
    format = forms.ChoiceField(
        label=gettext_lazy("How to meet"),
        required=False,
        choices=[("", gettext_lazy("Any way")), *Format.choices],
        error_messages=UNKNOWN,
    )
    within = forms.ChoiceField(
        label=gettext_lazy("Can be met"), required=False, choices=WITHIN_CHOICES, error_messages=UNKNOWN
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Time of day"), required=False, choices=PART_CHOICES, error_messages=UNKNOWN
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day"),
        required=False,
        choices=[("", gettext_lazy("Any day")), *((number + 1, name) for number, name in WEEKDAYS)],
        coerce=int,
        empty_value=None,
        error_messages=UNKNOWN,
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        offered = spoken_languages() | {data.get("language")}
        self.languages = [(code, name) for code, name in LANGUAGES.items() if code in offered]
        self.fields["language"].choices = [("", _("Any language")), *self.languages]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """The cleaned filters; an invalid one is left out."""
        return Wanted(**self.cleaned_data)

    @property
    def chosen(self) -> list[str]:
        """What is filtered by, in words; an invalid choice is left out."""
        labels = {
            name: dict(cast(Any, field).choices) for name, field in self.fields.items() if self.cleaned_data.get(name)
        }
        return [str(labels[name][self.cleaned_data[name]]) for name in labels]


class WaitingEntryForm(Form):
    """A waiting entry for a theme, a language or both; one for a specialist has neither field."""

    theme = FilterForm.base_fields["theme"]
    language = FilterForm.base_fields["language"]
    mail = MailField(
        help_text=gettext_lazy(
            "It only says that there is news. Unless you say yes here, or have switched e-mails on in your settings, "
            "we send nothing: you find the time on Today when it opens."
        )
    )

    def __init__(self, data: QueryDict | None, *, initial: dict[str, str], with_somebody: bool) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        if with_somebody:
            del self.fields["theme"], self.fields["language"]

    @override
    def clean(self) -> dict[str, Any]:
        if (
            "theme" in self.fields
            and not self.errors
            and not (self.cleaned_data["theme"] or self.cleaned_data["language"])
        ):
            self.add_error("theme", _("Choose a topic or a language."))
        return self.cleaned_data
