"""`manage.py open_sealed`: try to open a sample of everything that is sealed."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from accounts import sealed_sample


class Command(BaseCommand):
    help = (
        "Opens a sample of each kind of sealed row, and says how many opened: after a restore, and after a change to "
        "SEALING_KEYS. Exits with 1 if any does not open. Nothing of what they hold is shown."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, default=20, help="rows of each kind (20)")
        parser.add_argument("--without-keys", action="store_true", help="exit with 1 if any opens without the keys")

    @override
    def handle(self, *_: Any, sample: int, without_keys: bool, **__: Any) -> None:
        if sample < 1:
            raise CommandError("A sample holds at least one row.")
        with sealed_sample.without_the_keys() if without_keys else nullcontext():
            found = [*sealed_sample.sample(sample)]
        total = sum(one.opened + one.closed for one in found)
        wrong = {one.what: one.opened if without_keys else one.closed for one in found}
        for what, count in wrong.items():
            if count:
                self.stderr.write(f"{what}: {count:,}")
        if not total:
            raise CommandError("Nothing is sealed here.")
        if count := sum(wrong.values()):
            how = "open without the keys" if without_keys else "do not open"
            raise CommandError(f"Of {total:,} sealed rows, {count:,} {how}.")
        self.stdout.write(f"{total:,} sealed rows {'stay closed without the keys' if without_keys else 'open'}.")
