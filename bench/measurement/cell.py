"""One cell of the simulation: people of one population with one noise, scored by the product itself."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

from assessments.algorithm_2 import balance, change
from assessments.algorithm_2.estimate import Pair, pair
from assessments.algorithms import constants, score_by
from assessments.position import SIDES
from assessments.scoring import Answer, Document, differences
from bench.measurement.people import (
    EVEN,
    NOISES,
    POPULATIONS,
    Noise,
    Person,
    changed,
    in_haste,
    instrument,
    of_areas,
    sheet,
    somebody,
    usual_balance,
    whole,
)

AREAS: Final = (7, 8, 9, 10)
ANSWERINGS: Final = 6  # of each person, without any change
LEAST_CHANGE, MOST_CHANGE = 1.0, 3.6  # steps of tilt in every area
BIN: Final = 5  # points
SIZES: Final = ((15, "0 to 15"), (40, "15 to 40"), (55, "40 to 55"), (101, "55 and more"))  # of the balance shown


@dataclass
class Tally:
    """How often each thing happened, and of how many; sums of squares of errors; the pairs for the pilots."""

    hits: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    squares: Counter[str] = field(default_factory=Counter)
    pairs: list[Pair] = field(default_factory=list)

    def note(self, name: str, *, happened: bool) -> None:
        self.of[name] += 1
        self.hits[name] += happened

    def add(self, name: str, value: float) -> None:
        """A value whose mean square is wanted."""
        self.of[name] += 1
        self.squares[name] += value * value  # type: ignore[assignment]  # Counter adds floats as well

    def plus(self, other: "Tally") -> None:
        for mine, others in ((self.hits, other.hits), (self.of, other.of), (self.squares, other.squares)):
            mine.update(others)
        self.pairs += other.pairs


class Task(NamedTuple):
    """Some people of a cell. The seed is theirs alone: the figures do not depend on who works it out, and when."""

    population: str
    noise: str
    people: int
    seed: str


def work(task: Task) -> Tally:
    chance, noise, tally = Random(task.seed), NOISES[task.noise], Tally()
    meet: Callable[[Random, Person, Noise, Tally], None] = _even if task.population == "even" else _answers
    population = POPULATIONS.get(task.population, EVEN)
    for _ in range(task.people):
        meet(chance, somebody(chance, population), noise, tally)
    return tally


def _even(chance: Random, person: Person, noise: Noise, tally: Tally) -> None:
    """A couple that is level in every area."""
    pairs = differences(instrument(), whole(of_areas(chance, person, noise)))
    found = balance.figures(pairs, instrument().constants, constants())
    tally.note("even: said uneven", happened=found["position"] == "uneven_by_area")
    tally.note("even: said to one side", happened=found["position"] in SIDES)
    tally.note("even: said so quite surely", happened=found["confidence"] == "clear")


def _answers(chance: Random, person: Person, noise: Noise, tally: Tally) -> None:
    score = score_by(2, instrument())
    sheets = [sheet(chance, person, noise) for _ in range(2)]
    first, second = (change.Result(instrument(), each, score(instrument(), each)) for each in sheets)
    _range(person, noise, first, tally)
    _retest(first.score, second.score, tally)
    tally.pairs.append(_parts(first, second, tally))
    tally.note("false note", happened=first.score["style"]["note"])
    tally.note("planted note", happened=score(instrument(), in_haste(chance, sheets[0]))["style"]["note"])
    results = [_of_balance(answers.answers) for answers in sheets]
    results += [_of_balance(of_areas(chance, person, noise)) for _ in range(ANSWERINGS - 2)]
    _false_alarms(results, tally)
    _power(chance, person, noise, results[0], tally)


def _of_balance(answers: Mapping[str, Answer]) -> change.Result:
    """A result without parts, where only the balance is compared."""
    return change.Result(instrument(), whole(answers), {"pairs": {}, "subscales": {}})


def _range(person: Person, noise: Noise, result: change.Result, tally: Tally) -> None:
    """Whether the 80 % range holds the usual balance, by the number of areas and by the size of what is shown."""
    pairs = differences(instrument(), result.answers)
    for areas in AREAS:
        found = balance.figures(pairs[:areas], instrument().constants, constants())
        usual = usual_balance(person, noise, areas)
        (low, high), shown = found["interval80"], found["balance"]["B"]
        tally.note(f"range of {areas}", happened=low <= usual <= high)
        tally.add(f"error of {areas}", shown - usual)
    size = next(name for below, name in SIZES if abs(shown) < below)
    tally.note(f"range at {size}", happened=low <= usual <= high)
    if abs(shown) >= constants().cuts.regression:
        tally.note("closer to level", happened=abs(usual) < abs(shown))
    tally.add("balance", shown)


def _retest(first: Document, second: Document, tally: Tally) -> None:
    """Whether the second answering says the same; `sure: …` are the words of the balance, with their shares."""
    side = "side" if first["position"] in SIDES else "level"
    said = f"{side}, {first['confidence']}"
    for word in ("side, clear", "side, leaning", "side, too_close", "level, leaning", "level, too_close"):
        tally.note(f"share of {word}", happened=said == word)
    same = SIDES.get(first["position"], "even") == SIDES.get(second["position"], "even")
    tally.note(f"again {said}", happened=same)
    if side == "side":
        tally.note(f"other side {said}", happened=second["position"] in SIDES and not same)
    tally.note(f"again {first['position']}", happened=first["position"] == second["position"])
    for key, one in first["subscales"].items():
        if key != "felt":
            tally.note(f"again band {one['band']}", happened=one["band"] == second["subscales"][key]["band"])


def _parts(first: change.Result, second: change.Result, tally: Tally) -> Pair:
    """Changes of parts, though nothing has changed; those inside their error (95 %) may have no other word."""
    found = pair(first, second)
    words = change.compare(first, second, constants())["parts"]
    told = 0
    for key, (answered, moved) in found.parts.items():
        if key not in words:  # a single answer
            continue
        small = words[key]["word"] == "wobble"
        told += not small
        tally.note("part: told of a change", happened=not small)
        if abs(moved) <= 1.96 * constants().of_statements_again(answered, answered):
            tally.note("part: too small to tell", happened=small)
    tally.note("any part: told of a change", happened=told > 0)
    return found


def _false_alarms(results: list[change.Result], tally: Tally) -> None:
    """What is said of each new result, though nothing has changed."""
    told = 0
    for number, compared in enumerate(change.history(results, constants()), start=1):
        found = [each for each in (compared.previous, compared.first) if each]
        words = {each["word"] for each in found}
        likely = "likely" in words
        if len(found) == 2:
            tally.note("told of a change", happened=likely)
            tally.note("told of a possible change", happened="maybe" in words and not likely)
        elif found:
            tally.note("told of a change, second result", happened=likely)
        told += likely
        if number > 1:
            tally.note(f"told at least once in {number}", happened=told > 0)


def _power(chance: Random, person: Person, noise: Noise, before: change.Result, tally: Tally) -> None:
    """Whether a true change is told, by its size: one towards the other side, so that the scale has room for it."""
    steps = chance.uniform(LEAST_CHANGE, MOST_CHANGE)
    after = changed(person, -steps if person.tilt > 0 else steps)
    size = abs(usual_balance(after, noise, 10) - usual_balance(person, noise, 10))
    word = change.compare(before, _of_balance(of_areas(chance, after, noise)), constants())["word"]
    tally.note(f"seen {int(size // BIN * BIN)}", happened=word == "likely")
