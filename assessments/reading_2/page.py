"""A result of algorithm 2 as its page says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assessments import algorithms, dots
from assessments.algorithm_2 import texts
from assessments.beam import Bar, Beam, bar, beam, grid
from assessments.instrument import Instrument
from assessments.position import TOO_CLOSE, is_to_one_side
from assessments.reading_2.answered import AnsweredPart, answered
from assessments.reading_2.figures import Figure, Part, basis_words, figures, measured_words, parts
from assessments.reading_2.lines import Line, choices, lines, roles
from assessments.reading_2.words import (
    beam_words,
    difference_words,
    far_out_words,
    felt_words,
    minus,
    range_words,
    style_words,
    sure_words,
    tenths,
)
from assessments.scoring import Answers, Difference, Document, differences
from assessments.words import in_a_row, position_words, whole
from lib.drawing import percent


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance as it is drawn and said. Both levels are on the scale of the answers, to `top`."""

    given: str
    received: str
    top: int
    beam: Beam
    arc: dots.Arc
    line: dots.Line
    title: str
    range: str
    dots: int
    inside: int
    middle: str
    far_out: str
    basis: str


class AreaRow(NamedTuple):
    """One area: both answers, the bars, and the difference in words."""

    label: str
    give: str
    receive: str
    bar: Bar
    difference: str


class Plain(NamedTuple):
    """In plain words: the names of the areas that lean to a side, clearly or a little, and of those that are level."""

    give: str
    give_a_little: str
    receive: str
    receive_a_little: str
    level: str
    not_counted: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A result as its page says it."""

    heading: str
    text: str
    sure: str
    style: str
    plain: Plain
    balance: Balance | None
    areas: tuple[AreaRow, ...]
    areas_asked: int
    grid: tuple[str, ...]
    axis: tuple[tuple[str, int], ...]
    felt: str
    lines: tuple[Line, ...]
    roles: tuple[tuple[str, str], ...]
    answered: tuple[AnsweredPart, ...]
    weighted: bool
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]

    @property
    def shown_lines(self) -> tuple[Line, ...]:
        """Those that say something."""
        return tuple(line for line in self.lines if not line.is_empty)

    @property
    def empty_titles(self) -> str:
        """What the others are about, to be named in one sentence."""
        return ", ".join(line.title for line in self.lines if line.is_empty)


def read(instrument: Instrument, score: Document, answers: Answers) -> Reading:
    """Put a score and the answers behind it into words."""
    shown, top = score["shown"], instrument.constants.R
    weighted = answers.form in instrument.importance_form
    complete = {pair.area: pair for pair in differences(instrument, answers)}
    pairs = [complete[key] for key, _difference in score["areas"]]
    return Reading(
        heading=texts.heading(instrument, score),
        text=position_words(texts.reading(instrument, shown, score["counts"]), score["counts"]),
        sure=_sure(score),
        style=style_words(score["style"]),
        plain=_plain(instrument, pairs, answers),
        balance=draw(instrument, score),
        areas=tuple(_area(instrument, pair) for pair in pairs),
        areas_asked=len(instrument.areas_of(answers.form)),
        grid=grid(top),
        axis=axis(top),
        felt=felt_words(score["felt_and_counted"], told=shown != TOO_CLOSE),
        lines=(*lines(instrument, score, answers.form), *choices(instrument, answers)),
        roles=roles(instrument, score),
        answered=answered(instrument, answers),
        weighted=weighted,
        figures=figures(instrument.constants, score, weighted=weighted),
        parts=parts(instrument, score),
    )


def _sure(score: Document) -> str:
    if not score["confidence"]:
        return ""
    to_one_side = is_to_one_side(score["position"])
    return sure_words(score["shown"], score["confidence"], to_one_side=to_one_side, is_measured="error" in score)


def draw(instrument: Instrument, score: Document) -> Balance | None:
    """The balance of a score; none where too few areas were answered."""
    if score["balance"] is None:
        return None
    index, quantiles, cuts = score["balance"], score["dots"], instrument.constants
    given, received = tenths(index["G"], cuts.R), tenths(index["V"], cuts.R)
    of = len(quantiles)
    inside = of - 2 * dots.OPEN
    said = range_words(score["interval80"], inside, of)
    return Balance(
        given=given,
        received=received,
        top=cuts.R,
        beam=beam(index["G"], index["V"], level=cuts.balance_band),
        arc=dots.arc(index["B"], quantiles, level=cuts.balance_band),
        line=dots.line(index["B"], quantiles),
        title=f"{beam_words(given, received, cuts.R, whole(index['B']))} {said}",
        range=said,
        dots=of,
        inside=inside,
        middle=minus(index["B"]),
        far_out=far_out_words() if score["regression"] else "",
        basis=_basis(instrument, score),
    )


def _basis(instrument: Instrument, score: Document) -> str:
    """How the error is known; nothing of constants that an earlier release had."""
    if "error" in score:
        return measured_words(score["error"])
    used = algorithms.constants()
    if used.version != algorithms.versions(instrument, score).constants:
        return ""
    return basis_words(used.e)


def axis(top: int) -> tuple[tuple[str, int], ...]:
    """Where each number of the scale stands under the bars, from the left."""
    points = grid(top)
    places = (*points[:top], percent(50), *points[top:])
    return tuple(zip(places, map(abs, range(-top, top + 1)), strict=True))


def _area(instrument: Instrument, pair: Difference) -> AreaRow:
    return AreaRow(
        instrument.area[pair.area].label,
        str(pair.give),
        str(pair.receive),
        bar(pair.give, pair.receive, instrument.constants.R),
        difference_words(pair.give, pair.receive),
    )


def _plain(instrument: Instrument, pairs: Sequence[Difference], answers: Answers) -> Plain:
    """One point of the scale is a little."""
    there = {pair.area for pair in pairs}
    points = {pair.area: pair.give - pair.receive for pair in pairs}

    def named(*, low: int, high: int) -> str:
        return in_a_row([instrument.area[key].label for key, value in points.items() if low <= value <= high])

    top = instrument.constants.R
    missing = [area.label for area in instrument.areas_of(answers.form) if area.key not in there]
    return Plain(
        give=named(low=2, high=top),
        give_a_little=named(low=1, high=1),
        receive=named(low=-top, high=-2),
        receive_a_little=named(low=-1, high=-1),
        level=named(low=0, high=0),
        not_counted=in_a_row(missing),
    )
