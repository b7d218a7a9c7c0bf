"""Limits of `meetings.limits` in sentences, and the way back to a meeting."""

from django import template
from django.urls import reverse
from django.utils import timezone

from consultations.models import Booking
from consultations.policy import link_is_shown
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


@register.simple_tag
def meeting_page(booking: Booking, desk: str = "") -> str:
    """Where "Back to the meeting" leads: to the page of the half hour while it is there, else to its booking.

    `desk` is "practice:" for the specialist.
    """
    name = "meeting" if link_is_shown(booking, timezone.now()) else "booking"
    return reverse(f"{desk}{name}", args=[booking.pk])
