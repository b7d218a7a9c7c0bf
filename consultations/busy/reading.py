"""Has a calendar read in a process without keys and database (`child.py`), and takes nothing back but ranges."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from consultations.busy.answers import Answer, Failure, Limits, Range, Wanted
from consultations.busy.scan import MOST_RANGES
from lib.fetching import CLOSED, Opening

BASE = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.append(sys.argv[1]); from consultations.busy.child import serve; serve()"
KEPT = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # of the environment: where the machine keeps its authorities
type Wire = io.BufferedRWPair

GRACE = 2  # seconds after the limit, until a process that still answers nothing is given up
LONGEST_ANSWER = 2**20  # bytes


class NotRead(Exception):
    """Nothing is known of the calendar."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class Reader:
    """Keeps the warmed process that forks for each calendar; several threads may read at once."""

    def __init__(self, *, opening: Opening = CLOSED, limits: Limits | None = None) -> None:
        self.opening, self.limits = opening, limits or Limits()

    def __enter__(self) -> Self:
        ours, its = socket.socketpair()
        with its:
            self.process = subprocess.Popen(  # noqa: S603  # our own code, and no argument of anybody's
                [sys.executable, "-I", "-c", START, str(BASE), str(its.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in KEPT if name in os.environ},
                pass_fds=[its.fileno()],
            )
        self.asked = ours
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.asked.close()  # which ends the process
        self.process.wait()

    def read(self, address: str, wanted: Wanted, as_before: Callable[[bytes], bool]) -> Answer:
        """What stands in a calendar; nothing is parsed if its digest is `as_before`. Raises NotRead."""
        ours, its = socket.socketpair()
        with ours:
            with its:
                socket.send_fds(self.asked, [b"."], [its.fileno()])
            ours.settimeout(self.limits.whole + GRACE)
            with ours.makefile("rwb") as wire:
                try:
                    return self.asked_on(wire, address, wanted, as_before)
                except (OSError, ValueError, KeyError, TypeError):  # it was ended, or says what it never says
                    raise NotRead(Failure.TOO_MUCH) from None

    def asked_on(self, wire: Wire, address: str, wanted: Wanted, as_before: Callable[[bytes], bool]) -> Answer:
        question = {
            "address": address,
            "opening": asdict(self.opening) | {"addresses": [*self.opening.addresses]},
            "limits": asdict(self.limits),
            "wanted": asdict(wanted)
            | {"starts_at": wanted.starts_at.timestamp(), "ends_at": wanted.ends_at.timestamp()}
            | {"owners": [*wanted.owners], "ours": [*wanted.ours]},
        }
        tell(wire, json.dumps(question).encode())
        digest = bytes.fromhex(answered(wire)["digest"])
        if as_before(digest):
            tell(wire, b"stop")
            return Answer(digest, True, [], 0)
        tell(wire, b"read")
        found = answered(wire)
        return Answer(digest, False, ranges_of(found["ranges"]), int(found["left_out"]))


def tell(wire: Wire, words: bytes) -> None:
    wire.write(words + b"\n")
    wire.flush()


def answered(wire: Wire) -> dict[str, Any]:
    """One line of the process. Raises NotRead, and ValueError for what is none."""
    words: dict[str, Any] = json.loads(wire.readline(LONGEST_ANSWER))
    if "failed" in words:
        raise NotRead(Failure(words["failed"]))
    return words


def ranges_of(pairs: list[tuple[int, int]]) -> list[Range]:
    """The ranges of an answer. Raises ValueError for what makes no ranges."""
    if len(pairs) > MOST_RANGES or not all(starts < ends for starts, ends in pairs):
        raise ValueError
    return [(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)) for starts, ends in pairs]
