"""Importing our own export: read from memory, row by row, within limits, all or nothing."""

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, override
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.export import DATA, FORMAT, VERSION
from accounts.models import User
from accounts.portable import Arrival, Document, FileRefused
from accounts.privacy import registry
from lib.figures import MEGABYTE, with_figures

MOST_UPLOADED = 50 * MEGABYTE
MOST_UNPACKED = 200 * MEGABYTE
MOST_FILES = 10
MOST_RATIO = 200  # reached by text whose earlier versions hardly differ; a ZIP bomb has 1,000
LONGEST_LINE = 8 * MEGABYTE  # an entry of 50,000 characters with 20 versions
MOST_ROWS = 50_000

FOREIGN = _("Nothing was added: this is not a file that was downloaded here.")
TOO_LARGE = with_figures(
    _("Nothing was added: this file is too large. It may have %(sent)d MB, and %(unpacked)d MB when it is unpacked."),
    lambda: {"sent": MOST_UPLOADED // MEGABYTE, "unpacked": MOST_UNPACKED // MEGABYTE},
)
NEWER = _("Nothing was added: this file comes from a newer version of this site.")


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory up to MOST_UPLOADED and drops a larger one; nothing is written to disk."""

    @override
    def handle_raw_input(
        self, input_data: IO[bytes], META: dict[str, str], content_length: int, *args: Any, **kwargs: Any
    ) -> None:
        self.activated = content_length <= MOST_UPLOADED


@transaction.atomic
def import_file(*, owner: User, file: IO[bytes], now: datetime, agrees: Iterable[str] = ()) -> Arrival:
    """Add the rows of an export that the owner does not have yet, whoever exported it.

    `agrees` are the purposes that the owner consents to by importing. Raises FileRefused, and then nothing changes.
    """
    User.objects.select_for_update().get(pk=owner.pk)  # serialises imports: a file sent twice adds its rows once
    for purpose in agrees:
        consents.give(owner=owner, purpose=purpose, now=now)
    arrival = Arrival(owner, now)
    known = registry.parts()
    try:
        with opened(file) as lines:
            for name, rows in parts(lines):
                if name in known and (take := known[name].take):
                    take(arrival, rows)
                for _row in rows:
                    pass  # skip parts that are never imported
    except IntegrityError:
        raise FileRefused from None
    return arrival


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Iterator[bytes]]:
    """The lines of `data.json` in a ZIP within the limits. Raises FileRefused, also while they are being read."""
    try:
        with ZipFile(file) as archive, archive.open(harmless(archive.infolist())) as member:
            yield lines_of(member)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error):
        raise FileRefused(FOREIGN) from None


def harmless(members: list[ZipInfo]) -> ZipInfo:
    """The member `data.json`, if nothing is too large. False sizes raise BadZipFile when it is read."""
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise FileRefused(TOO_LARGE)
    found = [member for member in members if member.filename == DATA]
    if len(found) != 1 or found[0].compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise FileRefused(FOREIGN)
    if found[0].file_size > MEGABYTE and found[0].file_size > MOST_RATIO * found[0].compress_size:
        raise FileRefused(TOO_LARGE)
    return found[0]


def lines_of(member: IO[bytes]) -> Iterator[bytes]:
    while line := member.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise FileRefused
        yield line.strip()


def parts(lines: Iterator[bytes]) -> Iterator[tuple[str, Iterator[Document]]]:
    """Name and rows of each part of `data.json`. Exhaust the rows before asking for the next part."""
    head = parsed(next(lines, b"") + b"}}")
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise FileRefused(FOREIGN)
    if head.get("version") != VERSION:
        raise FileRefused(NEWER)
    budget = iter(range(MOST_ROWS))
    for line in lines:
        if line == b"}}":
            if next(lines, None) is not None:
                raise FileRefused
            return
        part = parsed(b"{" + line + b"]}")
        if not isinstance(part, dict) or len(part) != 1 or [*part.values()] != [[]]:
            raise FileRefused
        yield next(iter(part)), rows_of(lines, budget)
    raise FileRefused


def rows_of(lines: Iterator[bytes], budget: Iterator[int]) -> Iterator[Document]:
    for line in lines:
        if line in {b"]", b"],"}:
            return
        if next(budget, None) is None:
            raise FileRefused(TOO_LARGE)
        row = parsed(line.removesuffix(b","))
        if not isinstance(row, dict):
            raise FileRefused
        yield row
    raise FileRefused


def parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise FileRefused from None
