"""From the answers of one response to every figure of its result, by algorithm 2. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from assessments.algorithm_2 import balance
from assessments.algorithm_2.constants import Constants
from assessments.algorithm_2.statements import asked, paired, scored
from assessments.answering_style import in_a_row
from assessments.instrument import Instrument
from assessments.position import SIDES
from assessments.routes import applying, shown
from assessments.scoring import Answers, Document, by_size, check, differences, role

NO_OCCASION: Final = "no_occasion"
FELT = {"lower": "receive", "middle": "even", "higher": "give"}


def score(instrument: Instrument, answers: Answers, constants: Constants) -> Document:
    """Every figure of one response, in the shape of `expected` in the vectors. Raises `CannotScore`."""
    answers = _with_two_non_answers(answers)
    check(instrument, answers)
    cuts, given = instrument.constants, answers.answers
    form = asked(instrument, answers.form, partnered=answers.partnered)
    complete = differences(instrument, answers)
    scores = {group.key: scored(group, given, cuts, constants) for group in form.subscales}
    pairs: Document = {}
    for key, lines in form.lines.items():
        scores[key], pairs[key] = paired(scores[key], lines, given, cuts, constants)
    result: Document = by_size(complete, cuts) | balance.figures(complete, cuts, constants)
    result["ill_shown"] = bool(result["imbalance"]) and "ill" in scores
    result["felt_and_counted"] = felt_and_counted(scores["felt"]["band"], result["position"])
    result["subscales"] = scores
    result["pairs"] = pairs
    result["roles"] = {group.key: role(group, given, cuts) for group in form.roles}
    longest = in_a_row(instrument, answers)
    result["style"] = {"longest": longest, "note": longest >= constants.cuts.equal_answers}
    found = applying(instrument, _routed(result))
    result["routes"] = shown(found, cuts.routes_max, unsafe=False)
    result["routes_if_unsafe"] = shown(found, cuts.routes_max, unsafe=True)
    return result


def _with_two_non_answers(answers: Answers) -> Answers:
    """ "It did not come up" is missing like the two non-answers that algorithm 1 knows."""
    if NO_OCCASION not in answers.answers.values():
        return answers
    return replace(answers, answers={k: "na" if v == NO_OCCASION else v for k, v in answers.answers.items()})


def felt_and_counted(felt: str | None, position: str | None) -> Document | None:
    """Where the overall feeling and the sum of the areas point to; their sizes are not compared."""
    if felt is None or position is None:
        return None
    feeling, counted = FELT[felt], SIDES.get(position, "even")
    return {"felt": feeling, "counted": counted, "same": feeling == counted}


def _routed(result: Document) -> Mapping[str, Any]:
    """The figures that lead to routes: A without the error's part, the larger line less its excess, and no M."""
    scores = result["subscales"] | {key: {"score": pair["routed"]} for key, pair in result["pairs"].items()}
    index = result["balance"] and result["balance"] | {"A": result["balance"]["A_c"]}
    return result | {"balance": index, "masking": None, "subscales": scores}
