"""`manage.py score FILE`: scores answer sheets without a database."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO, override

from django.core.management.base import BaseCommand, CommandError

from assessments import sheets
from assessments.validation import check_file

CURRENT = Path(__file__).resolve().parent.parent.parent / "instruments" / "balance-1.toml"
STEP = 10_000


class Command(BaseCommand):
    help = "Score answer sheets: JSON Lines or CSV in, the same out. One sheet a line; progress on standard error."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a .jsonl or .csv file, or - for standard input")
        parser.add_argument("--format", choices=["jsonl", "csv"], help="if the file's name does not tell")
        parser.add_argument("--instrument", type=Path, default=CURRENT, help="the instrument's TOML file")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        name: str = options["file"]
        kind: str = options["format"] or ("csv" if name.lower().endswith(".csv") else "jsonl")
        try:
            instrument, problems = check_file(options["instrument"].read_text(encoding="utf-8"))
            if instrument is None:
                raise CommandError("\n".join(problems))
            with ExitStack() as stack:
                lines: Iterable[str] = sys.stdin if name == "-" else stack.enter_context(_open(Path(name)))
                documents = sheets.scored(sheets.READERS[kind](lines, instrument), instrument)
                self._count(sheets.WRITERS[kind](documents, self.stdout, instrument))
        except sheets.WrongColumns as error:
            raise CommandError(str(error)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file could not be read: {error}") from error

    def _count(self, written: Iterator[None]) -> None:
        count = 0
        for count, _ in enumerate(written, start=1):
            if count % STEP == 0:
                self.stderr.write(f"{count} sheets")
        self.stderr.write(f"{count} sheets, done")


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")
