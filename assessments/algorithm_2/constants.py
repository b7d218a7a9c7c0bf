"""The constants of algorithm 2: read from a file and checked. Pure: no Django."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from math import sqrt
from typing import Any

from assessments.shape import Document, is_number

BASES = ("assumed", "sample", "published")
WEAKEST_FIRST = ("assumed", "published", "sample")
SINGLE = ("s", "e", "A", "L")
BY_NUMBER = ("A0", "sem")
MEASURED = "sigma"  # σ over all areas, which a file has only if it was measured together with s and e
AREAS = 10  # those that σ is stated for
NUMBER = re.compile("[1-9][0-9]?")  # of areas, or of a subscale's statements
MOST = 99


class WrongConstants(ValueError):
    """A file of constants that cannot be used; `problems` has a line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Error:
    """A standard error of measurement: its value, and how it is known. An assumed one rests on nobody (n = 0)."""

    value: float
    n: int
    date: date
    basis: str
    source: str
    interval: tuple[float, float] | None = None

    @property
    def upper(self) -> float:
        """The upper end of the 90 % interval, if it was measured."""
        return self.interval[1] if self.interval else self.value


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where a word begins; the file says what each one is."""

    quite_sure: float
    likely: float
    regression: float
    half: float
    larger_of_two: float
    equal_answers: int


@dataclass(frozen=True, eq=False)  # hashed by identity: a cheap cache key
class Constants:
    """One numbered set of constants. `A0` goes by the number of areas, `sem` by that of answered statements."""

    version: int
    cuts: Cuts
    s: Error
    e: Error
    A: Error
    L: Error
    A0: Mapping[int, Error]
    sem: Mapping[int, Error]
    sigma: Error | None = None

    @property
    def of_all_areas(self) -> Error:
        """How σ is known: by its own measurement, or else like that of s and e which is known less well."""
        return self.sigma or min(self.s, self.e, key=lambda one: WEAKEST_FIRST.index(one.basis))

    def of_balance(self, areas: float) -> float:
        """σ of the balance over so many areas (the effective number, where they are weighted)."""
        return sqrt(self.s.value**2 + self.e.value**2 / areas)

    def of_answering_again(self, areas: float) -> float:
        """The error of the difference between two answerings, σ·√2, with σ as large as it may be.

        σ has an interval of its own if it was measured: s and e are hardly ever both at their upper ends.
        """
        if self.sigma:
            return sqrt(2) * self.of_balance(areas) * self.sigma.upper / self.sigma.value
        return sqrt(2 * (self.s.upper**2 + self.e.upper**2 / areas))

    def asymmetry_when_level(self, areas: int) -> float:
        return self.A0[max(areas, min(self.A0))].value

    def of_statements(self, answered: int) -> float | None:
        """The error of a subscale with so many answers; none for a single one."""
        error = self.sem.get(answered)
        return error.value if error else None

    def of_statements_again(self, first: int, second: int) -> float:
        """The error of the difference between two answerings of a subscale, as large as it may be."""
        return sqrt(self.sem[first].upper ** 2 + self.sem[second].upper ** 2)


def read(toml: str) -> Constants:
    """The constants of a file. Raises `WrongConstants`."""
    try:
        document = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise WrongConstants([f"This is not TOML: {error}"]) from None
    if found := list(problems(document)):
        raise WrongConstants(found)
    errors = document["errors"]
    by_number = {name: _by_number(errors[name]) for name in BY_NUMBER}
    single = {name: _error(errors[name]) for name in (*SINGLE, MEASURED) if name in errors}
    return Constants(version=document["version"], cuts=Cuts(**document["cuts"]), **single, **by_number)  # type: ignore[arg-type]


def _by_number(rows: Document) -> dict[int, Error]:
    """An entry for every number from the smallest on: where the file has none, that of the next smaller number.

    Its error is the larger one.
    """
    stated = {int(number): _error(row) for number, row in rows.items()}
    return {number: stated[max(each for each in stated if each <= number)] for number in range(min(stated), MOST + 1)}


def _error(row: Mapping[str, Any]) -> Error:
    return Error(**{**row, "interval": tuple(row["interval"]) if "interval" in row else None})


def problems(document: Document) -> Iterator[str]:
    """Everything wrong with a document, one line each: `key: rule`."""
    version, cuts, errors = (document.get(name) for name in ("version", "cuts", "errors"))
    yield from (f"{key}: there is no such key" for key in document.keys() - {"version", "cuts", "errors"})
    if not isinstance(version, int) or isinstance(version, bool) or version < 2:
        yield "version: a whole number from 2 on is expected (1 stands in the first questionnaire's own file)"
    yield from _cuts(cuts) if isinstance(cuts, dict) else ["cuts: a table is expected"]
    yield from _errors(errors) if isinstance(errors, dict) else ["errors: a table is expected"]


def _cuts(cuts: Document) -> Iterator[str]:
    expected = {field.name for field in fields(Cuts)}
    yield from (f"cuts.{key}: this is missing" for key in sorted(expected - cuts.keys()))
    yield from (f"cuts.{key}: there is no such key" for key in sorted(cuts.keys() - expected))
    for key in sorted(expected & cuts.keys()):
        value = cuts[key]
        if not _is_positive(value):
            yield f"cuts.{key}: a number above 0 is expected"
        elif key in ("quite_sure", "half") and value >= 1:
            yield f"cuts.{key}: a share is expected"
        elif key == "equal_answers" and not isinstance(value, int):
            yield f"cuts.{key}: a whole number is expected"


def _errors(errors: Document) -> Iterator[str]:
    expected = {*SINGLE, *BY_NUMBER}
    yield from (f"errors.{key}: this is missing" for key in sorted(expected - errors.keys()))
    yield from (f"errors.{key}: there is no such key" for key in sorted(errors.keys() - expected - {MEASURED}))
    for key in (*SINGLE, MEASURED):
        if key in errors:
            yield from _row(f"errors.{key}", errors[key])
    yield from _sigma(errors)
    for key in BY_NUMBER:
        table = errors.get(key, {})
        if key in errors and not (
            isinstance(table, dict) and table and all(re.fullmatch("[1-9][0-9]?", number) for number in table)
        ):
            yield f"errors.{key}: a table with an entry for each number is expected"
            continue
        for number, row in table.items():
            yield from _row(f"errors.{key}.{number}", row)


def _sigma(errors: Document) -> Iterator[str]:
    """σ is what follows from s and e."""
    rows = [errors.get(key) for key in ("s", "e", MEASURED)]
    if MEASURED not in errors or not all(isinstance(row, dict) and not [*_row("", row)] for row in rows):
        return
    sigma = errors[MEASURED]
    if sigma["basis"] == BASES[0]:
        yield f"errors.{MEASURED}.basis: it stands here only if it was measured"
    elif sigma["value"] != whole(errors):
        yield f"errors.{MEASURED}: s and e do not come to it"


def whole(errors: Document) -> float:
    """σ over all areas to the tenth, as s and e come to it."""
    return round(sqrt(errors["s"]["value"] ** 2 + errors["e"]["value"] ** 2 / AREAS), 1)


def _row(where: str, row: object) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{where}: a table is expected"
        return
    yield from (f"{where}.{key}: there is no such key" for key in sorted(row.keys() - _KEYS))
    value, n, basis, interval = (row.get(key) for key in ("value", "n", "basis", "interval"))
    if not _is_positive(value):
        yield f"{where}.value: a number above 0 is expected"
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        yield f"{where}.n: the number of people is expected"
    if type(row.get("date")) is not date:
        yield f"{where}.date: a day is expected"
    if not (isinstance(source := row.get("source"), str) and source.strip()):
        yield f"{where}.source: some text is expected"
    if basis not in BASES:
        yield f"{where}.basis: {', '.join(BASES)} are expected"
    elif basis == "assumed" and (n or interval is not None):
        yield f"{where}.basis: what is assumed was measured on nobody (n = 0) and has no interval"
    elif basis != "assumed" and (n == 0 or not _is_interval(interval, value)):
        yield f"{where}.interval: what was measured has n people and an interval around its value"


_KEYS = {field.name for field in fields(Error)}


def _is_positive(value: Any) -> bool:
    return is_number(value) and value > 0


def _is_interval(interval: Any, value: Any) -> bool:
    """Whether it is a pair of numbers with the value between them."""
    whole = isinstance(interval, list) and len(interval) == 2 and all(is_number(end) for end in (*interval, value))
    return whole and 0 < interval[0] <= value <= interval[1]
