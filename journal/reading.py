"""Reading what was written: the list by month, the calendar, finding pages, and what was written to a question before.

Theme, prompt, tags and words are sealed: what filters by them opens the person's own pages, one after the other, and
stops as soon as there is enough to show.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice, zip_longest
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, Subquery, Value
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sealing import unseal_many
from journal.content import LONGEST_TITLE, Content
from journal.models import Entry, EntryQuerySet
from journal.months import Day, Month
from journal.search import Hit, Piece, find, fold

PAGE = 10
AT_HAND = 6  # pinned pages that stand above the others
FOUND = 50
ON_THEME = 3  # pages beside a chapter
RECENT = 200  # pages that are opened, at most, to find them
FIRST_LINES = 160  # characters
MOST_WORDS = (LONGEST_TITLE + FIRST_LINES) // 2 + 1  # more than a title and the first lines can hold


class Row(NamedTuple):
    """What is in clear of a page."""

    pk: UUID
    date: datetime
    pinned: bool
    at_hand: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A page with what is written on it, none where it cannot be opened, and the line where it was found."""

    row: Row
    content: Content | None
    hit: Sequence[Piece] = ()

    @property
    def day(self) -> date:
        """The page's own, in the zone that is active."""
        return timezone.localdate(self.row.date)

    @property
    def heading(self) -> str:
        """The question it answers, or its own first line."""
        if self.content is None:
            return ""
        return self.content.question if self.content.steps else self.content.title

    @property
    def lines(self) -> str:
        """What is written first, after the heading, in one paragraph."""
        if self.content is None:
            return ""
        words = " ".join(" ".join(self.content.written).split(maxsplit=MOST_WORDS)[:MOST_WORDS])
        if not self.content.steps:
            words = words.removeprefix(" ".join(self.content.title.removesuffix("…").split())).lstrip()
        if len(words) <= FIRST_LINES:
            return words
        return words[:FIRST_LINES].rpartition(" ")[0] + "…" if " " in words[:FIRST_LINES] else words[:FIRST_LINES] + "…"


class Group(NamedTuple):
    """The pages of one month, newest first."""

    month: Month
    entries: Sequence[Opened]


@dataclass(frozen=True, slots=True)
class Listed:
    """One screen of pages; `older` is the last one's id if there are more behind it."""

    at_hand: Sequence[Opened]
    months: Sequence[Group]
    older: UUID | None

    @property
    def newest(self) -> date | None:
        return self.months[0].entries[0].day if self.months else None


class Binned(NamedTuple):
    """One screen of the bin; `older` as in `Listed`."""

    entries: Sequence[Opened]
    older: UUID | None


class Calendar(NamedTuple):
    """A month with the number of pages on each of its days."""

    month: Month
    weeks: Sequence[Sequence[Day | None]]
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; what is empty leaves nothing out. `words` and `tag` are folded (`journal.search.fold`)."""

    words: Sequence[str] = ()
    theme: str = ""
    prompt: str = ""
    tag: str = ""
    pinned: bool = False
    first: date | None = None
    last: date | None = None

    def hit(self, content: Content) -> Hit | None:
        """Where it is on a page; none if it is not there."""
        if self.theme not in {"", content.theme} or self.prompt not in {"", content.prompt}:
            return None
        if self.tag and self.tag not in {fold(tag) for tag in content.tags}:
            return None
        return find(content, self.words)


@dataclass(frozen=True, slots=True)
class Found:
    """The newest pages that were found; `older` as in `Listed`. `closed` could not be opened, and so not looked at."""

    entries: Sequence[Opened]
    closed: int
    older: UUID | None


class Pair(NamedTuple):
    """One step of a question as it was answered then and now."""

    step: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A page that was written to the same question before, beside the page that is being read."""

    entry: Opened
    pairs: Sequence[Pair]


def entries(owner: User, *, first: date | None = None, last: date | None = None) -> EntryQuerySet:
    """A person's pages from one day to another, in the zone that is active, newest first."""
    rows = Entry.objects.visible_to(owner).newest_first()
    if first:
        rows = rows.filter(date__gte=_midnight(first))
    if last:
        rows = rows.filter(date__lt=_midnight(last + timedelta(days=1)))
    return rows


def after(rows: EntryQuerySet, owner: User, entry_id: UUID) -> EntryQuerySet:
    """Only those that follow a page of the owner's in the list, even if that one is in the bin by now; no query."""
    when = Subquery(Entry.objects.of(owner).filter(pk=entry_id).order_by().values("date"))
    return rows.filter(Q(date__lt=when) | Q(id__gt=entry_id), date__lte=when)


