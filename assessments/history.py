"""A person's results over time: the list, where a new line begins in it, and the course of the balance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, zip_longest
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sealing import CannotOpen
from assessments.beam import Span, TrendPoint, height_of, trend
from assessments.comparing import line_of
from assessments.models import Result
from assessments.readings import heading, sure
from assessments.scoring import Document
from assessments.words import Sides, range_signed, sides
from lib.drawing import number

SHORT, LONG = "j M Y", "j F Y"  # formats of a day
TREND_FROM = 3  # two points are a comparison
PAGE = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A result with its figures; `score` is none where the row cannot be opened.

    `shares_day`: another one beside it is of the same day, so that its time is told as well.
    """

    result: Result
    score: Document | None
    shares_day: bool = False

    @property
    def day(self) -> str:
        return date_format(timezone.localtime(self.result.created_at), self.format)

    @property
    def format(self) -> str:
        """Of its date, short."""
        return with_time(SHORT) if self.shares_day else SHORT

    @property
    def long_format(self) -> str:
        return with_time(LONG) if self.shares_day else LONG

    @property
    def heading(self) -> str:
        return heading(self.result.instrument, self.score) if self.score else ""

    @property
    def sure(self) -> str:
        return sure(self.result.instrument, self.score) if self.score else ""

    @property
    def shown(self) -> Sides | None:
        return sides(self.score["balance"]) if self.score and self.score["balance"] else None

    @property
    def range(self) -> str:
        return range_signed(self.score["interval80"]) if self.score and self.score["balance"] else ""

    @property
    def line(self) -> str:
        return line_of(self.score) if self.score else ""


def open_all(owner: User, results: Iterable[Result]) -> list[Opened]:
    """Every result with its figures; one that cannot be opened does not hide the others."""

    def figures(result: Result) -> Document | None:
        try:
            return result.score(owner)
        except CannotOpen:
            return None

    results = list(results)
    days = Counter(timezone.localdate(result.created_at) for result in results)
    return [Opened(one, figures(one), days[timezone.localdate(one.created_at)] > 1) for one in results]


def with_time(day: str) -> str:
    """The format of a day, with the time."""
    return f"{day}, H:i"


def formats(*moments: datetime) -> dict[str, str]:
    """How the days of results beside each other are written, for a template: `day` and `short_day`."""
    days = {timezone.localdate(moment) for moment in moments}
    share = len(days) < len(set(moments))
    return {"day": with_time(LONG) if share else LONG, "short_day": with_time(SHORT) if share else SHORT}


@dataclass(frozen=True, slots=True)
class Listed:
    """One result of the list; `begins`: what separates it from the older one below, "relationship" or "version"."""

    opened: Opened
    begins: str

    @property
    def result(self) -> Result:
        return self.opened.result


@dataclass(frozen=True, slots=True)
class History:
    """One page of results, newest first; `older` is the last one's id if there are more behind it."""

    listed: Sequence[Listed]
    older: UUID | None
    trends: Sequence["Trend"]


def history(owner: User, *, after: Result | None = None) -> History:
    """The page of results after the given one, or the first page. One query, and at most one more for the key."""
    rows = list(Result.objects.visible_to(owner).newest_first(after=after)[: PAGE + 1])
    opened = open_all(owner, rows)
    listed = [Listed(one, begins(one, older)) for one, older in zip_longest(opened, opened[1:])][:PAGE]
    return History(listed, rows[PAGE - 1].pk if len(rows) > PAGE else None, trends(opened[:PAGE]))


def begins(newer: Opened, older: Opened | None) -> str:
    """Why nothing of a result is compared with the older one, if so. What cannot be opened does not tell."""
    if older is None or newer.score is None or older.score is None:
        return ""
    if newer.line != older.line:
        return "relationship"
    return "" if newer.result.version_id == older.result.version_id else "version"


class Tick(NamedTuple):
    """A number of the axis, and how far from the top it stands."""

    y: str
    number: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The balance of one line of results over time, oldest first, on one version of the questions and in both forms."""

    points: Sequence[TrendPoint]
    opened: Sequence[Opened]
    level: Span
    left_out: Sequence[str] = ()

    @property
    def last(self) -> Opened:
        return self.opened[-1]

    @property
    def ticks(self) -> list[Tick]:
        return [Tick(number(height_of(balance)), abs(balance)) for balance in range(100, -101, -50)]


def trends(opened: Iterable[Opened]) -> list[Trend]:
    """The course of the balance for each line and version with three results and more, the latest first.

    Each says which of these results are not in it, and why.
    """
    opened = list(opened)

    def kind(one: Opened) -> Any:
        return one.line, one.result.version_id

    with_balance = sorted((one for one in opened if one.shown), key=lambda one: (kind(one), one.result.created_at))
    groups = [list(rows) for _kind, rows in groupby(with_balance, key=kind)]
    long = [rows for rows in groups if len(rows) >= TREND_FROM]
    return [_trend(rows, opened) for rows in sorted(long, key=lambda rows: rows[-1].result.created_at, reverse=True)]


def _trend(rows: Sequence[Opened], opened: Sequence[Opened]) -> Trend:
    scores = [one.score or {} for one in rows]
    points = trend(
        [one.result.created_at.timestamp() for one in rows],
        [score["balance"]["B"] for score in scores],
        [score["interval80"] for score in scores],
    )
    about_level = rows[-1].result.instrument.constants.balance_band
    top = height_of(about_level)
    level = Span(number(top), number(height_of(-about_level) - top))
    return Trend(points, rows, level, _left_out(rows, opened))


def _left_out(rows: Sequence[Opened], opened: Sequence[Opened]) -> list[str]:
    """What is not in a course, oldest first, in a sentence for each reason."""
    sentences = {
        "closed": _("The chart does not show what can’t be opened: %(dates)s."),
        "relationship": _("The chart does not show results about another relationship: %(dates)s."),
        "version": _("The chart does not show answers to another version of the questions: %(dates)s."),
        "balance": _("The chart does not show results with too few answers for a balance: %(dates)s."),
    }
    found: dict[str, list[str]] = {}
    for one in reversed(opened):
        if one not in rows:
            found.setdefault(_why_left_out(one, rows[-1]), []).append(one.day)
    return [words % {"dates": "; ".join(found[why])} for why, words in sentences.items() if why in found]


def _why_left_out(one: Opened, other: Opened) -> str:
    if one.score is None:
        return "closed"
    return begins(one, other) or "balance"
