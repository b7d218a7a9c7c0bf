"""What a specialist has at hand for messages: saved texts, time away, and how soon they usually answer."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self, TypedDict, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal, unseal
from consultations.models import Specialist
from consultations.models.bookings import TimeRange
from lib.zones import zone

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Words:
    """The sealed document of a saved text."""

    title: str
    text: str


class SavedTextQuerySet(models.QuerySet["SavedText"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class SavedText(models.Model):
    """A text that a specialist often needs. Its id is in the form, so that a second submit makes no second one."""

    LABEL = "exchange.saved_text"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField(_("words"))

    objects = SavedTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved text")
        verbose_name_plural = _("saved texts")

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def words(self, owner: User) -> Words:
        """Raises CannotOpen."""
        return Words(**unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))

    def seal(self, owner: User, words: Words) -> None:
        """Put the words into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, asdict(words))


class AwayQuerySet(models.QuerySet["Away"]):
    def holding(self, now: datetime) -> Self:
        return self.filter(starts_at__lte=now, ends_at__gt=now)

    def not_over(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now)


class Away(models.Model):
    """A time in which a specialist does not answer, and what members read meanwhile.

    It is kept after its end: the reply time leaves it out.
    """

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="away", db_index=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), db_index=True)
    note = models.TextField(_("note"), max_length=LONGEST_NOTE, blank=True)

    objects = AwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("time away")
        verbose_name_plural = _("times away")
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="away_runs_forwards"),
            ExclusionConstraint(
                name="away_does_not_overlap",
                expressions=[
                    ("specialist", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.starts_at} – {self.ends_at}"

    @property
    def first(self) -> date:
        """The first day, in the specialist's time zone."""
        return timezone.localtime(self.starts_at, zone(self.specialist.timezone)).date()

    @property
    def last(self) -> date:
        return last_day(self.ends_at, self.specialist)


def last_day(ends_at: datetime, specialist: Specialist) -> date:
    """The last day of a time away, in the specialist's time zone."""
    return timezone.localtime(ends_at - timedelta.resolution, zone(specialist.timezone)).date()


class ReplyTime(models.Model):
    """How soon a specialist usually answers; without a row, there is too little to tell. Counted anew each night."""

    specialist = models.OneToOneField(Specialist, on_delete=models.CASCADE, primary_key=True, related_name="reply_time")
    median = models.DurationField(_("median"))

    class Meta:
        verbose_name = _("reply time")
        verbose_name_plural = _("reply times")

    @override
    def __str__(self) -> str:
        return str(self.median)


class Hints(TypedDict):
    """Annotations of `with_hints`; the time away is that which holds now."""

    reply_median: timedelta | None
    away_until: datetime | None
    away_note: str | None


# The first two for `consultations.listing.PROFILE`.
HINTS = (
    "(SELECT median FROM exchange_replytime WHERE specialist_id = specialist.user_id) AS reply_median",
    """(
        SELECT ends_at FROM exchange_away
        WHERE specialist_id = specialist.user_id AND starts_at <= %(now)s AND ends_at > %(now)s
    ) AS away_until""",
)


def with_hints(rows: QuerySet[Specialist], now: datetime) -> "QuerySet[WithAnnotations[Specialist, Hints]]":
    """The same specialists with what people read before they write. Adds no query."""
    away = Away.objects.holding(now).filter(specialist=OuterRef("pk"))
    return rows.annotate(
        reply_median=F("reply_time__median"),
        away_until=Subquery(away.values("ends_at")[:1]),
        away_note=Subquery(away.values("note")[:1]),
    )
