"""The list of specialists, ordered by their next free slot, and the free slots of one.

A slot is free for a viewer if it is open, outside the specialist's notice, and neither side has blocked the other.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Self, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import OperationalError, connection
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Mod, RowNumber
from django.db.models.query import RawQuerySet
from django.utils import timezone
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from accounts.models import User
from consultations import picker
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import AreApart
from consultations.models.hours import WithAbsences, with_absences
from consultations.picker import FreeSlot
from consultations.times import HORIZON, SOON, THIS_WEEK

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

logger = logging.getLogger(__name__)

PAGE = 12
NEXT_SLOTS = 3
NOBODY = UUID(int=0)
SPOKEN_FOR = timedelta(minutes=5)  # how long a process keeps the languages of the filter
ON_LANDING = 3  # specialists that the landing page shows
ON_LANDING_FOR = timedelta(minutes=1)  # how long a process keeps them

PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}  # hours of the reader's day


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filter of the list; empty values match all. `weekday` is 1 (Monday) to 7, in the active time zone.

    `within`: "week" for those who have a time within THIS_WEEK.
    Of `any_theme`, one is enough.
    """

    theme: str = ""
    any_theme: tuple[str, ...] = ()
    language: str = ""
    format: str = ""
    within: str = ""
    part: str = ""
    weekday: int | None = None

    @property
    def offers(self) -> dict[str, list[str]]:
        """Values that a specialist must offer, by field of the model."""
        wanted = {"themes": self.theme, "languages": self.language, "formats": self.format}
        return {field: [value] if value else [] for field, value in wanted.items()}

    @property
    def names_time(self) -> bool:
        """Whether those are left out whom the viewer cannot book within SOON: without a time, or already met."""
        return bool(self.within) or not self.any_time

    @property
    def any_time(self) -> bool:
        return not (self.part or self.weekday)

    def windows(self, now: datetime) -> Sequence[tuple[datetime, datetime]]:
        """The UTC ranges in which slots match, reckoned in the active time zone; empty if any time matches."""
        if self.any_time:
            return []
        zone = timezone.get_current_timezone()
        days = SOON.days + 1
        first = now.astimezone(zone).date()
        hours = PARTS.get(self.part, (0, 24))
        return picker.windows(zone, first=first, days=days, hours=hours, weekday=self.weekday)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of the list ends: after this specialist, with the start of their first slot (None: no slots)."""

    specialist: UUID
    starts_at: datetime | None

    @classmethod
    def read(cls, text: str) -> Self:
        """Parse what `str` wrote. Raises ValueError for anything else."""
        seconds, _, specialist = text.partition("-")
        try:
            return cls(UUID(specialist), datetime.fromtimestamp(int(seconds), UTC) if seconds else None)
        except (OverflowError, OSError) as error:
            raise ValueError(text) from error

    @classmethod
    def of(cls, card: "Card") -> Self:
        """The key of a card."""
        return cls(card.specialist.pk, card.slot and card.slot.starts_at)

    def __str__(self) -> str:
        return f"{int(self.starts_at.timestamp()) if self.starts_at else ''}-{self.specialist}"


class InList(WithAbsences):
    """Annotations of everybody in the list. `met`: the viewer has had the free meeting with them."""

    met: bool


class NextSlot(InList):
    """Annotations of `soonest`: the next free slot."""

    slot_id: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A specialist with their next free slot within SOON, if any. `met`: the viewer has had the free meeting."""

    specialist: Specialist
    slot: FreeSlot | None = None
    met: bool = False

    @classmethod
    def of(cls, row: "WithAnnotations[Specialist, NextSlot]") -> Self:
        return cls(row, FreeSlot(row.slot_id, timezone.localtime(row.starts_at)), row.met)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list; `after` is the key of the next one, if there is one."""

    cards: Sequence[Card]
    after: Key | None


def list_specialists(viewer: User, wanted: Wanted, now: datetime, *, after: Key | None = None) -> Listed:
    """The next PAGE specialists: by their next free slot, then those without one. Two queries at most.

    If the filter names a time, only those are shown whom the viewer can book then.
    """
    found: list[Card] = []
    if after is None or after.starts_at:
        found = [Card.of(row) for row in soonest(viewer, wanted, now, after, most=PAGE + 1)]
    if len(found) <= PAGE and not wanted.names_time:
        behind = after if after and not after.starts_at else None
        rows = without_slots(viewer, wanted, now, behind)[: PAGE + 1 - len(found)]
        found += [Card(row, met=row.met) for row in rows]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Listed(found[:PAGE], Key.of(last) if last else None)


# Whether a booking is the meeting that the two have had, if they can have one: the rules of `BookingQuerySet.met`.
HAVE_MET = """(NOT specialist.allows_another AND (
    booking.status = 'completed' OR (booking.status = 'booked' AND booking.ends_at <= %(now)s)
))"""

ALREADY_MET = f"""EXISTS (
    SELECT FROM consultations_booking AS booking
    WHERE client_id = %(viewer)s AND specialist_id = free.specialist_id AND {HAVE_MET}
)"""  # of texts of our own


# Index scan over open slots with early stop, from the shortest notice on; it looks back only at slots of the same
# specialist. In SQL, because Django took longer to compile it than PostgreSQL takes to run it
# (docs/decisions/0002-free-times-in-sql.md); it repeats the rules of `is_reachable` and `AreApart`; whoever has
# an open slot within SOON has times, and so is listed. The function multirange_contains_elem, because the planner
# underestimates `<@`.
SOONEST = f"""
SELECT specialist.user_id, specialist.slug, specialist.name, specialist.profession, specialist.years, specialist.about,
       specialist.languages, specialist.themes, specialist.formats, specialist.changed_at, specialist.timezone,
       specialist.fee_least, specialist.fee_most, specialist.fee_currency,
       ARRAY(
           SELECT daterange(first, last, '[]') FROM consultations_absence WHERE specialist_id = specialist.user_id
       ) AS absent,
       {ALREADY_MET} AS met,
       free.id AS slot_id, free.starts_at
