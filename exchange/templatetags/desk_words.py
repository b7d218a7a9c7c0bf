"""Wording of when a specialist answers."""

from typing import TYPE_CHECKING

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

from exchange.models.desk import last_day
from exchange.replying import usually
from lib.direction import isolated

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from consultations.models import Specialist
    from exchange.models.desk import Hints

register = template.Library()


@register.filter
def usually_answers(specialist: "WithAnnotations[Specialist, Hints]") -> str:
    """How soon, like "Mara L. usually answers within two days."; empty while away, and while too little is known."""
    if specialist.away_until is not None or specialist.reply_median is None:
        return ""
    return usually(specialist.reply_median, isolated(specialist.name))


@register.filter
def is_away(specialist: "WithAnnotations[Specialist, Hints]") -> str:
    """Until when, like "Mara L. is away until Friday 4 December."; empty otherwise."""
    if specialist.away_until is None:
        return ""
    return gettext("%(name)s is away until %(day)s.") % {
        "name": isolated(specialist.name),
        "day": date_format(last_day(specialist.away_until, specialist), "l j F"),
    }
