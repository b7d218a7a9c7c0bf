"""Limits of a session at their boundary, and what a browser keeps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts.models import User
from accounts.sessions import MEMBERS, PROFESSIONALS, Limits, Over
from reflect.middleware import SEEN, STARTED, SignedIn
from tests.conftest import AsUser

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.time_machine(NOW, tick=False)
MOMENT = timedelta(microseconds=1)


def set_clock(client: Client, *, started: timedelta, seen: timedelta) -> None:
    """Make the session begin and be seen this long ago."""
    session = client.session
    session[STARTED] = (timezone.now() - started).timestamp()
    session[SEEN] = (timezone.now() - seen).timestamp()
    session.save()


@pytest.mark.parametrize("limits", [MEMBERS, PROFESSIONALS])
def test_limits_at_their_boundary(limits: Limits) -> None:
    def at(started: timedelta, seen: timedelta) -> Over | None:
        return limits.exceeded(started=NOW - started, seen=NOW - seen, now=NOW)

    assert at(limits.idle, limits.idle) is None
    assert at(limits.idle + MOMENT, limits.idle + MOMENT) is Over.IDLE
    assert at(limits.total, MOMENT) is None
    assert at(limits.total + MOMENT, MOMENT) is Over.TOTAL


def test_limits_are_as_promised() -> None:
    assert (MEMBERS.idle, MEMBERS.total) == (timedelta(minutes=60), timedelta(hours=12))
    assert (PROFESSIONALS.idle, PROFESSIONALS.total) == (timedelta(minutes=15), timedelta(hours=8))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("started", "seen", "words"),
    [
        (timedelta(minutes=61), timedelta(minutes=61), "after 60 minutes without activity."),
        (timedelta(hours=12, seconds=1), timedelta(minutes=1), "you are signed out after 12 hours"),
    ],
)
def test_overdue_session_ends_with_a_calm_sentence(
    as_user: AsUser, ana: User, started: timedelta, seen: timedelta, words: str
) -> None:
    client = as_user(ana)
    key = client.session.session_key
    set_clock(client, started=started, seen=seen)
    answer = client.get(reverse("settings"))
    assertRedirects(answer, f"{reverse('account_login')}?next={reverse('settings')}", fetch_redirect_response=False)
    assert not client.session.exists(str(key))
    page = client.get(answer["Location"])
    assert words in page.text
    assert f'name="next" value="{reverse("settings")}"' in page.text


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 302)])
def test_specialists_have_less_time(as_user: AsUser, cole: User, minutes: int, status: int) -> None:
    client = as_user(cole)
    set_clock(client, started=timedelta(minutes=minutes), seen=timedelta(minutes=minutes))
    assert client.get(reverse("settings")).status_code == status


@pytest.mark.django_db
def test_public_page_is_shown_to_whoever_was_signed_out(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    set_clock(client, started=timedelta(hours=2), seen=timedelta(hours=2))
    answer = client.get(reverse("privacy"))
    assert answer.status_code == 200
    assert [str(message) for message in get_messages(answer.wsgi_request)]
    assert "Sign out" not in answer.text


@pytest.mark.django_db
def test_session_is_written_once_in_five_minutes(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    for seen, writes in ((timedelta(minutes=4), False), (timedelta(minutes=5), True), (timedelta(0), False)):
        set_clock(client, started=timedelta(minutes=10), seen=seen)
        before = client.session[SEEN]
        client.get(reverse("settings"))
        assert (client.session[SEEN] != before) is writes


@pytest.mark.django_db
def test_start_is_kept_while_seen_moves(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    set_clock(client, started=timedelta(hours=3), seen=timedelta(minutes=30))
    before = client.session[STARTED]
    client.get(reverse("settings"))
    assert client.session[STARTED] == pytest.approx(before)


@pytest.mark.django_db
def test_given_clock_decides(ana: User, client: Client) -> None:
    client.force_login(ana)
    request = HttpRequest()
    request.session = client.session
    request.user = ana
    clock = iter([NOW, NOW + timedelta(minutes=60), NOW + timedelta(minutes=60)])
    middleware = SignedIn(lambda request: HttpResponse(), now=lambda: next(clock))
    assert middleware.end_if_over(request, ana) is None
    assert middleware.end_if_over(request, ana) is None
    assert request.session[SEEN] == (NOW + timedelta(minutes=60)).timestamp()
    assert middleware.end_if_over(request, ana) is None


@pytest.mark.django_db
def test_adds_no_query(as_user: AsUser, ana: User, settings: Settings) -> None:
    client = as_user(ana)
    client.get(reverse("settings"))
    with CaptureQueriesContext(
        connection,
    ) as with_limits:
        client.get(reverse("settings"))
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("reflect.")]
    with CaptureQueriesContext(connection) as without:
        client.get(reverse("settings"))
    assert len(with_limits) == len(without)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["today", "settings", "consents", "account_email", "mfa_index", "usersessions_list", "privacy", "help_now"]
)
def test_browser_with_a_session_keeps_no_copy(as_user: AsUser, ana: User, name: str) -> None:
    answer = as_user(ana).get(reverse(name))
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_administration_and_missing_pages_are_not_kept_either(as_user: AsUser, dana: User) -> None:
    client = as_user(dana)
    for path in (reverse("admin:index"), "/no-such-page/"):
        assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.django_db
def test_answer_to_a_log_in_is_not_kept(client: Client, ana: User) -> None:
    answer = client.post(reverse("account_login"), {"login": ana.email, "password": "look-at-the-balance"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_page_that_says_what_was_done_is_not_kept(as_user: AsUser, ana: User) -> None:
    """The session is over, but the page tells everybody on this device that there was one."""
    client = as_user(ana)
    client.post(reverse("account_logout"))
    told = client.get(reverse("landing"))
    assert "You are signed out." in told.text
    assert {"no-store", "private"} <= set(told.get("Cache-Control", "").split(", "))


@pytest.mark.django_db
def test_visitors_pages_may_be_kept_and_found(client: Client) -> None:
    answer = client.get(reverse("landing"))
    assert "no-store" not in answer.get("Cache-Control", "")
    assert "X-Robots-Tag" not in answer


@pytest.mark.django_db
def test_bare_page_touches_neither_session_nor_account(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    set_clock(client, started=timedelta(days=1), seen=timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("help_now"))
    assert len(queries) == 0


@pytest.mark.django_db
def test_time_and_language_are_the_persons_and_do_not_stay(as_user: AsUser, ana: User, settings: Settings) -> None:
    User.objects.update(timezone="Asia/Tokyo", language="pt")
    settings.LANGUAGES = [("en", "English"), ("pt", "Português")]
    answer = as_user(ana).get(reverse("settings"))
    assert '<html lang="pt"' in answer.text
    assert timezone.get_current_timezone_name() == "UTC"
    assert translation.get_language() == "en"


@pytest.mark.django_db
def test_unknown_time_zone_is_utc(as_user: AsUser, ana: User) -> None:
    User.objects.update(timezone="Mars/Base")
    assert as_user(ana).get(reverse("today")).status_code == 200


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(client: Client, db: None) -> None:
    """A POST cannot be repeated by the GET that follows a log-in."""
    address, page = reverse("empty_bin"), reverse("journal_bin")
    asked = client.post(address, headers={"referer": f"http://testserver{page}?after=x"})
    assert asked.headers["Location"] == f"/accounts/login/?next={page}"
    for elsewhere in ({}, {"referer": "https://elsewhere.example/journal/bin/"}):
        assert client.post(address, headers=elsewhere).headers["Location"] == "/accounts/login/?next=/today/"
