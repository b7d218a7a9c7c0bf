"""A specialist's weekly hours, and dates that differ. All are wall-clock times in the specialist's zone."""

from datetime import date
from typing import override

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from consultations.models.profiles import Specialist
from consultations.slots import Minutes, Override, Weekly
from consultations.times import MIDNIGHT

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


class WeeklyHoursQuerySet(models.QuerySet["WeeklyHours"]):
    def rules(self) -> list[Weekly]:
        """As `slots.expand` takes them."""
        return [Weekly(row.weekday, row.starts, row.ends, row.valid_from, row.valid_to) for row in self]


class WeeklyHours(models.Model):
    """A range of hours on one weekday. `starts` and `ends` are minutes after midnight; 1440 is the end of the day.

    In force from `valid_from` to `valid_to`, both included; without `valid_to`, for good.
    """

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="hours", db_index=False)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    starts = models.PositiveSmallIntegerField(_("from"))
    ends = models.PositiveSmallIntegerField(_("to"))
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

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
            ExclusionConstraint(
                name="hours_do_not_overlap",
                expressions=[
                    ("specialist", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (Range("starts", "ends"), RangeOperators.OVERLAPS),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
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
