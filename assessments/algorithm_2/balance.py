"""The balance and how sure it is: the error by the number of areas, and what counts as uneven. Pure: no Django."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

from assessments.algorithm_2.constants import Constants
from assessments.instrument import Constants as Cuts
from assessments.position import PHI, TOO_CLOSE, position, stated
from assessments.rounding import rounded
from assessments.scoring import NOT_ENOUGH, Difference, index, spread

QUANTILES = tuple(NormalDist().inv_cdf((place - 0.5) / 20) for place in range(1, 21))


def figures(pairs: Sequence[Difference], cuts: Cuts, constants: Constants) -> dict[str, Any]:
    """Everything about the balance over these areas; nothing but the reason for fewer than `min_pairs`."""
    if len(pairs) < cuts.min_pairs:
        keys = ("balance", "weighted", "interval80", "interval95", "p", "position", "confidence", "closer_next")
        return dict.fromkeys(keys) | {"shown": NOT_ENOUGH, "imbalance": None}
    balance, headline = index(pairs, cuts.R)
    uneven = asymmetry(pairs, cuts.R, constants)
    error = constants.of_balance(len(pairs))
    p = probabilities(balance, cuts.balance_band, constants.of_answering_again(len(pairs)))
    where = position(headline.B, uneven, headline.L, cuts)
    sure = confidence(stated(where, p), cuts, constants)
    return {
        "balance": headline._asdict()
        | {"A_c": uneven, "sd_d": spread(pairs, cuts.R)}
        | {"sem": {"B": rounded(error), "A": constants.A.value, "L": constants.L.value}},
        "weighted": weighted(pairs, cuts.R, constants),
        "interval80": interval(balance, cuts.z80 * error),
        "interval95": interval(balance, cuts.z95 * error),
        "p": p,
        "position": where,
        "confidence": sure,
        "shown": TOO_CLOSE if sure == TOO_CLOSE else where,
        "closer_next": abs(headline.B) >= constants.cuts.closer_next,
        "imbalance": abs(headline.B) > cuts.balance_band or uneven >= cuts.uneven,
    }


def asymmetry(pairs: Sequence[Difference], scale_range: int, constants: Constants) -> float:
    """A_c: the asymmetry without what couples show who are level in every area."""
    apart = 100 * sum([abs(pair.give - pair.receive) for pair in pairs]) / (scale_range * len(pairs))
    return rounded(sqrt(max(0.0, apart**2 - constants.asymmetry_when_level(len(pairs)) ** 2)))


def weighted(pairs: Sequence[Difference], scale_range: int, constants: Constants) -> dict[str, Any]:
    """The indices by importance, with the error of the effective number of areas, (Σw)²/Σw²."""
    _, found = index(pairs, scale_range, weighted=True)
    weights = [pair.weight for pair in pairs]
    squares = sum([weight * weight for weight in weights])
    areas = sum(weights) ** 2 / squares if squares else len(pairs)
    return found._asdict() | {"sem": {"B": rounded(constants.of_balance(areas))}}


def probabilities(balance: float, band: float, error: float) -> dict[str, float]:
    """How likely a second answering points to each side, with the error of the difference between two answerings."""
    give, receive = 1 - PHI((band - balance) / error), PHI((-band - balance) / error)
    return {"give": rounded(give), "even": rounded(1 - give - receive), "receive": rounded(receive)}


def confidence(p: float, cuts: Cuts, constants: Constants) -> str:
    """`clear` is read as "quite sure"; "about level" never reaches it with the error that is assumed."""
    if p >= constants.cuts.quite_sure:
        return "clear"
    return "leaning" if p >= cuts.leaning else TOO_CLOSE


def interval(balance: float, half: float) -> list[float]:
    """B ± half, clipped to ±100."""
    return [rounded(max(-100.0, balance - half)), rounded(min(100.0, balance + half))]


def dots(balance: float, error: float) -> list[float]:
    """Twenty values that the usual balance may have, each equally likely; the inner sixteen are the 80 % range."""
    return [rounded(min(100.0, max(-100.0, balance + error * z))) for z in QUANTILES]
