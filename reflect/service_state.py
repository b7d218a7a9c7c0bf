"""How the service is, for the first page of the administration: its workers, its e-mails and its last backup."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from django.conf import settings

from accounts import outbox
from lib.waiting import Tally
from reflect import workers


@dataclass(frozen=True, slots=True)
class ServiceState:
    """`seen`: when each worker was last seen, by its queue; None for one that is not there."""

    seen: Mapping[str, datetime | None]
    mails: Tally
    backup_at: datetime | None

    @classmethod
    def read(cls) -> Self:
        """Two queries."""
        seen = workers.seen()
        return cls({queue: seen.get(queue) for queue in settings.WORKERS}, outbox.waiting(), backup_at())


def backup_at() -> datetime | None:
    """When the last backup ended, by the file that it touches; None if there is none."""
    try:
        return (
            datetime.fromtimestamp(Path(settings.BACKUP_STAMP).stat().st_mtime, UTC) if settings.BACKUP_STAMP else None
        )
    except OSError:
        return None
