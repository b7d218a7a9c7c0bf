"""Messages between a member and a specialist: beginning a thread, sending, opening, and forgetting.

Locks are taken in the house order (`consultations/services/locks.py`), and after it: the thread, then its sides.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.notices import Kind, notify, open_about
from accounts.sealing import CannotOpen
from consultations.models import Specialist
from consultations.models.bookings import AreApart
from consultations.services.locks import Parties, changing, lock_parties, lock_rows
from consultations.services.refusals import NobodyThere
from exchange.models import Draft, Message, Side, Thread
from exchange.models.messages import Terms, Words
from lib.zones import zone

LONGEST = 4_000  # characters of a message


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be, with the id that its form carries."""

    id: UUID
    words: Words


class Closed(Exception):
    """Nothing can be sent here: one of the two has blocked the other, or is not there. Which of it is never said."""


class SentAlready(Exception):
    """A message of this id is stored already; `same`: in this thread, with these very words."""

    def __init__(self, *, same: bool) -> None:
        super().__init__()
        self.same = same


@transaction.atomic
def begin(*, owner: User, specialist: Specialist, name: str, now: datetime) -> Side:
    """The member's side of their thread with this specialist, which is begun if there is none yet.

    The specialist learns of it with the first message. Until then, the member can choose another name.
    """
    thread, _ = Thread.objects.get_or_create(member=owner, specialist_id=specialist.pk, defaults={"last_at": now})
    thread = lock_rows(Thread.objects.all()).get(pk=thread.pk)
    side = Side.objects.visible_to(owner).filter(thread=thread).first()
    if side is None:
        side = Side(owner=owner, thread=thread, last_at=now)
        side.seal(owner, Terms(me=name, other=specialist.name))
        side.save(force_insert=True)
    side.thread = thread
    rename(owner=owner, side=side, name=name)
    return side


def side_with(owner: User, specialist: Specialist) -> Side | None:
    """The member's side, if a thread with this specialist has begun."""
    own = Side.objects.visible_to(owner).select_related("thread")
    return own.filter(thread__member=owner, thread__specialist=specialist.pk).first()


@transaction.atomic
def rename(*, owner: User, side: Side, name: str) -> None:
    """Take another name, which is possible until the first message is sent."""
    if lock_rows(Thread.objects.all()).get(pk=side.thread_id).last_number:
        return
    own = lock_rows(Side.objects.visible_to(owner)).get(pk=side.pk)
    if own.terms(owner).me != name:
        own.seal(owner, replace(own.terms(owner), me=name))
        own.save(update_fields=["sealed"])
    side.sealed = own.sealed


def send(*, owner: User, side: Side, letter: Letter, now: datetime) -> None:
    """Send a message from this side of a thread. Raises Closed, SentAlready and `refusals.Busy`.

    Idempotent by the letter's id, also where the thread has been closed since.
    """
    try:
        deliver(owner, side, letter, now)
    except (Closed, IntegrityError):
        check_unsent(side, letter)
        raise


# In SQL, because Django took longer to compile these statements than PostgreSQL takes to run them
# (docs/decisions/0002-free-times-in-sql.md). The thread is locked before its sides are read.
LOCK_THREAD = """
WITH thread AS MATERIALIZED (
    SELECT id, last_number FROM exchange_thread WHERE id = %(thread)s FOR NO KEY UPDATE
)
SELECT side.id, side.owner_id, thread.last_number
FROM thread JOIN exchange_side AS side ON side.thread_id = thread.id
ORDER BY side.id
FOR NO KEY UPDATE OF side
"""
COUNT_MESSAGE = """
WITH sides AS (
    UPDATE exchange_side SET last_at = %(now)s, fresh = fresh + (id = %(theirs)s)::integer
    WHERE thread_id = %(thread)s
), draft AS (
    DELETE FROM exchange_draft WHERE owner_id = %(me)s AND id = %(letter)s
)
UPDATE exchange_thread SET last_number = %(number)s, last_at = %(now)s WHERE id = %(thread)s
"""


@changing
def deliver(owner: User, side: Side, letter: Letter, now: datetime) -> None:
    """Store a copy for each of the two, in one locked transaction. Raises IntegrityError for one that is stored."""
    parties = lock_both(side.thread)
    sides, last_number = lock_thread(side.thread_id)
    if not may_write(parties, is_new=not last_number):
        raise Closed
    me, other = (parties.client, parties.host) if side.is_members else (parties.host, parties.client)
    theirs = sides.get(other.pk) or first_contact(other, side.thread, side.terms(me), now).pk
    number = last_number + 1
    own = Message(id=letter.id, owner=me, side_id=side.pk, number=number, at=now, is_own=True)
    copy = Message(owner=other, side_id=theirs, number=number, at=now, is_own=False)
    own.seal(me, letter.words)
    copy.seal(other, letter.words)
    Message.objects.bulk_create([own, copy])
    about: dict[str, Any] = {"thread": side.thread_id, "theirs": theirs, "number": number, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_MESSAGE, about | {"me": me.pk, "letter": letter.id})
    notify(owner=other, kind=Kind.MESSAGE, target=theirs, now=now)


