"""The constants of algorithm 2: every figure says how it is known, and a file that does not is refused."""

import copy
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.algorithm_2.constants import WrongConstants, problems, read
from assessments.algorithms import CONSTANTS_2, constants

SOURCE = CONSTANTS_2.read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = tomllib.loads(SOURCE)
MEASURED = {
    "value": 9.0,
    "n": 120,
    "date": date(2027, 5, 1),
    "basis": "sample",
    "source": "retests",
    "interval": [8, 10],
}


def test_our_own_file_has_no_problem_and_measures_nobody() -> None:
    found = constants()
    assert found.version == 2
    errors = [found.s, found.e, found.A, found.L, *found.A0.values(), *found.sem.values()]
    assert {(error.n, error.basis, error.interval) for error in errors} == {(0, "assumed", None)}


@pytest.mark.parametrize(("areas", "error"), [(7, 12.35), (8, 11.93), (9, 11.57), (10, 11.34)])
def test_the_error_of_the_balance_is_the_simulated_one(areas: int, error: float) -> None:
    assert constants().of_balance(areas) == pytest.approx(error, abs=0.04)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("version"), "version: a whole number from 2 on"),
        (lambda d: d.update(version=1), "version: a whole number from 2 on"),
        (lambda d: d.update(version=True), "version: a whole number from 2 on"),
        (lambda d: d.update(extra=1), "extra: there is no such key"),
        (lambda d: d.pop("cuts"), "cuts: a table is expected"),
        (lambda d: d["cuts"].pop("likely"), "cuts.likely: this is missing"),
        (lambda d: d["cuts"].update(likely="2"), "cuts.likely: a number above 0"),
        (lambda d: d["cuts"].update(quite_sure=1.0), "cuts.quite_sure: a share"),
        (lambda d: d["cuts"].update(equal_answers=1.5), "cuts.equal_answers: a whole number"),
        (lambda d: d["cuts"].update(typo=1), "cuts.typo: there is no such key"),
        (lambda d: d.update(errors=[]), "errors: a table is expected"),
        (lambda d: d["errors"].pop("s"), "errors.s: this is missing"),
        (lambda d: d["errors"].update(s=8.5), "errors.s: a table is expected"),
        (lambda d: d["errors"].update(typo={}), "errors.typo: there is no such key"),
        (lambda d: d["errors"]["s"].pop("n"), "errors.s.n: the number of people"),
        (lambda d: d["errors"]["s"].update(n=-1), "errors.s.n: the number of people"),
        (lambda d: d["errors"]["s"].update(n=True), "errors.s.n: the number of people"),
        (lambda d: d["errors"]["s"].pop("source"), "errors.s.source: some text"),
        (lambda d: d["errors"]["s"].update(source=" "), "errors.s.source: some text"),
        (lambda d: d["errors"]["s"].pop("date"), "errors.s.date: a day"),
        (lambda d: d["errors"]["s"].update(value=0), "errors.s.value: a number above 0"),
        (lambda d: d["errors"]["s"].update(basis="felt"), "errors.s.basis: assumed, sample, published"),
        (lambda d: d["errors"]["s"].update(n=100), "errors.s.basis: what is assumed"),
        (lambda d: d["errors"]["s"].update(interval=[8, 9]), "errors.s.basis: what is assumed"),
        (lambda d: d["errors"]["s"].update(typo=1), "errors.s.typo: there is no such key"),
        (lambda d: d["errors"].update(s=MEASURED | {"n": 0}), "errors.s.interval: what was measured"),
        (lambda d: d["errors"].update(s=MEASURED | {"interval": [9.5, 10]}), "errors.s.interval: what was measured"),
        (lambda d: d["errors"].update(s=MEASURED | {"interval": [9]}), "errors.s.interval: what was measured"),
        (lambda d: d["errors"].update(A0={}), "errors.A0: a table with an entry for each number"),
        (lambda d: d["errors"]["A0"].update(ten={}), "errors.A0: a table with an entry for each number"),
        (lambda d: d["errors"]["A0"]["10"].pop("source"), "errors.A0.10.source: some text"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(change: Callable[[dict[str, Any]], object], said: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    assert [line for line in problems(document) if line.startswith(said)]


@pytest.mark.parametrize("without", ["n = 0, ", 'source = "simulation with the assumed error of the balance"'])
def test_a_file_without_n_or_without_a_source_is_not_read(without: str) -> None:
    with pytest.raises(WrongConstants) as refused:
        read(SOURCE.replace(without, "", 1).replace(",  }", " }").replace(", }", " }"))
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("source", ["errors = [", "errors = " + "[" * 100_000])
def test_broken_toml_is_named_as_such(source: str) -> None:
    with pytest.raises(WrongConstants, match="This is not TOML"):
        read(source)


def test_a_measured_error_is_as_large_as_it_may_be_in_what_is_said_of_answering_again() -> None:
    text = 's = { value = 9.0, n = 120, date = 2027-05-01, basis = "sample", source = "pilot", interval = [8, 10] }'
    (line,) = [line for line in SOURCE.splitlines() if line.startswith("s = ")]
    measured = read(SOURCE.replace(line, text))
    assert measured.of_balance(10) == pytest.approx((81 + 23.7**2 / 10) ** 0.5)
    assert measured.of_answering_again(10) == pytest.approx((2 * (100 + 23.7**2 / 10)) ** 0.5)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["version", "cuts", "errors", "x"]), anything))
def test_no_document_makes_the_check_itself_fail(document: dict[str, Any]) -> None:
    assert list(problems(document))


@given(st.sampled_from(sorted(DOCUMENT["errors"])), anything)
def test_no_error_makes_the_check_itself_fail(key: str, value: Any) -> None:
    list(problems(DOCUMENT | {"errors": DOCUMENT["errors"] | {key: value}}))
