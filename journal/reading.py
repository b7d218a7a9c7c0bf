"""Reading entries: the list by month, the calendar, search, and earlier answers to the same question.

Theme, prompt, tags and texts are sealed: filtering by them means opening the owner's entries one by one, and stops as
soon as there is enough to show.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice, zip_longest
from typing import Any, NamedTuple
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Q, Subquery, Value
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from accounts.models import User
from accounts.sealing import unseal_many
from journal.content import LONGEST_TITLE, Content
from journal.models import Entry, EntryQuerySet
from journal.months import Day, Month
from journal.search import Hit, Piece, find, fold
from lib.places import NoPlace, Places

PAGE = 10  # entries on one web page
AT_HAND = 6  # pinned entries shown above the others
FOUND = 50  # search results on one web page
PATIENCE = "1s"  # how long a search waits for the last one of the same person: longer than most take
ON_THEME = 3  # entries shown beside a chapter
BEGUN_LATELY = timedelta(days=7)  # how long Today offers an unfinished entry
RECENT = 200  # the newest entries, among which these are looked for
FIRST_LINES = 160  # characters
MOST_WORDS = (LONGEST_TITLE + FIRST_LINES) // 2 + 1  # more than a title and the first lines can hold


class Row(NamedTuple):
    """What an entry has in the clear."""

    pk: UUID
    day: date
    date: datetime
    pinned: bool
    at_hand: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry with its content (None if it cannot be opened) and the line that a search found."""

    row: Row
    content: Content | None
    hit: Sequence[Piece] = ()

    @property
    def day(self) -> date:
        """The entry's own day."""
        return self.row.day

    @property
    def heading(self) -> str:
        return self.content.heading if self.content else ""

    @property
    def lines(self) -> str:
        """The beginning of the text after the heading, as one paragraph."""
        if self.content is None:
            return ""
        words = " ".join(" ".join(self.content.written).split(maxsplit=MOST_WORDS)[:MOST_WORDS])
        if not self.content.steps:
            words = words.removeprefix(" ".join(self.content.title.removesuffix("…").split())).lstrip()
        if len(words) <= FIRST_LINES:
            return words
        return words[:FIRST_LINES].rpartition(" ")[0] + "…" if " " in words[:FIRST_LINES] else words[:FIRST_LINES] + "…"


class Group(NamedTuple):
    """The entries of one month, newest first."""

    month: Month
    entries: Sequence[Opened]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list; `older` is the id of its last entry if more follow."""

    at_hand: Sequence[Opened]
    months: Sequence[Group]
    older: UUID | None

    @property
    def newest(self) -> date | None:
        return self.months[0].entries[0].day if self.months else None


class Binned(NamedTuple):
    """One page of the bin; `older` as in `Listed`."""

    entries: Sequence[Opened]
    older: UUID | None


class Calendar(NamedTuple):
    """A month with the number of entries on each day, and in all."""

    month: Month
    weeks: Sequence[Sequence[Day | None]]
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to search for; empty fields match everything. `words` and `tag` are folded (`journal.search.fold`)."""

    words: Sequence[str] = ()
    theme: str = ""
    prompt: str = ""
    tag: str = ""
    feeling: str = ""
    pinned: bool = False
    first: date | None = None
    last: date | None = None
    oldest_first: bool = False

    def hit(self, content: Content) -> Hit | None:
        """Where the content matches; None if it does not."""
        if self.theme not in {"", content.theme} or self.prompt not in {"", content.prompt}:
            return None
        if self.tag and self.tag not in {fold(tag) for tag in content.tags}:
            return None
        if self.feeling and self.feeling not in content.feelings:
            return None
        return find(content, self.words)


@dataclass(frozen=True, slots=True)
class Found:
    """The first matches; `older` is the id of the last one if more follow.

    `closed` entries could not be opened, and so not searched.
    """

    entries: Sequence[Opened]
    closed: int
    older: UUID | None


searching = Places()


class StillSearching(Exception):
    """Another search of the same person has not ended within PATIENCE."""


class Pair(NamedTuple):
    """One step of a question, as answered then and now."""

    step: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier entry to the same question, compared step by step with the one being read."""

    entry: Opened
    pairs: Sequence[Pair]


def entries(owner: User, *, first: date | None = None, last: date | None = None) -> EntryQuerySet:
    """A person's entries from `first` to `last` inclusive, by their own days, newest first."""
    rows = Entry.objects.visible_to(owner).newest_first()
    if first:
        rows = rows.filter(day__gte=first)
    if last:
        rows = rows.filter(day__lte=last)
    return rows


def after(rows: EntryQuerySet, owner: User, entry_id: UUID) -> EntryQuerySet:
    """Those that follow one of the owner's entries in the list, even if that is now in the bin. No query of its own."""
    behind = Entry.objects.of(owner).filter(pk=entry_id).order_by()
    day, when = (Subquery(behind.values(name)[:1]) for name in ("day", "date"))
    later_that_day = Q(date__lt=when) | Q(date=when, id__gt=entry_id)
    return rows.filter(Q(day__lt=day) | later_that_day, day__lte=day)


def before(rows: EntryQuerySet, owner: User, entry_id: UUID) -> EntryQuerySet:
    """Those that stand before it in the list. No query of its own."""
    return rows.exclude(pk__in=after(rows, owner, entry_id).order_by().values("pk")).exclude(pk=entry_id)


def without_at_hand(rows: EntryQuerySet, owner: User) -> EntryQuerySet:
    """Without the pinned entries that stand above the list, so that none is listed twice. No query of its own."""
    return rows.exclude(pk__in=entries(owner).filter(pinned=True).values("pk")[:AT_HAND])


