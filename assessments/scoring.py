"""Scoring, algorithm 1: from the answers of one response to every figure of its result. Pure: no Django.

With `position.py`, `routes.py` and `change.py` it is frozen: results that were scored with it stay as they are, and
`tests/vectors/balance-1.json` holds every figure. Other rules are another algorithm (`algorithm_2/`).

Each figure is worked out in float64 from unrounded values, rounded once to `constants.decimals` places, and only then
compared, sorted or stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any, Literal, NamedTuple

from assessments.instrument import Constants, Instrument, Item
from assessments.position import TOO_CLOSE, banded, confidence, felt_band, interval, position, probabilities, stated
from assessments.rounding import percent, rounded
from assessments.routes import applying, shown

type Answer = int | Literal["na", "skip", "no_occasion"] | None  # the last one in algorithm 2 only
type Allowed = Mapping[str, frozenset[int]]
type Document = dict[str, Any]

NON_ANSWERS = ("na", "skip", None)
FIRST_LINE = "0001-01-01T00:00:00.000000+00:00"  # responses from before the first "no"; as long as any other moment
NOT_ENOUGH = "not_enough"


class CannotScore(ValueError):
    """Answers that cannot be scored. `code` is stable; `key` names the offending answer, if there is one."""

    def __init__(self, code: str, key: str = "") -> None:
        super().__init__(f"{code}: {key}" if key else code)
        self.code = code
        self.key = key


@dataclass(frozen=True, slots=True)
class Answers:
    """The content of one response. Absent answers, null, "na" and "skip" are all missing, never 0.

    `same_relationship`: whether it is about that of the result before (none before: not asked). `line`: when the first
    response about this relationship was begun.
    """

    form: str
    partnered: bool
    answers: Mapping[str, Answer]
    importance: Mapping[str, Answer]
    same_relationship: bool | None = None
    line: str = FIRST_LINE


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


def check(instrument: Instrument, answers: Answers) -> None:
    """Raise `CannotScore` unless every answer's key is known and every value is on its scale or a way not to answer.

    Which ways there are is the version's own: "it did not come up" is none of the first one's.
    """
    if answers.form not in instrument.forms:
        raise CannotScore("unknown_form", answers.form)
    of_items, of_areas = _allowed(instrument)
    _check(answers.answers, of_items, "unknown_item", (*instrument.non_answers, None))
    _check(answers.importance, of_areas, "unknown_area", NON_ANSWERS)


@lru_cache(maxsize=64)
def _allowed(instrument: Instrument) -> tuple[Allowed, Allowed]:
    """The values that each answer, and the importance of each area, may have."""
    of_items = {key: frozenset(scale.values) for key, scale in instrument.scale_of.items()}
    return of_items, dict.fromkeys(instrument.area, frozenset(instrument.scales["importance"].values))


def _check(answers: Mapping[str, object], allowed: Allowed, unknown: str, non_answers: Sequence[object]) -> None:
    for key, answer in answers.items():
        if key not in allowed:
            raise CannotScore(unknown, key)
        if type(answer) is int:  # True is an int, and no answer
            if answer not in allowed[key]:
                raise CannotScore("off_scale", key)
        elif answer not in non_answers:
            raise CannotScore("not_an_integer", key)


# --- Balance --------------------------------------------------------------------------------------------------


def differences(instrument: Instrument, answers: Answers) -> list[Difference]:
    """The areas with both answers, in the instrument's order, weighted by importance (1 where none was given)."""
    default = instrument.text["importance"]["default"]
    weighted = answers.form in instrument.importance_form
    values, found = answers.answers, []
    for key, give_key, receive_key in plan(instrument, answers.form, partnered=answers.partnered).areas:
        give, receive = values.get(give_key), values.get(receive_key)
        if isinstance(give, int) and isinstance(receive, int):
            weight = answers.importance.get(key) if weighted else default
            found.append(Difference(key, give, receive, weight if isinstance(weight, int) else default))
    return found


def index(pairs: Sequence[Difference], scale_range: int, *, weighted: bool = False) -> tuple[float, Index]:
    """B unrounded, then B, A, G, V, L and C; equal weights unless `weighted`, and if all weights are 0."""
    weighted = weighted and any(pair.weight for pair in pairs)
    weights = given = received = tilt = apart = 0.0
    for _, give, receive, importance in pairs:
        weight = importance if weighted else 1
        weights += weight
        given += weight * give
        received += weight * receive
        tilt += weight * (give - receive)
        apart += weight * abs(give - receive)
    unit = 100 / (scale_range * weights)
    balance = unit * tilt
    return balance, Index(
        B=rounded(balance),
        A=rounded(unit * apart),
        G=rounded(unit * given),
        V=rounded(unit * received),
        L=rounded(unit * (given + received) / 2),
        C=rounded(abs(tilt) / apart) if apart else None,
    )


def spread(pairs: Sequence[Difference], scale_range: int) -> float:
    """The standard deviation of the areas' differences, with K − 1."""
    points = [pair.give - pair.receive for pair in pairs]  # whole numbers: their sums are exact
    k = len(points)
    squares = k * sum([point * point for point in points]) - sum(points) ** 2
    return rounded(100 / scale_range * sqrt(squares / (k * (k - 1))))


def masking(balance: float, felt: float | None) -> float | None:
    """How much of the counted imbalance the overall feeling leaves out: max(0, |B| − max(0, s·F)); none without F."""
    if felt is None:
        return None
    sign = 1 if balance >= 0 else -1
    return rounded(max(0.0, abs(balance) - max(0.0, sign * felt)))


