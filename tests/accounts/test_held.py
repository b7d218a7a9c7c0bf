"""A form that was sent back, and a search, are held for a quarter of an hour: for their owner, at their place."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.held import HELD, MOST, forget_held, held, hold
from accounts.models import Held, User
from tests.conftest import AsUser
from tests.journal.test_writing import NEW, opened

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.time_machine(NOW, tick=False)
WORDS = "Only for me."
LONG = {"text_0": WORDS, "tags": "x" * 100}


def refused(client: Client, words: str = WORDS) -> str:
    """The address of a form that was sent back."""
    answer = client.post(NEW, opened(client) | LONG | {"text_0": words})
    assert (answer.status_code, answer.content) == (303, b"")
    return answer.headers["Location"]


def test_a_refused_form_is_shown_at_an_address_that_says_nothing(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    address = refused(client)
    assert WORDS not in address
    for _reload in range(2):
        page = client.get(address)
        assert page.status_code == 400
        assert f"{WORDS}</textarea>" in page.text
        assert {"no-store", "private"} <= set(page.headers["Cache-Control"].split(", "))
    assert WORDS.encode() not in bytes(Held.objects.get().sealed)


def test_two_tabs_stay_apart(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    one, other = refused(client, "One tab."), refused(client, "Another tab.")
    assert "One tab." in client.get(one).text
    assert "Another tab." in client.get(other).text


def test_it_opens_for_nobody_else_and_nowhere_else(as_user: AsUser, ana: User, ben: User) -> None:
    address = refused(as_user(ana))
    query = address.partition("?")[2]
    elsewhere = as_user(ana).get(f"/account/settings/?{query}")
    assert elsewhere.headers["Location"] == "/account/settings/"
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")
    foreign = as_user(ben).get(address, follow=True)
    assert (foreign.status_code, foreign.redirect_chain[-1][0]) == (200, NEW)
    assert WORDS not in foreign.text


@pytest.mark.parametrize("query", ["held=", "held=x", f"held={uuid.UUID(int=4)}"])
def test_an_id_that_is_none_leads_to_the_empty_form(as_user: AsUser, ana: User, query: str) -> None:
    answer = as_user(ana).get(f"{NEW}?prompt=free&{query}")
    assert answer.headers["Location"] == f"{NEW}?prompt=free"


def test_after_a_quarter_of_an_hour_the_form_is_empty_and_says_why(ana: User, client: Client) -> None:
    pk = hold(owner=ana, place=NEW, document={"status": 400, "html": WORDS}, now=NOW - HELD)
    client.force_login(ana)
    page = client.get(f"{NEW}?held={pk}", follow=True)
    assert page.status_code == 200
    assert (
        "What you sent from here is no longer kept: it is saved or sent already, or more than 15 minutes have"
        in page.text
    )
    assert WORDS not in page.text


@pytest.mark.parametrize("names_query", [True, False])
def test_back_shows_no_form_that_was_taken_since(as_user: AsUser, ana: User, names_query: bool) -> None:
    """The address of a form may be without its query: the browser then says where it was sent from."""
    client = as_user(ana)
    one, other = refused(client), refused(client, "Another tab.")
    sent = client.post(one if names_query else NEW, opened(client) | {"text_0": WORDS}, headers={"Referer": one})
    assert sent.status_code == 302
    back = client.get(one, follow=True)
    assert back.redirect_chain == [(NEW, 302)]
    assert "it is saved or sent already" in back.text
    assert WORDS not in back.text
    assert "Another tab." in client.get(other).text


def test_a_form_that_is_refused_once_more_stays(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    one = refused(client)
    assert client.post(one, opened(client) | LONG | {"text_0": "Longer."}).status_code == 303
    assert WORDS in client.get(one).text


def test_another_form_lets_go_of_none(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    one = refused(client)
    for referer in (one, f"{NEW}?held", "http://[", ""):
        assert client.post("/notices/read/", headers={"Referer": referer}).status_code in {302, 303}
    assert WORDS in client.get(one).text


def test_it_is_deleted_when_its_time_is_over(ana: User) -> None:
    old = hold(owner=ana, place="a", document="old", now=NOW - HELD)
    new = hold(owner=ana, place="a", document="new", now=NOW - HELD + timedelta(seconds=1))
    assert held(owner=ana, pk=str(old), place="a", now=NOW) is None
    assert held(owner=ana, pk=str(new), place="a", now=NOW) == "new"
    forget_held(now=NOW)
    assert [row.pk for row in Held.objects.all()] == [new]


def test_nobody_fills_the_table(ana: User, ben: User) -> None:
    bens = hold(owner=ben, place="a", document="Ben's", now=NOW)
    kept = [hold(owner=ana, place="a", document=n, now=NOW + timedelta(seconds=n)) for n in range(MOST + 3)][3:]
    assert set(Held.objects.values_list("pk", flat=True)) == {bens, *kept}


def test_what_cannot_be_sealed_comes_back_at_once(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    data = opened(client) | LONG
    hold(owner=ana, place="a", document="makes the key", now=NOW)
    ana.data_key.wrapped_by = "gone"
    ana.data_key.save()
    answer = client.post(NEW, data)
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert "js/unpost.js" in answer.text


def test_without_a_session_the_answer_leaves_the_history(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    data = opened(client) | LONG
    client.logout()
    answer = client.post(NEW, data)
    assert answer.status_code == 401
    assert "js/unpost.js" in answer.text
    assert "js/unpost.js" not in client.get("/").text
    assert not Held.objects.exists()
