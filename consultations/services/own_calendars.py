"""A specialist's own calendars: connected, read by a job in a process of its own, and what becomes of an answer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import User
from accounts.sealing import CannotOpen, remember_key, tag
from consultations.busy.answers import Answer, Failure, Wanted
from consultations.busy.reading import NotRead, Reader
from consultations.calendars import uid_of
from consultations.models import Booking, BusyCalendar
from consultations.models.calendars import Words
from consultations.services.busy import mark_busy
from consultations.services.locks import changing, lock_specialist
from consultations.services.refusals import Busy
from consultations.times import (
    BUSY_HOLDS,
    CALENDAR_OFTEN,
    CALENDAR_SELDOM,
    EXPANDED_AGAIN,
    HORIZON,
    LOOK_NOTED,
    LOOKED_LATELY,
)
from lib.fetching import CLOSED, Opening

MOST_CALENDARS = 5
AT_ONCE = 8  # calendars that are read at the same time: mostly, this is waiting
BATCH = 100
READ_FOR = 50  # seconds, until the next job takes over
NOW = "consultations.tasks.read_calendars_now"

# The next reading is a little early, by chance: what was connected at the same moment moves apart.
CLAIM = """
UPDATE consultations_busycalendar
SET due_at = %(now)s + (1 - 0.1 * random()) * CASE WHEN looked_at > %(lately)s THEN %(often)s ELSE %(seldom)s END
WHERE id IN (
    SELECT calendar.id
    FROM consultations_busycalendar AS calendar
    JOIN consultations_specialist AS specialist ON specialist.user_id = calendar.specialist_id
    JOIN accounts_user AS account ON account.id = calendar.specialist_id
    WHERE (calendar.due_at IS NULL OR calendar.due_at <= %(now)s)
        AND specialist.status <> 'suspended' AND account.is_active AND account.closes_at IS NULL
    ORDER BY calendar.due_at NULLS FIRST
    LIMIT %(most)s
    FOR NO KEY UPDATE OF calendar SKIP LOCKED
)
RETURNING id
"""
NOTE_LOOK = """
UPDATE consultations_busycalendar
SET looked_at = %(now)s, due_at = LEAST(due_at, %(soon)s)
WHERE id IN (
    SELECT id FROM consultations_busycalendar
    WHERE specialist_id = %(specialist)s AND looked_at <= %(before)s
    FOR NO KEY UPDATE SKIP LOCKED
)
"""


class TooManyCalendars(Exception):
    """There are MOST_CALENDARS already."""


# What a specialist does


def calendars_of(owner: User) -> list[tuple[BusyCalendar, Words | None]]:
    """All of them, in the order in which they were connected; None for those that cannot be opened."""
    found: list[tuple[BusyCalendar, Words | None]] = []
    for row in BusyCalendar.objects.visible_to(owner).order_by("made_at", "pk"):
        try:
            found.append((row, row.words(owner)))
        except CannotOpen:
            found.append((row, None))
    return found


@transaction.atomic
def connect(*, owner: User, words: Words, all_day: bool, now: datetime) -> BusyCalendar:
    """Connect a calendar, and have it read. One with the same address changes instead. Raises TooManyCalendars."""
    lock_specialist(owner.pk)  # so that two requests do not both connect the last one
    mine = calendars_of(owner)
    row = next((row for row, kept in mine if kept and kept.address == words.address), None)
    if row is None and len(mine) >= MOST_CALENDARS:
        raise TooManyCalendars
    row = row or BusyCalendar(specialist_id=owner.pk, made_at=now)
    row.all_day, row.looked_at, row.due_at = all_day, now, None
    row.seal(owner, words)
    row.save()
    read_soon()
    return row


@transaction.atomic
def change(*, owner: User, calendar_id: UUID, name: str, all_day: bool) -> None:
    """Rename a calendar, or have its all-day entries count or not. Raises BusyCalendar.DoesNotExist and CannotOpen."""
    lock_specialist(owner.pk)
    row = BusyCalendar.objects.visible_to(owner).get(pk=calendar_id)
    row.seal(owner, Words(row.words(owner).address, name))
    if row.all_day != all_day:
        row.all_day, row.due_at = all_day, None
        read_soon()
    row.save(update_fields=["sealed", "all_day", "due_at"])


@transaction.atomic
def remove(*, owner: User, calendar_id: UUID, now: datetime) -> None:
    """Forget a calendar; the times that it made busy are open again."""
    lock_specialist(owner.pk)
    BusyCalendar.objects.visible_to(owner).filter(pk=calendar_id).delete()
    mark_busy(specialist_id=owner.pk, now=now)


@transaction.atomic
def read_now(*, owner: User) -> None:
    """Have all calendars of a specialist read, before all others."""
    BusyCalendar.objects.visible_to(owner).update(due_at=None)
    read_soon()


def read_soon() -> None:
    """The job says of nothing what to read: that is in the rows."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(NOW, queue="calendars", queueing_lock="read_calendars_now").defer()


