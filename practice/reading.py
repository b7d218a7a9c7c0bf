"""A specialist's bookings as pages list them: under the name that each client chose."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.timezone import localtime

from accounts.sealing import CannotOpen
from consultations.models import Booking
from consultations.models.bookings import BookingQuerySet


@dataclass(frozen=True, slots=True)
class Meeting:
    """A booking with what its client said; `name` is "" where it cannot be opened, or is no longer kept."""

    booking: Booking
    name: str
    has_note: bool
    is_first: bool

    @property
    def starts_at(self) -> datetime:
        return self.booking.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.booking.ends_at


def meetings(rows: BookingQuerySet) -> list[Meeting]:
    """One query, however many clients there are: each name opens with its client's own key, read with the row."""
    return [opened(row) for row in rows.select_related("client__data_key").with_earlier()]


def opened(booking: Booking) -> Meeting:
    words = {"name": "", "note": ""}
    if booking.client and booking.sealed:
        with suppress(CannotOpen):
            words = booking.document(booking.client)
    is_first = booking.client_id is not None and not booking.has_earlier
    return Meeting(booking, words["name"], bool(words["note"]), is_first)


def by_day(found: Iterable[Meeting]) -> list[tuple[date, list[Meeting]]]:
    """Sorted meetings, by their date in the active time zone."""
    return [(day, [*those]) for day, those in groupby(found, key=lambda one: localtime(one.starts_at).date())]
