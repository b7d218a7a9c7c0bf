"""Questions as members read them. The author of one sees here what everybody sees: whoever looks on learns nothing."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import gives_back, says_why
from accounts.held import HELD, held, hold
from accounts.http import AuthenticatedHttpRequest
from accounts.rates import TOO_OFTEN, within_limit
from exchange import published
from exchange.forms.reading import FindForm, FlagForm
from exchange.models import Answer, Question
from exchange.published import MOST_FOUND, Key, Page
from exchange.services import answers
from exchange.views.asking import TO_ASK
from lib.figures import lasting
from lib.methods import HttpResponseSeeOther, require_safe_or_post, sent
from lib.waits import BUSY

SEARCH = "questions_found"  # the place for which a search is held


@says_why(TO_ASK)
@sensitive_post_parameters()
@require_safe_or_post
def questions(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The list; a search is posted, and held, so that no address and no history says what somebody looks for."""
    if request.method == "POST":
        return search(request, timezone.now())
    form = FindForm({name: request.GET.get(name, "") for name in ("theme", "order")})
    form.full_clean()
    try:
        after = Key.read(request.GET["after"], form.wanted.order) if "after" in request.GET else None
    except ValueError:
        raise Http404 from None
    found = published.list_questions(form.wanted, after)
    return list_page(request, form, found, 400 if form.errors else 200, is_first=after is None)


def search(request: AuthenticatedHttpRequest, now: datetime) -> HttpResponse:
    """Lead to what was asked for."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return list_page(request, form, None, 400)
    if not form.cleaned_data["words"]:
        query = urlencode(form.choices)
        return HttpResponseSeeOther(f"{reverse('questions')}?{query}" if query else reverse("questions"))
    if not within_limit(request.user, "search", now=now):
        form.add_error(None, str(TOO_OFTEN))
        return list_page(request, form, None, 429)
    pk = hold(owner=request.user, place=SEARCH, document=form.as_posted(), now=now)
    return HttpResponseSeeOther(reverse("questions_found", args=[pk]))


@require_safe
def questions_found(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """What a search finds; `after` is the last one seen."""
    asked = held(owner=request.user, pk=str(pk), place=SEARCH, now=timezone.now())
    if asked is None:
        messages.info(request, _("This search has expired. You can search again here."))
        return redirect("questions")
    form = FindForm(asked)
    form.full_clean()
    try:
        after = UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        raise Http404 from None
    found = published.find_questions(form.wanted, after)
    if found is None:
        return redirect("questions_found", pk)
    return list_page(request, form, found, is_first=after is None)


def list_page(
    request: AuthenticatedHttpRequest, form: FindForm, found: Page | None, status: int = 200, *, is_first: bool = True
) -> HttpResponse:
    context = {
        "form": form,
        "found": found,
        "is_first": is_first,
        "is_search": bool(form.cleaned_data.get("words")),
        "most_found": MOST_FOUND,
        "kept": lasting(HELD, "minutes"),
    }
    return render(request, "exchange/question_list.html", context, status=status)


@require_safe
def question(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """A published question with its answers."""
    found = published.question_of(pk)
    if found is None:
        return gone(request)
    context = {"question": found, "answers": published.answers_to(found, request.user)}
    return render(request, "exchange/question.html", context)


def gone(request: HttpRequest) -> HttpResponse:
    """The same for a question that was withdrawn, that waits, and that never was."""
    return render(request, "exchange/question_gone.html", status=404)


@require_POST
def answer_helped(request: AuthenticatedHttpRequest, pk: UUID, answer: UUID) -> HttpResponse:
    """ "This helped me": counted once, and taken back if that is wanted."""
    change = answers.take_helped_back if request.POST.get("action") == "undo" else answers.say_it_helped
    try:
        change(reader=request.user, question_id=pk, answer_id=answer)
    except answers.Gone:
        return gone(request)
    return redirect(f"{reverse('question', args=[pk])}#answer-{answer}")


def reason_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form of a flag as it was posted; nothing is sent."""
    form = FlagForm(initial={"reason": request.POST.get("reason", "")})
    context = {
        "form": form,
        "writer": request.POST.get("writer", ""),
        "not_sent": True,
        "signed_out": status == 401,
        "busy": status in BUSY,
    }
    return render(request, "exchange/question_flag.html", context, status=status)


@gives_back(reason_again)
@require_safe_or_post
def flag(request: AuthenticatedHttpRequest, pk: UUID, answer: UUID | None = None) -> HttpResponse:
    """Ask a moderator to look at a question, or at an answer to it."""
    about = flagged(pk, answer)
    if about is None:
        return gone(request)
    context: dict[str, Any] = {"question_id": pk, "answer": about if isinstance(about, Answer) else None}
    if request.method != "POST":
        return render(request, "exchange/question_flag.html", context | {"form": FlagForm()})
    form, now = FlagForm(request.POST), timezone.now()
    if not form.is_valid():
        return render(request, "exchange/question_flag.html", context | {"form": form}, status=400)
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        form.add_error(None, str(TOO_OFTEN))
        return render(request, "exchange/question_flag.html", context | {"form": form}, status=429)
    try:
        answers.flag(reader=request.user, question_id=pk, answer_id=answer, reason=form.cleaned_data["reason"], now=now)
    except answers.Gone:
        return gone(request)
    messages.success(request, _("Thank you. A moderator will look at it, without knowing who asked."))
    return redirect("question", pk)


def flagged(pk: UUID, answer: UUID | None) -> Question | Answer | None:
    if answer is None:
        return published.question_of(pk)
    rows = Answer.objects.filter(pk=answer, question=pk, specialist__specialist__isnull=False)
    return rows.select_related("specialist__specialist").first()
