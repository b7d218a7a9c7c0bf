"""A person's results over time: the list, the course of the balance, and the change between any two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from accounts.models import User
from accounts.sealing import CannotOpen
from assessments.beam import TrendPoint, on_balance_line, trend
from assessments.change import compare
from assessments.instrument import Instrument
from assessments.models import Form, Result
from assessments.scoring import Answers, Difference, Document, differences, index
from assessments.words import Sides, change_words, range_signed, sides, signed, whole

TREND_FROM = 3  # two points are a comparison
PAGE = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A result with its figures; `score` is none where the row cannot be opened."""

    result: Result
    score: Document | None

    @property
    def heading(self) -> str:
        return self.result.instrument.positions[self.score["shown"]].heading if self.score else ""

    @property
    def shown(self) -> Sides | None:
        return sides(self.score["balance"]) if self.score and self.score["balance"] else None

    @property
    def range(self) -> str:
        return range_signed(self.score["interval80"]) if self.score and self.score["balance"] else ""


def open_all(owner: User, results: Iterable[Result]) -> list[Opened]:
    """Every result with its figures; one that cannot be opened does not hide the others."""

    def figures(result: Result) -> Document | None:
        try:
            return result.score(owner)
        except CannotOpen:
            return None

    return [Opened(result, figures(result)) for result in results]


@dataclass(frozen=True, slots=True)
class History:
    """One page of results, newest first; `older` is the last one's id if there are more behind it."""

    opened: Sequence[Opened]
    older: UUID | None
    trends: Sequence["Trend"]


def history(owner: User, *, after: Result | None = None) -> History:
    """The page of results after the given one, or the first page. One query, and at most one more for the key."""
    rows = list(Result.objects.visible_to(owner).newest_first(after=after)[: PAGE + 1])
    opened = open_all(owner, rows[:PAGE])
    return History(opened, rows[PAGE - 1].pk if len(rows) > PAGE else None, trends(opened))


def comparability_group(result: Result) -> str:
    """Only results in the same group may be compared."""
    return result.instrument.forms[result.form].comparability_group


@dataclass(frozen=True, slots=True)
class Trend:
    """The balance of one form over time, oldest first."""

    form: str
    points: Sequence[TrendPoint]
    opened: Sequence[Opened]


def trends(opened: Iterable[Opened]) -> list[Trend]:
    """The course of the balance for each group with three results and more."""
    with_balance = [one for one in opened if one.shown]
    by_group = sorted(with_balance, key=lambda one: (comparability_group(one.result), one.result.created_at))
    groups = [list(rows) for _group, rows in groupby(by_group, key=lambda one: comparability_group(one.result))]
    return [_trend(rows) for rows in groups if len(rows) >= TREND_FROM]


def _trend(rows: Sequence[Opened]) -> Trend:
    scores = [one.score or {} for one in rows]
    points = trend(
        [one.result.created_at.timestamp() for one in rows],
        [score["balance"]["B"] for score in scores],
        [score["interval80"] for score in scores],
    )
    return Trend(str(Form(rows[0].result.form).label), points, rows)


class AreaChange(NamedTuple):
    """One area that was answered both times."""

    label: str
    before: str
    after: str


class CannotCompare(Exception):
    """Two results that cannot be set side by side, by `reason`: another "form" or "version", or too few "areas"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Change:
    """From one result to a later one, on the areas answered both times."""

    word: str
    note: str
    step: int
    before: Sides
    after: Sides
    ring: str
    dot: str
    areas: tuple[AreaChange, ...]

    @property
    def given(self) -> str:
        return signed(self.after.given - self.before.given)

    @property
    def received(self) -> str:
        return signed(self.after.received - self.before.received)

    @property
    def balance(self) -> str:
        return signed(self.after.balance - self.before.balance)


def change_between(owner: User, first: Result, second: Result) -> Change:
    """The change from `first` to `second`; both need `response` loaded. Raises `CannotCompare`, `CannotOpen`."""
    if comparability_group(first) != comparability_group(second):
        raise CannotCompare("version" if first.form == second.form else "form")
    return change(second.instrument, first.response.answers(owner), second.response.answers(owner))


def change(instrument: Instrument, first: Answers, second: Answers) -> Change:
    """The change between answers of one comparability group, in words. Raises `CannotCompare`."""
    found = compare(instrument, first, second)
    if not found["comparable"]:
        raise CannotCompare(found["reason"])
    before = {pair.area: pair for pair in differences(instrument, first)}
    after = {pair.area: pair for pair in differences(instrument, second)}
    shared = [area.key for area in instrument.areas if area.key in before and area.key in after]
    return Change(
        word=change_words(found["word"]),
        note=instrument.text["change"]["note"],
        step=whole(100 / instrument.constants.R),
        before=_sides(instrument, [before[key] for key in shared]),
        after=_sides(instrument, [after[key] for key in shared]),
        ring=on_balance_line(found["B_first"]),
        dot=on_balance_line(found["B_second"]),
        areas=tuple(
            AreaChange(
                instrument.area[key].label,
                _difference(instrument, before[key]),
                _difference(instrument, after[key]),
            )
            for key in shared
        ),
    )


def _sides(instrument: Instrument, pairs: Sequence[Difference]) -> Sides:
    return sides(index(pairs, instrument.constants.R)[1]._asdict())


def _difference(instrument: Instrument, pair: Difference) -> str:
    return signed(whole(100 * (pair.give - pair.receive) / instrument.constants.R))
