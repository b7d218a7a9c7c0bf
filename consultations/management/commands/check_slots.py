"""Verify that each future slot is open exactly if it should be."""

from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consultations.services.slots import differing

MOST_PRINTED = 100


class Command(BaseCommand):
    help = "Print each slot that can be booked and must not be, or the reverse; exit with 1 if there is any."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for count, (pk, slug, starts_at, should_be_open) in enumerate(differing(timezone.now()), 1):
            if count > MOST_PRINTED:
                continue
            should = "should be open" if should_be_open else "should not be open"
            self.stdout.write(f"{pk} {slug} {starts_at.isoformat()}: {should}")
        if count:
            raise CommandError(f"{count} slots differ from the bookings.")
        self.stdout.write("Every slot agrees with the bookings.")
