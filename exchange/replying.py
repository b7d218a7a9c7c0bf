"""How soon a specialist usually answers, in words."""

from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)
WITHIN = [
    (DAY, _("%(name)s usually answers within a day.")),
    (2 * DAY, _("%(name)s usually answers within two days.")),
    (3 * DAY, _("%(name)s usually answers within three days.")),
    (7 * DAY, _("%(name)s usually answers within a week.")),
    (14 * DAY, _("%(name)s usually answers within two weeks.")),
]


def usually(median: timedelta, name: str) -> str:
    """The first of these that the median is not over."""
    words = next((words for within, words in WITHIN if median <= within), None)
    return (words or gettext("%(name)s usually takes more than two weeks to answer.")) % {"name": name}
