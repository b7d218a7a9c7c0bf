"""What has changed between two responses of one person, by algorithm 2. Pure: no Django."""

from math import sqrt
from typing import Any, NamedTuple

from assessments.algorithm_2.constants import Constants
from assessments.instrument import Instrument
from assessments.rounding import rounded
from assessments.scoring import Answers, Document, differences, index


class Answered(NamedTuple):
    """One response, and the version of the questionnaire that it answers."""

    instrument: Instrument
    answers: Answers


def compare(first: Answered, second: Answered, constants: Constants, *, chosen: bool = False) -> dict[str, Any]:
    """The change of the balance on the areas answered both times, from one form to the other, too.

    Gives `{"comparable": False, "reason": "version" | "areas"}` where the questions changed, and for fewer than
    `min_pairs` shared areas. `chosen`: the person chose the pair freely; then nothing is called likely.
    """
    if (first.instrument.id, first.instrument.version) != (second.instrument.id, second.instrument.version):
        return {"comparable": False, "reason": "version"}
    instrument = second.instrument
    before, after = (differences(instrument, answers) for _, answers in (first, second))
    shared = {pair.area for pair in before} & {pair.area for pair in after}
    if len(shared) < instrument.constants.min_pairs:
        return {"comparable": False, "reason": "areas"}
    b_first, b_second = (
        index([pair for pair in pairs if pair.area in shared], instrument.constants.R)[0] for pairs in (before, after)
    )
    rci = (b_second - b_first) / constants.of_answering_again(len(shared))
    said = word(rci, likely=constants.cuts.change, maybe=instrument.constants.z80)
    return {
        "comparable": True,
        "areas": len(shared),
        "B_first": rounded(b_first),
        "B_second": rounded(b_second),
        "change": rounded(b_second - b_first),
        "rci": rounded(rci),
        "word": "maybe" if chosen and said == "likely" else said,
    }


def word(rci: float, *, likely: float, maybe: float) -> str:
    """likely, maybe or wobble, by the size of the reliable change index."""
    size = abs(rounded(rci))
    if size >= likely:
        return "likely"
    return "maybe" if size >= maybe else "wobble"


def of_subscales(before: Document, after: Document, constants: Constants) -> dict[str, str]:
    """A word for the change of each subscale, or pair of one, that has a figure both times; both are of one form.

    There are many of them, and one is often far by chance: what does not reach the cut is too small to tell.
    """
    cut, then, now = constants.cuts.change, _by_name(before), _by_name(after)
    return {
        key: word(
            (now[key]["score"] - then[key]["score"]) / _error(then[key], now[key], constants), likely=cut, maybe=cut
        )
        for key in now
        if key in then
    }


def _by_name(subscales: Document) -> dict[str, Document]:
    """What has a figure: subscales, and in place of those that are read as pairs each pair (`str.giving`)."""
    found: dict[str, Document] = {}
    for key, one in subscales.items():
        pairs = one.get("pairs")
        found |= {f"{key}.{name}": pair for name, pair in pairs.items() if pair} if pairs else {key: one}
    return {key: one for key, one in found.items() if one["score"] is not None}


def _error(before: Document, after: Document, constants: Constants) -> float:
    """The error of the difference, as large as it may be."""
    errors = (constants.of_statements(found["answered"]) for found in (before, after))
    return sqrt(sum(error.upper**2 for error in errors if error))
