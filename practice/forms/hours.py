"""The forms of a specialist's hours. A change is previewed, and only what was previewed can be saved."""

import hashlib
from datetime import date, timedelta
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from consultations.hours_text import BadHours, Flaw, read_ranges, write_ranges
from consultations.models import Specialist
from consultations.models.hours import WEEKDAYS
from consultations.models.profiles import LONGEST_BUFFER
from consultations.slots import Stretch, Week, instant
from consultations.times import DURATION, HORIZON
from lib.figures import lasting, spelled, with_figures
from lib.forms import BesideOthers, Form
from lib.zones import zone_choices

MOST_YEARS = 3  # from today
HALF = 32  # of a SHA-256 in hexadecimal
MOST_CAPPED = 99  # meetings a day or a week
FLAWS = {
    Flaw.UNREADABLE: _("Write hours like 09:00–12:30, 14:00–18:00."),
    Flaw.BACKWARDS: _(
        "These hours end before they begin. Hours across midnight are written on both days: 22:00–24:00, and "
        "00:00–02:00 on the next."
    ),
    Flaw.SHORT: with_figures(
        _("A meeting takes %(time)s: these hours are too short for one."),
        lambda: {"time": lasting(DURATION, "minutes", spell=True)},
    ),
    Flaw.OVERLAP: _("Some of these hours overlap. Write them as one."),
}
A_DAY = _("Choose a day.")
BEFORE_FIRST = _("This day is before the first one.")
TOO_FAR = with_figures(
    ngettext_lazy(
        "Choose a day within the next %(years)s year.", "Choose a day within the next %(years)s years.", "count"
    ),
    lambda: {"count": MOST_YEARS, "years": spelled(MOST_YEARS)},
)
TOO_FAR_TO_BOOK = with_figures(
    _("Choose a day within the next %(time)s: nobody can book further ahead."),
    lambda: {"time": lasting(HORIZON, "weeks", spell=True)},
)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": A_DAY, "invalid": A_DAY},
    )


