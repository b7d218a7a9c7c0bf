"""The algorithms that results are scored with, and the three versions that every result names. Pure: no Django."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from assessments import scoring
from assessments.algorithm_2 import scoring as algorithm_2
from assessments.algorithm_2.constants import Constants, read
from assessments.instrument import Instrument
from assessments.scoring import Answers, Document

type Score = Callable[[Instrument, Answers], Document]

CONSTANTS_2 = Path(__file__).parent / "instruments" / "constants-2.toml"
FIRST = 1  # constants 1 stand in the first questionnaire's own file, and belong to algorithm 1
IN_USE = 2  # what new results are scored with


class Versions(NamedTuple):
    """What a result was worked out with: the wording that was answered, the constants, and the rules."""

    questionnaire: int
    constants: int
    algorithm: int


class NoSuchAlgorithm(ValueError):
    """There is none of this number, or it is older than the one that the questionnaire was made for."""


@cache
def constants() -> Constants:
    """The constants of algorithm 2 of this release. Raises `algorithm_2.constants.WrongConstants`.

    New results take those that staff published since, if there are any (`assessments.models.constants_in_use`).
    """
    return read(CONSTANTS_2.read_text(encoding="utf-8"))


def _score_2(instrument: Instrument, answers: Answers, given: Constants | None = None) -> Document:
    used = given or constants()
    found = algorithm_2.score(instrument, answers, used)
    return {"versions": Versions(instrument.version, used.version, 2)._asdict()} | found | _known(used)


def _known(used: Constants) -> Document:
    """What a result says of its error for good, if that was measured: σ, on how many people, its interval."""
    error = used.sigma
    return {"error": {**asdict(error), "date": error.date.isoformat()}} if error else {}


ALGORITHMS: Mapping[int, Score] = {FIRST: scoring.score, 2: _score_2}


def score_by(algorithm: int, instrument: Instrument, given: Constants | None = None) -> Score:
    """The scoring by an algorithm, with the constants of the release or with given ones. Raises `NoSuchAlgorithm`.

    A questionnaire is never scored by an older algorithm than it was made for, and the first has no other constants.
    """
    if algorithm not in ALGORITHMS:
        raise NoSuchAlgorithm(f"There is no algorithm {algorithm}.")
    if algorithm < instrument.algorithm:
        made_for = f"{instrument.id} {instrument.version} is scored with algorithm {instrument.algorithm}"
        raise NoSuchAlgorithm(f"{made_for}, not with algorithm {algorithm}.")
    if given is None:
        return ALGORITHMS[algorithm]
    if algorithm == FIRST:
        raise NoSuchAlgorithm("Algorithm 1 takes its constants from the questionnaire's own file.")
    return partial(_score_2, given=given)


def for_new_results(instrument: Instrument) -> int:
    """The algorithm in use; a questionnaire that was made for a newer one is scored with that."""
    return max(IN_USE, instrument.algorithm)


def score(
    instrument: Instrument, answers: Answers, algorithm: int | None = None, given: Constants | None = None
) -> Document:
    """The score that is stored, with its versions: of a new result, or by the algorithm that an old one has.

    `given`: the constants for an algorithm that takes any. Raises `CannotScore`, `NoSuchAlgorithm`.
    """
    number = algorithm or for_new_results(instrument)
    found = score_by(number, instrument, None if number == FIRST else given)(instrument, answers)
    return {"versions": Versions(instrument.version, FIRST, FIRST)._asdict()} | found


def versions(instrument: Instrument, score: Document) -> Versions:
    """The versions of a stored score; one from before they were noted has the first constants and algorithm."""
    return Versions(**score["versions"]) if "versions" in score else Versions(instrument.version, FIRST, FIRST)
