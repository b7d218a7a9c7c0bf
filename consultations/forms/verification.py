"""What staff fill in when they decide about a profile."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.verification import ALWAYS, What
from consultations.services import verification
from lib.figures import lasting, with_figures
from lib.forms import Form

YEAR = timedelta(days=365)
LONGEST_NOTE, LONGEST_REASON = 2_000, 500  # characters


def today() -> date:
    return timezone.now().date()


def in_a_year() -> date:
    return today() + YEAR


def in_three_years() -> date:
    return today() + 3 * YEAR


NOTES: dict[str, Any] = {
    "label": _("Note"),
    "required": False,
    "max_length": LONGEST_NOTE,
    "widget": forms.Textarea(attrs={"rows": 3, "cols": 80}),
    "help_text": _("Only our team reads this."),
}
REASON: dict[str, Any] = {
    "max_length": LONGEST_REASON,
    "widget": forms.Textarea(attrs={"rows": 5, "cols": 80}),
}


class SeenForm(Form):
    """`as_of`: the latest change that the page shows, if there is one."""

    as_of = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    notes = forms.CharField(**NOTES)


class ApproveForm(SeenForm):
    """What was checked, and where: nothing is ticked or filled in beforehand."""

    checked = forms.MultipleChoiceField(
        label=_("What did you check?"),
        choices=What,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you checked.")},
        help_text=_(
            "The profile says that name, profession and entry were checked, and what else you tick. All of these are "
            "checked again when they change."
        ),
    )
    where = forms.URLField(
        label=_("Where did you look?"),
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"], message=_("Write an address that begins with https://"))],
        help_text=_(
            "The address of the entry, as you found it from the first page of the register. A link in a profile can "
            "lead anywhere."
        ),
    )
    check_again_on = forms.DateField(
        label=_("Check again on"),
        initial=in_a_year,
        validators=[MinValueValidator(today), MaxValueValidator(in_three_years)],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=with_figures(
            _(
                "The specialist is told %(time)s before. After that day the profile is hidden until it has been "
                "checked again."
            ),
            lambda: {"time": lasting(verification.BEFORE_CHECK, "days")},
        ),
    )
    field_order = ("checked", "where", "check_again_on", "notes")

    def clean_checked(self) -> list[str]:
        checked: list[str] = self.cleaned_data["checked"]
        if not set(ALWAYS) <= set(checked):
            raise ValidationError(
                _("Name, profession and entry have to be right before a profile is shown. If one is not, send it back.")
            )
        return checked


class GroundsForm(Form):
    """Why a profile is hidden or suspended, or a suspension lifted."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The specialist reads this. Do not say who told us."),
        **REASON,
    )
    notes = forms.CharField(**NOTES)


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("What is missing or not right"),
        help_text=_("The specialist reads this. Be kind, and say what would help."),
        **REASON,
    )
    notes = forms.CharField(**NOTES)
