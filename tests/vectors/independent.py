"""Algorithm 2 of "Giving and receiving", worked out from the rules alone.

This scorer shares no code with the product: the two agree only if both read the rules alike. It is straightforward,
not fast, and imports nothing but the standard library. "Rule n" is rule n of algorithm 2; "algorithm 1" marks what
stays as it was. Where the rules leave something open, the choice is listed in README.md under the letter given here.

Means are fractions, so that a figure on a cut is exactly on it. Each figure is worked out from unrounded values,
rounded once to six places, and only then compared.
"""

import math
import tomllib
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import Any

INSTRUMENT = Path(__file__).parents[2] / "assessments" / "instruments" / "balance-1.toml"
FILE: dict[str, Any] = tomllib.loads(INSTRUMENT.read_text(encoding="utf-8"))

# Every constant, with the rule it comes from. Cuts that algorithm 2 keeps are those of the questionnaire's own file.
CUTS: dict[str, Any] = FILE["constants"]
CONSTANTS: dict[str, Any] = {
    "s": 8.5,  # rule 2, choice A: the error that all areas share
    "e": 23.7,  # rule 2, choice A: the error of a single area
    "A0": {7: 19.9, 8: 19.8, 9: 19.8, 10: 19.7},  # rule 4, choice B: A of a couple level in every area, by error alone
    "uneven": 35.0,  # rule 4: of A_c
    "quite_sure": 0.85,  # rule 1
    "leaning": 0.60,  # algorithm 1
    "regression": 40.0,  # rule 3: of |B|
    "sem": {8: 8.7, 6: 9.4, 4: 10.9, 3: 12.2, 2: 13.8},  # rule 5, by number of items
    "larger_of_two": 2.0,  # rule 6: how much too high the larger of two pairs is
    "half": Fraction(1, 2),  # rule 7: the share of its items from which a part is scored
    "likely": 2.24,  # rule 12
    "maybe": 1.281552,  # algorithm 1
    "equal_answers": 12,  # rule 14
    "dots": 20,  # rule 15
}

NON_ANSWERS = ("na", "skip", "no_occasion")  # the last is rule 7's "It did not come up" (choice C)

# Rule 6, choice D: the two lines of a part, each of two items.
PAIRS = {
    "str": {"giving": ("str1", "str2"), "receiving": ("str3", "str4")},
    "cyc": {"me_press": ("cyc1", "cyc4"), "partner_press": ("cyc3", "cyc2")},
}


class Wrong(Exception):
    """A sheet that cannot be scored, with the reason."""


# ---- Small figures ----


def six(value: Fraction | float) -> float:
    """The one rounding, without a negative zero."""
    return round(float(value), 6) + 0.0


def phi(z: float) -> float:
    """The normal distribution, from the complementary error function, which keeps its digits in the tail."""
    return math.erfc(-z / math.sqrt(2)) / 2


def sigma(areas: int) -> float:
    """Rule 2: √(s² + e²/K)."""
    return math.sqrt(CONSTANTS["s"] ** 2 + CONSTANTS["e"] ** 2 / areas)


def weighted_sigma(weights: list[int]) -> float:
    """Rule 2, choice E: the areas' own errors add up by the squares of the weights; equal weights give `sigma`."""
    share = sum(Fraction(w * w) for w in weights) / Fraction(sum(weights)) ** 2
    return math.sqrt(CONSTANTS["s"] ** 2 + CONSTANTS["e"] ** 2 * float(share))


def corrected(asymmetry: Fraction | float, areas: int) -> float:
    """Rule 4: A_c = √max(0, A² − A₀²)."""
    return math.sqrt(max(0.0, float(asymmetry) ** 2 - CONSTANTS["A0"][areas] ** 2))


def sem(answered: int) -> float | None:
    """Rule 5, choice F: by the number of answered items; between two rows of the table, the row with fewer items."""
    rows = [items for items in CONSTANTS["sem"] if items <= answered]
    return float(CONSTANTS["sem"][max(rows)]) if rows else None


def is_scored(answered: int, items: int) -> bool:
    """Rule 7: from half of the items on."""
    return answered > 0 and Fraction(answered, items) >= CONSTANTS["half"]


