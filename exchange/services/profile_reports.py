"""Reporting a specialist's profile, and what staff do with a report. All is sealed under the key of the site."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from consultations.models import Specialist
from consultations.models.changes import TEXTS
from exchange.models import ProfileReport
from exchange.models.contact import Said, is_last, signed
from exchange.models.reports import Party, ToldOfProfile
from exchange.services.reports import DecidedMeanwhile, ReportedAlready

State = ProfileReport.State


def report(*, report_id: UUID, owner: User, specialist: Specialist, reason: str, now: datetime) -> None:
    """Store a report with what the profile says now. Raises ReportedAlready."""
    row = ProfileReport(pk=report_id, owner=owner, specialist=specialist, day=now.date())
    reported = Party(str(specialist.pk), specialist.name)
    row.seal(ToldOfProfile(Said(reason, now), reported, texts_of(specialist)))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        stored = ProfileReport.objects.visible_to(owner).filter(pk=report_id, specialist=specialist).exists()
        raise ReportedAlready(same=stored) from None


def texts_of(specialist: Specialist) -> dict[str, str]:
    """What the specialist wrote, without what is empty."""
    return {name: str(value) for name in TEXTS if (value := getattr(specialist, name))}


# What staff do


@transaction.atomic
def note(*, report_id: UUID, staff: User | None = None, text: str, now: datetime) -> bool:
    """Add a note, which only staff read. Returns False if the last one says the same. Raises CannotOpen."""
    row = locked(report_id)
    told = row.told()
    if is_last(text, told.notes, now):
        return False
    row.seal(replace(told, notes=[*told.notes, signed(text, now, staff)]))
    row.save(update_fields=["sealed"])
    return True


@transaction.atomic
def settle(*, report_id: UUID, staff: User | None = None, reason: str, now: datetime) -> bool:
    """Settle it once; why, only staff read. Raises CannotOpen and DecidedMeanwhile.

    Returns False if it is settled for this very reason.
    """
    row = locked(report_id)
    told = row.told()
    if row.is_settled and told.settled and told.settled.text == reason:
        return False
    if row.is_settled:
        raise DecidedMeanwhile
    row.seal(replace(told, settled=signed(reason, now, staff)))
    row.state, row.settled_on = State.SETTLED, now.date()
    row.save(update_fields=["sealed", "state", "settled_on"])
    return True


def locked(report_id: UUID) -> ProfileReport:
    return ProfileReport.objects.select_for_update(no_key=True).get(pk=report_id)


# What the worker does


def forget(*, before: datetime) -> None:
    """Delete what was settled before that day."""
    ProfileReport.objects.filter(state=State.SETTLED, settled_on__lt=before.date()).delete()
