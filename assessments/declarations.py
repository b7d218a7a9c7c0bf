"""Declares the models of the questionnaire in the privacy registry (`accounts/privacy.py`)."""

from accounts.privacy import WITH_SITE, Category, Erasure, Kept, declare
from assessments.models import (
    Counted,
    ErrorEstimate,
    GroupFigures,
    InstrumentVersion,
    PublishedConstants,
    Response,
    Result,
    Retest,
)
from assessments.portable import QUESTIONNAIRES, RETESTS

UNFINISHED = Kept("Unfinished questionnaires", months=12)
NEXT_FIGURES = Kept(until="until the next group figures")
RESULTS = Kept("Results", until="Until you delete them")
SAID = Kept(
    "Whether anything had changed when you answered again",
    until="Until you delete one of the two results, or take your agreement back",
)
ASKED = Kept("That you were asked to answer again, if you did not", days=30)


def declare_assessments() -> None:
    words, part = Category.WORDS, "questionnaires"
    kept = (UNFINISHED, RESULTS)
    declare(Response, category=words, owner="owner", retention=kept, export=part, portable=QUESTIONNAIRES, counted=True)
    # Each with its response.
    declare(Result, category=words, owner="owner", retention=RESULTS, export=part, counted=True)
    declare(Retest, category=words, owner="owner", retention=(SAID, ASKED), export="retests", portable=RETESTS)
    for model in (InstrumentVersion, GroupFigures, ErrorEstimate, PublishedConstants):
        declare(model, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(Counted, category=Category.MACHINERY, retention=NEXT_FIGURES, erasure=Erasure.BLANKED)
