"""Specialists' own calendars: how many are read in an hour on one core, and what 10,000 of them cost a page."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from django.utils import timezone

from bench import consultations
from bench.goals import Line
from bench.site import Answered
from consultations.models import BusyCalendar, Specialist
from consultations.models.calendars import Words
from consultations.services import own_calendars
from lib.fetching import Opening
from tests.calendar_server import calendar_server

READ, EVENTS, REPEATED = 300, 300, 30  # calendars; events of each, and how many of those repeat
CALENDARS, BOOKINGS = 10_000, 10
PATH = "/calendar.ics"


def calendars(_ana: Answered) -> Iterator[Line]:
    """Unchanged and changed calendars an hour, then the list and a profile, against the anchor."""
    consultations.seed(READ, 0)
    yield from reading()
    consultations.forget()
    consultations.seed(CALENDARS, BOOKINGS)
    connect_all()
    rounds = consultations.page_times(consultations.client_number(0))
    for name in ("list", "profile"):
        ratio = median(found[name] / found["anchor page"] for found in rounds)
        yield Line(f"calendars {name}", f"{ratio:.2f} × the anchor page's time", "≤ 1.5 ×", "", ratio <= 1.5)


def reading() -> Iterator[Line]:
    """Processor time of all that is ours: taking what is due, fetching over TLS, parsing, sealing, marking slots."""
    now = timezone.now()
    for specialist in Specialist.objects.select_related("user"):
        words = Words(f"https://localhost{PATH}", "Calendar")
        own_calendars.connect(owner=specialist.user, words=words, all_day=True, now=now)
    with served_elsewhere() as opening:
        for what, least, number in (("changed", 5_000, 1), ("unchanged", 60_000, 2)):
            then = now + number * timedelta(hours=2)
            start = processor_time()
            for _ in range(10):  # one job goes on for READ_FOR at most
                own_calendars.read_due(now=then, opening=opening)
            an_hour = READ / (processor_time() - start) * 3_600
            assert BusyCalendar.objects.filter(read_at=then, left_out=0).count() == READ
            yield Line(f"calendars {what}", f"{an_hour:,.0f} an hour on one core", f"≥ {least:,}", "", an_hour >= least)


def connect_all() -> None:
    """A calendar for each specialist, as it is once it was read; no page opens what is sealed in it."""
    now = timezone.now()
    about = {"sealed": bytes(500), "sealed_ranges": bytes(4_000), "digest": bytes(32), "expanded_at": now}
    about |= {"read_at": now, "due_at": now + timedelta(minutes=9), "looked_at": now, "made_at": now}
    rows = (BusyCalendar(specialist_id=pk, **about) for pk in Specialist.objects.values_list("pk", flat=True))
    BusyCalendar.objects.bulk_create(rows, batch_size=1_000)


def calendar_file() -> bytes:
    """EVENTS events around now, with the words that such files have, some of them weekly since years."""
    today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", "X-WR-TIMEZONE:Europe/Berlin"]
    for number in range(EVENTS):
        repeats = number < REPEATED
        starts = today + timedelta(hours=5 * number) - timedelta(weeks=200 if repeats else 2)
        times = [f"{name};TZID=Europe/Berlin:{at:%Y%m%dT%H%M%S}" for name, at in
                 (("DTSTART", starts), ("DTEND", starts + timedelta(hours=1)))]  # fmt: skip
        words = [f"SUMMARY:Appointment {number}", "DESCRIPTION:" + "words " * 20, "STATUS:CONFIRMED"]
        rule = ["RRULE:FREQ=WEEKLY"] if repeats else []
        lines += ["BEGIN:VEVENT", f"UID:{number}@example.org", *times, *rule, *words, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@contextmanager
def served_elsewhere() -> Iterator[Opening]:
    """A server of calendars in a process of its own, whose time is not counted."""
    fork = get_context("fork")
    ours, its = fork.Pipe()
    process = fork.Process(target=serve, args=(its,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join()


def serve(asked: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder, calendar_server(Path(folder)) as server:
        server.give(PATH, calendar_file())
        asked.send(server.opening)
        asked.recv()


def processor_time() -> float:
    """Seconds of this process and of those that it started, once they have ended: a busy machine makes it no longer."""
    return sum(os.times()[:4])
