"""Filters that every template has without `{% load %}`."""

from datetime import date, datetime

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def stamp(moment: date | datetime) -> str:
    """For `<time datetime>`, which needs no fractions of a second."""
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()
