"""Messages: the list, one thread, a new one, and opening what has arrived."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import gives_back, says_why
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.quota import NO_ROOM, Full
from accounts.rates import TOO_OFTEN, within_limit
from consultations.models import Specialist
from consultations.models.profiles import are_reachable
from consultations.services.refusals import Busy
from consultations.views.blocks import has_blocked
from exchange import reading
from exchange.declarations import MESSAGES
from exchange.forms.messages import ANOTHER, CROWDED, TOO_MANY, TOO_MANY_NEW, MessageForm
from exchange.models import Draft, Side
from exchange.models.desk import with_hints
from exchange.models.messages import Words
from exchange.reading import OnPage
from exchange.services import desk, drafts
from exchange.services import messages as services
from exchange.services.messages import Closed, SentAlready
from lib.ids import uuid_or_404
from lib.methods import HttpResponseSeeOther, require_safe_or_post, sent
from lib.waits import BUSY

FROM_DESK = {"insert", "refer", "leave_out"}  # buttons of a specialist's form, which keep a draft


@require_safe
def message_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What has arrived, and every conversation; paged by key (`after`)."""
    after = uuid_or_404(request.GET["after"]) if "after" in request.GET else None
    found, older = reading.conversations(request.user, after)
    context = {
        "arrived": [] if after else reading.arrived(request.user),
        "conversations": found,
        "older": older,
        "kept": MESSAGES.words,
        "is_first": after is None,
    }
    return render(request, "exchange/message_list.html", context)


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form with what was posted, where nothing else can be read or stored. Nothing is sent."""
    context = {"form": MessageForm.posted(request.POST), "not_sent": status, "busy": status in BUSY}
    return render(request, "exchange/message_again.html", context, status=status)


@says_why(gettext_lazy("You need to be logged in to send messages."))
@gives_back(words_again)
@require_safe_or_post
def message_new(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Begin a conversation with a specialist who is reachable, or go on with it. A GET stores nothing.

    Who has blocked them is told before they write; who is blocked sees what everybody sees.
    """
    specialist = find(slug)
    side = services.side_with(request.user, specialist)
    if request.method == "POST":
        return begin(request, specialist, side)
    if side:
        return redirect("message_thread", side.pk)
    if not may_begin(request.user, specialist):
        raise Http404
    may_write = not has_blocked(request, specialist.pk)
    return new_page(request, specialist, MessageForm.empty(request.user, asks_name=True) if may_write else None)


def find(slug: str) -> Specialist:
    rows = with_hints(Specialist.objects.select_related("user", "photo"), timezone.now())
    return get_object_or_404(rows, slug=slug)


def may_begin(user: User, specialist: Specialist) -> bool:
    return user.pk != specialist.pk and are_reachable(specialist, specialist.user)


def begin(request: AuthenticatedHttpRequest, specialist: Specialist, side: Side | None) -> HttpResponse:
    """Begin the thread with what was posted, unless it is there already."""
    now, is_new = timezone.now(), not (side and side.thread.last_number)
    form = MessageForm(request.POST, asks_name=is_new, draft="keep" in request.POST)
    if not (side or may_begin(request.user, specialist)):
        return closed(request, form)
    if not form.is_valid():
        if side and not is_new:
            return thread_page(request, side.pk, form, 400)
        return new_page(request, specialist, form, status=400)
    if side is None or is_new:
        side = services.begin(owner=request.user, specialist=specialist, name=form.name_chosen, now=now)
    return take(request, side, form, now)