class RangesField(forms.CharField):
    """The hours of one day as text, cleaned to ranges by `read_ranges`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
        super().__init__(required=False, widget=widget, **kwargs)

    @override
    def clean(self, value: Any) -> Any:
        try:
            return read_ranges(super().clean(value))
        except BadHours as bad:
            raise ValidationError(FLAWS[bad.flaw], code="hours") from None


class SeenForm(Form):
    """A change that is previewed before it is saved. `seen` is the digest of what was previewed: see `digest`."""

    NOT_SAVED: frozenset[str] = frozenset({"seen"})

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, posted: QueryDict | None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(posted, initial=initial, use_required_attribute=False)

    @property
    def of_values(self) -> str:
        """The first half of SHA-256 of the cleaned values, in hexadecimal."""
        values = sorted((name, repr(value)) for name, value in self.cleaned_data.items() if name not in self.NOT_SAVED)
        return hashlib.sha256(repr(values).encode()).hexdigest()[:HALF]

    def digest(self, stored: str) -> str:
        """Of the values, and of what the preview compares them with: `stored`, a SHA-256."""
        return self.of_values + stored[:HALF]

    @property
    def is_confirmed(self) -> bool:
        """Whether these very values were previewed and Save was pressed: the preview button has no `action`."""
        return "action" in self.data and self.cleaned_data["seen"][:HALF] == self.of_values

    def is_seen(self, stored: str) -> bool:
        """The same, and nothing that they were compared with has changed since."""
        return self.is_confirmed and self.cleaned_data["seen"] == self.digest(stored)


class WeekForm(SeenForm):
    """Weekly hours, and the first and last day on which they apply; two weeks that take turns if `alternates`.

    `copy_from` and `copy_to` copy the hours of a day to others, before anything is previewed.
    """

    NOT_SAVED = SeenForm.NOT_SAVED | {"copy_from", "copy_to"}

    alternates = forms.BooleanField(label=_("Every other week has other hours"), required=False)
    copy_from = forms.TypedChoiceField(
        label=_("Copy the hours of"), required=False, coerce=int, empty_value=None, choices=[("", "—"), *WEEKDAYS]
    )
    copy_to = forms.TypedMultipleChoiceField(
        label=_("To these days"),
        required=False,
        coerce=int,
        choices=[*WEEKDAYS_ABBR.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    first = day_field(_("From"))
    last = day_field(_("Until"), required=False, help_text=_("Leave it empty if this is your usual week."))

    def __init__(self, posted: QueryDict | None, *, week: Week, other: Week | None = None, first: date) -> None:
        weeks = {"day": week, "other": other or {}}
        initial: dict[str, Any] = {
            f"{name}{day}": write_ranges(hours.get(day, ())) for name, hours in weeks.items() for day, _name in WEEKDAYS
        }
        super().__init__(posted, initial=initial | {"first": first, "alternates": other is not None})
        self.earliest = first
        for day, label in WEEKDAYS:
            self.fields[f"day{day}"] = RangesField(label=label)
        for day, weekday in WEEKDAYS_ABBR.items():
            self.fields[f"other{day}"] = RangesField(label=format_lazy(_("{day}, other week"), day=weekday))

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day{day}"] for day, _name in WEEKDAYS]

    @property
    def other_days(self) -> list[forms.BoundField]:
        return [self[f"other{day}"] for day, _name in WEEKDAYS]

    @property
    def week(self) -> Week:
        return self.hours_of("day")

    @property
    def other(self) -> Week | None:
        """The week that takes turns with it."""
        return self.hours_of("other") if self.cleaned_data["alternates"] else None

    def hours_of(self, name: str) -> Week:
        return {day: self.cleaned_data[f"{name}{day}"] for day, _name in WEEKDAYS if self.cleaned_data[f"{name}{day}"]}

    @property
    def to_copy(self) -> tuple[str, list[str]] | None:
        """The day whose hours are to be copied, and the others that were chosen; None if one of the two is missing."""
        days = [str(day) for day, _name in WEEKDAYS]
        source, chosen = self.data.get("copy_from", ""), self.data.getlist("copy_to")  # type: ignore[attr-defined]
        targets = [day for day in days if day in chosen and day != source]
        return (source, targets) if source in days and targets else None

    def copied(self) -> dict[str, Any]:
        """What the fields hold, once the hours are copied; if they cannot be, also what was chosen."""
        texts = {name: self[name].value() for name in self.fields} | {"seen": ""}
        if self.to_copy is None:
            return texts
        source, targets = self.to_copy
        return texts | {f"day{day}": texts[f"day{source}"] for day in targets} | {"copy_from": "", "copy_to": []}

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < self.earliest:
            raise ValidationError(_("Choose today or a later day."))
        return within(first)

    def clean_last(self) -> date | None:
        last: date | None = self.cleaned_data["last"]
        return last and within(last)

    @override
    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("alternates"):
            for field in self.other_days:  # not used
                self.errors.pop(field.name, None)
                self.cleaned_data[field.name] = ()
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", BEFORE_FIRST)
        return self.cleaned_data


class DatesForm(SeenForm):
    """A date with hours of its own, or closed; with `last`, all dates until then."""

    day = day_field(_("Day"))
    last = day_field(
        _("Until"), required=False, help_text=_("For several days, choose the last one. For one day, leave this empty.")
    )
    ranges = RangesField(
        label=_("Hours"), help_text=_("Like 09:00–12:30, 14:00–18:00. Leave them empty for a day off.")
    )

    def __init__(self, posted: QueryDict | None, *, today: date) -> None:
        super().__init__(posted)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise ValidationError(_("Choose today or a later day."))
        return within(day)

    def clean_last(self) -> date | None:
        last: date | None = self.cleaned_data["last"]
        return last and within(last)

    @override
    def clean(self) -> dict[str, Any]:
        day, last = self.cleaned_data.get("day"), self.cleaned_data.get("last")
        if day and last and last < day:
            self.add_error("last", BEFORE_FIRST)
        return self.cleaned_data


class ClearForm(SeenForm):
    """Dates that return to the usual hours."""

    def __init__(self, posted: QueryDict, *, dates: Stretch) -> None:
        super().__init__(posted)
        self.dates = dates

    @override
    def clean(self) -> dict[str, Any]:
        return self.cleaned_data | {"dates": (self.dates.first, self.dates.last)}


class ZoneForm(SeenForm):
    """The time zone in which the hours are kept."""

    timezone = forms.ChoiceField(
        label=_("Time zone"),
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose a time zone.")),
    )

    def __init__(self, posted: QueryDict | None, *, kept: str) -> None:
        super().__init__(posted, initial={"timezone": kept})
        self.fields["timezone"].choices = zone_choices(kept)  # type: ignore[attr-defined]


class SlotForm(Form):
    """A single slot, in the time zone of the practice."""

    day = day_field(_("Day"))
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages=dict.fromkeys(["required", "invalid"], _("Write a time like 14:30.")),
    )

    @override
    def clean(self) -> dict[str, Any]:
        day, time = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        if day and time and not self.errors:
            if day < timezone.localdate():
                raise ValidationError({"day": _("Choose today or a later day.")})
            within(day)
            found = instant(day, time.hour * 60 + time.minute, timezone.get_current_timezone())
            if found is None:
                raise ValidationError(_("The clocks change on that day, and skip this time. Choose another one."))
            if day > timezone.localdate() + HORIZON:
                raise ValidationError({"day": TOO_FAR_TO_BOOK})
            self.cleaned_data["starts_at"] = found
        return self.cleaned_data


class WhyForm(Form):
    """A time that the specialist asks about. Its fields are in the address, and clash with none of `SlotForm`."""

    prefix = "why"

    day = day_field(_("Day"))
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages=dict.fromkeys(["required", "invalid"], _("Write a time like 14:30.")),
    )

    def __init__(self, asked: QueryDict) -> None:
        is_asked = "why-day" in asked
        super().__init__(asked if is_asked else None, use_required_attribute=False)

    def clean_day(self) -> date:
        return within(self.cleaned_data["day"])

    @property
    def minutes(self) -> int:
        """After midnight."""
        time = self.cleaned_data["time"]
        return int(time.hour * 60 + time.minute)


class LimitsForm(BesideOthers, Form):
    """Breaks around meetings, and how many there may be."""

    buffer_before = forms.IntegerField(label=_("Minutes free before a meeting"), min_value=0, max_value=LONGEST_BUFFER)
    buffer_after = forms.IntegerField(label=_("Minutes free after a meeting"), min_value=0, max_value=LONGEST_BUFFER)
    most_a_day = forms.IntegerField(
        label=_("Most meetings in a day"),
        min_value=1,
        max_value=MOST_CAPPED,
        required=False,
        help_text=_("Leave it empty if you set no limit."),
    )
    most_a_week = forms.IntegerField(
        label=_("Most meetings in a week"),
        min_value=1,
        max_value=MOST_CAPPED,
        required=False,
        help_text=_("From Monday to Sunday. Leave it empty if you set no limit."),
    )

    def __init__(self, posted: QueryDict | None, *, kept: Specialist) -> None:
        initial = {name: getattr(kept, name) for name in self.base_fields}
        super().__init__(posted, initial=initial, use_required_attribute=False)


def within(day: date) -> date:
    """Return the day. Raises ValidationError if it is more than `MOST_YEARS` ahead."""
    if day > timezone.localdate() + timedelta(days=366 * MOST_YEARS):
        raise ValidationError(TOO_FAR)
    return day
