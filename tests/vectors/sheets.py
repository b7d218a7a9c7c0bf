"""The sheets that are scored in `balance-1-algorithm-2.json`. Nothing of the product is used."""

import json
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import NormalDist
from typing import Any

from tests.vectors import independent
from tests.vectors.independent import CONSTANTS, CUTS, FILE

FIRST_VECTORS = Path(__file__).parent / "balance-1.json"
SEED = 20261127
RANDOM_SHEETS = 200

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
