"""The cases of `balance-1-algorithm-2.json`, and the writing of that file: `python -m tests.vectors.cases`.

Sheets are built in `sheets.py` and scored by `independent.py`. Nothing of the product is used.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.vectors import independent
from tests.vectors.independent import CONSTANTS, CUTS
from tests.vectors.sheets import AREAS, SEED, Chance, Sheet, b_cuts, invalid_sheets, sheet, sheets, spread_out

VECTORS = Path(__file__).parent / "balance-1-algorithm-2.json"
NOTE = (
    'Answers: an integer of the item\'s scale; "na" does not apply; "skip" prefers not to say; "no_occasion" did not '
    "come up; null or absent: not answered. Figures are rounded to six places. Scored by independent.py; "
    "the choices where the rules are silent stand in README.md. What is not here (partners, alpha, omega) is as in "
    "algorithm 1."
)


# ---- Change ----


def retakes(known: dict[str, Sheet]) -> Iterator[dict[str, Any]]:
    """Pairs of named sheets: {"first", "second", "same_relationship", "pair": "new" | "free"}."""

    def retake(first: str, second: str, why: str, same: bool = True, free: bool = False) -> dict[str, Any]:
        return {
            "first": first,
            "second": second,
            "same_relationship": same,
            "pair": "free" if free else "new",
            "why": why,
            "expected": independent.change(known[first], known[second], same, free),
        }

    for areas in range(CUTS["min_pairs"], len(AREAS) + 1):
        for cut in ("maybe", "likely"):
            step = 25 / areas / (independent.sigma(areas) * math.sqrt(2))
            below = math.ceil(CONSTANTS[cut] / step) - 1
            for steps in (below, below + 1):
                for sign in (1, -1):
                    start = change_start(areas)
                    why = f"rule 12: {steps} steps on {areas} areas, next to the cut of {cut}"
                    yield retake(start, f"change-{areas}-{sign * steps}", why)
                    if cut == "likely":
                        yield retake(start, f"change-{areas}-{sign * steps}", f"{why}, chosen freely", free=True)
    yield retake("worked-1", "worked-1", "nothing changed")
    yield retake("worked-1", "worked-2", "nine areas answered both times")
    yield retake("worked-1", "tie-plus-15", "rule 10: full with short, the balance only")
    yield retake("tie-plus-15", "leaning-20", "short with short: the parts as well")
    yield retake("extreme-receive", "extreme-give", "everything from one end to the other")
    yield retake("extreme-give", "extreme-receive", "and back")
    yield retake("extreme-receive", "extreme-give", 'and chosen freely: no "likely"', free=True)
    yield retake("extreme-receive", "extreme-give", "rule 11: another relationship", same=False)
    yield retake("worked-1", "six-pairs", "too few areas answered both times")
    yield retake("strain-giver", "strain-receiver", "rule 6: the lines move, their larger does not")
    yield retake("strain-light", "strain-giver", "rule 6: one line moves")
    yield retake("strain-one-of-two", "strain-giver", "a line with one answer has no error and no word")
    yield retake("cycle-i-press", "cycle-partner-presses", "rule 6: the roles change places")
    yield retake("cycle-i-press", "cycle-ended", "choice D: a pair of roles then, one mean now: not compared")
    yield retake("half-aut-full-4-of-8", "keyed-top", "rule 5: two errors of different size")
    yield retake("half-aut-full-3-of-8", "keyed-top", "a part that was not scored is not compared")
    chance = Chance(SEED + 1)
    names = [name for name in known if name.startswith("random-")]
    for _ in range(40):
        first = chance.one_of(names)
        second = chance.one_of([name for name in names if name != first])
        yield retake(first, second, "by chance", chance.random() < 0.9, chance.random() < 0.3)


def change_start(areas: int) -> str:
    return f"change-{areas}-0"


def change_sheets() -> Iterator[Sheet]:
    """For every number of areas a level sheet, and sheets at the steps next to each cut of the change."""
    for areas in range(CUTS["min_pairs"], len(AREAS) + 1):
        step = 25 / areas / (independent.sigma(areas) * math.sqrt(2))
        wanted = {0}
        for cut in ("maybe", "likely"):
            below = math.ceil(CONSTANTS[cut] / step) - 1
            wanted |= {below, below + 1, -below, -below - 1}
        for steps in sorted(wanted):
            yield sheet(
                f"change-{areas}-{steps}", f"rule 12: B moves by {steps} steps", spread_out(steps, areas), form="short"
            )


def histories(known: dict[str, Sheet]) -> Iterator[dict[str, Any]]:
    """Rules 11 and 12: a line of results, each against the one before and the first."""
    chains: list[tuple[str, list[tuple[str, bool | None]]]] = [
        ("a first result has nothing to be compared with", [("worked-1", None)]),
        ("the second has one comparison", [("worked-1", None), ("worked-2", True)]),
        (
            "small steps: nothing against the one before, a change against the first",
            [
                ("change-10-0", None),
                ("change-10-9", True),
                ("leaning-20", True),
                ("b-quite-sure-10-13", True),
                ("b-regression-10-17", True),
            ],
        ),
        (
            "another relationship starts a new line",
            [
                ("extreme-give", None),
                ("worked-1", True),
                ("extreme-receive", False),
                ("worked-partner", True),
                ("worked-2", True),
            ],
        ),
        (
            "two new lines one after the other, and no answer to the question",
            [
                ("worked-1", None),
                ("worked-2", False),
                ("extreme-give", False),
                ("worked-2", None),
                ("six-pairs", True),
                ("worked-1", True),
            ],
        ),
    ]
    for why, chain in chains:
        results = [{"sheet": known[name], "same_relationship": same} for name, same in chain]
        yield {
            "why": why,
            "results": [{"sheet": name, "same_relationship": same} for name, same in chain],
            "expected": independent.history(results),
        }


# ---- Single functions, with a value just below, on and just above each cut ----


def functions() -> dict[str, Any]:
    scores = [
        0.0,
        33.299999,
        33.3,
        33.333333,
        33.29999999999,
        66.666667,
        66.7,
        66.70000000000002,
        66.700001,
        100.0,
        None,
    ]
    return {
        "band": [{"score": score, "expected": independent.band(score)} for score in scores],
        "sigma": [
            {"areas": areas, "expected": independent.six(independent.sigma(areas))}
            for areas in range(CUTS["min_pairs"], len(AREAS) + 1)
        ],
        "weighted_sigma": [
            {"weights": weights, "expected": independent.six(independent.weighted_sigma(weights))}
            for weights in (
                [1] * 10,
                [3] * 7,
                [3, 0, 1, 2, 3, 0, 1, 2, 3, 1],
                [0, 0, 0, 2, 0, 0, 0],
                [3, 3, 1, 1, 1, 1, 1, 1],
            )
        ],
        "A_c": [
            {"A": a, "areas": areas, "expected": independent.six(independent.corrected(a, areas))}
            for areas in range(CUTS["min_pairs"], len(AREAS) + 1)
            for a in asymmetries(areas)
        ],
        "position": [position_case(areas, b, a, level) for areas, b, a, level in position_inputs()],
        "regression": [
            {"B": b, "expected": independent.regression(independent.six(b))}
            for b in (0.0, 39.999999, 39.9999999, 40.0, 40.000001, -39.999999, -40.0, 100.0, -100.0)
        ],
        "sem": [{"answered": count, "expected": independent.sem(count)} for count in range(9)],
        "half": [
            {"answered": answered, "items": items, "expected": independent.is_scored(answered, items)}
            for items in (1, 2, 3, 4, 6, 8)
            for answered in range(items + 1)
        ],
        "dots": [
            {"B": b, "areas": areas, "expected": independent.dots(b, independent.sigma(areas))}
            for b, areas in ((0.0, 10), (11.111111, 9), (-40.0, 8), (95.0, 7), (100.0, 10), (-100.0, 7))
        ],
        "longest_run": [
            {"values": values, "expected": independent.longest_run(values)}
            for values in (
                [],
                [None, "na"],
                [2],
                [2, 2, 3, 3, 3, 2],
                [2, 2, None, 2, 2, 2],
                [1, "na", 1, "skip", 1],
                ["na"] * 15,
                [0] * 12,
                [4] * 11 + ["no_occasion"] + [4] * 5,
            )
        ],
        "felt_and_counted": [
            {"F": f, "B": b, "expected": independent.felt_and_counted(f, b)}
            for f, b in (
                (0.0, 15.0),
                (0.0, 15.000001),
                (33.333333, 15.000001),
                (33.333333, -15.000001),
                (-100.0, -15.000001),
                (-33.333333, -15.0),
                (None, 50.0),
            )
        ],
        "change": [
            {
                "areas": areas,
                "s_diff": independent.six(independent.sigma(areas) * math.sqrt(2)),
                "likely_from": independent.six(CONSTANTS["likely"] * independent.sigma(areas) * math.sqrt(2)),
                "maybe_from": independent.six(CONSTANTS["maybe"] * independent.sigma(areas) * math.sqrt(2)),
            }
            for areas in range(CUTS["min_pairs"], len(AREAS) + 1)
        ],
        "word": [
            {"rci": sign * rci, "pair": kind, "expected": independent.word(sign * rci, kind == "free")}
            for rci in (0.0, 1.281551, 1.281552, 1.281553, 1.959999, 1.96, 2.239999, 2.24, 2.240001, 9.0)
            for sign in (1, -1)
            for kind in ("new", "free")
        ],
        "part_word": [
            {"rci": rci, "expected": independent.part_word(rci)}
            for rci in (0.0, 1.96, 2.239999, 2.24, -2.239999, -2.24, -5.0)
        ],
    }


def asymmetries(areas: int) -> list[float]:
    noise, cut = CONSTANTS["A0"][areas], math.hypot(CONSTANTS["uneven"], CONSTANTS["A0"][areas])
    return [0.0, noise - 0.1, noise, noise + 0.1, 35.0, cut - 0.00001, cut, cut + 0.00001, 100.0]


def position_inputs() -> Iterator[tuple[int, float, float, float]]:
    """Number of areas, B, A and L."""
    line = CUTS["balance_band"]
    for areas in range(CUTS["min_pairs"], len(AREAS) + 1):
        for sign in (1, -1):
            for b in (line - 0.000001, line, line + 0.0000004, line + 0.000001):
                yield areas, sign * b, 20.0, 60.0
            for _, cut in b_cuts(areas):
                for off in (-0.001, 0.001):
                    yield areas, sign * (cut + off), 45.0, 60.0
        cut = math.hypot(CONSTANTS["uneven"], CONSTANTS["A0"][areas])
        for a in (cut - 0.00001, cut, cut + 0.00001):
            yield areas, 0.0, a, 50.0
        for level in (49.999999, 49.9999999, 50.0, 50.000001):
            yield areas, 0.0, 30.0, level
        yield areas, 100.0, 100.0, 50.0


def position_case(areas: int, b: float, a: float, level: float) -> dict[str, Any]:
    uneven = independent.six(independent.corrected(a, areas))
    where = independent.position(independent.six(b), uneven, independent.six(level))
    p = independent.probabilities(b, areas)
    stated = p[independent.SIDE.get(where, "even")]
    return {
        "areas": areas,
        "B": b,
        "A": a,
        "L": level,
        "expected": [where, stated, independent.confidence(where, p)],
    }


# ---- The file ----


def constants() -> dict[str, Any]:
    """As JSON has them: keys are words, and a share is a number."""
    return {
        name: {str(key): one for key, one in value.items()}
        if isinstance(value, dict)
        else float(value)
        if name == "half"
        else value
        for name, value in CONSTANTS.items()
    }


def build() -> dict[str, Any]:
    known = sheets() | {one["name"]: one for one in change_sheets()}
    return {
        "instrument": "balance",
        "version": 1,
        "constants_version": 2,
        "algorithm": 2,
        "basis": "assumed",
        "note": NOTE,
        "constants": constants(),
        "sheets": [one | {"expected": independent.score(one)} for one in known.values()],
        "invalid_sheets": invalid_sheets(),
        "retakes": list(retakes(known)),
        "histories": list(histories(known)),
        "functions": functions(),
    }


def text(vectors: dict[str, Any]) -> str:
    """One case a line, so that a change of one figure is a change of one line."""
    parts = []
    for key, value in vectors.items():
        if isinstance(value, list):
            inner = ",\n".join("  " + json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in value)
            parts.append(f' "{key}": [\n{inner}\n ]')
        elif key == "functions":
            lists = []
            for name, cases in value.items():
                inner = ",\n".join("   " + json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in cases)
                lists.append(f'  "{name}": [\n{inner}\n  ]')
            parts.append(f' "{key}": {{\n' + ",\n".join(lists) + "\n }")
        else:
            parts.append(f' "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    VECTORS.write_text(text(build()), encoding="utf-8")
