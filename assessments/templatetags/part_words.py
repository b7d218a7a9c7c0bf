"""What the parts of the questionnaire are called."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.instrument import Part

register = template.Library()

# By the subscale of the first statement. Not the titles of the result, which would suggest how to answer.
STATEMENTS: dict[str, Promise] = {
    "felt": gettext_lazy("Overall"),
    "str": gettext_lazy("How it felt to give and to receive"),
    "ill": gettext_lazy("How you look at what is uneven"),
    "slf": gettext_lazy("Being yourself"),
    "ent": gettext_lazy("Effort, help and plans"),
    "cyc": gettext_lazy("Closeness and distance"),
    "prj": gettext_lazy("Reading each other"),
    "ref": gettext_lazy("Asking, and hearing no"),
    "aut": gettext_lazy("Time, people and moods of your own"),
    "rfl": gettext_lazy("Thinking it over"),
    "rec": gettext_lazy("Between the two of you"),
}


@register.filter
def part_title(part: Part) -> str:
    """An area's own name, or what the statements of the part are about."""
    if part.area:
        return part.area.label
    if title := STATEMENTS.get(part.subscale or ""):
        return _("%(title)s, continued") % {"title": title} if part.continues else str(title)
    if part.questions[0].scale == "agreement":
        return _("How far do you agree?")
    return _("How often was it like this?")
