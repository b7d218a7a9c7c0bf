"""What the pages show of threads: the list, and one thread. Nothing that is not opened yet is unsealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.notices import unread
from accounts.sealing import CannotOpen, unseal_many
from consultations.models import Specialist
from consultations.models.profiles import are_reachable
from exchange.models import Draft, Message, Side
from exchange.models.desk import with_hints
from exchange.models.messages import SideQuerySet, Terms, Words, words_of
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
class Conversation:
    """A thread as one of the two sees it; `terms` is None if it cannot be opened, `specialist` for a specialist."""

    side: Side
    terms: Terms | None
    specialist: Specialist | None
    last: Shown | None = None
    has_draft: bool = False

    @property
    def other(self) -> str:
        """The specialist as they are called now, or the name that the member has chosen."""
        if self.specialist:
            return self.specialist.name
        return self.terms.other if self.terms else ""

    @property
    def called(self) -> str:
        """The same for a plain sentence, where `<bdi>` cannot stand."""
        return isolated(self.other)

    @property
    def is_reachable(self) -> bool:
        """Whether there is a profile to see."""
        return self.specialist is not None and are_reachable(self.specialist, self.specialist.user)

    @property
    def is_left(self) -> bool:
        """Whether the other one has deleted their account."""
        return self.side.other_id is None

    @property
    def is_open(self) -> bool:
        """Whether there is a form to go on."""
        return self.terms is not None and not self.is_left


def conversations(user: User, after: UUID | None = None) -> tuple[list[Conversation], UUID | None]:
    """A page of them, the latest first, and the id of its last side if older ones follow. Four queries."""
    here = Message.objects.filter(side=OuterRef("pk"))
    opened = here.filter(Q(is_own=True) | Q(number__lte=OuterRef("opened_to"))).latest_first()
    sides = sides_of(user).annotate(
        last=Subquery(opened.values("pk")[:1]), has_draft=Exists(Draft.objects.filter(side=OuterRef("pk")))
    )
    rows: list[Any] = [*(sides.behind(after) if after else sides)[: PAGE + 1]]
    found, older = rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None
    messages = Message.objects.visible_to(user).filter(pk__in=[row.last for row in found])
    last = {one.message.side_id: one for one in shown(user, messages)}
    specialists = specialists_of(found)
    return [
        Conversation(
            row, terms_of(user, row), specialists.get(specialist_of(row)), last.get(row.pk), has_draft=row.has_draft
        )
        for row in found
    ], older


def arrived(user: User) -> list[Conversation]:
    """Those in which something is not opened yet, the latest first; more than a page of them are in the list.

    The count that is read with the account says whether there are any.
    """
    if not unread(user).messages:
        return []
    found = [*sides_of(user).fresh()[:PAGE]]
    specialists = specialists_of(found)
    return [Conversation(row, terms_of(user, row), specialists.get(specialist_of(row))) for row in found]


def conversation(user: User, side: Side, now: datetime) -> Conversation:
    """With what a member reads before they write."""
    return Conversation(side, terms_of(user, side), with_hints(specialists([side]), now).first())


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


def sides_of(user: User) -> SideQuerySet:
    return Side.objects.visible_to(user).select_related("thread").latest_first()


def shown(user: User, rows: Iterable[Message]) -> list[Shown]:
    opened = unseal_many(user, Message.LABEL, ((row.pk, bytes(row.sealed), row) for row in rows))
    return [Shown(row, words_of(document) if document else None) for row, document in opened]


def terms_of(user: User, side: Side) -> Terms | None:
    try:
        return side.terms(user)
    except CannotOpen:
        return None


def specialist_of(side: Side) -> UUID | None:
    """The specialist to whom a member writes; their own profile is nothing new to a specialist."""
    return side.thread.specialist_id if side.is_members else None


def specialists_of(sides: Sequence[Side]) -> dict[UUID | None, Specialist]:
    return {row.pk: row for row in specialists(sides)}


def specialists(sides: Sequence[Side]) -> QuerySet[Specialist]:
    ids = [one for one in map(specialist_of, sides) if one]
    return Specialist.objects.filter(pk__in=ids).select_related("photo", "user")


def with_cards(found: list[Shown]) -> list[Shown]:
    """The same messages with the cards that go with them; one query if there are any."""
    cards = cards_of({one.words.refers_to for one in found if one.words})
    return [replace(one, card=cards.get(one.words.refers_to)) if one.words else one for one in found]


def cards_of(ids: set[str]) -> dict[str, Specialist]:
    """Those of these specialists who are reachable, by id. "" is nobody; no query for nobody."""
    return {str(row.pk): row for row in Specialist.objects.reachable().filter(pk__in=map(UUID, ids - {""}))}
