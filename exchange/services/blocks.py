"""Whom somebody has blocked, by the name under which they know each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.sealing import CannotOpen
from consultations.models import Block, Booking, Specialist
from exchange.models import Side


@dataclass(frozen=True, slots=True)
class Blocked:
    """A block with the name of the other one; "" if it is no longer kept."""

    block: Block
    name: str


def blocked_by(owner: User) -> list[Blocked]:
    """The latest first. The same queries however many there are."""
    blocks = [*Block.objects.visible_to(owner).order_by("-made_at", "id")]
    known = names(owner, [block.other_id for block in blocks]) if blocks else {}
    return [Blocked(block, known.get(block.other_id, "")) for block in blocks]


def names(owner: User, others: Sequence[UUID]) -> dict[UUID, str]:
    """From meetings, from messages, and from profiles, which have the last word."""
    found: dict[UUID, str] = {}
    met = Booking.objects.of_specialist(owner).filter(client__in=others, sealed__isnull=False)
    for booking in met.select_related("client__data_key").order_by("starts_at", "id"):
        if booking.client and (name := name_in(booking, booking.client)):
            found[booking.client.pk] = name
    written = Q(thread__member__in=others) | Q(thread__specialist__in=others)
    for side in Side.objects.visible_to(owner).filter(written).select_related("thread"):
        if side.other_id and (name := name_of(side, owner)):
            found[side.other_id] = name
    return found | dict(Specialist.objects.filter(pk__in=others).values_list("pk", "name"))


def name_in(booking: Booking, client: User) -> str:
    try:
        return str(booking.document(client)["name"])
    except CannotOpen:
        return ""


def name_of(side: Side, owner: User) -> str:
    try:
        return side.terms(owner).other
    except CannotOpen:
        return ""
