"""Which algorithm scores a questionnaire, and the three versions that every result names."""

import pytest

from assessments import scoring
from assessments.algorithms import ALGORITHMS, NoSuchAlgorithm, Versions, for_new_results, score, score_by, versions
from assessments.instrument import build, read
from tests.assessments.vectors import ANSWERS, INSTRUMENT, SOURCE, assert_same


def test_new_results_are_scored_by_the_algorithm_in_use_whatever_the_questionnaire_was_made_for() -> None:
    assert (INSTRUMENT.algorithm, for_new_results(INSTRUMENT)) == (1, 2)
    found = score(INSTRUMENT, ANSWERS["worked-1"])
    assert versions(INSTRUMENT, found) == Versions(1, 2, 2)
    assert_same(found, ALGORITHMS[2](INSTRUMENT, ANSWERS["worked-1"]))


def test_an_old_result_can_be_worked_out_as_it_was() -> None:
    found = score(INSTRUMENT, ANSWERS["worked-1"], 1)
    assert found == {"versions": Versions(1, 1, 1)._asdict(), **scoring.score(INSTRUMENT, ANSWERS["worked-1"])}


def test_algorithm_2_names_its_versions_itself() -> None:
    found = ALGORITHMS[2](INSTRUMENT, ANSWERS["worked-1"])
    assert versions(INSTRUMENT, found) == Versions(1, 2, 2)


def test_a_score_from_before_versions_were_noted_has_the_first_ones() -> None:
    assert versions(INSTRUMENT, scoring.score(INSTRUMENT, ANSWERS["worked-1"])) == Versions(1, 1, 1)


def test_a_questionnaire_is_not_scored_by_an_older_algorithm_or_one_that_is_not_there() -> None:
    newer = build(read(SOURCE.replace("instrument.algorithm = 1", "instrument.algorithm = 2")))
    with pytest.raises(NoSuchAlgorithm, match="balance 1 is scored with algorithm 2, not with algorithm 1"):
        score_by(1, newer)
    with pytest.raises(NoSuchAlgorithm, match="There is no algorithm 3"):
        score_by(3, INSTRUMENT)
    assert_same(score(newer, ANSWERS["worked-1"]), ALGORITHMS[2](INSTRUMENT, ANSWERS["worked-1"]))
