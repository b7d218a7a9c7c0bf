"""`manage.py prove`: check what the site promises, now, and keep what was found for `/admin/status/`."""

from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reflect import proving
from reflect.promises import Check


class Command(BaseCommand):
    help = (
        "Checks what the site promises, as a job does each night, and keeps what was found for /admin/status/. "
        "Exits with 1 if anything does not hold. The drill is a command of its own."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [check.value for check in proving.CHECKS]
        parser.add_argument("--only", action="append", choices=names, help="one check; repeatable")

    @override
    def handle(self, *_: Any, only: list[str] | None, **__: Any) -> None:
        red = 0
        for check in map(Check, only) if only else proving.CHECKS:
            found = proving.prove(check, timezone.now())
            self.stdout.write(f"{'ok ' if found.holds else 'RED'} {check}: {found.said}")
            red += not found.holds
        if red:
            raise CommandError(f"Checks that do not hold: {red}.")
