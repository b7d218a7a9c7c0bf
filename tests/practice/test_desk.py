"""The desk's pages for messages: saved texts, and when a specialist is away."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from consultations.models import Specialist
from exchange.models import Away, SavedText
from exchange.services import desk as services
from tests.conftest import AsUser
from tests.consultations.cast import NOW, page, verified
from tests.exchange.written import saved_text

pytestmark = pytest.mark.django_db
TEXTS, AWAY = "/practice/messages/texts/", "/practice/messages/away/"


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", timezone="America/New_York")


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def address(text: SavedText) -> str:
    return f"{TEXTS}{text.pk}/"


def test_a_text_is_made_changed_and_deleted_after_a_question(desk: Client, cole: User) -> None:
    assert "You have no saved texts yet." in page(desk.get(TEXTS))
    pk = uuid4()
    new = desk.get(f"{TEXTS}new/")
    page(new)
    for text in ("Dear …", "Dear you"):  # the second time from the same form, by Back
        answer = desk.post(f"{TEXTS}{pk}/", {"title": "Hello", "text": text})
        assert answer.headers["Location"] == TEXTS
    row = SavedText.objects.get()
    assert row.words(cole).text == "Dear you"
    assert "Dear you" in page(desk.get(TEXTS))
    assert "Dear you" in page(desk.get(address(row)))
    assert "Delete this text?" in page(desk.get(f"{address(row)}delete/"))
    assert SavedText.objects.exists()
    answer = desk.post(f"{address(row)}delete/", follow=True)
    assert "The text is deleted." in page(answer)
    assert not SavedText.objects.exists()
    assert desk.get(address(row)).status_code == desk.get(f"{address(row)}delete/").status_code == 404


def test_each_new_form_is_for_a_text_of_its_own(desk: Client) -> None:
    first, second = (desk.get(f"{TEXTS}new/").context["pk"] for _ in range(2))
    assert first != second


def test_a_refused_text_comes_back_whole(desk: Client) -> None:
    long = "ü" * (services.LONGEST_TEXT + 1)
    found = page(desk.post(f"{TEXTS}{uuid4()}/", {"title": "A title", "text": long}), 400)
    assert "“Text” is too long: 4000 characters at most." in found
    assert long in found
    found = page(desk.post(f"{TEXTS}{uuid4()}/", {"title": " \u200b", "text": "\u200b"}), 400)
    assert "Write the text." in found
    assert not SavedText.objects.exists()


def test_the_twenty_first_text_is_refused_with_its_words(desk: Client, cole: User) -> None:
    for _ in range(services.MOST_TEXTS):
        saved_text(cole)
    full = page(desk.get(TEXTS))
    assert "To add another text, delete one first." in full
    assert "Add a text" not in full
    found = page(desk.post(f"{TEXTS}{uuid4()}/", {"title": "One more", "text": "Kept words."}), 400)
    assert "You have 20 saved texts already. Delete one to make room for this one." in found
    assert "Kept words." in found


def test_a_text_that_cannot_be_opened_is_never_saved_over(desk: Client, cole: User) -> None:
    row = saved_text(cole)
    SavedText.objects.update(sealed=b"\x00")
    assert "A text that can’t be opened" in page(desk.get(TEXTS))
    found = page(desk.get(address(row)))
    assert "This text can’t be opened. It has not been changed." in found
    assert "<textarea" not in desk.get(address(row)).text
    assert "can’t be opened" in page(desk.get(f"{address(row)}delete/"))


def test_words_are_given_back_when_the_session_has_ended(client: Client, cole: User, mara: Specialist) -> None:
    form = {"title": "Hello", "text": "Kept words.", "writer": str(cole.pk)}
    answer = client.post(f"{TEXTS}{uuid4()}/", form)
    assert answer.status_code == 401
    assert "Kept words." in answer.text
    answer = client.post(AWAY, {"first": "2026-11-24", "last": "2026-11-25", "note": "Kept note.", "writer": cole.pk})
    assert answer.status_code == 401
    assert "Kept note." in answer.text


def test_a_specialist_is_away_on_days_of_their_zone(
    cole: User, mara: Specialist, as_user: AsUser, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 24, 3, tzinfo=UTC))  # still the 23rd in New York
    desk = as_user(cole)
    found = page(desk.get(AWAY))
    assert 'value="2026-11-23"' in desk.get(AWAY).text
    assert "your time zone (New York)" in found
    answer = desk.post(AWAY, {"first": "2026-11-25", "last": "2026-11-26", "note": "Back soon."}, follow=True)
    assert "You will be away from Wednesday 25 November 2026 until Thursday 26 November 2026." in page(answer)
    row = Away.objects.get()
    assert row.starts_at == datetime(2026, 11, 25, 5, tzinfo=UTC)
    assert row.ends_at == datetime(2026, 11, 27, 5, tzinfo=UTC)
    clock.move_to(row.starts_at)
    desk = as_user(cole)
    assert "You are away until Thursday 26 November 2026." in page(desk.get(AWAY))
    assert 'name="first"' not in desk.get(AWAY).text
    desk.post(AWAY, {"last": "2026-11-28", "note": ""})
    row.refresh_from_db()
    assert (row.first, row.last, row.note) == (date(2026, 11, 25), date(2026, 11, 28), "")
    clock.move_to(row.ends_at)
    assert "You are away" not in page(as_user(cole).get(AWAY))


def test_a_specialist_is_back_early(desk: Client, mara: Specialist, clock: time_machine.Traveller) -> None:
    desk.post(AWAY, {"first": "2026-11-23", "last": "2026-11-29", "note": ""})
    back = NOW + timedelta(minutes=5)
    clock.move_to(back)
    for _ in range(2):  # a double click
        answer = desk.post(AWAY, {"action": "end"}, follow=True)
        assert "People no longer read that you are away." in page(answer)
    assert Away.objects.get().ends_at == back


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-22", "2026-11-24", "Choose today or a later day."),
        ("2026-11-24", "2026-11-23", "This day is before the first one."),
        ("2026-11-24", "2036-11-23", "Choose a day within the next three years."),
        ("2026-11-24", "soon", "Choose a day."),
    ],
)
def test_days_that_cannot_be_are_refused_with_the_note(desk: Client, first: str, last: str, words: str) -> None:
    found = page(desk.post(AWAY, {"first": first, "last": last, "note": "Kept note."}), 400)
    assert words in found
    assert "Kept note." in found
    assert not Away.objects.exists()


def test_a_note_has_500_characters_at_most(desk: Client) -> None:
    found = page(desk.post(AWAY, {"first": "2026-11-23", "last": "2026-11-23", "note": "x" * 501}), 400)
    assert "is too long: 500 characters at most." in found
