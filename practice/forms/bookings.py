"""The form for what a specialist changes in a booking."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.names import tidy
from consultations.models.profiles import Format
from practice.forms.profile import HTTPS, NUMBER, NUMBER_WANTED

is_https = URLValidator(schemes=["https"], message=HTTPS)


class AddressForm(forms.Form):
    """The address of this one meeting; its format stays."""

    address = forms.CharField(
        max_length=300,
        error_messages={"required": _("Write how to come together.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, way: str, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.way = way
        by_phone = way == Format.PHONE
        self.fields["address"].label = _("The number that people ring") if by_phone else _("The address of your room")

    def clean_address(self) -> str:
        address = tidy(self.cleaned_data["address"])
        if self.way == Format.PHONE:
            if not NUMBER.fullmatch(address):
                raise ValidationError(NUMBER_WANTED)
        else:
            is_https(address)
        return address
