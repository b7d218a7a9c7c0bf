"""Scoring, algorithm 1: from one sheet of answers to every figure that a result shows. Pure: no Django.

The rules are those of the instrument's README; `tests/vectors/` holds them as figures. Each figure is worked out in
float64 from unrounded values, rounded once to `constants.decimals` places, and only then compared, sorted or stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

from assessments.instrument import Constants, Instrument, Item
from assessments.rounding import rounded
from assessments.routes import applying, shown

type Answer = int | Literal["na", "skip"] | None
type Document = dict[str, Any]

NON_ANSWERS = ("na", "skip", None)
PHI = NormalDist().cdf
NOT_ENOUGH = "not_enough"
TOO_CLOSE = "too_close"


class SheetError(ValueError):
    """A sheet that cannot be scored. `code` is stable; `key` says which answer it is about."""

    def __init__(self, code: str, key: str = "") -> None:
        super().__init__(f"{code}: {key}" if key else code)
        self.code = code
        self.key = key


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person answered once. Absent answers, null, "na" and "skip" are all missing, never 0."""

    form: str
    partnered: bool
    answers: Mapping[str, Answer]
    importance: Mapping[str, Answer]


class Difference(NamedTuple):
    """One area with both answers, in scale points, and its weight."""

    area: str
    give: int
    receive: int
    weight: float


class Index(NamedTuple):
    """The weighted indices over the complete areas, all but `C` and `sd_d` from −100 or 0 to 100."""

    B: float
    A: float
    G: float
    V: float
    L: float
    C: float | None


# --- Checking -------------------------------------------------------------------------------------------------


def check(instrument: Instrument, sheet: Sheet) -> None:
    """Raise `SheetError` unless every answer's key is known and every value is a non-answer or on its scale."""
    if sheet.form not in instrument.forms:
        raise SheetError("unknown_form", sheet.form)
    _check(sheet.answers, _allowed(instrument), "unknown_item")
    _check(sheet.importance, dict.fromkeys(instrument.area, instrument.scales["importance"].values), "unknown_area")


@lru_cache(maxsize=64)
def _allowed(instrument: Instrument) -> Mapping[str, Sequence[int]]:
    return {key: scale.values for key, scale in instrument.scale_of.items()}


def _check(answers: Mapping[str, object], allowed: Mapping[str, Sequence[int]], unknown: str) -> None:
    for key, answer in answers.items():
        if key not in allowed:
            raise SheetError(unknown, key)
        if type(answer) is int:
            if answer not in allowed[key]:
                raise SheetError("off_scale", key)
        elif answer not in NON_ANSWERS:
            raise SheetError("not_an_integer", key)


# --- Balance --------------------------------------------------------------------------------------------------


def differences(instrument: Instrument, sheet: Sheet) -> list[Difference]:
    """The areas with both answers, in the instrument's order, weighted by importance (1 where none was given)."""
    default = instrument.text["importance"]["default"]
    weighted = sheet.form in instrument.importance_form
    answers, found = sheet.answers, []
    for key, give_key, receive_key in plan(instrument, sheet.form, partnered=sheet.partnered).areas:
        give, receive = answers.get(give_key), answers.get(receive_key)
        if isinstance(give, int) and isinstance(receive, int):
            weight = sheet.importance.get(key) if weighted else default
            found.append(Difference(key, give, receive, weight if isinstance(weight, int) else default))
    return found


def index(pairs: Sequence[Difference], scale_range: int, *, weighted: bool = False) -> tuple[float, Index]:
    """B unrounded, then B, A, G, V, L and C; equal weights unless `weighted`, and if all weights are 0."""
    weights = [pair.weight for pair in pairs] if weighted and any(pair.weight for pair in pairs) else [1] * len(pairs)
    unit = 100 / (scale_range * sum(weights))
    given = unit * sum([pair.give * w for pair, w in zip(pairs, weights, strict=True)])
    received = unit * sum([pair.receive * w for pair, w in zip(pairs, weights, strict=True)])
    asymmetry = unit * sum([abs(pair.give - pair.receive) * w for pair, w in zip(pairs, weights, strict=True)])
    balance = unit * sum([(pair.give - pair.receive) * w for pair, w in zip(pairs, weights, strict=True)])
    one_directed = rounded(abs(balance) / asymmetry) if asymmetry else None
    level = rounded((given + received) / 2)
    return balance, Index(rounded(balance), rounded(asymmetry), rounded(given), rounded(received), level, one_directed)