def band(score: float | None) -> str | None:
    """Algorithm 1, of a rounded score."""
    if score is None:
        return None
    score = six(score)
    if score < CUTS["lower_below"]:
        return "lower"
    return "higher" if score > CUTS["higher_above"] else "middle"


def felt_band(score: float | None) -> str | None:
    """Algorithm 1: the overall feeling is read by its side."""
    if score is None:
        return None
    return "lower" if score < 0 else "higher" if score > 0 else "middle"


def within_scale(value: float) -> float:
    return six(min(100.0, max(-100.0, value)))


def interval(balance: Fraction | float, error: float, z: float) -> list[float]:
    """Around the usual value, so by σ and not by σ√2 (rule 1)."""
    return [within_scale(float(balance) - z * error), within_scale(float(balance) + z * error)]


def dots(balance: Fraction | float, error: float) -> list[float]:
    """Rule 15: the quantiles (i − ½)/20 of the whole normal; choice G: a dot beyond the scale lies on its end."""
    count = CONSTANTS["dots"]
    return [within_scale(float(balance) + error * NormalDist().inv_cdf((i - 0.5) / count)) for i in range(1, count + 1)]


def probabilities(balance: Fraction | float, areas: int) -> dict[str, float]:
    """Rule 1: on which side of the lines a second answering would fall, so with σ√2."""
    again = sigma(areas) * math.sqrt(2)
    line = CUTS["balance_band"]
    give = 1 - phi((line - float(balance)) / again)
    receive = phi((-line - float(balance)) / again)
    return {"give": six(give), "even": six(1 - give - receive), "receive": six(receive)}


def position(balance: float, uneven: float, level: float) -> str:
    """Algorithm 1, with A_c in the place of A (rule 4); all three rounded."""
    line = CUTS["balance_band"]
    if balance > line:
        return "gives_more"
    if balance < -line:
        return "receives_more"
    if uneven >= CONSTANTS["uneven"]:
        return "uneven_by_area"
    return "balanced_full" if level >= CUTS["thin"] else "balanced_thin"


SIDE = {"gives_more": "give", "receives_more": "receive"}  # every other position is on the side "even"


def confidence(where: str, p: dict[str, float]) -> str:
    """Rule 1: how sure the side of B is; rule 4: not of unevenness, not of level. Choice H: "about level" is at most
    leaning, whatever the constants."""
    stated = p[SIDE.get(where, "even")]
    if stated >= CONSTANTS["quite_sure"] and where in SIDE:
        return "clear"
    return "leaning" if stated >= CONSTANTS["leaning"] else "too_close"


def regression(balance: float) -> bool:
    """Rule 3, of a rounded balance."""
    return bool(abs(balance) >= CONSTANTS["regression"])


def direction(value: float, line: float) -> str:
    return "give" if value > line else "receive" if value < -line else "even"


# ---- What was asked, and in which order ----


def asked_items(form: str, partnered: bool) -> list[dict[str, Any]]:
    """The statements of a form, in the order of the pages. Rule 8: what is left out was never asked."""
    items = [
        item
        for item in FILE["items"]
        if (form == "full" or item["short"]) and (partnered or not item.get("if_partnered", False))
    ]
    return sorted(items, key=lambda item: (item["page"], item["order"]))


def answer_keys() -> list[str]:
    return [f"{area['key']}_{side}" for area in FILE["areas"] for side in ("give", "receive")]


def check(sheet: dict[str, Any]) -> None:
    """Algorithm 1, with one more non-answer (rule 7). What will be dropped is checked as well."""
    if sheet["form"] not in FILE["forms"]:
        raise Wrong("unknown_form")
    scale_of = dict.fromkeys(answer_keys(), "amount")
    for item in FILE["items"]:
        scale_of[item["key"]] = next(s["scale"] for s in FILE["subscales"] if s["key"] == item["subscale"])
    for key, value in sheet["answers"].items():
        if key not in scale_of:
            raise Wrong("unknown_item")
        check_value(value, scale_of[key])
    for area, value in (sheet.get("importance") or {}).items():
        if area not in [one["key"] for one in FILE["areas"]]:
            raise Wrong("unknown_area")
        check_value(value, "importance")


