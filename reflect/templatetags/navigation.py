"""Which link of the navigation leads to the page that is shown."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def current(context: dict[str, Any], address: str, *areas: str) -> SafeString:
    """The attribute `aria-current` of a link: `page` for its own page, `true` for one below any of `areas`."""
    path: str = context["request"].path
    if path == address:
        return mark_safe('aria-current="page"')
    if path.startswith(areas):
        return mark_safe('aria-current="true"')
    return mark_safe("")
