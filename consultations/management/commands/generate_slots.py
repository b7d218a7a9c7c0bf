"""Generate the slots up to the horizon."""

from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from consultations.models import Specialist
from consultations.services.slots import generate


class Command(BaseCommand):
    help = "Make the slots of the coming weeks as the hours ask for; a second run changes nothing."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--specialist", help="the address of the page of one specialist; without it, all")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Specialist.objects.order_by("slug")
        if options["specialist"]:
            chosen = chosen.filter(slug=options["specialist"])
            if not chosen:
                raise CommandError(f"There is no specialist {options['specialist']}.")
        now, would = timezone.now(), "would be " if options["dry_run"] else ""
        for pk, slug in chosen.values_list("pk", "slug"):
            with transaction.atomic():
                made = generate(specialist_id=pk, now=now)
                transaction.set_rollback(options["dry_run"])
            self.stdout.write(f"{slug}: {made.added} {would}added, {made.removed} {would}removed")
