"""The cases of `balance-1-algorithm-2.json`, and the writing of that file: `python -m tests.vectors.cases`.

Sheets are built here and scored by `independent.py`. Nothing of the product is used.
"""

import json
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import NormalDist
from typing import Any

from tests.vectors import independent
from tests.vectors.independent import CONSTANTS, CUTS, FILE

HERE = Path(__file__).parent
FIRST_VECTORS = HERE / "balance-1.json"
VECTORS = HERE / "balance-1-algorithm-2.json"
SEED = 20261127
RANDOM_SHEETS = 200
NOTE = (
    'Answers: an integer of the item\'s scale; "na" does not apply; "skip" prefers not to say; "no_occasion" did not '
    "come up; null or absent: not answered. Figures are rounded to six places. Scored by independent.py; "
    "the choices where the rules are silent stand in README.md. What is not here (partners, alpha, omega) is as in "
    "algorithm 1."
)

AREAS = [area["key"] for area in FILE["areas"]]
ITEMS = [item for item in FILE["items"] if item["subscale"] != "felt"]
Answers = dict[str, Any]
Sheet = dict[str, Any]
Pair = tuple[Any, Any]


class Chance:
    """Chance that stays the same in every version of Python: only `random()` is promised to."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random

    def one_of(self, values: list[Any]) -> Any:
        return values[int(self.random() * len(values))]

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random()

    def around(self, mean: float, width: float) -> float:
        return NormalDist(mean, width).inv_cdf(self.random())


# ---- Building sheets ----


def pair(steps: int) -> Pair:
    """Give and receive that lie so many steps apart, near the middle of the scale."""
    give = 2 + (steps + 1) // 2
    return give, give - steps


def spread_out(total: int, areas: int) -> list[Pair]:
    """So many steps in all, shared out as evenly as whole steps allow."""
    sign = 1 if total >= 0 else -1
    each, more = divmod(abs(total), areas)
    return [pair(sign * (each + (place < more))) for place in range(areas)]


def swapped(steps: int, areas: int) -> list[Pair]:
    """So many steps in all, but to and fro, so that the balance stays level (one step off if they are odd)."""
    each, more = divmod(steps, areas)
    sizes = [each + (place < more) for place in range(areas)]
    signed, total = [], 0
    for size in sorted(sizes, reverse=True):
        signed.append(size if total <= 0 else -size)
        total += signed[-1]
    return [pair(size) for size in signed]


def varied(**changed: Any) -> Answers:
    """Statements that neither agree nor repeat: no part at an end, no run."""
    pattern = (1, 3, 2, 2, 1, 3)
    plain = {item["key"]: pattern[place % len(pattern)] for place, item in enumerate(ITEMS)}
    return plain | {"prj3": 2} | changed  # else the short form's three on guessing would stand high


def sheet(
    name: str,
    why: str,
    pairs: list[Pair],
    statements: Answers | None = None,
    *,
    felt: Any = 0,
    form: str = "full",
    partnered: bool = True,
    importance: dict[str, Any] | None = None,
) -> Sheet:
    """`pairs` in the order of the areas; areas beyond them do not apply."""
    pairs = pairs + [("na", "na")] * (len(AREAS) - len(pairs))
    answers: Answers = {}
    for area, (give, receive) in zip(AREAS, pairs, strict=True):
        answers |= {f"{area}_give": give, f"{area}_receive": receive}
    answers["felt1"] = felt
    wanted = {item["key"] for item in ITEMS if form == "full" or item["short"]}
    answers |= {key: value for key, value in (varied() if statements is None else statements).items() if key in wanted}
    built = {"name": name, "why": why, "form": form, "partnered": partnered, "answers": answers}
    return built | ({"importance": importance} if importance is not None else {})


EVEN: list[Pair] = [(1, 1), (3, 3)] * 5


# ---- The sheets ----


def as_before() -> Iterator[Sheet]:
    """The sheets of algorithm 1, so that both algorithms can be laid side by side."""
    for vector in json.loads(FIRST_VECTORS.read_text(encoding="utf-8"))["sheets"]:
        kept = {key: value for key, value in vector.items() if key not in ("expected", "why")}
        yield {"name": kept.pop("name"), "why": "a sheet of algorithm 1's vectors", **kept}


def all_equal() -> Iterator[Sheet]:
    for form in ("full", "short"):
        for value in range(5):
            statements = {item["key"]: value for item in ITEMS}
            why = f"rule 14: {value} throughout; level by construction, and said to be no more than that"
            yield sheet(f"all-{value}-{form}", why, [(value, value)] * 10, statements, form=form)


def balance_cuts() -> Iterator[Sheet]:
    """Below and above each cut of B for every number of areas, and on it where whole steps allow."""
    for areas in range(CUTS["min_pairs"], len(AREAS) + 1):
        for cut_name, cut in b_cuts(areas):
            exact = cut * areas / 25
            below = math.ceil(exact) - 1
            at = [round(exact)] if math.isclose(exact, round(exact)) else []
            beside = {below, *at, math.floor(exact) + 1}
            for steps in sorted(beside | {-steps for steps in beside}):
                why = f"{cut_name} ({cut:.2f} with {areas} areas): B is {25 * steps / areas:.2f}"
                felt = (steps > 0) - (steps < 0)
                yield sheet(f"b-{cut_name}-{areas}-{steps}", why, spread_out(steps, areas), felt=felt, form="short")


def b_cuts(areas: int) -> list[tuple[str, float]]:
    line = CUTS["balance_band"]
    return [
        ("level-sure", solve(lambda b: independent.probabilities(b, areas)["even"] - CONSTANTS["leaning"], line, 0.0)),
        ("side", line),
        ("leaning", solve(lambda b: independent.probabilities(b, areas)["give"] - CONSTANTS["leaning"], 0.0, 100.0)),
        (
            "quite-sure",
            solve(lambda b: independent.probabilities(b, areas)["give"] - CONSTANTS["quite_sure"], 0.0, 100.0),
        ),
        ("regression", CONSTANTS["regression"]),
    ]


def solve(excess: Callable[[float], float], low: float, high: float) -> float:
    """Where `excess` changes from below 0 (at `low`) to 0 or above, by halving."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) < 0 else (low, middle)
    return high