def spread(pairs: Sequence[Difference], scale_range: int) -> float:
    """The standard deviation of the areas' differences, with K − 1."""
    d = [100 * (pair.give - pair.receive) / scale_range for pair in pairs]
    mean = sum(d) / len(d)
    return rounded(sqrt(sum((value - mean) ** 2 for value in d) / (len(d) - 1)))


def masking(balance: float, felt: float | None) -> float | None:
    """How much of the counted imbalance the overall feeling leaves out: max(0, |B| − max(0, s·F)); none without F."""
    if felt is None:
        return None
    sign = 1 if balance >= 0 else -1
    return rounded(max(0.0, abs(balance) - max(0.0, sign * felt)))


# --- Words ----------------------------------------------------------------------------------------------------


def band(score: float | None, constants: Constants) -> str | None:
    """lower, middle or higher; a figure on a border is middle."""
    if score is None:
        return None
    score = rounded(score)
    if score < constants.lower_below:
        return "lower"
    return "higher" if score > constants.higher_above else "middle"


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


def probabilities(balance: float, constants: Constants) -> dict[str, float]:
    """How likely each side is, given the standard error of measurement: normal error around B (Φ of the README)."""
    give = 1 - PHI((constants.balance_band - balance) / constants.sem)
    receive = PHI((-constants.balance_band - balance) / constants.sem)
    return {"give": rounded(give), "even": rounded(1 - give - receive), "receive": rounded(receive)}


def stated(position_key: str, p: Mapping[str, float]) -> float:
    """The probability of the side that a position states."""
    return p[{"gives_more": "give", "receives_more": "receive"}.get(position_key, "even")]


def confidence(p: float, constants: Constants) -> str:
    if p >= constants.clear:
        return "clear"
    return "leaning" if p >= constants.leaning else TOO_CLOSE


def interval(balance: float, z: float, constants: Constants) -> list[float]:
    """B ± z·σ, clipped to ±100."""
    half = z * constants.sem
    return [rounded(max(-100.0, balance - half)), rounded(min(100.0, balance + half))]


# --- Statements -----------------------------------------------------------------------------------------------


class Group(NamedTuple):
    """The statements of one subscale or role in a form: key and keying (top − answer, or None for as it stands)."""

    key: str
    top: int
    items: tuple[tuple[str, int | None], ...]
    size: int


class Plan(NamedTuple):
    """What a form asks, laid out for scoring: areas as (key, give key, receive key), subscales, roles."""

    areas: tuple[tuple[str, str, str], ...]
    subscales: tuple[Group, ...]
    roles: tuple[Group, ...]


@lru_cache(maxsize=64)
def plan(instrument: Instrument, form: str, *, partnered: bool) -> Plan:
    """The plan of a form; statements that the situation leaves out count as missing."""
    of_form = instrument.items_of(form)
    asked = set(instrument.items_of(form, partnered=partnered))

    def group(key: str, items: Sequence[Item]) -> Group:
        top = instrument.scale_of[items[0].key].values[-1]
        keyed = tuple((item.key, top if item.reverse else None) for item in items if item in asked)
        return Group(key, top, keyed, len(items))

    subscales = {key: [item for item in of_form if item.subscale == key] for key in instrument.subscales}
    roles = {role: [item for item in of_form if item.role == role] for role in instrument.text["roles"]}
    return Plan(
        tuple((area.key, *area.answer_keys()) for area in instrument.areas_of(form)),
        tuple(group(key, items) for key, items in subscales.items() if items),
        tuple(group(role, items) for role, items in roles.items()) if form == "full" else (),
    )