FROM consultations_slot AS free
JOIN consultations_specialist AS specialist ON specialist.user_id = free.specialist_id
JOIN accounts_user AS account ON account.id = free.specialist_id
WHERE free.is_open
  AND free.starts_at >= %(now)s + interval '1 hour' * (
      SELECT notice_hours FROM consultations_specialist WHERE status = 'verified' ORDER BY notice_hours LIMIT 1
  )
  AND free.starts_at >= %(now)s + interval '1 hour' * specialist.notice_hours
  AND free.starts_at < %(until)s
  AND (%(any_time)s OR multirange_contains_elem(%(windows)s::tstzmultirange, free.starts_at))
  AND (free.starts_at, free.specialist_id) > (%(behind)s, %(behind_specialist)s)
  AND specialist.status = 'verified' AND specialist.offers_free AND NOT specialist.paused
  AND account.is_active AND account.closes_at IS NULL
  AND specialist.languages @> %(languages)s::varchar[]
  AND specialist.themes @> %(themes)s::varchar[]
  AND (%(any_theme)s::varchar[] = '{{}}' OR specialist.themes && %(any_theme)s::varchar[])
  AND specialist.formats @> %(formats)s::varchar[]
  AND free.specialist_id <> %(viewer)s
  AND NOT EXISTS (
      SELECT FROM consultations_block
      WHERE (owner_id = %(viewer)s AND other_id = free.specialist_id)
         OR (owner_id = free.specialist_id AND other_id = %(viewer)s)
  )
  AND (NOT %(names_time)s OR NOT {ALREADY_MET})
  AND NOT EXISTS (
      SELECT FROM consultations_slot
      WHERE specialist_id = free.specialist_id AND is_open AND starts_at < free.starts_at
        AND starts_at >= %(now)s + interval '1 hour' * specialist.notice_hours
        AND (%(any_time)s OR multirange_contains_elem(%(windows)s::tstzmultirange, starts_at))
  )
