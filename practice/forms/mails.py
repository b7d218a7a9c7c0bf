"""The form of the mails that a specialist may want besides those about changes."""

from django import forms
from django.http import QueryDict
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from consultations.models import Specialist
from consultations.models.profiles import Reminder
from consultations.times import AGENDA_AT
from lib.figures import with_figures
from lib.forms import BesideOthers, Form


class MailsForm(BesideOthers, Form):
    agenda_mailed = forms.BooleanField(
        label=with_figures(
            _("Send me the times of my meetings at %(time)s on days when I have any"),
            lambda: {"time": time_format(AGENDA_AT, "H:i")},
        ),
        required=False,
    )
    reminder = forms.ChoiceField(
        label=_("Remind me before each meeting"),
        choices=[("", _("No reminder")), *Reminder.choices],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, posted: QueryDict | None, *, kept: Specialist) -> None:
        initial = {name: getattr(kept, name) for name in self.base_fields}
        super().__init__(posted, initial=initial, use_required_attribute=False)