def note_look(*, specialist_id: UUID, now: datetime) -> None:
    """Somebody looks at a specialist's page: their calendars are read often for a while.

    Beside `/leave/`, the one thing that a GET writes: once in LOOK_NOTED, which each process remembers. Rows that
    something else is changing are left out, so that no page waits.
    """
    if not caches["fragments"].add(f"looked-at-{specialist_id}", 1, LOOK_NOTED.total_seconds()):
        return
    values: dict[str, Any] = {
        "specialist": specialist_id,
        "now": now,
        "before": now - LOOK_NOTED,
        "soon": now + CALENDAR_OFTEN,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE_LOOK, values)


# What the job does


@dataclass(frozen=True, slots=True)
class Due:
    """A calendar that is to be read, opened."""

    row: BusyCalendar
    owner: User
    address: str
    wanted: Wanted

    def tag_of(self, digest: bytes) -> bytes:
        """Equal if the file says the same, and the same is asked of it."""
        asked = (self.wanted.zone, self.wanted.all_day, sorted(self.wanted.owners))
        return tag(self.owner, BusyCalendar.DIGEST, self.row.pk.bytes + digest + repr(asked).encode())

    def is_as_before(self, digest: bytes) -> bool:
        """Whether there is nothing new in a file with this digest, nor in its repetitions."""
        expanded_at, known = self.row.expanded_at, self.row.digest
        is_fresh = expanded_at is not None and expanded_at > self.wanted.starts_at - EXPANDED_AGAIN
        return is_fresh and known is not None and bytes(known) == self.tag_of(digest)


def read_due(*, now: datetime, opening: Opening = CLOSED) -> None:
    """Read what is due, in batches, until nothing is or READ_FOR is over. Tests pass an `opening`."""
    ends = monotonic() + READ_FOR
    ids = claim(now, BATCH)
    if not ids:
        return
    with Reader(opening=opening) as reader:
        while ids:
            read_each(reader, opened(ids, now), now)
            ids = claim(now, BATCH) if monotonic() < ends else []


def claim(now: datetime, most: int) -> list[UUID]:
    """Take some of the calendars that are due; several workers never take the same."""
    times: dict[str, Any] = {
        "now": now,
        "lately": now - LOOKED_LATELY,
        "often": CALENDAR_OFTEN,
        "seldom": CALENDAR_SELDOM,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, times | {"most": most})
        return [pk for (pk,) in cursor.fetchall()]


