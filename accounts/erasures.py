"""The list of erased accounts, kept in a file beside the backups: what a restore brings back is erased again.

A line is the time in UTC and the id of the account. The table alone would not do: a restore takes it back, too.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from accounts.models import Erased, User
from accounts.privacy import ERASED
from accounts.services import erase_account
from lib.folders import exclusive, replace_file

type Times = Mapping[UUID, datetime]


class BadList(ValueError):
    """A line of the file is not one of the list. `number` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Line {number} is not a time with its zone and the id of an account.")
        self.number = number


def listed() -> Times:
    """When each account was erased, by this database."""
    return dict(Erased.objects.values_list("account", "at"))


def read(file: Path) -> Times:
    """When each account was erased, by the file. Raises OSError, and BadList if any line is something else."""
    found: dict[UUID, datetime] = {}
    for number, line in enumerate(file.read_text(encoding="ascii", errors="replace").splitlines(), 1):
        at, _, account = line.partition(" ")
        try:
            pk, moment = UUID(account), datetime.fromisoformat(at)
        except ValueError:
            raise BadList(number) from None
        if moment.tzinfo is None:
            raise BadList(number)
        found[pk] = min(moment, found.get(pk, moment))
    return found


def write(file: Path, *, now: datetime) -> int:
    """Add to the file what it lacks, and take out what is past its retention; return how many it holds.

    What stands there stays even if this database does not know of it: it may be one that was just restored. The file
    is replaced at once, so that one who copies it never has half of it. Raises OSError, BadList.
    """
    with exclusive(file.parent):
        times = dict(listed())
        for pk, at in (read(file) if file.exists() else {}).items():
            times[pk] = min(at, times.get(pk, at))
        kept = sorted((at, pk) for pk, at in times.items() if at >= ERASED.cutoff(now))
        lines = "".join(f"{at.isoformat()} {pk}\n" for at, pk in kept)
        replace_file(file, lines.encode("ascii"), mode=0o600)
    return len(kept)


def erase_again(times: Times, *, now: datetime) -> int:
    """Erase each account of the list that is here; return how many were. It can be stopped, and run again.

    The list itself is stored first, with the times of the first erasures: from then on this database has it whole.
    """
    Erased.objects.bulk_create([Erased(account=pk, at=at) for pk, at in times.items()], ignore_conflicts=True)
    count = 0
    for pk in User.objects.filter(pk__in=times).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            if owner := User.objects.select_for_update(no_key=True).filter(pk=pk).first():
                erase_account(owner=owner, now=now)
                count += 1
    return count
