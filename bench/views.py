"""The anchor: what a bare Django view costs here. Every goal is a ratio to it, taken in the same run."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bench.models import Row

ROWS = 40


def page(request: HttpRequest) -> HttpResponse:
    """A page behind the log-in: session, user, one query of 40 rows, 18 kB of HTML from a base and three includes."""
    return render(request, "bench/page.html", {"rows": Row.objects.order_by("pk")[:ROWS]})


@require_POST
def post(request: HttpRequest) -> HttpResponse:
    """A POST behind the log-in, with a CSRF token: session, user, one INSERT in a transaction."""
    with transaction.atomic():
        Row.objects.create(title="Posted", text=request.POST["text"])
    return HttpResponseRedirect("/anchor/page/")
