"""Contact: writing to those who run the site, with an account or without one, and reading their answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import gives_back
from accounts.models import User
from accounts.rates import network_within_limit, within_limit
from accounts.sealing import CannotOpen
from exchange.forms.contact import ANOTHER, TOO_OFTEN, CodeForm, ContactForm
from exchange.models import Contact
from exchange.models.contact import Words
from exchange.services.contact import REPLY_DAYS, SentAlready, behind
from exchange.services.contact import send as send_contact
from lib.figures import spelled
from lib.methods import require_safe_or_post

PAGE = 10  # messages on one web page
CODE, ANSWER = "contact_code", "contact_answer"  # in the session: what the next page shows, once


@dataclass(frozen=True, slots=True)
class Opened:
    """A message with its words; None if they cannot be opened."""

    contact: Contact
    words: Words | None


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The form with what was posted, where it could not be taken. Nothing is sent."""
    filled_in = {name: request.POST.get(name) for name in ("topic", "text", "mail", "email")}
    return page(request, ContactForm.empty(writer_of(request), **filled_in), status, not_sent=status)


@cache_control(no_store=True, private=True)
@gives_back(words_again, everyone=True)
@require_safe_or_post
def contact(request: HttpRequest) -> HttpResponse:
    """The form, and a member's own messages below it."""
    if request.method == "POST":
        return send(request, timezone.now())
    return page(request, ContactForm.empty(writer_of(request), topic=request.GET.get("topic")))


def writer_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def send(request: HttpRequest, now: datetime) -> HttpResponse:
    """Send a message and lead to where its answer will be, or show the form again with every word."""
    writer = writer_of(request)
    form = ContactForm(writer, request.POST)
    if not form.is_valid():
        return page(request, form, 400)
    if not (within_limit(writer, "contact", now=now) if writer else network_within_limit(request, "contact")):
        form.add_error(None, TOO_OFTEN)
        return page(request, form, 429)
    sent = form.cleaned_data
    email = sent.get("email", "")
    try:
        code = send_contact(
            contact_id=sent["id"], owner=writer, topic=sent["topic"], text=sent["text"], email=email, now=now
        )
    except SentAlready as before:
        if not before.same:
            form.send_as_new()
            form.add_error(None, ANOTHER)
            return page(request, form, 409)
        code = ""
    if code:
        request.session[CODE] = code
        return redirect("contact_sent")
    where = _("The answer will come by e-mail.") if email else _("The answer will be on this page.") if writer else ""
    messages.success(request, " ".join(filter(None, [_("Your message has been sent."), where])))
    return redirect("contact")


def page(request: HttpRequest, form: ContactForm, status: int = 200, *, not_sent: int = 0) -> HttpResponse:
    """The whole page; `not_sent` is the status of a form that did not even come to be looked at."""
    context: dict[str, Any] = {"form": form, "not_sent": not_sent, "reply_days": spelled(REPLY_DAYS)}
    if writer := writer_of(request):
        context["opened"], context["older"] = own_messages(writer, request.GET.get("after", ""))
    return render(request, "exchange/contact.html", context, status=status)


def own_messages(owner: User, after: str) -> tuple[list[Opened], UUID | None]:
    """One page of them, newest first, and the id of the last one if older ones follow."""
    rows = Contact.objects.visible_to(owner).newest_first()
    if after:
        rows = rows.after(last_seen(owner, after))
    found = [*rows[: PAGE + 1]]
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    return sorted(map(opened, found[:PAGE]), key=written_at, reverse=True), older


def last_seen(owner: User, pk: str) -> Contact:
    try:
        found = Contact.objects.visible_to(owner).filter(pk=UUID(pk)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def opened(contact: Contact) -> Opened:
    try:
        return Opened(contact, contact.words())
    except CannotOpen:
        return Opened(contact, None)


def written_at(message: Opened) -> str:
    """To sort by: the rows themselves know the day alone."""
    return message.words.asked.at.isoformat() if message.words else message.contact.day.isoformat()


@require_safe
@login_not_required
def contact_sent(request: HttpRequest) -> HttpResponse:
    """The code of the message that was sent a moment ago, for the only time."""
    code = request.session.pop(CODE, "") if request.method == "GET" else ""
    if not code:
        return redirect("contact")
    return render(request, "exchange/contact_sent.html", {"code": code, "reply_days": spelled(REPLY_DAYS)})


@cache_control(no_store=True, private=True)
@sensitive_post_parameters()
@require_safe_or_post
@login_not_required
def contact_answer(request: HttpRequest) -> HttpResponse:
    """The answer behind a code that was entered a moment ago, for once; otherwise the form for the code."""
    if request.method == "POST":
        return open_answer(request)
    code = request.session.pop(ANSWER, "") if request.method == "GET" else ""
    if code and (found := behind(code)):
        context = {"message": opened(found), "reply_days": spelled(REPLY_DAYS)}
        return render(request, "exchange/contact_answer.html", context)
    return render(request, "exchange/contact_code.html", {"form": CodeForm()})


def open_answer(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not network_within_limit(request, "contact_code"):
        form.add_error("code", _("Many codes were tried from here in a short time. Try again in a little while."))
        return render(request, "exchange/contact_code.html", {"form": form}, status=429)
    if form.is_valid():
        if behind(form.cleaned_data["code"]):
            request.session[ANSWER] = form.cleaned_data["code"]
            return redirect("contact_answer")
        form.add_error("code", _("No message belongs to this code. Please check it, then try again."))
    return render(request, "exchange/contact_code.html", {"form": form}, status=400)
