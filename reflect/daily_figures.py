"""How much happens on the site, counted once a day: a row is a number of one kind on one day, and nothing of a person.

The finest that anybody is shown is a week: on a small site, one entry on a day would tell who wrote it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth, TruncWeek

from accounts.models import User
from assessments.models import Response
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import Status
from exchange.models import Answer
from journal.models import Entry
from reflect.models import DailyFigure

Kind = DailyFigure.Kind

RECOUNTED = timedelta(days=8)  # a meeting may be reported as missed a week later
FREE_WITHIN = timedelta(days=14)
PERIODS = 12  # weeks or months that are shown
DAY = timedelta(days=1)

type Counts = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Period:
    """A week or a month by its first day, with the figures that are known of it. `days_to_answer` is a mean."""

    first: date
    figures: Mapping[str, int]
    days_to_answer: float | None

    def get(self, kind: str) -> int | None:
        return self.figures.get(kind)


def count(*, now: datetime) -> None:
    """Count the last RECOUNTED days anew, and the times that are free now. Idempotent within a day."""
    today = now.astimezone(UTC).date()
    since, until = beginning(today - RECOUNTED), beginning(today)
    days = [since.date() + DAY * number for number in range(RECOUNTED.days)]
    rows = [
        DailyFigure(day=day, kind=kind, value=counts.get(day, 0))
        for kind, counts in ((kind, counting(since, until)) for kind, counting in COUNTED.items())
        for day in days
    ]
    rows.append(DailyFigure(day=today, kind=Kind.FREE_TIMES, value=free_times(now)))
    with transaction.atomic():
        DailyFigure.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day", "kind"], update_fields=["value"]
        )


def beginning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def by_day(rows: QuerySet[Any], moment: str) -> Callable[[datetime, datetime], Counts]:
    """Count the rows by the day, in UTC, of one of their moments."""

    def counting(since: datetime, until: datetime) -> Counts:
        within = rows.filter(**{f"{moment}__gte": since, f"{moment}__lt": until}).order_by()
        days = within.values(of=TruncDate(moment, tzinfo=UTC)).annotate(number=Count("pk"))
        return dict(days.values_list("of", "number"))

    return counting


def writers(since: datetime, until: datetime) -> Counts:
    """How many accounts began an entry, from the first of a month until its last day within, under that day."""
    begun = (until - DAY).replace(day=1)
    ends = [until, *([begun] if begun > since else [])]
    return {(end - DAY).date(): writers_before(end) for end in ends}


def writers_before(end: datetime) -> int:
    rows = Entry.objects.filter(created_at__gte=(end - DAY).replace(day=1), created_at__lt=end)
    return rows.order_by().values("owner").distinct().count()


def first_answers(since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """The first answers that questions got, by day: their number, and how long the questions had waited altogether."""
    before = Q(on__lt=OuterRef("on")) | Q(on=OuterRef("on"), pk__lt=OuterRef("pk"))
    earlier = Answer.objects.filter(before, question=OuterRef("question"))
    firsts = Answer.objects.filter(~Exists(earlier), on__gte=since, on__lt=until).order_by().values("on")
    waited = Sum(F("on") - F("question__published_on"))
    return firsts.annotate(number=Count("pk"), waited=waited)


def answered(since: datetime, until: datetime) -> Counts:
    return dict(first_answers(since, until).values_list("on", "number"))


def days_to_answer(since: datetime, until: datetime) -> Counts:
    return {day: waited.days for day, waited in first_answers(since, until).values_list("on", "waited")}


def free_times(now: datetime) -> int:
    """How many times within FREE_WITHIN can be booked."""
    reachable = Specialist.objects.reachable()
    return Slot.objects.filter(
        is_open=True, specialist__in=reachable, starts_at__range=(now, now + FREE_WITHIN)
    ).count()


HELD = Booking.objects.filter(status__in=[Status.BOOKED, Status.COMPLETED])
MISSED = Booking.objects.filter(status__in=[Status.CLIENT_NO_SHOW, Status.SPECIALIST_NO_SHOW])
COUNTED: Mapping[str, Callable[[datetime, datetime], Counts]] = {
    Kind.SIGN_UPS: by_day(User.objects.all(), "created_at"),
    Kind.COMPLETED: by_day(Response.objects.all(), "submitted_at"),
    Kind.ENTRIES: by_day(Entry.objects.all(), "created_at"),
    Kind.WRITERS: writers,
    Kind.BOOKED: by_day(Booking.objects.all(), "made_at"),
    Kind.HELD: by_day(HELD, "starts_at"),
    Kind.MISSED: by_day(MISSED, "starts_at"),
    Kind.ANSWERED: answered,
    Kind.DAYS_TO_ANSWER: days_to_answer,
}


def periods(by: str, today: date) -> list[Period]:
    """The last PERIODS weeks or months ("week", "month"), the oldest first; the last one is not over. One query.

    Free times are the mean of the days.
    """
    truncated = {"week": TruncWeek, "month": TruncMonth}[by]
    firsts = list(first_days(by, today))
    rows = DailyFigure.objects.filter(day__gte=firsts[0]).order_by().values("kind", first=truncated("day"))
    figures: dict[date, dict[str, int]] = {}
    for row in rows.annotate(sum=Sum("value"), mean=Avg("value")):
        value = round(row["mean"]) if row["kind"] == Kind.FREE_TIMES else row["sum"]
        figures.setdefault(row["first"], {})[row["kind"]] = value
    return [period(first, figures.get(first, {})) for first in firsts]


def period(first: date, figures: Mapping[str, int]) -> Period:
    count = figures.get(Kind.ANSWERED)
    return Period(first, figures, figures.get(Kind.DAYS_TO_ANSWER, 0) / count if count else None)


def first_days(by: str, today: date) -> Iterator[date]:
    """The first days of the last PERIODS weeks or months, the oldest first."""
    for back in range(PERIODS - 1, -1, -1):
        if by == "week":
            yield today - timedelta(days=today.weekday()) - timedelta(weeks=back)
        else:
            yield months_back(today, back)


def months_back(today: date, months: int) -> date:
    """The first day of the month so many months ago."""
    month = today.year * 12 + today.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


SHOWN: Sequence[str] = [kind for kind in Kind if kind not in {Kind.DAYS_TO_ANSWER, Kind.WRITERS}]
