"""The stored vectors of algorithm 2 are what the independent scorer says, and its hardest figures come out twice.

The product's own code is not used here: `tests/assessments/` compares it with the stored file.
"""

import json
import math
from decimal import Decimal, localcontext
from itertools import groupby
from typing import Any

import pytest

from tests.assessments.vectors import assert_same
from tests.vectors import cases, independent, sheets

STORED: dict[str, Any] = json.loads(cases.VECTORS.read_text(encoding="utf-8"))
FIRST: dict[str, Any] = json.loads(sheets.FIRST_VECTORS.read_text(encoding="utf-8"))
SHEETS = {sheet["name"]: sheet for sheet in STORED["sheets"]}
WITH_BALANCE = [sheet for sheet in STORED["sheets"] if sheet["expected"]["balance"]]


def test_the_stored_file_is_what_the_scorer_writes() -> None:
    """Whoever changes a rule here runs `python -m tests.vectors.cases` and sees in the diff what it did."""
    built = json.loads(cases.text(cases.build()))
    assert list(built) == list(STORED)
    for key, value in built.items():
        assert_same(STORED[key], value, key)


@pytest.mark.parametrize("vector", FIRST["sheets"], ids=lambda vector: vector["name"])
def test_what_algorithm_2_leaves_alone_is_as_in_algorithm_1(vector: dict[str, Any]) -> None:
    before, after = vector["expected"], SHEETS[vector["name"]]["expected"]
    for key in ("counts", "areas"):
        assert_same(after[key], before[key], key)
    for key in ("balance", "weighted"):
        for figure, value in (before[key] or {}).items():
            assert_same(after[key][figure], value, figure)
    for key, part in after["subscales"].items():
        if key not in after["pairs"] and before["subscales"][key]["score"] is not None:
            assert_same(
                {name: part[name] for name in ("score", "band")},
                {name: before["subscales"][key][name] for name in ("score", "band")},
                key,
            )
    for role, found in after["roles"].items():
        assert_same(found, before["roles"][role], role)


# ---- A second computation of the hardest figures, by other means ----


def phi(z: Decimal) -> Decimal:
    """The normal distribution by its power series, with forty digits."""
    with localcontext(prec=60):
        if abs(z) > 12:
            return Decimal(z > 0)
        term = total = z
        place = 1
        while abs(term) > Decimal("1e-45"):
            place += 2
            term = term * z * z / place
            total += term
        pi = Decimal("3.14159265358979323846264338327950288419716939937510582097")
        return Decimal("0.5") + total * (-z * z / 2).exp() / (2 * pi).sqrt()


def as_decimals(sheet: dict[str, Any]) -> tuple[int, Decimal, Decimal]:
    """K, B and A straight from the answers."""
    answers = sheet["answers"]
    steps = [
        answers[f"{area}_give"] - answers[f"{area}_receive"]
        for area in sheets.AREAS
        if isinstance(answers.get(f"{area}_give"), int) and isinstance(answers.get(f"{area}_receive"), int)
    ]
    areas = Decimal(len(steps))
    return len(steps), 25 * sum(steps) / areas, 25 * sum(map(abs, steps)) / areas


def test_sigma_p_and_range_by_a_power_series_and_decimals() -> None:
    for sheet in WITH_BALANCE:
        expected = sheet["expected"]
        areas, balance, asymmetry = as_decimals(sheet)
        error = (Decimal("72.25") + Decimal("561.69") / areas).sqrt()
        again = error * Decimal(2).sqrt()
        give, receive = 1 - phi((15 - balance) / again), phi((-15 - balance) / again)
        uneven = max(Decimal(0), asymmetry**2 - Decimal({7: "19.9", 10: "19.7"}.get(areas, "19.8")) ** 2).sqrt()
        found = {
            "B": expected["balance"]["B"],
            "A": expected["balance"]["A"],
            "A_c": expected["balance"]["A_c"],
            "sigma": expected["sigma"],
            "interval80": expected["interval80"],
            "p": expected["p"],
        }
        wanted = {
            "B": balance,
            "A": asymmetry,
            "A_c": uneven,
            "sigma": error,
            "interval80": [max(-100, min(100, balance + side * Decimal("1.281552") * error)) for side in (-1, 1)],
            "p": {"give": give, "even": 1 - give - receive, "receive": receive},
        }
        assert_same(found, json.loads(json.dumps(wanted, default=float), parse_int=float), sheet["name"])


