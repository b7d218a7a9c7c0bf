"""The process that reads calendars: what it knows, what it answers, and how it is ended."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consultations.busy.answers import Failure, Limits, Wanted
from consultations.busy.reading import NotRead, Reader
from tests.calendar_server import CalendarServer, calendar_of, calendar_server

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANTED = Wanted(NOON - HOUR, NOON + timedelta(days=30))
SHORT = Limits(processor=1, whole=2)
# Starts in whatever hour: too many to be expanded in a second, and too few to be refused by the scan.
HEAVY = b"".join(
    b"BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20200101T100000Z\r\nDURATION:PT1H\r\n"
    b"RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\n" % number
    for number in range(100)
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    with calendar_server(tmp_path_factory.mktemp("tls")) as server:
        yield server


@pytest.fixture(scope="module")
def reader(server: CalendarServer) -> Iterator[Reader]:
    with Reader(opening=server.opening) as reader:
        yield reader


def is_new(_digest: bytes) -> bool:
    return False


def failure(reader: Reader, address: str) -> Failure:
    with pytest.raises(NotRead) as error:
        reader.read(address, WANTED, is_new)
    assert address not in repr(error.value)
    return error.value.failure


def test_a_calendar_is_read_into_ranges(server: CalendarServer, reader: Reader) -> None:
    address = server.give("/a.ics", calendar_of((NOON, NOON + HOUR)))
    answer = reader.read(address, WANTED, is_new)
    assert answer.ranges == [(NOON, NOON + HOUR)]
    assert answer.left_out == 0
    assert reader.read(address, replace(WANTED, ours=frozenset({"0@example.org"})), is_new).ranges == []


def test_an_unchanged_calendar_is_not_parsed(server: CalendarServer, reader: Reader) -> None:
    address = server.give("/same.ics", b"no calendar at all")
    digest = reader_digest = b""

    def as_before(found: bytes) -> bool:
        nonlocal digest
        digest = found
        return True

    answer = reader.read(address, WANTED, as_before)
    reader_digest = answer.digest
    assert answer.is_unchanged
    assert digest == reader_digest != b""
    assert failure(reader, address) == Failure.NO_CALENDAR


def test_what_fails_is_said_in_one_word(server: CalendarServer, reader: Reader) -> None:
    assert failure(reader, "https://localhost/nothing-here") == Failure.GONE
    assert failure(reader, server.give("/html", b"<!doctype html>")) == Failure.NO_CALENDAR
    assert failure(reader, server.give("/large", b"x" * (5 * 2**20 + 1))) == Failure.TOO_LARGE
    assert failure(reader, "https://169.254.169.254/") == Failure.ADDRESS


def test_one_that_takes_too_long_is_ended_and_others_are_read(server: CalendarServer) -> None:
    waits = threading.Event()
    slow = server.give("/slow.ics", b"", waits=waits)
    heavy = server.give("/heavy.ics", b"BEGIN:VCALENDAR\r\n" + HEAVY + b"END:VCALENDAR\r\n")
    good = server.give("/good.ics", calendar_of((NOON, NOON + HOUR)))
    try:
        with Reader(opening=server.opening, limits=SHORT) as reader:
            assert failure(reader, heavy) == Failure.TOO_MUCH
            assert failure(reader, slow) == Failure.TOO_MUCH
            assert reader.read(good, WANTED, is_new).ranges
            assert children_of(reader.process.pid) == []
    finally:
        waits.set()


def test_one_that_needs_too_much_memory_is_ended(server: CalendarServer) -> None:
    large = b"BEGIN:VCALENDAR\r\nX-A:" + b"x" * (5 * 2**20 - 100) + b"\r\nEND:VCALENDAR\r\n"
    good = server.give("/good.ics", calendar_of((NOON, NOON + HOUR)))
    with Reader(opening=server.opening) as ample:
        assert ample.read(server.give("/large.ics", large), WANTED, is_new).ranges == []
        memory = address_space(ample.process.pid) + 8 * 2**20
    with Reader(opening=server.opening, limits=Limits(memory=memory)) as reader:
        assert failure(reader, server.give("/large.ics", large)) == Failure.TOO_MUCH
        assert reader.read(good, WANTED, is_new).ranges


def test_the_process_has_no_secret_and_no_django(server: CalendarServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "SEALING_KEYS", "DATABASE_URL", "MAIL_URL", "PYTHONPATH"):
        monkeypatch.setenv(name, "marker")
    with Reader(opening=server.opening) as reader:
        assert reader.read(server.give("/a.ics", calendar_of()), WANTED, is_new).ranges == []
        folder = Path(f"/proc/{reader.process.pid}")
        assert b"marker" not in (folder / "environ").read_bytes()
        assert b"localhost" not in (folder / "cmdline").read_bytes()
        maps = (folder / "maps").read_text()
        assert "psycopg" not in maps
        descriptors = [one.readlink() for one in (folder / "fd").iterdir()]
        assert len(descriptors) == 4  # /dev/null three times, and the socket on which it is asked
    assert reader.process.returncode == 0


def test_limits_are_those_that_are_promised() -> None:
    assert Limits() == Limits(processor=5, memory=512 * 2**20, whole=20)


def test_several_are_read_at_once(server: CalendarServer, reader: Reader) -> None:
    waits = threading.Event()
    slow = server.give("/waits.ics", calendar_of((NOON, NOON + HOUR)), waits=waits)
    good = server.give("/good.ics", calendar_of())
    found: list[bool] = []
    thread = threading.Thread(target=lambda: found.append(bool(reader.read(slow, WANTED, is_new).ranges)))
    thread.start()
    assert reader.read(good, WANTED, is_new).ranges == []
    waits.set()
    thread.join()
    assert found == [True]


def children_of(pid: int) -> list[str]:
    """The processes that a process has forked and that still run; they end a moment after their answer."""
    for _ in range(200):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if not found:
            break
        time.sleep(0.05)
    return found


def address_space(pid: int) -> int:
    """Bytes of address space of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
