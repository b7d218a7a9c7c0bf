"""What somebody answered, by part: every item that was asked, with the answer in words. Pure but for translations."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.instrument import Instrument, Part
from assessments.scoring import Answer, Answers


class Row(NamedTuple):
    """One question, and its answer in the words of its scale."""

    question: str
    answer: str


class AnsweredPart(NamedTuple):
    """The questions about one area or subscale; `key` is what the page's other texts link to."""

    key: str
    title: str
    rows: tuple[Row, ...]


def answered(instrument: Instrument, answers: Answers) -> tuple[AnsweredPart, ...]:
    """Every part, in the order of the questions; the statements of a subscale stand together."""
    found: dict[str, tuple[str, list[Row]]] = {}
    for part in instrument.parts(answers.form, partnered=answers.partnered):
        for key, title, row in _rows(instrument, part, answers):
            found.setdefault(key, (title, []))[1].append(row)
    return tuple(AnsweredPart(key, title, tuple(rows)) for key, (title, rows) in found.items())


def _rows(instrument: Instrument, part: Part, answers: Answers) -> Iterator[tuple[str, str, Row]]:
    for question in part.questions:
        row = Row(question.text, _words(instrument, question.scale, answers.answers.get(question.key)))
        if part.area:
            yield part.area.key, part.area.label, row
        else:
            subscale = instrument.subscales[instrument.item[question.key].subscale]
            yield subscale.key, subscale.title, row
    if part.area and part.asks_importance:
        importance = instrument.text["importance"]
        given = _words(instrument, importance["scale"], answers.importance.get(part.area.key))
        yield part.area.key, part.area.label, Row(_("How important this is to me"), given)


def _words(instrument: Instrument, scale: str, answer: Answer) -> str:
    if isinstance(answer, int):
        return dict(instrument.scales[scale].choices)[answer]
    return instrument.non_answers.get(answer or "") or _("Not answered")
