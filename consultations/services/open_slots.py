"""Keeps `Slot.is_open` what `availability.py` says. Callers hold the specialist's lock.

A meeting concerns two schedules if its client is a specialist, too: nobody can be met while they meet a colleague.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from consultations.availability import Practice, Span, Taken, in_the_way
from consultations.models import Booking, Slot, Specialist
from consultations.services import waiting
from consultations.slots import DAY
from consultations.times import DURATION, HORIZON
from lib.zones import zone


def practice_of(specialist: Specialist) -> Practice:
    """The rules of a specialist."""
    return replace(
        limits_of(specialist),
        hours=specialist.hours.rules(),
        overrides=specialist.overrides.rules(),
        absences=list(specialist.absences.values_list("first", "last")),
    )


def limits_of(specialist: Specialist) -> Practice:
    """The same without what makes slots: enough to tell what meetings are in the way of. Reads nothing."""
    return Practice(
        zone=zone(specialist.timezone),
        before=timedelta(minutes=specialist.buffer_before),
        after=timedelta(minutes=specialist.buffer_after),
        most_a_day=specialist.most_a_day,
        most_a_week=specialist.most_a_week,
    )


def wanted_starts(practice: Practice, now: datetime) -> set[datetime]:
    """Starts (UTC) that the hours make, from now to the end of the horizon's last day in the local zone."""
    first, last = (practice.day_of(moment) for moment in (now, now + HORIZON))
    return {start for start in practice.starts(first, last) if start > now}


def close_around(specialist: Specialist, now: datetime, meeting: Span) -> None:
    """What `refresh` does for a new meeting. That opens nothing, and without caps is in the way of its whole reach."""
    rules = limits_of(specialist)
    if rules.has_caps:
        refresh([specialist], now, meeting)
    else:
        close_within(specialist, rules.reach(*meeting))


def close_during(specialist: Specialist, own: Span) -> None:
    """The same for a new meeting that this specialist has booked with a colleague."""
    starts_at, ends_at = own
    close_within(specialist, (starts_at - DURATION, ends_at))


def close_within(specialist: Specialist, starts: Span) -> None:
    Slot.objects.filter(between([starts]), specialist=specialist, is_open=True).update(is_open=False)


def refresh(specialists: Iterable[Specialist], now: datetime, *meetings: Span) -> None:
    """Recompute `is_open` of every slot that these meetings are in the way of, or were; announce what opened."""
    opened: list[int] = []
    for specialist in specialists:
        rules = limits_of(specialist)
        reaches = [rules.reach(*span) for span in meetings]
        slots = Slot.objects.filter(between(reaches), specialist=specialist, starts_at__gt=now)
        opened += settle(specialist, slots, taken_within(specialist, rules, reaches), now)
    waiting.slots_opened(opened, now)


def refresh_all(specialist: Specialist, now: datetime) -> None:
    """Recompute `is_open` of every slot to come; announce what opened."""
    slots, rules = Slot.objects.filter(specialist=specialist, starts_at__gt=now), limits_of(specialist)
    waiting.slots_opened(settle(specialist, slots, taken_from(specialist, rules, now), now), now)


def settle(
    specialist: Specialist, slots: Iterable[Slot], taken: Taken, now: datetime, practice: Practice | None = None
) -> list[int]:
    """Open and close these slots. Returns the ids of those that opened.

    One that its hours no longer make is closed, and the generator deletes it. Slots within the notice open, too: they
    cannot be booked, and a shorter notice then needs no recomputation. `practice` saves reading the hours again.
    """
    closing: list[int] = []
    opening: list[Slot] = []
    for slot in slots:
        is_free = in_the_way(slot.starts_at, taken, closed=slot.closed, busy=slot.busy) is None
        if is_free and not slot.is_open:
            opening.append(slot)
        elif slot.is_open and not is_free:
            closing.append(slot.pk)
    Slot.objects.filter(pk__in=closing).update(is_open=False)
    if not opening:
        return []
    practice = practice or practice_of(specialist)
    days = [practice.day_of(slot.starts_at) for slot in opening]
    made = set(practice.starts(min(days) - DAY, max(days)))  # a clock change at midnight reaches into the next day
    opened = [
        slot.pk
        for slot, day in zip(opening, days, strict=True)
        if (not practice.is_away(day) if slot.extra else slot.starts_at in made)
    ]
    Slot.objects.filter(pk__in=opened).update(is_open=True)
    Slot.objects.filter(pk__in={slot.pk for slot in opening if not slot.extra} - set(opened)).update(closed=True)
    return opened


def keep_closed(specialist: Specialist, starts_at: datetime, ends_at: datetime) -> None:
    """Keep what a meeting has freed closed: the specialist has other plans then. They can reopen it by hand."""
    bookings = Booking.objects.occupying().filter(
        specialist=specialist, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    # All slots last DURATION, so overlap can be expressed by their starts, which are indexed.
    slots = Slot.objects.filter(between([(starts_at - DURATION, ends_at)]), specialist=specialist)
    slots.filter(~Exists(bookings), is_open=False, closed=False).update(closed=True, extra=True)


def taken_within(specialist: Specialist, rules: Practice, reaches: Iterable[Span]) -> Taken:
    """What is in the way of slots in these ranges."""
    margin = rules.gap + DURATION
    return taken_where(specialist, rules, between([(first - margin, last + margin) for first, last in reaches]))


def taken_from(specialist: Specialist, rules: Practice, now: datetime) -> Taken:
    """The same for all slots to come."""
    first, _last = rules.reach(now, now)
    return taken_where(specialist, rules, Q(starts_at__gt=first - rules.gap - DURATION))


def taken_where(specialist: Specialist, rules: Practice, then: Q) -> Taken:
    """Those of the specialist's meetings that meet this condition, in either role."""
    meetings: list[Span] = []
    own: list[Span] = []
    rows = Booking.objects.occupying().in_either_role(specialist.pk).filter(then)
    for starts_at, ends_at, host in rows.values_list("starts_at", "ends_at", "specialist"):
        (meetings if host == specialist.pk else own).append((starts_at, ends_at))
    return Taken(rules, meetings, own)


def between(ranges: Iterable[Span]) -> Q:
    """Rows that start within one of these ranges, both ends excluded."""
    return reduce(or_, (Q(starts_at__gt=first, starts_at__lt=last) for first, last in ranges))