def check_value(value: Any, scale: str) -> None:
    if value is None or (isinstance(value, str) and value in NON_ANSWERS):
        return
    if type(value) is not int:
        raise Wrong("not_an_integer")
    if value not in FILE["scales"][scale]["values"]:
        raise Wrong("off_scale")


def numbers(answers: dict[str, Any]) -> dict[str, int]:
    """The answers that count: every non-answer is missing, never 0."""
    return {key: value for key, value in answers.items() if type(value) is int}


# ---- The balance ----


def differences(given: dict[str, int]) -> dict[str, Fraction]:
    """d = 100·(give − receive)/R of each complete area, in the questionnaire's order."""
    found = {}
    for area in FILE["areas"]:
        give, receive = given.get(f"{area['key']}_give"), given.get(f"{area['key']}_receive")
        if give is not None and receive is not None:
            found[area["key"]] = Fraction(100 * (give - receive), CUTS["R"])
    return found


def means(d: dict[str, Fraction], given: dict[str, int], weights: dict[str, int]) -> dict[str, Fraction]:
    """Algorithm 1: B, A, G, V and L, unrounded."""
    total = sum(weights[area] for area in d)

    def mean(values: dict[str, Fraction]) -> Fraction:
        return sum((weights[area] * values[area] for area in d), Fraction(0)) / total

    b = mean(d)
    a = mean({area: abs(value) for area, value in d.items()})
    g = mean({area: Fraction(100 * given[f"{area}_give"], CUTS["R"]) for area in d})
    v = mean({area: Fraction(100 * given[f"{area}_receive"], CUTS["R"]) for area in d})
    return {"B": b, "A": a, "G": g, "V": v, "L": (g + v) / 2}


def rounded_means(figures: dict[str, Fraction]) -> dict[str, Any]:
    b, a = figures["B"], figures["A"]
    return {
        **{key: six(value) for key, value in figures.items()},
        "C": six(abs(b) / a) if a else None,
    }


def spread(d: dict[str, Fraction]) -> float:
    """Standard deviation of d with K − 1."""
    middle = sum(d.values(), Fraction(0)) / len(d)
    return math.sqrt(float(sum(((value - middle) ** 2 for value in d.values()), Fraction(0)) / (len(d) - 1)))


def importances(sheet: dict[str, Any], areas: list[str]) -> dict[str, int]:
    """Algorithm 1: missing is 1; all 1 if nothing is left, and in the short form."""
    if sheet["form"] not in FILE["importance"]["forms"]:
        return dict.fromkeys(areas, 1)
    told = numbers(sheet.get("importance") or {})
    weights = {area: told.get(area, FILE["importance"]["default"]) for area in areas}
    return weights if sum(weights.values()) else dict.fromkeys(areas, 1)


# ---- The parts ----


def scored(items: list[dict[str, Any]], given: dict[str, int]) -> Fraction | None:
    """100·mean(keyed)/R of the answered items, or nothing with fewer than half of them (rule 7)."""
    keyed = [
        CUTS["R"] - given[item["key"]] if item["reverse"] else given[item["key"]]
        for item in items
        if item["key"] in given
    ]
    if not is_scored(len(keyed), len(items)):
        return None
    return Fraction(100 * sum(keyed), CUTS["R"] * len(keyed))


def line(items: list[dict[str, Any]], given: dict[str, int]) -> dict[str, Any]:
    """One scored line with its "k of n" and its error."""
    score = scored(items, given)
    answered = sum(item["key"] in given for item in items)
    return {
        "score": None if score is None else six(score),
        "answered": answered,
        "items": len(items),
        "band": band(None if score is None else six(score)),
        "sem": None if score is None else sem(answered),
    }


