"""Asking a new question, and its draft."""

from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import gives_back, says_why
from accounts.draft_answers import for_script
from accounts.http import AuthenticatedHttpRequest
from accounts.sealing import CannotOpen
from exchange.forms.questions import QuestionForm, TypedForm, ticket
from exchange.models import Submission
from exchange.models.questions import LONGEST
from exchange.own import id_of, own_of_id
from exchange.services import questions
from exchange.services.question_drafts import BESIDE, NEW, draft_of, drafts_beside, forget_draft, keep_draft
from exchange.services.questions import A_DAY, EnoughToday, SentAlready
from exchange.views.question_drafts import AGAIN, again, form_with, give_back, not_sent, saved_draft
from journal.forms import NEAR
from lib.figures import spelled
from lib.methods import HttpResponseSeeOther, require_safe_or_post

TO_ASK = gettext_lazy("To create a new question, please log in or create an account.")


def new_again(request: HttpRequest, status: int) -> HttpResponse:
    return give_back(request, QuestionForm, "exchange/question_new.html", NEW, status)


@says_why(TO_ASK)
@gives_back(new_again)
@require_safe_or_post
def question_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The form for a question, with the draft if there is one."""
    if request.method == "POST":
        return send(request)
    draft = draft_of(request.user, NEW)
    context = {
        "form": form_with(request, QuestionForm, draft),
        "not_sent": not_sent(request, draft),
        "another": request.GET.get(AGAIN) == "another",
        "may_ask": questions.may_ask(request.user, timezone.now()),
        "a_day": spelled(A_DAY),
        "has_draft": bool(draft),
        "beside": drafts_beside(request.user, NEW),
        "ticket": ticket(draft),
        "draft_address": reverse("question_draft"),
        "most": LONGEST,
        "near": NEAR,
    }
    return render(request, "exchange/question_new.html", context)


def send(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Send the question for review; whatever keeps it from being sent, its words are in the draft."""
    form, here = QuestionForm(request.POST), reverse("question_new")
    words = QuestionForm.words_in(request.POST)
    keep = partial(keep_draft, owner=request.user, about=NEW, typed=TypedForm.typed(request.POST))
    if "keep" in request.POST:
        keep(fields=words)
        messages.success(request, _("Your draft is kept. Nobody else can read it."))
        return HttpResponseSeeOther(reverse("questions_mine"))
    if not form.is_valid():
        if form.has_error("stamp"):  # not as it was given
            keep(fields=words | {"stamp": str(uuid4())})
            return again(here, 403)
        keep(fields=words)
        return again(here, "form")
    stamp = form.cleaned_data["stamp"]
    try:
        questions.ask(author=request.user, stamp=stamp, asked=form.asked(), now=timezone.now())
    except SentAlready as before:
        if not before.same:
            keep(fields=words | {"stamp": str(uuid4())})
            return again(here, "another")
    except EnoughToday:
        keep(fields=words)
        return again(here, "today")
    messages.success(request, _("Your question has been sent. Someone on our team reads it before it is published."))
    return HttpResponseSeeOther(reverse("questions_mine"))


@for_script
def question_draft(request: AuthenticatedHttpRequest) -> JsonResponse:
    """Keep the draft of a new question, unless it has been sent."""
    fields = QuestionForm.words_in(request.POST)
    try:
        sent_before = bool(own_of_id(request.user, id_of(request.user, UUID(fields["stamp"]))))
    except Submission.DoesNotExist:
        sent_before = False
    except (ValueError, CannotOpen):
        sent_before = True
    return saved_draft(request, NEW, fields, reverse("question_new"), is_sent=sent_before)


@require_POST
def question_draft_delete(request: AuthenticatedHttpRequest) -> HttpResponse:
    about = request.POST.get("draft", NEW)
    forget_draft(owner=request.user, about=about if about.startswith(BESIDE) else NEW)
    messages.success(request, _("Your draft is deleted."))
    return HttpResponseSeeOther(reverse("questions_mine"))
