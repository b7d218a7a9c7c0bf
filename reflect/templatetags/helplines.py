"""Helplines at hand on pages of other apps."""

from collections.abc import Sequence

from django import template

from reflect import helplines

register = template.Library()


@register.simple_tag
def helplines_by_country() -> Sequence[helplines.Country]:
    return helplines.by_country(helplines.helplines())
