"""Words for people: the feelings, which are stored as keys, and what is kept beside the text of an entry."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journal.content import FEELINGS, Content
from lib.direction import isolated

FEELING_WORDS = {
    "calm": _("calm"),
    "glad": _("glad"),
    "grateful": _("grateful"),
    "close": _("close"),
    "hopeful": _("hopeful"),
    "relieved": _("relieved"),
    "sad": _("sad"),
    "lonely": _("lonely"),
    "tired": _("tired"),
    "worried": _("worried"),
    "afraid": _("afraid"),
    "angry": _("angry"),
    "hurt": _("hurt"),
    "ashamed": _("ashamed"),
    "confused": _("confused"),
}
FEELING_CHOICES = [(key, FEELING_WORDS[key]) for key in FEELINGS]


def about(content: Content) -> list[str]:
    """The feelings and the tags of an entry, a line each; no line for none."""
    feelings = ", ".join(str(FEELING_WORDS[feeling]) for feeling in content.feelings)
    return [
        *([gettext("How it felt: %(feelings)s") % {"feelings": feelings}] if feelings else []),
        *([gettext("Tags: %(tags)s") % {"tags": ", ".join(map(isolated, content.tags))}] if content.tags else []),
    ]


def around(content: Content, *, local: datetime, pinned: bool) -> list[str]:
    """Everything kept beside the text of an entry or a version, a line each, beginning with the date."""
    day = date_format(local, "l j F Y, H:i")
    return [day, *about(content), *([gettext("Pinned")] if pinned else [])]
