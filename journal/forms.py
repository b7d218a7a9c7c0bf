"""The form of an entry, with a text area for each step of its prompt, and that of the reminder."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from guide.models import Prompt
from journal.content import (
    FREE,
    LONGEST_TAG,
    MOST_CHARACTERS,
    MOST_STEPS,
    MOST_TAGS,
    BrokenTextError,
    Content,
    TooLongError,
    checked,
    known_feelings,
    tags_of,
    tidy,
)
from journal.models import Entry, Reminder
from journal.months import EARLIEST, LATEST
from journal.services import Write
from journal.words import FEELING_CHOICES
from lib.figures import figure
from lib.forms import CountedForm, Form

LARGEST = 2**31 - 1  # what a PositiveIntegerField holds at most
NEAR = 2_000  # characters left, from which the count is shown
ANOTHER = gettext_lazy("This form can’t be saved as it is. Your words are still here: save them once more.")
ABOUT = ("feelings", "tags", "day", "time", "pinned")  # the fields other than the texts


class Words(forms.CharField):
    """Free text as typed, including leading and trailing spaces; only control characters are removed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)

    @override
    def to_python(self, value: Any) -> str:
        try:
            return tidy(super().to_python(value) or "")
        except BrokenTextError:
            raise ValidationError(
                _("One character arrived broken and can’t be saved. Your words are still here.")
            ) from None


