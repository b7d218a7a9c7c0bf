"""Importing our own export: read from memory, row by row, within limits, all or nothing."""

import json
import os
import re
import struct
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import PureWindowsPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts import consents, quota
from accounts.export import DATA, FORMAT, VERSION
from accounts.models import User
from accounts.portable import Arrival, Document, FileRefused
from accounts.privacy import registry
from lib.figures import MEGABYTE, with_figures

MOST_UPLOADED = 50 * MEGABYTE
MOST_UNPACKED = 200 * MEGABYTE
MOST_FILES = 40  # with the folders and hidden files that other programs add
LARGEST_DIRECTORY = 64 * 1024  # of a ZIP, in bytes
MOST_RATIO = 200  # reached by text whose earlier versions hardly differ; a ZIP bomb has 1,000
MOST_LINES = 50_000
MOST_ROWS = 100_000  # with versions; they take half a minute, and the proxy waits for one
LONGEST_LINE = 5 * MEGABYTE  # an entry of 50,000 emoji with 20 versions, or of as many letters with 100
MOST_TOKENS = 50_000  # of a line; an entry with 100 versions has 15,000
BATCH_ROWS, BATCH_BYTES = 200, MEGABYTE

ALONE = f'{{"format":"{FORMAT}"'.encode()  # how `data.json` begins
ZIP, ZIP_END, ZIP64 = b"PK\3\4", b"PK\5\6", b"PK\6\7"
END_RECORD, ZIP64_LOCATOR = struct.Struct("<4s3H H LL H"), struct.Struct("<4s L Q L")
TOKEN = re.compile(rb'"[^"]*"|[\[{,]')
# What zipfile raises for damaged files.
DAMAGED = (ArithmeticError, BadZipFile, EOFError, OSError, RuntimeError, struct.error, ValueError, zlib.error)

FOREIGN = _("Nothing was added: this is not a file that was downloaded here.")
TOO_LARGE = with_figures(
    _("Nothing was added: this file is too large. It may have %(sent)d MB, and %(unpacked)d MB when it is unpacked."),
    lambda: {"sent": MOST_UPLOADED // MEGABYTE, "unpacked": MOST_UNPACKED // MEGABYTE},
)
TOO_MANY = _(
    "Nothing was added: this ZIP holds many other files. Choose the download itself, or the file data.json in it."
)
NEWER = _("Nothing was added: this file comes from a newer version of this site.")
ANOTHER = _(
    "Nothing was added from this file: another one is being added to your account right now. "
    "Choose this one again when that is done."
)


@transaction.atomic
def import_file(
    *, owner: User, file: IO[bytes], now: datetime, agrees: Iterable[str] = (), takes_settings: bool = False
) -> Arrival:
    """Add the rows of an export that the owner does not have yet, whoever exported it.

    `agrees` are the purposes that the owner consents to by importing; what needs another consent is left out.
    Raises FileRefused, and then nothing changes: also if the account is full, or would be.
    """
    only_one(owner)
    if (
        not User.objects.select_for_update(no_key=True).only("pk").filter(pk=owner.pk).first()
    ):  # nor does it end meanwhile
        raise FileRefused
    quota.lock(owner)
    if quota.is_full(owner):
        raise FileRefused(quota.NO_ROOM_FOR_FILES)
    for purpose in agrees:
        consents.give(owner=owner, purpose=purpose, now=now)
    arrival = Arrival(owner, now, takes_settings)
    ours = registry.parts()
    try:
        for name, rows in parts(lines_of(file)):
            if name in ours and (take := ours[name].take):
                for batch in batches(rows, ours[name].keys):
                    take(arrival, batch)
                    quota.lock(owner)
                    if quota.is_full(owner):
                        raise FileRefused(quota.NO_ROOM_FOR_FILES)
                    if arrival.rows > MOST_ROWS:
                        raise FileRefused(TOO_LARGE)
            for _row in rows:
                pass  # skip parts that are never imported
        for finish in arrival.at_the_end:
            finish()
    except IntegrityError:
        raise FileRefused from None
    return arrival


def counted(rows: Counter[str]) -> str:
    """Rows in words, like "2 entries, 1 result", in the order of the export."""
    kinds = {kind: words for part in registry.parts().values() for kind, words in part.kinds.items()}
    return ", ".join(words % {"count": rows[kind]} for kind, words in kinds.items() if rows[kind])


def only_one(owner: User) -> None:
    """Let a person add one file at a time, until the transaction ends. Raises FileRefused for the second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.import:{owner.pk}"])
        [free] = cursor.fetchone()
    if not free:
        raise FileRefused(ANOTHER)


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of `data.json`, alone or in a ZIP, within the limits. Raises FileRefused."""
    try:
        with opened(file) as data:
            for _number in range(MOST_LINES):
                line = data.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if len(line) > LONGEST_LINE:
                    raise FileRefused
                yield line.strip()
    except DAMAGED:
        raise FileRefused from None
    raise FileRefused(TOO_LARGE)


@contextmanager
def opened(file: IO[bytes]) -> Iterator[IO[bytes]]:
    start = file.read(len(ALONE))
    if start == ALONE:
        file.seek(0)
        yield file
    elif start.startswith(ZIP):
        check_end(file)
        with ZipFile(file) as archive, archive.open(harmless(archive.infolist())) as member:
            yield member
    else:
        raise FileRefused(FOREIGN)


def check_end(file: IO[bytes]) -> None:
    """Raise FileRefused if the directory is too large, before `ZipFile` reads all of it.

    A comment at the end, or a record of ZIP64, could hide another directory. No ZIP of a download has one.
    """
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - END_RECORD.size - ZIP64_LOCATOR.size))
    end = file.read()
    signature, *_disks, files, size, _offset, _comment = END_RECORD.unpack(end[-END_RECORD.size :])
    if signature != ZIP_END or end.startswith(ZIP64):
        raise FileRefused
    if files > MOST_FILES or size > LARGEST_DIRECTORY:
        raise FileRefused(TOO_MANY)


