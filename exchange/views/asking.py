"""Asking a question, and one's own questions: found by the author's key, and shown to nobody else.

Nothing here answers with the page that was sent: what is refused is kept as a draft, which tells no time, and the
redirect leads back to the form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Concatenate
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import by_somebody_else, gives_back, says_why
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.sealing import CannotOpen
from exchange.forms.messages import LONGEST_DRAFT
from exchange.forms.questions import AskedForm, Draftable, MoreForm, QuestionForm, TypedForm, ticket
from exchange.models import Answer, Question, Submission
from exchange.models.questions import LONGEST, Asked, Words
from exchange.own import id_of, own, own_of_id
from exchange.services import questions
from exchange.services.questions import (
    A_DAY,
    BESIDE,
    NEW,
    EnoughToday,
    NotNow,
    SentAlready,
    draft_of,
    drafts_beside,
    keep_draft,
    store_draft,
)
from guide import themes
from journal.forms import NEAR
from lib.figures import spelled
from lib.methods import HttpResponseSeeOther, answers_in_place, require_safe_or_post

PAGE = 20  # questions on one web page
TO_ASK = gettext_lazy("To create a new question, please log in or create an account.")
AGAIN = "again"  # in the query: the form was refused, and why

State = Submission.State


@dataclass(frozen=True, slots=True)
class Own:
    """A question with its words, as its author sees it; without any if they cannot be opened."""

    submission: Submission
    words: Words | None
    published: Question | None = None
    answers: Sequence[Answer] = ()

    @property
    def asked(self) -> Asked | Question | None:
        return self.published or (self.words.asked if self.words else None)

    @property
    def topic(self) -> str:
        return themes.topic(self.asked.theme) if self.asked else ""

    @property
    def change_seen(self) -> str:
        return questions.digest(self.words.change) if self.words and self.words.change else ""


def again(to: str, reason: object) -> HttpResponseRedirect:
    return HttpResponseSeeOther(f"{to}?{AGAIN}={reason}")


def give_back(
    request: HttpRequest, form: type[Draftable], template: str, about: str, status: int, **context: object
) -> HttpResponse:
    """Keep what was posted as a draft, and lead back to the form. For who is signed out, and where nothing can be
    stored, the form itself, with every word."""
    words = form.words_in(request.POST)
    if isinstance(request.user, User):
        try:
            keep_draft(owner=request.user, about=about, fields=words)
            return again(request.path, status)
        except (CannotOpen, DatabaseError):
            pass
    writer = request.user if isinstance(request.user, User) else None
    page = form.empty(writer, **words)
    response = render(request, template, {**context, "form": page, "not_sent": status}, status=status)
    response.in_place = True  # type: ignore[attr-defined]
    return response


def new_again(request: HttpRequest, status: int) -> HttpResponse:
    return give_back(request, QuestionForm, "exchange/question_new.html", NEW, status)


@says_why(TO_ASK)
@gives_back(new_again)
@require_safe_or_post
def question_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The form for a question, with the draft if there is one."""
    if request.method == "POST":
        return send(request)
    writer = request.user
    reason, draft = request.GET.get(AGAIN, ""), draft_of(writer, NEW)
    form = QuestionForm.again(writer, draft) if reason == "form" and draft else QuestionForm.empty(writer, **draft)
    context = {
        "form": form,
        "not_sent": not_sent(reason, draft),
        "another": reason == "another",
        "may_ask": questions.may_ask(writer, timezone.now()),
        "a_day": spelled(A_DAY),
        "has_draft": bool(draft),
        "beside": drafts_beside(writer, NEW),
        "ticket": ticket(draft),
        "draft_address": reverse("question_draft"),
        "most": LONGEST,
        "near": NEAR,
    }
    return render(request, "exchange/question_new.html", context)


def not_sent(reason: str, draft: Mapping[str, str]) -> int:
    """The status of a form that could not be taken, from the query; only beside its words."""
    return int(reason) if draft and reason in {"403", "429", "503"} else 0


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


