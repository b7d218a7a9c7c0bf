"""A person's choices, and the ledger of what they agreed to."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts import consents
from accounts.models import Consent, User
from accounts.self_document import Self, name_of, opened
from tests.conftest import AsUser
from tests.html import assert_valid_html

pytestmark = pytest.mark.django_db
CHOICES = {"name": "Ani", "timezone": "Europe/Lisbon", "theme": "dark", "exit_destination": "search"} | {
    "mailed": ["answer", "answer_again", "meeting_changed", "message", "time_freed"]  # ticked from the beginning
}


@pytest.fixture
def client(as_user: AsUser, ana: User) -> Client:
    return as_user(ana)


def test_choices_are_saved(client: Client, ana: User) -> None:
    assertRedirects(client.post(reverse("settings"), CHOICES | {"gentle_prompts": "on"}), reverse("settings"))
    ana.refresh_from_db()
    assert (ana.timezone, ana.theme, ana.exit_destination) == ("Europe/Lisbon", "dark", "search")
    assert ana.exit_keys is False
    assert opened(ana) == Self("Ani", gentle_prompts=True)
    page = client.get(reverse("settings"))
    assert_valid_html(page.content)
    assert 'value="Ani"' in page.text


def test_name_is_sealed_and_can_be_taken_away(client: Client, ana: User) -> None:
    client.post(reverse("settings"), CHOICES)
    ana.refresh_from_db()
    assert b"Ani" not in bytes(ana.sealed_self)
    client.post(reverse("settings"), CHOICES | {"name": ""})
    ana.refresh_from_db()
    assert name_of(ana) == ""


def test_name_that_cannot_be_opened_is_said_and_never_saved_over(client: Client, ana: User) -> None:
    client.post(reverse("settings"), CHOICES)
    User.objects.update(sealed_self=b"something else")
    page = client.get(reverse("settings"))
    assert_valid_html(page.content)
    assert "The name can’t be opened. It has not been changed." in page.text
    assert "Gentle prompts are on, because this choice can’t be opened." in page.text
    client.post(reverse("settings"), CHOICES | {"theme": "light"})
    ana.refresh_from_db()
    assert (bytes(ana.sealed_self), ana.theme) == (b"something else", "light")


@pytest.mark.parametrize(
    "wrong", [{"timezone": "Mars/Base"}, {"theme": "red"}, {"exit_destination": "elsewhere"}, {"name": "x" * 61}]
)
def test_unknown_choice_changes_nothing(client: Client, ana: User, wrong: dict[str, str]) -> None:
    answer = client.post(reverse("settings"), CHOICES | wrong, follow=True)
    assert answer.status_code == 200
    assert_valid_html(answer.content)
    ana.refresh_from_db()
    assert (ana.timezone, ana.theme, name_of(ana)) == ("UTC", "system", "")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("A\u202eni\u2066", "Ani"), ("\u200fAni\u061c", "Ani"), ("A\x07n\x7fi", "Ani"), ("A\u2028ni", "Ani"),
        ("نی\u200cلو", "نی\u200cلو"), ("👩\u200d🚀 נועה", "👩\u200d🚀 נועה"), ("\u202e", ""),
    ],
)  # fmt: skip
def test_a_name_turns_nothing_around(client: Client, ana: User, written: str, kept: str) -> None:
    client.post(reverse("settings"), CHOICES | {"name": written})
    ana.refresh_from_db()
    assert name_of(ana) == kept


def offered(client: Client) -> dict[str, bool]:
    """The time zones of the list, and which of them is chosen."""
    [select] = assert_valid_html(client.get(reverse("settings")).content).iter("select")
    return {str(option.get("value")): option.get("selected") is not None for option in select.iter("option")}


def test_places_are_offered_by_their_names_of_today(client: Client) -> None:
    zones = offered(client)
    assert zones.keys() >= {"UTC", "Asia/Kolkata", "Europe/Kyiv", "America/New_York", "Europe/Oslo", "Asia/Tokyo"}
    assert not zones.keys() & {"Asia/Calcutta", "Europe/Kiev", "US/Eastern", "GB", "America/Buenos_Aires"}
    assert [zone for zone, chosen in zones.items() if chosen] == ["UTC"]


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "US/Eastern", "EST5EDT"])
def test_an_older_name_stays_with_who_has_it(client: Client, ana: User, zone: str) -> None:
    answer = client.post(reverse("settings"), CHOICES | {"timezone": zone}, follow=True)
    assert "Please choose one of the options for “Time zone”." in answer.text  # not to be chosen anew
    User.objects.update(timezone=zone)
    assert offered(client)[zone]
    client.post(reverse("settings"), CHOICES | {"timezone": zone})
    ana.refresh_from_db()
    assert (ana.timezone, ana.theme) == (zone, "dark")


def test_settings_never_write_the_password_back(client: Client, ana: User) -> None:
    """A password that is changed elsewhere while the page is open stays changed."""
    before = ana.password
    client.post(reverse("settings"), CHOICES)
    ana.refresh_from_db()
    assert ana.password == before


def test_language_appears_with_a_second_one(client: Client, settings: Settings) -> None:
    assert "id_language" not in client.get(reverse("settings")).text
    settings.LANGUAGES = [("en", "English"), ("pt", "Português")]
    assert "id_language" in client.get(reverse("settings")).text


@pytest.mark.parametrize("purpose", [choice.purpose for choice in consents.CHOICES])
def test_consent_is_given_and_taken_back(client: Client, ana: User, purpose: str) -> None:
    for answer, given in (("yes", True), ("no", False), ("yes", True)):
        assertRedirects(
            client.post(
                reverse("consents"), {"purpose": purpose, "version": consents.CURRENT[purpose].version, "agree": answer}
            ),
            reverse("consents"),
        )
        assert consents.has_given(ana, purpose) is given
        assert_valid_html(client.get(reverse("consents")).content)
    assert Consent.objects.count() == 3


@pytest.mark.parametrize("purpose", ["adult", "something", ""])
def test_only_choices_can_be_given_and_taken_back(client: Client, purpose: str) -> None:
    assert client.post(reverse("consents"), {"purpose": purpose, "agree": "no"}).status_code == 404
    assert not Consent.objects.exists()


def test_exact_words_stand_on_the_page(client: Client) -> None:
    page = client.get(reverse("consents"))
    for wording in consents.CURRENT.values():
        assert str(wording.words) in page.text


def test_settings_lead_back_to_the_page_they_were_opened_from(client: Client) -> None:
    path = "/specialists/?weekday=2"
    page = client.get(reverse("settings"), {"next": path})
    assert_valid_html(page.content)
    assert f'name="next" value="{path}"' in page.text
    assert client.post(reverse("settings"), CHOICES | {"next": path}).headers["Location"] == path


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "javascript:evil", "today", "2026-02-30", "?x"]
)
def test_settings_lead_to_no_other_site(client: Client, path: str) -> None:
    assert 'name="next"' not in client.get(reverse("settings"), {"next": path}).text
    assert client.post(reverse("settings"), CHOICES | {"next": path}).headers["Location"] == reverse("settings")


@pytest.mark.parametrize("name", ["\u200b", " \u2060 ", "\u3164"])
def test_a_name_that_nobody_can_see_is_refused_and_the_old_one_stays(client: Client, ana: User, name: str) -> None:
    client.post(reverse("settings"), CHOICES | {"name": "Ana"})
    answer = client.post(reverse("settings"), CHOICES | {"name": name}, follow=True)
    assert "This name has no visible characters." in answer.text
    ana.refresh_from_db()
    assert name_of(ana) == "Ana"