def asymmetry_cuts() -> Iterator[Sheet]:
    for areas in range(CUTS["min_pairs"], len(AREAS) + 1):
        cut = math.hypot(CONSTANTS["uneven"], CONSTANTS["A0"][areas])
        noise = CONSTANTS["A0"][areas]
        for name, value in (("noise", noise), ("algorithm-1", 35.0), ("uneven", cut)):
            for steps in (math.ceil(value * areas / 25) - 1, math.floor(value * areas / 25) + 1):
                why = f"rule 4: A is {25 * steps / areas:.2f} with {areas} areas; the line is at {value:.2f}"
                yield sheet(f"a-{name}-{areas}-{steps}", why, swapped(steps, areas), form="short")


def level_cuts() -> Iterator[Sheet]:
    low, middle = [(2, 2)] * 9, [(2, 2)] * 10
    yield sheet("level-48.75", "L just below 50: thin", [*low, (1, 2)])
    yield sheet("level-50-full", "L exactly 50: full", middle)
    yield sheet("level-51.25", "L just above 50: full", [*low, (3, 2)])
    yield sheet("level-thin-7", "seven areas, nearly nothing in either direction", [(1, 0), *[(0, 0)] * 6])


def areas_left() -> Iterator[Sheet]:
    kinds = {"na": "na", "skip": "skip", "no-occasion": "no_occasion", "null": None}
    for name, kind in kinds.items():
        seven = [pair(2)] * 7 + [(kind, 2), (2, kind), (kind, kind)]
        yield sheet(f"seven-areas-{name}", f"{name}: three areas are incomplete, seven are enough", seven)
        six = [pair(2)] * 6 + [(kind, 2), (2, kind), (kind, kind), (kind, kind)]
        yield sheet(f"six-areas-{name}", f"{name}: six are not enough; the parts are still scored", six)
    nothing = sheet("no-answers", "nothing answered at all", [])
    yield nothing | {"answers": {}}
    first_of_each = {f"{area}_give": 3 for area in AREAS}
    yield sheet("only-given", "one half of every area: no area is complete", []) | {"answers": first_of_each}


