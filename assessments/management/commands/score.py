"""`manage.py score FILE`: scores answer sheets without a database."""

import csv
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, override

from django.core.management.base import BaseCommand, CommandError

from assessments import sheets
from assessments.algorithm_2.constants import WrongConstants, read
from assessments.algorithms import ALGORITHMS, NoSuchAlgorithm, Score, for_new_results, score_by
from assessments.instrument import Instrument
from assessments.management.commands.load_instrument import read_text
from assessments.validation import check_file

FIRST = Path(__file__).resolve().parent.parent.parent / "instruments" / "balance-1.toml"
HELP = "the TOML file of the version that the sheets answer, for example assessments/instruments/balance-2.toml"
STEP = 10_000
PROBLEMS = {  # what is wrong with the file, by the reason: the exit status tells
    "broken": "{} of the lines are no answer sheets.",
    "no_version": "{} of the sheets do not state their version. State it in each, or name it with --instrument.",
}


class Command(BaseCommand):
    help = (
        "Score answer sheets: JSON Lines or CSV in, the same out. One sheet a line; progress on standard error. "
        "A sheet that cannot be scored gets a line with the code of its error; the exit status is 1 if a line was "
        "no sheet at all, or did not state its version. Sheets are scored as the version of --instrument. Without it "
        'they are scored as version 1, and each has to state that: "version": 1 in JSON, a column “version” in CSV. '
        "One that states another version is refused either way."
    )
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a .jsonl or .csv file, or - for standard input")
        parser.add_argument("--format", choices=["jsonl", "csv"], help="if the file's name does not tell")
        parser.add_argument("--instrument", type=Path, help=HELP)
        parser.add_argument(
            "--algorithm", type=int, choices=ALGORITHMS, help="if not the one that new results are scored with"
        )
        parser.add_argument("--constants", type=Path, help="for algorithm 2: a TOML file, if not the constants in use")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        name: str = options["file"]
        kind: str = options["format"] or ("csv" if name.lower().endswith(".csv") else "jsonl")
        instrument = _instrument(options["instrument"] or FIRST)
        is_stated = options["instrument"] is not None
        score = _score(options["algorithm"] or for_new_results(instrument), instrument, options["constants"])
        try:
            with ExitStack() as stack:
                file: BinaryIO = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
                found = sheets.READERS[kind](file, instrument)
                documents = sheets.scored(found, instrument, score, is_stated=is_stated)
                columns = sheets.columns(instrument, score)
                wrong = self._count(sheets.WRITERS[kind](documents, self.stdout, columns))
        except (sheets.WrongColumns, csv.Error) as error:
            raise CommandError(f"{name}: {error}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{name}: is not text in UTF-8.") from error
        except OSError as error:
            what = f"{error.filename}: cannot be read" if error.filename else "The scores could not be written"
            raise CommandError(f"{what}: {error.strerror}.") from error
        problems = [sentence.format(wrong[kind]) for kind, sentence in PROBLEMS.items() if wrong[kind]]
        if problems:
            raise CommandError("\n".join(problems))

    def _count(self, written: Iterable[sheets.Document]) -> Counter[str]:
        """Report progress; return how many lines were not sheets, and how many did not state their version."""
        count = refused = 0
        wrong: Counter[str] = Counter()
        for count, document in enumerate(written, start=1):
            if "error" in document:
                refused += 1
                wrong["broken" if document["error"] in sheets.BROKEN else document["error"]] += 1
            if count % STEP == 0:
                self.stderr.write(f"{count} sheets")
        self.stderr.write(
            f"{count} sheets, done; {refused} could not be scored" if refused else f"{count} sheets, done"
        )
        return wrong


def _instrument(file: Path) -> Instrument:
    instrument, problems = check_file(read_text(file))
    if instrument is None:
        raise CommandError("\n".join(f"{file}: {problem}" for problem in problems))
    return instrument


def _score(algorithm: int, instrument: Instrument, file: Path | None) -> Score:
    try:
        return score_by(algorithm, instrument, read(read_text(file)) if file else None)
    except NoSuchAlgorithm as error:
        raise CommandError(str(error)) from None
    except WrongConstants as error:
        raise CommandError("\n".join(f"{file}: {problem}" for problem in error.problems)) from None
