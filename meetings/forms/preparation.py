"""The form of "Get ready", which is also that of its draft, and that by which entries are chosen."""

import uuid
from collections.abc import Sequence
from typing import Any, Self, override

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.drafts import Write
from accounts.models import User
from assessments.models import Result
from journal.forms import Words
from journal.reading import Opened
from lib.direction import isolated
from lib.figures import figure
from lib.forms import CountedForm, Form
from meetings.forms.drafts import DraftFields
from meetings.limits import LONGEST_ABOUT, LONGEST_QUESTION, MOST_ENTRIES, NEAR_ABOUT
from meetings.models import Preparation
from meetings.models.preparation import TEXTS, Extent, Plan

MOST = {"about": LONGEST_ABOUT, "ask": LONGEST_QUESTION, "ask_more": LONGEST_QUESTION}


class Shows(forms.BooleanField):
    """Whether one text is shown to the specialist; unticked at first."""

    def __init__(self) -> None:
        super().__init__(required=False)


class StillThere(forms.MultipleChoiceField):
    """Leaves out what is offered no longer: an entry that was deleted in another window must not stop a draft."""

    @override
    def to_python(self, value: Any) -> list[str]:
        return [chosen for chosen in super().to_python(value) if self.valid_value(chosen)]


class StillThereOne(forms.ChoiceField):
    """The same for a single choice."""

    @override
    def to_python(self, value: Any) -> str:
        chosen = super().to_python(value)
        return chosen if self.valid_value(chosen) else ""


class ReadyForm(DraftFields, CountedForm):
    """A member's notes for a meeting, with what they think of sharing. Saving it shares nothing."""

    preparation = forms.UUIDField(widget=forms.HiddenInput)
    about = Words(
        label=_("What I would like to talk about"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "paper", "autocomplete": "off"}),
    )
    show_about = Shows()
    ask = Words(
        label=_("One thing I would like to ask"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-longest": LONGEST_QUESTION}),
    )
    show_ask = Shows()
    ask_more = Words(
        label=_("A second thing, if there is one"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-longest": LONGEST_QUESTION}),
    )
    show_ask_more = Shows()
    result = StillThereOne(label=_("Which result"), required=False)
    extent = forms.ChoiceField(label=_("A result"), required=False, widget=forms.RadioSelect)
    entries = StillThere(label=_("Entries from your journal"), required=False, widget=forms.CheckboxSelectMultiple)

    most, near, counted = LONGEST_ABOUT, NEAR_ABOUT, ("about",)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        name: str = "",
        results: Sequence[Result] = (),
        entries: Sequence[Opened] = (),
        **kwargs: Any,
    ) -> None:
        """`name` is the specialist's, "" where nothing can be shared; then only the texts are asked for."""
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.at_hand = {str(entry.row.pk): entry for entry in entries}
        for text in TEXTS:
            self.fields[f"show_{text}"].label = format_html(
                '{} <bdi>{}</bdi><span class="visually-hidden">: {}</span>',
                gettext("Show this to"),
                name,
                self.fields[text].label,
            )
        if not name:
            for field in ("show_about", "show_ask", "show_ask_more", "result", "extent", "entries"):
                del self.fields[field]
            return
        if results:
            self.offer("extent", [(extent.value, explained(extent)) for extent in Extent])
            self.offer("result", [(str(result.pk), words_of(result)) for result in results])
            if len(results) == 1:  # there is nothing to choose
                self.fields["result"].widget = forms.HiddenInput()
                self.initial["result"] = results[0].pk
                self.fields["extent"].label = gettext("Your result of %(day)s") % {"day": words_of(results[0])}
        else:
            del self.fields["extent"], self.fields["result"]
        if entries:
            self.offer("entries", [(pk, heading(entry)) for pk, entry in self.at_hand.items()])
        else:
            del self.fields["entries"]

    def offer(self, field: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def of(cls, writer: User, row: Preparation | None, plan: Plan, **about: Any) -> Self:
        """The form with what is stored, or for notes that begin."""
        initial = {
            "preparation": row.pk if row else uuid.uuid4(),
            **cls.draft_fields(writer, row.revision if row else 0),
            **{text: getattr(plan, text) for text in TEXTS},
            **{f"show_{text}": text in plan.shows for text in TEXTS},
            "result": plan.result,
            "extent": plan.extent,
            "entries": plan.entries,
        }
        return cls(initial=initial, **about)

    @classmethod
    def posted(cls, data: QueryDict) -> Self:
        """The texts as they were posted, unchecked."""
        return cls(initial={name: data.get(name) for name in cls.base_fields if name in data})

    @property
    def notes(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """Each text with the box that shows it."""
        return [(self[text], self[f"show_{text}"] if f"show_{text}" in self.fields else None) for text in TEXTS]

    @override
    def clean(self) -> dict[str, Any]:
        self.require_complete()
        for text, most in MOST.items():
            if len(self.cleaned_data.get(text, "")) > most:
                figures = {"most": figure(most), "characters": figure(len(self.cleaned_data[text]))}
                words = _("“%(field)s” can have up to %(most)s characters. Now it has %(characters)s.")
                self.add_error(text, words % {"field": self.fields[text].label, **figures})
        if len(self.cleaned_data.get("entries", ())) > MOST_ENTRIES:
            self.add_error("entries", _("Choose up to %(most)s entries.") % {"most": MOST_ENTRIES})
        return self.cleaned_data

    @property
    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(
            **{text: data[text] for text in TEXTS},
            shows=tuple(text for text in TEXTS if data.get(f"show_{text}")),
            result=data.get("result", ""),
            extent=data.get("extent") or Extent.NONE,
            entries=tuple(data.get("entries", ())),
        )

    @property
    def write(self) -> Write[Plan]:
        return self.write_of(self.cleaned_data["preparation"], self.plan)


class EntriesForm(Form):
    """Which of the entries on one page of the list are to be shared; `others` are chosen on other pages."""

    entries = StillThere(label=_("Entries"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: QueryDict | None = None, *, entries: Sequence[Opened], others: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.others = others
        self.at_hand = {str(entry.row.pk): entry for entry in entries}
        choices = [(pk, heading(entry)) for pk, entry in self.at_hand.items()]
        self.fields["entries"].choices = choices  # type: ignore[attr-defined]

    def clean_entries(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["entries"]
        if len(chosen) + len(self.others) > MOST_ENTRIES:
            raise ValidationError(_("Choose up to %(most)s entries.") % {"most": MOST_ENTRIES})
        return chosen


def heading(entry: Opened) -> str:
    """An entry's day and its title, as `what.html` names what is shared."""
    words = entry.heading or gettext("An entry that can’t be opened")
    return f"{date_format(entry.day, 'j F Y')}: {isolated(words)}"


def explained(extent: Extent) -> str:
    return format_html('{} <span class="form-text">{}</span>', extent.label, extent.about)


def words_of(result: Result) -> str:
    return date_format(timezone.localtime(result.created_at), "j F Y")
