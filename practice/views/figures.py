"""A specialist's own figures. Nobody else sees them, and they hold nothing of others'."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Specialist
from lib.drawing import HEIGHT, chart
from lib.figures import lasting, spelled
from practice.access import for_specialists
from practice.figures import LEAST_PEOPLE, MONTHS, WENT_ON_WITHIN, figures_of


@require_safe
@for_specialists
def figures(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """How many times were offered and booked, who came, and who went on, by month."""
    months = figures_of(specialist, timezone.now())
    measures = {
        "offered": _("Times offered"),
        "booked": _("Booked"),
        "came": _("Came"),
        "went_on": _("Went on"),
    }
    context = {
        "months": months,
        "charts": [chart(words, [getattr(month, name) for month in months]) for name, words in measures.items()],
        "count": spelled(MONTHS),
        "height": HEIGHT,
        "within": lasting(WENT_ON_WITHIN, "days"),
        "least": spelled(LEAST_PEOPLE),
    }
    return render(request, "practice/figures.html", context)
