"""Publish a version of the questionnaire from its TOML file."""

from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments import services
from assessments.models import InstrumentVersion
from assessments.suggestions import missing_prompts
from assessments.validation import check_file


class Command(BaseCommand):
    help = (
        "Check an instrument's TOML file and publish it as a version that never changes. A faulty file stores nothing."
    )

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="for example assessments/instruments/balance-1.toml")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--publish",
            action="store_true",
            help="offer it, and retire earlier versions that nobody has begun with; so it is without an option, too, "
            "but then one that is retired stays so, and is no error",
        )
        how.add_argument(
            "--draft", action="store_true", help="store it unpublished, to be read and published in the admin"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        source = read_text(file)
        instrument, problems = check_file(source)
        if instrument is None:
            lines = "\n".join(f"{file}: {problem}" for problem in problems)
            raise CommandError(f"{lines}\nNothing was stored.")
        name = f"{instrument.id} {instrument.version}"
        try:
            version, changed = services.load_version(source=source, publish=not options["draft"], now=timezone.now())
        except services.OtherContentError:
            raise CommandError(
                f"{file}: {name} is stored already, with other content. A version never changes: "
                f"give the new wording the next number (instrument.version)."
            ) from None
        except services.OtherGroupError as error:
            lines = "\n".join(f"{file}: {problem}." for problem in error.problems)
            raise CommandError(f"{lines}\nNothing was stored.") from None
        if missing := missing_prompts(instrument):
            self.stderr.write(
                f"{file}: routes name prompts that the guide does not have, and leave them out until it does: "
                f"{', '.join(missing)}. Run manage.py load_prompts, or look for a mistake in writing."
            )
        self.stdout.write(f"{name}: {state(version)}." if changed else f"{name}: is here already, {state(version)}.")
        if options["publish"] and version.retired_at:
            raise CommandError(f"{name} was retired, and stays so. To offer it again, publish it in the admin.")
        if not options["draft"]:
            self._retire_superseded(version)
            newer = InstrumentVersion.objects.current()
            if changed and newer and version.gives_way_to(newer):
                self.stdout.write(f"{newer}: is newer, so whoever starts is still offered that.")

    def _retire_superseded(self, version: InstrumentVersion) -> None:
        retired, begun = services.retire_superseded(by=version, now=timezone.now())
        for earlier in retired:
            self.stdout.write(f"{earlier}: retired.")
        for earlier in begun:
            self.stdout.write(
                f"{earlier}: stays, because people have begun with it. To retire it when they have finished, "
                f"load this file again."
            )


def state(version: InstrumentVersion) -> str:
    if version.retired_at:
        return "retired"
    return "published" if version.published_at else "stored, not published"


def read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: is not text in UTF-8 (byte {error.start}).") from None
