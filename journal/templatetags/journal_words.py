"""Counts in words, cheaper than many `blocktranslate` tags on one page, and marked changes between versions."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from lib.comparing import Change

register = template.Library()

MARKS = {"gone": "<del>{}</del>", "new": "<ins>{}</ins>"}


@register.filter
def entries_in_words(count: int) -> str:
    """`1 page`, `3 pages`."""
    return ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}


@register.filter
def marked(changes: Iterable[Change]) -> SafeString:
    """A text with deletions and insertions marked; no white space is added, as the page would show it."""
    return format_html_join("", "{}", ((format_html(MARKS.get(change.kind, "{}"), change.text),) for change in changes))


@register.filter
def differing(changes: Iterable[Change]) -> SafeString:
    """A text with what stands only in it marked: neither of two versions is the older one."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>" if change.kind == "new" else "{}", change.text),) for change in changes),
    )
