"""The pages that belong to no app: valid, calm, and there when nothing else is."""

import re
from xml.etree.ElementTree import Element

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from reflect.examples import example_result
from reflect.helplines import by_country, shipped
from reflect.views import bad_request, greeting
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of

PUBLIC = [
    "/",
    "/help-now/",
    "/leave-explained/",
    "/privacy/",
    "/about/",
    "/balance/how-sure/",
    "/accessibility/",
    "/offline/",
]
BARE = ["/help-now/", "/offline/", "/nowhere/"]
ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500"]


def landmark_of(root: Element, wanted: Element) -> str | None:
    return next((e.tag for e in root.iter() if e.tag in {"header", "main", "footer"} and wanted in e.iter()), None)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_valid_and_has_its_ways_out(client: Client, path: str) -> None:
    root = assert_valid_html(client.get(path).content)
    links = [element.get("href") for element in root.iter("a")]
    assert "/leave/" in links
    assert "/help-now/" in links
    assert landmark_of(root, next(a for a in root.iter("a") if a.get("href") == "/leave/")) == "header"


@pytest.mark.django_db
def test_what_the_questionnaire_leaves_out_is_said_to_everybody(client: Client) -> None:
    said = text_of(assert_valid_html(client.get("/about/").content))
    for words in (
        "caring for children or relatives",
        "thanks",
        "opportunities given up",
        "leans to an individual’s ideal",
    ):
        assert words in said


@pytest.mark.parametrize("path", BARE)
def test_bare_page_touches_neither_session_nor_account(client: Client, path: str) -> None:
    """No database is there: a query would fail the test."""
    client.cookies["sessionid"] = "a" * 32
    response = client.get(path)
    assert response.status_code in {200, 404}
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.usefixtures("stopped_database")
@pytest.mark.parametrize("path", [*BARE, "/sw.js", "/robots.txt"])
def test_bare_page_is_there_when_the_database_is_not(client: Client, path: str) -> None:
    client.cookies["sessionid"] = "a" * 32
    assert client.get(path).status_code in {200, 404}


@pytest.mark.usefixtures("stopped_database")
def test_landing_does_without_specialists_when_the_database_is_not_there(client: Client) -> None:
    assert "This person is invented." in text_of(assert_valid_html(client.get("/").content))


@pytest.mark.usefixtures("stopped_database")
def test_page_that_needs_the_database_says_calmly_that_it_failed(client: Client) -> None:
    client.cookies["sessionid"] = "a" * 32
    client.raise_request_exception = False
    response = client.get("/today/")
    assert response.status_code == 500
    assert "not because of anything you did" in response.content.decode()


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_is_valid_without_a_request(name: str) -> None:
    root = assert_valid_html(render_to_string(f"{name}.html"))
    assert "/help-now/" in {a.get("href") for a in root.iter("a")}


@pytest.mark.parametrize(("error", "status"), [(RequestDataTooBig, 413), (SuspiciousOperation, 400)])
def test_what_is_too_big_is_told_from_what_is_wrong(rf: RequestFactory, error: type[Exception], status: int) -> None:
    assert bad_request(rf.get("/"), error()).status_code == status


