"""Questions at the desk: what waits for an answer, and answering."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.draft_answers import for_script
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.rates import TOO_OFTEN, within_limit
from consultations.models import Specialist
from consultations.models.profiles import are_reachable
from consultations.views.steps import pressed
from exchange import published
from exchange.forms.questions import TypedForm, ticket
from exchange.models import Answer, Question
from exchange.models.answers import LONGEST_ANSWER
from exchange.published import Key, Shelf
from exchange.services import answers
from exchange.services.answers import TO_ANSWER
from exchange.services.question_drafts import (
    answer_to,
    answers_begun,
    change_of,
    draft_of,
    drafts_beside,
    forget_draft,
    keep_draft,
)
from exchange.views.question_drafts import saved_draft
from exchange.views.questions import gone
from journal.forms import NEAR
from lib.direction import isolated
from lib.figures import lasting
from lib.methods import require_safe_or_post, sent
from practice.access import for_specialists, keeps_words
from practice.forms.answers import AnswerForm

GONE = 410
NOT_LISTED = gettext_lazy(
    "Only specialists whose profile is checked and in the list can answer. Your words are still here."
)
TAKEN = gettext_lazy("%(name)s is answering until %(until)s. Your words are still here. You can publish them then.")


@require_safe
@for_specialists
def questions(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The lists of the desk, or one of them page by page."""
    try:
        names = [Shelf(request.GET["show"])] if "show" in request.GET else list(Shelf)
        after = Key.read(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        raise Http404 from None
    is_front = "show" not in request.GET
    context = {
        "specialist": specialist,
        "shelves": [(name, published.shelf(specialist, name, after)) for name in names],
        "is_front": is_front,
        "begun": published.being_answered(specialist) if is_front else None,
        "asked_more": published.asked_more(specialist) if is_front else [],
        "drafted": drafted(request.user) if is_front else [],
        "now": timezone.now(),
        "may_answer": are_reachable(specialist, request.user),
    }
    return render(request, "practice/questions.html", context)


@keeps_words(AnswerForm, gettext_lazy("Your answer"))
@require_safe_or_post
@for_specialists
def question(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """One question, with the form once its specialist has pressed "Answer". A POST publishes what is in the form."""
    now = timezone.now()
    if request.method == "POST":
        return publish(request, specialist, pk, now)
    found = published.question_of(pk)
    if found is None:
        draft = draft_of(request.user, answer_to(pk)) or draft_of(request.user, change_of(pk))
        return too_late(request, draft) if draft else gone(request)
    return page(request, specialist, found, now)


def publish(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID, now: datetime) -> HttpResponse:
    """Publish the words, or give them back with what is in the way."""
    found = published.question_of(pk)
    if found is None:
        return too_late(request, words_in(request))
    form = AnswerForm(request.POST, may_reply=may_reply(found, own_answer(found, request)))
    if pressed(request) == "more":
        return more_time(request, specialist, found, now)
    if pressed(request) == "leave":
        return leave(request, pk)
    if pressed(request) == "keep":
        return keep_change(request, pk, _("Your draft is kept. Members read your answer as it was until you save it."))
    if changes(request) and own_answer(found, request) is None:
        return keep_change(
            request, pk, _("Your answer is not published any more. What you have changed is kept below.")
        )
    if not form.is_valid():
        keep_it(request, pk, now)
        return page(request, specialist, found, now, form, 400)
    if not within_limit(request.user, "writing", now=now, size=sent(request)):
        form.add_error(None, str(TOO_OFTEN))
        return page(request, specialist, found, now, form, 429)
    try:
        answers.save_answer(user=request.user, question_id=pk, now=now, **form.cleaned_data)
        for about in (answer_to(pk), change_of(pk)):
            forget_draft(owner=request.user, about=about)
    except answers.Gone:
        return too_late(request, words_in(request))
    except answers.NotListed:
        form.add_error(None, str(NOT_LISTED))
        return page(request, specialist, found, now, form, 403)
    except answers.Taken as taken:
        form.add_error(None, TAKEN % said(taken))
        return page(request, specialist, found, now, form, 409)
    messages.success(request, _("Published. Members can read it now."))
    return redirect("practice:question", pk)


def more_time(
    request: AuthenticatedHttpRequest, specialist: Specialist, found: Question, now: datetime
) -> HttpResponse:
    """Have the question for longer; the words stay in the form, whatever they are."""
    form = AnswerForm(initial=words_in(request), may_reply=False)
    keep_it(request, found.pk, now)
    return page(request, specialist, found, now, form)


def leave(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Let others answer; what was typed is kept as a draft."""
    words = words_in(request)
    answers.leave(user=request.user, question_id=pk)
    if any(words.values()):
        typed = TypedForm.typed(request.POST)
        keep_draft(owner=request.user, about=answer_to(pk), fields=words, typed=typed)
        messages.success(request, _("Left. Others can answer this question now. Your words are kept as a draft."))
    else:
        forget_draft(owner=request.user, about=answer_to(pk))
        messages.success(request, _("Left. Others can answer this question now."))
    return redirect("practice:questions")


def changes(request: HttpRequest) -> bool:
    """Whether the form was that of a published answer."""
    return "changes" in request.POST


def keep_change(request: AuthenticatedHttpRequest, pk: UUID, said: str) -> HttpResponse:
    """Keep what would change a published answer as a draft."""
    keep_draft(owner=request.user, about=change_of(pk), fields=words_in(request), typed=TypedForm.typed(request.POST))
    messages.info(request, said)
    return redirect("practice:question", pk)


def drafted(user: User) -> list[Question]:
    """The questions to which an answer is begun, the latest last."""
    ids = answers_begun(user)
    found = Question.objects.defer("search").in_bulk(ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def keep_it(request: AuthenticatedHttpRequest, pk: UUID, now: datetime) -> None:
    """Have the question for longer if nobody else has it; the page says what came of it."""
    try:
        answers.take(user=request.user, question_id=pk, now=now)
    except (answers.Gone, answers.NotListed, answers.Taken):
        return


def too_late(request: AuthenticatedHttpRequest, words: Mapping[str, str]) -> HttpResponse:
    """The question was withdrawn while it was being answered: the words are given back, to be copied."""
    context = {"words": [text for text in words.values() if text]}
    return render(request, "practice/question_gone.html", context, status=GONE)


def words_in(request: AuthenticatedHttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in AnswerForm.base_fields}


@for_script
@for_specialists
def answer_draft(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> JsonResponse:
    """Keep the draft of an answer, until it is published, and of what is to be changed in it."""
    found = published.question_of(pk)
    is_sent = found is None or (not changes(request) and own_answer(found, request) is not None)
    about = change_of(pk) if changes(request) else answer_to(pk)
    return saved_draft(request, about, words_in(request), reverse("practice:question", args=[pk]), is_sent=is_sent)


@require_POST
@for_specialists
def answer_draft_delete(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Delete what was written beside a draft."""
    if (about := request.POST.get("draft", "")).startswith(answer_to(pk)):
        forget_draft(owner=request.user, about=about)
    messages.success(request, _("Your draft is deleted."))
    return redirect("practice:question", pk)


@require_POST
@for_specialists
def question_take(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """ "Answer": nobody else can for some minutes."""
    try:
        answers.take(user=request.user, question_id=pk, now=timezone.now())
    except answers.Gone:
        return gone(request)
    except (answers.NotListed, answers.Taken):
        pass  # the page says who is answering, or what is missing
    return redirect("practice:question", pk)


@require_safe_or_post
@for_specialists
def answer_delete(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Take one's answer back, after a page that says what goes with it."""
    found = published.question_of(pk)
    if found is None:
        return gone(request)
    if request.method == "POST":
        answers.delete_answer(user=request.user, question_id=pk)
        messages.success(request, _("Your answer is deleted."))
        return redirect("practice:questions")
    if own_answer(found, request) is None:
        return redirect("practice:question", pk)
    return render(request, "practice/answer_delete.html", {"question": found})


def page(
    request: AuthenticatedHttpRequest,
    specialist: Specialist,
    found: Question,
    now: datetime,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The question, and what this specialist may do now. A form that is given stays, even if somebody else answers."""
    own, taken = own_answer(found, request), answers.held_by_another(request.user, found.pk, now)
    until = answers.held_until(request.user, found.pk, now)
    about = change_of(found.pk) if own else answer_to(found.pk)
    draft = draft_of(request.user, about)
    if form is None and (own or until):
        form = AnswerForm(initial=draft or initial(own), may_reply=may_reply(found, own))
    context: dict[str, Any] = {
        "question": found,
        "form": form,
        "own": own,
        "has_draft": bool(draft),
        "about": about,
        "returned_because": draft.get("reason", ""),
        "ticket": ticket(draft) if form else None,
        "draft_address": reverse("practice:answer_draft", args=[found.pk]),
        "delete_address": reverse("practice:answer_draft_delete", args=[found.pk]),
        "beside": drafts_beside(request.user, answer_to(found.pk), shown=about),
        "near": NEAR,
        "taken": taken,
        "until": until,
        "others": [shown for shown in published.answers_to(found, request.user) if not shown.is_own],
        "may_answer": are_reachable(specialist, request.user),
        "longest": LONGEST_ANSWER,
        "to_answer": lasting(TO_ANSWER, "minutes", spell=True),
    }
    return render(request, "practice/question.html", context, status=status)


def own_answer(found: Question, request: AuthenticatedHttpRequest) -> Answer | None:
    return Answer.objects.filter(question=found, specialist=request.user).first()


def may_reply(found: Question, own: Answer | None) -> bool:
    return bool(own and found.more)


def initial(own: Answer | None) -> dict[str, str]:
    return {"text": own.text, "reply": own.reply} if own else {}


def said(taken: answers.Taken) -> dict[str, str]:
    return {"name": isolated(taken.name), "until": f"{timezone.localtime(taken.until):%H:%M}"}
