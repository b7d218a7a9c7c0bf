"""Subscales and pairs of statements, each with its error and "based on k of n". Pure: no Django.

A subscale is scored from half of the statements that were asked. A single answer has a word and no figure.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from assessments.algorithm_2.constants import Constants
from assessments.instrument import Constants as Cuts
from assessments.instrument import Instrument
from assessments.position import banded, felt_band
from assessments.scoring import Answer, Group, keyed, plan

# Two subscales are read as pairs, since their mean averages opposites: weight from giving and from receiving;
# who presses while the other pulls back.
PAIRS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "str": {"giving": ("str1", "str2"), "receiving": ("str3", "str4")},
    "cyc": {"me_press": ("cyc1", "cyc4"), "partner_press": ("cyc3", "cyc2")},
}


@lru_cache(maxsize=64)
def pairs_of(instrument: Instrument, form: str, *, partnered: bool) -> Mapping[str, Mapping[str, Group | None]]:
    """The pairs of each subscale; none for a pair of which this form, or this situation, leaves a statement out."""
    found: dict[str, dict[str, Group | None]] = {}
    for group in plan(instrument, form, partnered=partnered).subscales:
        asked = dict(group.items)
        for name, keys in PAIRS.get(group.key, {}).items():
            items = tuple((key, asked[key]) for key in keys if key in asked)
            whole = Group(name, group.top, items, len(items)) if len(items) == len(keys) else None
            found.setdefault(group.key, {})[name] = whole
    return found


def subscale(group: Group, answers: Mapping[str, Answer], cuts: Cuts, constants: Constants) -> dict[str, Any]:
    """Score, error and band of what was asked; none with fewer answers than `scored_from`."""
    found = keyed(group, answers)
    answered, asked = len(found), len(group.items)
    score = error = word = None
    if answered and answered >= constants.cuts.scored_from * asked:
        score, word = banded(sum(found), answered * group.top, cuts)
        if group.key == "felt":
            word = felt_band(score)
        known = constants.of_statements(answered)
        score, error = (score, known.value) if known else (None, None)
    return {"score": score, "sem": error, "answered": answered, "items": asked, "band": word}


def paired(
    pairs: Mapping[str, Group | None], answers: Mapping[str, Answer], cuts: Cuts, constants: Constants
) -> dict[str, Any]:
    """A subscale that is read as pairs: each of them, and the larger one as its score."""
    found = {name: subscale(group, answers, cuts, constants) if group else None for name, group in pairs.items()}
    there = [pair for pair in found.values() if pair]
    largest = max((pair for pair in there if pair["score"] is not None), key=lambda pair: pair["score"], default=None)
    return {
        "score": largest and largest["score"],
        "sem": largest and largest["sem"],
        "answered": sum(pair["answered"] for pair in there),
        "items": sum(pair["items"] for pair in there),
        "band": largest and largest["band"],
        "pairs": found,
    }
