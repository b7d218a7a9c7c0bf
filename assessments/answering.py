"""Answering page by page: what a posted page says, what it changes, what is still open. Pure: no Django.

A page's fields are named after the answers' keys; the importance of an area is `<area>_importance`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from assessments.instrument import Instrument, Part, Question, Scale
from assessments.scoring import NON_ANSWERS, Answer, Answers, differences

IMPORTANCE = "_importance"


@dataclass(frozen=True, slots=True)
class Posted:
    """One page as it came in: what was chosen, the fields whose value is none of those shown, and unknown fields."""

    answers: Mapping[str, Answer]
    importance: Mapping[str, Answer]
    off_scale: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        return not self.off_scale and not self.unknown


@lru_cache(maxsize=64)
def parts_of(instrument: Instrument, form: str, partnered: bool) -> tuple[Part, ...]:
    """The pages of a form; kept, because the instrument of a published version never changes."""
    return instrument.parts(form, partnered=partnered)


def importance_field(part: Part) -> str | None:
    """The name of the page's field for the importance of its area, where it is asked."""
    return f"{part.area.key}{IMPORTANCE}" if part.area and part.asks_importance else None


def read_part(instrument: Instrument, part: Part, fields: Mapping[str, str]) -> Posted:
    """Sort a page's posted fields. A question without a field was left as it was; nothing here raises."""
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
        answer = _answer(scale, text) if target is answers or text != "na" else None
        if answer is None:
            off_scale.append(name)
        else:
            target[key] = answer
    return Posted(answers, importance, tuple(off_scale), tuple(unknown))


def _answer(scale: Scale, text: str) -> Answer:
    """A field's text as an answer; None if it is none of those shown."""
    if text in NON_ANSWERS:
        return "na" if text == "na" else "skip"
    return next((value for value in scale.values if str(value) == text), None)


def merge(answers: Answers, posted: Posted) -> Answers:
    """The sheet with the posted page's choices; every other answer stays, so that two tabs lose nothing."""
    return replace(
        answers,
        answers={**answers.answers, **posted.answers},
        importance={**answers.importance, **posted.importance},
    )


def open_questions(part: Part, answers: Answers) -> list[Question]:
    """The page's questions without any answer. "Does not apply" and "prefer not to say" are answers here."""
    return [question for question in part.questions if answers.answers.get(question.key) is None]


def first_open(parts: Sequence[Part], answers: Answers) -> Part | None:
    """The page to come back to; None when every question has its answer."""
    return next((part for part in parts if open_questions(part, answers)), None)


def complete_areas(instrument: Instrument, answers: Answers) -> int:
    """How many areas have both answers: below the instrument's `min_pairs` there is no balance."""
    return len(differences(instrument, answers))


def answered_parts(parts: Sequence[Part], answers: Answers) -> set[int]:
    """The numbers of the pages without an open question."""
    return {part.number for part in parts if not open_questions(part, answers)}


def minutes_left(instrument: Instrument, form: str, *, still_open: int, parts: int) -> int:
    """The form's minutes, shared out over its pages; at least 1."""
    minutes: int = instrument.text["instrument"][f"minutes_{form}"]
    return max(1, ceil(minutes * still_open / parts))
