"""Measured errors in words, for staff: each beside the one in use. Pure but for the translations."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.algorithm_2.constants import AREAS, Constants
from assessments.algorithm_2.measured import WAYS
from assessments.shape import Document


class Row(NamedTuple):
    """One error, in points: in use, and as it was measured either way, with how many people have it."""

    name: str
    used: str
    ways: tuple[str, ...]
    n: int | None


def rows(used: Constants, figures: Document) -> Iterator[Row]:
    """Each error that constants hold; an error of parts that too few people have is left out."""
    ways = [figures.get(way) for way in WAYS]
    there: Document = next((found for found in ways if found), {"sem": {}})
    single = {
        "sigma": (_("Balance from %(areas)s areas") % {"areas": AREAS}, used.of_balance(AREAS)),
        "s": (_("… its part that all areas share on one day"), used.s.value),
        "e": (_("… its part that is an area’s own"), used.e.value),
        "A": (_("Unevenness by area"), used.A.value),
        "L": (_("Level of both sides together"), used.L.value),
    }
    for key, (name, value) in single.items():
        if key in there:
            yield Row(name, _point(value), tuple(_between(way and way[key]) for way in ways), there[key]["n"])
    for number, row in there["sem"].items():
        name = _("Part with %(k)s answers") % {"k": number}
        found = tuple(_between(way and way["sem"].get(number)) for way in ways)
        yield Row(name, _point(used.of_statements(int(number))), found, row["n"])


def _between(error: Any) -> str:
    if not error:
        return _("None: its parts do not come to the whole")
    low, high = map(_point, error["interval"])
    return _("%(value)s (%(low)s to %(high)s)") % {"value": _point(error["value"]), "low": low, "high": high}


def _point(value: float | None) -> str:
    return "–" if value is None else number_format(value, 1)
