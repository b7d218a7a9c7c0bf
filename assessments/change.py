"""Reliable change between two responses of one person (Jacobson & Truax 1991). Pure: no Django.

Part of algorithm 1, which is frozen; that of algorithm 2 is `algorithm_2/change.py`.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from assessments.instrument import Constants, Instrument
from assessments.rounding import rounded
from assessments.scoring import Answers, Difference, differences, index


def word(rci: float, constants: Constants) -> str:
    """likely, maybe or wobble, by the size of the reliable change index."""
    size = abs(rounded(rci))
    if size >= constants.z95:
        return "likely"
    return "maybe" if size >= constants.z80 else "wobble"


def standard_error_of_difference(constants: Constants) -> float:
    """σ·√2: the error of a difference between two figures that each have the error σ."""
    return constants.sem * sqrt(2)


def compare(instrument: Instrument, first: Answers, second: Answers) -> dict[str, Any]:
    """The change from `first` to `second`, on the areas answered both times.

    Gives `{"comparable": False, "reason": "form" | "areas"}` for forms of different comparability groups and for fewer
    than `min_pairs` shared areas; else the two B, their difference, the index and its word.
    """
    groups = {instrument.forms[answers.form].comparability_group for answers in (first, second)}
    if len(groups) > 1:
        return {"comparable": False, "reason": "form"}
    before, after = differences(instrument, first), differences(instrument, second)
    shared = {pair.area for pair in before} & {pair.area for pair in after}
    if len(shared) < instrument.constants.min_pairs:
        return {"comparable": False, "reason": "areas"}
    error = standard_error_of_difference(instrument.constants)

    def balance(pairs: Sequence[Difference]) -> float:
        return index(pairs, instrument.constants.R)[0]

    b_first = balance([pair for pair in before if pair.area in shared])
    b_second = balance([pair for pair in after if pair.area in shared])
    rci = (b_second - b_first) / error
    return {
        "comparable": True,
        "areas": len(shared),
        "B_first": rounded(b_first),
        "B_second": rounded(b_second),
        "change": rounded(b_second - b_first),
        "rci": rounded(rci),
        "word": word(rci, instrument.constants),
        "rci_all_areas": rounded((balance(after) - balance(before)) / error),
    }
