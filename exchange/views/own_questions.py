"""One's own questions: found by the author's key, and shown to nobody else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Concatenate
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import gives_back
from accounts.draft_answers import for_script
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.sealing import CannotOpen
from exchange.forms.questions import AskedForm, Draftable, MoreForm, TypedForm, ticket
from exchange.models import Answer, Question, Submission
from exchange.models.questions import LONGEST, Asked, Words
from exchange.own import own, own_of_id
from exchange.services import questions
from exchange.services.question_drafts import NEW, draft_of, drafts_beside, forget_draft, keep_draft, more_about
from exchange.services.questions import NotNow
from exchange.views.question_drafts import AGAIN, again, form_with, give_back, not_sent, saved_draft
from guide import themes
from journal.forms import NEAR
from lib.methods import HttpResponseSeeOther, require_safe_or_post

PAGE = 20  # questions on one web page
EDIT, MORE = "exchange/question_edit.html", "exchange/question_more.html"

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


def own_again(
    request: HttpRequest, status: int, form: type[Draftable], template: str, about: Callable[[UUID], str]
) -> HttpResponse:
    pk = named_in(request)
    return give_back(request, form, template, about(pk), status, pk=pk)


@gives_back(partial(own_again, form=AskedForm, template=EDIT, about=str))
@require_safe_or_post
@about_own
def question_edit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Write what came back, or what a moderator would change, in other words, and send it again."""
    one = own_or_404(request.user, pk)
    if request.method == "POST":

        def send(form: AskedForm) -> None:
            questions.send_again(author=request.user, submission_id=pk, asked=form.asked(), now=timezone.now())

        return send_words(request, pk, str(pk), AskedForm(request.POST), send, _("Your question has been sent again."))
    draft = draft_of(request.user, str(pk))
    if one.submission.state not in {State.BACK, State.AGREE} and not draft:
        return redirect("question_mine", pk)
    asked = one.words.asked if one.words else None
    begun = {"title": asked.title, "text": asked.text, "theme": asked.theme} if asked else {}
    context = {"form": form_with(request, AskedForm, draft, begun), "reason": one.words.reason if one.words else ""}
    return render(request, EDIT, context | kept(request, pk, str(pk), draft, reverse("question_edit_draft", args=[pk])))


@gives_back(partial(own_again, form=MoreForm, template=MORE, about=more_about))
@require_safe_or_post
@about_own
def question_more(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Ask one thing more under the answers."""
    one = own_or_404(request.user, pk)
    if request.method == "POST":

        def send(form: MoreForm) -> None:
            questions.ask_more(author=request.user, submission_id=pk, text=form.cleaned_data["text"])

        said = _("Sent. Someone on our team reads it before it is published.")
        return send_words(request, pk, more_about(pk), MoreForm(request.POST), send, said)
    draft = draft_of(request.user, more_about(pk))
    begun = {"text": one.words.more} if one.words and not one.submission.asks_more else {}
    context = {"form": form_with(request, MoreForm, draft, begun), "reason": one.words.more_reason if one.words else ""}
    address = reverse("question_more_draft", args=[pk])
    return render(request, MORE, context | kept(request, pk, more_about(pk), draft, address))


def kept(
    request: AuthenticatedHttpRequest, pk: UUID, about: str, draft: Mapping[str, str], address: str
) -> dict[str, object]:
    """What a page tells of the draft in its form, which its script keeps at an address, and of those beside it."""
    return {
        "pk": pk,
        "not_sent": not_sent(request, draft),
        "too_late": request.GET.get(AGAIN) == "state",
        "about": about,
        "has_draft": bool(draft),
        "beside": drafts_beside(request.user, str(pk), shown=about),
        "ticket": ticket(draft),
        "draft_address": address,
        "delete_address": reverse("question_own_draft_delete", args=[pk]),
        "most": LONGEST,
        "near": NEAR,
    }


@for_script
def question_edit_draft(request: AuthenticatedHttpRequest, pk: UUID) -> JsonResponse:
    """Keep the draft of other words for a question, unless it is withdrawn."""
    return own_draft(request, pk, str(pk), AskedForm, reverse("question_edit", args=[pk]))


@for_script
def question_more_draft(request: AuthenticatedHttpRequest, pk: UUID) -> JsonResponse:
    """Keep the draft of one thing more, unless the question is withdrawn."""
    return own_draft(request, pk, more_about(pk), MoreForm, reverse("question_more", args=[pk]))


def own_draft(
    request: AuthenticatedHttpRequest, pk: UUID, about: str, form: type[Draftable], address: str
) -> JsonResponse:
    try:
        own_of_id(request.user, pk)
        is_gone = False
    except (Submission.DoesNotExist, CannotOpen):
        is_gone = True
    return saved_draft(request, about, form.words_in(request.POST), address, is_sent=is_gone)


@require_POST
def question_own_draft_delete(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Delete the draft of other words or of one thing more, or what was written beside it."""
    if (about := request.POST.get("draft", "")).startswith(str(pk)):
        forget_draft(owner=request.user, about=about)
    messages.success(request, _("Your draft is deleted."))
    return HttpResponseSeeOther(reverse("question_mine", args=[pk]))


def send_words[F: Draftable](
    request: AuthenticatedHttpRequest, pk: UUID, about: str, form: F, send: Callable[[F], None], said: str
) -> HttpResponse:
    """Send words about a question for review; whatever keeps them from being sent, they are in the draft."""
    keep = partial(keep_draft, owner=request.user, about=about, fields=form.words_in(request.POST))
    if "keep" in request.POST:
        keep(typed=TypedForm.typed(request.POST))
        messages.success(request, _("Your draft is kept. Nobody else can read it."))
        return HttpResponseSeeOther(reverse("question_mine", args=[pk]))
    refused = "form"
    if form.is_valid():
        try:
            send(form)
        except NotNow:
            refused = "state"
        else:
            messages.success(request, said)
            return HttpResponseSeeOther(reverse("question_mine", args=[pk]))
    keep()
    return again(request.path, refused)


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