def list_entries(owner: User, rows: EntryQuerySet, *, at_hand: bool = False) -> Listed:
    """The first screen of these pages; with `at_hand`, the pinned ones of all pages too. One query, and the key's."""
    listed = _columns(rows)[: PAGE + 1]
    if at_hand:
        pinned = _columns(entries(owner).filter(pinned=True), at_hand=True)[:AT_HAND]
        listed = listed.union(pinned, all=True)
    opened = sorted(_opened(owner, listed), key=lambda one: one.row.pk)
    opened.sort(key=lambda one: one.row.date, reverse=True)
    shown = [one for one in opened if not one.row.at_hand]
    months = groupby(shown[:PAGE], key=lambda one: Month.of(one.day))
    return Listed(
        at_hand=[one for one in opened if one.row.at_hand],
        months=[Group(month, list(group)) for month, group in months],
        older=shown[PAGE - 1].row.pk if len(shown) > PAGE else None,
    )


def list_bin(owner: User, *, behind: UUID | None = None) -> Binned:
    """The pages that were put into the bin last, or before the page `behind` was. One query, and the key's."""
    rows = Entry.objects.in_bin_of(owner)
    if behind:
        when = Subquery(rows.filter(pk=behind).order_by().values("binned_at"))
        rows = rows.filter(Q(binned_at__lt=when) | Q(id__gt=behind), binned_at__lte=when)
    opened = list(_opened(owner, _columns(rows)[: PAGE + 1]))
    return Binned(opened[:PAGE], opened[PAGE - 1].row.pk if len(opened) > PAGE else None)


def month_calendar(owner: User, month: Month, today: date) -> Calendar:
    """The days of a month with their pages, in the zone that is active. One query."""
    rows = entries(owner, first=month.first, last=month.last).order_by()
    counted = rows.values(day=TruncDate("date")).annotate(entries=Count("pk"))
    counts = {row["day"]: row["entries"] for row in counted}
    return Calendar(month, month.weeks(counts, today), sum(counts.values()))


def find_entries(owner: User, wanted: Wanted, *, behind: UUID | None = None) -> Found:
    """The newest FOUND pages with what is wanted, or those that come `behind` a page."""
    rows = entries(owner, first=wanted.first, last=wanted.last)
    if wanted.pinned:
        rows = rows.filter(pinned=True)
    if behind:
        rows = after(rows, owner, behind)
    found: list[Opened] = []
    closed = 0
    for opened in _opened(owner, _columns(rows).iterator(chunk_size=500)):
        if opened.content is None:
            closed += 1
        elif (hit := wanted.hit(opened.content)) is not None:
            if len(found) == FOUND:
                return Found(found, closed, found[-1].row.pk)
            found.append(Opened(opened.row, opened.content, hit.pieces))
    return Found(found, closed, None)


def then_and_now(owner: User, entry: Entry, content: Content, *, before: UUID | None = None) -> Earlier | None:
    """The last page before this one, or before the page `before`, that answers the same question.

    One query, and the key's. It opens the pages in between, as a search does: some 30 microseconds for each.
    """
    if content.is_free:
        return None
    for opened in _opened(owner, _columns(after(entries(owner), owner, before or entry.pk)).iterator(chunk_size=100)):
        if opened.content and opened.content.prompt == content.prompt:
            both = zip_longest(opened.content.parts, content.parts, fillvalue=("", ""))
            closings = Pair(_("A closing line"), opened.content.closing, content.closing)
            pairs = [Pair(now[0] or then[0], then[1], now[1]) for then, now in both]
            return Earlier(opened, [*pairs, closings] if closings.then or closings.now else pairs)
    return None


def entries_on(owner: User, theme: str) -> list[Opened]:
    """The newest few pages that were begun from a theme's questions, if they are recent. One query, and the key's."""
    opened = _opened(owner, _columns(entries(owner))[:RECENT])
    return list(islice((one for one in opened if one.content and one.content.theme == theme), ON_THEME))


def _columns(rows: EntryQuerySet, *, at_hand: bool = False) -> Any:
    columns = ("pk", "sealed", "date", "pinned", "at_hand")
    return rows.annotate(at_hand=Value(at_hand)).values_list(*columns)


def _opened(owner: User, rows: Iterable[tuple[Any, ...]]) -> Iterator[Opened]:
    """Every page with its content; one that cannot be opened hides none of the others."""
    sealed = ((pk, bytes(sealed), Row(pk, *rest)) for pk, sealed, *rest in rows)
    for row, document in unseal_many(owner, Entry.LABEL, sealed):
        yield Opened(row, None if document is None else Content.from_document(document))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
