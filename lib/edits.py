"""Forms of the administration for rows that several people edit."""

from collections.abc import Sequence
from typing import Any, override

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lib.forms import ModelForm


def mark_of(values: Sequence[object]) -> str:
    """A keyed hash of what somebody is shown, to detect that it has changed before they answer."""
    return salted_hmac("reflect.admin.seen", repr(values), algorithm="sha256").hexdigest()


class EditForm(ModelForm):
    """Of a row that several people edit: nobody overwrites unseen what somebody else has saved meanwhile.

    The page carries `seen` (`templates/admin/change_form.html`). Sent back with the newer one, the form is saved.
    """

    @property
    def seen(self) -> str:
        """A keyed hash of what the fields of the row hold."""
        return mark_of(sorted(self.initial.items()))

    @override
    def clean(self) -> dict[str, Any] | None:
        if not self.instance._state.adding and self.data.get("seen", self.seen) != self.seen:
            raise forms.ValidationError(
                _("Somebody else has saved this meanwhile. Look at it in another tab; saving again here replaces it.")
            )
        return super().clean()
