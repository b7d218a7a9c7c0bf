"""Leaving: always, at once, with the session ended, whatever the database does."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from reflect.views import EXITS
from tests.conftest import AsUser


@pytest.mark.django_db
def test_visitor_goes_to_the_first_neutral_site(client: Client) -> None:
    response = client.get("/leave/")
    assert response.status_code == 302
    assert response["Location"] == EXITS[User.ExitDestination.WEATHER]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("destination", User.ExitDestination)
def test_member_goes_where_they_chose_and_is_signed_out(ana: User, as_user: AsUser, destination: str) -> None:
    ana.exit_destination = destination
    ana.save()
    client = as_user(ana)
    response = client.get("/leave/")
    assert response["Location"] == EXITS[destination]
    assert response.cookies["sessionid"]["max-age"] == 0
    assert not Session.objects.exists()
    assert client.get("/today/").status_code == 302


@pytest.mark.usefixtures("stopped_database")
def test_stopped_database_keeps_nobody_here(client: Client) -> None:
    client.cookies["sessionid"] = "a" * 32
    response = client.get("/leave/")
    assert response.status_code == 302
    assert response["Location"] == EXITS[User.ExitDestination.WEATHER]
    assert response.cookies["sessionid"]["max-age"] == 0


def test_every_destination_has_an_address() -> None:
    assert set(EXITS) == set(User.ExitDestination)
    assert all(address.startswith("https://") for address in EXITS.values())


def test_leaving_is_not_posted(client: Client) -> None:
    assert client.post("/leave/").status_code == 405
