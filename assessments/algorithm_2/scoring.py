"""From the answers of one response to every figure of its result, by algorithm 2. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from assessments.algorithm_2 import balance
from assessments.algorithm_2.constants import Constants
from assessments.algorithm_2.statements import PAIRS, paired, pairs_of, subscale
from assessments.answering_style import longest_run
from assessments.instrument import Instrument
from assessments.position import SIDES
from assessments.routes import applying, shown
from assessments.scoring import Answers, Document, by_size, check, differences, plan, role

ALGORITHM = 2
DID_NOT_COME_UP: Final = "did_not_come_up"
FELT = {"lower": "receive", "middle": "even", "higher": "give"}


def score(instrument: Instrument, answers: Answers, constants: Constants) -> Document:
    """Every figure of one response. Raises `CannotScore`."""
    answers = _with_two_non_answers(answers)
    check(instrument, answers)
    cuts, given = instrument.constants, answers.answers
    form = plan(instrument, answers.form, partnered=answers.partnered)
    pairs = pairs_of(instrument, answers.form, partnered=answers.partnered)
    complete = differences(instrument, answers)
    scores = {
        group.key: paired(pairs[group.key], given, cuts, constants)
        if group.key in PAIRS
        else subscale(group, given, cuts, constants)
        for group in form.subscales
    }
    result: Document = {"versions": versions(instrument, constants)}
    result |= by_size(complete, cuts) | balance.figures(complete, cuts, constants)
    result["ill_shown"] = bool(result["imbalance"]) and "ill" in scores
    result["felt_and_counted"] = felt_and_counted(scores["felt"]["band"], result["position"])
    result["subscales"] = scores
    result["roles"] = {group.key: role(group, given, cuts) for group in form.roles}
    run = longest_run(instrument, answers)
    result["same_answers"] = run if run >= constants.cuts.same_answers else None
    found = applying(instrument, _routed(result, constants))
    result["routes"] = shown(found, cuts.routes_max, unsafe=False)
    result["routes_if_unsafe"] = shown(found, cuts.routes_max, unsafe=True)
    return result


def versions(instrument: Instrument, constants: Constants) -> dict[str, int]:
    return {"questionnaire": instrument.version, "constants": constants.version, "algorithm": ALGORITHM}


def _with_two_non_answers(answers: Answers) -> Answers:
    """ "It did not come up" is missing like the two non-answers that algorithm 1 knows."""
    if DID_NOT_COME_UP not in answers.answers.values():
        return answers
    return replace(answers, answers={k: "na" if v == DID_NOT_COME_UP else v for k, v in answers.answers.items()})


def felt_and_counted(felt: str | None, position: str | None) -> str | None:
    """Whether the overall feeling and the sum of the areas point the same way; their sizes are not compared."""
    if felt is None or position is None:
        return None
    directions = {FELT[felt], SIDES.get(position, "even")}
    if len(directions) == 1:
        return "same"
    return "different" if "even" in directions else "opposite"


def _routed(result: Document, constants: Constants) -> Mapping[str, Any]:
    """The figures that lead to routes: A without the error's part, the larger pair less its excess, and no M."""
    scores = {key: {"score": found["score"]} for key, found in result["subscales"].items()}
    for key in PAIRS.keys() & scores.keys():
        if scores[key]["score"] is not None:
            scores[key] = {"score": scores[key]["score"] - constants.cuts.pair_excess}
    index = result["balance"] and {**result["balance"], "A": result["balance"]["A_c"]}
    return {**result, "balance": index, "masking": None, "subscales": scores}
