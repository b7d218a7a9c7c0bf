"""Pages that belong to no app, or to several at once: landing, Today, help, leaving, privacy, offline, errors."""

import hashlib
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import csrf
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from accounts import notices
from accounts.access import from_another_site
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Notice, User
from accounts.sealing import CannotOpen
from accounts.self_document import name_of
from assessments import answering, reading, reading_2, readings, retests
from assessments.instrument import Part
from assessments.models import Form, InstrumentVersion, Response, Result, published_instrument
from consultations import listing, policy
from consultations.models import Booking
from consultations.models.bookings import BookingQuerySet
from consultations.times import DURATION, SESSION_LINK
from journal.prompts import prompt_of_the_day
from journal.reading import unfinished_entry
from lib import content
from lib.bare import bare
from lib.direction import isolated
from lib.figures import spelled
from lib.waits import gave_up
from meetings.services import next_steps
from practice.reading import meetings
from reflect.examples import example_result, example_specialist
from reflect.helplines import by_country, directories, helplines
from reflect.middleware import reader

logger = logging.getLogger(__name__)

EXITS: Mapping[str, str] = {
    User.ExitDestination.WEATHER: "https://www.bbc.co.uk/weather",
    User.ExitDestination.ENCYCLOPEDIA: "https://en.wikipedia.org/wiki/Main_Page",
    User.ExitDestination.SEARCH: "https://www.google.com/",
}
BOOKINGS = 5  # that the front page names
NEW_NOTICES = 3
WEEK = timedelta(days=7)
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of the field
LONGEST_CHOICE = 40  # characters: ids have 36
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@dataclass(frozen=True, slots=True)
class Begun:
    """An unfinished questionnaire: which parts are done, and where to go on (nowhere if all are answered)."""

    response: Response
    parts: Sequence[bool]
    resume_at: Part | None
    minutes_left: int


class LastResult(NamedTuple):
    """What Today shows of a result. With too few answers there is no balance to draw."""

    result: Result
    heading: str
    sure: str
    balance: reading.Balance | reading_2.Balance | None


class Ahead(NamedTuple):
    """A meeting that the member can still come to, and what they may do about it."""

    booking: Booking
    may_join: bool
    may_move: bool
    may_cancel: bool


@require_safe
@login_not_required
def landing(request: HttpRequest) -> HttpResponse:
    """The front page for visitors; whoever is signed in is redirected to their own: Today, or a specialist's week."""
    if request.user.is_authenticated:
        return redirect(get_adapter().get_login_redirect_url(request))
    instrument, reading = example_result()
    context = {
        "page": content.page("landing"),
        "instrument": instrument,
        "reading": reading,
        "specialists": listing.for_visitors(timezone.now().date()),
        "example": example_specialist(),
    }
    return render(request, "pages/landing.html", context)