def test_too_big_a_post_is_answered_in_our_words(client: Client, settings: Settings, db: None) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = client.post("/accounts/login/", "login=" + "a" * 10, "application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "too much to send" in response.content.decode()


def test_post_without_its_token_keeps_the_frame(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ana@example.org"})
    assert response.status_code == 403
    assert_valid_html(response.content)


def test_forbidden_page_has_its_status(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: HttpRequest) -> None:
        raise PermissionDenied

    monkeypatch.setattr("reflect.views.by_country", lambda _lines: refuse(HttpRequest()))
    assert client.get("/help-now/").status_code == 403


def test_landing_draws_an_example_as_results_are_drawn(client: Client, db: None) -> None:
    root = assert_valid_html(client.get("/").content)
    page = text_of(root)
    assert "What a result looks like Example" in page
    assert "In your answers, you give more than you receive." in page
    drawn = example_result().reading.balance
    assert drawn
    assert drawn.title in page
    assert [text_of(row).split()[0] for row in root.iter("tr")][1] == "Comfort"
    assert "A private journal" in page
    assert "/practice/start/" in {a.get("href") for a in root.iter("a")}


@pytest.mark.django_db
def test_landing_asks_the_database_only_whom_it_shows(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Once a minute: see `tests/consultations/test_visitors.py`."""
    with django_assert_max_num_queries(1):
        client.get("/")
    with django_assert_max_num_queries(0):
        client.get("/")


def test_every_page_leads_to_about_accessibility_privacy_contact_and_leaving(client: Client) -> None:
    root = assert_valid_html(client.get("/help-now/").content)
    footer = next(root.iter("footer"))
    links = [text_of(a) for a in footer.iter("a")]
    assert links[-5:] == ["About", "Accessibility", "Privacy", "Contact", "How to leave quickly"]


def test_accessibility_statement_names_the_last_check(client: Client, db: None) -> None:
    page = text_of(assert_valid_html(client.get("/accessibility/").content))
    assert re.search(r"Last check: \d+ \w+ \d{4}, with axe-core \d", page)


def test_landing_sends_members_to_today(ana: User, as_user: AsUser) -> None:
    assert as_user(ana).get("/")["Location"] == "/today/"


def test_today_is_for_members_only(client: Client) -> None:
    assert client.get("/today/").status_code == 302


def test_member_sees_their_own_navigation(ana: User, as_user: AsUser) -> None:
    root = assert_valid_html(as_user(ana).get("/today/").content)
    nav = next(element for element in root.iter("nav"))
    assert [text_of(item) for item in nav.iter("li")] == [
        *("Today", "Balance", "Journal", "Specialists", "Messages", "Guide", "Notices", "Settings", "Sign out")
    ]
    assert [form.get("method") for form in nav.iter("form")] == ["post"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/account/settings/", "page"),
        ("/account/data/", "true"),
        ("/account/consents/", "true"),
        ("/accounts/email/", "true"),
        ("/accounts/password/change/", "true"),
        ("/accounts/2fa/", "true"),
        ("/accounts/sessions/", "true"),
    ],
)
def test_what_the_settings_lead_to_belongs_to_them(ana: User, as_user: AsUser, path: str, current: str) -> None:
    nav = next(assert_valid_html(as_user(ana).get(path).content).iter("nav"))
    [here] = [link for link in nav.iter("a") if link.get("aria-current")]
    assert (text_of(here), here.get("aria-current")) == ("Settings", current)


@pytest.mark.parametrize(("theme", "expected"), [("system", None), ("dark", "dark"), ("light", "light")])
def test_chosen_theme_is_on_the_page(ana: User, as_user: AsUser, theme: str, expected: str | None) -> None:
    ana.theme = theme
    ana.save()
    assert assert_valid_html(as_user(ana).get("/today/").content).get("data-theme") == expected


@pytest.mark.parametrize(("keys", "expected"), [(True, "on"), (False, "off")])
def test_exit_keys_follow_the_setting(ana: User, as_user: AsUser, keys: bool, expected: str) -> None:
    ana.exit_keys = keys
    ana.save()
    assert assert_valid_html(as_user(ana).get("/today/").content).get("data-exit-keys") == expected


def test_visitor_can_leave_by_keys(client: Client, db: None) -> None:
    assert assert_valid_html(client.get("/").content).get("data-exit-keys") == "on"


def test_helplines_are_all_shown_and_no_doubt_stands_at_an_emergency_number(client: Client) -> None:
    root = assert_valid_html(client.get("/help-now/").content)
    shown = [text_of(heading) for heading in root.iter("h4")]
    assert sorted(shown) == sorted(line.name for line in shipped())
    doubtful = [country for country in by_country(shipped()) if country.others and country.others_verified_on is None]
    said = text_of(root)
    assert said.count("We are still checking these numbers.") == len(doubtful)
    for country in root.iter("details"):
        words = text_of(country)
        if "We are still checking" in words:
            assert "Emergency" in words.partition("We are still checking")[0]
            assert "Emergency services" not in words.partition("We are still checking")[2]


def test_telephone_links_are_numbers(client: Client) -> None:
    root = assert_valid_html(client.get("/help-now/").content)
    calls = [str(a.get("href")) for a in root.iter("a") if str(a.get("href")).startswith("tel:")]
    assert calls
    assert all(re.fullmatch(r"tel:\+?\d{3,}", call) for call in calls)


def test_service_worker_keeps_two_addresses(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    kept = re.search(r"const KEPT = \[(.*)\];", response.content.decode())
    assert kept is not None
    assert kept[1] == 'PAGE, "/static/css/offline.css"'


def test_offline_page_needs_nothing_but_its_stylesheet(client: Client) -> None:
    page = client.get("/offline/").content.decode()
    assert re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', page) == ["data:,", "/static/css/offline.css"]


def test_robots_are_kept_from_private_pages(client: Client) -> None:
    assert "Disallow: /today/" in client.get("/robots.txt").content.decode()


def test_private_pages_are_never_indexed(ana: User, as_user: AsUser) -> None:
    assert b'content="noindex"' in as_user(ana).get("/today/").content


def test_public_pages_are_indexed(client: Client, db: None) -> None:
    assert b"noindex" not in client.get("/").content


@pytest.mark.parametrize(
    ("hour", "name", "words"),
    [
        (4, "", "Good evening"),
        (5, "", "Good morning"),
        (12, "Noor", "Good afternoon, Noor"),
        (18, "Noor", "Good evening, Noor"),
    ],
)
def test_greeting_follows_the_persons_own_hour(hour: int, name: str, words: str) -> None:
    assert greeting(hour, name) == words
