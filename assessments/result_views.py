"""Results: one, the change between two, the three safety questions, and deleting."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts import self_document
from accounts.http import AuthenticatedHttpRequest
from accounts.preferences import save_settings
from accounts.sealing import CannotOpen
from assessments import comparing, comparison, retests, services
from assessments.changes import WHY_NOT, most_needed, read_changes
from assessments.history import formats
from assessments.models import Result, ResultQuerySet, constants_in_use
from assessments.readings import is_first, read
from assessments.safety import is_raised
from assessments.scoring import Document
from assessments.suggestions import suggest
from lib import content
from lib.figures import spelled
from lib.ids import uuid_or_404
from lib.methods import answers_in_place, require_safe_or_post


@answers_in_place
@sensitive_post_parameters()
@require_safe_or_post
def result(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One result: in words, as a drawing, then as figures. The three safety questions are posted here.

    They have no address of their own, since the browser's history would then show that they were answered.
    """
    found = get_object_or_404(_results(request).select_related("retest_of"), pk=pk)
    if request.method == "POST":
        return _safety(request, found)
    try:
        score, answers = found.score(request.user), found.response.answers(request.user)
    except CannotOpen:
        return render(request, "assessments/result_closed.html", {"result": found})
    instrument = found.instrument
    before, before_score = _last_before(request, found, score) if is_first(instrument, score) else (None, None)
    gentle = self_document.gentle_prompts(request.user)
    context = {
        "result": found,
        "instrument": instrument,
        "reading": read(instrument, score, answers, before_score),
        "before": before,
        "suggestions": suggest(instrument, score, request.user, gentle=gentle),
        "said_changed": retests.said(request.user, found),
        "may_talk_over": bool(score["routes"]) and not gentle,
        "limits": content.page("not-a-diagnosis"),
        "safety": instrument.text["safety"],
    }
    template = "result" if is_first(instrument, score) else "result_2"
    return render(request, f"assessments/{template}.html", context | _changes(request, found, score))


@sensitive_variables("raised")
def _safety(request: AuthenticatedHttpRequest, found: Result) -> HttpResponse:
    """Respond to the safety answers in this very HTTP response. They are stored in no row, session or log."""
    instrument = found.instrument
    raised = is_raised(instrument.text["safety"], request.POST)
    context = {"result": found, "safety": instrument.text["safety"], "raised": raised}
    if raised:
        context["gentle_already"] = self_document.gentle_prompts(request.user)
        try:
            context["suggestions"] = suggest(instrument, found.score(request.user), request.user, gentle=True)
        except CannotOpen:
            context["suggestions"] = []
    return render(request, "assessments/result_safety.html", context)


@require_POST
def gentle_prompts(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Switch gentle prompts on; the settings, where they can be switched off again, follow."""
    save_settings(user=request.user, now=timezone.now(), fields=(), gentle_prompts=True)
    messages.success(request, _("Saved."))
    return redirect("settings")


@require_safe_or_post
def result_delete(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask before deleting a result, then delete it."""
    found = get_object_or_404(_results(request), pk=pk)
    if request.method == "POST":
        services.delete_result(owner=request.user, result_id=pk)
        messages.success(request, _("Deleted."))
        return redirect("balance")
    return render(request, "assessments/result_delete.html", {"result": found})


@require_safe
def compare(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The change between two results, the earlier one first regardless of the order in the query."""
    if not request.GET:
        return redirect("balance")
    chosen = {uuid_or_404(request.GET.get(name, "")) for name in ("first", "second")}
    rows = list(_results(request).filter(pk__in=chosen).order_by("created_at", "id"))
    if len(rows) != len(chosen):
        raise Http404
    days = formats(*(row.created_at for row in rows))
    context: dict[str, object] = {"why_not": WHY_NOT["same"], "results": rows, **days}
    if len(rows) == 2:
        context |= _comparison(request, *rows)
    return render(request, "assessments/compare.html", context)


def _results(request: AuthenticatedHttpRequest) -> ResultQuerySet:
    return Result.objects.visible_to(request.user).select_related("response")


def _last_before(
    request: AuthenticatedHttpRequest, found: Result, score: Document
) -> tuple[Result, Document] | tuple[None, None]:
    """The latest earlier result of the same version and form, and its score; none if it is in another line."""
    earlier = _results(request).filter(version=found.version_id, form=found.form, created_at__lt=found.created_at)
    last = earlier.newest_first().first()
    try:
        before = last.score(request.user) if last else None
    except CannotOpen:
        return None, None
    if last is None or before is None or comparing.line_of(before) != comparing.line_of(score):
        return None, None
    return last, before


def _changes(request: AuthenticatedHttpRequest, found: Result, score: Document) -> dict[str, object]:
    """What the section "What changed" shows, and which of the results it speaks of are still there. One query."""
    changes = read_changes(found.instrument, comparing.said_of(request.user, found, score))
    others = {change.result for change in changes}
    if "compared" in score:
        others = set(_results(request).filter(pk__in=others).values_list("pk", flat=True))
    days = formats(found.created_at, *(change.on for change in changes))
    return {"changes": changes, "others": others, "least": most_needed(changes), **days}


def _comparison(request: AuthenticatedHttpRequest, first: Result, second: Result) -> dict[str, object]:
    """What the page of two results shows: the change, or the reason why there is none.

    What was said of this pair when the later result was new stays; of any other pair nothing is called likely.
    """
    try:
        first.score(request.user)
        used = constants_in_use(second.version_id)
        one, two = (comparing.opened(request.user, row, used) for row in (first, second))
        said = comparing.between(one, two, used, chosen=True) | comparing.said_of_pair(request.user, first, second)
    except CannotOpen:
        return {"why_not": WHY_NOT["closed"]}
    if not said["comparable"]:
        needed = spelled(second.instrument.constants.min_pairs)
        return {"why_not": str(WHY_NOT[said["reason"]]) % {"areas": needed}}
    found = comparison.compare(said, one.figures, two.figures)
    return {"why_not": "", "first": first, "second": second, "comparison": found}
