"""Finding questions, and asking a moderator to look at one."""

from collections.abc import Mapping
from typing import Any, override

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.forms.contact import Words
from exchange.published import Order, Wanted
from guide import themes
from lib.forms import Form

LONGEST_SEARCH = 200
LONGEST_REASON = 1_000

ORDERS = [
    (Order.NEWEST.value, gettext_lazy("Newest")),
    (Order.HELPFUL.value, gettext_lazy("Most helpful")),
    (Order.UNANSWERED.value, gettext_lazy("Unanswered")),
]


class FindForm(Form):
    """What a list of questions shows. It is posted, so that no address holds words; choices may stand in one."""

    words = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": gettext_lazy("The search is too long: %(limit_value)s characters at most."),
            "null_characters_not_allowed": gettext_lazy("One character arrived broken. Please type the words again."),
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        required=False,
        choices=lambda: [("", _("Any topic")), *themes.topic_choices()],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the topics shown.")},
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=ORDERS,
        error_messages={"invalid_choice": gettext_lazy("Choose one of these.")},
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, use_required_attribute=False)

    @property
    def wanted(self) -> Wanted:
        """What is asked for; what is invalid is left out."""
        chosen = self.cleaned_data
        order = Order(chosen.get("order") or Order.NEWEST)
        return Wanted(theme=chosen.get("theme", ""), order=order, words=chosen.get("words", ""))

    @property
    def choices(self) -> dict[str, str]:
        """For an address: what was chosen, without the usual and without words."""
        usual = {"theme": "", "order": Order.NEWEST.value}
        chosen = {name: self.cleaned_data.get(name, "") for name in usual}
        return {name: value for name, value in chosen.items() if value and value != usual[name]}

    def as_posted(self) -> dict[str, Any]:
        """What was posted, to fill in the form again."""
        return {name: self.data[name] for name in self.fields if name in self.data}


class FlagForm(Form):
    reason = Words(
        label=gettext_lazy("What should a moderator look at?"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("A few words are enough."),
        error_messages={"required": gettext_lazy("Please say in a few words what it is about.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    @override
    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, use_required_attribute=False, **kwargs)
