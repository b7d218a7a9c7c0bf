"""Folders and files that several threads and processes read and write."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Make the folder, and hold an exclusive lock on it. Locking the folder itself leaves no lock file behind."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace_file(file: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file anew at once: whoever reads or copies it finds the old one or the new one, and never a part.

    It is on the disk before it takes its name, also if the power fails. One writer at a time (`exclusive`), unless each
    has a file of its own. Raises OSError, and leaves the old one alone.
    """
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    try:
        new.touch(mode=mode)
        with new.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
