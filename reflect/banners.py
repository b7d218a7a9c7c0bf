"""Banners above every page, as pages read them: from a file that a job writes (`reflect/publishing.py`).

No page asks the database for them. Where the file is missing or damaged, there is none.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

BANNERS = "banners.json"  # in PAGES_FOLDER

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence for readers of one language; `level` is one of `reflect.models.Banner.Level`."""

    text: str
    language: str
    level: str
    starts_at: datetime
    ends_at: datetime

    def is_due(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


def due(language: str | None, now: datetime) -> Sequence[Banner]:
    """What is to be shown now."""
    return [banner for banner in published() if banner.language == language and banner.is_due(now)]


def published() -> Sequence[Banner]:
    path = Path(settings.PAGES_FOLDER, BANNERS)
    try:
        found = path.stat()
        return read(path, found.st_ino, found.st_mtime_ns)
    except FileNotFoundError:
        return ()
    except Exception:
        logger.exception("The banners cannot be read: none is shown.")
        return ()


@lru_cache(maxsize=2)
def read(path: Path, _inode: int, _changed: int) -> Sequence[Banner]:
    """Read the file once for each time that it is replaced."""
    return [
        Banner(
            **row
            | {"starts_at": datetime.fromisoformat(row["starts_at"]), "ends_at": datetime.fromisoformat(row["ends_at"])}
        )
        for row in json.loads(path.read_bytes())
    ]


def as_json(banners: Iterable[Banner]) -> bytes:
    rows = [
        asdict(one) | {"starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat()} for one in banners
    ]
    return json.dumps(rows, indent=1).encode()
