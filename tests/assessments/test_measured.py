"""Measured errors are offered rounded, and become constants that say whom they rest on."""

import tomllib
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from assessments.algorithm_2.constants import WrongConstants, problems, read
from assessments.algorithm_2.estimate import ENOUGH, Pair, estimate
from assessments.algorithm_2.measured import WAYS, Measured, constants, offered, to_toml, ways
from assessments.algorithms import CONSTANTS_2, score
from assessments.disclosure import error, outwards
from tests.assessments.conftest import EVEN
from tests.assessments.test_estimate import made
from tests.assessments.vectors import ANSWERS, INSTRUMENT

BASE: dict[str, Any] = tomllib.loads(CONSTANTS_2.read_text(encoding="utf-8"))
ABOUT = Measured(date(2027, 5, 1), "a “pilot” of \\ our own")


def found(count: int = 203) -> dict[str, Any]:
    document = offered(made(count), EVEN)
    assert document
    return dict(document)


def test_too_few_are_offered_nothing() -> None:
    assert offered(made(ENOUGH - 1), EVEN) is None
    assert offered([], EVEN) is None
    assert offered(made(ENOUGH), EVEN)


def test_people_are_rounded_down_and_few_hide_behind_chance() -> None:
    assert found(104)["n"] == 100
    seen = {bool(offered(made(ENOUGH), Random(seed))) for seed in range(30)}
    assert seen == {True, False}  # that somebody is the hundredth is not told by that something is offered


def test_each_way_has_every_error_to_the_tenth_with_its_interval() -> None:
    document, exact = found(), estimate(made(203))
    assert [way for way in document if way != "n"] == [*WAYS]
    for way in WAYS:
        for name in ("sigma", "s", "e", "A", "L"):
            row = document[way][name]
            low, high = row["interval"]
            assert low < row["value"] < high
            assert row["n"] == document["n"] == 200
            assert all(round(value, 1) == value for value in (low, high, row["value"]))
    low, high = document["plain"]["sigma"]["interval"]
    assert document["plain"]["sigma"]["value"] == pytest.approx(exact.sigma.value, abs=0.1)
    assert exact.sigma.interval[0] - 0.2 <= low <= exact.sigma.interval[0]
    assert exact.sigma.interval[1] <= high <= exact.sigma.interval[1] + 0.2


def with_six(count: int) -> list[Pair]:
    """People who answered six statements of a part."""
    return [one._replace(parts={"rec": (6, one.parts["ill"][1])}) for one in made(count)]


def test_an_error_that_few_have_is_not_shown_and_its_number_not_larger_than_the_rest() -> None:
    pairs = [*made(150), *with_six(120)]
    document = offered(pairs, EVEN)
    assert document
    assert {number: row["n"] for number, row in document["plain"]["sem"].items()} == {"6": 120, "8": 150}
    document = offered([*made(150), *with_six(99)], EVEN)
    assert document
    assert document["plain"]["sem"].keys() == {"8"}


def test_a_way_whose_parts_do_not_come_to_the_whole_is_left_out() -> None:
    chance = Random("no day")
    pairs = []
    for _ in range(200):
        changes = [chance.gauss(0, 24) for _ in range(5)]
        pairs.append(Pair([*changes, *(-change for change in changes)], 1.0, 1.0, {}))
    assert offered(pairs, EVEN) == {"n": 200}


def no_day(count: int = 200, *, of_the_day: float) -> list[Pair]:
    """People whose areas balance each other on one day, so that nothing seems to be shared by all of them."""
    chance = Random("hardly a day")
    pairs = []
    for one in made(count):
        changes = [chance.gauss(0, 30) for _ in range(10)]
        shift = chance.gauss(0, of_the_day) - sum(changes) / 10
        pairs.append(one._replace(areas=[change + shift for change in changes]))
    return pairs


def test_what_is_offered_is_what_is_published_with_room_above_it() -> None:
    """σ is measured as less than s and e come to, as s is never below 0; it is larger then, and so is its upper end."""
    pairs = no_day(of_the_day=9.0)
    direct = estimate(pairs)
    document = offered(pairs, EVEN)
    assert document
    errors = document["plain"]
    sigma, s = errors["sigma"], errors["s"]
    made_of = constants(BASE, 101, errors, ABOUT)["errors"]["sigma"]
    assert direct.s.value == 0.1
    assert sigma["value"] > direct.sigma.value + 0.2
    assert (made_of["value"], made_of["interval"]) == (sigma["value"], sigma["interval"])
    assert sigma["interval"][0] <= direct.sigma.interval[0]
    assert sigma["interval"][1] / sigma["value"] >= direct.sigma.interval[1] / direct.sigma.value - 0.001
    assert s["interval"][1] > 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("of_the_day", [7.5, 8.0, 8.5, 9.0, 10.0, 14.0])
def test_every_upper_end_is_above_its_error(of_the_day: float, seed: int) -> None:
    document = offered(no_day(of_the_day=of_the_day), Random(seed))
    assert document
    for way in WAYS:
        errors = document.get(way, {})
        for row in (*(errors.get(name) for name in ("sigma", "s", "e", "A", "L")), *errors.get("sem", {}).values()):
            assert row is None or row["interval"][1] > row["value"]
    assert ways(document) == [way for way in WAYS if way in document]


