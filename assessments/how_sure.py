"""How often the questionnaire is wrong, for the public page: the simulation's figures, and the errors in use.

`make bench ARGS=measurement` wrote the figures into `FILE`; `bench/measurement/` says how they come about. Pure but for
the translations.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from assessments.algorithm_2.constants import AREAS, WEAKEST_FIRST, Constants, Error
from assessments.words import whole

FILE: Final = Path(__file__).parent / "instruments" / "how-sure-2.json"
CELLS: Final = {"wide": ("less", "assumed", "more"), "narrow": ("less", "assumed", "more")}
AS_ASSUMED: Final = "assumed"

type Document = Mapping[str, Any]


class Figure(NamedTuple):
    """One figure of a cell: what it is, its place in the file, and whether it is a share (else points)."""

    name: str
    path: tuple[str, ...]
    is_share: bool = True


class Row(NamedTuple):
    name: str
    cells: Sequence[Any]
    small: str = ""


class Known(NamedTuple):
    """A figure that a reader meets, how large its error is in points, and how that is known."""

    name: str
    error: str
    basis: str


class Wanted(NamedTuple):
    """What was wanted of a figure, what came out, and why where it was not reached."""

    name: str
    wanted: str
    found: str
    reached: bool
    why: str


@cache
def simulated() -> Document:
    """The figures of the last run."""
    document: Document = json.loads(FILE.read_text(encoding="utf-8"))
    return document


# --- Figures by the word, range or change that they are about ---------------------------------------------------


def words() -> list[Figure]:
    """How often a second answering says the same."""
    return [
        Figure(_("“Quite sure” that you give or receive more"), ("words", "quite_sure", "again")),
        Figure(_("“Fairly sure” that you give or receive more"), ("words", "fairly_sure", "again")),
        Figure(_("“Too close to tell”, a little to one side"), ("words", "side_too_close", "again")),
        Figure(_("“About level, as far as this can tell”"), ("words", "level", "again")),
        Figure(_("“Too close to tell”, about level"), ("words", "level_too_close", "again")),
        Figure(_("You give more, with whatever word"), ("positions", "gives_more", "again")),
        Figure(_("You receive more, with whatever word"), ("positions", "receives_more", "again")),
    ]


def sorts_of_level() -> list[Figure]:
    """What is said without a word for how sure it is."""
    return [
        Figure(_("Level, with a lot on both sides"), ("positions", "balanced_full", "again")),
        Figure(_("Level, with little on both sides"), ("positions", "balanced_thin", "again")),
        Figure(_("Level overall, uneven by area"), ("positions", "uneven_by_area", "again")),
        Figure(_("A part in its lower third"), ("bands", "lower")),
        Figure(_("A part in its middle third"), ("bands", "middle")),
        Figure(_("A part in its upper third"), ("bands", "higher")),
    ]


def ranges() -> list[Figure]:
    """How often the range of 80 % holds the usual balance."""
    by_areas = [Figure(_("From %(areas)s areas") % {"areas": k}, ("range", str(k))) for k in (10, 9, 8, 7)]
    sizes = {
        "0 to 15": _("Balance up to 15 of 100"),
        "15 to 40": _("From 15 to 40"),
        "40 to 55": _("From 40 to 55"),
        "55 and more": _("55 and more"),
    }
    return by_areas + [Figure(name, ("range_by_size", key)) for key, name in sizes.items()]


def false_alarms() -> list[Figure]:
    """What is said of a change where nothing has changed."""
    once = ("false_alarms", "at_least_once")
    return [
        Figure(_("A second result: “probably changed”"), ("false_alarms", "second_result")),
        Figure(_("Each later result: “probably changed”"), ("false_alarms", "later_result")),
        Figure(_("Each later result: “may have changed”"), ("false_alarms", "later_result_maybe")),
        Figure(_("“Probably changed” at least once in three results"), (*once, "3")),
        Figure(_("“Probably changed” at least once in six results"), (*once, "6")),
        Figure(_("One part: “more” or “less” than before"), ("false_alarms", "part")),
        Figure(_("Any part of a result: “more” or “less” than before"), ("false_alarms", "any_part")),
    ]


def power() -> list[Figure]:
    """How often a true change is told, by its size, and the size that it takes."""
    told = [
        Figure(_("A true change of %(points)s points is told") % {"points": points}, ("power", "told_at", str(points)))
        for points in (20, 30, 40, 50, 60)
    ]
    return [
        *told,
        Figure(_("Points it takes to be told in half of all cases"), ("power", "half"), is_share=False),
        Figure(_("Points it takes to be told in 80 of 100 cases"), ("power", "needed"), is_share=False),
    ]


def others() -> list[Figure]:
    return [
        Figure(_("Couples level in every area: called uneven"), ("even_couples", "uneven")),
        Figure(_("Couples level in every area: said to lean to one side"), ("even_couples", "to_one_side")),
        Figure(_("… and “quite sure”"), ("even_couples", "to_one_side_quite_sure")),
        Figure(_("Twelve equal answers in a row: mentioned"), ("equal_answers", "planted")),
        Figure(_("Mentioned, though nobody answered in haste"), ("equal_answers", "false")),
    ]


def true_errors() -> list[Figure]:
    """The errors in the simulation, to compare with the constants."""
    return [
        *(
            Figure(
                _("Error of the balance, %(areas)s areas") % {"areas": k}, ("errors", "balance", str(k)), is_share=False
            )
            for k in (10, 9, 8, 7)
        ),
        Figure(_("Error of unevenness"), ("errors", "A"), is_share=False),
        Figure(_("Error of the level"), ("errors", "L"), is_share=False),
        *(
            Figure(_("Error of a part with %(k)s answers") % {"k": k}, ("errors", "sem", str(k)), is_share=False)
            for k in (8, 6, 4, 3, 2)
        ),
    ]


def every_figure() -> dict[str, list[Figure]]:
    """All figures of a cell, by what they are about."""
    return {
        _("The same again"): words() + sorts_of_level(),
        _("The range of four in five"): ranges(),
        _("Where nothing has changed"): false_alarms(),
        _("Where something has changed"): power(),
        _("Level couples, and equal answers"): others(),
        _("The errors in the simulation"): true_errors(),
    }


def rows(figures: Sequence[Figure], found: Document, cells: Sequence[tuple[str, str]]) -> list[Row]:
    """Each figure in these cells. A word that has a share of people is followed by it."""
    return [
        Row(
            one.name,
            [shown(one, found["cells"][population][noise]) for population, noise in cells],
            _said_to(one, found),
        )
        for one in figures
    ]


def _said_to(figure: Figure, found: Document) -> str:
    kind, key = figure.path[:2]
    if kind not in ("words", "positions"):
        return ""
    wide, narrow = (percent(found["cells"][name][AS_ASSUMED][kind][key]["share"]) for name in CELLS)
    return _("said to %(wide)s and to %(narrow)s of people") % {"wide": wide, "narrow": narrow}


def shown(figure: Figure, cell: Document) -> str:
    value: Any = cell
    for key in figure.path:
        value = value[key]
    if value is None:
        return _("not seen")
    return percent(value) if figure.is_share else f"{value:.1f}"


def percent(share: float) -> str:
    """Whole, but for less than 10 %, and what is almost but not quite all: there one decimal."""
    value = 100 * share
    exact = 0 < value < 10 or 99.5 <= value < 100
    return f"{value:.1f}\N{NO-BREAK SPACE}%" if exact else f"{whole(value)}\N{NO-BREAK SPACE}%"


def of_100(share: float) -> int:
    return whole(100 * share)


# --- What was wanted --------------------------------------------------------------------------------------------


def wanted(found: Document) -> list[Wanted]:
    """The figures that had a bound before they were known."""
    names, reasons = _names(), _reasons()
    return [
        Wanted(
            names[key],
            _between(row["low"], row["high"]),
            _found(row),
            row["reached"],
            "" if row["reached"] else reasons.get(key, _("We do not know why yet.")),
        )
        for key, row in found["wanted"].items()
    ]


def _found(row: Document) -> str:
    if row["found"] is None:
        return _("not seen")
    return f"{row['found']:g}" if row["is_count"] else f"{100 * row['found']:.1f}\N{NO-BREAK SPACE}%"


def _between(low: float, high: float) -> str:
    if low == high:
        return f"{low:g}" if low == 0 else percent(low)
    if low == 0:
        return _("at most %(high)s") % {"high": percent(high)}
    if high == 1:
        return _("at least %(low)s") % {"low": percent(low)}
    return _("%(low)s to %(high)s") % {"low": percent(low), "high": percent(high)}


def _names() -> dict[str, str]:
    return {
        **{f"range_{k}": _("The range of 80 %%, from %(areas)s areas") % {"areas": k} for k in (7, 8, 9, 10)},
        "quite_sure": _("“Quite sure”: the same side again"),
        "second_result": _("“Probably changed” of a second result, though nothing did"),
        "later_result": _("“Probably changed” of each later result, though nothing did"),
        "parts": _("Changes of parts inside their error: “too small to tell”"),
        "uneven": _("Couples level in every area: called uneven"),
        "equal_noted": _("Twelve equal answers in a row: mentioned"),
        "equal_false": _("Mentioned, though nobody answered in haste"),
        "pilot": _("The error measured with 100 people who answer twice: the truth lies inside its range of 90 %"),
        "differencing": _("People found by subtracting one publication of group figures from the next"),
    }


def _reasons() -> dict[str, str]:
    """Why a figure of the last run was not reached, by its key."""
    return {}


# --- Errors and their basis -------------------------------------------------------------------------------------


def known(constants: Constants) -> Iterator[Known]:
    """Each figure that a reader meets, with the error that is in use."""
    both, sigma = (constants.s, constants.e), constants.sigma
    for k in (10, 9, 8, 7):
        how = basis(sigma) if sigma and k == AREAS else basis(*both)
        yield Known(_("Balance from %(areas)s areas") % {"areas": k}, _points(constants.of_balance(k)), how)
    again = constants.of_answering_again(10)
    how = (
        _("the upper end of what was measured, so that chance is not easily taken for a change")
        if sigma
        else basis(*both)
    )
    yield Known(_("Change of the balance between two results"), _points(again), how)
    yield Known(_("Unevenness by area"), _points(constants.A.value), basis(constants.A))
    level = constants.A0[10]
    yield Known(_("Unevenness that chance makes where all areas are level"), _points(level.value), basis(level))
    yield Known(_("Level of both sides together"), _points(constants.L.value), basis(constants.L))
    for k in (8, 6, 4, 3, 2):
        error = constants.sem[k]
        yield Known(_("Part with %(k)s answers") % {"k": k}, _points(error.value), basis(error))


def basis(*errors: Error) -> str:
    """How errors are known; of several the weakest."""
    weakest = min(errors, key=lambda one: WEAKEST_FIRST.index(one.basis))
    if weakest.interval is None:
        return _("assumed, not measured yet")
    low, high = weakest.interval
    about = {"n": weakest.n, "low": _points(low), "high": _points(high), "source": weakest.source}
    if len(errors) > 1:  # the interval is that of one of them, and not of the sum
        if weakest.basis == "published":
            return _("published, measured with %(n)s people: %(source)s") % about
        return _("measured here with %(n)s people") % about
    if weakest.basis == "published":
        return _("published, measured with %(n)s people, between %(low)s and %(high)s: %(source)s") % about
    return _("measured here with %(n)s people, between %(low)s and %(high)s") % about


def _points(value: float) -> str:
    return f"{value:.1f}"


def measured_on(constants: Constants) -> int:
    """The people on whom the errors of the balance rest."""
    return constants.of_all_areas.n


def measured_between(constants: Constants) -> Mapping[str, str]:
    """The error of a whole balance and where its interval of 90 % lies; empty unless just that was measured."""
    if constants.sigma is None or constants.sigma.interval is None:
        return {}
    low, high = map(_points, constants.sigma.interval)
    return {"value": _points(constants.sigma.value), "low": low, "high": high}
