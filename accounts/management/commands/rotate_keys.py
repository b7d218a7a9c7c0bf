"""`manage.py rotate_keys`: after a new first key in SEALING_KEYS, wrap every data key with it."""

from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from accounts import rotation
from accounts.sealing import active_key


class Command(BaseCommand):
    help = (
        "Wraps every data key, every second factor's secret and whatever else the site seals with the first key of "
        "SEALING_KEYS. What people wrote is not touched. It can be stopped and started again at any time, and run "
        "several times at once; the older keys have to stay in SEALING_KEYS until it says that none remains."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch-size", type=int, default=500, help="keys in one transaction (500)")

    @override
    def handle(self, *_: Any, batch_size: int, **__: Any) -> None:
        if batch_size < 1:
            raise CommandError("A batch holds at least one key.")
        failed = 0
        for what, waiting, batches in (
            ("data keys", rotation.keys_to_rewrap(), rotation.rewrap_data_keys(batch_size)),
            ("second factors", rotation.secrets_to_rewrap(), rotation.rewrap_secrets(batch_size)),
            *((one.what, one.to_reseal(), rotation.reseal(one, batch_size)) for one in rotation.SITE_SEALED),
        ):
            total, done = waiting.count(), 0
            for batch in batches:
                done += batch.done
                failed += batch.failed
                self.stderr.write(f"{what}: {done:,} of {total:,}")
        self.conclude(failed)

    def conclude(self, failed: int) -> None:
        """Report how many remain. Raises CommandError if some could not be opened."""
        name, _ = active_key()
        sealed = [one.to_reseal() for one in rotation.SITE_SEALED]
        waiting = (rotation.keys_to_rewrap(), rotation.secrets_to_rewrap(), *sealed)
        remaining = sum(rows.count() for rows in waiting)
        if failed:
            raise CommandError(
                f"{failed:,} could not be opened with any key of SEALING_KEYS and were left as they are."
            )
        if remaining:
            self.stdout.write(f"{remaining:,} remain, held by another run: run this again before you remove a key.")
        else:
            self.stdout.write(f"None remains: everything is wrapped by {name}, and the older keys can go.")
