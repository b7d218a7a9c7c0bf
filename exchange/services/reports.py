"""Reporting a conversation, and what staff do with a report. Everything is sealed under the key of the site."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.sealing import CannotOpen
from exchange.models import Message, Report, Side
from exchange.models.contact import Said, is_last, signed
from exchange.models.reports import Party, Told

LONGEST = 2_000  # characters of a reason, and of a note
DELIVERED = 20  # messages that staff read

State = Report.State


class ReportedAlready(Exception):
    """There is an open report of this conversation; `same`: it is this one, sent before."""

    def __init__(self, *, same: bool) -> None:
        super().__init__()
        self.same = same


class DecidedMeanwhile(Exception):
    """Somebody else has settled it, or passed it on, since the page was opened."""


def report(*, report_id: UUID, owner: User, side: Side, reason: str, now: datetime) -> None:
    """Store a report with what was delivered to the owner. Raises ReportedAlready."""
    row = Report(pk=report_id, owner=owner, side=side, day=now.date())
    me, other = names(owner, side)
    told = Told(
        reason=Said(reason, now),
        reporter=Party(str(owner.pk), me),
        reported=Party(str(side.other_id or ""), other),
        messages=delivered(owner, side),
    )
    row.seal(told)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        stored = Report.objects.visible_to(owner).filter(pk=report_id, side=side).exists()
        raise ReportedAlready(same=stored) from None


def names(owner: User, side: Side) -> tuple[str, str]:
    """By which names the two know each other, "" if these cannot be opened."""
    try:
        terms = side.terms(owner)
    except CannotOpen:
        return "", ""
    return terms.me, terms.other


def delivered(owner: User, side: Side) -> list[Said]:
    """What the site itself brought to this side, the oldest first; the owner cannot have changed it."""
    copies = Message.objects.visible_to(owner).filter(side=side, is_own=False).latest_first()[:DELIVERED]
    return [Said(text_of(owner, message), message.at) for message in reversed(copies)]


def text_of(owner: User, message: Message) -> str:
    try:
        return message.words(owner).text
    except CannotOpen:
        return ""


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
def pass_on(*, report_id: UUID, staff: User | None = None, reason: str, now: datetime) -> bool:
    """Leave it to owners, who alone shut accounts out; why, only staff read. Raises CannotOpen and DecidedMeanwhile.

    Returns False if the same was said before.
    """
    row = locked(report_id)
    told = row.told()
    if row.state == State.PASSED_ON and told.passed_on and told.passed_on.text == reason:
        return False
    if row.state != State.NEW:
        raise DecidedMeanwhile
    row.seal(replace(told, passed_on=signed(reason, now, staff)))
    row.state = State.PASSED_ON
    row.save(update_fields=["sealed", "state"])
    return True


@transaction.atomic
def take_back(*, report_id: UUID, staff: User) -> bool:
    """Take back that it was passed on; why it was stays, as a note. Raises CannotOpen and DecidedMeanwhile.

    Only whoever did it can. Returns False if it is with everybody who reads reports already.
    """
    row = locked(report_id)
    told = row.told()
    if row.state == State.NEW:
        return False
    if row.state != State.PASSED_ON or not told.passed_on or told.passed_on.by != str(staff.pk):
        raise DecidedMeanwhile
    row.seal(replace(told, passed_on=None, notes=[*told.notes, told.passed_on]))
    row.state = State.NEW
    row.save(update_fields=["sealed", "state"])
    return True


@transaction.atomic
def settle(*, report_id: UUID, state: State = State.NEW, now: datetime) -> bool:
    """Settle a report that is in this state; returns False if it is in another one."""
    row = locked(report_id)
    if row.state != state:
        return False
    row.state, row.settled_on = State.SETTLED, now.date()
    row.save(update_fields=["state", "settled_on"])
    return True


def locked(report_id: UUID) -> Report:
    return Report.objects.select_for_update(no_key=True).get(pk=report_id)


# What the worker does


def forget(*, before: datetime) -> None:
    """Delete what was settled before that day."""
    Report.objects.filter(state=State.SETTLED, settled_on__lt=before.date()).delete()