def test_an_error_that_no_change_shows_is_not_offered() -> None:
    still = [one._replace(parts={**one.parts, "rec": (4, 0.0)}) for one in made(150)]
    document = offered(still, EVEN)
    assert document
    assert document["plain"]["sem"].keys() == {"8"}
    assert offered([one._replace(L=0.0) for one in made(150)], EVEN) == {"n": 150}


def test_what_an_earlier_release_offered_is_not_published_as_something_else() -> None:
    document = found()
    document["plain"]["sigma"]["value"] += 0.3
    document["robust"]["sigma"]["interval"][1] = document["robust"]["sigma"]["value"]
    assert ways(document) == []
    with pytest.raises(WrongConstants, match="s and e do not come to it"):
        read(to_toml(constants(BASE, 101, document["plain"], ABOUT)))


def test_rounding_never_hides_an_end_nor_turns_an_error_into_none() -> None:
    for seed in range(200):
        chance = Random(seed)
        value = chance.random() * 20
        low, high = value * 0.9, value * 1.1
        shown = error(value, chance)
        ends = outwards(shown, (low, high), chance)
        assert shown >= 0.1
        assert max(ends[0], 0.1) <= max(low, 0.1) or ends[0] <= low
        assert ends[1] >= high
        assert ends[0] <= shown < ends[1]


@pytest.mark.parametrize("way", WAYS)
def test_constants_say_on_whom_they_rest(way: str) -> None:
    errors = found()[way]
    used = read(to_toml(constants(BASE, 101, errors, ABOUT)))
    assert used.version == 101
    for one in (used.sigma, used.s, used.e, used.A, used.L, used.sem[8]):
        assert one
        assert (one.n, one.date, one.basis, one.source) == (200, ABOUT.on, "sample", ABOUT.source)
        assert one.interval
    assert {one.basis for number, one in used.sem.items() if number < 8} == {"assumed"}
    assert {one.basis for one in used.A0.values()} == {"assumed"}
    assert used.cuts == read(CONSTANTS_2.read_text(encoding="utf-8")).cuts


def test_unevenness_by_chance_grows_with_the_error_of_an_area() -> None:
    errors = found()["plain"]
    errors["s"]["value"], errors["e"]["value"] = 2 * 8.5, 2 * 23.7
    document = constants(BASE, 101, errors, ABOUT)
    assert document["errors"]["A0"]["10"]["value"] == pytest.approx(2 * 19.7)


def test_range_takes_the_estimate_and_what_is_said_of_again_its_upper_end() -> None:
    errors = found()["plain"]
    used, before = read(to_toml(constants(BASE, 101, errors, ABOUT))), read(to_toml(BASE))
    s, e = errors["s"]["value"], errors["e"]["value"]
    assert used.of_balance(8) == pytest.approx((s**2 + e**2 / 8) ** 0.5)
    assert used.sigma
    assert used.sigma.value == round(used.of_balance(10), 1)  # both are read
    grown = errors["sigma"]["interval"][1] / used.sigma.value
    assert used.of_answering_again(8) == pytest.approx(2**0.5 * used.of_balance(8) * grown)
    assert before.of_answering_again(8) == pytest.approx(2**0.5 * before.of_balance(8))
    assert used.of_statements_again(8, 8) == pytest.approx(2**0.5 * errors["sem"]["8"]["interval"][1])


def test_result_keeps_how_its_error_was_known_and_an_assumed_one_says_nothing_more() -> None:
    errors = found()["plain"]
    used = read(to_toml(constants(BASE, 101, errors, ABOUT)))
    of = score(INSTRUMENT, ANSWERS["worked-2"], 2, used)
    assert used.sigma
    assert of["error"] == {
        "value": used.sigma.value,
        "n": 200,
        "interval": (*errors["sigma"]["interval"],),
        "date": "2027-05-01",
        "basis": "sample",
        "source": ABOUT.source,
    }
    assert of["versions"]["constants"] == 101
    assert "error" not in score(INSTRUMENT, ANSWERS["worked-2"], 2)
    assert score(INSTRUMENT, ANSWERS["worked-2"], 1, used) == score(INSTRUMENT, ANSWERS["worked-2"], 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda errors: errors["sigma"].pop("n"), "errors.sigma.n: the number of people"),
        (lambda errors: errors["sigma"].pop("source"), "errors.sigma.source: some text"),
        (lambda errors: errors["sigma"].update(source=" "), "errors.sigma.source: some text"),
        (lambda errors: errors["sigma"].update(value=30, interval=[29, 31]), "errors.sigma: s and e do not come to it"),
        (
            lambda errors: (errors["sigma"].update(basis="assumed", n=0), errors["sigma"].pop("interval")),
            "errors.sigma.basis: it stands here only if it was measured",
        ),
    ],
)
def test_what_is_wrong_with_a_measured_error_is_named(change: Callable[[Any], object], said: str) -> None:
    document = constants(BASE, 101, found()["plain"], ABOUT)
    change(document["errors"])
    assert [line for line in problems(document) if line.startswith(said)]
    with pytest.raises(WrongConstants):
        read(to_toml(document))
