"""The form of an answer to a question."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.forms.contact import Words
from exchange.models.answers import LONGEST_ANSWER
from lib.forms import Form

ROWS = {"rows": 12}


class AnswerForm(Form):
    """An answer, and once there is one and something more was asked, the reply to that."""

    text = Words(
        label=_("Your answer"),
        max_length=LONGEST_ANSWER,
        error_messages={"required": _("There are no words yet. Please write your answer.")},
        widget=forms.Textarea(attrs=ROWS),
    )
    reply = Words(
        label=_("Your reply to the one thing more"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs=ROWS),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, str] | None = None, may_reply: bool = True
    ) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        if not may_reply:
            del self.fields["reply"]
