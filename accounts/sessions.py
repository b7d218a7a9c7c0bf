"""How long a session lasts. Pure: no Django. The middleware ends sessions that are over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Over(Enum):
    """Why a session is over."""

    IDLE = "idle"
    TOTAL = "total"


@dataclass(frozen=True)
class Limits:
    """How long a session lasts without a request (`idle`), and altogether (`total`)."""

    idle: timedelta
    total: timedelta

    @property
    def idle_minutes(self) -> int:
        return self.idle // timedelta(minutes=1)

    def exceeded(self, *, started: datetime, seen: datetime, now: datetime) -> Over | None:
        """Which limit has been exceeded, if any; the limits themselves are still allowed."""
        if now - started > self.total:
            return Over.TOTAL
        if now - seen > self.idle:
            return Over.IDLE
        return None


MEMBERS = Limits(idle=timedelta(minutes=60), total=timedelta(hours=12))
PROFESSIONALS = Limits(idle=timedelta(minutes=15), total=timedelta(hours=8))
