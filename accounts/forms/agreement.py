"""The box beside the words of a consent, which carries their version: nobody agrees to words that came later."""

from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.consents import Wording

CHANGED = _("These words have changed since you opened the page. Please read them again.")


class Box(forms.CheckboxInput):
    """A checkbox with the version as its value."""

    def __init__(self, version: str) -> None:
        super().__init__(check_test=lambda value: value == version)
        self.version = version

    @override
    def format_value(self, value: Any) -> str:
        return self.version

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name)


class Agreement(forms.BooleanField):
    """Whether somebody agrees to the words of today. Refused if the page showed earlier ones."""

    def __init__(self, wording: Wording, **kwargs: Any) -> None:
        self.version = str(wording.version)
        kwargs["label"] = wording.words
        super().__init__(widget=Box(self.version), **kwargs)

    @override
    def to_python(self, value: Any) -> bool:
        if value and value != self.version:
            raise ValidationError(CHANGED)
        return bool(value)
