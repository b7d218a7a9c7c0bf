"""For the forms that ask a device for a passkey."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

register = template.Library()

KEPT = {  # by the names that a passkey is given here
    "this device": _("A device"),
    "a phone": _("A phone"),
    "a computer": _("A computer"),
    "a security key": _("A security key"),
}


@register.filter
def kept_in(name: str) -> str:
    """What keeps a passkey of this name."""
    return str(KEPT.get(name) or _("A passkey"))


@register.filter
def as_json(value: Any) -> str:
    """`value` for an attribute, which takes the place of an inline script."""
    return json.dumps(value, cls=DjangoJSONEncoder)
