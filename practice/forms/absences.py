"""The forms of an absence, and of the meetings in it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, override

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from consultations.models import Booking
from lib.direction import isolated
from practice.forms.days import DaysAway
from practice.forms.hours import SeenForm
from practice.forms.words import WordsForm

LONGEST_NAME = 60


class AbsenceForm(DaysAway, SeenForm):
    """The days of an absence, both included. `kept`: those of one that is there already."""

    name = forms.CharField(
        label=_("A name for yourself"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Like “Summer”. Only you can read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, posted: QueryDict | None, *, today: date, kept: tuple[date, date] | None = None, name: str = ""
    ) -> None:
        initial = {"first": kept[0], "last": kept[1], "name": name} if kept else None
        super().__init__(posted, initial=initial)
        self.today, self.begun = today, kept[0] if kept else None


class CancelForm(WordsForm):
    """Which meetings to cancel, or all that the page has shown (`shown`, their ids), and what their clients read."""

    field_order = ("every", "meetings")
    every = forms.BooleanField(label=_("All of these meetings"), required=False)
    meetings = forms.MultipleChoiceField(
        label=_("Meetings to cancel"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={
            "required": _("Choose the meetings to cancel."),
            "invalid_choice": _("One of these meetings has changed. Look at them again."),
        },
    )

    def __init__(self, posted: QueryDict | None, *, meetings: Iterable[tuple[Booking, str]]) -> None:
        """`meetings`: each with the name that its client chose, if that is known."""
        super().__init__(posted, use_required_attribute=False)
        choices = [
            (
                str(one.pk),
                ", ".join(filter(None, [isolated(name), date_format(localtime(one.starts_at), "l j F Y, H:i")])),
            )
            for one, name in meetings
        ]
        self.fields["meetings"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2 and not (posted and "every" in posted):
            del self.fields["every"]

    @override
    def clean(self) -> dict[str, Any]:
        """What was cancelled since the page was shown is left out of all; what it did not show is not cancelled."""
        if self.cleaned_data.get("every"):
            self.errors.pop("meetings", None)
            booked = {value for value, _words in self.fields["meetings"].choices}  # type: ignore[attr-defined]
            self.cleaned_data["meetings"] = [one for one in self.data.getlist("shown") if one in booked]  # type: ignore[attr-defined]
        if not self.cleaned_data.get("meetings") and "meetings" not in self.errors:
            self.add_error("meetings", self.fields["meetings"].error_messages["required"])
        return self.cleaned_data
