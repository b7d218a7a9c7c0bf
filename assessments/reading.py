"""From a score's figures to the words and drawings of its page. Pure but for the translations: no database, no request.

What the person reads comes from the instrument; the sentences around it are here and in `assessments/words.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.beam import Bar, Beam, Span, balance_span, bar, beam, grid, on_balance_line, on_line
from assessments.instrument import Constants, Instrument, Subscale
from assessments.position import is_to_one_side
from assessments.scoring import Answers, Document, differences
from assessments.words import (
    Sides,
    beam_words,
    chance_words,
    gap_words,
    position_words,
    range_signed,
    range_words,
    share_words,
    side_words,
    sides,
    sure_words,
    whole,
)
from lib.drawing import number


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance as it is drawn and said: the beam, and the range on a line."""

    shown: Sides
    beam: Beam
    title: str
    dot: str
    span: Span
    range: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area: both answers (0 to 4), the bars, and the difference in words."""

    label: str
    give: str
    receive: str
    bar: Bar
    difference: str


@dataclass(frozen=True, slots=True)
class Line:
    """One subscale on its line. `figure` is empty where it has no value; `last` and `ring` show the previous result."""

    title: str
    low_end: str
    high_end: str
    text: str
    figure: str
    dot: str
    last: str
    ring: str
    answered: int
    asked: int
    is_incomplete: bool
    is_empty: bool


class Figure(NamedTuple):
    """A row of the figures behind the page: over all areas alike, and by importance where that was asked."""

    name: str
    value: str
    weighted: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A result as its page says it."""

    heading: str
    text: str
    sure: str
    balance: Balance | None
    areas: tuple[AreaRow, ...]
    areas_asked: int
    grid: tuple[str, ...]
    lines: tuple[Line, ...]
    roles: tuple[tuple[str, str], ...]
    gap: str
    weighted: bool
    figures: tuple[Figure, ...]
    most_missing: str

    @property
    def shown_lines(self) -> tuple[Line, ...]:
        """Those that say something."""
        return tuple(line for line in self.lines if not line.is_empty)

    @property
    def empty_titles(self) -> str:
        """What the others are about, to be named in one sentence."""
        return ", ".join(line.title for line in self.lines if line.is_empty)


def read(instrument: Instrument, score: Document, answers: Answers, before: Document | None = None) -> Reading:
    """Put a score and the answers behind it into words; `before` is the latest earlier comparable score."""
    position = instrument.positions[score["shown"]]
    weighted = answers.form in instrument.importance_form
    return Reading(
        heading=position.heading,
        text=position_words(position.reading, score["counts"]),
        sure=sure_words(score["confidence"], to_one_side=is_to_one_side(score["position"]))
        if score["confidence"]
        else "",
        balance=draw(instrument.constants, score),
        areas=_areas(instrument, score, answers),
        areas_asked=len(instrument.areas_of(answers.form)),
        grid=grid(instrument.constants.R),
        lines=tuple(
            _line(instrument.subscales[key], found, score, before) for key, found in score["subscales"].items()
        ),
        roles=_roles(instrument, score),
        gap=gap_words(
            instrument, score["masking"], (score["balance"] or {}).get("B"), score["subscales"]["felt"]["score"]
        ),
        weighted=weighted,
        figures=_figures(instrument.constants, score, weighted=weighted),
        most_missing=share_words(instrument.constants.missing_max),
    )


def draw(constants: Constants, score: Document) -> Balance | None:
    """The balance of a score; none where too few areas were answered."""
    if score["balance"] is None:
        return None
    index, interval, shown = score["balance"], score["interval80"], sides(score["balance"])
    return Balance(
        shown=shown,
        beam=beam(index["G"], index["V"], interval, level=constants.balance_band),
        title=beam_words(shown),
        dot=on_balance_line(index["B"]),
        span=balance_span(*interval),
        range=range_words(interval),
    )


def _areas(instrument: Instrument, score: Document, answers: Answers) -> tuple[AreaRow, ...]:
    """The complete areas in the score's order: the largest difference first."""
    answered = {pair.area: pair for pair in differences(instrument, answers)}
    return tuple(
        AreaRow(
            label=instrument.area[key].label,
            give=str(answered[key].give),
            receive=str(answered[key].receive),
            bar=bar(answered[key].give, answered[key].receive, instrument.constants.R),
            difference=side_words(whole(difference)),
        )
        for key, difference in score["areas"]
    )


