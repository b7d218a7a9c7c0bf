"""Two results side by side: the words, the chart by area, the figures behind them. Pure but for the translations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.algorithm_2.change import Result
from assessments.beam import LONGEST_BAR, on_balance_line
from assessments.changes import Change, part_title, read_change, words_of_parts
from assessments.instrument import Instrument
from assessments.reading_2.page import axis
from assessments.scoring import Difference, Document, differences, index
from assessments.words import Sides, sides, signed, whole
from lib.drawing import percent


@dataclass(frozen=True, slots=True)
class Move:
    """One area answered both times: both differences in steps, in words and on the axis, and a word for the change.

    `is_told`: it went further than answers do by themselves.
    """

    label: str
    before: str
    after: str
    word: str
    has_moved: bool
    is_told: bool
    ring: str
    dot: str
    gave: str
    received: str


class PartMove(NamedTuple):
    """One part with an error: both values of 100, their difference, and the word for it."""

    title: str
    before: int
    after: int
    change: str
    word: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """From one result to a later one, on the areas answered both times."""

    said: Change
    before: Sides
    after: Sides
    ring: str
    dot: str
    areas: tuple[Move, ...]
    axis: tuple[tuple[str, int], ...]
    parts: tuple[PartMove, ...]

    @property
    def given(self) -> str:
        return signed(self.after.given - self.before.given)

    @property
    def received(self) -> str:
        return signed(self.after.received - self.before.received)

    @property
    def balance(self) -> str:
        return signed(self.after.balance - self.before.balance)


def compare(said: Document, first: Result, second: Result) -> Comparison:
    """The page of a pair that is comparable, by `said` (`comparing.between`)."""
    instrument = second.instrument
    before = {pair.area: pair for pair in differences(instrument, first.answers)}
    after = {pair.area: pair for pair in differences(instrument, second.answers)}
    shared = [area.key for area in instrument.areas if area.key in before and area.key in after]
    return Comparison(
        said=read_change(instrument, "chosen", said),
        before=_sides(instrument, [before[key] for key in shared]),
        after=_sides(instrument, [after[key] for key in shared]),
        ring=on_balance_line(said["B_first"]),
        dot=on_balance_line(said["B_second"]),
        areas=tuple(_move(instrument, before[key], after[key], said["moved"].get(key, "")) for key in shared),
        axis=axis(instrument.constants.R),
        parts=tuple(
            PartMove(
                part_title(instrument, key),
                then := whole(value_of(first.score, key)),
                now := whole(value_of(second.score, key)),
                signed(now - then),
                part_word(word),
            )
            for key, word in words_of_parts(said).items()
        ),
    )


def _sides(instrument: Instrument, pairs: Sequence[Difference]) -> Sides:
    return sides(index(pairs, instrument.constants.R)[1]._asdict())


def _move(instrument: Instrument, before: Difference, after: Difference, moved: str) -> Move:
    then, now, top = before.give - before.receive, after.give - after.receive, instrument.constants.R
    return Move(
        label=instrument.area[after.area].label,
        before=step_words(then),
        after=step_words(now),
        word=move_words(moved, same=then == now),
        has_moved=then != now,
        is_told=bool(moved),
        ring=on_axis(then, top),
        dot=on_axis(now, top),
        gave=_("%(before)s, then %(after)s") % {"before": before.give, "after": after.give},
        received=_("%(before)s, then %(after)s") % {"before": before.receive, "after": after.receive},
    )


def on_axis(difference: int, top: int) -> str:
    """Where a difference in steps stands: level in the middle, most given at the left."""
    return percent(50 - LONGEST_BAR * difference / top)


def step_words(difference: int) -> str:
    """The difference of an area on the scale of its answers."""
    if difference == 0:
        return _("level")
    if difference > 0:
        return _("gives more, by %(steps)s") % {"steps": difference}
    return _("receives more, by %(steps)s") % {"steps": -difference}


def move_words(moved: str, *, same: bool) -> str:
    """Whether an area has moved: "give" or "receive", or nothing that can be told."""
    if same:
        return _("the same")
    return {"give": _("towards giving"), "receive": _("towards receiving")}.get(moved) or _("too small to tell")


def part_word(word: str) -> str:
    return {"more": _("more"), "less": _("less")}.get(word) or _("too small to tell")


def value_of(score: Document, key: str) -> float:
    """The score of a subscale, or of a line of one (`str.giving`)."""
    name, _dot, line = key.partition(".")
    found: float = (score["pairs"][name]["lines"][line] if line else score["subscales"][name])["score"]
    return found
