"""Limits of `meetings.limits` in sentences."""

from django import template

from lib.figures import lasting, spelled
from meetings.limits import MOST_ENTRIES, OPEN_FOR, SHARED_FOR

register = template.Library()


@register.simple_tag
def open_for() -> str:
    """How long something stays open for a specialist."""
    return lasting(OPEN_FOR, "hours", spell=True)


@register.simple_tag
def shared_for() -> str:
    """How long after a meeting something stays shared."""
    return lasting(SHARED_FOR, "days")


@register.simple_tag
def most_entries() -> str:
    """How many entries can be shared at once."""
    return spelled(MOST_ENTRIES)
