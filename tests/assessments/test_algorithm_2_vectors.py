"""Algorithm 2 gives what the independent scorer has in the public vectors."""

from typing import Any

import pytest

from assessments import position
from assessments.algorithm_2 import balance, change
from assessments.algorithm_2.scoring import felt_and_counted
from assessments.algorithm_2.statements import scored
from assessments.answering_style import longest_run
from assessments.rounding import rounded
from assessments.scoring import Answer, CannotScore, Group
from tests.assessments.algorithm_2 import CONSTANTS, found, result
from tests.assessments.vectors import INSTRUMENT, PUBLIC, PUBLIC_ANSWERS, VECTORS, answers_of, assert_same

FUNCTIONS = PUBLIC["functions"]
CUTS = INSTRUMENT.constants


# --- The public vectors ---


def names(vector: dict[str, Any]) -> str:
    return str(vector.get("name") or vector.get("error") or vector.get("why"))


def test_the_vectors_are_of_the_constants_that_are_used() -> None:
    ours = {name: getattr(CONSTANTS.cuts, name) for name in ("quite_sure", "likely", "regression", "half")}
    ours |= {name: getattr(CONSTANTS.cuts, name) for name in ("larger_of_two", "equal_answers")}
    ours |= {"uneven": CUTS.uneven, "leaning": CUTS.leaning, "maybe": CUTS.z80, "dots": len(balance.QUANTILES)}
    ours |= {"s": CONSTANTS.s.value, "e": CONSTANTS.e.value}
    ours["A0"] = {str(areas): CONSTANTS.asymmetry_when_level(areas) for areas in (7, 8, 9, 10)}
    ours["sem"] = {str(answered): CONSTANTS.of_statements(answered) for answered in (8, 6, 4, 3, 2)}
    assert ours == PUBLIC["constants"]
    assert (PUBLIC["constants_version"], PUBLIC["algorithm"]) == (CONSTANTS.version, 2)


@pytest.mark.parametrize("vector", PUBLIC["sheets"], ids=names)
def test_sheet_is_scored_as_in_the_vectors(vector: dict[str, Any]) -> None:
    assert_same(found(answers_of(vector)), vector["expected"])


@pytest.mark.parametrize("vector", [*PUBLIC["invalid_sheets"], *VECTORS["invalid_sheets"]], ids=names)
def test_wrong_sheet_is_refused_with_its_reason(vector: dict[str, Any]) -> None:
    with pytest.raises(CannotScore) as refused:
        found(answers_of(vector))
    assert refused.value.code == vector["error"]


@pytest.mark.parametrize("vector", PUBLIC["retakes"], ids=names)
def test_change_is_judged_as_in_the_vectors(vector: dict[str, Any]) -> None:
    first, second = result(PUBLIC_ANSWERS[vector["first"]]), result(PUBLIC_ANSWERS[vector["second"]])
    second = second._replace(same_relationship=vector["same_relationship"])
    assert_same(change.compare(first, second, CONSTANTS, chosen=vector["pair"] == "free"), vector["expected"])


@pytest.mark.parametrize("vector", PUBLIC["histories"], ids=names)
def test_lines_and_their_comparisons_are_as_in_the_vectors(vector: dict[str, Any]) -> None:
    results = [
        result(PUBLIC_ANSWERS[one["sheet"]])._replace(same_relationship=one["same_relationship"])
        for one in vector["results"]
    ]
    assert_same([one._asdict() for one in change.history(results, CONSTANTS)], vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["sigma"])
def test_error_of_the_balance(vector: dict[str, Any]) -> None:
    assert_same(rounded(CONSTANTS.of_balance(vector["areas"])), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["weighted_sigma"])
def test_error_of_a_weighted_balance(vector: dict[str, Any]) -> None:
    assert_same(rounded(CONSTANTS.of_balance(balance.effective(vector["weights"]))), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["A_c"])
def test_asymmetry_without_the_part_of_the_error(vector: dict[str, Any]) -> None:
    assert_same(balance.corrected(vector["A"], vector["areas"], CONSTANTS), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["position"])
def test_position_and_how_sure_it_is(vector: dict[str, Any]) -> None:
    error = CONSTANTS.of_answering_again(vector["areas"])
    uneven = balance.corrected(vector["A"], vector["areas"], CONSTANTS)
    where = position.position(vector["B"], uneven, vector["L"], CUTS)
    p = balance.probabilities(vector["B"], CUTS.balance_band, error)
    assert_same([where, position.stated(where, p), balance.confidence(where, p, CUTS, CONSTANTS)], vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["regression"])
def test_from_40_on_a_second_answering_is_usually_closer_to_level(vector: dict[str, Any]) -> None:
    assert balance.is_far_out(vector["B"], CONSTANTS) is vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["sem"])
def test_error_of_a_subscale(vector: dict[str, Any]) -> None:
    assert CONSTANTS.of_statements(vector["answered"]) == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["half"])
def test_half_of_the_statements_are_enough(vector: dict[str, Any]) -> None:
    counts: dict[Answer, int] = {0: 0}
    group = Group("any", 4, tuple((str(number), counts) for number in range(vector["items"])), vector["items"])
    row = scored(group, {str(number): 0 for number in range(vector["answered"])}, CUTS, CONSTANTS)
    assert (row["score"] is not None) is vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["dots"])
def test_dots(vector: dict[str, Any]) -> None:
    assert_same(balance.dots(vector["B"], CONSTANTS.of_balance(vector["areas"])), vector["expected"])


@pytest.mark.parametrize("vector", FUNCTIONS["longest_run"])
def test_longest_run(vector: dict[str, Any]) -> None:
    assert longest_run(vector["values"]) == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["felt_and_counted"])
def test_felt_and_counted(vector: dict[str, Any]) -> None:
    where = position.position(vector["B"], 0, 0, CUTS)
    assert felt_and_counted(position.felt_band(vector["F"]), where) == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["change"])
def test_smallest_changes_that_have_a_word(vector: dict[str, Any]) -> None:
    error = CONSTANTS.of_answering_again(vector["areas"])
    likely, maybe = rounded(error * CONSTANTS.cuts.likely), rounded(error * CUTS.z80)
    assert_same(
        {"s_diff": rounded(error), "likely_from": likely, "maybe_from": maybe, "areas": vector["areas"]}, vector
    )


@pytest.mark.parametrize("vector", FUNCTIONS["word"])
def test_word_of_a_change(vector: dict[str, Any]) -> None:
    assert change.word(vector["rci"], INSTRUMENT, CONSTANTS, chosen=vector["pair"] == "free") == vector["expected"]


@pytest.mark.parametrize("vector", FUNCTIONS["part_word"])
def test_word_of_a_change_of_a_part(vector: dict[str, Any]) -> None:
    assert change.part_word(vector["rci"], CONSTANTS) == vector["expected"]