def test_every_dot_has_its_share_of_the_normal_below_it() -> None:
    for sheet in WITH_BALANCE[::9]:
        expected = sheet["expected"]
        assert len(expected["dots"]) == 20
        for place, dot in enumerate(expected["dots"]):
            share = phi((Decimal(dot) - as_decimals(sheet)[1]) / Decimal(expected["sigma"]))
            if abs(dot) < 100:
                assert math.isclose(share, (place + 0.5) / 20, abs_tol=1e-6), sheet["name"]
        inner = [dot for dot in expected["dots"] if expected["interval80"][0] <= dot <= expected["interval80"][1]]
        assert len(inner) >= 16, sheet["name"]


def test_the_words_follow_from_the_figures_by_a_table() -> None:
    """Position and confidence again, from a list of conditions in place of the chain of ifs."""
    for sheet in WITH_BALANCE:
        expected = sheet["expected"]
        b, uneven, level = (expected["balance"][key] for key in ("B", "A_c", "L"))
        table = {
            "gives_more": b > 15,
            "receives_more": b < -15,
            "uneven_by_area": abs(b) <= 15 and uneven >= 35,
            "balanced_full": abs(b) <= 15 and uneven < 35 and level >= 50,
            "balanced_thin": abs(b) <= 15 and uneven < 35 and level < 50,
        }
        assert [where for where, holds in table.items() if holds] == [expected["position"]]
        stated = expected["p"][{"gives_more": "give", "receives_more": "receive"}.get(expected["position"], "even")]
        assert expected["confidence"] == ("too_close", "leaning", "clear")[(stated >= 0.6) + (stated >= 0.85)]
        assert expected["imbalance"] == expected["ill_shown"] == (abs(b) > 15 or uneven >= 35)
        assert expected["regression"] is (b >= 40 or b <= -40)


def test_the_longest_run_by_grouping() -> None:
    for sheet in STORED["sheets"]:
        items = independent.asked_items(sheet["form"], sheet["partnered"])
        order = [*independent.answer_keys(), *(item["key"] for item in items[1:])]
        groups = groupby(sheet["answers"].get(key) for key in order)
        longest = max((len(list(group)) for value, group in groups if isinstance(value, int)), default=0)
        assert sheet["expected"]["style"] == {"longest": longest, "note": longest >= 12}, sheet["name"]


def test_strain_and_cycle_from_the_bare_answers() -> None:
    """No item of the four lines is reversed, so a line is 25 times the mean of its answers."""
    for sheet in STORED["sheets"]:
        full = sheet["form"] == "full"
        wanted = {"str": full, "cyc": full and sheet["partnered"]}
        assert set(sheet["expected"]["pairs"]) == {key for key, there in wanted.items() if there}
        for key, pair in sheet["expected"]["pairs"].items():
            count = {"str": 4, "cyc": 8}[key]
            answers = {n: sheet["answers"].get(f"{key}{n}") for n in range(1, count + 1)}
            enough = sum(isinstance(answer, int) for answer in answers.values()) * 2 >= count
            split = {"str": ((1, 2), (3, 4)), "cyc": ((1, 4), (2, 3))}[key]
            there = [[answers[n] for n in numbers if isinstance(answers[n], int)] for numbers in split]
            scores = [25.0 * sum(one) / len(one) if one and enough else None for one in there]
            assert [line["score"] for line in pair["lines"].values()] == scores, sheet["name"]
            known = [score for score in scores if score is not None]
            assert pair["larger"] == max(known, default=None)
            assert pair["routed"] == (max(known) - 2 * (len(known) - 1) if known else None)


