"""Loads the prompts that come with the code into the table that admins edit."""

from typing import Any, override

from django.core.management.base import BaseCommand

from guide.chapters import CONTENT
from guide.services import add_missing_prompts


class Command(BaseCommand):
    help = "Add the prompts that are not in the database yet. What is there is left as it is."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        added = add_missing_prompts(source=(CONTENT / "prompts.toml").read_text(encoding="utf-8"))
        if options["verbosity"]:
            self.stdout.write(f"Prompts added: {added}.")
