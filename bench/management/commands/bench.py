"""`make bench`: measure the product against its anchor, and print each goal with its figure and peer."""

from collections.abc import Callable, Iterable
from typing import Any, override

from django.core.management.base import BaseCommand, CommandParser

from bench import administration, browser, calendars, commands, consultations, entrance, exchange, goals, journal
from bench.goals import Line
from bench.measurement.goals import measurement
from bench.site import Answered, empty_database, served, somebody_who_answered

SERVED: dict[str, Callable[[Answered], Iterable[Line]]] = {
    "1": goals.pages_against_the_anchor,
    "2": goals.queries,
    "5": lambda _ana: goals.double_submit(),
    "9": goals.many_connections,
    "10": browser.first_visits,
    "entrance": entrance.entrance,
    "journal": journal.journal,
    "consultations": consultations.consultations,
    "shopper": consultations.shopper_alone,
    "exchange": exchange.exchange,
    "calendars": calendars.calendars,
    "administration": administration.administration,
}
OUTSIDE: dict[str, Callable[[], Iterable[Line]]] = {
    "scoring": commands.scoring,
    "measurement": measurement,
    "11": commands.clone_to_demo,
}


class Command(BaseCommand):
    help = "Measure the goals of bench/README.md; all of them, or those that are named."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("goals", nargs="*", metavar="goal", help=", ".join([*SERVED, *OUTSIDE]))

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["goals"] or [*SERVED, *OUTSIDE]
        self.row("goal", "figure", "wanted", "peer", "")
        if any(name in SERVED for name in chosen):
            empty_database()
            ana = somebody_who_answered("ana")
            with served():
                for name, measure in SERVED.items():
                    if name in chosen:
                        self.rows(measure(ana))
        for name, measure_outside in OUTSIDE.items():
            if name in chosen:
                self.rows(measure_outside())

    def rows(self, lines: Iterable[Line]) -> None:
        words = {True: "met", False: "MISSED", None: ""}
        for line in lines:
            self.row(line.goal, line.figure, line.wanted, line.peer, words[line.met])

    def row(self, goal: str, figure: str, wanted: str, peer: str, met: str) -> None:
        self.stdout.write(f"{goal:<43}{figure:<74}{wanted:<28}{peer:<16}{met}".rstrip())
