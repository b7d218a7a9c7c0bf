"""The forms of a saved text and of a time away."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consultations.models import Specialist
from exchange.forms.contact import Words
from exchange.models import Away
from exchange.models.desk import LONGEST_NOTE
from exchange.models.desk import Words as Text
from exchange.services.desk import LONGEST_TEXT
from lib.figures import with_figures
from lib.forms import BesideOthers, Form
from practice.forms.days import DaysAway

LONGEST_TITLE = 80


class TextForm(BesideOthers, Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        help_text=_("To find it by. It is not sent."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a title.")},
    )
    text = Words(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
        error_messages={"required": _("Write the text.")},
    )

    def __init__(self, posted: QueryDict | None, *, words: Text | None = None) -> None:
        initial = {"title": words.title, "text": words.text} if words else None
        super().__init__(posted, initial=initial, use_required_attribute=False)

    @property
    def words(self) -> Text:
        return Text(self.cleaned_data["title"], self.cleaned_data["text"])


class AwayForm(DaysAway):
    """The days of a time away, in the time zone of the practice. One that has begun keeps its first day."""

    note = Words(
        label=_("What people should know"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=with_figures(
            _(
                "If you like, up to %(most)s characters: when you will answer, or who can help meanwhile. Everyone who "
                "is logged in can read it."
            ),
            lambda: {"most": LONGEST_NOTE},
        ),
    )

    def __init__(self, posted: QueryDict | None, *, today: date, kept: Away | None = None) -> None:
        initial = {"first": kept.first, "last": kept.last, "note": kept.note} if kept else {"first": today}
        super().__init__(posted, initial=initial, use_required_attribute=False)
        self.today = today
        if kept and kept.first <= today:
            del self.fields["first"]


class ReferForm(Form):
    """The colleague whose card goes with a message."""

    colleague = forms.ChoiceField(
        label=_("Colleague"),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose a colleague who is in the list of specialists.")
        ),
    )

    def __init__(self, posted: QueryDict | None, *, colleagues: QuerySet[Specialist], chosen: str = "") -> None:
        super().__init__(posted, initial={"colleague": chosen}, use_required_attribute=False)
        rows = colleagues.order_by("name", "pk").only("name", "profession")
        self.colleagues = [(str(row.pk), ", ".join(filter(None, (row.name, row.profession)))) for row in rows]
        self.fields["colleague"].choices = [("", _("Choose")), *self.colleagues]  # type: ignore[attr-defined]