def parts_left() -> Iterator[Sheet]:
    """Rule 7: from half of the items on, for every size of part, form and kind of non-answer."""
    sizes: list[tuple[str, str, bool]] = [
        ("ill", "full", True),
        ("aut", "full", True),
        ("cyc", "full", True),
        ("cyc", "full", False),
        ("slf", "full", True),
        ("rfl", "full", True),
        ("str", "full", True),
        ("ent", "full", True),
        ("rdy", "full", True),
        ("ill", "short", True),
        ("cyc", "short", True),
    ]
    for subscale, form, partnered in sizes:
        items = [item["key"] for item in independent.asked_items(form, partnered) if item["subscale"] == subscale]
        for answered in range(max(0, len(items) // 2 - 1), min(len(items), len(items) // 2 + 2) + 1):
            for kind in ("na", "skip", "no_occasion", None)[answered % 4 :: 4]:
                left = dict.fromkeys(items[answered:], kind)
                where = f"{form}{'' if partnered else ', ended'}"
                why = f"rule 7: {answered} of {len(items)} in {subscale} ({where}); the rest is {json.dumps(kind)}"
                name = f"half-{subscale}-{form}-{'' if partnered else 'ended-'}{answered}-of-{len(items)}"
                yield sheet(name, why, EVEN, varied(**left), form=form, partnered=partnered)
    absent = varied()
    for key in ("aut1", "aut2", "aut3", "aut4", "aut5"):
        del absent[key]
    yield sheet("half-absent", "rule 7: five of eight are not in the sheet at all", EVEN, absent)
    quiet = [
        "ill1",
        "ill5",
        "ill7",
        "ill8",
        "slf4",
        "slf6",
        "ent2",
        "ent3",
        "cyc1",
        "cyc2",
        "cyc3",
        "cyc4",
        "cyc5",
        "cyc6",
    ]
    quiet += [
        "cyc7",
        "cyc8",
        "prj2",
        "prj4",
        "prj5",
        "prj6",
        "ref2",
        "ref3",
        "ref4",
        "ref5",
        "aut3",
        "aut7",
        "rec2",
        "rec6",
    ]
    yield sheet(
        "quiet-couple",
        "rule 7: nothing to quarrel about; what did not come up is missing, not the bad end",
        [(3, 3)] * 4 + [(2, 2)] * 5 + [("no_occasion", "no_occasion")],
        varied(**dict.fromkeys(quiet, "no_occasion")),
    )
    for kind in ("na", "skip", "no_occasion", None):
        yield sheet(
            f"felt-{kind}",
            "rule 13: no overall feeling, nothing to lay beside the count",
            spread_out(16, 10),
            felt=kind,
        )


def pairs_of_lines() -> Iterator[Sheet]:
    """Rule 6: strain and the cycle."""
    strain: dict[str, tuple[Any, Any, Any, Any]] = {
        "giver": (4, 4, 0, 0),
        "receiver": (0, 0, 4, 4),
        "both": (3, 3, 3, 3),
        "below-the-route": (3, 2, 0, 1),  # 62.5
        "on-the-route": (3, 3, 0, 1),  # 75, routed with 73
        "one-of-two": (3, "na", 1, 2),
        "one-of-each": (4, None, "no_occasion", 3),
        "giving-only": (4, 3, "na", "skip"),
        "receiving-only": ("no_occasion", "no_occasion", 3, 3),
        "one-of-four": (4, "na", "na", "na"),
        "tie-of-unlike": (2, 2, 2, "na"),
        "light": (0, 0, 0, 0),
    }
    for name, values in strain.items():
        statements = varied(**dict(zip(("str1", "str2", "str3", "str4"), values, strict=True)))
        yield sheet(f"strain-{name}", "rule 6: two lines, the larger counts", EVEN, statements)
    cycle: dict[str, tuple[Any, ...]] = {
        "i-press": (4, 0, 0, 4, 2, 2, 2, 2),
        "partner-presses": (0, 4, 4, 0, 2, 2, 2, 2),
        "both-ways": (4, 4, 4, 4, 0, 0, 4, 4),
        "both-press": (4, 0, 4, 0, 4, 4, 0, 0),  # two people who press are not this round
        "below-the-route": (3, 2, 1, 2, 4, 4, 0, 0),  # 62.5, and the other four items would have lifted a mean
        "on-the-route": (3, 1, 1, 3, 0, 0, 4, 4),  # 75, routed with 73, and a mean would have stayed low
        "mine-only": (3, 3, "na", "na", 1, 1, 1, 1),
        "pairs-missing": ("na", "na", "na", "na", 4, 4, 0, 0),
        "three-of-eight": (4, "na", "na", 4, 4, None, None, "skip"),
    }
    for name, values in cycle.items():
        statements = varied(**dict(zip([f"cyc{number}" for number in range(1, 9)], values, strict=True)))
        yield sheet(f"cycle-{name}", "rule 6: two pairs of roles, the larger counts", EVEN, statements)
    high = varied(str1=4, str2=4, str3=4, str4=4, cyc1=4, cyc2=4, cyc3=4, cyc4=4)
    low = dict.fromkeys((item["key"] for item in ITEMS if item["subscale"] == "prj" and not item["reverse"]), 4)
    low |= dict.fromkeys((item["key"] for item in ITEMS if item["subscale"] == "prj" and item["reverse"]), 0)
    yield sheet("rank-minus-two", "rule 6: 100 routes as 98, so it comes after a part at 100", EVEN, high | low)
    yield sheet(
        "rank-uneven",
        "rule 4: unevenness of 42.5 ranks as 37.7, so it comes after a part at 70.8",
        swapped(17, 10),
        varied(prj1=3, prj2=3, prj3=3, prj4=3, prj5=1, prj6=2),
    )
    yield sheet(
        "cycle-ended",
        "choice D: two statements were not asked, so there is no pair",
        EVEN,
        varied(cyc1=4, cyc2=4),
        partnered=False,
    )
    yield sheet(
        "cycle-short",
        "choice D: the short form has no pair of roles",
        EVEN,
        varied(cyc1=4, cyc2=4, cyc8=0),
        form="short",
    )


def ended() -> Iterator[Sheet]:
    yield sheet(
        "ended-all",
        "rule 8: what is not asked is in no count; old answers are dropped",
        spread_out(9, 9),
        partnered=False,
    )
    asked = {key: value for key, value in varied().items() if key not in ("cyc3", "cyc4", "rdy1")}
    yield sheet("ended-asked", "rule 8: the same without the old answers", spread_out(9, 9), asked, partnered=False)
    yield sheet(
        "ended-short", "rule 8: the short form has no such statement", spread_out(9, 9), form="short", partnered=False
    )


def weights() -> Iterator[Sheet]:
    mixed = dict(zip(AREAS, (3, 0, 1, 2, 3, 0, 1, 2, 3, 1), strict=True))
    uneven = [pair(4), pair(-2), pair(1), pair(0), pair(3), pair(-1), pair(2), pair(2), pair(-3), pair(1)]
    yield sheet("weights-mixed", "rule 2: weighted figures have a σ of their own", uneven, importance=mixed)
    yield sheet("weights-equal", "rule 2: equal weights are no weights", uneven, importance=dict.fromkeys(AREAS, 3))
    yield sheet("weights-zero", "0 everywhere counts as 1 everywhere", uneven, importance=dict.fromkeys(AREAS, 0))
    yield sheet(
        "weights-one",
        "one area alone has weight: its σ is that of a single area",
        uneven,
        importance=dict.fromkeys(AREAS, 0) | {"money": 2},
    )
    yield sheet("weights-missing", "a missing weight is 1", uneven, importance={"attention": 3, "money": None})
    gone = [*uneven[:7], ("na", 2), (2, "skip"), ("no_occasion", "no_occasion")]
    only_gone = dict.fromkeys(AREAS, 0) | {"money": 3, "social": 2, "repair": 1}
    yield sheet(
        "weights-of-missing-areas", "weights only on areas that are not complete: all 1", gone, importance=only_gone
    )
    yield sheet("weights-seven", "seven areas, mixed weights", gone, importance=mixed)
    yield sheet("weights-short", "the short form has no weights", uneven, form="short", importance=mixed)


def runs() -> Iterator[Sheet]:
    """Rule 14: eleven, twelve and thirteen equal answers in a row, in the order of the pages."""
    order = independent.answer_keys() + [
        item["key"] for item in independent.asked_items("full", True) if item["subscale"] != "felt"
    ]

    def with_run(name: str, why: str, start: int, length: int, change: dict[int, Any] | None = None) -> Sheet:
        built = sheet(name, why, [(2, 1), (1, 2)] * 5)
        answers = {key: (1, 2)[place % 2] for place, key in enumerate(order)}
        answers |= {order[place]: 3 for place in range(start, start + length)}
        answers |= {order[place]: value for place, value in (change or {}).items()}
        built["answers"] |= answers
        return built

    for length in (11, 12, 13):
        yield with_run(f"run-{length}", f"{length} equal answers in a row", 30, length)
    yield with_run("run-first", "twelve from the first area on", 0, 12)
    yield with_run("run-last", "the last twelve", len(order) - 12, 12)
    yield with_run("run-across", "twelve across areas and statements", 14, 12)
    for name, value in (("na", "na"), ("skip", "skip"), ("no-occasion", "no_occasion"), ("null", None)):
        yield with_run(f"run-broken-{name}", "a non-answer after eleven ends the run", 30, 23, {41: value})
    yield with_run(
        "run-of-non-answers", "non-answers are no answers", 30, 1, dict.fromkeys(range(30, 50), "no_occasion")
    )
    equal = {
        item["key"]: 3 if place < 6 else (1, 2)[place % 2]
        for place, item in enumerate(independent.asked_items("short", True)[1:])
    }
    yield sheet(
        "run-short",
        "short form: thirteen in a row, seven of areas and six of statements",
        [(2, 1), (1, 2)] * 2 + [(1, 1), (2, 2), (1, 3), (3, 3), (3, 3), (3, 3)],
        equal,
        form="short",
    )
    yield sheet(
        "run-felt",
        "the overall feeling is on another scale: eleven and no more",
        [(3, 3)] * 5 + [(3, 2), *[(1, 2)] * 4],
        felt=3,
    )


def felt_and_counted() -> Iterator[Sheet]:
    for steps, counted in ((10, "give"), (0, "even"), (-10, "receive"), (6, "even")):
        for felt in (-3, -1, 0, 1, 3):
            name = f"felt-{felt}-counted-{counted}-{steps}"
            yield sheet(name, "rule 13: directions only", spread_out(steps, 10), felt=felt, form="short")


def extremes() -> Iterator[Sheet]:
    best = {item["key"]: 0 if item["reverse"] else 4 for item in ITEMS}
    worst = {key: 4 - value for key, value in best.items()}
    yield sheet("keyed-top", "every part at 100", [(4, 0)] * 10, best, felt=3)
    yield sheet("keyed-bottom", "every part at 0", [(0, 4)] * 10, worst, felt=-3)
    yield sheet("keyed-top-seven", "at the end of the scale with the widest error", [(4, 0)] * 7, best, felt=3)
    yield sheet("swapped-to-the-ends", "A 100 and B 0", [(4, 0), (0, 4)] * 5, worst)
    yield sheet("one-area", "one area at its end, nine level", [(4, 0), *[(2, 2)] * 9])
    yield sheet("keyed-top-short", "short form, every part at 100", [(4, 0)] * 10, best, form="short", felt=3)
    yield sheet("keyed-bottom-short", "short form, every part at 0", [(0, 4)] * 10, worst, form="short", felt=-3)


def by_chance() -> Iterator[Sheet]:
    """Sheets of many habits: forms, missing answers, people who give or receive, weights."""
    chance = Chance(SEED)
    for number in range(1, RANDOM_SHEETS + 1):
        form = "full" if chance.random() < 0.7 else "short"
        partnered = chance.random() < 0.85
        missing = chance.one_of([0, 0, 0.03, 0.1, 0.25, 0.5])
        lean = chance.one_of([0, 0, 0.5, 1, 1.5, -0.5, -1])
        middle, width = chance.between(0.5, 3.5), chance.one_of([0.3, 0.8, 1.5, 3])

        def answer(mean: float, width: float = width, missing: float = missing) -> Any:
            if chance.random() < missing:
                return chance.one_of(["na", "skip", "no_occasion", None])
            return min(4, max(0, round(chance.around(mean, width))))

        answers: Answers = {}
        for area in AREAS:
            own = chance.around(middle, 0.7)
            answers |= {f"{area}_give": answer(own + lean / 2), f"{area}_receive": answer(own - lean / 2)}
        answers["felt1"] = None if chance.random() < missing else chance.one_of([-3, -2, -1, 0, 1, 2, 3])
        centre = chance.between(0.5, 3.5)
        for item in ITEMS:
            if form == "full" or item["short"] or chance.random() < 0.05:
                answers[item["key"]] = answer(4 - centre if item["reverse"] else centre)
        for key in [key for key in answers if chance.random() < 0.01]:
            del answers[key]
        built = {
            "name": f"random-{number:03}",
            "why": "by chance",
            "form": form,
            "partnered": partnered,
            "answers": answers,
        }
        if chance.random() < 0.4:
            built["importance"] = {area: chance.one_of([0, 1, 2, 3, None]) for area in AREAS if chance.random() < 0.9}
        yield built


GROUPS = (
    as_before,
    all_equal,
    extremes,
    balance_cuts,
    asymmetry_cuts,
    level_cuts,
    areas_left,
    parts_left,
    pairs_of_lines,
    ended,
    weights,
    runs,
    felt_and_counted,
    by_chance,
)


def sheets() -> dict[str, Sheet]:
    found: dict[str, Sheet] = {}
    for group in GROUPS:
        for one in group():
            if one["name"] in found:
                raise ValueError(one["name"])
            found[one["name"]] = one
    return found


def invalid_sheets() -> list[dict[str, Any]]:
    wrong: list[dict[str, Any]] = json.loads(FIRST_VECTORS.read_text(encoding="utf-8"))["invalid_sheets"]
    wrong = [{key: value for key, value in one.items() if key != "error"} for one in wrong]
    wrong += [
        {"form": "full", "answers": {"ill1": "did_not"}},
        {"form": "full", "answers": {"rdy1": 7}, "partnered": False},
        {"form": "full", "answers": {"ill1": []}},
        {"form": "full", "answers": {}, "importance": {"attention": 1.0}},
    ]
    found = []
    for one in wrong:
        try:
            independent.score(one)
        except independent.Wrong as reason:
            found.append(one | {"error": str(reason)})
        else:
            raise ValueError(one)
    return found


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
