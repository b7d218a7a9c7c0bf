"""What the pages show of threads: the list, and one thread. Nothing that is not opened yet is unsealed."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.notices import unread
from accounts.sealing import CannotOpen, unseal_many
from consultations.models import Specialist
from exchange.models import Draft, Message, Side, Thread
from exchange.models.messages import Terms, Words, words_of
from lib.direction import isolated

PAGE = 10  # threads, or messages, on one web page


@dataclass(frozen=True, slots=True)
class Shown:
    """A message; without words while it is closed, or if it cannot be opened."""

    message: Message
    words: Words | None
    is_closed: bool = False
    card: Specialist | None = None  # of the colleague whom it refers to, if they are reachable


@dataclass(frozen=True, slots=True)
class Addressee:
    """The specialist to whom a member writes, with what is read before: the time away that holds now, if any."""

    name: str
    profession: str
    slug: str
    timezone: str
    photo: str | None  # its `sha256`
    is_reachable: bool  # whether there is a profile to see
    reply_median: timedelta | None
    away_until: datetime | None
    away_note: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread as one of the two sees it; `terms` is None if it cannot be opened."""

    side: Side
    terms: Terms | None
    name: str | None  # of the specialist as they are called now; None for a specialist
    has_draft: bool = False
    has_ended: bool = False  # the practice; it can still be taken back

    @property
    def other(self) -> str:
        """The specialist as they are called now, or the name that the member has chosen."""
        return self.name or (self.terms.other if self.terms else "")

    @property
    def called(self) -> str:
        """The same for a plain sentence, where `<bdi>` cannot stand."""
        return isolated(self.other)

    @property
    def is_left(self) -> bool:
        """Whether the other one has deleted their account."""
        return self.side.other_id is None

    @property
    def has_stopped(self) -> bool:
        """Whether its reader is a member, and the specialist no longer works here."""
        return self.side.is_members and (self.is_left or self.has_ended)

    @property
    def is_open(self) -> bool:
        """Whether there is a form to go on."""
        return self.terms is not None and not self.is_left


@dataclass(frozen=True, slots=True)
class InList(Conversation):
    """With the latest message that its reader has written or opened."""

    last: Shown | None = None


@dataclass(frozen=True, slots=True)
class OnPage(Conversation):
    """With what stands around the messages; `specialist` is None for a specialist."""

    specialist: Addressee | None = None
    is_blocked: bool = False  # by the reader


# In SQL, because Django took longer to compile these queries than PostgreSQL takes to run them
# (docs/decisions/0002-free-times-in-sql.md).
SIDE = """
SELECT side.id, side.owner_id, side.thread_id, side.last_at, side.opened_to, side.fresh, side.sealed,
       thread.member_id, thread.specialist_id, thread.last_number, specialist.name,
       specialist.ended_at IS NOT NULL AS has_ended,
       EXISTS (SELECT FROM exchange_draft WHERE side_id = side.id) AS has_draft"""
FROM_SIDE = """
FROM exchange_side AS side
JOIN exchange_thread AS thread ON thread.id = side.thread_id
LEFT JOIN consultations_specialist AS specialist
    ON specialist.user_id = thread.specialist_id AND thread.member_id = side.owner_id
"""
IN_LIST = f"""{SIDE}, last.id AS last_id, last.is_own AS last_is_own, last.sealed AS last_sealed
{FROM_SIDE}
LEFT JOIN LATERAL (
    SELECT id, is_own, sealed FROM exchange_message
    WHERE side_id = side.id AND (is_own OR number <= side.opened_to)
    ORDER BY number DESC LIMIT 1
) AS last ON true
WHERE side.owner_id = %(owner)s
"""  # noqa: S608  # of texts of our own
BEHIND = """
  AND side.last_at <= (SELECT last_at FROM exchange_side WHERE owner_id = %(owner)s AND id = %(after)s)
  AND (side.id > %(after)s OR side.last_at < (SELECT last_at FROM exchange_side WHERE id = %(after)s))
"""
FRESH = "  AND side.fresh > 0\n"
LATEST_FIRST = "ORDER BY side.last_at DESC, side.id LIMIT %(most)s"

# It repeats the rules of `is_reachable`.
ON_PAGE = f"""{SIDE},
       specialist.profession, specialist.slug, specialist.timezone, photo.sha256 AS photo,
       specialist.status = 'verified' AND specialist.offers_free AND NOT specialist.paused
           AND account.is_active AND account.closes_at IS NULL AS is_reachable,
       reply.median AS reply_median, away.ends_at AS away_until, away.note AS away_note,
       EXISTS (
           SELECT FROM consultations_block
           WHERE owner_id = side.owner_id AND other_id IN (thread.member_id, thread.specialist_id)
       ) AS is_blocked
{FROM_SIDE}
LEFT JOIN accounts_user AS account ON account.id = specialist.user_id
LEFT JOIN consultations_photo AS photo ON photo.specialist_id = specialist.user_id
LEFT JOIN exchange_replytime AS reply ON reply.specialist_id = specialist.user_id
LEFT JOIN exchange_away AS away
    ON away.specialist_id = specialist.user_id AND away.starts_at <= %(now)s AND away.ends_at > %(now)s
WHERE side.owner_id = %(owner)s AND side.id = %(side)s
"""


