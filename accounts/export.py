"""Everything about a person as one ZIP, streamed: nothing is written to disk, and rows are read one at a time."""

import io
import json
import time
from collections.abc import Buffer, Generator, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import override
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.portable import Document
from accounts.privacy import registry
from lib.direction import isolated
from lib.places import Places, half

FORMAT, VERSION = "reflect", 1
DATA = "data.json"
CHUNK = 64 * 1024
SLOWEST, AFTER = 10_000, 60  # bytes a second, and the seconds from which on they count
# The same while somebody else has found all places taken, up to so many seconds ago: a few accounts that read slowly
# would keep them all for hours. What is smaller than 30 MB arrives even at half of this speed.
PRESSED, WHILE = 500_000, 120

downloads = Places()

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Outgoing(io.RawIOBase):
    """Unseekable file object for `ZipFile`: a buffer that is emptied as it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, chunk: Buffer) -> int:
        self.waiting += chunk
        return memoryview(chunk).nbytes

    def take(self) -> bytes:
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken


def file_name(now: datetime) -> str:
    """A name that does not give away the content."""
    return f"my-data-{now:%Y-%m-%d}.zip"


def export(owner: User, now: datetime) -> Iterator[bytes]:
    """The ZIP with everything about the owner, in chunks; texts are in the language that is active now."""
    return zipped(chain([("README.txt", [readme(owner, now)])], texts(owner), [(DATA, data(owner, now))]), now)


class TooSlow(Exception):
    """A reader who takes next to nothing is keeping a thread."""


def in_turn(owner: User, chunks: Iterable[bytes]) -> Generator[bytes]:
    """The chunks, while a person has one download at a time, and all of them half the threads of a process.

    Raises NoPlace at once, and TooSlow in the middle, so that the browser knows that the file is not whole.
    """
    held = _held(owner, chunks)
    next(held)  # from here on its place is given back, even if nobody reads on
    return held


def _held(owner: User, chunks: Iterable[bytes]) -> Generator[bytes]:
    with downloads.one(owner.pk, each=1, total=half()):
        begun, sent = time.monotonic(), 0
        yield b""
        for chunk in chunks:
            yield chunk
            sent += len(chunk)
            now = time.monotonic()
            slowest = PRESSED if now - downloads.refused_at < WHILE else SLOWEST
            if sent < slowest * (now - begun - AFTER):
                raise TooSlow


def texts(owner: User) -> Iterator[tuple[str, Iterable[str]]]:
    """Names and lines of the text files, which are for people to read; none that would be empty."""
    for part in registry.parts().values():
        if part.readable:
            name, write = part.readable
            lines = iter(write(owner))
            for first in islice(lines, 1):
                yield name, chain([first], lines)


def data(owner: User, now: datetime) -> Iterator[str]:
    """`data.json` with each row on its own line, so that the import can read it line by line."""
    head = encode({"format": FORMAT, "version": VERSION, "made_at": now.isoformat(), "parts": {}})
    yield head.removesuffix("}}")
    between = "\n"
    for name, part in registry.parts().items():
        yield f"{between}{encode(name)}:["
        yield from rows(part.write(owner))
        yield "\n]"
        between = ",\n"
    yield "\n}}\n"


def rows(documents: Iterable[Document]) -> Iterator[str]:
    between = "\n"
    for document in documents:
        yield between + encode(document)
        between = ",\n"


def zipped(files: Iterable[tuple[str, Iterable[str]]], now: datetime) -> Iterator[bytes]:
    """A ZIP of text files, in chunks."""
    out = Outgoing()
    with ZipFile(out, "w") as archive:
        for name, pieces in files:
            info = ZipInfo(name, now.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            with archive.open(info, "w") as member:
                for piece in pieces:
                    member.write(piece.encode())
                    if len(out.waiting) >= CHUNK:
                        yield out.take()
    yield out.take()


def readme(owner: User, now: datetime) -> str:
    """The text of the file that explains the others."""
    lines = [
        _("Everything in the account %(email)s, as it was on %(day)s (UTC).")
        % {"email": isolated(owner.address), "day": f"{now:%Y-%m-%d %H:%M}"},
        _("data.json holds all of it in a form that programs can read. You can import it into an account here."),
        _(
            "The files that end in .md are for reading: your journal and your results, your messages and "
            "questions, and a specialist’s private notes. Any text editor opens them."
        ),
        _("Anyone who opens these files can read them. Keep them where only you can."),
    ]
    return "\n\n".join(lines) + "\n"
