"""What the tables of the questionnaire hold of a person, for the registry in `accounts/privacy.py`."""

from accounts.privacy import WITH_SITE, Category, Erasure, Kept, declare
from assessments.models import GroupFigures, InstrumentVersion, Response, Result

UNFINISHED = Kept("Unfinished questionnaires", months=12)
RESULTS = Kept("Results", until="Until you delete them")


def declare_assessments() -> None:
    declare(Response, category=Category.WORDS, owner="owner", retention=(UNFINISHED, RESULTS), export="questionnaires")
    declare(Result, category=Category.WORDS, owner="owner", retention=RESULTS, export="results")
    for model in (InstrumentVersion, GroupFigures):
        declare(model, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
