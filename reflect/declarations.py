"""The entries of this app's models in the privacy registry (`accounts/privacy.py`)."""

from accounts.privacy import WITH_SITE, Category, Erasure, declare
from reflect.models import DailyFigure, HelplineRecord


def declare_site() -> None:
    declare(HelplineRecord, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.BLANKED)
    declare(DailyFigure, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
