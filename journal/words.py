"""The words of a page for what is kept by its key."""

from django.utils.translation import gettext_lazy as _

from journal.content import FEELINGS

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
