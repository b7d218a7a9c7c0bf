"""`manage.py erase_again FILE`: after a restore, erase the accounts that were erased since its moment."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import erasures


class Command(BaseCommand):
    help = (
        "Erases each account of FILE, as `list_erased` keeps it beside the backups, that a restored backup brought "
        "back. Run it after every restore, before anybody reaches the site; again does no harm."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    @override
    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        try:
            times = erasures.read(file)
        except erasures.BadList as error:
            raise CommandError(f"Nothing was erased. {error}") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        count = erasures.erase_again(times, now=timezone.now())
        self.stdout.write(f"Accounts in the list: {len(times):,}; erased again: {count:,}.")
