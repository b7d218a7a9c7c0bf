"""Counts and covariances of many people: right, from two hundred on, and nobody is found in them."""

from collections.abc import Iterator
from itertools import combinations
from math import sqrt
from pathlib import Path
from random import Random
from statistics import correlation, fmean, stdev

import pytest

from assessments import disclosure
from assessments.algorithms import score
from assessments.covariances import Counts, Figures, Together, covariance, measured
from assessments.disclosure import RELIABILITY
from assessments.instrument import Instrument, build, read
from assessments.scoring import Answers
from assessments.statistics import Tally
from tests.assessments.conftest import EVEN, FILE, FILE_2
from tests.assessments.test_differencing import AREAS, NEAR, answers

PEOPLE = 210


@pytest.fixture(scope="module")
def questionnaire() -> Instrument:
    return build(read(FILE.read_text()))


@pytest.fixture(scope="module")
def people(questionnaire: Instrument) -> list[Answers]:
    chance = Random("covariances")
    return [answers(questionnaire, chance) for _ in range(PEOPLE)]


def figures_of(questionnaire: Instrument, people: list[Answers]) -> list[dict[str, float]]:
    """What each person's answers come to."""
    return [dict(measured(questionnaire, one, score(questionnaire, one))) for one in people]


def group(questionnaire: Instrument, seed: str) -> list[dict[str, float]]:
    chance = Random(seed)
    return figures_of(questionnaire, [answers(questionnaire, chance) for _ in range(PEOPLE)])


def together(questionnaire: Instrument, people: list[Answers]) -> Together:
    found = Together()
    for one in people:
        found.add(questionnaire, one, score(questionnaire, one))
    return found


def test_figures_are_those_of_the_library(questionnaire: Instrument, people: list[Answers]) -> None:
    values = figures_of(questionnaire, people)
    found = together(questionnaire, people).figures(EVEN, at_most=PEOPLE)
    assert {"attention", "decisions", "rec", "ill"} <= {*found["keys"]}
    for key in found["keys"]:
        assert found["sd"][key] == pytest.approx(stdev([one[key] for one in values if key in one]), abs=0.51)
    for one, other in combinations(found["keys"], 2):
        both = [(each[one], each[other]) for each in values if one in each and other in each]
        assert found["r"][f"{one} {other}"] == pytest.approx(correlation(*zip(*both, strict=True)), abs=0.051)
        expected = found["r"][f"{one} {other}"] * found["sd"][one] * found["sd"][other]
        assert covariance(found, one, other) == covariance(found, other, one) == pytest.approx(expected, abs=0.05)
    assert covariance(found, "rec", "rec") == found["sd"]["rec"] ** 2


def test_fewer_than_two_hundred_are_not_shown(questionnaire: Instrument, people: list[Answers]) -> None:
    few = together(questionnaire, people[: RELIABILITY - 1]).figures(EVEN, at_most=500)
    assert few == {"keys": [], "sd": {}, "r": {}}
    enough = together(questionnaire, people[:RELIABILITY])
    assert enough.figures(EVEN, at_most=500)["keys"]
    assert not enough.figures(EVEN, at_most=RELIABILITY - 5)["keys"]  # no more people than the balance says


def test_what_few_answered_both_of_is_left_open(questionnaire: Instrument, people: list[Answers]) -> None:
    """Two halves, each without one area; with 400 people each area has enough, and both together have none."""
    halves = [
        Answers("short", True, {key: value for key, value in one.answers.items() if not key.startswith(area)}, {})
        for one, area in (*((one, "time") for one in people), *((one, "decisions") for one in people))
    ]
    found = together(questionnaire, halves).figures(EVEN, at_most=400)
    assert {"time", "decisions"} <= {*found["keys"]}
    assert covariance(found, "time", "decisions") is None
    assert covariance(found, "time", "attention") is not None


def test_what_does_not_vary_has_no_covariance(questionnaire: Instrument, people: list[Answers]) -> None:
    alike = [Answers("short", True, {**one.answers, "time_give": 3, "time_receive": 1}, {}) for one in people]
    found = together(questionnaire, alike).figures(EVEN, at_most=PEOPLE)
    assert "time" not in found["keys"]
    assert "attention" in found["keys"]


