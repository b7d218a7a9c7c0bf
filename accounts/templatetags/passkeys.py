"""Filters for the forms that ask a device for a passkey."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

register = template.Library()

KEPT = {  # by the stored name of a passkey
    "this device": _("A device"),
    "a phone": _("A phone"),
    "a computer": _("A computer"),
    "a security key": _("A security key"),
}


@register.filter
def kept_in(name: str) -> str:
    """What a passkey with this name is kept in."""
    return str(KEPT.get(name) or _("A passkey"))


@register.filter
def as_json(value: Any) -> str:
    """`value` as JSON for a data attribute, since there are no inline scripts."""
    return json.dumps(value, cls=DjangoJSONEncoder)
