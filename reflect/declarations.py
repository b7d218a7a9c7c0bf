"""Entries of this app's models in the privacy registry (`accounts/privacy.py`)."""

from accounts.privacy import FINISHED_JOBS, WITH_SITE, Category, Erasure, declare
from reflect.models import Banner, CheckRun, DailyFigure, FailedJob, HelplineRecord


def declare_site() -> None:
    declare(HelplineRecord, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.BLANKED)
    declare(DailyFigure, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(CheckRun, category=Category.MACHINERY, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(Banner, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(FailedJob, category=Category.MACHINERY, retention=FINISHED_JOBS, erasure=Erasure.NOTHING)
