"""The waiting list: who is told of a time that opens. Nothing is held for anybody; whoever books first has it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.mails import tell
from consultations.models import Block, Booking, Message, Offer, Slot, Specialist, Wait
from consultations.models.bookings import Status
from consultations.times import NEXT_TOLD_AFTER

MOST_WAITS = 10  # of one person


class CannotWait(Exception):
    """A wish that is not taken. `words` say why, to the person."""

    words: Promise


class NobodyThere(CannotWait):
    words = _("This specialist takes no bookings at the moment.")


class TooManyWaits(CannotWait):
    words = _("You are waiting for 10 things already. Stop one of them first.")


@transaction.atomic
def wait(
    *,
    owner: User,
    specialist_id: UUID | None = None,
    theme: str = "",
    language: str = "",
    before: datetime | None = None,
    mail: bool | None,
    now: datetime,
) -> Wait:
    """Remember that somebody wants to be told; the same wish again keeps its place. Raises CannotWait."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if specialist_id and not Specialist.objects.listed().exclude(pk=owner.pk).filter(pk=specialist_id).exists():
        raise NobodyThere
    wish = {"specialist_id": specialist_id, "theme": theme, "language": language}
    if Wait.objects.visible_to(owner).exclude(**wish).count() >= MOST_WAITS:
        raise TooManyWaits
    changed = {"before": before, "mail": mail}
    row, _is_new = Wait.objects.update_or_create(
        owner=owner, **wish, defaults=changed, create_defaults={**changed, "made_at": now}
    )
    return row


@transaction.atomic
def stop_waiting(*, owner: User, wait_id: UUID) -> None:
    Wait.objects.visible_to(owner).filter(pk=wait_id).delete()


@transaction.atomic
def opened(slot_ids: Iterable[int], now: datetime) -> int:
    """Tell the first person who waits for each of these times; say how many people were told.

    Called in the transaction that opens them. Somebody who is first for several is told once of all.
    """
    told: dict[Wait, list[Slot]] = defaultdict(list)
    for slot in bookable(Slot.objects.filter(pk__in=list(slot_ids)), now):
        if first := waiting_for(slot).first():
            told[first].append(slot)
    for waiting, slots in told.items():
        Offer.objects.bulk_create([Offer(wait=waiting, slot=slot, told_at=now) for slot in slots])
        if waiting.mail is True:
            key = f"opening:{waiting.pk}:{now.isoformat()}"
            tell(owner=waiting.owner, kind=Message.Kind.OPENING, wait=waiting, key=key, now=now)
    return len(told)


def tell_next(now: datetime) -> int:
    """Tell the next person of each time that is still open two hours after somebody was last told of it."""
    due = Slot.objects.filter(is_open=True, starts_at__gt=now).alias(told_at=Max("offers__told_at"))
    told = 0
    for pk in due.filter(told_at__lte=now - NEXT_TOLD_AFTER).values_list("specialist", flat=True).distinct():
        with transaction.atomic():
            # Under the lock of every change of times, so that two workers do not both tell.
            Specialist.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            still = due.filter(told_at__lte=now - NEXT_TOLD_AFTER, specialist=pk)
            told += opened(list(still.values_list("pk", flat=True)), now)
    return told


def bookable(slots: QuerySet[Slot], now: datetime) -> list[Slot]:
    """Those that somebody could book now, the soonest first."""
    listed = Specialist.objects.listed()
    found = slots.filter(is_open=True, starts_at__gt=now, specialist__in=listed).select_related("specialist")
    return [
        slot
        for slot in found.order_by("starts_at", "pk")
        if slot.starts_at - now >= timedelta(hours=slot.specialist.notice_hours)
    ]


def waiting_for(slot: Slot) -> QuerySet[Wait]:
    """Those who wait for such a time and were not told of it, the longest waiting first."""
    specialist = slot.specialist
    anybody = Q(specialist=None, theme__in=["", *specialist.themes], language__in=["", *specialist.languages])
    wanted = Wait.objects.filter(
        Q(specialist=specialist) | anybody,
        Q(before=None) | Q(before__gt=slot.starts_at),
        owner__is_active=True,
        owner__closes_at=None,
    ).exclude(owner=specialist.pk)
    told = Offer.objects.filter(slot=slot, wait__owner=OuterRef("owner"))
    blocked = Block.objects.filter(
        Q(owner=OuterRef("owner"), other=specialist.pk) | Q(owner=specialist.pk, other=OuterRef("owner"))
    )
    own = Booking.objects.filter(client=OuterRef("owner"))
    # An earlier meeting with this specialist, or another one at this time; or they have just called this one off.
    has_better = own.filter(
        Q(specialist=specialist, starts_at__lte=slot.starts_at)
        | Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at),
        status=Status.BOOKED,
    )
    gave_it_back = own.filter(specialist=specialist, starts_at=slot.starts_at, status=Status.CANCELLED_BY_CLIENT)
    free = wanted.filter(~Exists(told), ~Exists(blocked), ~Exists(has_better), ~Exists(gave_it_back))
    return free.select_related("owner").order_by("made_at", "pk")


def news_for(user: User, now: datetime) -> list[Slot]:
    """Times that opened, of which this person was told and which can still be booked; for Today, mailed or not."""
    return bookable(Slot.objects.filter(offers__wait__in=Wait.objects.visible_to(user)).distinct(), now)


@transaction.atomic
def forget_past_waits(*, now: datetime) -> None:
    """A wish for a time before a moment that is over."""
    Wait.objects.filter(before__lte=now).delete()
