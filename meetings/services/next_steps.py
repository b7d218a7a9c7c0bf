"""Writing a next step, answering the one question about it, and taking it away."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.sealing import CannotOpen
from consultations.models import Booking
from consultations.services.refusals import NotNow
from consultations.times import DURATION
from meetings import policy
from meetings.models import NextStep
from meetings.models.next_steps import Answer, Intent


@dataclass(frozen=True, slots=True)
class OnToday:
    """A step as Today shows it. `is_asked`: with the one question about it."""

    booking_id: UUID
    text: str
    is_asked: bool


def on_today(owner: User, now: datetime) -> list[OnToday]:
    """The steps that Today shows, in one query; none that cannot be opened: its own page says so."""
    shown = []
    for step in NextStep.objects.visible_to(owner).kept(now):
        with suppress(CannotOpen):
            intent = step.intent(owner)
            if intent.is_on_today:
                is_asked = intent.asks and not intent.answer and policy.is_time_to_ask(step.written_at, now)
                shown.append(OnToday(step.booking_id, intent.text, is_asked))
    return shown


@transaction.atomic
def write_step(*, owner: User, booking_id: UUID, text: str, asks: bool, now: datetime) -> None:
    """Write the step, or write it anew. Raises NotNow, Booking.DoesNotExist, and CannotOpen for one that is damaged."""
    mine = Booking.objects.of_client(owner).select_for_update(of=("self",), no_key=True)
    booking = mine.get(pk=booking_id)
    if not policy.may_write_step(booking, now):
        raise NotNow
    step = NextStep.objects.visible_to(owner).filter(booking=booking).first()
    if step:
        step.intent(owner)  # must not be saved over if it cannot be opened
    else:
        step = NextStep(owner=owner, booking=booking)
    step.written_at = now
    step.seal(owner, Intent(text, asks))
    step.save()


@transaction.atomic
def answer_step(*, owner: User, booking_id: UUID, answer: Answer) -> None:
    """Store what the member says of their step; it is not asked about again. Raises DoesNotExist, CannotOpen."""
    mine = NextStep.objects.visible_to(owner).select_for_update(of=("self",), no_key=True)
    step = mine.get(booking=booking_id)
    step.seal(owner, replace(step.intent(owner), answer=answer))
    step.save(update_fields=["sealed"])


@transaction.atomic
def delete_step(*, owner: User, booking_id: UUID) -> None:
    NextStep.objects.visible_to(owner).filter(booking=booking_id).delete()


def forget_steps(*, before: datetime) -> int:
    """Delete the steps of meetings that ended before a moment. Returns how many."""
    ended = NextStep.objects.filter(booking__starts_at__lte=before - DURATION)  # the start is indexed, the end is not
    return ended.delete()[0]
