"""How apps export and import their parts of `data.json`; declared in the registry (`accounts/privacy.py`)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.validators import slug_re
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

type Document = dict[str, Any]

EARLIEST, LATEST = datetime(1899, 12, 31, tzinfo=UTC), datetime(2101, 1, 2, tzinfo=UTC)  # 1900 to 2100 in every zone
BROKEN = _("Nothing was added: this file is damaged, or was changed by another program.")


class FileRefused(Exception):
    """The file is refused as a whole. `words` tell the person why."""

    def __init__(self, words: str | Promise = BROKEN) -> None:
        super().__init__()
        self.words = words


@dataclass
class Arrival:
    """One import in progress: the account it goes to, and the new id of each result in the file so far.

    `timezone` is that of the account in the file, which may come last: what needs it waits `at_the_end`.
    """

    owner: User
    now: datetime
    takes_settings: bool = False
    has_settings: bool = False  # whether they came
    results: dict[UUID, UUID] = field(default_factory=dict)
    timezone: str = ""
    at_the_end: list[Callable[[], None]] = field(default_factory=list)
    rows: int = 0
    came: Counter[str] = field(default_factory=Counter)  # rows by their kind in `Portable.kinds`
    not_agreed: Counter[str] = field(default_factory=Counter)  # left out for want of consent
    left: int = 0  # here already, or left out for another reason

    @property
    def added(self) -> int:
        return self.came.total()

    def new_id(self, exported: UUID) -> UUID:
        """The id of the new row: the same in every import, so that nothing is added twice."""
        self.rows += 1
        return uuid5(self.owner.pk, str(exported))

    def done_at(self, value: object) -> datetime:
        """When something was done, and never later than now: what is to go after some time would stay. As `moment`."""
        return min(moment(value), self.now)

    def done_at_or_none(self, value: object) -> datetime | None:
        return None if value is None else self.done_at(value)

    def new_rows[Row: Model](self, own: QuerySet[Row], rows: Sequence[Document]) -> Iterator[tuple[UUID, Document]]:
        """The rows that the owner does not have yet, with their new ids; `own` holds the owner's rows of the model."""
        with reading():
            exported = [UUID(row["id"]) for row in rows]
        new = [self.new_id(pk) for pk in exported]
        here = set(own.filter(pk__in=[*exported, *new]).values_list("pk", flat=True))
        for before, pk, row in zip(exported, new, rows, strict=True):
            if before in here or pk in here or row.get("cannot_be_opened"):
                self.left += 1
            else:
                yield pk, row


@dataclass(frozen=True)
class Portable:
    """One part of `data.json`: `write` yields its rows, `take` imports some of them (None: the part is only exported).

    `take` gets only these `keys` of a row. `readable` is the version for people to read: the name of a text file, and
    a function that yields its lines. `kinds` are the rows that an import counts, in words with their `count`.
    """

    write: Callable[[User], Iterable[Document]]
    take: Callable[[Arrival, Sequence[Document]], None] | None = None
    keys: Collection[str] = ()
    readable: tuple[str, Callable[[User], Iterable[str]]] | None = None
    kinds: Mapping[str, Promise] = field(default_factory=dict)


@contextmanager
def reading() -> Iterator[None]:
    """Turn the errors of reading a malformed row into FileRefused."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FileRefused from None


def moment(value: object) -> datetime:
    """An aware datetime in ISO 8601, as the export writes it, in UTC. Raises ValueError."""
    found = datetime.fromisoformat(text(value, 40))
    if found.tzinfo is None or not EARLIEST <= found < LATEST:
        raise ValueError("Not a time.")
    return found.astimezone(UTC)  # PostgreSQL refuses offsets that Python takes


def text(value: object, most: int) -> str:
    """A string of at most `most` characters. Raises ValueError."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("Not a text.")
    return value


def slug(value: object, most: int) -> str:
    """Letters, digits, hyphens and underscores, at most `most`. Raises ValueError."""
    key = text(value, most)
    if not slug_re.match(key):
        raise ValueError("Not a key.")
    return key


def flag(value: object) -> bool:
    """True or false. Raises ValueError."""
    if not isinstance(value, bool):
        raise ValueError("Neither true nor false.")
    return value


def count(value: object, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number from `least` to `most`, by default what an integer column holds. Raises ValueError."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError("Not a number.")
    return value


def listed(value: object, most: int) -> Sequence[Any]:
    """A list of at most `most` items. Raises ValueError."""
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("Not a list.")
    return value
