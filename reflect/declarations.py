"""The entry of this app's model in the privacy registry (`accounts/privacy.py`)."""

from accounts.privacy import WITH_SITE, Category, Erasure, declare
from reflect.models import HelplineRecord


def declare_site() -> None:
    declare(HelplineRecord, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.BLANKED)