def _keyed(group: Group, answers: Mapping[str, Answer]) -> list[int]:
    found = []
    for key, top in group.items:
        answer = answers.get(key)
        if isinstance(answer, int):
            found.append(answer if top is None else top - answer)
    return found


def _subscale(group: Group, answers: Mapping[str, Answer], constants: Constants) -> Document:
    """100·mean(keyed)/top, or none if more than `missing_max` of the form's statements are missing."""
    keyed = _keyed(group, answers)
    missing = group.size - len(keyed)
    score = None if missing > constants.missing_max * group.size else _mean_percent(keyed, group.top)
    word = felt_band(score) if group.key == "felt" else band(score, constants)
    return {"score": score, "answered": len(keyed), "items": group.size, "band": word}


def _role(group: Group, answers: Mapping[str, Answer], constants: Constants) -> Document:
    score = _mean_percent(_keyed(group, answers), group.top)
    return {"score": score, "band": band(score, constants)}


def _mean_percent(keyed: Sequence[int], top: int) -> float | None:
    return rounded(100 * sum(keyed) / (len(keyed) * top)) if keyed else None


# --- The whole ------------------------------------------------------------------------------------------------


def score(instrument: Instrument, sheet: Sheet) -> Document:
    """Every figure of one sheet, in the shape of `expected` in the vectors. Raises `SheetError`."""
    check(instrument, sheet)
    constants = instrument.constants
    _, subscales, roles = plan(instrument, sheet.form, partnered=sheet.partnered)
    pairs = differences(instrument, sheet)
    result: Document = _areas(pairs, constants)
    scores = {group.key: _subscale(group, sheet.answers, constants) for group in subscales}
    result |= _balance(pairs, scores, constants) if len(pairs) >= constants.min_pairs else _no_balance()
    result["ill_shown"] = bool(result["imbalance"]) and "ill" in scores
    result["subscales"] = scores
    result["roles"] = {group.key: _role(group, sheet.answers, constants) for group in roles}
    found = applying(instrument, result)
    result["routes"] = shown(found, constants.routes_max, unsafe=False)
    result["routes_if_unsafe"] = shown(found, constants.routes_max, unsafe=True)
    return result


def _areas(pairs: Sequence[Difference], constants: Constants) -> Document:
    """The areas by size of difference, largest first (ties in the instrument's order), and their counts."""
    d = [(pair.area, rounded(100 * (pair.give - pair.receive) / constants.R)) for pair in pairs]
    return {
        "counts": {
            "areas": len(d),
            "give": sum(value > 0 for _, value in d),
            "receive": sum(value < 0 for _, value in d),
            "even": sum(value == 0 for _, value in d),
        },
        "areas": [list(entry) for entry in sorted(d, key=lambda entry: -abs(entry[1]))],
    }


def _balance(pairs: Sequence[Difference], subscales: Mapping[str, Document], constants: Constants) -> Document:
    balance, headline = index(pairs, constants.R)
    _, weighted = index(pairs, constants.R, weighted=True)
    p = probabilities(balance, constants)
    where = position(headline.B, headline.A, headline.L, constants)
    sure = confidence(stated(where, p), constants)
    return {
        "balance": headline._asdict() | {"sd_d": spread(pairs, constants.R)},
        "weighted": weighted._asdict(),
        "interval80": interval(balance, constants.z80, constants),
        "interval95": interval(balance, constants.z95, constants),
        "p": p,
        "position": where,
        "confidence": sure,
        "shown": TOO_CLOSE if sure == TOO_CLOSE else where,
        "masking": masking(balance, subscales["felt"]["score"]),
        "imbalance": abs(headline.B) > constants.balance_band or constants.uneven <= headline.A,
    }


def _no_balance() -> Document:
    keys = ("balance", "weighted", "interval80", "interval95", "p", "position", "confidence", "masking", "imbalance")
    return dict.fromkeys(keys) | {"shown": NOT_ENOUGH}
