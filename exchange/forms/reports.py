"""The form to report a conversation, or a profile."""

import uuid
from typing import Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.forms.contact import Words
from exchange.services.reports import LONGEST
from lib.forms import Form

TOO_OFTEN = _(
    "You have sent many reports in a short time, so this one was not sent. Your words are still here. Try again in a "
    "little while."
)
THERE_ALREADY = _(
    "You have reported this conversation already, and nothing was added to that report. Your words are still here: if "
    "there is more to say, copy them and write to us through Contact."
)

PROFILE_THERE_ALREADY = _(
    "You have reported this profile already, and nothing was added to that report. Your words are still here: if there "
    "is more to say, copy them and write to us through Contact."
)


class ReportForm(Form):
    """`report` is the id of the report to be, so that it is sent once; `writer` is whom the form was made for."""

    report = forms.UUIDField(widget=forms.HiddenInput)
    writer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = Words(
        label=_("What happened?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        help_text=_("In your own words, as short as you like."),
        error_messages={"required": _("Write in a few words what happened.")},
    )

    @classmethod
    def empty(cls, writer: User) -> Self:
        return cls(initial={"report": uuid.uuid4(), "writer": writer.pk})

    @classmethod
    def posted(cls, data: QueryDict) -> Self:
        """The form as it was posted, unchecked."""
        return cls(initial={name: data.get(name) for name in cls.base_fields})


class ProfileReportForm(ReportForm):
    reason = Words(
        label=_("What is not right?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        help_text=_("In your own words, as short as you like."),
        error_messages={"required": _("Write in a few words what is not right.")},
    )
