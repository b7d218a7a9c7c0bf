"""A next step: stored as it is typed, answered once, and taken away."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from accounts import drafts
from accounts.drafts import Write
from accounts.models import User
from accounts.sealing import CannotOpen
from consultations.models import Booking
from consultations.services.locks import lock_rows
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
    """The latest step of each meeting that Today shows, in one query; none that cannot be opened: its page says so."""
    latest: dict[UUID, tuple[NextStep, Intent]] = {}
    for step in NextStep.objects.visible_to(owner).kept(now):
        try:
            latest.setdefault(step.booking_id, (step, step.words(owner)))
        except CannotOpen:
            continue
    return [
        OnToday(step.booking_id, intent.text, is_asked=is_asked(step, intent, now))
        for step, intent in latest.values()
        if intent.is_on_today
    ]


def is_asked(step: NextStep, intent: Intent, now: datetime) -> bool:
    return intent.asks and not intent.answer and policy.is_time_to_ask(step.changed_at, now)


@transaction.atomic
def save_step(*, owner: User, booking_id: UUID, write: Write[Intent], now: datetime) -> NextStep:
    """Store the step, and return the row in which it stands (`accounts.drafts.store`).

    Raises NotNow, `quota.Full`, Booking.DoesNotExist, NextStep.DoesNotExist for the id of somebody else's, and
    CannotOpen: nothing is written beside what may only be locked for the moment.
    """
    booking = lock_rows(Booking.objects.of_client(owner)).get(pk=booking_id)  # two tabs write one after the other
    if not policy.may_write_step(booking, now):
        raise NotNow
    own = NextStep.objects.visible_to(owner).filter(booking=booking)
    for step in own:
        step.words(owner)
    return cast("NextStep", drafts.store(owner, own, write, now, booking=booking))


@transaction.atomic
def answer_step(*, owner: User, booking_id: UUID, answer: Answer) -> None:
    """Store what the member says of their step; it is not asked about again. Raises DoesNotExist, CannotOpen."""
    mine = NextStep.objects.visible_to(owner).select_for_update(of=("self",), no_key=True)
    step = mine.filter(booking=booking_id).latest_first()[:1].get()
    step.seal(owner, replace(step.words(owner), answer=answer))
    step.save(update_fields=["sealed"])


@transaction.atomic
def prefer(*, owner: User, step_id: UUID, now: datetime) -> None:
    """Make this version of a step the one that counts."""
    NextStep.objects.visible_to(owner).filter(pk=step_id).update(changed_at=now)


@transaction.atomic
def discard(*, owner: User, step_id: UUID) -> None:
    """Delete one version of a step."""
    NextStep.objects.visible_to(owner).filter(pk=step_id).delete()


@transaction.atomic
def delete_step(*, owner: User, booking_id: UUID) -> None:
    """Delete the step of a meeting, in all its versions."""
    NextStep.objects.visible_to(owner).filter(booking=booking_id).delete()


def forget_steps(*, before: datetime) -> int:
    """Delete the steps of meetings that ended before a moment. Returns how many."""
    ended = NextStep.objects.filter(booking__starts_at__lte=before - DURATION)  # the start is indexed, the end is not
    return ended.delete()[0]
