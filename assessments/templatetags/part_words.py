"""What the parts of the questionnaire are called."""

from django import template
from django.utils.translation import gettext as _

from assessments.instrument import Part

register = template.Library()


@register.filter
def part_title(part: Part) -> str:
    """The area's own name; other parts are called by what they ask."""
    if part.area:
        return part.area.label
    if part.kind == "felt":
        return _("Overall")
    if part.questions[0].scale == "agreement":
        return _("How far do you agree?")
    return _("How often was it like this?")