def lock_thread(thread_id: UUID) -> tuple[dict[UUID, UUID], int]:
    """Lock a thread and then its sides: their ids by owner, and the number of the last message.

    A side that is begun meanwhile would be missed, but who begins one has locked both people, as the caller has.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_THREAD, {"thread": thread_id})
        rows = cursor.fetchall()
    if not rows:
        raise Thread.DoesNotExist
    return {owner_id: pk for pk, owner_id, _ in rows}, rows[0][2]


def lock_both(thread: Thread) -> Parties:
    if not (thread.member_id and thread.specialist_id):
        raise Closed
    try:
        return lock_parties(thread.member_id, thread.specialist_id)
    except NobodyThere:
        raise Closed from None


def may_write(parties: Parties, *, is_new: bool) -> bool:
    """A thread is begun with specialists who are reachable; it can go on with one who is not, unless staff say no."""
    if parties.is_blocked or parties.specialist.status == Specialist.Status.SUSPENDED:
        return False
    if is_new:
        return parties.is_reachable
    return all(user.is_active and not user.asked_to_close for user in (parties.client, parties.host))


def check_unsent(side: Side, letter: Letter) -> None:
    """Raises SentAlready."""
    stored = Message.objects.filter(pk=letter.id).select_related("owner__data_key").first()
    if stored is None:
        return
    try:
        same = stored.side_id == side.pk and stored.words(stored.owner) == letter.words
    except CannotOpen:
        same = False
    raise SentAlready(same=same)


def first_contact(specialist: User, thread: Thread, terms: Terms, now: datetime) -> Side:
    """The specialist's side, which begins with the first message."""
    side = Side(owner=specialist, thread=thread, last_at=now)
    side.seal(specialist, Terms(me=terms.other, other=terms.me))
    side.save(force_insert=True)
    return side


@changing
def open_arrived(*, owner: User, side_id: UUID, to: int, now: datetime) -> None:
    """Open what has arrived, up to the number that was on the page: what came later, nobody has seen yet.

    Raises Side.DoesNotExist.
    """
    thread_id = Side.objects.visible_to(owner).values_list("thread_id", flat=True).get(pk=side_id)
    thread = lock_rows(Thread.objects.all()).get(pk=thread_id)
    side = lock_rows(Side.objects.visible_to(owner)).get(pk=side_id)
    to = min(to, thread.last_number)
    if to <= side.opened_to:
        return
    if side.terms(owner).shows_opened:
        seen = Message.objects.filter(side__thread=thread, is_own=True, number__gt=side.opened_to, number__lte=to)
        apart = AreApart(F("side__thread__member"), F("side__thread__specialist"))
        today = timezone.localdate(now, zone(owner.timezone))
        seen.filter(~Q(owner=owner), ~Q(apart)).update(opened_on=today)
    side.opened_to = to
    side.fresh = side.messages.filter(is_own=False, number__gt=to).count()
    side.save(update_fields=["opened_to", "fresh"])
    if not side.fresh:
        open_about(owner=owner, kind=Kind.MESSAGE, target=side.pk, now=now)


@transaction.atomic
def show_opened(*, owner: User, side_id: UUID, shows: bool) -> None:
    """Let the other one see from now on on which weekday a message was opened, or no longer.

    Raises Side.DoesNotExist.
    """
    side = lock_rows(Side.objects.visible_to(owner)).get(pk=side_id)
    side.seal(owner, replace(side.terms(owner), shows_opened=shows))
    side.save(update_fields=["sealed"])


def forget(*, before: datetime) -> None:
    """Delete threads in which nobody has written since, and what is left of those that neither of the two has."""
    drafted = Draft.objects.filter(side__thread=OuterRef("pk"), changed_at__gte=before)
    idle = Thread.objects.filter(Q(last_at__lt=before) & ~Exists(drafted))
    left = Thread.objects.filter(~Exists(Side.objects.filter(thread=OuterRef("pk"))))
    for due in (idle, left):
        for pk in due.values_list("pk", flat=True):
            with transaction.atomic():
                if thread := lock_rows(due.filter(pk=pk)).first():
                    thread.delete()