def saved_draft(
    request: HttpRequest, about: str, fields: Mapping[str, str], address: str, *, is_sent: bool
) -> JsonResponse:
    """Keep what somebody is typing: see `exchange/views/drafts.py`. Nothing counts how often, as that has a time."""
    typed = TypedForm.typed(request.POST)
    if typed is None or is_sent:
        return JsonResponse({"error": _("This draft can't be saved here. Copy your words into a new one.")}, status=404)
    if any(len(text) > LONGEST_DRAFT for text in fields.values()):
        return JsonResponse({}, status=413)
    assert isinstance(request.user, User)
    try:
        is_next, revision = store_draft(request.user, about, fields, typed)
    except CannotOpen:
        return JsonResponse({"error": _("This draft can't be saved. Copy your words.")}, status=400)
    if not is_next:
        return JsonResponse({"decide": address, "left_out": ""}, status=409)
    saved_at = time_format(timezone.localtime(), "H:i")
    return JsonResponse({"revision": revision, "saved_at": saved_at, "left_out": "", "address": address})


def for_script(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate what a script posts to: 401 if nobody is signed in, 403 for somebody else than the form's writer."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not isinstance(request.user, User):
            return JsonResponse({}, status=401)
        return JsonResponse({}, status=403) if by_somebody_else(request) else view(request, *args, **kwargs)

    return answers_in_place(sensitive_post_parameters()(require_POST(login_not_required(answered))))


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
    questions.forget_draft(owner=request.user, about=about if about.startswith(BESIDE) else NEW)
    messages.success(request, _("Your draft is deleted."))
    return HttpResponseSeeOther(reverse("questions_mine"))


# One's own


@require_safe
def questions_mine(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The newest first; paged by key (`after`, a question's id)."""
    rows = [row for row in reversed(own(request.user)) if row.state != State.WITHDRAWN]
    begin = index_after(rows, request.GET["after"]) if "after" in request.GET else 0
    shown = rows[begin : begin + PAGE]
    published = Question.objects.in_bulk([row.pk for row in shown if row.state == State.PUBLISHED])
    context = {
        "own": [opened(row, published.get(row.pk)) for row in shown],
        "older": shown[-1].pk if len(rows) > begin + PAGE else None,
        "has_draft": bool(draft_of(request.user, NEW)),
    }
    return render(request, "exchange/questions_mine.html", context)


def index_after(rows: Sequence[Submission], pk: str) -> int:
    for index, row in enumerate(rows):
        if str(row.pk) == pk:
            return index + 1
    raise Http404


def opened(row: Submission, published: Question | None, answers: Sequence[Answer] = ()) -> Own:
    try:
        return Own(row, row.words(), published, answers)
    except CannotOpen:
        return Own(row, None, published, answers)


def own_or_404(author: User, pk: UUID) -> Own:
    try:
        row = own_of_id(author, pk)
    except Submission.DoesNotExist:
        raise Http404 from None
    published = Question.objects.filter(pk=pk).first() if row.state == State.PUBLISHED else None
    answers = Answer.objects.filter(question=pk).select_related("specialist__specialist").order_by("on", "id")
    return opened(row, published, [*answers] if published else ())


def about_own[**P](
    view: Callable[Concatenate[AuthenticatedHttpRequest, P], HttpResponse],
) -> Callable[Concatenate[AuthenticatedHttpRequest, P], HttpResponse]:
    """Decorate a page about a question of one's own: Back leads here once it is withdrawn.

    What is sent all the same, from a page that was open, is kept as a draft, and shown to be copied.
    """

    @wraps(view)
    def answered(request: AuthenticatedHttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        about = str(named_in(request))
        try:
            return view(request, *args, **kwargs)
        except Http404:
            words = AskedForm.words_in(request.POST)
            if any(words.values()):
                keep_draft(owner=request.user, about=about, fields=words)
                return HttpResponseSeeOther(request.path)
            draft = draft_of(request.user, about)
            context = {"is_own": True, "words": [draft[name] for name in ("title", "text") if draft.get(name)]}
            return render(request, "exchange/question_gone.html", context, status=404)

    return answered


def named_in(request: HttpRequest) -> UUID:
    """The id in the address."""
    pk: UUID = resolve(request.path_info).kwargs["pk"]
    return pk


@require_safe
@about_own
def question_mine(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """One question, what has become of it, and what its author can do now."""
    return render(request, "exchange/question_mine.html", {"own": own_or_404(request.user, pk)})


def edit_again(request: HttpRequest, status: int) -> HttpResponse:
    pk = named_in(request)
    return give_back(request, AskedForm, "exchange/question_edit.html", str(pk), status, pk=pk)


@gives_back(edit_again)
@require_safe_or_post
@about_own
def question_edit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Write what came back, or what a moderator would change, in other words, and send it again."""
    one, writer, about = own_or_404(request.user, pk), request.user, str(pk)
    if request.method == "POST":
        form = AskedForm(request.POST)
        if not form.is_valid():
            keep_draft(owner=writer, about=about, fields=AskedForm.words_in(request.POST))
            return again(request.path, "form")
        try:
            questions.send_again(author=writer, submission_id=pk, asked=form.asked(), now=timezone.now())
        except NotNow:
            keep_draft(owner=writer, about=about, fields=AskedForm.words_in(request.POST))
            return again(request.path, "state")
        messages.success(request, _("Your question has been sent again."))
        return HttpResponseSeeOther(reverse("question_mine", args=[pk]))
    reason, draft = request.GET.get(AGAIN, ""), draft_of(writer, about)
    if one.submission.state not in {State.BACK, State.AGREE} and not draft:
        return redirect("question_mine", pk)
    asked = one.words.asked if one.words else None
    began = draft or ({"title": asked.title, "text": asked.text, "theme": asked.theme} if asked else {})
    form = AskedForm.again(writer, draft) if reason == "form" and draft else AskedForm.empty(writer, **began)
    context = {"form": form, "own": one, "pk": pk, "not_sent": not_sent(reason, draft), "too_late": reason == "state"}
    return render(request, "exchange/question_edit.html", context)


def more_again(request: HttpRequest, status: int) -> HttpResponse:
    pk = named_in(request)
    return give_back(request, MoreForm, "exchange/question_more.html", str(pk), status, pk=pk)


@gives_back(more_again)
@require_safe_or_post
@about_own
def question_more(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Ask one thing more under the answers."""
    one, writer, about = own_or_404(request.user, pk), request.user, str(pk)
    if request.method == "POST":
        form = MoreForm(request.POST)
        if not form.is_valid():
            keep_draft(owner=writer, about=about, fields=MoreForm.words_in(request.POST))
            return again(request.path, "form")
        try:
            questions.ask_more(author=writer, submission_id=pk, text=form.cleaned_data["text"])
        except NotNow:
            keep_draft(owner=writer, about=about, fields=MoreForm.words_in(request.POST))
            return again(request.path, "state")
        messages.success(request, _("Sent. Someone on our team reads it before it is published."))
        return HttpResponseSeeOther(reverse("question_mine", args=[pk]))
    reason, draft = request.GET.get(AGAIN, ""), draft_of(writer, about)
    began = draft or ({"text": one.words.more} if one.words and not one.submission.asks_more else {})
    form = MoreForm.again(writer, draft) if reason == "form" and draft else MoreForm.empty(writer, **began)
    context = {"form": form, "own": one, "pk": pk, "not_sent": not_sent(reason, draft), "too_late": reason == "state"}
    return render(request, "exchange/question_more.html", context)


@require_POST
def question_agree(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Agree to the change that was on the page (`seen`)."""
    own_or_404(request.user, pk)
    try:
        questions.agree(author=request.user, submission_id=pk, seen=request.POST.get("seen", ""))
    except NotNow:
        messages.info(request, changed_meanwhile())
    return HttpResponseSeeOther(reverse("question_mine", args=[pk]))


@require_POST
def question_thank(request: AuthenticatedHttpRequest, pk: UUID, answer: UUID) -> HttpResponse:
    """Give thanks for an answer."""
    own_or_404(request.user, pk)
    try:
        questions.thank(author=request.user, submission_id=pk, answer_id=answer)
    except NotNow:
        messages.info(request, changed_meanwhile())
    return HttpResponseSeeOther(reverse("question_mine", args=[pk]))


@require_POST
def question_open(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Look at what is new, which is new no longer then."""
    own_or_404(request.user, pk)
    questions.open_news(author=request.user, submission_id=pk)
    return HttpResponseSeeOther(reverse("question_mine", args=[pk]))


@require_safe_or_post
@about_own
def question_withdraw(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Ask once, then delete the question with all its answers."""
    if request.method == "POST":
        try:
            questions.withdraw(author=request.user, submission_id=pk)
        except Submission.DoesNotExist:
            raise Http404 from None
        messages.success(request, _("That question is no longer here."))
        return HttpResponseSeeOther(reverse("questions_mine"))
    return render(request, "exchange/question_withdraw.html", {"own": own_or_404(request.user, pk)})


def changed_meanwhile() -> str:
    return _("Something has changed since this page was opened. This is how it is now.")
