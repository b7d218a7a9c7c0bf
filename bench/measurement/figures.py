"""The figures of a whole run, as the file has them that the public page reads."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import pairwise
from math import sqrt
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, Final

from assessments.algorithm_2.estimate import ENOUGH, Estimate, Estimates, Pair, estimate
from assessments.algorithms import Versions, constants
from bench.measurement.cell import ANSWERINGS, AREAS, BIN, SIZES, Tally, Task, work
from bench.measurement.people import ASSUMED, NOISES, POPULATIONS, instrument

SEED: Final = 20261128
PEOPLE: Final = 20_000
PILOTS: Final = 1_000
AT_ONCE: Final = 500  # people of one task
PROCESSES: Final = 2
MATCHED: Final = ("wide", "assumed")
CELLS: Final = tuple((population, noise) for population in POPULATIONS for noise in NOISES)
WORDS: Final = {
    "quite_sure": "side, clear",
    "fairly_sure": "side, leaning",
    "side_too_close": "side, too_close",
    "level": "level, leaning",
    "level_too_close": "level, too_close",
}
SIMULATED: Final = {  # by key: the figure's place in the matched cell, and its bounds
    **{f"range_{areas}": (("range", str(areas)), 0.78, 0.82) for areas in AREAS},
    "quite_sure": (("words", "quite_sure", "again"), 0.85, 1),
    "second_result": (("false_alarms", "second_result"), 0, 0.055),
    "later_result": (("false_alarms", "later_result"), 0, 0.055),
    "parts": (("parts_inside_their_error_too_small_to_tell",), 1, 1),
    "uneven": (("even_couples", "uneven"), 0, 0.005),
    "equal_noted": (("equal_answers", "planted"), 1, 1),
    "equal_false": (("equal_answers", "false"), 0, 0.005),
}
POSITIONS: Final = ("gives_more", "receives_more", "uneven_by_area", "balanced_full", "balanced_thin")

type Cell = tuple[str, str]
type Figures = dict[str, Any]


def run(people: int = PEOPLE, pilots: int = PILOTS, cells: Sequence[Cell] = CELLS, *, processes: int = 1) -> Figures:
    """Simulate so many people in each cell, and so many pilots of the matched one, if it is among them."""
    tallies, cuts = simulate(people, cells, processes), instrument().constants
    found: Figures = {
        "seed": SEED,
        "people": people,
        "answerings": ANSWERINGS,
        "date": date.today().isoformat(),  # noqa: DTZ011  # the day on which it was run, there
        "versions": Versions(instrument().version, constants().version, 2)._asdict(),
        "assumptions": {
            "answer": ASSUMED.answer,
            "day_tilt": round(sqrt(2) * ASSUMED.day, 2),
            "tilt": {name: population.tilt for name, population in POPULATIONS.items()},
        },
        "cuts": {"level": cuts.balance_band, "uneven": cuts.uneven, "fairly_sure": cuts.leaning},
        "cells": {population: {} for population, _ in cells},
    }
    for (population, noise), tally in tallies.items():
        found["cells"][population][noise] = figures(tally)
    if MATCHED in tallies:
        found["pilots"] = of_pilots(tallies[MATCHED].pairs, pilots)
        found["wanted"] = dict(_wanted(found))
    return found


def _wanted(found: Figures) -> Iterator[tuple[str, Figures]]:
    population, noise = MATCHED
    for key, (path, low, high) in SIMULATED.items():
        yield key, bounded(at(found["cells"][population][noise], path), low, high)
    yield "pilot", bounded(found["pilots"]["covered"]["plain"]["sigma"], 0.87, 0.93)


def bounded(value: float | None, low: float, high: float, *, is_count: bool = False) -> Figures:
    """A figure and what was wanted of it. One that was not seen is not reached."""
    reached = value is not None and low <= value <= high
    return {"low": low, "high": high, "found": value, "reached": reached, "is_count": is_count}


def at(cell: Figures, path: Sequence[str]) -> Any:
    for key in path:
        cell = cell[key]
    return cell


def simulate(people: int, cells: Sequence[Cell], processes: int) -> dict[Cell, Tally]:
    """Every cell, and with its noise as many couples who are level in every area."""
    tasks: dict[Task, Cell] = {}
    for cell in cells:
        for start in range(0, people, AT_ONCE):
            for population in (cell[0], "even"):
                seed = f"{SEED} {' '.join(cell)} {population} {start}"
                tasks[Task(population, cell[1], min(AT_ONCE, people - start), seed)] = cell
    tallies = {cell: Tally() for cell in cells}
    for cell, tally in zip(tasks.values(), _worked(list(tasks), processes), strict=True):
        tallies[cell].plus(tally)
    return tallies


def _worked(tasks: Sequence[Task], processes: int) -> Iterator[Tally]:
    if processes == 1:
        yield from map(work, tasks)
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            yield from pool.map(work, tasks)


def figures(tally: Tally) -> Figures:
    """One cell: shares from 0 to 1, everything else in points."""

    def share(name: str) -> float | None:
        return round(tally.hits[name] / tally.of[name], 4) if tally.of[name] else None

    def deviation(name: str) -> float:
        return round(sqrt(tally.squares[name] / tally.of[name]), 2)

    shown = estimate(tally.pairs) if len(tally.pairs) >= ENOUGH else None
    return {
        "spread": deviation("balance"),
        "errors": {
            "balance": {str(areas): deviation(f"error of {areas}") for areas in AREAS},
            "A": round(shown.A.value, 2) if shown else None,
            "L": round(shown.L.value, 2) if shown else None,
            "sem": {str(number): round(each.value, 2) for number, each in shown.sem.items()} if shown else {},
        },
        "range": {str(areas): share(f"range of {areas}") for areas in AREAS},
        "range_by_size": {name: share(f"range at {name}") for _, name in SIZES},
        "closer_to_level": share("closer to level"),
        "words": {
            key: {
                "share": share(f"share of {name}"),
                "again": share(f"again {name}"),
                "other_side": share(f"other side {name}"),
            }
            for key, name in WORDS.items()
        },
        "positions": {
            key: {
                "share": round(tally.of[f"again {key}"] / tally.of["balance"], 4),
                "again": share(f"again {key}"),
            }
            for key in POSITIONS
        },
        "bands": {key: share(f"again band {key}") for key in ("lower", "middle", "higher")},
        "false_alarms": {
            "second_result": share("told of a change, second result"),
            "later_result": share("told of a change"),
            "later_result_maybe": share("told of a possible change"),
            "at_least_once": {
                str(number): share(f"told at least once in {number}") for number in range(2, ANSWERINGS + 1)
            },
            "part": share("part: told of a change"),
            "any_part": share("any part: told of a change"),
        },
        "parts_inside_their_error_too_small_to_tell": share("part: too small to tell"),
        "power": _power(tally),
        "even_couples": {
            "uneven": share("even: said uneven"),
            "to_one_side": share("even: said to one side"),
            "to_one_side_quite_sure": share("even: said so quite surely"),
        },
        "equal_answers": {"planted": share("planted note"), "false": share("false note")},
    }


def _power(tally: Tally) -> Figures:
    """How often a true change is told, by its size, and the size that is told in half and in 80 % of cases."""
    sizes = sorted(int(name.removeprefix("seen ")) for name in tally.of if name.startswith("seen "))
    seen = [(size + BIN / 2, tally.hits[f"seen {size}"] / tally.of[f"seen {size}"]) for size in sizes]
    return {
        "told_at": {str(size): _at(seen, size) for size in (20, 30, 40, 50, 60)},
        "half": _size(seen, 0.5),
        "needed": _size(seen, 0.8),
    }


def _at(seen: Sequence[tuple[float, float]], size: float) -> float | None:
    """The share at a size, on the line between the two middles beside it."""
    for (left, low), (right, high) in pairwise(seen):
        if left <= size <= right:
            return round(low + (high - low) * (size - left) / (right - left), 3)
    return None


def _size(seen: Sequence[tuple[float, float]], share: float) -> float | None:
    """The size from which the share is reached, on the line between two middles."""
    for (left, low), (right, high) in pairwise(seen):
        if low < share <= high:
            return round(left + (right - left) * (share - low) / (high - low), 1)
    return None


def of_pilots(pairs: Sequence[Pair], pilots: int) -> Figures:
    """How often the 90 % interval from a hundred pairs holds what all pairs of the cell show."""
    chance, held = Random(f"{SEED} pilots"), {"plain": dict[str, int](), "robust": dict[str, int]()}
    truth = dict(_each(estimate(pairs)))
    for _ in range(pilots):
        pilot = chance.sample(pairs, ENOUGH)
        for kind, counts in held.items():
            for name, found in _each(estimate(pilot, robust=kind == "robust")):
                low, high = found.interval
                counts[name] = counts.get(name, 0) + (low <= truth[name].value <= high)
    return {
        "pilots": pilots,
        "pairs": ENOUGH,
        "truth": {name: round(found.value, 2) for name, found in truth.items()},
        "covered": {kind: {name: count / pilots for name, count in counts.items()} for kind, counts in held.items()},
    }


def _each(found: Estimates) -> Iterator[tuple[str, Estimate]]:
    for name in ("sigma", "s", "e", "A", "L"):
        yield name, getattr(found, name)
    for number, one in found.sem.items():
        yield f"sem {number}", one


def write(found: Mapping[str, Any], path: Path) -> None:
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
