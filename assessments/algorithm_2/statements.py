"""Subscales, each with its error and "based on k of n", and the pairs that two of them are read as. Pure: no Django.

What was not asked is in no count, and a subscale of which nothing was asked is not there.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from assessments.algorithm_2.constants import Constants
from assessments.instrument import Constants as Cuts
from assessments.instrument import Instrument
from assessments.position import banded, felt_band
from assessments.rounding import rounded
from assessments.scoring import Answer, Document, Group, keyed, plan

# Two subscales are read as two lines each, since their mean averages opposites: weight from giving and from receiving;
# I press while my partner pulls back, and the other way round.
LINES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "str": {"giving": ("str1", "str2"), "receiving": ("str3", "str4")},
    "cyc": {"me_press": ("cyc1", "cyc4"), "partner_press": ("cyc3", "cyc2")},
}
NOTHING: Document = {"score": None, "band": None, "sem": None}


class Asked(NamedTuple):
    """The subscales and roles of which something is asked, and the lines of those subscales that are read as pairs."""

    subscales: tuple[Group, ...]
    lines: Mapping[str, tuple[Group, ...]]
    roles: tuple[Group, ...]


@lru_cache(maxsize=64)
def asked(instrument: Instrument, form: str, *, partnered: bool) -> Asked:
    """What a form asks in a situation. Where half of a line is not asked (short form, ended relationship), no pair.

    A choice is no subscale here: it has neither figure nor band.
    """
    whole = plan(instrument, form, partnered=partnered)
    lines_and_choices = tuple(group for group in whole.subscales if group.items)
    subscales = tuple(group for group in lines_and_choices if not instrument.subscales[group.key].choices)
    found = {group.key: _lines(group) for group in subscales if group.key in LINES}
    lines = {key: groups for key, groups in found.items() if all(len(group.items) == group.size for group in groups)}
    return Asked(subscales, lines, tuple(group for group in whole.roles if group.items))


def _lines(group: Group) -> tuple[Group, ...]:
    there = dict(group.items)
    return tuple(
        Group(name, group.top, tuple((key, there[key]) for key in keys if key in there), len(keys))
        for name, keys in LINES[group.key].items()
    )


def scored(group: Group, answers: Mapping[str, Answer], cuts: Cuts, constants: Constants) -> Document:
    """Score, error and band; none with fewer answers than half. A single answer has no error: it is read in words."""
    found = keyed(group, answers)
    answered, items = len(found), len(group.items)
    row: Document = {"answered": answered, "items": items, **NOTHING}
    if found and answered >= constants.cuts.half * items:
        row["score"], row["band"] = banded(sum(found), answered * group.top, cuts)
        if group.key == "felt":
            row["band"] = felt_band(row["score"])
        row["sem"] = constants.of_statements(answered)
    return row


def paired(
    whole: Document, lines: Sequence[Group], answers: Mapping[str, Answer], cuts: Cuts, constants: Constants
) -> tuple[Document, Document]:
    """The subscale with the larger line as its score, and both lines; none where the whole has too few answers.

    `routed` is what leads to routes: the larger of two is too high by chance.
    """
    found = {line.key: scored(line, answers, cuts, constants) for line in lines}
    if whole["score"] is None:
        found = {name: line | NOTHING for name, line in found.items()}
    there = [line for line in found.values() if line["score"] is not None]
    largest = max(there, key=itemgetter("score", "answered"), default=NOTHING)
    larger = largest["score"]
    routed = rounded(larger - constants.cuts.larger_of_two) if len(there) > 1 else larger
    return whole | {key: largest[key] for key in NOTHING}, {"lines": found, "larger": larger, "routed": routed}
