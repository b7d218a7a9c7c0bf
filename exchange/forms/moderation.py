"""What moderators write about questions."""

from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from exchange.forms.contact import Words
from exchange.forms.questions import Title
from exchange.models.questions import LONGEST, LONGEST_TITLE, Asked
from exchange.services.moderation import LONGEST_PRIVATE, LONGEST_REASON
from guide import themes
from lib.forms import Form

SHOWS = {"cols": 80, "autocomplete": "off"}
MOST_FLAGS = 4_000  # characters of their ids


class DecisionForm(Form):
    """`shown`: what the page was made of."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(DecisionForm):
    reason = Words(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=SHOWS | {"rows": 5}),
        help_text=_("The author reads this. Be kind, and say what would help."),
    )


class PrivateForm(DecisionForm):
    text = Words(
        label=_("Private answer"),
        max_length=LONGEST_PRIVATE,
        widget=forms.Textarea(attrs=SHOWS | {"rows": 12}),
        help_text=_("Only the author reads this."),
    )


class ChangeForm(DecisionForm):
    """Sent twice: the second time with `difference`, once the page has shown what would be different."""

    difference = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    title = Title(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"size": 80}))
    text = Words(label=_("Question"), max_length=LONGEST, widget=forms.Textarea(attrs=SHOWS | {"rows": 12}))
    theme = forms.ChoiceField(label=_("Topic"), choices=themes.topic_choices)
    reason = Words(
        label=_("A note for the author"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=SHOWS | {"rows": 3}),
        help_text=_("You can say here why something was left out."),
    )

    @override
    def clean(self) -> dict[str, Any]:
        if not self.errors and self.asked == Asked(
            *(self.initial.get(name, "") for name in ("title", "text", "theme"))
        ):
            raise ValidationError(_("Nothing is changed yet. If nothing needs to change, publish it as it is."))
        return self.cleaned_data

    @property
    def asked(self) -> Asked:
        """What would be published."""
        return Asked(*(self.cleaned_data[name] for name in ("title", "text", "theme")))

    @property
    def digest(self) -> str:
        return salted_hmac("exchange.difference", repr(self.asked), algorithm="sha256").hexdigest()

    @property
    def was_shown(self) -> bool:
        return bool(self.cleaned_data["difference"] == self.digest)

    def show(self) -> None:
        """Take these very words as shown."""
        self.data = {**dict(self.data.items()), "difference": self.digest}


class SettleForm(Form):
    """`flags`: the ids of those that the page showed."""

    flags = forms.CharField(widget=forms.HiddenInput, max_length=MOST_FLAGS)

    def clean_flags(self) -> list[Any]:
        field = forms.UUIDField()
        return [field.clean(one) for one in self.cleaned_data["flags"].split(",")]


class AnswerForm(Form):
    """An answer that is flagged (`initial` has the `answers` to choose from), and why it is taken down."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the answer that is taken down.")),
    )
    reason = Words(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=SHOWS | {"rows": 5}),
        help_text=_("The specialist reads this. Be kind, and say what would help."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = self.initial.get("answers", ())  # type: ignore[attr-defined]
