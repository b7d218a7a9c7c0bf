"""Invented people. On a usual day each would give the answers behind their `usual` figures; no day is quite usual.

An answer is what somebody would say on a scale without steps, plus the day's own tilt and chance in each answer,
rounded and cut to the scale from 0 to 4. The wide population with the assumed noise has the errors that the constants
assume.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import erf, sqrt
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Final, NamedTuple

from assessments.instrument import Instrument, build, read
from assessments.scoring import Answer, Answers

FILE: Final = Path(__file__).parents[2] / "assessments" / "instruments" / "balance-2.toml"
TOP: Final = 4  # of the scales of areas and statements
IN_A_ROW: Final = 12  # equal answers that are planted


@dataclass(frozen=True)
class Population:
    """How people differ, as standard deviations in steps of the answer scale: between people, and between the areas of
    one person. `tilt` is what is given less what is received, `level` the mean of the two."""

    tilt: float
    tilt_of_areas: float
    level: float = 0.5
    level_of_areas: float = 0.4
    middle: float = 2.2


@dataclass(frozen=True)
class Noise:
    """What differs from one answering to the next, in steps: each answer, and all giving or receiving of a day."""

    answer: float = 0.65
    day: float = 0.36 / sqrt(2)  # of giving and of receiving, each on its own: 0.36 in the tilt

    def times(self, factor: float) -> "Noise":
        return Noise(self.answer * factor, self.day * factor)


POPULATIONS: Final = {"wide": Population(1.1, 0.6), "narrow": Population(0.5, 0.6)}
EVEN: Final = Population(0.0, 0.0)  # couples who are level in every area
ASSUMED: Final = Noise()
NOISES: Final = {"less": ASSUMED.times(0.75), "assumed": ASSUMED, "more": ASSUMED.times(1.25)}
# Statements: how people differ in a part, how its statements differ for one person, and the middle.
PARTS, STATEMENTS, MIDDLE_OF_PARTS = 0.6, 0.4, 1.9


class Plan(NamedTuple):
    """What is asked, as lists: areas as (give, receive), statements as (key, reverse) by part, and keys in order."""

    areas: Sequence[tuple[str, str]]
    parts: Sequence[Sequence[tuple[str, bool]]]
    felt: str
    in_order: Sequence[str]


class Person(NamedTuple):
    """Somebody's usual answers on a scale without steps: areas as (give, receive), and each statement by part."""

    areas: Sequence[tuple[float, float]]
    parts: Sequence[Sequence[float]]
    tilt: float


@cache
def instrument() -> Instrument:
    """The version of the questionnaire that is simulated."""
    return build(read(FILE.read_text(encoding="utf-8")))


@cache
def plan() -> Plan:
    asked = instrument()
    scales = {key: asked.scales[subscale.scale].values for key, subscale in asked.subscales.items()}
    scored = [key for key, values in scales.items() if values == tuple(range(TOP + 1))]
    apart = {item.key for item in asked.choices}  # neither scored, nor on that scale
    of_parts = [
        [(item.key, item.reverse) for item in asked.items if item.subscale == key and item.key not in apart]
        for key in scored
    ]
    [felt] = [item.key for item in asked.items if item.subscale == "felt"]
    parts = asked.parts("full", partnered=True)
    return Plan(
        areas=[area.answer_keys() for area in asked.areas],
        parts=of_parts,
        felt=felt,
        in_order=[key for part in parts if part.kind != "felt" for key in part.keys if key not in apart],
    )


def somebody(chance: Random, population: Population) -> Person:
    level, tilt = chance.gauss(population.middle, population.level), chance.gauss(0, population.tilt)
    areas = []
    for _ in plan().areas:
        middle = level + chance.gauss(0, population.level_of_areas)
        half = (tilt + chance.gauss(0, population.tilt_of_areas)) / 2
        areas.append((middle + half, middle - half))
    parts = []
    for keys in plan().parts:
        whole = chance.gauss(MIDDLE_OF_PARTS, PARTS)
        parts.append([whole + chance.gauss(0, STATEMENTS) for _ in keys])
    return Person(areas, parts, tilt)


def changed(person: Person, steps: float) -> Person:
    """The same one, after the tilt of every area has moved by so many steps."""
    areas = [(give + steps / 2, receive - steps / 2) for give, receive in person.areas]
    return person._replace(areas=areas, tilt=person.tilt + steps)


def of_areas(chance: Random, person: Person, noise: Noise) -> dict[str, Answer]:
    """The answers of one day about the areas."""
    gives, receives = chance.gauss(0, noise.day), chance.gauss(0, noise.day)
    answers: dict[str, Answer] = {}
    for (give_key, receive_key), (give, receive) in zip(plan().areas, person.areas, strict=True):
        answers[give_key] = _on_scale(give + gives + chance.gauss(0, noise.answer))
        answers[receive_key] = _on_scale(receive + receives + chance.gauss(0, noise.answer))
    return answers


def sheet(chance: Random, person: Person, noise: Noise) -> Answers:
    """Everything that is answered on one day, in the full form."""
    answers = of_areas(chance, person, noise)
    answers[plan().felt] = max(-3, min(3, round(person.tilt + chance.gauss(0, noise.answer))))
    for keys, usual in zip(plan().parts, person.parts, strict=True):
        day = chance.gauss(0, noise.day)
        for (key, reverse), each in zip(keys, usual, strict=True):
            answer = _on_scale(each + day + chance.gauss(0, noise.answer))
            answers[key] = TOP - answer if reverse else answer
    return whole(answers)


def whole(answers: Mapping[str, Answer]) -> Answers:
    return Answers("full", True, answers, {})


def in_haste(chance: Random, answers: Answers) -> Answers:
    """The same answers, but a dozen in a row are equal, from some question on."""
    start, value = chance.randrange(len(plan().in_order) - IN_A_ROW + 1), chance.randint(0, TOP)
    return whole({**answers.answers, **dict.fromkeys(plan().in_order[start : start + IN_A_ROW], value)})


def usual_balance(person: Person, noise: Noise, areas: int) -> float:
    """The mean of the balance over all days, of the first so many areas."""
    deviation = sqrt(2 * (noise.answer**2 + noise.day**2))
    return fmean([25 * (_mean(give, deviation) - _mean(receive, deviation)) for give, receive in person.areas[:areas]])


def _mean(usual: float, deviation: float) -> float:
    """The mean answer: how likely each step from 1 to 4 is reached, summed. `deviation`: √2 times that of the noise."""
    return sum([0.5 + 0.5 * erf((usual - step + 0.5) / deviation) for step in (1, 2, 3, 4)])


def _on_scale(value: float) -> int:
    return max(0, min(TOP, round(value)))
