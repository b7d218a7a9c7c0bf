"""For the forms that ask a device for a passkey."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """`value` for an attribute, which takes the place of an inline script."""
    return json.dumps(value, cls=DjangoJSONEncoder)