ORDER BY free.starts_at, free.specialist_id
LIMIT %(most)s
"""  # noqa: S608  # of texts of our own


def soonest(
    viewer: User, wanted: Wanted, now: datetime, after: Key | None = None, *, most: int
) -> "RawQuerySet[WithAnnotations[Specialist, NextSlot]]":
    """Specialists with a free slot within SOON, ordered by it, with what a card shows."""
    windows = wanted.windows(now)
    asked = {
        "viewer": viewer.pk,
        "now": now,
        "until": now + (THIS_WEEK if wanted.within else SOON),
        "any_time": wanted.any_time,
        "names_time": wanted.names_time,
        "windows": Multirange(Range(start, end) for start, end in windows),
        "behind": after.starts_at if after else windows[0][0] if windows else now,
        "behind_specialist": after.specialist if after else NOBODY,
        "most": most,
        "any_theme": list(wanted.any_theme),
        **wanted.offers,
    }
    return cast("RawQuerySet[WithAnnotations[Specialist, NextSlot]]", Specialist.objects.raw(SOONEST, asked))


def without_slots(
    viewer: User, wanted: Wanted, now: datetime, after: Key | None = None
) -> "QuerySet[WithAnnotations[Specialist, InList]]":
    """Listed specialists without a free slot within SOON."""
    free = Slot.objects.bookable(now).filter(~Q(AreApart(viewer.pk, F("specialist"))), starts_at__lt=now + SOON)
    theirs = free.filter(specialist=OuterRef("pk"))
    offered = Q(**{f"{field}__contains": keys for field, keys in wanted.offers.items()})
    if wanted.any_theme:
        offered &= Q(themes__overlap=wanted.any_theme)
    rows = Specialist.objects.listed(now).filter(~Exists(theirs), offered).exclude(pk=viewer.pk).order_by("pk")
    met = Booking.objects.of_client(viewer).met(now).filter(specialist=OuterRef("pk"))
    return with_absences(rows.filter(pk__gt=after.specialist) if after else rows).annotate(met=Exists(met))


def spoken_languages() -> frozenset[str]:
    """The languages that listed specialists speak, at most SPOKEN_FOR old, so that few requests ask for them."""
    return cast("frozenset[str]", caches["fragments"].get_or_set("spoken", _spoken, SPOKEN_FOR.seconds))


def _spoken() -> frozenset[str]:
    each = Func("languages", function="unnest")
    return frozenset(Specialist.objects.listed().values_list(each, flat=True).distinct())


def for_visitors(day: date) -> list[Specialist]:
    """The specialists of the landing page, at most ON_LANDING_FOR old, so that few requests ask for them.

    None while the database does not answer: the landing page can do without.
    """
    try:
        found = caches["fragments"].get_or_set(f"visitors-{day}", partial(on_landing, day), ON_LANDING_FOR.seconds)
    except OperationalError:
        logger.exception("The landing page is shown without specialists.")
        return []
    return cast("list[Specialist]", found)


def on_landing(day: date) -> list[Specialist]:
    """ON_LANDING of those who show themselves to visitors, with what visitors see of them, in one query.

    Each day it goes on where it stopped the day before, and at the end begins again, so that everybody gets a turn.
    """
    rows = Specialist.objects.visible_to(AnonymousUser()).annotate(
        all=Window(Count("*")), place=Window(RowNumber(), order_by="pk") - 1
    )
    first = Mod(Value(day.toordinal() * ON_LANDING), F("all"))
    rows = rows.annotate(turn=Mod(F("place") + F("all") - first, F("all"))).filter(turn__lt=ON_LANDING)
    seen = ("name", "profession", "years", "languages", "themes", "photo__sha256")
    return list(rows.select_related("photo").only(*seen).order_by("turn"))


# What other apps tell on a profile's page, such as how soon its owner answers: columns of PROFILE.
profile_columns: list[str] = []

# In SQL as SOONEST is; the meeting that the viewer has with this specialist, or, if that is all they can have, has had.
PROFILE = f"""
SELECT specialist.*, {{columns}}
       ARRAY(
           SELECT daterange(first, last, '[]') FROM consultations_absence WHERE specialist_id = specialist.user_id
       ) AS absent,
       EXISTS (
           SELECT FROM consultations_block WHERE owner_id = %(viewer)s AND other_id = specialist.user_id
       ) AS is_blocked,
       latest.id AS booking_id, latest.starts_at AS booking_starts_at
FROM consultations_specialist AS specialist
JOIN accounts_user AS account ON account.id = specialist.user_id
LEFT JOIN LATERAL (
    SELECT id, starts_at
    FROM consultations_booking AS booking
    WHERE client_id = %(viewer)s AND specialist_id = specialist.user_id
      AND ((booking.status = 'booked' AND booking.starts_at > %(now)s) OR {HAVE_MET})
    ORDER BY starts_at DESC
    LIMIT 1
) AS latest ON true
WHERE specialist.slug = %(slug)s
  AND specialist.status = 'verified' AND specialist.offers_free AND NOT specialist.paused
  AND account.is_active AND account.closes_at IS NULL
"""  # noqa: S608  # of texts of our own


class OnProfile(WithAbsences):
    """Annotations of `profile`. `is_blocked`: by the viewer."""

    is_blocked: bool
    booking_id: UUID | None
    booking_starts_at: datetime | None


def profile(viewer: User, slug: str, now: datetime) -> "WithAnnotations[Specialist, OnProfile] | None":
    """A reachable specialist with what stands on their page, also `profile_columns`."""
    sql = PROFILE.format(columns="".join(f"{column}, " for column in profile_columns))
    rows = Specialist.objects.raw(sql, {"viewer": viewer.pk, "slug": slug, "now": now})
    return cast("WithAnnotations[Specialist, OnProfile] | None", next(iter(rows), None))


FREE_SLOTS = """
SELECT id, starts_at
FROM consultations_slot
WHERE specialist_id = %(specialist)s AND is_open AND starts_at >= %(first)s AND starts_at < %(until)s
  AND (%(slot)s::bigint IS NULL OR id = %(slot)s)
  AND NOT EXISTS (
      SELECT FROM consultations_block
      WHERE (owner_id = %(viewer)s AND other_id = %(specialist)s)
         OR (owner_id = %(specialist)s AND other_id = %(viewer)s)
  )
ORDER BY starts_at
LIMIT %(most)s
"""


def free_slots(
    viewer: User, specialist: Specialist, now: datetime, *, slot_id: int | None = None, most: int | None = None
) -> list[FreeSlot]:
    """The free slots of one specialist, in UTC, the soonest first; `slot_id` restricts them to one."""
    asked = {
        "viewer": viewer.pk,
        "specialist": specialist.pk,
        "first": now + specialist.notice,
        "until": now + HORIZON,
        "slot": slot_id,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREE_SLOTS, asked)
        return [FreeSlot(*row) for row in cursor.fetchall()]
