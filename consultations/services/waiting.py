"""The waiting list: who is told when a slot opens. Nothing is reserved; the first to book gets the slot."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache, partial, reduce
from itertools import groupby
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Notice, User
from accounts.notices import notify
from consultations.limits import Limit
from consultations.mails import Kind, tell
from consultations.models import Booking, Offer, Slot, Specialist, WaitingEntry
from consultations.models.bookings import AreApart, Status
from consultations.models.profiles import is_reachable
from consultations.models.slots import SlotQuerySet
from consultations.services.hints import obstacle
from consultations.services.refusals import TooMany
from consultations.times import HORIZON, NEXT_TOLD_AFTER
from lib.figures import with_figures

MOST_WAITING_ENTRIES = 10  # per person


class CannotWait(Exception):
    """The waiting entry was refused. `words` is the reason, for the person."""

    words: Promise


class NobodyThere(CannotWait):
    words = _("This specialist is not taking bookings at the moment.")


class MetAlready(CannotWait):
    words = Limit.PAIR_MET.label


class TooManyWaitingEntries(CannotWait):
    words = with_figures(
        ngettext_lazy(
            "You are already waiting for %(most)d thing. Stop waiting for it first.",
            "You are already waiting for %(most)d things. Stop waiting for one of them first.",
            "most",
        ),
        lambda: {"most": MOST_WAITING_ENTRIES},
    )


@transaction.atomic
def add_waiting_entry(
    *,
    owner: User,
    specialist_id: UUID | None = None,
    theme: str = "",
    language: str = "",
    mail: bool | None,
    now: datetime,
) -> WaitingEntry:
    """Add somebody to the waiting list. Repeating an entry updates `mail` and keeps its place. Raises CannotWait."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if specialist_id and not Specialist.objects.reachable().exclude(pk=owner.pk).filter(pk=specialist_id).exists():
        raise NobodyThere
    if specialist_id:
        refused = obstacle(owner, Specialist.objects.get(pk=specialist_id), None, now)
        if isinstance(refused, TooMany) and refused.limit is Limit.PAIR_MET:
            raise MetAlready
    asked = {"specialist_id": specialist_id, "theme": theme, "language": language}
    if WaitingEntry.objects.visible_to(owner).exclude(**asked).count() >= MOST_WAITING_ENTRIES:
        raise TooManyWaitingEntries
    row, _is_new = WaitingEntry.objects.update_or_create(
        owner=owner, **asked, defaults={"mail": mail}, create_defaults={"mail": mail, "made_at": now}
    )
    return row


@transaction.atomic
def stop_waiting(*, owner: User, waiting_entry_id: UUID) -> None:
    WaitingEntry.objects.visible_to(owner).filter(pk=waiting_entry_id).delete()


@transaction.atomic
def slots_opened(slot_ids: Iterable[int], now: datetime) -> int:
    """Notify the first person waiting for each of these slots. Returns how many people were notified.

    Call it in the transaction that opens them. Earlier offers of these slots are dropped, so that people who were told
    the last time they were open can be told again.
    """
    slots = list(slot_ids)
    Offer.objects.filter(slot__in=slots).delete()
    return tell_first(slots, now)


def tell_first(slots: Sequence[int], now: datetime) -> int:
    """Notify the first person for each of these open slots; one who is first for several gets a single mail."""
    told: dict[WaitingEntry, list[Slot]] = defaultdict(list)
    for specialist, theirs in groupby(bookable(Slot.objects.filter(pk__in=slots), now), specialist_of):
        if waiting_entries_for(specialist).exists():
            can_book = cache(partial(may_book, specialist=specialist, now=now))
            for slot, entries in entries_to_tell(specialist, list(theirs), now):
                if first := next((entry for entry in entries if can_book(entry.owner)), None):
                    told[first].append(slot)
    for entry, offered in sorted(told.items(), key=lambda one: one[0].owner_id):
        Offer.objects.bulk_create([Offer(waiting_entry=entry, slot=slot, told_at=now) for slot in offered])
        if entry.mail is True:
            key = f"opening:{entry.pk}:{now.isoformat()}"
            tell(owner=entry.owner, kind=Kind.SLOT_OPENED, about=entry, key=key, now=now)
        mails = entry.mail is None  # no answer: the settings decide
        notify(owner=entry.owner, kind=Notice.Kind.TIME_FREED, target=entry.pk, now=now, mails=mails)
    return len(told)


def entries_to_tell(
    specialist: Specialist, slots: Sequence[Slot], now: datetime
) -> Iterator[tuple[Slot, QuerySet[WaitingEntry]]]:
    """For each newly opened slot, the waiting entries to notify; skips one if an equally suitable earlier slot was
    already open.

    `slots` are those of one specialist, the soonest first.
    """
    first = partial(first_start, now=now, until=slots[-1].starts_at, except_slots=[slot.pk for slot in slots])
    if (own := first(Q(specialist=specialist))) and own <= slots[0].starts_at:
        return
    pairs = (
        waiting_entries_for(specialist).filter(specialist=None).order_by().values_list("theme", "language").distinct()
    )
    others = {(theme, language): first(offering(theme, language)) for theme, language in pairs}
    for slot in slots:
        if own is None or slot.starts_at < own:
            pairs_served = [pair for pair, other in others.items() if other is None or slot.starts_at < other]
            served = [Q(theme=theme, language=language) for theme, language in pairs_served]
            yield slot, waiting_for(slot, now).filter(reduce(or_, served, Q(specialist=specialist)))


