"""Who can be booked, the soonest free first, and when: what everybody who is logged in may look for.

A time can be booked if it is open, at least the specialist's notice away, and neither side has blocked the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from accounts.models import User
from consultations import picker
from consultations.models import Slot, Specialist
from consultations.models.bookings import are_apart
from consultations.models.profiles import is_listed
from consultations.times import HORIZON

PAGE = 12
NEXT_TIMES = 3
SOON = timedelta(weeks=2)  # the list looks so far ahead
HOUR = timedelta(hours=1)

PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}  # hours of the reader's day


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; what is empty leaves nobody out. `weekday` is 1 (Monday) to 7, in the zone that is active."""

    theme: str = ""
    language: str = ""
    format: str = ""
    part: str = ""
    weekday: int | None = None

    def offers(self, path: str = "") -> Q:
        """What a specialist must offer; `path` leads to the specialist ("specialist__")."""
        asked = {"themes": self.theme, "languages": self.language, "formats": self.format}
        return Q(**{f"{path}{field}__contains": [value] for field, value in asked.items() if value})

    def windows(self, now: datetime) -> Sequence[tuple[datetime, datetime]]:
        """From when until when a time is wanted, by the clock of the zone that is active; none if any time will do."""
        if not (self.part or self.weekday):
            return []
        zone = timezone.get_current_timezone()
        days = SOON.days + 1
        first = now.astimezone(zone).date()
        hours = PARTS.get(self.part, (0, 24))
        return picker.windows(zone, first=first, days=days, hours=hours, weekday=self.weekday)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of the list ends: behind this specialist, whose first time this was (none: who has no times)."""

    specialist: UUID
    starts_at: datetime | None

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError for what `str` did not write."""
        seconds, _, specialist = text.partition("-")
        try:
            return cls(UUID(specialist), datetime.fromtimestamp(int(seconds), UTC) if seconds else None)
        except (OverflowError, OSError) as error:
            raise ValueError(text) from error

    @classmethod
    def of(cls, card: "Card") -> Self:
        """Behind a card."""
        return cls(card.specialist.pk, card.times[0].starts_at if card.times else None)

    def __str__(self) -> str:
        return f"{int(self.starts_at.timestamp()) if self.starts_at else ''}-{self.specialist}"


class Time(NamedTuple):
    """A free time, `starts_at` by the clock of the zone that is active."""

    slot: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A specialist with the next free times, none of them if there is none within two weeks."""

    specialist: Specialist
    times: Sequence[Time] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One screen of the list; `after` is its end if there are more behind it."""

    cards: Sequence[Card]
    after: Key | None


def list_specialists(viewer: User, wanted: Wanted, now: datetime, *, after: Key | None = None) -> Listed:
    """The next PAGE specialists, the soonest free first, then those without a time. Two queries at most.

    Who has no time is left out where times are looked for.
    """
    windows = wanted.windows(now)
    found: list[Card] = []
    if after is None or after.starts_at:
        rows = soonest(viewer, wanted, now, after).annotate(
            times=ArraySubquery(next_times(within(windows), now + SOON))
        )
        found = [Card(row.specialist, _times(row.times)) for row in rows[: PAGE + 1]]
    if len(found) <= PAGE and not windows:
        behind = after if after and not after.starts_at else None
        found += [Card(row) for row in without_times(viewer, wanted, now, behind)[: PAGE + 1 - len(found)]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Listed(found[:PAGE], Key.of(last) if last else None)


def soonest(viewer: User, wanted: Wanted, now: datetime, after: Key | None = None) -> QuerySet[Slot]:
    """The first free time of each specialist within two weeks, in order of time.

    Read along the index of open times, from the shortest notice on: it stops as soon as there are enough, and looks
    back only at times of the same specialist. That the planner sees it needs ranges of instants, not hours of a day.
    """
    verified = Specialist.objects.filter(status=Specialist.Status.VERIFIED)
    shortest = Subquery(verified.order_by("notice_hours").values("notice_hours")[:1])
    windows = within(wanted.windows(now))
    earlier = Slot.objects.filter(
        windows,
        specialist=OuterRef("specialist"),
        is_open=True,
        starts_at__lt=OuterRef("starts_at"),
        starts_at__gte=now + notice(OuterRef("specialist__notice_hours")),
    )
    rows = Slot.objects.filter(
        windows,
        is_free(viewer, now, now + SOON),
        is_listed("specialist__"),
        wanted.offers("specialist__"),
        ~Q(specialist=viewer.pk),
        ~Exists(earlier),
        behind(after),
        starts_at__gte=now + notice(shortest),
    )
    return rows.select_related("specialist").order_by("starts_at", "specialist_id")


def behind(after: Key | None) -> Q:
    """Whether a first time comes behind the end of a page."""
    if after is None or after.starts_at is None:
        return Q()
    later = Q(starts_at__gt=after.starts_at) | Q(specialist__gt=after.specialist)
    return later & Q(starts_at__gte=after.starts_at)


def within(windows: Sequence[tuple[datetime, datetime]]) -> Q:
    """Whether a time begins within one of the windows; any does if there are none."""
    if not windows:
        return Q()
    ranges = [Q(starts_at__gte=first, starts_at__lt=end) for first, end in windows]
    return Q(reduce(or_, ranges), starts_at__gte=windows[0][0], starts_at__lt=windows[-1][1])


def without_times(viewer: User, wanted: Wanted, now: datetime, after: Key | None = None) -> QuerySet[Specialist]:
    """Those who have no free time within two weeks."""
    times = Slot.objects.filter(is_free(viewer, now, now + SOON), specialist=OuterRef("pk"))
    rows = Specialist.objects.listed().filter(~Exists(times), wanted.offers()).exclude(pk=viewer.pk).order_by("pk")
    return rows.filter(pk__gt=after.specialist) if after else rows


def next_times(windows: Q, until: datetime) -> QuerySet[Slot, Any]:
    """The next few free times after (and with) one of a specialist's, for a subquery of it."""
    rows = Slot.objects.filter(
        windows,
        specialist=OuterRef("specialist"),
        is_open=True,
        starts_at__gte=OuterRef("starts_at"),
        starts_at__lt=until,
    )
    time = JSONObject(slot="pk", starts_at="starts_at")
    return rows.order_by("starts_at").values(time=time)[:NEXT_TIMES]


def _times(rows: Iterable[Mapping[str, Any]]) -> list[Time]:
    return [Time(row["slot"], timezone.localtime(datetime.fromisoformat(row["starts_at"]))) for row in rows]


def times_of(viewer: User, specialist: Specialist, now: datetime) -> QuerySet[Slot]:
    """All that can be booked with one specialist, the soonest first."""
    soon = now + specialist.notice_hours * HOUR
    rows = Slot.objects.filter(~are_apart(viewer.pk, specialist.pk), specialist=specialist, is_open=True)
    return rows.filter(starts_at__gte=soon, starts_at__lt=now + HORIZON).order_by("starts_at")


def is_free(viewer: User, now: datetime, until: datetime) -> Q:
    """Whether this person could book a time, of anybody."""
    soon = now + notice(F("specialist__notice_hours"))
    return Q(~are_apart(viewer.pk, OuterRef("specialist")), is_open=True, starts_at__gte=soon, starts_at__lt=until)


def notice(hours: F | OuterRef | Subquery) -> ExpressionWrapper:
    return ExpressionWrapper(hours * Value(HOUR), output_field=DurationField())
