"""Routes: from a score to what to read and write next. Pure: no Django.

A route applies if all conditions of one of its alternatives hold (a condition on a missing figure does not). Routes are
ranked by the distance of their figure from the middle of its scale. Frozen with algorithm 1; algorithm 2 shares it.
"""

from collections.abc import Mapping, Sequence
from operator import ge, gt, le, lt
from typing import Any, NamedTuple

from assessments.instrument import Alternative, Instrument, Route
from assessments.rounding import rounded

type Figures = Mapping[str, float | None]

COMPARE = {">": gt, ">=": ge, "<": lt, "<=": le}


class Applying(NamedTuple):
    """A route that applies, with what it is sorted by: its rank, and the place of its first theme and its own."""

    rank: float
    theme: int
    place: int
    route: Route


def applying(instrument: Instrument, score: Mapping[str, Any]) -> list[Applying]:
    """The routes that apply to a score, the furthest from the middle first; the fallback if there is none."""
    figures = _figures(score)
    found = [
        Applying(rank, instrument.themes.index(route.themes[0]), place, route)
        for place, route in enumerate(instrument.routes)
        if (rank := _rank(route, score, figures)) is not None
    ]
    if not found:
        return [Applying(0.0, 0, 0, route) for route in instrument.routes if route.fallback]
    return sorted(found, key=lambda entry: (-entry.rank, entry.theme, entry.place))


def shown(found: Sequence[Applying], most: int, *, unsafe: bool) -> list[str]:
    """At most three; if somebody may not be safe, routes that press for more are dropped first."""
    return [entry.route.key for entry in found if not (unsafe and entry.route.suppressed_if_unsafe)][:most]


def _figures(score: Mapping[str, Any]) -> Figures:
    """Every figure by the name that routes use: B, A and L of the balance, M, and the subscales' scores."""
    figures = {key: found["score"] for key, found in score["subscales"].items()}
    return {**(score["balance"] or {}), "M": score["masking"], **figures}


def _rank(route: Route, score: Mapping[str, Any], figures: Figures) -> float | None:
    """The largest distance of the alternatives that hold; none if none holds."""
    ranks = [_distance(way.distance, figures) for way in route.any if _holds(way, score, figures)]
    return max(ranks) if ranks else None


def _holds(way: Alternative, score: Mapping[str, Any], figures: Figures) -> bool:
    return all(_condition(condition, score, figures) for condition in way.conditions)


def _condition(condition: Mapping[str, Any], score: Mapping[str, Any], figures: Figures) -> bool:
    if "position" in condition:
        return score["position"] == condition["position"] and score["confidence"] in condition["confidence"]
    if "imbalance" in condition:
        return score["imbalance"] is condition["imbalance"]
    figure = figures.get(condition["score"])
    return figure is not None and COMPARE[condition["op"]](figure, condition["value"])


def _distance(name: str, figures: Figures) -> float:
    """The distance from the middle as a share of the half range, from rounded figures, rounded."""
    figure = figures.get(name) or 0.0
    return rounded(abs(figure) / 100 if name in ("B", "A", "M") else abs(figure - 50) / 50)