def first_start(whose: Q, *, now: datetime, until: datetime, except_slots: Sequence[int]) -> datetime | None:
    """The start of the first bookable slot of these specialists (`whose`), up to `until`; None if there is none."""
    free = (
        Slot.objects.bookable(now)
        .filter(is_reachable("specialist__"), whose, starts_at__lte=until)
        .exclude(pk__in=except_slots)
    )
    return free.order_by("starts_at").values_list("starts_at", flat=True).first()


def offering(theme: str, language: str) -> Q:
    """Slots of specialists who offer this theme and language; an empty one matches any."""
    asked = {"specialist__themes__contains": theme, "specialist__languages__contains": language}
    return Q(**{condition: [value] for condition, value in asked.items() if value})


def tell_next(now: datetime) -> int:
    """Notify the next person of each slot that is still open two hours after the last offer. Returns how many."""
    told = 0
    for pk in set(told_long_ago(now).values_list("slot__specialist", flat=True)):
        with transaction.atomic():
            # The lock that every change of slots takes, so that two workers do not notify twice.
            Specialist.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            still = told_long_ago(now).filter(slot__specialist=pk)
            told += tell_first(list(still.values_list("slot", flat=True)), now)
    return told


def told_long_ago(now: datetime) -> QuerySet[Offer]:
    """Offers of slots that are still open and were not offered to anybody in the last two hours."""
    since = now - NEXT_TOLD_AFTER
    lately = Offer.objects.filter(slot=OuterRef("slot"), told_at__gt=since)
    still_open = Offer.objects.filter(slot__is_open=True, slot__starts_at__gt=now)
    # Slots are made at most HORIZON ahead, so older offers are of past slots: the bound lets the index be used.
    return still_open.filter(~Exists(lately), told_at__gt=now - HORIZON, told_at__lte=since)


def bookable(slots: SlotQuerySet, now: datetime) -> SlotQuerySet:
    """Those of reachable specialists that respect their notice, ordered by specialist and start."""
    found = slots.bookable(now).filter(specialist__in=Specialist.objects.reachable()).select_related("specialist")
    return found.order_by("specialist", "starts_at", "pk")


def specialist_of(slot: Slot) -> Specialist:
    return slot.specialist


def waiting_entries_for(specialist: Specialist) -> QuerySet[WaitingEntry]:
    """Waiting entries that a specialist could serve, whatever the slot."""
    anybody = Q(specialist=None, theme__in=["", *specialist.themes], language__in=["", *specialist.languages])
    entries = WaitingEntry.objects.filter(
        Q(specialist=specialist) | anybody, owner__is_active=True, owner__closes_at=None
    )
    return entries.exclude(owner=specialist.pk).filter(~Q(AreApart(F("owner"), specialist.pk)))


def may_book(client: User, specialist: Specialist, now: datetime) -> bool:
    """Whether somebody could book a slot of this specialist, or move a booking to it."""
    refused = obstacle(client, specialist, None, now)
    return refused is None or (isinstance(refused, TooMany) and refused.limit is Limit.PAIR_BOOKED)


def waiting_for(slot: Slot, now: datetime) -> QuerySet[WaitingEntry]:
    """Entries waiting for this slot whose owners were not offered it or an earlier one; the longest waiting first."""
    specialist = slot.specialist
    told = Offer.objects.filter(
        Q(slot=slot, waiting_entry__owner=OuterRef("owner"))
        | Q(
            waiting_entry=OuterRef("pk"),
            slot__is_open=True,
            slot__starts_at__gt=now,
            slot__starts_at__lte=slot.starts_at,
        )
    )
    own = Booking.objects.filter(client=OuterRef("owner"))
    # An earlier booking with this specialist, or one that overlaps.
    has_better = own.filter(
        Q(specialist=specialist, starts_at__lte=slot.starts_at)
        | Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at),
        status=Status.BOOKED,
    )
    # Whoever cancelled this very slot is not offered it again.
    gave_it_back = own.filter(specialist=specialist, starts_at=slot.starts_at, status=Status.CANCELLED_BY_CLIENT)
    # An earlier booking with anybody serves an entry for a theme or a language.
    is_served = own.filter(status=Status.BOOKED, starts_at__gt=now, starts_at__lte=slot.starts_at)
    entries = waiting_entries_for(specialist).filter(Q(specialist=specialist) | ~Exists(is_served))
    free = entries.filter(~Exists(told), ~Exists(has_better), ~Exists(gave_it_back))
    return free.select_related("owner__data_key").order_by("made_at", "pk")


def offered_slots(user: User, now: datetime) -> list[Slot]:
    """Slots that were offered to this person, mailed or not, and can still be booked, the soonest first."""
    told = Slot.objects.filter(
        ~Q(AreApart(user.pk, F("specialist"))), offers__waiting_entry__in=WaitingEntry.objects.visible_to(user)
    )
    return sorted(bookable(told.distinct(), now), key=lambda slot: (slot.starts_at, slot.pk))
