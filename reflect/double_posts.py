"""A form that is sent twice, by a double click, is answered once: the second request gets the answer to the first.

Most pages are made so that a second request does no harm. Those of accounts cannot be: signing up, confirming a code,
logging in and deleting the account replace the session, and the second request still names the old one. The browser
shows only its answer, so it has to be the same answer, with the new session in it.

The forms of one session are answered one after the other: a session that counts tries is read and written as a whole,
and of several wrong codes at once it would count one. They wait in half the threads of a process at most.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac

from accounts.sealing import CannotOpen, seal_for_site, unseal_for_site
from lib.places import NoPlace, Places, half

LABEL = "reflect.double_post"
SECONDS = 10
taking_turns = Places()
PAGES = {
    *("account_signup", "account_login", "account_reset_password", "account_email"),
    *("data_delete", "data_delete_now", "contact"),
    *("account_email_verification_sent", "account_confirm_login_code", "account_confirm_password_reset_code"),
    *("account_complete_password_reset", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate"),
}


class DoublePosts:
    """Holds back a POST that is just being answered, and answers it as the first one. Outside SessionMiddleware.

    What is repeated is only a redirect, and only to the same cookies, address and fields: either while the first one
    was still at work, or within seconds where it replaced the session. It is kept sealed, as it holds the new session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not is_covered(request):
            return self.get_response(request)
        name = name_of(request)
        turn = turn_of(request) or name
        try:
            with taking_turns.one(turn, each=max(2, half())):
                return self.in_turn(request, turn, name)
        except NoPlace:
            return render(request, "429.html", status=429)

    def in_turn(self, request: HttpRequest, turn: str, name: str) -> HttpResponse:
        with one_at_a_time(turn) as waited:
            first = answer_to(name)
            if first and (waited or settings.SESSION_COOKIE_NAME in first.cookies):
                return first
            response = self.get_response(request)
            if response.status_code == 302:
                keep(name, response)
        return response


def is_covered(request: HttpRequest) -> bool:
    """Whether the page is one of those, and the cookies tell this browser from every other one."""
    try:
        return settings.CSRF_COOKIE_NAME in request.COOKIES and resolve(request.path_info).view_name in PAGES
    except Resolver404:
        return False


def name_of(request: HttpRequest) -> str:
    """Equal for the same form from the same browser. A secret goes into it: the fields may hold a password."""
    parts = (request.get_full_path(), request.META.get("HTTP_COOKIE", ""), request.body.hex())
    return salted_hmac(LABEL, "\n".join(parts), algorithm="sha256").hexdigest()


def turn_of(request: HttpRequest) -> str:
    """Equal for all forms of one session, however its cookies are written; "" without one."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return salted_hmac(f"{LABEL}.turn", key, algorithm="sha256").hexdigest() if key else ""


@contextmanager
def one_at_a_time(name: str) -> Iterator[bool]:
    """Hold a lock on this name; the value says whether somebody else held it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        [free] = cursor.fetchone()
        if not free:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield not free
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def keep(name: str, response: HttpResponse) -> None:
    cookies = [[cookie.key, cookie.value, dict(cookie)] for cookie in response.cookies.values()]
    cache.set(f"{LABEL}:{name}", seal_for_site(LABEL, name.encode(), [dict(response.items()), cookies]), SECONDS)


def answer_to(name: str) -> HttpResponse | None:
    """The redirect that answered this form a moment ago."""
    try:
        headers, cookies = unseal_for_site(LABEL, name.encode(), cache.get(f"{LABEL}:{name}", ""))
    except CannotOpen:
        return None
    response = HttpResponse(status=302, headers=headers)
    for key, value, attributes in cookies:
        response.cookies[key] = value
        response.cookies[key].update(attributes)
    return response
