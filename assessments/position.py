"""From figures to words: bands, the position, and how sure it is. Pure: no Django.

Part of algorithm 1, which is frozen; algorithm 2 shares the bands and the positions.
"""

from collections.abc import Mapping
from functools import lru_cache
from statistics import NormalDist

from assessments.instrument import Constants
from assessments.rounding import percent, rounded

PHI = NormalDist().cdf
TOO_CLOSE = "too_close"
SIDES = {"gives_more": "give", "receives_more": "receive"}  # positions that name a side, and its probability


def band(score: float | None, constants: Constants) -> str | None:
    """lower, middle or higher; a figure on a cut counts as middle."""
    if score is None:
        return None
    score = rounded(score)
    if score < constants.lower_below:
        return "lower"
    return "higher" if score > constants.higher_above else "middle"


@lru_cache(maxsize=4096)
def banded(points: int, most: int, constants: Constants) -> tuple[float, str | None]:
    """`points` of `most` as a rounded percentage, and its band."""
    score = percent(points, most)
    return score, band(score, constants)


def felt_band(score: float | None) -> str | None:
    if score is None:
        return None
    return "lower" if score < 0 else "higher" if score > 0 else "middle"


def position(balance: float, asymmetry: float, level: float, constants: Constants) -> str:
    balance, asymmetry, level = rounded(balance), rounded(asymmetry), rounded(level)
    if balance > constants.balance_band:
        return "gives_more"
    if balance < -constants.balance_band:
        return "receives_more"
    if asymmetry >= constants.uneven:
        return "uneven_by_area"
    return "balanced_full" if level >= constants.thin else "balanced_thin"


def is_to_one_side(position_key: str) -> bool:
    """Whether a position says that one side gives more, rather than that both are about even."""
    return position_key in SIDES


def probabilities(balance: float, constants: Constants) -> dict[str, float]:
    """How likely each side is, given the standard error of measurement: normal error around B (Φ of the README)."""
    give = 1 - PHI((constants.balance_band - balance) / constants.sem)
    receive = PHI((-constants.balance_band - balance) / constants.sem)
    return {"give": rounded(give), "even": rounded(1 - give - receive), "receive": rounded(receive)}


def stated(position_key: str, p: Mapping[str, float]) -> float:
    """The probability of the side that a position states."""
    return p[SIDES.get(position_key, "even")]


def confidence(p: float, constants: Constants) -> str:
    if p >= constants.clear:
        return "clear"
    return "leaning" if p >= constants.leaning else TOO_CLOSE


def interval(balance: float, z: float, constants: Constants) -> list[float]:
    """B ± z·σ, clipped to ±100."""
    half = z * constants.sem
    return [rounded(max(-100.0, balance - half)), rounded(min(100.0, balance + half))]
