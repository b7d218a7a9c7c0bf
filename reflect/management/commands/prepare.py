"""`manage.py prepare`: everything between an installed release and its start, in one go."""

from typing import Any, override

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

LEVELS = ("WARNING", "ERROR")
QUESTIONNAIRE = "assessments/instruments/balance-2.toml"


class Command(BaseCommand):
    help = (
        "Check the set-up, bring the database up to date, load what comes with the release, collect static files, and "
        "write the proxy's pages. Run it before each start of a new release; a second time it changes nothing."
    )
    requires_system_checks = []

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fail-level", choices=LEVELS, default="WARNING", help="what of the check stops it (WARNING)"
        )
        parser.add_argument("--no-static", action="store_true", help="static files are collected already")

    @override
    def handle(self, *args: Any, fail_level: str, no_static: bool, **options: Any) -> None:
        call_command("check", deploy=True, databases=["default"], fail_level=fail_level, stdout=self.stdout)
        call_command("migrate", interactive=False, verbosity=1)
        call_command("createcachetable", verbosity=0)
        call_command("load_prompts", stdout=self.stdout)
        call_command("load_instrument", settings.BASE_DIR / QUESTIONNAIRE, stdout=self.stdout)
        if not no_static:
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("proxy_pages")
