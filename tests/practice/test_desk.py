"""The desk's pages for messages: saved texts, and when a specialist is away."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from consultations.models import Specialist
from exchange.forms.messages import LONGEST_DRAFT
from exchange.models import Away, Draft, Message, ReplyTime, SavedText
from exchange.services import desk as services
from tests.conftest import AsUser
from tests.consultations.cast import NOW, fully_booked, page, verified
from tests.exchange.messaging import address as address_of
from tests.exchange.messaging import fields, side_of, texts, thread
from tests.exchange.written import saved_text
from tests.html import parse

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
    for gone in (address(row), f"{address(row)}delete/"):  # by Back
        answer = desk.get(gone, follow=True)
        assert answer.redirect_chain == [(TEXTS, 302)]
        assert "This is not in your list any more." in page(answer)


def test_each_new_form_is_for_a_text_of_its_own(desk: Client) -> None:
    first, second = (desk.get(f"{TEXTS}new/").context["pk"] for _ in range(2))
    assert first != second


def test_a_refused_text_comes_back_whole(desk: Client) -> None:
    long = "ü" * (services.LONGEST_TEXT + 1)
    found = page(desk.post(f"{TEXTS}{uuid4()}/", {"title": "A title", "text": long}), 400)
    assert "Text: This is too long: 4,000 characters at most, and you wrote" in found
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
    assert "This is too long: 500 characters at most, and you wrote 501." in found


def test_the_overview_says_what_is_new_and_leads_to_the_desk(desk: Client, mara: Specialist, ana: User) -> None:
    found = page(desk.get("/practice/"))
    assert "There is nothing new." in found
    thread(ana, mara, "One", "Two", now=NOW)
    root = parse(desk.get("/practice/").text)
    links = {one.get("href") for one in root.iter("a")}
    assert {"/messages/", TEXTS, AWAY} <= links
    assert "Two messages are new." in page(desk.get("/practice/"))


# In a conversation


@pytest.fixture
def here(mara: Specialist, ana: User) -> str:
    """The address of Mara's side of a conversation with Ana, who wrote last."""
    _, theirs = thread(ana, mara, now=NOW)
    return address_of(theirs)


@pytest.fixture
def dora(db: None) -> Specialist:
    user = User.objects.create_user("dora@example.org")
    return fully_booked(verified(user, name="Dora P.", profession="Psychologist"))


def drafted(mara: Specialist) -> list[tuple[str, str]]:
    """The words of all her drafts, and to whom they refer."""
    rows = (row.words(mara.user) for row in Draft.objects.visible_to(mara.user).latest_first())
    return [(words.text, words.refers_to) for words in rows]


def test_a_saved_text_is_put_behind_what_is_written(desk: Client, mara: Specialist, here: str) -> None:
    text = saved_text(mara.user, "Ending", "With kind regards")
    saved_text(mara.user, "<b>Beginning</b>")
    shown = desk.get(here)
    page(shown)
    assert re.findall(r"<option.*?>(.*?)</option>", shown.text) == [
        "&lt;b&gt;Beginning&lt;/b&gt;",
        "Ending",
    ]
    form = fields(desk, here, text="Dear Noor,", insert="1", saved_text=text.pk)
    for _ in range(2):  # a double click
        answer = desk.post(here, form)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"{here}?draft={form['message']}#id_text"
    assert drafted(mara) == [("Dear Noor,\n\nWith kind regards", "")]
    page(desk.get(answer.headers["Location"]))
    assert "Dear Noor,\n\nWith kind regards" in desk.get(answer.headers["Location"]).text
    assert Message.objects.count() == 2
    sent = fields(desk, here)
    desk.post(here, sent | {"text": "Dear Noor,\n\nWith kind regards"})
    assert texts(mara.user) == ["Marked words of a message.", "Dear Noor,\n\nWith kind regards"]
    assert not Draft.objects.exists()


def test_after_back_another_insert_keeps_both_drafts(desk: Client, mara: Specialist, here: str) -> None:
    first, second = saved_text(mara.user, text="One"), saved_text(mara.user, text="Two")
    form = fields(desk, here, text="Dear Noor,", insert="1")
    desk.post(here, form | {"saved_text": first.pk})
    desk.post(here, form | {"saved_text": second.pk})
    assert sorted(drafted(mara)) == [("Dear Noor,\n\nOne", ""), ("Dear Noor,\n\nTwo", "")]


def test_words_stay_if_the_text_is_gone_or_somebody_elses(
    desk: Client, mara: Specialist, here: str, dora: Specialist
) -> None:
    theirs = saved_text(dora.user, text="Marked words of Dora.")
    for wanted in ("", "x", uuid4(), theirs.pk):
        form = fields(desk, here, text="Dear Noor,", insert="1", saved_text=wanted)
        assert "That saved text is not there any more." in page(desk.post(here, form, follow=True))
    assert {text for text, _ in drafted(mara)} == {"Dear Noor,"}


def test_a_signed_out_specialist_finds_the_words_and_the_card_again(
    client: Client, mara: Specialist, here: str, dora: Specialist
) -> None:
    form = {"text": "Ask Dora.", "refers_to": str(dora.pk), "insert": "1", "writer": str(mara.pk)}
    answer = client.post(here, form)
    assert answer.status_code == 401
    assert "Ask Dora." in answer.text
    assert f'value="{dora.pk}"' in answer.text
    assert "not in the list" not in answer.text