def _line(subscale: Subscale, found: Document, score: Document, before: Document | None) -> Line:
    """A subscale's line. Illusions are not read without an imbalance: then the line has neither dot nor ring."""
    value, last = _shown_value(subscale, score), None
    if before and value is not None:
        last = _shown_value(subscale, before)
    low = -100 if subscale.key == "felt" else 0
    return Line(
        title=subscale.title,
        low_end=subscale.low_end,
        high_end=subscale.high_end,
        text=_line_text(subscale, found, score),
        figure=_value_words(subscale, value),
        dot="" if value is None else on_line(value, low),
        last=_value_words(subscale, last),
        ring="" if last is None else on_line(last, low),
        answered=found["answered"],
        asked=found["items"],
        is_incomplete=_is_read(subscale, score) and found["answered"] < found["items"],
        is_empty=value is None and (_is_read(subscale, score) or not score["balance"]),
    )


def _is_read(subscale: Subscale, score: Document) -> bool:
    return not subscale.only_with_imbalance or score["ill_shown"]


def _shown_value(subscale: Subscale, score: Document) -> float | None:
    """The score of a subscale, if there is one and it may be read."""
    found = score["subscales"].get(subscale.key)
    return found["score"] if found and _is_read(subscale, score) else None


def _line_text(subscale: Subscale, found: Document, score: Document) -> str:
    if not _is_read(subscale, score):
        return subscale.only_with_imbalance if score["balance"] else too_few_words()
    return subscale.band_text(found["band"]) if found["band"] else too_few_words()


def _value_words(subscale: Subscale, value: float | None) -> str:
    """A value of 100; of the overall feeling, which has two directions, its direction and then its size."""
    if value is None:
        return ""
    if subscale.key != "felt":
        return _("%(value)s of 100") % {"value": whole(value)}
    if value == 0:
        return _("level")
    end = subscale.high_end if value > 0 else subscale.low_end
    return _("%(direction)s, by %(size)s of 100") % {"direction": end, "size": abs(whole(value))}


def too_few_words() -> str:
    return _("There are too few answers to say anything here.")


def _roles(instrument: Instrument, score: Document) -> tuple[tuple[str, str], ...]:
    """How often each move in a tense time came up, in words; nothing if none was answered."""
    words = instrument.text["role_words"]
    if not any(found["band"] for found in score["roles"].values()):
        return ()
    return tuple(
        (instrument.text["roles"][key], words[found["band"]] if found["band"] else _("not answered"))
        for key, found in score["roles"].items()
    )


def _figures(constants: Constants, score: Document, *, weighted: bool) -> tuple[Figure, ...]:
    """The figures behind the words, for those who want them; plus is more given, minus more received."""
    if score["balance"] is None:
        return ()
    level = {"level": number(constants.balance_band)}
    p = {side: chance_words(value) for side, value in score["p"].items()}
    indices = (
        ("G", _("Given"), _("The average of what you give, from 0 to 100.")),
        ("V", _("Received"), _("The average of what you receive, from 0 to 100.")),
        ("B", _("Balance"), _("Given minus received, from −100 to +100.")),
        ("A", _("Unevenness"), _("The average size of the differences, whichever way they point.")),
        ("L", _("Level"), _("How much is given and received altogether, from 0 to 100.")),
        ("C", _("One direction"), _("The balance as a share of the unevenness.")),
    )
    behind = (
        (_("Spread"), str(whole(score["balance"]["sd_d"])), _("How far apart the areas are (standard deviation).")),
        (
            _("Error of the balance"),
            number(constants.sem),
            _("How much answers differ from day to day: %(how)s.") % {"how": constants.provenance},
        ),
        (
            _("80 % range"),
            range_signed(score["interval80"]),
            _("Your usual balance is inside it in about four of five cases."),
        ),
        (
            _("95 % range"),
            range_signed(score["interval95"]),
            _("Your usual balance is inside it in about nineteen of twenty cases."),
        ),
        (_("Chance of giving more"), p["give"], _("That your usual balance is above %(level)s.") % level),
        (_("Chance of about even"), p["even"], _("That it is between −%(level)s and +%(level)s.") % level),
        (_("Chance of receiving more"), p["receive"], _("That it is below −%(level)s.") % level),
    )
    weights = score["weighted"] if weighted else None
    return (
        *(
            Figure(name, _index_figure(score["balance"], key), _index_figure(weights, key) if weights else "", meaning)
            for key, name, meaning in indices
        ),
        *(Figure(name, value, "", meaning) for name, value, meaning in behind),
    )


def _index_figure(index: Mapping[str, float | None], key: str) -> str:
    value = index[key]
    if value is None:
        return "–"
    if key == "B":
        return sides(index).signed
    return f"{whole(100 * value)} %" if key == "C" else str(whole(value))