@require_safe
def today(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A signed-in person's front page."""
    now = timezone.localtime()
    unfinished = Response.objects.visible_to(request.user).unfinished().with_standing().first()
    version = InstrumentVersion.objects.current()
    can_begin = version is not None and unfinished is None
    asked = retests.invitation(request.user, now) if can_begin else None
    bookings = list(Booking.objects.of_client(request.user).at_hand(now).select_related("specialist")[:BOOKINGS])
    context = {
        "now": now,
        "greeting": greeting(now.hour, isolated(readable_name(request.user))),
        "unfinished": unfinished,
        "begun": begun(request.user, unfinished) if unfinished else None,
        "last": last_result(request.user),
        "can_begin": version is not None,
        "minutes": minutes_of(version.pk) if version else {},
        "prompt": prompt_of_the_day(request.user, now.date()),
        "week": meetings(week_of(request.user, now)) if request.user.is_specialist else None,
        "entry": unfinished_entry(request.user, now),
        "meetings": [ahead(booking, now) for booking in bookings if policy.is_ahead(booking, now)],
        "to_rate": [booking for booking in bookings if not policy.is_ahead(booking, now)],
        "steps": next_steps.on_today(request.user, now),
        "asked": asked,
        "notices": [one for one in new_notices(request.user, now) if not (asked and one.line.link == asked.link)],
    }
    return render(request, "pages/today.html", context)


def week_of(specialist: User, now: datetime) -> BookingQuerySet:
    """The specialist's meetings of the next seven days, including one in progress."""
    upcoming = Booking.objects.of_specialist(specialist).upcoming(now - DURATION - SESSION_LINK)
    return upcoming.filter(starts_at__lt=now + WEEK)


def ahead(booking: Booking, now: datetime) -> Ahead:
    return Ahead(
        booking=booking,
        may_join=policy.link_is_shown(booking, now),
        may_move=policy.may_move(booking, now),
        may_cancel=policy.may_cancel(booking, now),
    )


def minutes_of(version_id: int) -> dict[str, str]:
    """About how many minutes each form takes."""
    about = published_instrument(version_id).text["instrument"]
    return {form: spelled(about[f"minutes_{form}"]) for form in Form.values}


def new_notices(user: User, now: datetime) -> list[notices.Shown]:
    """The latest notices that are new; where there are none, that costs no query."""
    if not notices.new_for(user):
        return []
    return notices.shown(user, list(Notice.objects.visible_to(user).new().latest_first()[:NEW_NOTICES]), now)


def readable_name(user: User) -> str:
    """The name to be called by, or "" if it cannot be opened, so that the page still renders."""
    try:
        return name_of(user)
    except CannotOpen:
        return ""


def begun(user: User, response: Response) -> Begun | None:
    """The questionnaire that waits to be finished, unless its version is retired or it cannot be opened."""
    if response.retired_at:
        return None
    try:
        answers = response.answers(user)
    except CannotOpen:
        return None
    parts = answering.parts_of(response.instrument, answers.form, answers.partnered)
    answered = answering.answered_parts(parts, answers)
    still_open = len(parts) - len(answered)
    return Begun(
        response=response,
        parts=[part.number in answered for part in parts],
        resume_at=answering.first_open(parts, answers),
        minutes_left=answering.minutes_left(response.instrument, answers.form, still_open=still_open, parts=len(parts)),
    )


def last_result(user: User) -> LastResult | None:
    """The latest result with its heading, how sure that is, and its beam; without either where it cannot be opened."""
    result = Result.objects.visible_to(user).order_by("-created_at", "id").first()
    if result is None:
        return None
    try:
        score = result.score(user)
    except CannotOpen:
        return LastResult(result, "", "", None)
    of = result.instrument, score
    return LastResult(result, readings.heading(*of), readings.sure(*of), readings.draw(*of))


def greeting(hour: int, name: str) -> str:
    """A greeting for the local hour (0 to 23), with the name if there is one."""
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name} if name else _("Good morning")
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name} if name else _("Good afternoon")
    return _("Good evening, %(name)s") % {"name": name} if name else _("Good evening")


@require_safe
@bare
def help_now(request: HttpRequest) -> HttpResponse:
    """Helplines by country, without asking where somebody is."""
    lines = helplines()
    context = {"page": content.page("help-now"), "countries": by_country(lines), "directories": directories(lines)}
    return render(request, "pages/help_now.html", context)


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/text.html", {"page": content.page("privacy")})


