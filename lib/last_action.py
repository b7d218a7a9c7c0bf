"""What staff did to a row last; the app that keeps their log tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class LastAction:
    """`said` as the log has it, and the `name` of who did it."""

    said: str
    name: str
    at: datetime


# Each gets a row and who reads of it. Filled from `AppConfig.ready`.
logs: list[Callable[[Model, Any], LastAction | None]] = []


def last_action(row: Model, reader: Any) -> LastAction | None:
    """The latest, of what `reader` may see; None if there is none."""
    found = [action for log in logs if (action := log(row, reader))]
    return max(found, key=lambda action: action.at, default=None)