SEM = {0: None, 1: None, 2: 13.8, 3: 12.2, 4: 10.9, 5: 10.9, 6: 9.4, 7: 9.4, 8: 8.7}


def test_parts_from_sums_of_points() -> None:
    """Half of the items, "k of n" and the error of each part without lines."""
    for sheet in STORED["sheets"]:
        expected = sheet["expected"]
        for key, part in expected["subscales"].items():
            items = [
                item
                for item in independent.FILE["items"]
                if item["subscale"] == key
                and (sheet["form"] == "full" or item["short"])
                and (sheet["partnered"] or not item.get("if_partnered"))
            ]
            points = [
                4 - sheet["answers"][item["key"]] if item["reverse"] else sheet["answers"][item["key"]]
                for item in items
                if isinstance(sheet["answers"].get(item["key"]), int)
            ]
            assert (part["answered"], part["items"]) == (len(points), len(items)), sheet["name"]
            if key == "felt" or key in expected["pairs"]:
                continue
            if 2 * len(points) < len(items):
                assert part["score"] is part["band"] is part["sem"] is None
                continue
            assert part["score"] == pytest.approx(25 * sum(points) / len(points), abs=1e-6)
            assert part["sem"] == SEM[len(points)]
            low, high = 333 * len(points) > 250 * sum(points), 667 * len(points) < 250 * sum(points)
            assert part["band"] == ("lower" if low else "higher" if high else "middle")


def test_routes_from_a_list_of_what_each_asks_for() -> None:
    for sheet in STORED["sheets"]:
        expected = sheet["expected"]
        figures = expected["balance"] or dict.fromkeys(("B", "A_c", "L"))
        where, sure = expected["position"], expected["confidence"]
        score = {key: part["score"] for key, part in expected["subscales"].items()}
        score |= {key: pair["routed"] for key, pair in expected["pairs"].items()}
        high = {key for key, value in score.items() if value is not None and value > 66.7}
        low = {key for key, value in score.items() if value is not None and value < 33.3}

        def far(value: float | None) -> float:
            return round(abs((value or 0) - 50) / 50, 6)

        # Theme of the first place, whether it stays when a safety answer is "Yes", whether it applies, distance.
        table: dict[str, tuple[int, bool, bool, float]] = {
            "gives_more": (0, True, where == "gives_more" and sure == "clear", round(abs(figures["B"] or 0) / 100, 6)),
            "receives_more": (
                0,
                True,
                where == "receives_more" and sure != "too_close",
                round(abs(figures["B"] or 0) / 100, 6),
            ),
            "uneven_by_area": (
                7,
                False,
                where == "uneven_by_area" and sure != "too_close",
                round((figures["A_c"] or 0) / 100, 6),
            ),
            "balanced_thin": (7, True, where == "balanced_thin" and sure != "too_close", far(figures["L"])),
            "balanced_full": (7, True, where == "balanced_full" and sure != "too_close", far(figures["L"])),
            "illusions": (1, True, "ill" in high and expected["imbalance"] is True, far(score.get("ill"))),
            "cycle": (3, False, "cyc" in high, far(score.get("cyc"))),
            "projection": (4, False, "prj" in high, far(score.get("prj"))),
            "refusal": (4, False, "ref" in low, far(score.get("ref"))),
            "autonomy": (5, True, "aut" in low, far(score.get("aut"))),
            "self_worth": (2, True, "slf" in low, far(score.get("slf"))),
            "strain": (0, True, "str" in high or score.get("str") == 66.7, far(score.get("str"))),
        }
        names = list(table)
        applying = [name for name in names if table[name][2]]
        applying = sorted(applying, key=lambda name: (-table[name][3], table[name][0], names.index(name)))
        safe = [name for name in applying if table[name][1]]
        assert expected["routes"] == (applying[:3] or ["open"]), sheet["name"]
        assert expected["routes_if_unsafe"] == (safe[:3] if applying else ["open"]), sheet["name"]


