"""The words of a page for what is kept by its key, and of what stands around the text."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journal.content import FEELINGS, Content

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
    "angry": _("angry"),
    "hurt": _("hurt"),
    "ashamed": _("ashamed"),
    "confused": _("confused"),
}
FEELING_CHOICES = [(key, FEELING_WORDS[key]) for key in FEELINGS]


def about(content: Content) -> list[str]:
    """What was chosen beside the words of a page, a line each."""
    feelings = ", ".join(str(FEELING_WORDS[feeling]) for feeling in content.feelings)
    return [
        *([gettext("How it felt: %(feelings)s") % {"feelings": feelings}] if feelings else []),
        *([gettext("Tags: %(tags)s") % {"tags": ", ".join(content.tags)}] if content.tags else []),
    ]


def around(content: Content, *, date: datetime, pinned: bool) -> list[str]:
    """All that is kept beside the words of a page, or of a version of it, a line each; its date is the first."""
    day = date_format(timezone.localtime(date), "l j F Y, H:i")
    return [day, *about(content), *([gettext("Kept at hand")] if pinned else [])]
