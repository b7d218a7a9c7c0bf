"""A specialist's weekly hours, dates that differ, and absences. All are in the specialist's zone."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Self, TypedDict, override

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import unseal
from consultations.availability import away_until
from consultations.models.profiles import Specialist
from consultations.slots import DAY, Minutes, Override, Weekly
from consultations.times import MIDNIGHT
from lib.zones import zone

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations
    from psycopg.types.range import Range as DateRange

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class Range(Func):
    """`int4range(a, b)`, the end excluded."""

    function = "int4range"
    output_field = IntegerRangeField()


class Days(Func):
    """`daterange(a, b, '[]')`: both ends included; NULL means unbounded."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = DateRangeField()


class Weeks(Func):
    """Which weeks of a fortnight: those of the anchor (a Monday) and every second one from it, or without one both."""

    parity = "mod((%(expressions)s - DATE '2001-01-01') / 7, 2)"
    template = f"(CASE WHEN %(expressions)s IS NULL THEN int4range(0, 2) ELSE int4range({parity}, {parity}, '[]') END)"
    output_field = IntegerRangeField()


class WeeklyHoursQuerySet(models.QuerySet["WeeklyHours"]):
    def rules(self) -> list[Weekly]:
        """As `slots.expand` takes them."""
        return [Weekly(row.weekday, row.starts, row.ends, row.valid_from, row.valid_to, row.anchor) for row in self]


class WeeklyHours(models.Model):
    """A range of hours on one weekday. `starts` and `ends` are minutes after midnight; 1440 is the end of the day.

    In force from `valid_from` to `valid_to`, both included; without `valid_to`, for good. With `anchor`, a Monday, only
    in that week and in every other week from it.
    """

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="hours", db_index=False)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    starts = models.PositiveSmallIntegerField(_("from"))
    ends = models.PositiveSmallIntegerField(_("to"))
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    anchor = models.DateField(_("every other week from"), null=True, blank=True)

    objects = WeeklyHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        indexes = [models.Index(fields=["specialist", "weekday", "starts"], name="hours_of_specialist")]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday_is_known"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends"), ends__lte=MIDNIGHT), name="hours_run_forwards"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="hours_valid_forwards"
            ),
            models.CheckConstraint(
                condition=Q(anchor=None) | Q(anchor__iso_week_day=1, anchor__gte=date(2001, 1, 1)),
                name="hours_anchor_is_a_monday",
            ),
            ExclusionConstraint(
                name="hours_do_not_overlap",
                expressions=[
                    ("specialist", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (Range("starts", "ends"), RangeOperators.OVERLAPS),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                    (Weeks("anchor"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}–{self.ends}"


class DateOverrideQuerySet(models.QuerySet["DateOverride"]):
    def rules(self) -> list[Override]:
        """As `slots.expand` takes them, by date."""
        dates: dict[date, list[Minutes]] = {}
        for row in self.order_by("date", "starts"):
            ranges = dates.setdefault(row.date, [])
            if row.starts is not None and row.ends is not None:
                ranges.append((row.starts, row.ends))
        return [Override(day, tuple(ranges)) for day, ranges in dates.items()]


class DateOverride(models.Model):
    """A date that differs from the week: one row per range of hours, or one row without hours if it is closed."""

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="overrides", db_index=False)
    date = models.DateField(_("date"))
    starts = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    ends = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)

    objects = DateOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("date with other hours")
        verbose_name_plural = _("dates with other hours")
        indexes = [models.Index(fields=["specialist", "date", "starts"], name="override_of_specialist")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True)
                | Q(starts__isnull=False, ends__isnull=False, starts__lt=F("ends"), ends__lte=MIDNIGHT),
                name="override_runs_forwards",
            ),
            ExclusionConstraint(
                name="overrides_do_not_overlap",
                expressions=[
                    ("specialist", RangeOperators.EQUAL),
                    ("date", RangeOperators.EQUAL),
                    (
                        Range(Coalesce("starts", Value(0)), Coalesce("ends", Value(MIDNIGHT))),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.date} {self.starts}–{self.ends}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def of(self, user: User | AnonymousUser) -> Self:
        return self.filter(specialist=user.pk) if user.pk else self.none()

    def not_over(self, today: date) -> Self:
        """Those that hold on this day or later."""
        return self.filter(last__gte=today)


class Absence(models.Model):
    """Days on which a specialist meets nobody, both included. Members see until when, and nobody but its owner why.

    `sealed` (with the specialist's key) holds `{"name"}`.
    """

    LABEL = "consultations.absence"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="absences", db_index=False)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    sealed = models.BinaryField(_("name"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [models.Index(fields=["specialist", "last"], name="absence_of_specialist")]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_runs_forwards")]

    @override
    def __str__(self) -> str:
        return f"{self.first} – {self.last}"

    def name(self, owner: User) -> str:
        """What the specialist calls it. Raises `accounts.sealing.CannotOpen`."""
        name: str = unseal(owner, self.LABEL, self.pk, bytes(self.sealed))["name"]
        return name


class AbsentDays(Func):
    """The days of a specialist's absences. In SQL, because Django took long to compile it for each profile."""

    template = """ARRAY(
        SELECT daterange(first, last, '[]') FROM consultations_absence WHERE specialist_id = %(expressions)s
    )"""
    output_field = ArrayField(DateRangeField())


class WithAbsences(TypedDict):
    """The annotation of `with_absences`."""

    absent: "list[DateRange[date]]"


def with_absences(rows: QuerySet[Specialist]) -> "QuerySet[WithAnnotations[Specialist, WithAbsences]]":
    """The same specialists with the days of their absences, for `back_on`. Adds no query."""
    return rows.annotate(absent=AbsentDays("pk"))


def back_on(specialist: "WithAnnotations[Specialist, WithAbsences]", now: datetime) -> date | None:
    """The first day after the absence that holds now; None without one."""
    if not specialist.absent:
        return None
    days = [(one.lower, one.upper - DAY) for one in specialist.absent if one.lower and one.upper]
    return away_until(days, now.astimezone(zone(specialist.timezone)).date())
