"""The subscales of a result of algorithm 2: on a line with a band for the error, or in words only."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.algorithm_2.statements import LINES
from assessments.algorithm_2.texts import band_text, line_words, speaks_of_statements
from assessments.beam import Span, on_line
from assessments.instrument import Instrument, Item, Subscale
from assessments.reading_2.words import line_alternative, within
from assessments.scoring import Answers, Document
from lib.drawing import percent

WIDTH = 0.96  # per cent of the drawing's width for a point


class Said(NamedTuple):
    """A text, and on how many of the statements it rests; `links`: it speaks of the person's own statements."""

    title: str
    text: str
    answered: int
    asked: int

    @property
    def is_incomplete(self) -> bool:
        return self.answered < self.asked

    @property
    def links(self) -> bool:
        return speaks_of_statements(self.text)


class Drawn(NamedTuple):
    """A figure on its line: the dot, the band of its error, and what the drawing says."""

    dot: str
    band: Span
    alternative: str


class Line(NamedTuple):
    """One subscale: one text, or two where it is read as two lines; drawn where it has an error."""

    key: str
    title: str
    low_end: str
    high_end: str
    said: tuple[Said, ...]
    drawn: Drawn | None

    @property
    def is_empty(self) -> bool:
        """Whether there are too few answers to say anything."""
        return not self.said


def lines(instrument: Instrument, score: Document, form: str) -> tuple[Line, ...]:
    """Every subscale of which something was asked, in the instrument's order."""
    return tuple(_line(instrument, instrument.subscales[key], score, form) for key in score["subscales"])


def choices(instrument: Instrument, answers: Answers) -> tuple[Line, ...]:
    """What was chosen where a statement has neither figure nor band; nothing for one that was not answered."""
    return tuple(
        _chosen(instrument, item, answer)
        for item in instrument.choices
        if item in instrument.items_of(answers.form, partnered=answers.partnered)
        and isinstance(answer := answers.answers.get(item.key), int)
    )


def _chosen(instrument: Instrument, item: Item, answer: int) -> Line:
    subscale = instrument.subscales[item.subscale]
    scale = instrument.scale_of[item.key]
    place = scale.values.index(answer)
    chose = _("You chose “%(answer)s”.") % {"answer": scale.labels[place]}
    return Line(subscale.key, subscale.title, "", "", (Said("", f"{chose} {subscale.choices[place]}", 1, 1),), None)


def _line(instrument: Instrument, subscale: Subscale, score: Document, form: str) -> Line:
    found, pair = score["subscales"][subscale.key], score["pairs"].get(subscale.key)
    said: tuple[Said, ...] = ()
    drawn = None
    if subscale.only_with_imbalance and not score["ill_shown"]:
        if score["balance"]:  # without one, nothing is known of an imbalance
            said = (Said("", subscale.only_with_imbalance, 0, 0),)
    elif found["score"] is not None and pair:
        said = _two(line_words(instrument, subscale.key), pair["lines"])
    elif found["score"] is not None:
        text = band_text(instrument, subscale, form, found["band"])
        said = (Said("", text, found["answered"], found["items"]),)
        drawn = _drawn(subscale, found)
    return Line(subscale.key, subscale.title, subscale.low_end, subscale.high_end, said, drawn)


def _two(words: Mapping[str, Mapping[str, str]], found: Document) -> tuple[Said, ...]:
    few = _("There are too few answers to say anything here.")
    return tuple(
        Said(words[name]["title"], words[name][line["band"]] if line["band"] else few, line["answered"], line["items"])
        for name, line in found.items()
    )


def _drawn(subscale: Subscale, found: Document) -> Drawn | None:
    """A single answer has no error, and so no drawing."""
    if found["sem"] is None:
        return None
    low, high = within(found["score"], found["sem"])
    alternative = line_alternative(found["score"], found["sem"], subscale.low_end, subscale.high_end)
    return Drawn(on_line(found["score"]), Span(on_line(low), percent(WIDTH * (high - low))), alternative)


def roles(instrument: Instrument, score: Document) -> tuple[tuple[str, str], ...]:
    """How often each move in a tense time came up, in words; nothing if none was answered.

    Those that the two lines of a subscale are made of are said there.
    """
    in_lines = {
        instrument.item[key].role for subscale in score["pairs"] for keys in LINES[subscale].values() for key in keys
    }
    words = instrument.text["role_words"]
    return tuple(
        (instrument.text["roles"][key], words[found["band"]])
        for key, found in score["roles"].items()
        if found["band"] and key not in in_lines
    )
