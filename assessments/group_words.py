"""Published group figures in words: whom they are about, and each figure with its interval. Pure but for translations.

Figures from earlier publications have fewer fields: what they do not hold is not said.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.algorithm_2.statements import LINES
from assessments.algorithm_2.texts import line_words, of_position
from assessments.algorithms import FIRST
from assessments.covariances import covariance
from assessments.instrument import Instrument
from assessments.statistics import PERCENTILES, POSITIONS, Figures


class Part(NamedTuple):
    """A subscale, or one line of it, as a row of the table; None where too few answered."""

    title: str
    people: int | None
    alpha: str | None
    omega: str | None


def sample(instrument: Instrument, form: str, figures: Figures) -> list[str]:
    """Whom the figures are about, and how their answers were scored."""
    people = {
        "full": _(
            "People who took the full form of version %(version)s and agreed to group figures, each by their latest "
            "result."
        ),
        "short": _(
            "People who took the short form of version %(version)s and agreed to group figures, each by their latest "
            "result."
        ),
    }
    found = [people[form] % {"version": instrument.version}]
    if by := figures.get("versions"):
        words = _("All of their answers are scored by algorithm %(algorithm)s with constants %(constants)s.")
        found.append(words % by)
    found += [
        _("Another version or form has figures of its own: they are never added up."),
        _("People chose to answer and to be counted, so that they do not stand for everybody."),
    ]
    return found


def positions(instrument: Instrument, figures: Figures) -> list[tuple[str, int | None]]:
    """How many people are in each position, in the words of the algorithm that told them apart.

    Algorithm 2 says the same heading to two of them, which are therefore told apart here.
    """
    by = figures.get("versions")
    old = by is None or by["algorithm"] == FIRST
    counts = figures["balance"]["positions"]
    apart = {
        "balanced_full": _("About level, with a lot on both sides"),
        "balanced_thin": _("About level, with little on both sides"),
    }

    def words(key: str) -> str:
        return instrument.positions[key].heading if old else apart.get(key) or of_position(instrument, key)

    return [(words(key), counts[key]) for key in POSITIONS]


def percentiles(figures: Figures) -> list[tuple[int, int]]:
    """None of them while there are too few people."""
    found = figures["balance"]["percentiles"]
    return [(percent, found[str(percent)]) for percent in PERCENTILES] if found else []


def parts(instrument: Instrument, figures: Figures) -> list[Part]:
    """Every part that has figures, in the questionnaire's order."""
    return [
        Part(title, row["n"], _figure(row, "alpha"), _refused(row) or _figure(row, "omega"))
        for key, title in _titles(instrument)
        if (row := figures["subscales"].get(key))
    ]


def counts(figures: Figures) -> Iterator[Sequence[object]]:
    """A line for each question and answer, with how many gave it; None where they are too few."""
    yield "question", "answer", "people"
    for question, cells in figures["counts"].items():
        for answer, people in cells.items():
            yield question, answer, people


def covariances(figures: Figures) -> Iterator[Sequence[object]]:
    """The matrix of areas and parts, with a head; None where too few answered both."""
    together = figures["together"]
    yield "", *together["keys"]
    for one in together["keys"]:
        yield one, *(covariance(together, one, other) for other in together["keys"])


def _titles(instrument: Instrument) -> Iterator[tuple[str, str]]:
    for key, subscale in instrument.subscales.items():
        yield key, subscale.title
        for line in LINES.get(key, ()):
            title = line_words(instrument, key)[line]["title"]
            yield f"{key}.{line}", _("%(part)s: %(line)s") % {"part": subscale.title, "line": title}


def _figure(row: Mapping[str, float | Sequence[float] | None], name: str) -> str | None:
    """A coefficient, and where its interval lies if it was published with one."""
    value, interval = row[name], row.get(f"{name}_interval")
    if not isinstance(value, float | int):
        return None
    if not isinstance(interval, Sequence):
        return _decimal(value)
    low, high = map(_decimal, interval)
    return _("%(value)s (%(low)s to %(high)s)") % {"value": _decimal(value), "low": low, "high": high}


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _refused(row: Mapping[str, str | None]) -> str | None:
    """Why there is no omega, although enough people answered."""
    reasons = {
        "too_few": _("None: it takes three statements"),
        "heywood": _("None: the answers do not fit one common factor"),
        "no_variance": _("None: a statement has no variance"),
    }
    return reasons[row["refused"]] if row["refused"] else None
