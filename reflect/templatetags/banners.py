"""The banners above a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from reflect import banners
from reflect.publishing import IS_COPY

register = template.Library()


@register.simple_tag(takes_context=True)
def banners_due(context: Mapping[str, Any]) -> Sequence[banners.Banner]:
    """Those of now; none on a page that is kept for later, where they would stay."""
    request = context.get("request")
    if request is None or IS_COPY in request.META:
        return ()
    return banners.due(get_language(), timezone.now())
