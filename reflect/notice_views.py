"""A person's notices, wherever they come from. Looking at the list marks nothing: opening a notice is a POST."""

from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import notices
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Notice
from accounts.portable import moment
from accounts.privacy import NOTICES
from exchange.own import with_news
from lib.methods import HttpResponseSeeOther

PAGE = 20


@require_safe
def notice_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The latest first; paged by key (`after`, a notice's id)."""
    rows = Notice.objects.visible_to(request.user).latest_first()
    if "after" in request.GET:
        try:
            rows = rows.behind(UUID(request.GET["after"]))
        except ValueError:
            raise Http404 from None
    now, found = timezone.now(), list(rows[: PAGE + 1])
    context = {
        "notices": notices.shown(request.user, found[:PAGE], now),
        "until": now.isoformat(),
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "new": notices.new_for(request.user),
        "kept": NOTICES.words,
        "question_news": with_news(request.user),
    }
    return render(request, "pages/notices.html", context)


@require_POST
def notice_open(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Mark a notice as read, and lead to what it is about; back to the list if that is gone."""
    notice, now = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk), timezone.now()
    notices.open_notice(owner=request.user, notice_id=pk, now=now)
    links = [one.line.link for one in notices.shown(request.user, [notice], now)]
    return HttpResponseSeeOther("".join(links) or reverse("notices"))


@require_POST
def notices_read(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Mark as read what had come by the time (`until`) at which the page with the button was made."""
    with suppress(ValueError):
        notices.open_all(owner=request.user, until=moment(request.POST.get("until")), now=timezone.now())
    return HttpResponseSeeOther(reverse("notices"))