# --- Statements -----------------------------------------------------------------------------------------------


class Group(NamedTuple):
    """The statements of one subscale or role in a form: each one's key, and what every answer to it counts for."""

    key: str
    top: int
    items: tuple[tuple[str, Mapping[Answer, int]], ...]
    size: int


class Plan(NamedTuple):
    """What a form asks, laid out for scoring: areas as (key, give key, receive key), subscales, roles."""

    areas: tuple[tuple[str, str, str], ...]
    felt: Group
    subscales: tuple[Group, ...]
    roles: tuple[Group, ...]


@lru_cache(maxsize=64)
def plan(instrument: Instrument, form: str, *, partnered: bool) -> Plan:
    """The plan of a form; statements that the situation leaves out count as missing."""
    of_form = instrument.items_of(form)
    asked = set(instrument.items_of(form, partnered=partnered))

    def group(key: str, items: Sequence[Item]) -> Group:
        values = instrument.scale_of[items[0].key].values
        top = values[-1]
        as_it_stands: dict[Answer, int] = {value: value for value in values}
        reverse: dict[Answer, int] = {value: top - value for value in values}
        keyed = tuple((item.key, reverse if item.reverse else as_it_stands) for item in items if item in asked)
        return Group(key, top, keyed, len(items))

    by_subscale = {key: [item for item in of_form if item.subscale == key] for key in instrument.subscales}
    by_role = {role: [item for item in of_form if item.role == role] for role in instrument.text["roles"]}
    subscales = {key: group(key, items) for key, items in by_subscale.items() if items}
    return Plan(
        areas=tuple((area.key, *area.answer_keys()) for area in instrument.areas_of(form)),
        felt=subscales["felt"],
        subscales=tuple(subscales.values()),
        roles=tuple(group(role, items) for role, items in by_role.items()) if form == "full" else (),
    )


def keyed(group: Group, answers: Mapping[str, Answer]) -> list[int]:
    """What the answered statements count for; a non-answer is in no table."""
    return [counts[answer] for key, counts in group.items if (answer := answers.get(key)) in counts]


def _subscale(group: Group, answers: Mapping[str, Answer], constants: Constants) -> Document:
    """100·mean(keyed)/top, or none if more than `missing_max` of the form's statements are missing."""
    found = keyed(group, answers)
    score, word = _mean(group, found, constants)
    if group.size - len(found) > constants.missing_max * group.size:
        score = word = None
    elif group.key == "felt":
        word = felt_band(score)
    return {"score": score, "answered": len(found), "items": group.size, "band": word}


def _felt(group: Group, answers: Mapping[str, Answer]) -> float | None:
    """F unrounded: the masking gap is worked out from it, and rounded only then."""
    found = keyed(group, answers)
    return 100 * found[0] / group.top if found else None


def role(group: Group, answers: Mapping[str, Answer], constants: Constants) -> Document:
    score, word = _mean(group, keyed(group, answers), constants)
    return {"score": score, "band": word}


def _mean(group: Group, found: Sequence[int], constants: Constants) -> tuple[float | None, str | None]:
    """100·mean/top and its band."""
    return banded(sum(found), len(found) * group.top, constants) if found else (None, None)


# --- The whole ------------------------------------------------------------------------------------------------


def score(instrument: Instrument, answers: Answers) -> Document:
    """Every figure of one response, in the shape of `expected` in the vectors. Raises `CannotScore`."""
    check(instrument, answers)
    constants = instrument.constants
    form = plan(instrument, answers.form, partnered=answers.partnered)
    pairs = differences(instrument, answers)
    scores = {group.key: _subscale(group, answers.answers, constants) for group in form.subscales}
    result: Document = by_size(pairs, constants)
    if len(pairs) >= constants.min_pairs:
        result |= _balance(pairs, _felt(form.felt, answers.answers), constants)
    else:
        result |= _no_balance()
    result["ill_shown"] = bool(result["imbalance"]) and "ill" in scores
    result["subscales"] = scores
    result["roles"] = {group.key: role(group, answers.answers, constants) for group in form.roles}
    found = applying(instrument, result)
    result["routes"] = shown(found, constants.routes_max, unsafe=False)
    result["routes_if_unsafe"] = shown(found, constants.routes_max, unsafe=True)
    return result


def by_size(pairs: Sequence[Difference], constants: Constants) -> Document:
    """The areas by size of difference, largest first (ties in the instrument's order), and their counts."""
    d = [(pair.area, percent(pair.give - pair.receive, constants.R)) for pair in pairs]
    return {
        "counts": {
            "areas": len(d),
            "give": sum([value > 0 for _, value in d]),
            "receive": sum([value < 0 for _, value in d]),
            "even": sum([value == 0 for _, value in d]),
        },
        "areas": [list(entry) for entry in sorted(d, key=lambda entry: -abs(entry[1]))],
    }


def _balance(pairs: Sequence[Difference], felt: float | None, constants: Constants) -> Document:
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
        "masking": masking(balance, felt),
        "imbalance": abs(headline.B) > constants.balance_band or constants.uneven <= headline.A,
    }


def _no_balance() -> Document:
    keys = ("balance", "weighted", "interval80", "interval95", "p", "position", "confidence", "masking", "imbalance")
    return dict.fromkeys(keys) | {"shown": NOT_ENOUGH}