def conversations(user: User, after: UUID | None = None) -> tuple[list[InList], UUID | None]:
    """A page of them, the latest first, and the id of its last side if older ones follow. One query."""
    rows = sides(user, IN_LIST + (BEHIND if after else "") + LATEST_FIRST, after=after, most=PAGE + 1)
    found, older = rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None
    last = [Message(id=row.last_id, side=row, is_own=row.last_is_own, sealed=row.last_sealed) for row in found]
    opened = {one.message.side_id: one for one in shown(user, [row for row in last if row.pk])}
    return [InList(*known(user, row), last=opened.get(row.pk)) for row in found], older


def arrived(user: User) -> list[InList]:
    """Those in which something is not opened yet, the latest first; more than a page of them are in the list.

    The count that is read with the account says whether there are any.
    """
    if not unread(user).messages:
        return []
    return [InList(*known(user, row)) for row in sides(user, IN_LIST + FRESH + LATEST_FIRST, most=PAGE)]


def conversation(user: User, side_id: UUID, now: datetime) -> OnPage:
    """With what a member reads before they write. Raises Side.DoesNotExist."""
    for row in sides(user, ON_PAGE, side=side_id, now=now):
        about = {field.name: getattr(row, field.name) for field in fields(Addressee)}
        specialist = None if row.name is None else Addressee(**about)
        return OnPage(*known(user, row), specialist=specialist, is_blocked=row.is_blocked)
    raise Side.DoesNotExist


def known_as(specialist: User, member_id: UUID, name: str) -> UUID | None:
    """The specialist's side of a thread with this member, if they have the same name there: another one is not told."""
    side = Side.objects.visible_to(specialist).filter(thread__member=member_id).first()
    terms = terms_of(specialist, side) if side else None
    return side.pk if side and terms and terms.other == name else None


def sides(user: User, sql: str, **values: object) -> list[Any]:
    """The user's sides with their threads, and with what else the query selects."""
    rows: list[Any] = [*Side.objects.raw(sql, {"owner": user.pk, **values})]
    for row in rows:
        row.thread = Thread(row.thread_id, row.member_id, row.specialist_id, row.last_number, row.last_at)
    return rows


def known(user: User, row: Any) -> tuple[Side, Terms | None, str | None, bool, bool]:
    """What every conversation is made of."""
    return row, terms_of(user, row), row.name, row.has_draft, row.has_ended


def letters(user: User, side: Side, before: int | None = None) -> tuple[list[Shown], int | None]:
    """A page of messages, the latest last, and the number before which earlier ones stand."""
    rows = side.messages.filter(number__lt=before) if before else side.messages.all()
    found = [*rows.latest_first()[: PAGE + 1]]
    earlier = found[PAGE - 1].number if len(found) > PAGE else None
    page = sorted(found[:PAGE], key=lambda message: message.number)
    is_open = {row.pk: row.is_own or row.number <= side.opened_to for row in page}
    opened = {one.message.pk: one for one in with_cards(shown(user, (row for row in page if is_open[row.pk])))}
    return [opened.get(row.pk) or Shown(row, None, is_closed=True) for row in page], earlier


def drafts(user: User, side: Side) -> list[tuple[Draft, Words | None]]:
    """The latest first."""
    rows = Draft.objects.visible_to(user).filter(side=side).latest_first()
    opened = unseal_many(user, Draft.LABEL, ((row.pk, bytes(row.sealed), row) for row in rows))
    return [(row, words_of(document) if document else None) for row, document in opened]


def shown(user: User, rows: Iterable[Message]) -> list[Shown]:
    opened = unseal_many(user, Message.LABEL, ((row.pk, bytes(row.sealed), row) for row in rows))
    return [Shown(row, words_of(document) if document else None) for row, document in opened]


def terms_of(user: User, side: Side) -> Terms | None:
    try:
        return side.terms(user)
    except CannotOpen:
        return None


def with_cards(found: list[Shown]) -> list[Shown]:
    """The same messages with the cards that go with them; one query if there are any."""
    cards = cards_of({one.words.refers_to for one in found if one.words} - {""})
    return [replace(one, card=cards.get(one.words.refers_to)) if one.words else one for one in found]


def cards_of(ids: set[str]) -> dict[str, Specialist]:
    """Those of these specialists who are reachable, by id. No query for nobody."""
    return {str(row.pk): row for row in Specialist.objects.reachable().filter(pk__in=map(UUID, ids))} if ids else {}
