"""The form for what a specialist changes in a booking."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.names import tidy
from consultations.models.profiles import Format
from lib.forms import Form
from practice.forms.profile import HTTPS, NUMBER, NUMBER_WANTED, RoomField


class AddressForm(Form):
    """The address of this one meeting; its format stays."""

    address = forms.CharField(label=_("The number people ring"), max_length=300)

    def __init__(self, way: str, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.by_phone = way == Format.PHONE
        if not self.by_phone:
            self.fields["address"] = RoomField(label=_("The link to your room"), widget=forms.TextInput)
        self.fields["address"].error_messages["required"] = NUMBER_WANTED if self.by_phone else HTTPS
        self.fields["address"].widget.attrs["autocomplete"] = "off"

    def clean_address(self) -> str:
        address = tidy(self.cleaned_data["address"])
        if self.by_phone and not NUMBER.fullmatch(address):
            raise ValidationError(NUMBER_WANTED)
        return address
