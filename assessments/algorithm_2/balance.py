"""The balance and how sure it is: the error by the number of areas, and what counts as uneven. Pure: no Django."""

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

from assessments.algorithm_2.constants import Constants
from assessments.instrument import Constants as Cuts
from assessments.position import PHI, TOO_CLOSE, is_to_one_side, position, stated
from assessments.rounding import rounded
from assessments.scoring import NOT_ENOUGH, Difference, index, spread

NAMES = (
    *("balance", "weighted", "sigma", "interval80", "interval95", "dots"),
    *("p", "position", "confidence", "regression", "imbalance"),
)
QUANTILES = tuple(NormalDist().inv_cdf((place - 0.5) / 20) for place in range(1, 21))


def figures(pairs: Sequence[Difference], cuts: Cuts, constants: Constants) -> dict[str, Any]:
    """Everything about the balance over these areas; nothing but the reason for fewer than `min_pairs`."""
    if len(pairs) < cuts.min_pairs:
        return dict.fromkeys(NAMES) | {"shown": NOT_ENOUGH}
    balance, headline = index(pairs, cuts.R)
    uneven = corrected(asymmetry(pairs, cuts.R), len(pairs), constants)
    error = constants.of_balance(len(pairs))
    p = probabilities(balance, cuts.balance_band, constants.of_answering_again(len(pairs)))
    where = position(headline.B, uneven, headline.L, cuts)
    sure = confidence(where, p, cuts, constants)
    return {
        "balance": headline._asdict() | {"A_c": uneven, "sd_d": spread(pairs, cuts.R)},
        "weighted": weighted(pairs, cuts, constants),
        "sigma": rounded(error),
        "interval80": interval(balance, cuts.z80 * error),
        "interval95": interval(balance, cuts.z95 * error),
        "dots": dots(balance, error),
        "p": p,
        "position": where,
        "confidence": sure,
        "shown": TOO_CLOSE if sure == TOO_CLOSE else where,
        "regression": is_far_out(headline.B, constants),
        "imbalance": abs(headline.B) > cuts.balance_band or uneven >= cuts.uneven,
    }


def asymmetry(pairs: Sequence[Difference], scale_range: int) -> float:
    """A, unrounded."""
    return 100 * sum([abs(pair.give - pair.receive) for pair in pairs]) / (scale_range * len(pairs))


def corrected(uneven: float, areas: int, constants: Constants) -> float:
    """A_c: the asymmetry without what couples show who are level in every area."""
    return rounded(sqrt(max(0.0, uneven**2 - constants.asymmetry_when_level(areas) ** 2)))


def is_far_out(balance: float, constants: Constants) -> bool:
    """Whether a second answering is usually closer to level."""
    return abs(rounded(balance)) >= constants.cuts.regression


def weighted(pairs: Sequence[Difference], cuts: Cuts, constants: Constants) -> dict[str, Any]:
    """The indices by importance, with the error of the effective number of areas."""
    balance, found = index(pairs, cuts.R, weighted=True)
    error = constants.of_balance(effective([pair.weight for pair in pairs]))
    return found._asdict() | {"sigma": rounded(error), "interval80": interval(balance, cuts.z80 * error)}


def effective(weights: Sequence[float]) -> float:
    """How many areas of equal weight have the same error: (Σw)²/Σw²."""
    squares = sum([weight * weight for weight in weights])
    return sum(weights) ** 2 / squares if squares else len(weights)


def probabilities(balance: float, band: float, error: float) -> dict[str, float]:
    """How likely a second answering points to each side, with the error of the difference between two answerings."""
    give, receive = 1 - PHI((band - balance) / error), PHI((-band - balance) / error)
    return {"give": rounded(give), "even": rounded(1 - give - receive), "receive": rounded(receive)}


def confidence(where: str, p: Mapping[str, float], cuts: Cuts, constants: Constants) -> str:
    """How sure the stated side is. `clear` is read as "quite sure", which "about level" never is."""
    sure = stated(where, p)
    if sure >= constants.cuts.quite_sure and is_to_one_side(where):
        return "clear"
    return "leaning" if sure >= cuts.leaning else TOO_CLOSE


def interval(balance: float, half: float) -> list[float]:
    """B ± half, clipped to ±100."""
    return [rounded(max(-100.0, balance - half)), rounded(min(100.0, balance + half))]


def dots(balance: float, error: float) -> list[float]:
    """Twenty values that the usual balance may have, each equally likely; the inner sixteen are the 80 % range."""
    return [rounded(min(100.0, max(-100.0, balance + error * z))) for z in QUANTILES]
