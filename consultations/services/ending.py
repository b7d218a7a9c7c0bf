"""Ending a practice: nobody can book at once, and TO_TAKE_BACK later nothing is left but what the law asks for.

An account whose practice is over is a member's again. What stays of the profile says who was checked, and when; the
meetings keep their times. Both go with the retention of meetings.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.security_log import Event, log
from consultations.mails import Kind, ended_key, tell
from consultations.models import (
    Absence,
    Booking,
    BusyCalendar,
    DateOverride,
    FailedCheck,
    Photo,
    ProfileChange,
    Slot,
    Specialist,
    WaitingEntry,
    WeeklyHours,
)
from consultations.models.bookings import Side
from consultations.services.booking_changes import cancel
from consultations.services.locks import changing, lock_circle, lock_rows
from consultations.signals import practice_over
from consultations.times import TO_TAKE_BACK

# Of the profile. The verification record stays with the row.
STAYS = (
    *("user", "slug", "name", "profession", "timezone", "register_name", "register_number", "register_url"),
    *("submitted_at", "verified_at", "verified_by", "check_again_on", "created_at", "ended_at"),
)
GOES = (Photo, ProfileChange, WeeklyHours, DateOverride, Slot, Absence, BusyCalendar, FailedCheck, WaitingEntry)


@changing
def end_practice(*, user: User, words: str = "", now: datetime) -> int:
    """Hide the profile, and cancel what is to come, with the same words for each client. Returns how many it was."""
    lock_circle(user.pk, now)
    # First, so that nobody is offered the slots that open.
    if Specialist.objects.of(user).filter(ended_at=None).update(ended_at=now, paused=True, changed_at=now):
        log(Event.PRACTICE_ENDED, account=user.pk)
        tell(owner=user, kind=Kind.ENDED, key=ended_key(now), now=now)
    theirs = Booking.objects.of_specialist(user)
    upcoming = list(theirs.upcoming(now).values_list("pk", flat=True))
    for pk in upcoming:
        cancel(theirs, pk, Side.SPECIALIST, now, words=words)
    return len(upcoming)


@transaction.atomic
def take_back(*, user: User, now: datetime) -> bool:
    """Let the practice go on; it stays paused. Returns whether that was still possible."""
    mine = Specialist.objects.of(user)
    list(lock_rows(mine))
    # Asked after the lock: it may have been cleared while this waited, by a clock that is ahead.
    ended = mine.filter(ended_at__gt=now - TO_TAKE_BACK, user__is_specialist=True)
    return bool(ended.update(ended_at=None, changed_at=now))


def clear_ended(*, now: datetime) -> None:
    """Delete what is left of practices that ended TO_TAKE_BACK ago."""
    due = Specialist.objects.filter(ended_at__lte=now - TO_TAKE_BACK, user__is_specialist=True)
    for pk in list(due.values_list("pk", flat=True)):
        clear_practice(specialist_id=pk, now=now)


@transaction.atomic
def clear_practice(*, specialist_id: UUID, now: datetime) -> None:
    lock_circle(specialist_id, now)
    due = Specialist.objects.filter(pk=specialist_id, ended_at__lte=now - TO_TAKE_BACK)
    specialist = due.select_related("user").first()
    if specialist is None:  # taken back, or erased, meanwhile
        return
    for model in GOES:
        model._default_manager.filter(specialist=specialist).delete()
    Booking.objects.of_specialist(specialist.user).update(specialist_fit="")
    practice_over.send(Specialist, specialist=specialist)
    status = Specialist.Status.DRAFT
    if specialist.status == Specialist.Status.SUSPENDED:
        status = Specialist.Status.SUSPENDED
    stays = {name: getattr(specialist, name) for name in STAYS}
    Specialist(**stays, status=status, paused=True, changed_at=now).save(force_update=True)
    specialist.user.is_specialist = False
    specialist.user.save(update_fields=["is_specialist"])


def forget_ended(*, before: datetime) -> None:
    """Delete what has stayed of practices that ended before a moment."""
    Specialist.objects.filter(ended_at__lt=before, user__is_specialist=False).delete()