@gives_back(words_again)
@require_safe_or_post
def message_thread(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """A conversation, with the form to go on with it. A GET opens nothing that has arrived."""
    if request.method != "POST":
        return thread_page(request, pk)
    side = own_side(request, pk)
    now, is_new = timezone.now(), not side.thread.last_number
    form = posted(request, side)
    if not form.is_valid():
        return thread_page(request, side.pk, form, 400)
    if is_new:
        services.rename(owner=request.user, side=side, name=form.name_chosen)
    return take(request, side, form, now)


def own_side(request: AuthenticatedHttpRequest, pk: UUID) -> Side:
    return get_object_or_404(Side.objects.visible_to(request.user).select_related("thread"), pk=pk)


def posted(request: AuthenticatedHttpRequest, side: Side) -> MessageForm:
    """What is to be sent or, by another button, kept as a draft: specialists put something from their desk into it."""
    is_new = not side.thread.last_number
    if side.is_members:
        return MessageForm(request.POST, asks_name=is_new, draft="keep" in request.POST)
    inserted = desk.text_of(request.user, request.POST.get("saved_text", "")) if "insert" in request.POST else ""
    data = request.POST.copy()
    if "leave_out" in data:
        data["refers_to"] = ""
    is_draft = "keep" in data or not FROM_DESK.isdisjoint(data)
    colleagues = desk.colleagues_of(side)
    return MessageForm(data, asks_name=is_new, colleagues=colleagues, draft=is_draft, inserted=inserted)


def take(request: AuthenticatedHttpRequest, side: Side, form: MessageForm, now: datetime) -> HttpResponse:
    """Keep what was posted as a draft, or send it; the form must be valid."""
    return keep(request, side, form, now) if form.draft else send(request, side, form, now)


def keep(request: AuthenticatedHttpRequest, side: Side, form: MessageForm, now: datetime) -> HttpResponse:
    try:
        if not within_limit(request.user, "writing", now=now, size=sent(request)):
            return refused(request, side, form, TOO_OFTEN, 429)
        draft = drafts.save_draft(owner=request.user, side=side, write=form.write, now=now)
    except Full:
        return refused(request, side, form, NO_ROOM, 400)
    except (SentAlready, Draft.DoesNotExist):
        return send_as_new(request, side, form)
    if "refer" in request.POST and form.colleagues is not None:
        return HttpResponseSeeOther(reverse("practice:refer", args=[draft.pk]))
    if not FROM_DESK.isdisjoint(request.POST):
        if "insert" in request.POST and not form.inserted:
            messages.info(request, _("That saved text is not there any more. Your words are kept as a draft."))
        return HttpResponseSeeOther(f"{reverse('message_thread', args=[side.pk])}?draft={draft.pk}#id_text")
    messages.success(request, _("Kept as a draft. Only you can read it."))
    return redirect("message_thread", side.pk)


def send(request: AuthenticatedHttpRequest, side: Side, form: MessageForm, now: datetime) -> HttpResponse:
    """Send the message once, or give its words back; they are also kept as a draft."""
    try:
        if over := limit_reached(request.user, side, now):
            services.check_unsent(side, form.letter)
            keep_beside(request.user, side, form, now)
            return refused(request, side, form, over, 429)
        services.send(owner=request.user, side=side, letter=form.letter, now=now)
    except SentAlready as before:
        if not before.same:
            return send_as_new(request, side, form)
    except Closed:
        keep_beside(request.user, side, form, now)
        return closed(request, form, side)
    except Busy:
        keep_beside(request.user, side, form, now)
        return refused(request, side, form, CROWDED, 503)
    messages.success(request, _("Your message has been sent."))
    return redirect("message_thread", side.pk)


def limit_reached(user: User, side: Side, now: datetime) -> Promise | None:
    """Which limit of a day stands in the way, in words. Counted before anybody is locked: a flood waits for nobody."""
    if not side.thread.last_number and not within_limit(user, "thread", now=now):
        return TOO_MANY_NEW
    return None if within_limit(user, "message", now=now) else TOO_MANY


def keep_beside(owner: User, side: Side, form: MessageForm, now: datetime) -> None:
    """Keep as a draft what cannot be sent, if there is room for it."""
    with suppress(Full, SentAlready, Draft.DoesNotExist):
        drafts.save_draft(owner=owner, side=side, write=form.write, now=now)


def send_as_new(request: AuthenticatedHttpRequest, side: Side, form: MessageForm) -> HttpResponse:
    form.send_as_new()
    return refused(request, side, form, ANOTHER, 409)


def refused(
    request: AuthenticatedHttpRequest, side: Side, form: MessageForm, words: str | Promise, status: int
) -> HttpResponse:
    form.add_error(None, str(words))
    return thread_page(request, side.pk, form, status)


def closed(request: AuthenticatedHttpRequest, form: MessageForm, side: Side | None = None) -> HttpResponse:
    """Nothing was sent; why is not said. The words are shown, and kept as a draft where there is a thread."""
    context = {"text": form.data.get("text", ""), "side": side}
    return render(request, "exchange/closed.html", context, status=409)


def new_page(
    request: AuthenticatedHttpRequest, specialist: Specialist, form: MessageForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "specialist": specialist,
        "form": form,
        "draft_address": reverse("message_new_draft", args=[specialist.slug]),
    }
    return render(request, "exchange/message_new.html", context, status=status)


def thread_page(
    request: AuthenticatedHttpRequest, pk: UUID, form: MessageForm | None = None, status: int = 200
) -> HttpResponse:
    """One page of the conversation, the latest by default, with the latest draft in the form."""
    try:
        shown = reading.conversation(request.user, pk, timezone.now())
    except Side.DoesNotExist:
        raise Http404 from None
    side = shown.side
    letters, earlier = reading.letters(request.user, side, number(request.GET.get("before", "")))
    kept = reading.drafts(request.user, side) if shown.has_draft else []
    if form is None and shown.is_open and not shown.is_blocked:
        form = form_of(request, shown, kept)
    context: dict[str, Any] = {
        "shown": shown,
        "letters": letters,
        "earlier": earlier,
        "form": form,
        "drafts": [
            (draft, words) for draft, words in kept if form is None or str(draft.pk) != str(form["message"].value())
        ],
        "kept": MESSAGES.words,
        "is_blocked": shown.is_blocked,
        "draft_address": reverse("message_draft", args=[side.pk]),
    }
    if form is not None and not side.is_members:
        cards = reading.cards_of({form.referred} - {""})
        context |= {"texts": desk.texts_of(request.user), "card": cards.get(form.referred)}
    return render(request, "exchange/message_thread.html", context, status=status)


def form_of(request: AuthenticatedHttpRequest, shown: OnPage, kept: list[tuple[Draft, Words | None]]) -> MessageForm:
    """The form with the draft that the query names, with the latest one, or empty."""
    wanted = request.GET.get("draft", "")
    readable = [(draft, words) for draft, words in kept if words]
    chosen = [pair for pair in readable if str(pair[0].pk) == wanted] or readable[:1]
    about: dict[str, Any] = {
        "asks_name": not shown.side.thread.last_number,
        "name": shown.terms.me if shown.terms else "",
        "colleagues": None if shown.side.is_members else desk.colleagues_of(shown.side),
    }
    for draft, words in chosen:
        return MessageForm.of_draft(request.user, draft, words, **about)
    return MessageForm.empty(request.user, **about)


def number(text: str) -> int | None:
    """A message's number; None for text that cannot be one."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None


@require_POST
def message_open(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Open what had arrived when the page was made, and lead to the first of it."""
    to = number(request.POST.get("to", ""))
    if to is None:
        raise Http404
    side = own_side(request, pk)
    try:
        services.open_arrived(owner=request.user, side_id=side.pk, to=to, now=timezone.now())
    except Busy:
        messages.info(request, CROWDED)
    return HttpResponseSeeOther(f"{reverse('message_thread', args=[side.pk])}#m{side.opened_to + 1}")


@require_POST
def message_shows(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Choose whether the other one sees on which weekday a message was opened."""
    side = own_side(request, pk)
    services.show_opened(owner=request.user, side_id=side.pk, shows="shows" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("message_thread", side.pk)


@require_POST
def message_discard(request: AuthenticatedHttpRequest, pk: UUID, draft: UUID) -> HttpResponse:
    """Delete a draft."""
    side = own_side(request, pk)
    stands = drafts.discard(owner=request.user, side=side, draft_id=draft)
    messages.success(request, _("The draft is deleted."))
    return redirect("message_thread", side.pk) if stands else redirect("messages")
