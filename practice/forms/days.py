"""From which day until which somebody is away: of an absence, and of a time away from messages."""

from datetime import date
from typing import Any, override

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib.forms import Form
from practice.forms.hours import BEFORE_FIRST, day_field, within

IN_THE_PAST = _("Choose today or a later day.")


class DaysAway(Form):
    """Both days are included, and neither is before `today`; only the first one of what has `begun` may stay."""

    first = day_field(_("From"))
    last = day_field(_("Until"), help_text=_("The last day on which you are away."))

    today: date
    begun: date | None = None

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < self.today and first != self.begun:
            raise ValidationError(IN_THE_PAST)
        return within(first)

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if last < self.today:
            raise ValidationError(IN_THE_PAST)
        return within(last)

    @override
    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", BEFORE_FIRST)
        return self.cleaned_data
