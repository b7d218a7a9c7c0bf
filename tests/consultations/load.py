"""Clients in one process who book, move and cancel as fast as they can, without the limits per person."""

import json
import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic, sleep

from django.db import connection

from accounts.models import User
from consultations import limits
from consultations.models import Booking, Slot
from consultations.services import locks
from consultations.services.booking_changes import cancel_by_client
from consultations.services.bookings import Details, book, reschedule
from consultations.services.refusals import Refused

DETAILS = Details(format="video", name="Ana", note="marker", mail=True)


@dataclass
class Log:
    """Outcomes by name, and the seconds that each change took."""

    pause: float
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def do(self, change: Callable[[], Booking]) -> Booking | None:
        sleep(random.uniform(0, self.pause))
        began, done = monotonic(), None
        try:
            done = change()
            self.answers["done"] += 1
        except Refused as refused:
            self.answers[type(refused).__name__] += 1
        self.seconds.append(monotonic() - began)
        return done


def one_client(email: str, until: float, pause: float, now: datetime) -> Log:
    """Book any open slot, move half of the bookings, and cancel all but the last; all this at least once."""
    client, log = User.objects.get(email=email), Log(pause)

    def goes_on() -> bool:
        return monotonic() < until or log.answers["done"] < 2

    while goes_on():
        choices = list(Slot.objects.filter(is_open=True).exclude(specialist=client.pk))
        if len(choices) < 2:
            continue
        free, other = random.sample(choices, 2)
        given = {"specialist_id": free.specialist_id, "slot_id": free.pk, "details": DETAILS, "token": uuid.uuid4()}
        made = log.do(partial(book, client=client, now=now, **given))
        if made and random.random() < 0.5:
            log.do(partial(reschedule, booking_id=made.pk, client=client, slot_id=other.pk, now=now))
        if made and goes_on():
            log.do(partial(cancel_by_client, booking_id=made.pk, client=client, now=now))
    connection.close()
    return log


def run(emails: list[str], seconds: float, pause: float, now: str) -> None:
    """Run all clients at once, and write their results as JSON."""
    limits.MOST_MADE = limits.MOST_UPCOMING = 10**9
    locks.LOCK_TIMEOUT = "60s"  # a busy machine is no reason to give up
    until, whole = monotonic() + seconds, Log(pause)
    with ThreadPoolExecutor(len(emails)) as pool:
        for log in pool.map(lambda email: one_client(email, until, pause, datetime.fromisoformat(now)), emails):
            whole.answers += log.answers
            whole.seconds += log.seconds
    sys.stdout.write(json.dumps({"answers": whole.answers, "seconds": whole.seconds}))
