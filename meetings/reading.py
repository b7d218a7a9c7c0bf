"""What pages show of notes for a meeting and on it, of what is shared, and of who has opened it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.sealing import CannotOpen, unseal_many
from assessments.models import Result
from consultations.models import Booking
from journal.reading import Opened, entries, opened_entries
from meetings import policy
from meetings.limits import ENTRIES_AT_HAND, RESULTS_AT_HAND
from meetings.models import NextStep, Opening, Preparation, PrivateNote, Share
from meetings.models.next_steps import Intent
from meetings.models.preparation import Plan
from meetings.models.sharing import Copy, Kind


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing on the specialist's page. `document` is None while it is closed, and if it cannot be opened."""

    kind: Kind
    document: dict[str, Any] | None
    is_open: bool = True
    share: UUID | None = None
    made_at: datetime | None = None

    @property
    def on(self) -> date | None:
        """The day of a result or an entry."""
        return day_of(self.document)


@dataclass(frozen=True, slots=True)
class Seen:
    """That something was opened; `document` says what, or is None if it cannot be opened."""

    at: datetime
    document: dict[str, Any] | None

    @property
    def on(self) -> date | None:
        return day_of(self.document)


def day_of(document: dict[str, Any] | None) -> date | None:
    return date.fromisoformat(document["on"]) if document and document.get("on") else None


def of_copies(copies: Iterable[Copy], now: datetime) -> list[Shown]:
    """The specialist's page with everything opened: the member looks at this before sharing."""
    return [Shown(copy.kind, copy.document, made_at=now) for copy in copies]


def of_shares(booking: Booking, specialist: User, now: datetime) -> list[Shown]:
    """The specialist's page. Two queries at most; `booking` is read with its client and both its people's rows."""
    if not policy.may_see(booking, now):
        return []
    rows = Share.objects.of_specialist(specialist).filter(booking=booking).with_opened().in_order()
    return [of_share(row, booking.client, now) for row in rows if booking.client]


def of_share(row: Share, owner: User | None, now: datetime) -> Shown:
    if owner is None or not policy.is_open(row.opened_at, now):
        return Shown(Kind(row.kind), None, is_open=False, share=row.pk, made_at=row.made_at)
    try:
        return Shown(Kind(row.kind), row.document(owner), share=row.pk, made_at=row.made_at)
    except CannotOpen:
        return Shown(Kind(row.kind), None, share=row.pk, made_at=row.made_at)


def shared(owner: User, booking: Booking) -> list[tuple[Share, Shown]]:
    """What a member shares for a meeting, as they see it."""
    rows = Share.objects.of_client(owner).filter(booking=booking).in_order()
    sealed = ((row.pk, bytes(row.sealed), row) for row in rows)
    return [(row, Shown(Kind(row.kind), document)) for row, document in unseal_many(owner, Share.LABEL, sealed)]


def shared_notes(owner: User, booking: Booking, now: datetime) -> dict[str, Any]:
    """The notes that the specialist can see of a member's, as they were when they were shared; empty for none."""
    if not policy.may_see(booking, now):
        return {}
    found = (shown.document for row, shown in shared(owner, booking) if row.kind == Kind.NOTES)
    return next(found, None) or {}


def openings(owner: User, booking: Booking) -> list[Seen]:
    """Each time that the specialist opened something, the latest first."""
    rows = Opening.objects.visible_to(owner).filter(booking=booking).latest_first()
    sealed = ((row.pk, bytes(row.sealed), row) for row in rows)
    return [Seen(row.at, document) for row, document in unseal_many(owner, Opening.LABEL, sealed)]


def plans(owner: User, booking: Booking) -> list[tuple[Preparation, Plan | None]]:
    """A member's notes for a meeting, the latest first; None for what cannot be opened."""
    rows = Preparation.objects.visible_to(owner).filter(booking=booking).latest_first()
    sealed = ((row.pk, bytes(row.sealed), row) for row in rows)
    found = unseal_many(owner, Preparation.LABEL, sealed)
    return [(row, None if document is None else Plan.from_document(document)) for row, document in found]


def steps(owner: User, booking: Booking) -> list[tuple[NextStep, Intent]]:
    """A member's next step after a meeting, the latest version first. Raises CannotOpen if one of them is damaged."""
    rows = NextStep.objects.visible_to(owner).filter(booking=booking).latest_first()
    return [(row, row.words(owner)) for row in rows]


def private_notes(owner: User, booking: Booking) -> list[tuple[PrivateNote, str | None]]:
    """A specialist's notes on a meeting, the latest first; None for what cannot be opened."""
    rows = PrivateNote.objects.visible_to(owner).filter(booking=booking).latest_first()
    sealed = ((row.pk, bytes(row.sealed), row) for row in rows)
    found = unseal_many(owner, PrivateNote.LABEL, sealed)
    return [(row, None if document is None else document["text"]) for row, document in found]


def results_at_hand(owner: User, *chosen: str) -> list[Result]:
    """The latest results and those chosen, the newest first."""
    own = Result.objects.visible_to(owner)
    latest = own.newest_first().values("pk")[:RESULTS_AT_HAND]
    wanted = [pk for pk in chosen if pk]
    return list(own.filter(Q(pk__in=latest) | Q(pk__in=wanted)).newest_first().defer("sealed"))


def entries_at_hand(owner: User, chosen: Sequence[str]) -> list[Opened]:
    """The latest entries and those chosen, the newest first."""
    own = entries(owner)
    latest = own.values("pk")[:ENTRIES_AT_HAND]
    return opened_entries(owner, own.filter(Q(pk__in=latest) | Q(pk__in=chosen)))


def name_of(booking: Booking, client: User) -> str:
    """The name that the client chose for this meeting; "" if it cannot be opened."""
    try:
        name: str = booking.document(client)["name"]
    except CannotOpen:
        return ""
    return name