def test_retakes_in_decimals() -> None:
    for retake in STORED["retakes"]:
        first, second = SHEETS[retake["first"]], SHEETS[retake["second"]]
        expected = retake["expected"]
        both = [
            tuple(sheet["answers"].get(f"{area}_{side}") for sheet in (second, first) for side in ("give", "receive"))
            for area in sheets.AREAS
        ]
        both = [four for four in both if all(isinstance(answer, int) for answer in four)]
        if not retake["same_relationship"] or len(both) < 7:
            assert expected == {
                "comparable": False,
                "reason": "areas" if retake["same_relationship"] else "relationship",
            }
            continue
        steps = sum((a - b) - (c - d) for a, b, c, d in both)
        moved = Decimal(25 * steps) / len(both)
        rci = moved / (2 * (Decimal("72.25") + Decimal("561.69") / len(both))).sqrt()
        assert expected["change"] == pytest.approx(float(moved), abs=1e-6)
        assert expected["rci"] == pytest.approx(float(rci), abs=1e-6)
        words = ["wobble", "maybe", "likely" if retake["pair"] == "new" else "maybe"]
        assert expected["word"] == words[(abs(rci) >= Decimal("1.281552")) + (abs(rci) >= Decimal("2.24"))]
        assert (expected["parts"] is None) == (first["form"] != second["form"])
        for name, part in (expected["parts"] or {}).items():
            errors, scores = [], []
            for sheet in (first, second):
                key, _, which = name.partition(".")
                result = sheet["expected"]
                one = result["pairs"][key]["lines"][which] if which else result["subscales"][key]
                errors.append(SEM[one["answered"]] or 0)
                scores.append(one["score"])
            assert part["change"] == pytest.approx(scores[1] - scores[0], abs=2e-6)
            ratio = abs(scores[1] - scores[0]) / sum(error**2 for error in errors) ** 0.5
            assert part["rci"] == pytest.approx(ratio if part["change"] > 0 else -ratio, abs=1e-6)
            assert (part["word"] == "wobble") == (ratio < 2.24)


def test_words_next_to_every_cut() -> None:
    seen = set()
    for case in STORED["functions"]["position"]:
        where, stated, sure = case["expected"]
        again = (2 * (Decimal("72.25") + Decimal("561.69") / case["areas"])).sqrt()
        give, receive = 1 - phi((15 - Decimal(case["B"])) / again), phi((-15 - Decimal(case["B"])) / again)
        p = round({"gives_more": give, "receives_more": receive}.get(where, 1 - give - receive), 6)
        assert stated == pytest.approx(float(p), abs=1e-6)
        assert sure == ("too_close", "leaning", "clear")[(p >= Decimal("0.6")) + (p >= Decimal("0.85"))]
        seen |= {cut for cut in (Decimal("0.6"), Decimal("0.85")) if 0 < abs(p - cut) < Decimal("0.0001")}
    assert len(seen) == 2  # there are cases this near to both cuts


def test_histories_compare_inside_one_relationship() -> None:
    """Each comparison is named by the balances it lays side by side."""
    for history in STORED["histories"]:
        lines: list[list[dict[str, Any]]] = []
        for result, expected in zip(history["results"], history["expected"], strict=True):
            sheet = SHEETS[result["sheet"]]
            if not lines or result["same_relationship"] is False:
                lines.append([])
            wanted = {"previous": lines[-1][-1:], "first": lines[-1][:1] if len(lines[-1]) > 1 else []}
            assert expected["line"] == len(lines)
            for name, other in wanted.items():
                compared = independent.change(other[0], sheet) if other else None
                assert expected[name] == compared, history["why"]
            lines[-1].append(sheet)