def opened(ids: Sequence[UUID], now: datetime) -> list[Due]:
    """These calendars with their addresses, and what is asked of each. One that cannot be opened is left alone."""
    rows = list(BusyCalendar.objects.filter(pk__in=ids).select_related("specialist__user__data_key"))
    owners = {row.specialist_id for row in rows}
    mails, ours = defaultdict[UUID, set[str]](set), defaultdict[UUID, set[str]](set)
    for pk, mail in EmailAddress.objects.filter(user__in=owners, verified=True).values_list("user", "email"):
        mails[pk].add(mail.lower())
    meetings = Booking.objects.filter(specialist__in=owners, ends_at__gt=now - BUSY_HOLDS)
    for pk, booking_id in meetings.values_list("specialist", "pk"):
        ours[pk].add(uid_of(booking_id))
    found = []
    for row in rows:
        owner, pk = row.specialist.user, row.specialist_id
        with suppress(CannotOpen):
            remember_key(owner)
            address = row.words(owner).address
            wanted = Wanted(
                starts_at=now,
                ends_at=now + HORIZON + EXPANDED_AGAIN + timedelta(days=1),
                zone=row.specialist.timezone,
                all_day=row.all_day,
                owners=frozenset(mails[pk] | owner_in(address)),
                ours=frozenset(ours[pk]),
            )
            found.append(Due(row, owner, address, wanted))
    return found


def owner_in(address: str) -> set[str]:
    """Google writes whose calendar it is into the address."""
    return {part.lower() for part in unquote(urlsplit(address).path).split("/") if "@" in part}


def read_each(reader: Reader, due: Sequence[Due], now: datetime) -> None:
    """Read these calendars, several at once, and keep each answer when it is there."""
    unchanged: list[UUID] = []
    for one, answer in answers(reader, due):
        match answer:
            case Answer(is_unchanged=True):
                unchanged.append(one.row.pk)
            case Answer():
                with suppress(Busy):  # the next reading makes up for it
                    keep(one, answer, now)
            case failure:
                with suppress(Busy):
                    keep_failure(one, failure, now)
    BusyCalendar.objects.filter(pk__in=unchanged).update(read_at=now, failing_since=None, failure="")


def answers(reader: Reader, due: Sequence[Due]) -> Iterator[tuple[Due, Answer | Failure]]:
    """The threads only wait for the process that reads: they know no database."""

    def read(one: Due) -> Answer | Failure:
        try:
            return reader.read(one.address, one.wanted, one.is_as_before)
        except NotRead as error:
            return error.failure

    with ThreadPoolExecutor(AT_ONCE) as threads:
        reading = {threads.submit(read, one): one for one in due}
        for done in as_completed(reading):
            yield reading[done], done.result()


@changing
def keep(one: Due, answer: Answer, now: datetime) -> None:
    """Keep the ranges of a calendar that has changed, and mark the slots that are in them."""
    lock_specialist(one.row.specialist_id)
    row = BusyCalendar.objects.filter(pk=one.row.pk, all_day=one.row.all_day).first()
    if row is None:  # changed or removed meanwhile
        return
    row.seal_ranges(one.owner, answer.ranges)
    row.digest, row.left_out, row.expanded_at = one.tag_of(answer.digest), answer.left_out, now
    row.read_at, row.failing_since, row.failure = now, None, ""
    kept = ["sealed_ranges", "digest", "left_out", "expanded_at", "read_at", "failing_since", "failure"]
    row.save(update_fields=kept)
    mark_busy(specialist_id=row.specialist_id, now=now)


@changing
def keep_failure(one: Due, failure: Failure, now: datetime) -> None:
    """Record that a calendar could not be read. Its busy times hold for BUSY_HOLDS, and are forgotten then."""
    specialist = lock_specialist(one.row.specialist_id)
    row = BusyCalendar.objects.filter(pk=one.row.pk).first()
    if row is None or specialist is None:
        return
    row.failing_since, row.failure = row.failing_since or now, failure
    has_ended = row.sealed_ranges is not None and (row.read_at is None or row.read_at <= now - BUSY_HOLDS)
    if has_ended:
        row.sealed_ranges = row.digest = row.expanded_at = None
    row.save(update_fields=["failing_since", "failure", "sealed_ranges", "digest", "expanded_at"])
    if has_ended:
        mark_busy(specialist_id=specialist.pk, now=now)
