"""A specialist's own figures, by month.

`went_on` must not tell what one client does: some write under another name than they booked with. It counts within a
fixed time after a meeting, so that no new message changes it, and only what LEAST_PEOPLE or more did together. Nobody's
answer to "Was it a good fit?" is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import Status
from exchange.models import Message
from lib.zones import zone

MONTHS = 12
WENT_ON_WITHIN = timedelta(days=30)  # after the meeting
LEAST_PEOPLE = 5  # who came in a month, for what they did afterwards to be counted


@dataclass(frozen=True, slots=True)
class Month:
    """What is past of one month. `went_on` is None where it is too early or too little to tell."""

    first: date
    offered: int = 0
    booked: int = 0
    came: int = 0
    went_on: int | None = None


def figures_of(specialist: Specialist, now: datetime) -> list[Month]:
    """The last MONTHS months, in the specialist's time zone, the oldest first. Two queries."""
    here = zone(specialist.timezone)
    firsts = list(first_days(now.astimezone(here).date()))
    begins = [datetime(day.year, day.month, 1, tzinfo=here) for day in firsts]
    past = Q(specialist=specialist, starts_at__gte=begins[0], ends_at__lte=now)
    of_month = TruncMonth("starts_at", tzinfo=here)
    free, taken = open_slots(past, of_month), meetings(past, of_month)
    found = []
    for first, ends in zip(firsts, [*begins[1:], now], strict=True):
        booked, came, people, went_on = taken.get(first, (0, 0, 0, 0))
        is_told = people >= LEAST_PEOPLE and ends + WENT_ON_WITHIN <= now
        found.append(Month(first, free.get(first, 0) + booked, booked, came, went_on if is_told else None))
    return found


def open_slots(past: Q, of_month: TruncMonth) -> dict[date, int]:
    """How many slots could still be booked when they passed."""
    rows = Slot.objects.filter(past, is_open=True).annotate(month=of_month).order_by().values("month")
    return {month.date(): count for month, count in rows.annotate(count=Count("pk")).values_list("month", "count")}


def meetings(past: Q, of_month: TruncMonth) -> dict[date, tuple[int, int, int, int]]:
    """How many meetings were booked and took place, with how many people, and after how many of them one went on."""
    came = Q(status__in=[Status.COMPLETED, Status.BOOKED])
    rows = Booking.objects.occupying().filter(past).annotate(month=of_month).order_by().values("month")
    counted = rows.annotate(
        booked=Count("pk"),
        came=Count("pk", filter=came),
        people=Count("client", filter=came, distinct=True),
        went_on=Count("pk", filter=came & (wrote() | booked_again())),
    )
    named = counted.values_list("month", "booked", "came", "people", "went_on")
    return {month.date(): (booked, came, people, went_on) for month, booked, came, people, went_on in named}


def first_days(today: date) -> Iterator[date]:
    """The first days of the last MONTHS months, the oldest first."""
    this = today.year * 12 + today.month - 1
    for month in range(this - MONTHS + 1, this + 1):
        yield date(month // 12, month % 12 + 1, 1)


def wrote() -> Exists:
    """Whether the client wrote to the specialist within WENT_ON_WITHIN: the specialist's own copies say so."""
    theirs = Message.objects.filter(
        owner=OuterRef("specialist"),
        is_own=False,
        side__thread__specialist=OuterRef("specialist"),
        side__thread__member=OuterRef("client"),
    )
    return Exists(theirs.filter(at__gt=OuterRef("ends_at"), at__lte=OuterRef("ends_at") + WENT_ON_WITHIN))


def booked_again() -> Exists:
    """Whether the client booked another meeting with the specialist within the same time, and kept it."""
    others = Booking.objects.occupying().filter(client=OuterRef("client"), specialist=OuterRef("specialist"))
    return Exists(others.filter(made_at__gt=OuterRef("ends_at"), made_at__lte=OuterRef("ends_at") + WENT_ON_WITHIN))