def parts(items: list[dict[str, Any]], given: dict[str, int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every part that was asked, and the pairs of lines of the two parts that have them."""
    subscales: dict[str, Any] = {}
    pairs: dict[str, Any] = {}
    for subscale in FILE["subscales"]:
        key = subscale["key"]
        own = [item for item in items if item["subscale"] == key]
        if not own:
            continue  # rule 8: a part of which nothing was asked is not there
        if key == "felt":
            subscales[key] = overall_feeling(given)
            continue
        subscales[key] = line(own, given)
        lines = lines_of(key, own)
        if lines is None:
            continue
        pairs[key] = paired(lines, given, is_scored(subscales[key]["answered"], len(own)))
        larger = pairs[key]["larger"]
        subscales[key] |= {
            "score": larger,
            "band": band(larger),
            "sem": max(
                (one["sem"] for one in pairs[key]["lines"].values() if one["score"] == larger and one["sem"]),
                default=None,
            ),
        }
    return subscales, pairs


def overall_feeling(given: dict[str, int]) -> dict[str, Any]:
    """Algorithm 1: F = 100·felt1/3. A single item: words, no figure, so no error either (rule 5)."""
    felt = given.get("felt1")
    score = None if felt is None else six(Fraction(100 * felt, 3))
    return {
        "score": score,
        "answered": int(felt is not None),
        "items": 1,
        "band": felt_band(score),
        "sem": None,
    }


def lines_of(key: str, own: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]] | None:
    """Rule 6; choice D: only where all four statements were asked, else the part stays one mean."""
    by_key = {item["key"]: item for item in own}
    wanted = PAIRS.get(key)
    if wanted is None or any(item not in by_key for pair in wanted.values() for item in pair):
        return None
    return {name: [by_key[item] for item in pair] for name, pair in wanted.items()}


def paired(lines: dict[str, list[dict[str, Any]]], given: dict[str, int], enough: bool) -> dict[str, Any]:
    """Rule 6, choice I: each line from half of its items on, and none if the part has too few answers. The larger
    routes after − 2, but only where it is the larger of two."""
    found = {name: line(items, given) for name, items in lines.items()}
    if not enough:
        found = {name: one | {"score": None, "band": None, "sem": None} for name, one in found.items()}
    scores = [one["score"] for one in found.values() if one["score"] is not None]
    larger = max(scores, default=None)
    too_high = CONSTANTS["larger_of_two"] if len(scores) == 2 else 0.0
    return {"lines": found, "larger": larger, "routed": None if larger is None else six(larger - too_high)}


def roles(items: list[dict[str, Any]], given: dict[str, int], form: str) -> dict[str, Any]:
    """Algorithm 1, full form only: the mean of a role's answered items. Rule 8: a role not asked is not there."""
    if form != "full":
        return {}
    found: dict[str, Any] = {}
    for role in FILE["roles"]:
        own = [item for item in items if item.get("role") == role]
        if not own:
            continue
        answered = [item for item in own if item["key"] in given]
        score = scored(answered, given) if answered else None
        rounded = None if score is None else six(score)
        found[role] = {"score": rounded, "band": band(rounded)}
    return found


# ---- Routes ----


def routes(facts: dict[str, Any], unsafe: bool) -> list[str]:
    """Algorithm 1, from algorithm 2's figures. `facts` holds position, confidence, imbalance and every routed score."""
    applying = []
    for order, route in enumerate(FILE["routes"]):
        distances = [
            distance(one["distance"], facts)
            for one in route["any"]
            if all(holds(condition, facts) for condition in one["all"])
        ]
        if distances:
            theme = FILE["instrument"]["themes"].index(route["themes"][0])
            applying.append((-max(distances), theme, order, route))
    applying.sort(key=lambda one: one[:3])
    chosen = [one[3] for one in applying] or [route for route in FILE["routes"] if route.get("fallback")]
    if unsafe:
        chosen = [route for route in chosen if not route["suppressed_if_unsafe"]]
    return [route["key"] for route in chosen[: CUTS["routes_max"]]]


def distance(name: str, facts: dict[str, Any]) -> float:
    """From the middle, as a share of the half range. Rule 4: A is A_c."""
    if name == "B":
        return six(abs(facts["B"]) / 100)
    if name == "A":
        return six(facts["A_c"] / 100)
    value = facts["L"] if name == "L" else facts["scores"][name]
    return six(abs(value - 50) / 50)


def holds(condition: dict[str, Any], facts: dict[str, Any]) -> bool:
    if "position" in condition:
        return facts["position"] == condition["position"] and facts["confidence"] in condition["confidence"]
    if "imbalance" in condition:
        return facts["imbalance"] is condition["imbalance"]
    score = facts["scores"].get(condition["score"])  # rule 13: there is no M, so nothing that asks for it holds
    if score is None:
        return False
    return bool(
        {">": score > condition["value"], ">=": score >= condition["value"], "<": score < condition["value"]}[
            condition["op"]
        ]
    )


# ---- The way of answering ----


def longest_run(values: list[Any]) -> int:
    """Rule 14, choice J: equal answers one after the other; whatever is not an answer ends the run."""
    longest = run = 0
    before: int | None = None
    for value in values:
        if type(value) is not int:
            run, before = 0, None
            continue
        run = run + 1 if value == before else 1
        before = value
        longest = max(longest, run)
    return longest


def answering_style(answers: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    """In the order asked: the areas, then the statements. `felt1`, on a scale of its own, is left out (choice J)."""
    order = answer_keys() + [item["key"] for item in items if item["subscale"] != "felt"]
    longest = longest_run([answers.get(key) for key in order])
    return {"longest": longest, "note": longest >= CONSTANTS["equal_answers"]}


# ---- One sheet ----


def score(sheet: dict[str, Any]) -> dict[str, Any]:
    """Every figure of one sheet."""
    check(sheet)
    form, partnered = sheet["form"], sheet.get("partnered", True)
    items = asked_items(form, partnered)
    allowed = set(answer_keys()) | {item["key"] for item in items}
    answers = {key: value for key, value in sheet["answers"].items() if key in allowed}
    given = numbers(answers)
    d = differences(given)
    subscales, pairs = parts(items, given)
    expected: dict[str, Any] = {
        "counts": {
            "areas": len(d),
            "give": sum(value > 0 for value in d.values()),
            "receive": sum(value < 0 for value in d.values()),
            "even": sum(value == 0 for value in d.values()),
        },
        "areas": [[area, six(value)] for area, value in sorted(d.items(), key=lambda one: -abs(one[1]))],
        **balance(sheet, d, given, subscales["felt"]["score"]),
        "subscales": subscales,
        "pairs": pairs,
        "roles": roles(items, given, form),
        "style": answering_style(answers, items),
    }
    figures = expected["balance"] or {}
    facts = {
        "position": expected["position"],
        "confidence": expected["confidence"],
        "imbalance": expected["imbalance"],
        **figures,
        "scores": {key: one["score"] for key, one in subscales.items()}
        | {key: pair["routed"] for key, pair in pairs.items()},
    }
    expected["routes"] = routes(facts, unsafe=False)
    expected["routes_if_unsafe"] = routes(facts, unsafe=True)
    return expected


def balance(sheet: dict[str, Any], d: dict[str, Fraction], given: dict[str, int], felt: float | None) -> dict[str, Any]:
    """Everything that needs seven complete areas."""
    areas = len(d)
    if areas < CUTS["min_pairs"]:
        nothing = ("balance", "weighted", "sigma", "interval80", "interval95", "dots", "p", "position", "confidence")
        return dict.fromkeys(nothing) | {
            "shown": "not_enough",
            "regression": None,
            "imbalance": None,
            "ill_shown": False,
            "felt_and_counted": None,
        }
    plain = means(d, given, dict.fromkeys(d, 1))
    error = sigma(areas)
    figures = {
        **rounded_means(plain),
        "A_c": six(corrected(plain["A"], areas)),
        "sd_d": six(spread(d)),
    }
    weights = importances(sheet, list(d))
    weighed = means(d, given, weights)
    weighed_error = weighted_sigma(list(weights.values()))
    p = probabilities(plain["B"], areas)
    where = position(figures["B"], figures["A_c"], figures["L"])
    sure = confidence(where, p)
    imbalance = abs(figures["B"]) > CUTS["balance_band"] or figures["A_c"] >= CONSTANTS["uneven"]
    return {
        "balance": figures,
        "weighted": {
            **rounded_means(weighed),
            "sigma": six(weighed_error),
            "interval80": interval(weighed["B"], weighed_error, CUTS["z80"]),
        },
        "sigma": six(error),
        "interval80": interval(plain["B"], error, CUTS["z80"]),
        "interval95": interval(plain["B"], error, CUTS["z95"]),
        "dots": dots(plain["B"], error),
        "p": p,
        "position": where,
        "confidence": sure,
        "shown": "too_close" if sure == "too_close" else where,
        "regression": regression(figures["B"]),
        "imbalance": imbalance,
        "ill_shown": imbalance,
        "felt_and_counted": felt_and_counted(felt, figures["B"]),
    }


def felt_and_counted(felt: float | None, counted: float) -> dict[str, Any] | None:
    """Rule 13: two directions, and whether they are the same."""
    if felt is None:
        return None
    sides = direction(felt, 0), direction(counted, CUTS["balance_band"])
    return {"felt": sides[0], "counted": sides[1], "same": sides[0] == sides[1]}


# ---- Change ----


def word(rci: float, chosen: bool) -> str:
    """Rule 12; choice K: a pair that the person chose freely never has the word "likely"."""
    if abs(rci) >= CONSTANTS["likely"] and not chosen:
        return "likely"
    return "maybe" if abs(rci) >= CONSTANTS["maybe"] else "wobble"


def change(
    first: dict[str, Any], second: dict[str, Any], same_line: bool = True, chosen: bool = False
) -> dict[str, Any]:
    """The change of B on the areas answered both times, and of every line that has an error."""
    if not same_line:
        return {"comparable": False, "reason": "relationship"}  # rule 11
    d = [differences(numbers(sheet["answers"])) for sheet in (first, second)]
    common = [area for area in d[0] if area in d[1]]
    if len(common) < CUTS["min_pairs"]:
        return {"comparable": False, "reason": "areas"}
    before, after = (sum((one[area] for area in common), Fraction(0)) / len(common) for one in d)
    rci = six(float(after - before) / (sigma(len(common)) * math.sqrt(2)))
    return {
        "comparable": True,
        "areas": len(common),
        "B_first": six(before),
        "B_second": six(after),
        "change": six(after - before),
        "rci": rci,
        "word": word(rci, chosen),
        # Rule 10: B is the same twenty answers in every form; the parts are compared inside one form only.
        "parts": parts_changed(score(first), score(second)) if first["form"] == second["form"] else None,
    }


def parts_changed(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Rule 5, choice L: a word for every line with an error both times; a pair of lines in the place of its part."""
    before, after = lines_with_error(first), lines_with_error(second)
    found = {}
    for name in before:
        if name in after:
            moved = after[name]["score"] - before[name]["score"]
            rci = six(moved / math.hypot(before[name]["sem"], after[name]["sem"]))
            found[name] = {"change": six(moved), "rci": rci, "word": part_word(rci)}
    return found


def part_word(rci: float) -> str:
    if abs(rci) < CONSTANTS["likely"]:
        return "wobble"
    return "more" if rci > 0 else "less"


def lines_with_error(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    lines: dict[str, dict[str, Any]] = {}
    for key, part in result["subscales"].items():
        if key in result["pairs"]:
            lines |= {f"{key}.{name}": one for name, one in result["pairs"][key]["lines"].items()}
        else:
            lines[key] = part
    return {name: one for name, one in lines.items() if one["sem"] is not None}


def history(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules 11 and 12: each new result against the one before and against the first of its line.

    A result is {"sheet": …, "same_relationship": True | False | None}; the very first is not asked. Choice M: no answer
    continues the line. With the second of a line both comparisons are the same pair, and it is made once.
    """
    found: list[dict[str, Any]] = []
    start = 0
    line_number = 1
    for place, result in enumerate(results):
        if place and result["same_relationship"] is False:
            start, line_number = place, line_number + 1
        against = [place - 1, start] if place - start > 1 else [place - 1] if place > start else []
        names = ("previous", "first")
        compared = {
            name: change(results[other]["sheet"], result["sheet"]) for name, other in zip(names, against, strict=False)
        }
        found.append({"line": line_number, **{name: compared.get(name) for name in names}})
    return found