def test_a_draft_with_too_much_inserted_is_refused_with_its_words(desk: Client, mara: Specialist, here: str) -> None:
    text = saved_text(mara.user, text="x" * services.LONGEST_TEXT)
    long = "ü" * (LONGEST_DRAFT - 10)
    found = page(desk.post(here, fields(desk, here, text=long, insert="1", saved_text=text.pk)), 400)
    assert long in found
    assert "A message can have up to 50,000 characters." in found


def test_a_member_has_nothing_of_the_desk_in_the_form(as_user: AsUser, ana: User, here: str, dora: Specialist) -> None:
    client, mine = as_user(ana), address_of(side_of(ana))
    found = client.get(mine).text
    assert not any(words in found for words in ("saved_text", "refers_to", "Refer to a colleague"))
    for button in ("insert", "refer", "leave_out"):
        client.post(mine, fields(client, mine, refers_to=dora.pk) | {button: "1"})
    sent = [row.words(ana) for row in Message.objects.visible_to(ana)]
    assert {words.refers_to for words in sent} == {""}


def test_a_colleague_goes_with_a_message(
    desk: Client, as_user: AsUser, ana: User, mara: Specialist, here: str, dora: Specialist
) -> None:
    answer = desk.post(here, fields(desk, here, text="Ask Dora.", refer="1"))
    assert answer.status_code == 303
    choose = answer.headers["Location"]
    offered = re.findall(r"<option.*?>(.*?)</option>", desk.get(choose).text)
    assert offered == ["Choose", "Dora P., Psychologist"]
    assert "Choose a colleague who is in the list" in page(desk.post(choose, {"colleague": mara.pk}), 400)
    answer = desk.post(choose, {"colleague": dora.pk})
    assert answer.status_code == 303
    assert drafted(mara) == [("Ask Dora.", str(dora.pk))]
    back = answer.headers["Location"].partition("#")[0]
    assert "The card of Dora P. goes with this message." in page(desk.get(back))
    desk.post(here, fields(desk, back, text="Ask Dora."))
    again = desk.get(choose, follow=True)  # by Back
    assert again.redirect_chain == [("/messages/", 302)]
    assert "This is not in your list any more." in page(again)
    mine, theirs = side_of(ana), side_of(mara.user)
    assert "Dora P." in page(desk.get(address_of(theirs)))
    client = as_user(ana)
    assert "Dora P." not in page(client.get(address_of(mine)))  # closed
    client.post(address_of(mine, "message_open"), {"to": 2})
    answer = client.get(address_of(mine))
    assert "Ask Dora." in page(answer)
    links = [one.get("href") for one in parse(answer.text).iter("a")]
    assert "/messages/new/dora/" in links
    assert "/specialists/dora/" in links
    Specialist.objects.filter(pk=dora.pk).update(paused=True)
    found = page(client.get(address_of(mine)))
    assert "Dora P." not in found
    assert "They are not in the list of specialists at the moment." in found


def test_a_card_can_be_left_out_and_is_refused_once_nobody_is_listed(
    desk: Client, mara: Specialist, here: str, dora: Specialist
) -> None:
    Specialist.objects.filter(pk=dora.pk).update(paused=True)
    found = page(desk.post(here, fields(desk, here, text="Ask Dora.", refers_to=dora.pk)), 400)
    assert "The colleague is not in the list any more." in found
    assert "Ask Dora." in found
    assert Message.objects.count() == 2
    answer = desk.post(here, fields(desk, here, text="Ask Dora.", refers_to=dora.pk, leave_out="1"))
    assert answer.status_code == 303
    assert drafted(mara) == [("Ask Dora.", "")]


def test_a_colleague_is_chosen_only_for_ones_own_draft_as_a_specialist(
    desk: Client, as_user: AsUser, ana: User, mara: Specialist, here: str, dora: Specialist
) -> None:
    answer = desk.post(here, fields(desk, here, refer="1"))
    choose = answer.headers["Location"]
    assert as_user(dora.user).get(choose).headers["Location"] == "/messages/"
    client = as_user(mara.user)
    new = "/messages/new/dora/"  # to whom Mara writes as a member
    client.post(new, fields(client, new, keep="1"))
    draft = Draft.objects.get(side__thread__member=mara.pk)
    assert client.get(f"/practice/messages/refer/{draft.pk}/").headers["Location"] == "/messages/"
    Draft.objects.filter(owner=mara.user).update(sealed=b"\x00")
    assert client.get(choose).status_code == 302


def test_members_read_how_soon_an_answer_comes_or_that_none_does(
    as_user: AsUser, ana: User, mara: Specialist, dora: Specialist, here: str
) -> None:
    client, mine = as_user(ana), address_of(side_of(ana))
    for specialist in (mara, dora):
        ReplyTime.objects.create(specialist=specialist, median=timedelta(days=2))
    assert "Mara L. usually answers within two days." in page(client.get(mine))
    assert "Dora P. usually answers within two days." in page(client.get("/messages/new/dora/"))
    for specialist in (mara, dora):
        services.set_away(specialist_id=specialist.pk, first=None, last=date(2026, 11, 27), note="On the sea.", now=NOW)
    for path, name in ((mine, "Mara L."), ("/messages/new/dora/", "Dora P.")):
        found = page(client.get(path))
        assert f"{name} is away until Friday 27 November." in found
        assert "On the sea." in found
        assert "usually answers" not in found
    assert "usually" not in page(as_user(mara.user).get(here))
