"""The search form. It is only ever posted, and then held under a random id: no address says what somebody looks for."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide import themes
from guide.models import Prompt, theme_choices
from journal.content import LONGEST_TAG, tags_of
from journal.months import EARLIEST, LATEST
from journal.reading import Wanted
from journal.search import MOST_WORDS, fold, words_of
from journal.words import FEELING_CHOICES
from lib.forms import Form

LONGEST = 200
OLDEST_FIRST = "oldest"
NO_LETTER = gettext_lazy("There is no letter or number here to search for.")
UNREADABLE = gettext_lazy("One character arrived broken. Please type the words again.")
STILL_SEARCHING = gettext_lazy(
    "Your last search is still running. Your words are still here. Search again in a moment."
)


class SearchForm(Form):
    """What an entry must match; empty fields match everything."""

    words = forms.CharField(
        label=gettext_lazy("Words"),
        help_text=gettext_lazy(
            "Every word must be in the entry. Capitals and accents make no difference, and plain letters are enough: "
            "“soster” finds “søster”, and “strasse” finds “Straße”. "
            "Apostrophes, quotation marks and dashes can be the plain ones on your keyboard."
        ),
        required=False,
        max_length=LONGEST,
        error_messages={
            "max_length": gettext_lazy("The search is too long: %(limit_value)s characters at most."),
            "null_characters_not_allowed": UNREADABLE,
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    tag = forms.CharField(
        label=gettext_lazy("One of your tags"),
        required=False,
        max_length=LONGEST_TAG,
        error_messages={
            "max_length": gettext_lazy("The tag is too long: %(limit_value)s letters at most."),
            "null_characters_not_allowed": UNREADABLE,
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        required=False,
        choices=lambda: [("", _("Any topic")), *theme_choices()],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the topics shown.")},
    )
    prompt = forms.CharField(
        label=gettext_lazy("Question"),
        required=False,
        max_length=40,
        widget=forms.Select,
        error_messages=dict.fromkeys(
            ["max_length", "null_characters_not_allowed"], gettext_lazy("Choose one of the questions shown.")
        ),
    )
    feeling = forms.ChoiceField(
        label=gettext_lazy("Feeling"),
        required=False,
        choices=lambda: [("", _("Any feeling")), *FEELING_CHOICES],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the feelings shown.")},
    )
    first = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day, like 2026-03-01.")},
    )
    last = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day, like 2026-03-01.")},
    )
    pinned = forms.BooleanField(label=gettext_lazy("Only pinned entries"), required=False)
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("Newest first")), (OLDEST_FIRST, gettext_lazy("Oldest first"))],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the orders shown.")},
    )

    def __init__(self, prompts: Iterable[Prompt], data: Mapping[str, Any] | None = None) -> None:
        """`prompts` are the choices. Other keys are valid too: an entry may answer a prompt no longer offered."""
        super().__init__(data, use_required_attribute=False)
        questions: dict[str, list[tuple[str, str]]] = {themes.title(key): [] for key in themes.KEYS}
        for prompt in prompts:
            if prompt.theme:
                questions[themes.title(prompt.theme)].append((prompt.key, prompt.title))
        self.fields["prompt"].widget = forms.Select(choices=[("", _("Any question")), *questions.items()])

    @override
    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            self.add_error("last", _("Choose a day on or after the first one."))
        for name in ("first", "last"):
            day = self.cleaned_data.get(name)
            if day and not EARLIEST <= day <= LATEST:
                years = {"first": EARLIEST.year, "last": LATEST.year}
                self.add_error(name, _("Choose a day between %(first)d and %(last)d.") % years)
        words = fold(self.cleaned_data.get("words") or "").split()
        if self.cleaned_data.get("words") and not words:
            self.add_error("words", NO_LETTER)
        if len(set(words)) > MOST_WORDS:
            self.add_error("words", _("Search for %(most)d words at most.") % {"most": MOST_WORDS})
        if self.cleaned_data.get("tag") and not tags_of(self.cleaned_data["tag"]):
            self.add_error("tag", NO_LETTER)
        if not self.errors and not any(self.cleaned_data[name] for name in self.fields if name != "order"):
            raise ValidationError(_("Write a word to search for, or fill in one of the other fields."))
        return self.cleaned_data

    def as_posted(self) -> dict[str, Any]:
        """What was posted, to fill in the form again."""
        return {name: self.data[name] for name in self.fields if name in self.data}

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            words=words_of(data["words"]),
            theme=data["theme"],
            prompt=data["prompt"],
            tag=fold(next(iter(tags_of(data["tag"])), "")),
            feeling=data["feeling"],
            pinned=data["pinned"],
            first=data["first"],
            last=data["last"],
            oldest_first=data["order"] == OLDEST_FIRST,
        )
