"""What has changed between two results of one person, by algorithm 2. Pure: no Django."""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final, NamedTuple

from assessments.algorithm_2.constants import Constants
from assessments.instrument import Instrument
from assessments.rounding import rounded
from assessments.scoring import Answers, Difference, Document, differences, index

POWER: Final = 0.80  # the chance of being noticed that a change is stated for


class Result(NamedTuple):
    """A score with the answers behind it and the version that they answer.

    `same_relationship` is what was said at the start: "no" begins a new line of results.
    """

    instrument: Instrument
    answers: Answers
    score: Document
    same_relationship: bool | None = None


class NotComparable(ValueError):
    """Two results of which no change is said; `reason`: "version", "relationship" or "areas"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Compared(NamedTuple):
    """What is said of a new result: its change since the one before it, and since the first of its line.

    None where there is no such result, and where the one before is the first.
    """

    line: int
    previous: Document | None
    first: Document | None


def history(results: Sequence[Result], constants: Constants) -> list[Compared]:
    """The line and the two comparisons of each result of a person, oldest first."""
    lines: list[list[Result]] = []
    found = []
    for result in results:
        if not lines or result.same_relationship is False:
            lines.append([])
        line = lines[-1]
        previous = compare(line[-1], result, constants) if line else None
        first = compare(line[0], result, constants) if len(line) > 1 else None
        found.append(Compared(len(lines), previous, first))
        line.append(result)
    return found


def compare(first: Result, second: Result, constants: Constants, *, chosen: bool = False) -> Document:
    """The change of the balance on the areas answered both times, across forms, too, and of each part in one form.

    Gives `{"comparable": False, "reason": "version" | "relationship" | "areas"}` where the questions changed, where the
    second begins a new line, and for fewer than `min_pairs` shared areas. `chosen`: the person chose the pair freely;
    then nothing is called likely.
    """
    instrument = second.instrument
    try:
        before, after = shared_areas(first, second)
    except NotComparable as refused:
        return {"comparable": False, "reason": refused.reason}
    b_first, b_second = (index(pairs, instrument.constants.R)[0] for pairs in (before, after))
    rci = rounded((b_second - b_first) / constants.of_answering_again(len(after)))
    return {
        "comparable": True,
        "areas": len(after),
        "B_first": rounded(b_first),
        "B_second": rounded(b_second),
        "change": rounded(b_second - b_first),
        "rci": rci,
        "word": word(rci, instrument, constants, chosen=chosen),
        "parts": parts(first.score, second.score, constants) if first.answers.form == second.answers.form else None,
    }


def shared_areas(first: Result, second: Result) -> tuple[list[Difference], list[Difference]]:
    """The areas answered both times, as they were answered first and second. Raises `NotComparable`."""
    instrument = second.instrument
    if (first.instrument.id, first.instrument.version) != (instrument.id, instrument.version):
        raise NotComparable("version")
    if second.same_relationship is False:
        raise NotComparable("relationship")
    before, after = differences(instrument, first.answers), differences(instrument, second.answers)
    shared = {pair.area for pair in before} & {pair.area for pair in after}
    if len(shared) < instrument.constants.min_pairs:
        raise NotComparable("areas")
    return [pair for pair in before if pair.area in shared], [pair for pair in after if pair.area in shared]


def word(rci: float, instrument: Instrument, constants: Constants, *, chosen: bool) -> str:
    """likely, maybe or wobble, by the size of the reliable change index; of a pair that was chosen at most maybe."""
    size = abs(rci)
    if size >= constants.cuts.likely and not chosen:
        return "likely"
    return "maybe" if size >= instrument.constants.z80 else "wobble"


def parts(before: Document, after: Document, constants: Constants) -> Document:
    """The change of each subscale, or line of one, that has an error both times; `before` and `after` are scores.

    There are many of them, and one is often far by chance: what does not reach the cut is too small to tell.
    """
    then, now = with_error(before), with_error(after)
    return {key: _part(then[key], now[key], constants) for key in now if key in then}


def with_error(score: Document) -> dict[str, Document]:
    """By name, and in place of a subscale that is read as two lines each of these (`str.giving`)."""
    pairs = score["pairs"]
    lines = {f"{key}.{name}": line for key, pair in pairs.items() for name, line in pair["lines"].items()}
    subscales = {key: one for key, one in score["subscales"].items() if key not in pairs}
    return {key: one for key, one in (lines | subscales).items() if one["sem"] is not None}


def _part(before: Document, after: Document, constants: Constants) -> Document:
    change = after["score"] - before["score"]
    rci = rounded(change / constants.of_statements_again(before["answered"], after["answered"]))
    return {"change": rounded(change), "rci": rci, "word": part_word(rci, constants)}


def part_word(rci: float, constants: Constants) -> str:
    if abs(rci) < constants.cuts.likely:
        return "wobble"
    return "more" if rci > 0 else "less"


def areas_moved(first: Result, second: Result, constants: Constants) -> dict[str, str]:
    """The areas answered both times that moved further than answers do by themselves: "give" or "receive", by key.

    One area has the error of a balance over one area, and the cut of the parts: there are many of them, too.
    """
    before = {pair.area: pair for pair in differences(first.instrument, first.answers)}
    moves = {
        pair.area: pair.give - pair.receive - before[pair.area].give + before[pair.area].receive
        for pair in differences(second.instrument, second.answers)
        if pair.area in before
    }
    least = least_move(second.instrument.constants.R, constants)
    return {area: "give" if move > 0 else "receive" for area, move in moves.items() if abs(move) >= least}


def least_move(scale_range: int, constants: Constants) -> float:
    """How far the difference of one area has to move to be said, in steps of the scale."""
    return constants.cuts.likely * scale_range * constants.of_answering_again(1) / 100


def noticeable(areas: int, constants: Constants) -> float:
    """The true change of a balance over so many areas that is called likely with a chance of `POWER`: (cut + z)·σ√2."""
    return rounded((constants.cuts.likely + NormalDist().inv_cdf(POWER)) * constants.of_answering_again(areas))
