"""A part submitted after the session ended, or with an old token, is shown again with its choices."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments import services
from assessments.access import read_layout
from assessments.models import InstrumentVersion, Response
from reflect.middleware import SEEN, STARTED
from tests.assessments.test_views import begin, html, part, stored
from tests.conftest import AsUser
from tests.html import assert_valid_html

type Login = AsUser


@pytest.fixture
def response(ana: User, balance_1: InstrumentVersion) -> Response:
    return begin(ana, balance_1)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's own form, the last on it."""
    root = assert_valid_html(page)
    inputs = [field for field in root.iter("input") if field.get("type") == "hidden"]
    return {str(field.get("name")): str(field.get("value")) for field in inputs}


def chosen(page: str) -> dict[str, str]:
    root = assert_valid_html(page)
    inputs = [field for field in root.iter("input") if field.get("checked") is not None]
    return {str(field.get("name")): str(field.get("value")) for field in inputs}


def first_part(response: Response) -> dict[str, str]:
    """The names and a value of each question of the first part."""
    found = read_layout(f"{response.version_id}.{response.form}.partnered")
    assert found
    [first, *_others] = found[0].parts(response.form, partnered=True)
    return dict.fromkeys(first.keys, str(found[0].scale_of[first.keys[0]].values[1]))


def test_choices_outlive_the_session(ana: User, response: Response) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    address, answers = part(response, 1), first_part(response)
    data = hidden(html(client.get(address))) | answers
    session = client.session
    session[STARTED] = session[SEEN] = (timezone.now() - timedelta(hours=2)).timestamp()
    session.save()

    answer = client.post(address, data)
    page = html(answer)
    assert answer.status_code == 401
    assert "no-store" in answer.headers["Cache-Control"]
    assert "This part was not saved." in page
    assert 'href="/accounts/login/" target="_blank"' in page
    assert chosen(page) == answers
    assert stored(response) == {}

    client.force_login(ana)  # in another tab: the token of this one is old
    again = client.post(address, data | hidden(page) | {"csrfmiddlewaretoken": "x" * 64}, follow=True)
    assert again.status_code == 403
    assert "The form could not be checked." in html(again)
    assert "Your answers are below; send them again." in html(again)
    assert chosen(again.content.decode()) == answers
    saved = client.post(address, data | hidden(again.content.decode()))
    assert saved.headers["Location"] == part(response, 2)
    assert stored(response) == {key: int(value) for key, value in answers.items()}


def test_nobody_else_gets_the_choices(ana: User, ben: User, as_user: Login, response: Response) -> None:
    address = part(response, 1)
    data = hidden(html(as_user(ana).get(address))) | first_part(response)
    answer = as_user(ben).post(address, data)
    assert answer.status_code == 403
    assert "Someone else is logged in here." in html(answer)
    assert stored(response) == {}


def test_a_signed_out_visitor_learns_nothing_of_what_is_stored(ana: User, as_user: Login, response: Response) -> None:
    client, address, answers = as_user(ana), part(response, 1), first_part(response)
    layout = hidden(html(client.get(address)))["layout"]
    client.post(address, answers)
    client.logout()
    page = html(client.post(address, {"layout": layout}))
    assert chosen(page) == {}
    assert "1 of " in page


@pytest.mark.parametrize(
    "layout", ["", "x", "1.short", "999999.short.alone", "1.brief.alone", "1.short.alone\n", "٣.short.alone"]
)
@pytest.mark.parametrize("number", [0, 1, 99])
def test_a_page_that_we_have_not_made_leads_to_the_log_in(response: Response, layout: str, number: int) -> None:
    answer = Client().post(part(response, number), {"layout": layout})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=/balance/")


def test_a_draft_version_is_shown_to_nobody(response: Response) -> None:
    source = response.version.source.replace("version = 1\n", "version = 2\n", 1)
    draft, _ = services.load_version(source=source, publish=False, now=timezone.now())
    assert read_layout(f"{draft.pk}.short.alone") is None
