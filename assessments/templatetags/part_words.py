"""What the parts of the questionnaire are called."""

from django import template
from django.utils.translation import gettext as _

from assessments.instrument import Page

register = template.Library()


@register.filter
def part_title(page: Page) -> str:
    """The area's own name; other parts are called by what they ask."""
    if page.area:
        return page.area.label
    if page.kind == "felt":
        return _("All together")
    if page.questions[0].scale == "agreement":
        return _("How far do you agree?")
    return _("How often was it like this?")
