"""What the team gave as its reason when it settled an objection, for the page of the meeting."""

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from consultations.models import Booking
from exchange.services import objections

register = template.Library()


@register.filter
def reason_for(booking: Booking, reader: User | AnonymousUser) -> str:
    """The reason, for one of the two sides; empty without one, and when it cannot be opened or is gone."""
    return objections.reason_for(booking, reader)
