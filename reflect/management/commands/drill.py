"""`manage.py drill`: restore a backup in a scratch folder, and check what has to hold."""

from argparse import ArgumentParser
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, override

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, Error, connection
from django.utils import timezone
from django.utils.translation import gettext

from accounts.erasures import BadList
from reflect.drill import Plan, Took, drill
from reflect.promises import Check
from reflect.proving import Outcome, record
from reflect.scratch import NotPossible

TOLD = (NotPossible, BadList, OSError, Error, psycopg.Error)  # what an operator can do something about


class Command(BaseCommand):
    help = (
        "Takes a base backup of the database's server and its WAL (with --restore, uses your own backups), restores to "
        "a moment in a scratch folder, and checks: rows are as many as then, sealed rows open with the keys and not "
        "without, slots agree, whoever was erased is erased again. In the running database, an account is made and "
        "erased. Exits with 1 if anything does not hold."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--restore", default="", metavar="COMMAND", help="fills {folder} as of {moment} from your own backups"
        )
        parser.add_argument(
            "--kept", type=Path, action="append", default=[], help="a folder of base backups that are kept; repeatable"
        )
        parser.add_argument("--wal", type=Path, help="the archived WAL of --kept, for backups that hold none")
        parser.add_argument("--erased", type=Path, help="the file of `list_erased` beside the backups")
        parser.add_argument("--scratch", type=Path, help="a folder with room for the database, twice")
        parser.add_argument("--programs", type=Path, help="the folder of PostgreSQL's programs, if they are not found")

    @override
    def handle(self, *_: Any, **options: Any) -> None:
        red: dict[Check, int] = {Check.DRILL: 0, Check.KEPT: 0}

        def say(check: Check, holds: bool, words: str) -> None:
            self.stdout.write(f"{'ok ' if holds else 'RED'} {words}")
            red[check] += not holds

        plan = Plan(**{name: options[name] for name in Plan.__dataclass_fields__})
        try:
            took = drill(plan, partial(say, Check.DRILL), partial(say, Check.KEPT))
        except Exception as error:
            not_done(Check.DRILL, *([Check.KEPT] if plan.kept else []))
            if isinstance(error, TOLD):
                raise CommandError(f"The drill could not be done. {error}") from None
            raise
        self.stdout.write(f"RPO {took.rpo.total_seconds():.1f} s: from a commit until it was safe.")
        self.stdout.write(
            f"RTO {took.rto.total_seconds():.1f} s: until {took.size / 2**20:,.0f} MiB were restored and checked."
        )
        keep(Check.DRILL, red[Check.DRILL], in_words(plan, took))
        if plan.kept:
            keep(Check.KEPT, red[Check.KEPT], gettext("None is too old, or holds a key that it must not."))
        if count := sum(red.values()):
            raise CommandError(f"The drill failed: {count} of what has to hold does not.")


def not_done(*checks: Check) -> None:
    """Have what was found a month ago not stand any longer. What ended the drill may have taken our connection, too."""
    connection.close()
    with suppress(DatabaseError):
        for check in checks:
            record(check, Outcome(False, gettext("It could not be done.")), timezone.now())


def keep(check: Check, red: int, words: str) -> None:
    """Keep for the page of the administration what was found; `words` if everything held."""
    said = gettext("Things that do not hold: %(count)s.") % {"count": red} if red else words
    record(check, Outcome(not red, said), timezone.now())


def in_words(plan: Plan, took: Took) -> str:
    numbers = {"rto": round(took.rto.total_seconds()), "rpo": round(took.rpo.total_seconds())}
    if plan.restore:
        return gettext("Your own backup was restored in %(rto)s seconds; a commit was safe after %(rpo)s.") % numbers
    said = gettext("A backup made for it was restored in %(rto)s seconds; a commit was safe after %(rpo)s.") % numbers
    return f"{said} {gettext('Your own backups were not tried (--restore).')}"