def list_entries(owner: User, rows: EntryQuerySet, *, at_hand: bool = False) -> Listed:
    """The first page of these entries; with `at_hand`, the pinned ones of all entries too. One query, and the key's."""
    listed = _columns(rows)[: PAGE + 1]
    if at_hand:
        pinned = _columns(entries(owner).filter(pinned=True), at_hand=True)[:AT_HAND]
        listed = listed.union(pinned, all=True)
    opened = sorted(_opened(owner, listed), key=lambda one: one.row.pk)
    opened.sort(key=lambda one: (one.day, one.row.date), reverse=True)
    shown = [one for one in opened if not one.row.at_hand]
    months = groupby(shown[:PAGE], key=lambda one: Month.of(one.day))
    return Listed(
        at_hand=[one for one in opened if one.row.at_hand],
        months=[Group(month, list(group)) for month, group in months],
        older=shown[PAGE - 1].row.pk if len(shown) > PAGE else None,
    )


def list_bin(owner: User, *, behind: UUID | None = None) -> Binned:
    """The entries binned last, or last before the entry `behind`. One query, and the key's."""
    rows = Entry.objects.in_bin_of(owner)
    if behind:
        when = Subquery(rows.filter(pk=behind).order_by().values("binned_at"))
        rows = rows.filter(Q(binned_at__lt=when) | Q(id__gt=behind), binned_at__lte=when)
    opened = list(_opened(owner, _columns(rows)[: PAGE + 1]))
    return Binned(opened[:PAGE], opened[PAGE - 1].row.pk if len(opened) > PAGE else None)


def month_calendar(owner: User, month: Month, today: date) -> Calendar:
    """The days of a month with their numbers of entries. One query."""
    rows = entries(owner, first=month.first, last=month.last).order_by()
    counts = dict(rows.values_list("day").annotate(entries=Count("pk")))
    return Calendar(month, month.weeks(counts, today), sum(counts.values()))


def find_entries(owner: User, wanted: Wanted, *, behind: UUID | None = None) -> Found:
    """The first FOUND matches, or the next ones after the entry `behind`. Raises StillSearching."""
    rows = entries(owner, first=wanted.first, last=wanted.last)
    if wanted.pinned:
        rows = rows.filter(pinned=True)
    if behind:
        rows = (before if wanted.oldest_first else after)(rows, owner, behind)
    if wanted.oldest_first:
        rows = rows.reverse()
    with one_search(owner):
        return _find(owner, rows, wanted)


def _find(owner: User, rows: EntryQuerySet, wanted: Wanted) -> Found:
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


@contextmanager
def one_search(owner: User) -> Iterator[None]:
    """Let a person run one search at a time, so that nobody keeps every process busy. Raises StillSearching.

    One more may wait in each process; others are turned away at once, or they would keep its threads. The database
    releases the lock with the transaction, even if this process is killed.
    """
    try:
        with searching.one(owner.pk, each=2), transaction.atomic():
            _wait_for_the_last_one(owner)
            yield
    except NoPlace:
        raise StillSearching from None


def _wait_for_the_last_one(owner: User) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])  # SET LOCAL
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"journal search {owner.pk}"])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise StillSearching from None
        raise


def then_and_now(owner: User, entry: Entry, content: Content, *, before: UUID | None = None) -> Earlier | None:
    """The last entry before this one, or before the entry `before`, that answers the same question.

    It is a search: it opens the entries in between, some 30 microseconds for each. Raises StillSearching.
    """
    if content.is_free:
        return None
    with one_search(owner):
        rows = after(entries(owner), owner, before or entry.pk)
        for opened in _opened(owner, _columns(rows).iterator(chunk_size=100)):
            if opened.content and opened.content.prompt == content.prompt:
                both = zip_longest(opened.content.parts, content.parts, fillvalue=("", ""))
                closings = Pair(_("A closing line"), opened.content.closing, content.closing)
                pairs = [Pair(now[0] or then[0], then[1], now[1]) for then, now in both]
                return Earlier(opened, [*pairs, closings] if closings.then or closings.now else pairs)
    return None


def entries_on(owner: User, theme: str) -> list[Opened]:
    """The newest few entries on a theme, among the RECENT newest. One query, and the key's."""
    opened = _opened(owner, _columns(entries(owner))[:RECENT])
    return list(islice((one for one in opened if one.content and one.content.theme == theme), ON_THEME))


def answered_since(owner: User, day: date) -> set[str]:
    """The prompts of the newest entries from this day on, RECENT at most. One query, and the key's."""
    rows = _columns(entries(owner, first=day))[:RECENT]
    return {opened.content.prompt for opened in _opened(owner, rows) if opened.content}


def opened_entries(owner: User, rows: EntryQuerySet) -> list[Opened]:
    """These entries of the owner with their contents. One query, and the key's."""
    return list(_opened(owner, _columns(rows)))


def unfinished_entry(owner: User, now: datetime) -> Opened | None:
    """The entry that was being written last, unless it was saved. One query, and the key's."""
    rows = entries(owner).unfinished(now - BEGUN_LATELY)[:1]
    return next(_opened(owner, _columns(rows)), None)


def _columns(rows: EntryQuerySet, *, at_hand: bool = False) -> Any:
    columns = ("pk", "sealed", "day", "date", "pinned", "at_hand")
    return rows.annotate(at_hand=Value(at_hand)).values_list(*columns)


def _opened(owner: User, rows: Iterable[tuple[Any, ...]]) -> Iterator[Opened]:
    """Each row with its content; one that cannot be opened does not stop the others."""
    sealed = ((pk, bytes(sealed), Row(pk, *rest)) for pk, sealed, *rest in rows)
    for row, document in unseal_many(owner, Entry.LABEL, sealed):
        yield Opened(row, None if document is None else Content.from_document(document))
