"""Answering part by part: parse a submitted part, merge it, find what is still open. Pure: no Django.

A part's fields are named after the answers' keys; the importance of an area is `<area>_importance`.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import cast

from assessments.instrument import Instrument, Part, Question, Scale
from assessments.scoring import Answer, Answers, differences

IMPORTANCE = "_importance"


@dataclass(frozen=True, slots=True)
class Posted:
    """A submitted part: its valid choices, the fields with a value off their scale, and unknown fields."""

    answers: Mapping[str, Answer]
    importance: Mapping[str, Answer]
    off_scale: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.off_scale and not self.unknown


@lru_cache(maxsize=64)
def parts_of(instrument: Instrument, form: str, partnered: bool) -> tuple[Part, ...]:
    """The parts of a form. Safe to cache: the instrument of a published version never changes."""
    return instrument.parts(form, partnered=partnered)


def importance_field(part: Part) -> str | None:
    """The name of the field for the importance of the part's area; None where it is not asked."""
    return f"{part.area.key}{IMPORTANCE}" if part.area and part.asks_importance else None


def ways_not_to_answer(instrument: Instrument, field: str) -> Mapping[str, str]:
    """What a field offers apart from its scale, as it is stored, with its label.

    An area is important to somebody or not, and the overall feeling has no occasion that might not have come up.
    """
    left_out = {"na", "no_occasion"} if field.endswith(IMPORTANCE) else set()
    if field in instrument.item and instrument.item[field].subscale == "felt":
        left_out = {"no_occasion"}
    return {stored: label for stored, label in instrument.non_answers.items() if stored not in left_out}


def read_part(instrument: Instrument, part: Part, fields: Mapping[str, str]) -> Posted:
    """Parse the fields submitted for a part; never raises. A question without a field keeps its earlier answer."""
    answers: dict[str, Answer] = {}
    importance: dict[str, Answer] = {}
    off_scale, unknown = [], []
    for name, text in fields.items():
        if name in part.keys:
            scale, target, key = instrument.scale_of[name], answers, name
        elif name == importance_field(part) and part.area:
            scale, target, key = instrument.scales["importance"], importance, part.area.key
        else:
            unknown.append(name)
            continue
        answer = _answer(scale, text, ways_not_to_answer(instrument, name))
        if answer is None:
            off_scale.append(name)
        else:
            target[key] = answer
    return Posted(answers, importance, tuple(off_scale), tuple(unknown))


def _answer(scale: Scale, text: str, apart: Container[str]) -> Answer:
    """Parse a field's text; None if it is neither on the scale nor a way not to answer that is offered."""
    if text in apart:
        return cast("Answer", text)
    return next((value for value in scale.values if str(value) == text), None)


def merge(answers: Answers, posted: Posted) -> Answers:
    """Add the submitted choices and keep all other answers, so that saving from two tabs loses nothing."""
    return replace(
        answers,
        answers={**answers.answers, **posted.answers},
        importance={**answers.importance, **posted.importance},
    )


def open_questions(part: Part, answers: Answers) -> list[Question]:
    """The part's unanswered questions. "Does not apply" and "prefer not to say" count as answers here."""
    return [question for question in part.questions if answers.answers.get(question.key) is None]


def first_open(parts: Sequence[Part], answers: Answers) -> Part | None:
    """The part to resume at; None when every question is answered."""
    return next((part for part in parts if open_questions(part, answers)), None)


def complete_areas(instrument: Instrument, answers: Answers) -> int:
    """How many areas have both answers: below the instrument's `min_pairs` there is no balance."""
    return len(differences(instrument, answers))


def answered_parts(parts: Sequence[Part], answers: Answers) -> set[int]:
    """The numbers of the parts without an open question."""
    return {part.number for part in parts if not open_questions(part, answers)}


def minutes_left(instrument: Instrument, form: str, *, still_open: int, parts: int) -> int:
    """The form's estimated minutes in proportion to the parts still open; at least 1."""
    minutes: int = instrument.text["instrument"][f"minutes_{form}"]
    return max(1, ceil(minutes * still_open / parts))
