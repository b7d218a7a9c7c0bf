"""Filters for the forms that ask a device for a passkey."""

import json
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
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


@register.filter
def takes_passkeys(request: HttpRequest) -> bool:
    """Whether the browser reached the site by a name: WebAuthn knows no number as a relying party."""
    try:
        ip_address(place_of(request).hostname or "")
    except ValueError:
        return True
    return False


@register.filter
def at_localhost(request: HttpRequest) -> str:
    """The address of this page at localhost; "" unless the site runs on this very computer."""
    place = place_of(request)
    if takes_passkeys(request) or not ip_address(place.hostname or "").is_loopback:
        return ""
    port = f":{place.port}" if place.port else ""
    return f"{request.scheme}://localhost{port}{request.get_full_path()}"


def place_of(request: HttpRequest) -> SplitResult:
    return urlsplit(f"//{request.get_host()}")
