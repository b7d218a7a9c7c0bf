"""Two people's views compared: what one gives, as the giver and as the receiver see it. Pure: no Django.

Only the words for clusters of areas may ever be shown to the two; the figures behind them may not.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from assessments.instrument import Area, Instrument
from assessments.rounding import rounded
from assessments.scoring import Answer, Answers


class View(NamedTuple):
    """One area in one direction: what the giver says was given and what the receiver says was received, 0 to 4."""

    area: str
    given: int
    received: int


def compare(instrument: Instrument, a: Answers, b: Answers, *, intimacy_shared: bool) -> dict[str, Any]:
    """The figures of both directions, of the areas with all four answers, and the clusters' words."""
    forward, backward = views(instrument.areas, a, b), views(instrument.areas, b, a)
    return {
        "a_to_b": direction(forward, instrument.constants.R),
        "b_to_a": direction(backward, instrument.constants.R),
        "shared": shared(forward, backward, instrument.constants.R),
        "clusters": clusters(instrument, forward, backward, intimacy_shared=intimacy_shared),
    }


def views(areas: Sequence[Area], giver: Answers, receiver: Answers) -> list[View]:
    found = []
    for area in areas:
        give_key, receive_key = area.answer_keys()
        given, received = _answer(giver.answers, give_key), _answer(receiver.answers, receive_key)
        if given is not None and received is not None:
            found.append(View(area.key, given, received))
    return found


def _answer(answers: Mapping[str, Answer], key: str) -> int | None:
    answer = answers.get(key)
    return answer if isinstance(answer, int) else None


def direction(found: Sequence[View], scale_range: int) -> dict[str, Any]:
    """Mean gap and mean |gap| in per cent, the tracking r (8 areas or more, both vary), the share within one step."""
    gaps = [100 * (view.given - view.received) / scale_range for view in found]
    count = len(gaps)
    return {
        "areas": count,
        "mean_gap": rounded(sum(gaps) / count) if count else None,
        "mean_abs_gap": rounded(sum(map(abs, gaps)) / count) if count else None,
        "tracking": correlation(found) if count >= 8 else None,
        "within_one_step": rounded(sum(abs(v.given - v.received) <= 1 for v in found) / count) if count else None,
    }


def correlation(found: Sequence[View]) -> float | None:
    """Pearson's r of given and received; none where one of them does not vary."""
    mean_x = sum(view.given for view in found) / len(found)
    mean_y = sum(view.received for view in found) / len(found)
    xx = sum((view.given - mean_x) ** 2 for view in found)
    yy = sum((view.received - mean_y) ** 2 for view in found)
    if not (xx and yy):
        return None
    return rounded(sum((v.given - mean_x) * (v.received - mean_y) for v in found) / sqrt(xx * yy))


def shared(forward: Sequence[View], backward: Sequence[View], scale_range: int) -> dict[str, Any]:
    """Over the areas with all four answers: both balances, their sum (overclaim), and each one's share of giving."""
    back = {view.area: view for view in backward}
    both = [(view, back[view.area]) for view in forward if view.area in back]
    count = len(both)
    if not count:
        return dict.fromkeys(("balance_a", "balance_b", "overclaim", "share_a", "share_b", "share_sum")) | {"areas": 0}
    unit = 100 / (scale_range * count)
    a_gives, b_receives = sum(f.given for f, _ in both), sum(f.received for f, _ in both)
    b_gives, a_receives = sum(r.given for _, r in both), sum(r.received for _, r in both)
    balance_a, balance_b = unit * (a_gives - a_receives), unit * (b_gives - b_receives)
    share_a, share_b = _share(a_gives, a_receives), _share(b_gives, b_receives)
    return {
        "areas": count,
        "balance_a": rounded(balance_a),
        "balance_b": rounded(balance_b),
        "overclaim": rounded(balance_a + balance_b),
        "share_a": None if share_a is None else rounded(share_a),
        "share_b": None if share_b is None else rounded(share_b),
        "share_sum": None if share_a is None or share_b is None else rounded(share_a + share_b),
    }


def _share(gives: int, receives: int) -> float | None:
    return gives / (gives + receives) if gives + receives else None


def clusters(
    instrument: Instrument, forward: Sequence[View], backward: Sequence[View], *, intimacy_shared: bool
) -> dict[str, dict[str, str] | None]:
    """A word for each direction of each cluster; none for one that is left out.

    Intimacy joins "together" only if both chose it. A cluster is left out with fewer than `cluster_min_areas` complete
    areas, or if any of its four lists of answers is all 0 or all at the top.
    """
    back = {view.area: view for view in backward}
    words: dict[str, dict[str, str] | None] = {}
    for cluster in instrument.text["clusters"]:
        if cluster == "intimacy":
            continue
        members = {area.key for area in instrument.areas if area.cluster == cluster}
        if cluster == "together" and intimacy_shared:
            members |= {area.key for area in instrument.areas if area.cluster == "intimacy"}
        both = [(view, back[view.area]) for view in forward if view.area in members and view.area in back]
        words[cluster] = _words(instrument, [f for f, _ in both], [r for _, r in both])
    return words


def _words(instrument: Instrument, forward: Sequence[View], backward: Sequence[View]) -> dict[str, str] | None:
    constants = instrument.constants
    if len(forward) < constants.cluster_min_areas:
        return None
    lists = [[view[place] for view in found] for found in (forward, backward) for place in (1, 2)]
    if any(set(answers) in ({0}, {constants.R}) for answers in lists):
        return None

    def word(found: Sequence[View]) -> str:
        gap = rounded(sum(100 * (view.given - view.received) / constants.R for view in found) / len(found))
        if gap >= constants.cluster_gap:
            return "more_than_felt"
        return "less_than_felt" if gap <= -constants.cluster_gap else "similar"

    return {"a_to_b": word(forward), "b_to_a": word(backward)}
