"""The public page that says how often the questionnaire is wrong."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments import algorithms, how_sure
from assessments.algorithm_2.change import least_move, noticeable
from assessments.algorithm_2.constants import AREAS, Constants
from assessments.how_sure import AS_ASSUMED, CELLS, Document, Figure, Row, of_100, percent, rows
from assessments.models import constants_of_current
from assessments.words import whole

STEPS = 4  # of the scale from 0 that the simulation, and every version so far, answers the areas on


class Table(NamedTuple):
    """Rows of figures; each cell is named again by its column's head, for text so large that columns do not fit."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Row]
    id: str = ""
    what: str = ""
    about: str = ""
    note: str = ""


class Group(NamedTuple):
    """One population: every figure of it, by the amount of chance."""

    title: str
    tables: Sequence[Table]


@require_safe
@login_not_required
def how_sure_page(request: HttpRequest) -> HttpResponse:
    """Every figure that a reader of a result meets: how large its error is, and how that is known."""
    return render(request, "assessments/how_sure.html", context(how_sure.simulated(), constants_of_current()))


def context(found: Document, used: Constants) -> dict[str, Any]:
    """What the page shows of a run of the simulation, and of the constants in use."""
    return {
        "measured_on": how_sure.measured_on(used),
        "measured": how_sure.measured_between(used),
        "say": said(found, used),
        "people": f"{found['people']:,}",
        "assumptions": found["assumptions"],
        "known": list(how_sure.known(used)),
        "cuts": used.cuts,
        "basis": basis(found, used),
        "tables": tables(found),
        "pairs": found["pilots"]["pairs"],
        "pilots": f"{found['pilots']['pilots']:,}",
        "wanted": how_sure.wanted(found),
        "all": groups(found),
        "run": {**found, "date": date_format(date.fromisoformat(found["date"]), "j F Y")},
        "in_use": used.version,
        "is_current": is_current(found, used),
    }


def is_current(found: Document, used: Constants) -> bool:
    """Whether the simulation was run with the errors that new results have."""
    return bool(found["versions"]["constants"] == used.version)


def basis(found: Document, used: Constants) -> str:
    if is_current(found, used):
        return _("Basis: simulated, with the assumed errors.")
    return _(
        "Basis: simulated, with the errors that we assumed at first (version %(constants)s of the constants). New "
        "results use other errors."
    ) % {"constants": found["versions"]["constants"]}


def said(found: Document, used: Constants) -> Mapping[str, int | str]:
    """The figures in the sentences, mostly of 100: of people who differ widely, where nothing else is said."""
    wide, narrow = (found["cells"][population][AS_ASSUMED] for population in CELLS)
    more = found["cells"]["wide"]["more"]
    return {
        "sure_wide": of_100(wide["words"]["quite_sure"]["again"]),
        "sure_narrow": of_100(narrow["words"]["quite_sure"]["again"]),
        "range": of_100(wide["range"]["10"]),
        "alarm": of_100(wide["false_alarms"]["later_result"]),
        "once": of_100(wide["false_alarms"]["at_least_once"]["6"]),
        "any_part": of_100(wide["false_alarms"]["any_part"]),
        "more_sure": of_100(more["words"]["quite_sure"]["again"]),
        "more_range": of_100(more["range"]["10"]),
        "more_alarm": of_100(more["false_alarms"]["later_result"]),
        "needed": whole(wide["power"]["needed"]),
        "needed_now": ceil(noticeable(AREAS, used)),
        "error_then": f"{algorithms.constants().of_balance(AREAS):.1f}",
        "error_now": f"{used.of_balance(AREAS):.1f}",
        "seen_20": of_100(wide["power"]["told_at"]["20"]),
        "even_side": of_100(wide["even_couples"]["to_one_side"]),
        "even_sure": percent(wide["even_couples"]["to_one_side_quite_sure"]),
        "pilot": of_100(found["pilots"]["covered"]["plain"]["sigma"]),
        "cut_level": whole(found["cuts"]["level"]),
        "cut_uneven": whole(found["cuts"]["uneven"]),
        "cut_fairly": of_100(found["cuts"]["fairly_sure"]),
        "cut_sure": of_100(used.cuts.quite_sure),
        "cut_far": whole(used.cuts.regression),
        "area_steps": ceil(least_move(STEPS, used)),
    }


def tables(found: Document) -> list[Table]:
    """The figures of both populations with the assumed amount of chance, by what they are about."""
    cells = [(population, AS_ASSUMED) for population in CELLS]

    def table(name: str, title: str, what: str, figures: Sequence[Figure], about: str, note: str = "") -> Table:
        heads = list(titles().values())
        return Table(title, heads, named(heads, rows(figures, found, cells)), name, what, about, note)

    wide, narrow = (percent(found["cells"][population][AS_ASSUMED]["closer_to_level"]) for population in CELLS)
    return [
        table(
            "words",
            _("Would it say the same again?"),
            _("What a result says"),
            how_sure.words(),
            _("How often a second answering, with nothing changed, points to the same side or says “level” again."),
            _(
                "“Quite sure” does not turn round: where the side is not the same again, it is almost always “about "
                "level”. No word is sure for everybody."
            ),
        ),
        table(
            "level",
            _("What is said without being sure"),
            _("What a result says"),
            how_sure.sorts_of_level(),
            _("How often a second answering says the same. A result gives no word for how sure these are."),
            _("The areas of these invented people differ little, so “uneven” is rarely said, and its figure is rough."),
        ),
        table(
            "range",
            _("The range around a balance"),
            _("The range holds the usual balance"),
            how_sure.ranges(),
            _("A range of 80 % is meant to hold the usual balance in 80 of 100 cases."),
            _(
                "It holds it more often where the balance is small, and less often where it is large: a large balance "
                "owes more to chance. From 40 of 100 on, the usual balance is closer to level than the one shown in "
                "%(wide)s and %(narrow)s of cases."
            )
            % {"wide": wide, "narrow": narrow},
        ),
        table(
            "nothing",
            _("When nothing has changed"),
            _("What is said all the same"),
            how_sure.false_alarms(),
            _("False alarms. Each new result is compared with the one before and with the first."),
            _("Whoever answers often will sooner or later be told of a change by chance alone."),
        ),
        table(
            "change",
            _("When something has changed"),
            _("A true change of the balance"),
            how_sure.power(),
            _("How large a change has to be to be told as “probably changed”."),
            _("100 points are a change from all receiving to level, or from level to all giving."),
        ),
        table(
            "others",
            _("Level couples, and haste"),
            _("What is said"),
            how_sure.others(),
            _("What is said of couples whose areas are all level, and of twelve equal answers in a row."),
        ),
    ]


def groups(found: Document) -> list[Group]:
    heads = [_("Less chance"), _("As assumed"), _("More chance")]
    return [
        Group(
            title,
            [
                Table(name, heads, named(heads, rows(figures, found, _cells(population))), what=_("Figure"))
                for name, figures in how_sure.every_figure().items()
            ],
        )
        for population, title in titles().items()
    ]


def titles() -> dict[str, str]:
    """The two kinds of people."""
    return {"wide": _("People differ widely"), "narrow": _("People are more alike")}


def _cells(population: str) -> list[tuple[str, str]]:
    return [(population, noise) for noise in CELLS[population]]


def named(heads: Sequence[str], found: Sequence[Row]) -> list[Row]:
    """Each cell with the name of its column."""
    return [row._replace(cells=list(zip(heads, row.cells, strict=True))) for row in found]