@pytest.mark.parametrize("file", [FILE, FILE_2])
def test_areas_and_parts_have_names_of_their_own(file: Path) -> None:
    questionnaire = build(read(file.read_text()))
    assert not {area.key for area in questionnaire.areas} & {*questionnaire.subscales}


def test_counts_are_as_of_the_published_number_and_hide_the_few(questionnaire: Instrument) -> None:
    counts = Counts(questionnaire, "short")
    for number in range(240):
        counts.add({"time_give": 4 if number < 200 else 3 if number < 234 else "na"})
    found = counts.figures(EVEN, of=200)["time_give"]
    assert found == {"0": None, "1": None, "2": None, "3": 25, "4": 165, "na": None, "skip": None}


def test_counts_do_not_tell_how_many_people_there_are(questionnaire: Instrument, people: list[Answers]) -> None:
    """The mean of all questions' sums is the same for 210 people and for twice as many."""

    def mean_sum(of: list[Answers]) -> float:
        counts = Counts(questionnaire, "short")
        for one in of:
            counts.add(one.answers)
        shown = counts.figures(Random("sums"), of=RELIABILITY).values()
        return fmean(sum(people for people in cells.values() if people) for cells in shown)

    assert mean_sum(people) == pytest.approx(mean_sum([*people, *people]), abs=1)


def test_only_the_figures_of_two_hundred_people_have_them(questionnaire: Instrument, people: list[Answers]) -> None:
    tally = Tally(questionnaire, "short")
    for one in [*people, *people]:
        tally.add(one, score(questionnaire, one))
    found = tally.figures(EVEN)
    assert (found["balance"]["n"] or 0) >= RELIABILITY
    assert found["together"]["keys"]
    assert found["counts"]["time_give"]
    few = Tally(questionnaire, "short")
    for one in people[: RELIABILITY - 1]:
        few.add(one, score(questionnaire, one))
    assert not {"counts", "together"} & few.figures(EVEN).keys()


def guesses(values: list[dict[str, float]]) -> Iterator[tuple[float, float, float]]:
    """A part of somebody, the guess of one who knows all else, of them and of all others, and the others' mean.

    Guessed is the score with which the published row of this part is met best.
    """
    keys = [key for key in values[0] if all(key in one for one in values)]
    parts = [key for key in keys if key not in AREAS]
    published = Together()
    for one in values:
        add(published, one)
    shown = published.figures(Random("published"), at_most=PEOPLE)
    for number, target in enumerate(values):
        part, others = parts[number % len(parts)], values[:number] + values[number + 1 :]
        row = {key: [other[key] for other in others] for key in keys}

        def apart(guess: float, part: str = part, row: Figures = row, both: Figures = target) -> float:
            own = [*row[part], guess]
            found: float = (stdev(own) - shown["sd"][part]) ** 2
            for key in keys:
                if key != part and (r := shown["r"].get(f"{part} {key}", shown["r"].get(f"{key} {part}"))) is not None:
                    found += (10 * (correlation(own, [*row[key], both[key]]) - r)) ** 2
            return found

        yield target[part], min(sorted({one[part] for one in values}), key=apart), fmean(row[part])


def add(found: Together, one: dict[str, float]) -> None:
    for key, x in one.items():
        for other, y in one.items():
            if key <= other:
                sums = found.sums.setdefault((key, other), [0.0] * 6)
                for place, value in enumerate((1, x, y, x * x, y * y, x * y)):
                    sums[place] += value


def near(values: list[dict[str, float]]) -> tuple[int, int]:
    """How many are found within 10 points, and how many by guessing the mean."""
    found = list(guesses(values))
    return sum(abs(guess - truth) <= NEAR for truth, guess, _ in found), sum(
        abs(mean - truth) <= NEAR for truth, _, mean in found
    )


def test_matrix_names_nobody_to_one_who_knows_all_else(
    questionnaire: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more than guessing the mean does, but for chance (two standard errors): 198 of 630, and 193."""
    groups = [group(questionnaire, seed) for seed in "abc"]
    by_matrix, by_mean = (sum(found) for found in zip(*map(near, groups), strict=True))
    assert by_matrix <= by_mean + 2 * sqrt(by_mean)
    monkeypatch.setattr(disclosure, "correlation", lambda value, chance: round(value, 2))
    to_the_hundredth, by_mean = near(groups[0])
    assert to_the_hundredth > 2 * by_mean  # in a finer one, this attack would find them
