"""The forms of a booking: to make it, to move it, and to change or add things later."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.names import tidy
from consultations.models.bookings import Fit
from consultations.models.profiles import Format
from consultations.picker import FreeSlot
from consultations.services.bookings import Details
from consultations.times import REMINDERS
from lib.figures import lasting, with_figures
from lib.forms import Form, UncutField
from lib.zones import offset, old_names, zone_choices

LONGEST_NAME = 60
LONGEST_NOTE = 500
LARGEST = 2**63 - 1  # a slot's id is a bigint
YES_OR_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
BROKEN = gettext_lazy(
    "Part of this page did not reach us, so nothing was booked. Copy what you wrote, and choose the time again."
)


def words_of(slot: FreeSlot) -> str:
    """A slot's date and time in full, with the UTC offset, in the reader's time zone."""
    here = timezone.localtime(slot.starts_at)
    return f"{date_format(here, 'l j F Y, H:i')} ({offset(here)})"


def leave_out_late(form: forms.Form, starts_in: timedelta) -> None:
    """Remove the reminders that would come too late, unless they were posted."""
    for name, before in REMINDERS.items():
        if starts_in <= before and name not in form.data:
            del form.fields[name]


def yes_or_no(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class SlotField(forms.IntegerField):
    """A slot by its id. The page draws the choices itself, or uses the radio buttons of `BookingForm.offer`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Choose a time"),
            min_value=1,
            max_value=LARGEST,
            error_messages=dict.fromkeys(
                ["required", "invalid", "min_value", "max_value"], gettext_lazy("Choose a time.")
            ),
            **kwargs,
        )


class MailField(forms.TypedChoiceField):
    """Whether it is safe to send e-mail. Nothing is preselected, and no answer counts as a no."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Is it safe to send you an e-mail about this?"),
            choices=YES_OR_NO,
            coerce=yes_or_no,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )


class ReminderField(forms.BooleanField):
    """One reminder; `kind` is a key of `REMINDERS`."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            label=with_figures(
                gettext_lazy("Remind me %(time)s before"),
                lambda: {"time": lasting(REMINDERS[kind], "hours", spell=True)},
            ),
            required=False,
        )


class Note(UncutField):
    """Multi-line text without NUL, which a browser cannot show."""

    @override
    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\0", "")
        return text.replace("\r\n", "\n").replace("\r", "\n")  # a line end counts as one character


class BookingForm(Form):
    """The form to book. `writer` is the user it was made for; `token` makes sending it twice harmless."""

    slot = SlotField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)
    writer = forms.UUIDField(widget=forms.HiddenInput)

    timezone = forms.ChoiceField(
        label=gettext_lazy("Your time zone"),
        help_text=gettext_lazy(
            "The time above is in UTC. If that is not your time zone, choose yours: you see your own time before "
            "anything is booked."
        ),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a time zone.")},
    )
    name = forms.CharField(
        label=gettext_lazy("What would you like to be called?"),
        help_text=gettext_lazy("Any name is fine."),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Write what you would like to be called. Any name is fine.")},
    )
    format = forms.ChoiceField(
        label=gettext_lazy("How would you like to meet?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose how to meet.")),
    )
    note = Note(
        label=gettext_lazy("A note, if you like"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    mail = MailField(
        help_text=gettext_lazy(
            "It only mentions “your appointment”, not what it is for. Unless you say yes here, or have "
            "switched e-mails on in your settings, we send nothing, even if the meeting is cancelled: changes are "
            "shown on Today."
        ),
    )
    remind_day = ReminderField("remind_day")
    remind_hour = ReminderField("remind_hour")

    def __init__(
        self,
        formats: Sequence[str],
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        asks_zone: bool = False,
    ) -> None:
        """`formats` are those that the specialist offers; `asks_zone`: whether to ask for the time zone, too."""
        super().__init__(data, initial=initial, use_required_attribute=False)
        if asks_zone:
            self.fields["timezone"].choices = zone_choices()  # type: ignore[attr-defined]
        else:
            del self.fields["timezone"]
        offered = [(choice.value, choice.label) for choice in Format if choice.value in formats]
        self.fields["format"].choices = offered  # type: ignore[attr-defined]
        if len(offered) == 1:  # there is nothing to choose
            self.fields["format"].initial = offered[0][0]

    def offer(self, slots: Sequence[FreeSlot]) -> None:
        """Let the client choose another slot by radio button. Among other errors, the missing choice is one too."""
        if slots:
            choices = [(slot.pk, words_of(slot)) for slot in slots]
            self.fields["slot"].widget = forms.RadioSelect(choices=choices)
            if self.errors and "slot" not in self.errors:
                self.add_error("slot", self.fields["slot"].error_messages["required"])
        elif self.errors.pop("slot", None):  # there is nothing to choose
            self.add_error(None, BROKEN)

    @property
    def old_zones(self) -> str:
        """Former zone names, for the script that offers the device's zone: it may report one of these."""
        return json.dumps(old_names())

    @property
    def details(self) -> Details:
        """The booking's details. The form must be valid."""
        return Details(**{field.name: self.cleaned_data[field.name] for field in fields(Details)})

    @property
    def reminders(self) -> list[forms.BoundField]:
        """The reminders that would still come in time."""
        return [self[name] for name in REMINDERS if name in self.fields]

    def clean_name(self) -> str:
        if name := tidy(self.cleaned_data["name"]):
            return name
        raise ValidationError(self.fields["name"].error_messages["required"])

    @override
    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if any(name in self.errors for name in ("token", "writer")):
            for name in ("slot", "token", "writer"):
                self.errors.pop(name, None)
            raise ValidationError(BROKEN)
        if data.get("mail") is False:  # a no overrides the reminders
            return data | dict.fromkeys(REMINDERS, False)
        for reminder in self.reminders:
            if data.get(reminder.name) and not data.get("mail"):
                self.add_error(reminder.name, _("Reminders are sent by e-mail. Say yes above, or leave them out."))
        return dict.fromkeys(REMINDERS, False) | data


def booking_again(formats: Sequence[str], posted: QueryDict) -> BookingForm:
    """An unchecked form with all that was typed, and a new token, as nothing was booked."""
    kept: dict[str, object] = {name: posted.get(name) for name in BookingForm.base_fields if name in posted}
    return BookingForm(formats, initial=kept | {"token": uuid.uuid4()})


class RemindersForm(Form):
    """What the booking form asks about e-mail, to change it later."""

    mail = MailField()
    remind_day = ReminderField("remind_day")
    remind_hour = ReminderField("remind_hour")

    def __init__(self, *args: Any, starts_in: timedelta, **kwargs: Any) -> None:
        """`starts_in` is the time left until the meeting."""
        super().__init__(*args, **kwargs)
        leave_out_late(self, starts_in)

    reminders = BookingForm.reminders
    clean = BookingForm.clean


class FitForm(Form):
    """One side's private answer."""

    fit = forms.ChoiceField(
        label=gettext_lazy("Was it a good fit?"),
        choices=Fit.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose an answer.")),
    )


class CalendarForm(Form):
    """The summary of the calendar file."""

    summary = forms.CharField(
        label=gettext_lazy("What your calendar shows"),
        help_text=gettext_lazy("Other people may see your calendar. Leave this as it is, or use your own words."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_summary(self) -> str:
        return tidy(self.cleaned_data["summary"])


class MoveForm(Form):
    """The new slot."""

    slot = SlotField()
