"""The models of the questionnaire, one file for each thing that they are about."""

from assessments.models.group_figures import Counted, GroupFigures
from assessments.models.results import (
    Form,
    InstrumentVersion,
    Response,
    Result,
    ResultQuerySet,
    published_instrument,
)
from assessments.models.retests import LATEST, Changed, Retest

__all__ = [
    "LATEST",
    "Changed",
    "Counted",
    "Form",
    "GroupFigures",
    "InstrumentVersion",
    "Response",
    "Result",
    "ResultQuerySet",
    "Retest",
    "published_instrument",
]
