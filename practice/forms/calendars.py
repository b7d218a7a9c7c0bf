"""The forms of a specialist's own calendars."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consultations.models.calendars import LONGEST_NAME, Words
from lib.fetching import LONGEST_ADDRESS, NotFetched, leads_inside, target_of
from lib.forms import BesideOthers, Form


class ChangeForm(BesideOthers, Form):
    """What a specialist chooses about a calendar."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("Only you see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the calendar a name.")},
    )
    all_day = forms.BooleanField(
        label=_("All-day events count as busy"),
        required=False,
        help_text=_("Untick this if you note birthdays or holidays of others as all-day events."),
    )

    def __init__(self, posted: QueryDict | None, *, name: str = "", all_day: bool = True) -> None:
        super().__init__(posted, initial={"name": name, "all_day": all_day}, use_required_attribute=False)


class ConnectForm(ChangeForm):
    """The same, and where the calendar is."""

    address = forms.CharField(
        label=_("Secret address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("It begins with https:// or webcal://. It is stored encrypted, and is not shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        error_messages={"required": _("Paste the secret address of the calendar.")},
    )

    field_order = ("name", "address", "all_day")

    def clean_address(self) -> str:
        try:
            target = target_of(self.cleaned_data["address"])
        except NotFetched:
            raise ValidationError(
                _("Copy the whole address from your calendar. It begins with https:// or webcal://.")
            ) from None
        if leads_inside(target.host):
            raise ValidationError(
                _("This address opens only within a home or an office, so we can’t read it. Use one from the internet.")
            )
        return target.url

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["address"], self.cleaned_data["name"])