@require_safe
@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/text.html", {"page": content.page("about")})


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, with the date and the tools of the last check."""
    return render(request, "pages/text.html", {"page": content.page("accessibility")})


@require_safe
@login_not_required
def about_consultations(request: HttpRequest) -> HttpResponse:
    """What a first consultation is, for clients and for specialists."""
    context = {"page": content.page("consultation-for-you"), "offer": content.page("consultation-for-specialists")}
    return render(request, "pages/about_consultations.html", context)


@require_safe
@login_not_required
def about_sharing(request: HttpRequest) -> HttpResponse:
    """What a specialist sees of what a client shares, and how it is taken back."""
    return render(request, "pages/text.html", {"page": content.page("share-with-specialist")})


@require_safe
@login_not_required
def leave_explained(request: HttpRequest) -> HttpResponse:
    """What "Leave this page" does and does not do; linked on every page.

    It is also the first page of a new account, which then leads on to `next`.
    """
    onward = get_next_redirect_url(request) if request.user.is_authenticated else None
    return render(request, "pages/leave_explained.html", {"page": content.page("leave-explained"), "onward": onward})


@require_safe
@never_cache
@bare
def leave(request: HttpRequest) -> HttpResponse:
    """End the session and redirect to a neutral site. If the session cannot be ended, the cookie still goes.

    No `Clear-Site-Data`: browsers delay the navigation until they have cleared everything, and nothing private was
    stored in the first place.
    """
    destination: str = User.ExitDestination.WEATHER
    try:
        destination = getattr(request.user, "exit_destination", destination)
        request.session.flush()
    except Exception:
        logger.exception("A session could not be ended; its cookie is dropped all the same.")
        request.session = type(request.session)()
    response = HttpResponseRedirect(EXITS[destination])
    response.delete_cookie(settings.CSRF_COOKIE_NAME)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@bare
def offline(request: HttpRequest) -> HttpResponse:
    """The page that the service worker shows without a connection."""
    return render(request, "pages/offline.html", {"page": content.page("offline")})


@require_safe
@never_cache
@bare
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which caches the offline page and its stylesheet; its version changes with either of them."""
    page = render_to_string("pages/offline.html", {"page": content.page("offline")})
    version = hashlib.sha256(page.encode()).hexdigest()[:12]
    context = {"version": version, "stylesheet": static("css/offline.css")}
    return render(request, "sw.js", context, content_type="text/javascript; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with an old CSRF token. If it held somebody's words, they come back in the form (`accounts/access.py`)."""
    words_kept = words_kept_by(request)
    return words_kept(request) if words_kept else csrf.csrf_failure(request, reason)


def words_kept_by(request: HttpRequest) -> Callable[..., HttpResponse] | None:
    """What gives the words of the form that was asked for back, if it does (`accounts/access.py`)."""
    match = request.resolver_match
    words_kept: Callable[..., HttpResponse] | None = getattr(match and match.func, "words_kept", None)
    return words_kept


def failure(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database took too long. Somebody's words come back, if the form keeps them."""
    words_kept = words_kept_by(request) if request.method == "POST" else None
    if not gave_up(sys.exception()):
        return (words_kept and words_anyhow(request)) or server_error(request)
    with suppress(DatabaseError):
        if words_kept:
            return words_kept(request, 503)
    return HttpResponse(render_to_string("503.html"), status=503)


def words_anyhow(request: HttpRequest) -> HttpResponse | None:
    """The words as a plain list of fields, which can be sent again: the form itself may need what has just failed.

    None for those of another site, or of somebody else than who is signed in. Asks nothing of the database.
    """
    try:
        writer, who = request.POST.get("writer"), reader(request)
        if from_another_site(request) or (writer and who and writer != str(who)):
            return None
        fields = [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN]
        words = [field for field in fields if is_written(field[1])]
        choices = [field for field in fields if not is_written(field[1])]
        return render(request, "500_words.html", {"words": words, "choices": choices}, status=500)
    except Exception:
        logger.exception("The words of a form could not be given back after an error.")
        return None


def is_written(value: str) -> bool:
    """Whether somebody may want to read or copy it: not a number, a key, an id or the like."""
    return len(value) > LONGEST_CHOICE or len(value.split()) > 1


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 for what was too big. Rendered without the request: nothing of it may be needed."""
    status = 413 if isinstance(exception, TOO_BIG) else 400
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
