"""The form with which a specialist proposes other times for a meeting."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from consultations.models import Slot
from consultations.proposals import Proposal
from lib.direction import isolated
from lib.forms import Form
from practice.forms.words import SaidField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TAKEN = _("This time is no longer free. Please choose another.")


class TimeField(forms.TypedChoiceField):
    """One of the specialist's open slots, by day."""

    def __init__(self, label: "str | _StrPromise", *, required: bool = False) -> None:
        super().__init__(
            label=label,
            coerce=int,
            empty_value=None,
            required=required,
            error_messages={"required": _("Choose a time."), "invalid_choice": TAKEN},
        )


class ProposalForm(Form):
    first = TimeField(_("First time"), required=True)
    second = TimeField(_("Second time, if you like"))
    third = TimeField(_("Third time, if you like"))
    words = SaidField()

    times = ("first", "second", "third")

    def __init__(
        self,
        posted: QueryDict | None,
        *,
        free: Sequence[Slot],
        elsewhere: Mapping[datetime, str],
        replaced: Proposal | None = None,
    ) -> None:
        """`elsewhere`: the times that wait for another client's answer, with the name that they chose.

        `replaced`: what this one takes the place of; the form begins with what is still free of it, and its words.
        """
        super().__init__(posted, use_required_attribute=False)
        if replaced:
            again = (slot.pk for slot in free if slot.starts_at in replaced.starts)
            self.initial = dict(zip(self.times, again, strict=False)) | {"words": replaced.words}
        choices = [("", _("Choose a time")), *by_day(free, elsewhere)]
        for field in self.times:
            self.fields[field].choices = choices  # type: ignore[attr-defined]

    @property
    def slots(self) -> set[int]:
        """The chosen slots. The form must be valid."""
        return {self.cleaned_data[field] for field in self.times} - {None}


def by_day(free: Sequence[Slot], elsewhere: Mapping[datetime, str]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The slots as groups of choices, in the current time zone."""
    days = groupby(free, lambda slot: date_format(localtime(slot.starts_at), "l j F Y"))
    return [(day, [(slot.pk, label(slot.starts_at, elsewhere)) for slot in slots]) for day, slots in days]


def label(start: datetime, elsewhere: Mapping[datetime, str]) -> str:
    """The time of a slot, and to whom it is proposed already: whoever is first has it."""
    words = date_format(localtime(start), "D j M, H:i")
    if start not in elsewhere:
        return words
    client = isolated(elsewhere[start]) or _("somebody else")
    return _("%(time)s · proposed to %(client)s") % {"time": words, "client": client}
