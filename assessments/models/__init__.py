"""The models of the questionnaire, one file for each thing that they are about."""

from assessments.models.errors import (
    ErrorEstimate,
    PublishedConstants,
    Way,
    constants_in_use,
    constants_of,
    constants_of_current,
)
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
    "ErrorEstimate",
    "Form",
    "GroupFigures",
    "InstrumentVersion",
    "PublishedConstants",
    "Response",
    "Result",
    "ResultQuerySet",
    "Retest",
    "Way",
    "constants_in_use",
    "constants_of",
    "constants_of_current",
    "published_instrument",
]
