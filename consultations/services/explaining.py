"""Why a time of a specialist is not offered, for themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from consultations.availability import (
    Practice,
    Reason,
    Span,
    away_until,
    in_the_way,
    unmade,
)
from consultations.models import Slot, Specialist
from consultations.services.open_slots import practice_of, taken_within
from consultations.slots import instant
from consultations.times import DURATION, HORIZON


@dataclass(frozen=True, slots=True)
class Answer:
    """About one local time, given in minutes after midnight. Without a reason it is offered."""

    day: date
    minutes: int
    reason: Reason | None
    near: datetime | None = None  # the start of the meeting or the slot that is in the way
    until: date | None = None  # when they are back
    most: int = 0  # meetings a day or a week, or minutes between two


def why(specialist: Specialist, day: date, minutes: int, now: datetime, *, is_reachable: bool) -> Answer:
    """Why this time is not offered, from the rules and the rows as they are."""
    practice = practice_of(specialist)
    start = instant(day, minutes, practice.zone)
    if start is None:
        return Answer(day, minutes, Reason.SKIPPED)
    if start <= now:
        return Answer(day, minutes, Reason.PAST)
    taken = taken_within(specialist, practice, [practice.reach(start, start + DURATION)])
    here = Slot.objects.filter(specialist=specialist, starts_at__gt=start - DURATION, starts_at__lt=start + DURATION)
    slots = {slot.starts_at: slot for slot in here}
    slot = slots.get(start)
    reason = in_the_way(start, taken, closed=slot.closed, busy=slot.busy) if slot else None
    if slot is None or (slot.closed and not slot.extra):  # left by a meeting that was cancelled, until it is deleted
        reason = Reason.BOOKED if taken.booked.overlap(start) else not_made(practice, day, minutes, now)
    elif reason is None:
        reason = not_now(specialist, start, now, is_reachable=is_reachable)
    return Answer(
        day,
        minutes,
        reason,
        near=nearest(start, taken.meetings) if reason in (Reason.BOOKED, Reason.BUFFER) else min(slots, default=None),
        until=away_until(practice.absences, day) if reason is Reason.AWAY else None,
        most=figure(practice, reason),
    )


def not_made(practice: Practice, day: date, minutes: int, now: datetime) -> Reason:
    """Why there is no slot: slots are made only so far ahead."""
    is_beyond = day > practice.day_of(now + HORIZON)
    reason = unmade(practice, day, minutes)
    return Reason.TOO_FAR if is_beyond and reason is Reason.BETWEEN else reason


def not_now(specialist: Specialist, start: datetime, now: datetime, *, is_reachable: bool) -> Reason | None:
    """Why nobody can book an open slot now."""
    if not is_reachable:
        return Reason.NOT_LISTED
    if start - now < specialist.notice:
        return Reason.TOO_SOON
    return Reason.TOO_FAR if start >= now + HORIZON else None


def nearest(start: datetime, meetings: Iterable[Span]) -> datetime:
    return min((starts for starts, _ends in meetings), key=lambda starts: abs(starts - start))


def figure(practice: Practice, reason: Reason | None) -> int:
    match reason:
        case Reason.DAY_FULL:
            return practice.most_a_day or 0
        case Reason.WEEK_FULL:
            return practice.most_a_week or 0
        case Reason.BUFFER:
            return int(practice.gap.total_seconds() // 60)
    return 0
