"""Measured errors in words, for staff: each beside the one in use. Pure but for the translations."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.algorithm_2.constants import AREAS, Constants
from assessments.algorithm_2.estimate import LEAST
from assessments.algorithm_2.measured import WAYS, ways
from assessments.shape import Document


class Row(NamedTuple):
    """One error, in points: in use, and as it was measured either way, with how many people have it."""

    name: str
    used: str
    ways: tuple[str, ...]
    n: int | None


def rows(used: Constants, figures: Document) -> Iterator[Row]:
    """Each error that constants hold; an error of parts that too few people have is left out."""
    offered = ways(figures)
    found = [figures[way] if way in offered else None for way in WAYS]
    there = [one for one in found if one]
    single = {
        "sigma": (_("Balance from %(areas)s areas") % {"areas": AREAS}, used.of_balance(AREAS)),
        "s": (_("… its part that all areas share on one day"), used.s.value),
        "e": (_("… its part that is an area’s own"), used.e.value),
        "A": (_("Unevenness by area"), used.A.value),
        "L": (_("Level of both sides together"), used.L.value),
    }
    for key, (name, value) in single.items():
        if there:
            yield Row(name, _point(value), tuple(_between(way and way[key]) for way in found), there[0][key]["n"])
    for number in sorted({number for one in there for number in one["sem"]}, key=int):
        name = _("Part with %(k)s answers") % {"k": number}
        both = [way and way["sem"].get(number, {}) for way in found]
        n = next(row["n"] for row in both if row)
        yield Row(name, _point(used.of_statements(int(number))), tuple(map(_between, both)), n)


def _between(error: Any) -> str:
    """One error with its interval; None where its way is not offered, empty where it alone is not."""
    if error is None:
        return _("None: the parts do not add up to the whole")
    if not error:
        return _("None: hardly any answers differed")
    low, high = map(_point, error["interval"])
    if error["value"] <= LEAST:
        return _("almost none (at most %(high)s)") % {"high": high}
    return _("%(value)s (%(low)s to %(high)s)") % {"value": _point(error["value"]), "low": low, "high": high}


def _point(value: float | None) -> str:
    return "–" if value is None else number_format(value, 1)
