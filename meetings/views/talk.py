"""From a result to somebody to talk it over with.

The session remembers which result it is, so that no address and no log does; it is sealed, and ends with the log-in.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.http import AuthenticatedHttpRequest
from accounts.sealing import CannotOpen
from accounts.self_document import gentle_prompts
from assessments.models import Result
from consultations import listing
from consultations.views.specialists import behind
from guide import themes
from lib.ids import uuid_or_404
from lib.methods import require_safe_or_post

TALKED_OVER = "talked_over"  # in the session: the id of the result


@require_safe_or_post
def talk_over(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Specialists whose topics fit the routes of a result, the earliest free time first. A POST says which result.

    Nobody with gentle prompts is led here: what a result suggests may not be for somebody who is not safe.
    """
    if gentle_prompts(request.user):
        return redirect("specialists")
    own = Result.objects.visible_to(request.user)
    if request.method == "POST":
        found = get_object_or_404(own, pk=uuid_or_404(request.POST.get("result", "")))
        request.session[TALKED_OVER] = str(found.pk)
        return redirect("talk_over")
    result = own.filter(pk__in=[request.session[TALKED_OVER]] if TALKED_OVER in request.session else []).first()
    try:
        topics = topics_of(result, request) if result else ()
    except CannotOpen:
        topics = ()
    if not topics:
        return redirect("specialists")
    now = timezone.now()
    listed = listing.list_specialists(request.user, listing.Wanted(any_theme=topics), now, after=behind(request))
    context = {"listed": listed, "now": now, "topics": [themes.topic(key) for key in topics]}
    return render(request, "meetings/talk_over.html", context)


def topics_of(result: Result, request: AuthenticatedHttpRequest) -> tuple[str, ...]:
    """The themes to which a result leads, in order. Raises CannotOpen."""
    by_key = {route.key: route for route in result.instrument.routes}
    routes = [by_key[key] for key in result.score(request.user)["routes"]]
    return tuple(dict.fromkeys(theme for route in routes for theme in route.leads_to(unsafe=False)))
