"""For every request: browsers store nothing private, sessions have limits, and private pages need a log-in."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, override
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import logins, second_factor, security_log
from accounts.held import HELD, PARAMETER, held, hold, let_go
from accounts.models import User
from accounts.rates import within_limit
from accounts.sealing import CannotOpen
from accounts.sessions import MEMBERS, PROFESSIONALS, Limits, Over
from lib.figures import lasting
from lib.methods import HttpResponseSeeOther
from lib.places import NoPlace, Places, half
from lib.waits import AGAIN_IN
from lib.zones import zone
from reflect.message_storage import MessagesInCookie

type GetResponse = Callable[[HttpRequest], HttpResponse]
type View = Callable[..., HttpResponse]

WRITE_EVERY = timedelta(minutes=5)
DENIED = {403, 429}
STARTED = "started_at"
SEEN = "seen_at"
MESSAGES = MessagesInCookie.cookie_name
posting = Places()

NO_FORM = {404, 405, 413}  # at an address that has no form, or so large that nobody read it

REAUTHENTICATION = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}

# What a session can reach before it shows the second factor of its account (besides bare pages).
BEFORE_SECOND_FACTOR = REAUTHENTICATION | {"account_logout", "leave_explained", "privacy", "about", "accessibility"}

# What specialists and staff can reach, too, where they have yet to set one up.
SETTING_UP = BEFORE_SECOND_FACTOR | {"mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"}

# The private pages that stay open while an account is closing at its owner's request.
WHILE_CLOSING = REAUTHENTICATION | {"closing", "data_download", "data_delete_now", "account_logout"}


class OnEveryResponse:
    """Headers that no part of Django sets. The first of all, so that static files and redirects to HTTPS have them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {
            "Permissions-Policy": ", ".join(f"{name}={value}" for name, value in settings.PERMISSIONS_POLICY.items()),
            "Cross-Origin-Resource-Policy": settings.CROSS_ORIGIN_RESOURCE_POLICY,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response[name] = value
        if response.status_code == 503:
            response["Retry-After"] = AGAIN_IN
        return response


class PrivatePages:
    """Browsers with a session store no copy of any page, and search engines do not index one.

    Nor do browsers with a message: it tells what was done a moment ago, signing out for one.

    It runs outside SessionMiddleware and only looks at cookies, so it covers every response (the admin, error pages,
    the answer to a log-in) and works with the database down.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if {settings.SESSION_COOKIE_NAME, MESSAGES} & (request.COOKIES.keys() | response.cookies.keys()):
            patch_cache_control(response, no_store=True, private=True)
            response["X-Robots-Tag"] = "noindex"
        return response


class WithoutNul:
    """Refuses a NUL character in the address: PostgreSQL takes none, and would fail wherever such a value is asked for.

    Bare views ask for nothing in the query, and answer whatever stands there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> None:
        if "\0" in request.path:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", "") and not getattr(view, "bare", False):
            raise BadRequest


class SignedIn:
    """For people who are signed in: session limits, second factors, time zone and language.

    Adds no query, as private pages read the session and the account anyway. Writes the session and the record of its
    log-in at most once in five minutes. Skips bare views (`lib/bare.py`).
    """

    def __init__(self, get_response: GetResponse, now: Callable[[], datetime] = timezone.now) -> None:
        self.get_response = get_response
        self.now = now

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language()
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
            if language:
                translation.activate(language)
        if getattr(response, "held_status", response.status_code) in DENIED:
            security_log.log(security_log.Event.DENIED, account=reader(request), request=request, page=named(request))
        return response

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> HttpResponse | None:
        if getattr(view, "bare", False) or not isinstance(request.user, User):
            return None
        user = request.user
        over = self.end_if_over(request, user)
        if over:
            messages.info(request, farewell(over, limits_of(user)))
            return None  # the page decides what it shows to a visitor
        timezone.activate(zone(user.timezone))
        if len(settings.LANGUAGES) > 1:
            translation.activate(user.language)
        if user.asked_to_close and is_private(request, view) and named(request) not in WHILE_CLOSING:
            return redirect("closing")
        return second_factor_first(request, user)

    def end_if_over(self, request: HttpRequest, user: User) -> Over | None:
        """End a session that is past its limits; otherwise record from time to time that it is in use."""
        now, session = self.now(), request.session
        started = _moment(session.get(STARTED), now)
        seen = _moment(session.get(SEEN), now)
        over = limits_of(user).exceeded(started=started, seen=seen, now=now)
        if over:
            logout(request)
        elif SEEN not in session or now - seen >= WRITE_EVERY:
            if SEEN in session:  # the log-in itself is recorded already
                logins.seen(session, now)
            session[STARTED] = started.timestamp()
            session[SEEN] = now.timestamp()
        return over


class RoomForOthers:
    """What one account posts takes half the threads of a process at most: it may all wait for one lock.

    An import, for one, keeps those of its account for half a minute. Skips bare views.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if who := getattr(request, "place_of", None):
                posting.give_back(who)

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> HttpResponse | None:
        if request.method != "POST" or getattr(view, "bare", False) or not isinstance(request.user, User):
            return None
        try:
            posting.take(request.user.pk, each=max(2, half()))  # a draft is saved beside the form
        except NoPlace:
            words_kept: View | None = getattr(view, "words_kept", None)
            return words_kept(request, 429) if words_kept else render(request, "429.html", status=429)
        request.place_of = request.user.pk  # type: ignore[attr-defined]
        return None


def limits_of(user: User) -> Limits:
    return PROFESSIONALS if user.needs_second_factor else MEMBERS


def farewell(over: Over, limits: Limits) -> str:
    """One calm sentence about why somebody is signed out."""
    if over is Over.IDLE:
        sentence = _("To keep your account private, you were signed out after %(minutes)d minutes without activity.")
        return sentence % {"minutes": limits.idle_minutes}
    hours = limits.total // timedelta(hours=1)
    return ngettext(
        "To keep your account private, you are signed out after %(hours)d hour. Log in to continue.",
        "To keep your account private, you are signed out after %(hours)d hours. Log in to continue.",
        hours,
    ) % {"hours": hours}


def second_factor_first(request: HttpRequest, user: User) -> HttpResponse | None:
    """Ask for the second factor that the account has, or for the set-up of one that its role requires.

    A session can be without the factor of its account: it may have been opened before that was set up. The demo never
    requires a set-up, but a factor that is there counts there, too.
    """
    if second_factor.is_shown(request, user):
        return None
    if user.has_second_factor:
        return None if named(request) in BEFORE_SECOND_FACTOR else ask_again(request, user)
    if user.needs_second_factor and not settings.DEMO and named(request) not in SETTING_UP:
        return redirect("mfa_index")
    return None


def ask_again(request: HttpRequest, user: User) -> HttpResponse:
    """Redirect to re-authentication, and from there back to this page if it can be asked for once more."""
    way = get_adapter().get_reauthentication_methods(user)[0]["url"]
    if request.method not in ("GET", "HEAD"):
        return redirect(way)
    return redirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


class PostRedirectGet:
    """No page is the answer to a POST: the browser would write what was posted into its session files, in clear.

    A page that a view answers with (a refused form, mostly) is sealed for its owner instead (`accounts/held.py`), and a
    redirect leads to it at the same address, with its random id in the query. Left as they are: the admin's pages,
    and, with `static/js/unpost.js`, those of bare views, of views marked `answers_in_place` and for nobody signed in.
    Once a view takes what is sent from such a page, and leads on, the page is let go: Back shows no old form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and 300 <= response.status_code < 400:
            if (sender := sent_from(request)) and isinstance(request.user, User):
                let_go(owner=request.user, pk=sender)
            return response
        if not (is_page_after_post(request, response) and isinstance(request.user, User)):
            return response
        page = {"status": response.status_code, "html": response.text}
        now = timezone.now()
        if not within_limit(request.user, "sent back", now=now, size=len(response.text)):
            return response  # a flood, which no browser sends
        try:
            pk = hold(owner=request.user, place=request.path, document=page, now=now)
        except CannotOpen:  # without their key, the words are better here than nowhere
            return response
        query = request.GET.copy()
        query[PARAMETER] = str(pk)
        led = HttpResponseSeeOther(f"{request.path}?{query.urlencode()}")
        led.cookies = response.cookies
        led.held_status = response.status_code  # type: ignore[attr-defined]  # for the security log
        return led

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> HttpResponse | None:
        if request.method not in ("GET", "HEAD") or PARAMETER not in request.GET or not isinstance(request.user, User):
            return None
        page = held(owner=request.user, pk=request.GET[PARAMETER], place=request.path, now=timezone.now())
        if page:
            return HttpResponse(page["html"], status=page["status"])
        query = request.GET.copy()
        del query[PARAMETER]
        messages.info(request, held_no_longer())
        return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def sent_from(request: HttpRequest) -> str:
    """The id of the held page whose form this is, or "". Where the form names no query, the browser still tells it."""
    if told := request.GET.get(PARAMETER):
        return told
    with suppress(ValueError):  # no address at all
        page = urlsplit(request.headers.get("Referer", ""))
        return dict(parse_qsl(page.query)).get(PARAMETER, "") if page.path == request.path else ""
    return ""


def held_no_longer() -> str:
    """One calm sentence on the page as it is now. Which of the two it was is noted nowhere: see `let_go`."""
    sentence = _(
        "What you sent from here is no longer kept: it is saved or sent already, or more than %(time)s have "
        "passed. This is the page as it is now."
    )
    return sentence % {"time": lasting(HELD, "minutes")}


def is_page_after_post(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a page answers a POST, and may be held."""
    return (
        request.method == "POST"
        and (response.status_code in (200, 503) or 400 <= response.status_code < 500)
        and response.status_code not in NO_FORM
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not getattr(response, "in_place", False)
        and request.resolver_match is not None
        and request.resolver_match.namespace != "admin"
        and not getattr(request.resolver_match.func, "bare", False)
        and not getattr(request.resolver_match.func, "in_place", False)
    )


class LoginRequired(LoginRequiredMiddleware):
    """Requires a log-in. After a POST, `next` is the page that it came from: a GET cannot repeat the POST."""

    @override
    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            if why := getattr(view_func, "why_log_in", None):
                messages.info(request, str(why))
            return super().handle_no_permission(request, view_func)
        page = request.headers.get("Referer", "")
        here = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
        return redirect_to_login(urlsplit(page).path if here else reverse(settings.LOGIN_REDIRECT_URL))


def is_private(request: HttpRequest, view: View) -> bool:
    """Whether the view needs a log-in. Views made with `gives_back` do too, except for POSTs, which they handle."""
    if getattr(view, "for_everyone", False):
        return False
    return getattr(view, "login_required", True) or (hasattr(view, "words_kept") and request.method != "POST")


def reader(request: HttpRequest) -> UUID | None:
    """The id of whoever is signed in, without asking the database: a refusal may come before the account is read."""
    return getattr(getattr(request, "_cached_user", None), "pk", None)


def named(request: HttpRequest) -> str:
    """The name of the URL with its namespace, or ""."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _moment(stamp: float | None, default: datetime) -> datetime:
    return default if stamp is None else datetime.fromtimestamp(stamp, tz=default.tzinfo)
