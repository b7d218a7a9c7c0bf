"""Counts in words, for templates that say many of them: quicker than a block of translation each."""

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def pages_in_words(count: int) -> str:
    """`1 page`, `3 pages`."""
    return ngettext("%(count)d page", "%(count)d pages", count) % {"count": count}