def harmless(members: list[ZipInfo]) -> ZipInfo:
    """The member `data.json`, in whatever folder, if nothing is too large. False sizes raise BadZipFile when read."""
    if len(members) > MOST_FILES:
        raise FileRefused(TOO_MANY)
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise FileRefused(TOO_LARGE)
    found = [member for member in members if PureWindowsPath(member.filename).name == DATA]
    if len(found) != 1 or found[0].compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise FileRefused(FOREIGN)
    if found[0].file_size > MEGABYTE and found[0].file_size > MOST_RATIO * found[0].compress_size:
        raise FileRefused(TOO_LARGE)
    return found[0]


def parts(lines: Iterator[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and rows of each part of `data.json`. Exhaust the rows before asking for the next part."""
    head = parsed(next(lines, b"") + b"}}")
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise FileRefused(FOREIGN)
    if head.get("version") != VERSION:
        raise FileRefused(NEWER)
    for line in lines:
        if line == b"}}":
            if next(lines, None) is not None:
                raise FileRefused
            return
        part = parsed(b"{" + line + b"]}")
        if not isinstance(part, dict) or len(part) != 1 or [*part.values()] != [[]]:
            raise FileRefused
        yield next(iter(part)), rows_of(lines)
    raise FileRefused


def rows_of(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line in {b"]", b"],"}:
            return
        yield line.removesuffix(b",")
    raise FileRefused


def batches(rows: Iterator[bytes], keys: Collection[str]) -> Iterator[list[Document]]:
    """The rows with what is known of them, as many at a time as fit into memory."""
    batch: list[Document] = []
    size = 0
    for line in rows:
        batch.append(known(line, keys))
        size += len(line)
        if len(batch) == BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def known(line: bytes, keys: Collection[str]) -> Document:
    """What is known of a row; the rest is forgotten at once."""
    row = parsed(line)
    if not isinstance(row, dict):
        raise FileRefused
    return {key: row[key] for key in keys if key in row}


def parsed(line: bytes) -> object:
    """A line of JSON. Its tokens are counted first: each value takes up to a hundred times its length in memory."""
    unescaped = line.replace(rb"\\", b"").replace(rb"\"", b"")
    if next(islice(TOKEN.finditer(unescaped), MOST_TOKENS, None), None):
        raise FileRefused
    try:
        return json.loads(line.decode())  # of bytes, it would take UTF-16, whose quotes are not those counted
    except (ValueError, RecursionError):
        raise FileRefused from None
