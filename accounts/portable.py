"""How rows leave the site and come back: what an app says about each part of `data.json` (`accounts/privacy.py`)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

type Document = dict[str, Any]

BATCH = 200
YEARS = range(1900, 2101)
BROKEN = _("Nothing was added: this file is damaged, or was changed by another program.")


class FileRefused(Exception):
    """A file from which nothing is taken. `words` say why, to the person who chose it."""

    def __init__(self, words: str | Promise = BROKEN) -> None:
        super().__init__()
        self.words = words


@dataclass
class Arrival:
    """One import: into whose account, and what has become of each id of the file so far."""

    owner: User
    now: datetime
    ids: dict[UUID, UUID] = field(default_factory=dict)
    added: int = 0
    left: int = 0

    def claim(self, exported: UUID) -> UUID:
        """The id that a new row gets: the same each time this person takes in the same file. A file names it once."""
        if exported in self.ids:
            raise FileRefused
        self.ids[exported] = uuid5(self.owner.pk, str(exported))
        return self.ids[exported]

    def new_rows[Row: Model](self, own: QuerySet[Row], rows: Iterable[Document]) -> Iterator[tuple[UUID, Document]]:
        """Those rows that the owner does not have yet, each with its new id; `own` are the owner's of that model."""
        for batch in batched(rows, BATCH):
            with reading():
                exported = [UUID(row["id"]) for row in batch]
            both = [*exported, *(uuid5(self.owner.pk, str(pk)) for pk in exported)]
            here = set(own.filter(pk__in=both).values_list("pk", flat=True))
            for pk, row in zip(exported, batch, strict=True):
                new = self.claim(pk)
                if pk in here:
                    self.ids[pk] = pk
                if self.ids[pk] in here or row.get("cannot_be_opened"):
                    self.left += 1
                else:
                    yield new, row


@dataclass(frozen=True)
class Portable:
    """One part of `data.json`. `write` gives its rows one by one; `take` adds those of a file, if they ever come back.

    `readable` is the same for people: the name of a text file, and what gives its lines.
    """

    write: Callable[[User], Iterable[Document]]
    take: Callable[[Arrival, Iterable[Document]], None] | None = None
    readable: tuple[str, Callable[[User], Iterable[str]]] | None = None


@contextmanager
def reading() -> Iterator[None]:
    """Around what reads a row: whatever is not as we write it means a broken file."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FileRefused from None


def moment(value: object) -> datetime:
    """A time as we write it. Raises ValueError."""
    found = datetime.fromisoformat(text(value, 40))
    if found.tzinfo is None or found.year not in YEARS:
        raise ValueError("Not a time.")
    return found


def moment_or_none(value: object) -> datetime | None:
    return None if value is None else moment(value)


def text(value: object, most: int) -> str:
    """A string of at most so many characters. Raises ValueError."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("Not a text.")
    return value


def flag(value: object) -> bool:
    """True or false. Raises ValueError."""
    if not isinstance(value, bool):
        raise ValueError("Neither true nor false.")
    return value


def count(value: object, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number that a column of the database holds. Raises ValueError."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError("Not a number.")
    return value


def listed(value: object, most: int) -> Sequence[Any]:
    """A list of at most so many. Raises ValueError."""
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("Not a list.")
    return value