class WriteForm(CountedForm):
    """An entry being written. The hidden fields say which entry, whose, and on which revision the write is based."""

    entry = forms.UUIDField(widget=forms.HiddenInput)
    writer = forms.UUIDField(widget=forms.HiddenInput)
    client = forms.UUIDField(widget=forms.HiddenInput)
    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    base_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST)
    prompt = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=40)
    result = forms.UUIDField(widget=forms.HiddenInput, required=False)

    closing = Words(
        label=gettext_lazy("A closing line"),
        help_text=gettext_lazy("If you like, one thing to take away with you."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    feelings = forms.MultipleChoiceField(
        label=gettext_lazy("How does it feel?"),
        help_text=gettext_lazy("Any of these, or none."),
        choices=FEELING_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose from the feelings shown.")},
    )
    tags = Words(
        label=gettext_lazy("Your own tags"),
        help_text=gettext_lazy("Words to find this entry by, separated by commas."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Choose a day, like 2026-03-01.")},
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Choose a time, like 21:15.")},
    )
    pinned = forms.BooleanField(label=gettext_lazy("Pin this entry"), required=False)

    most, near = MOST_CHARACTERS, NEAR

    def __init__(self, frame: Content, *args: Any, draft: bool = False, **kwargs: Any) -> None:
        """`frame` gives the prompt and the number of text areas.

        A `draft` is saved even if fields other than the texts are invalid: they stay unchanged, `left_out` says why.
        """
        super().__init__(*args, **kwargs)
        self.frame = frame
        self.draft = draft
        self.left_out: list[str] = []
        rows = 6 if len(frame.texts) > 1 else 14
        for number, (step, _text) in enumerate(frame.parts):
            area = forms.Textarea(attrs={"rows": rows, "class": "paper", "autocomplete": "off"})
            self.fields[f"text_{number}"] = Words(label=step or _("Your entry"), widget=area)
        self.counted = [*(f"text_{number}" for number in range(len(frame.texts))), "closing"]

    def save_as_new(self) -> None:
        """Give the form, as it was posted, the id of another entry."""
        posted = QueryDict(mutable=True)
        posted.update(self.data)
        posted["entry"], posted["base_revision"] = str(uuid.uuid4()), "0"
        self.data = posted

    @property
    def areas(self) -> list[forms.BoundField]:
        return [self[f"text_{number}"] for number in range(len(self.frame.texts))]

    @property
    def has_more(self) -> bool:
        """Whether the section with feelings, tags and date starts open: something in it is set, or invalid."""
        chosen = ("feelings", "tags", "pinned")
        return any(self[name].value() for name in chosen) or any(name in self.errors for name in ABOUT)

    def clean_feelings(self) -> tuple[str, ...]:
        return known_feelings(self.cleaned_data["feelings"])

    def clean_tags(self) -> tuple[str, ...]:
        tags = tags_of(self.cleaned_data["tags"])
        if len(tags) > MOST_TAGS:
            message = _("An entry can have up to %(most)d tags. This one has %(tags)d.")
            raise ValidationError(message % {"most": MOST_TAGS, "tags": len(tags)})
        for tag in tags:
            if len(tag) > LONGEST_TAG:
                message = _("The tag “%(tag)s…” is too long: %(most)d letters at most. Put commas between tags.")
                raise ValidationError(message % {"most": LONGEST_TAG, "tag": tag[:LONGEST_TAG]})
        return tags

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and not EARLIEST <= day <= LATEST:
            years = {"first": EARLIEST.year, "last": LATEST.year}
            raise ValidationError(_("Choose a day between %(first)d and %(last)d.") % years)
        return day

    @override
    def clean(self) -> dict[str, Any]:
        if any(field.name in self.errors for field in self.hidden_fields()):
            for field in self.hidden_fields():
                self.errors.pop(field.name, None)
            raise ValidationError(
                _("This entry arrived incomplete and can’t be saved. Copy your words, then open it again.")
            )
        if self.draft:
            self.left_out = [str(problem) for name in ABOUT for problem in self.errors.pop(name, [])]
        try:
            content = checked(self.content())
        except TooLongError as error:
            message = _("An entry can have up to %(most)s characters. This one has %(characters)s.")
            self.add_error(
                "text_0", message % {"most": figure(MOST_CHARACTERS), "characters": figure(error.characters)}
            )
        else:
            if content.is_empty and not self.cleaned_data.get("base_revision") and not self.errors:
                self.add_error("text_0", _("Write a few words; half a sentence is fine."))
        return self.cleaned_data

    def content(self) -> Content:
        """The frame, filled with what was posted."""
        data = self.cleaned_data
        return replace(
            self.frame,
            texts=tuple(data.get(f"text_{number}", "") for number in range(len(self.frame.texts))),
            closing=data.get("closing", ""),
            feelings=data.get("feelings", self.frame.feelings),
            tags=data.get("tags", self.frame.tags),
            result=str(data["result"]) if data.get("result") else self.frame.result,
        )

    def write(self, entry: Entry | None, now: datetime) -> Write:
        """What was posted, as one write to the entry; a draft is not kept as a version."""
        data = self.cleaned_data
        return Write(
            content=self.content(),
            base_revision=data["base_revision"],
            client=data["client"],
            sequence=data["sequence"],
            keep=not self.draft,
            date=self.dated(entry, now),
            pinned=data["pinned"],
        )

    def dated(self, entry: Entry | None, now: datetime) -> datetime | None:
        """The new date, aware, from a day and time in the person's zone, noon without a time; None if it is unchanged.

        The fields have no seconds: the current minute gives `now`, so that entries begun within a minute of each other
        stay in order. Day and time as they were change nothing, in whatever zone they were written.
        """
        day: date | None = self.cleaned_data.get("day")
        if day is None or "time" not in self.cleaned_data:
            return None
        local = datetime.combine(day, self.cleaned_data["time"] or time(12))
        if entry and entry.local.replace(second=0, microsecond=0) == local:
            return None
        chosen = timezone.make_aware(local)
        return now if chosen <= now < chosen + timedelta(minutes=1) else chosen


def frame_of(prompt: Prompt, result: uuid.UUID | None = None) -> Content:
    """An empty entry on a prompt, with the prompt's present wording."""
    return Content(
        prompt=prompt.key,
        theme=prompt.theme,
        question=prompt.title,
        steps=tuple(prompt.steps),
        texts=("",) * (len(prompt.steps) or 1),
        result=str(result) if result else None,
    )


def posted_frame(posted: QueryDict, prompt: Prompt | None) -> Content:
    """The frame of a posted form, with room for every posted text even if its prompt has changed or gone since."""
    areas = next((number for number in range(MOST_STEPS, 0, -1) if f"text_{number - 1}" in posted), 1)
    frame = frame_of(prompt) if prompt else Content(prompt=FREE)
    if areas <= len(frame.texts):
        return frame
    return replace(frame, steps=(), texts=("",) * areas)


def new_entry_form(user: User, frame: Content, now: datetime) -> WriteForm:
    """The form of an entry that will exist from its first write."""
    return WriteForm(
        frame, initial=_ticket(user) | _when(timezone.localtime(now)) | {"prompt": frame.prompt, "result": frame.result}
    )


def entry_form(user: User, entry: Entry, content: Content) -> WriteForm:
    """The form of an existing entry."""
    texts = {f"text_{number}": text for number, text in enumerate(content.texts)}
    about = {
        "prompt": content.prompt,
        "closing": content.closing,
        "feelings": content.feelings,
        "tags": ", ".join(content.tags),
        "pinned": entry.pinned,
        "result": content.result,
    }
    known = {"entry": entry.pk, "base_revision": entry.revision}
    return WriteForm(content, initial=_ticket(user) | _when(entry.local) | about | texts | known)


def same_words(frame: Content, posted: QueryDict) -> WriteForm:
    """The form exactly as it was posted, without validation."""
    several: dict[str, Callable[[str], Any]] = {"feelings": posted.getlist}
    return WriteForm(frame, initial={name: several.get(name, posted.get)(name) for name in posted})


def _ticket(user: User) -> dict[str, object]:
    return {"entry": uuid.uuid4(), "writer": user.pk, "client": uuid.uuid4(), "sequence": 1, "base_revision": 0}


def _when(local: datetime) -> dict[str, object]:
    return {"day": local.date(), "time": local.time()}


class ReminderForm(Form):
    """When to be reminded. Nothing is preselected."""

    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day"),
        choices=[("", gettext_lazy("Choose a day")), *Reminder.Weekday.choices],
        coerce=int,
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose a day.")),
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour"),
        choices=[("", gettext_lazy("Choose an hour")), *((hour, f"{hour:02}:00") for hour in range(24))],
        coerce=int,
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose an hour.")),
    )
