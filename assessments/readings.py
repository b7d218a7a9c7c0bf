"""A result in the words of the algorithm that it was scored with."""

from django.utils.translation import gettext as _

from assessments import algorithms, reading, reading_2
from assessments.algorithm_2 import texts
from assessments.instrument import Instrument
from assessments.position import TOO_CLOSE, is_to_one_side
from assessments.scoring import Answers, Document


def is_first(instrument: Instrument, score: Document) -> bool:
    """Whether algorithm 1 worked it out."""
    return algorithms.versions(instrument, score).algorithm == algorithms.FIRST


def read(
    instrument: Instrument, score: Document, answers: Answers, before: Document | None = None
) -> reading.Reading | reading_2.Reading:
    """The whole of it; `before` is the latest earlier comparable score, which only pages of algorithm 1 show."""
    if is_first(instrument, score):
        return reading.read(instrument, score, answers, before)
    return reading_2.read(instrument, score, answers)


def draw(instrument: Instrument, score: Document) -> reading.Balance | reading_2.Balance | None:
    """The balance; none where too few areas were answered."""
    if is_first(instrument, score):
        return reading.draw(instrument.constants, score)
    return reading_2.draw(instrument, score)


def heading(instrument: Instrument, score: Document) -> str:
    """What it says first."""
    if is_first(instrument, score):
        return instrument.positions[score["shown"]].heading
    return texts.heading(instrument, score)


def sure(instrument: Instrument, score: Document) -> str:
    """How sure its heading is, in few words, for where that stands alone; nothing where the heading says so itself.

    Nothing of algorithm 1 either: its "quite sure" is not that of algorithm 2, and was said of "about level", too.
    """
    if is_first(instrument, score) or score["confidence"] in (None, TOO_CLOSE):
        return ""
    if is_to_one_side(score["position"]):
        return _("Quite sure.") if score["confidence"] == "clear" else _("Fairly sure, but no more than that.")
    return _("As far as this can tell.") if score["position"] == "uneven_by_area" else ""
