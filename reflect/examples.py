"""What visitors are shown as examples: a result, worked out and drawn as real ones are, and a specialist's card."""

from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.algorithms import score
from assessments.instrument import Instrument, build
from assessments.instrument import read as parse
from assessments.reading_2 import Reading, read
from assessments.scoring import Answers, Document
from consultations.models import Specialist
from consultations.models.profiles import Format

QUESTIONNAIRE = settings.BASE_DIR / "assessments" / "instruments" / "balance-2.toml"
SIDES = ("give", "receive")
AREAS = {  # invented: what is given and what is received, 0 to 4
    "attention": (3, 1),
    "practical": (2, 3),
    "emotional": (4, 1),
    "affection": (2, 3),
    "intimacy": (2, 2),
    "time": (3, 1),
    "decisions": (3, 2),
    "money": (2, 2),
    "social": (3, 2),
    "repair": (3, 1),
}
ANSWERS = Answers(
    form="full",
    partnered=True,
    answers={
        f"{area}_{side}": answer for area, both in AREAS.items() for side, answer in zip(SIDES, both, strict=True)
    },
    importance={},
)


class ExampleResult(NamedTuple):
    instrument: Instrument
    reading: Reading


def example_result() -> ExampleResult:
    """The invented answers in words and drawings, in the language of the request. No query."""
    instrument, figures = scored()
    return ExampleResult(instrument, read(instrument, figures, ANSWERS))


@cache
def scored() -> tuple[Instrument, Document]:
    instrument = build(parse(QUESTIONNAIRE.read_text(encoding="utf-8")))
    return instrument, score(instrument, ANSWERS)


def example_specialist() -> Specialist:
    """Somebody invented, who is stored nowhere."""
    return Specialist(
        name="Mara L.",
        profession=_("Psychologist"),
        years=12,
        about=_(
            "I listen first. Together we look at what you carry, what you would like, and what could be a next step."
        ),
        languages=["en", "fr"],
        themes=["balance", "self-worth", "refusals"],
        formats=[Format.VIDEO, Format.PHONE],
    )
