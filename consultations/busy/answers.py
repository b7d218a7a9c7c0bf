"""What is asked of a calendar, and what is answered: all that passes between the two processes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

type Range = tuple[datetime, datetime]  # in UTC


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one calendar may take: processor time, memory, and time in all."""

    processor: int = 5  # seconds
    memory: int = 512 * 2**20
    whole: int = 20  # seconds


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a calendar.

    `zone` is the specialist's, for what names none; `owners` are the e-mail addresses (in lower case) that a guest who
    is the owner may have; `ours` are the UIDs of the specialist's own meetings here.
    """

    starts_at: datetime
    ends_at: datetime
    zone: str = "UTC"
    all_day: bool = True
    owners: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a calendar says: whether it is as it was; if not, its ranges, and how many events were left out."""

    digest: bytes
    is_unchanged: bool
    ranges: list[Range]
    left_out: int


class Failure(StrEnum):
    """Why a calendar was not read. The first ones are those of `lib.fetching.Reason`."""

    ADDRESS = "address"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    GONE = "gone"
    ANSWER = "answer"
    TOO_LARGE = "too_large"
    NO_CALENDAR = "no_calendar"
    TOO_MUCH = "too_much"
