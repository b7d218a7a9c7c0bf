"""How the two of a booking reach each other, while that is shown."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from consultations import policy
from consultations.models import Booking
from consultations.models.profiles import Format
from consultations.rooms import Room, Server, room_at
from consultations.times import SESSION_LINK


def server() -> Server:
    """The operator's own server for meetings, if there is one."""
    return Server(settings.MEETING_BASE_URL, settings.MEETING_KEY, settings.MEETING_ISSUER)


def room_of(booking: Booking, words: Mapping[str, str] | None, now: datetime, *, hosts: bool = False) -> Room | None:
    """The room, or the number to ring; `words` is the booking's sealed document, `hosts`: for the specialist."""
    if words is None or not words["address"] or not policy.link_is_shown(booking, now):
        return None
    if booking.format == Format.PHONE:
        return Room(words["address"])
    opens, closes = booking.starts_at - SESSION_LINK, booking.ends_at + SESSION_LINK
    word = words.get("room", "")  # bookings of earlier releases have none
    return room_at(words["address"], word, server(), opens=opens, closes=closes, hosts=hosts)
