"""The process that reads calendars: it is warmed once, and forks for each of them.

It has no settings, no keys, no database and an empty environment. Each fork reads one calendar, under limits that the
kernel holds, and answers with a digest, then with ranges; it ends before anything of it could reach another one.
"""

import gc
import hashlib
import json
import os
import resource
import signal
import socket
import sys
import zoneinfo
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from consultations.busy import events, scan
from consultations.busy.answers import Failure, Limits, Wanted
from lib import fetching

LINE = 2**20  # bytes of a question, at most


def serve() -> None:
    """Fork for each socket that comes in, until the other side is gone."""
    zoneinfo.reset_tzpath(to=())  # as in the settings: the pinned zones
    events.zones()
    fetching.context(None)
    signal.signal(signal.SIGCHLD, reap)
    gc.freeze()  # forks share what has been imported
    with socket.socket(fileno=int(sys.argv[2])) as asked:
        while True:
            sent, sockets, _flags, _from = socket.recv_fds(asked, 1, 1)
            if not sent:
                return
            if os.fork() == 0:
                asked.close()
                with suppress(BaseException):  # a traceback would hold the address
                    read(socket.socket(fileno=sockets[0]))
                os._exit(0)
            os.close(sockets[0])


def reap(*_: object) -> None:
    """Leave no zombies."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def limit(limits: Limits) -> None:
    """Have the kernel end this process: none of these signals is handled."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limits.whole)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, limits.processor))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(connection: socket.socket) -> None:
    """Answer one question: the digest of the file, and, if that is new, its ranges."""
    wire = connection.makefile("rwb")

    def say(**words: Any) -> None:
        wire.write(json.dumps(words).encode() + b"\n")
        wire.flush()

    asked = json.loads(wire.readline(LINE))
    limit(Limits(**asked["limits"]))
    try:
        content = fetching.fetch(asked["address"], opening_of(asked["opening"]))
        say(digest=digest(content))
        if wire.readline(LINE).strip() == b"read":
            found = events.found_in(scan.scan(content), wanted_of(asked["wanted"]))
            say(ranges=[(int(a.timestamp()), int(b.timestamp())) for a, b in found.ranges], left_out=found.left_out)
    except fetching.NotFetched as error:
        say(failed=error.reason.value)
    except scan.NoCalendar:
        say(failed=Failure.NO_CALENDAR)
    except (scan.TooMuch, MemoryError, RecursionError):
        say(failed=Failure.TOO_MUCH)


def digest(content: bytes) -> str:
    """Equal for files that say the same: Google writes the time of the request into each DTSTAMP."""
    return hashlib.sha256(scan.without_stamps(content)).hexdigest()


def opening_of(words: dict[str, Any]) -> fetching.Opening:
    return fetching.Opening(frozenset(words["addresses"]), words["port"], words["authority"])


def wanted_of(words: dict[str, Any]) -> Wanted:
    starts_at, ends_at = (datetime.fromtimestamp(words[name], UTC) for name in ("starts_at", "ends_at"))
    owners, ours = frozenset(words["owners"]), frozenset(words["ours"])
    return Wanted(starts_at, ends_at, words["zone"], words["all_day"], owners, ours)
