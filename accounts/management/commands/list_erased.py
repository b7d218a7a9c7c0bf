"""`manage.py list_erased FILE`: keep the list of erased accounts beside the backups."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import erasures


class Command(BaseCommand):
    help = (
        "Adds the accounts that were erased to FILE, which belongs beside the backups: a timer runs this every few "
        "minutes. What stands in FILE already stays for as long as the privacy page says."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    @override
    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        try:
            count = erasures.write(file, now=timezone.now())
        except erasures.BadList as error:
            raise CommandError(f"{file} is left as it is. {error}") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Erased accounts in the list: {count:,}.")
