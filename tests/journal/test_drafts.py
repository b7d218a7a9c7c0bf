"""Drafts as the script of the writing page sends them: each answer says what became of the text."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from journal.models import Entry, Revision
from tests.conftest import AsUser

ADDRESS = "/journal/draft/"
PERSON = "/journal/draft/person/"


class Tab:
    """One open writing page: what it sends, and what it knows from the answers."""

    def __init__(self, client: Client, writer: User, entry: uuid.UUID | None = None, revision: int = 0) -> None:
        self.http, self.writer = client, writer
        self.entry = entry or uuid.uuid4()
        self.client = uuid.uuid4()
        self.revision, self.sequence = revision, 0

    def send(self, text: str = "Half a sentence", **fields: Any) -> Any:
        self.sequence += 1
        return self.repeat(text, **fields)

    def repeat(self, text: str = "Half a sentence", **fields: Any) -> Any:
        body = {
            "entry": self.entry,
            "writer": self.writer.pk,
            "client": self.client,
            "sequence": self.sequence,
            "base_revision": self.revision,
            "text_0": text,
        }
        response = self.http.post(ADDRESS, body | fields)
        if response.status_code == 200:
            self.revision = response.json()["revision"]
        return response

    @property
    def text(self) -> str:
        return Entry.objects.get(pk=self.entry).content(self.writer).texts[0]


@pytest.fixture
def tab(as_user: AsUser, ana: User) -> Tab:
    return Tab(as_user(ana), ana)


def test_first_draft_makes_the_entry(tab: Tab) -> None:
    assert not Entry.objects.exists()
    response = tab.send("I waited all afternoon.")
    assert response.status_code == 200
    assert response.json().keys() == {"revision", "saved_at", "left_out", "address"}
    assert tab.http.get(response.json()["address"]).status_code == 200
    assert tab.text == "I waited all afternoon."


def test_each_draft_replaces_the_one_before(tab: Tab) -> None:
    for text in ("I", "I waited", "I waited all afternoon."):
        assert tab.send(text).status_code == 200
    assert tab.text == "I waited all afternoon."
    assert Entry.objects.count() == 1


def test_time_is_told_in_the_persons_zone(as_user: AsUser, ana: User) -> None:
    ana.timezone = "Asia/Kathmandu"
    ana.save()
    tab = Tab(as_user(ana), ana)
    saved_at = tab.send().json()["saved_at"]
    changed_at = Entry.objects.get().changed_at
    assert saved_at[-2:] == f"{(changed_at.minute + 45) % 60:02}"


def test_same_request_again_gets_the_same_answer(tab: Tab) -> None:
    first = tab.send("once").json()
    tab.revision = 0
    assert tab.repeat("once").json() == first
    assert Entry.objects.get().revision == 1


def test_missed_answer_is_no_conflict_with_oneself(tab: Tab) -> None:
    tab.send("one")
    tab.revision = 0  # the answer never came
    assert tab.send("one two").status_code == 200
    assert tab.text == "one two"


def test_late_request_changes_nothing(tab: Tab) -> None:
    tab.send("one")
    tab.send("one two")
    tab.sequence = 1
    assert tab.repeat("one").status_code == 200
    assert tab.text == "one two"


def test_second_tab_gets_409_and_both_texts(tab: Tab) -> None:
    tab.send("as it was")
    second = Tab(tab.http, tab.writer, tab.entry, tab.revision)
    tab.send("from the first tab")
    response = second.send("from the second tab", tags="x" * 61)
    assert response.status_code == 409
    answer = response.json()
    assert "is too long: 60 letters at most" in answer["left_out"]
    kept = Revision.objects.beside().get()
    assert kept.content(tab.writer).texts == ("from the second tab",)
    assert answer["decide"] == f"/journal/{tab.entry}/versions/{kept.pk}/"
    page = tab.http.get(answer["decide"]).text
    assert "from the<mark> second</mark> tab" in page
    assert "from the<mark> first</mark> tab" in page
    assert page.index('value="both"') < page.index("<mark>")


def test_loser_goes_on_writing_beside_the_entry(tab: Tab) -> None:
    tab.send("as it was")
    other = Tab(tab.http, tab.writer, tab.entry, 0)
    for text in ("one", "one two", "one two three"):
        assert other.send(text).status_code == 409
    assert [kept.content(tab.writer).texts for kept in Revision.objects.beside()] == [("one two three",)]
    assert tab.text == "as it was"


def test_without_a_session_the_answer_is_401_and_no_redirect(ana: User) -> None:
    response = Tab(Client(), ana).send()
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/json"
    assert not Entry.objects.exists()
    assert Client().get(PERSON).status_code == 401


def test_another_person_saves_nothing(as_user: AsUser, ana: User, ben: User) -> None:
    assert Tab(as_user(ben), ana).send().status_code == 403
    assert not Entry.objects.exists()


def test_entry_of_another_person_is_not_found(tab: Tab, ben: User) -> None:
    tab.send("mine")
    client = Client()
    client.force_login(ben)
    response = Tab(client, ben, tab.entry, 1).send("not mine")
    assert response.status_code == 404
    assert "error" in response.json()
    assert tab.text == "mine"


def test_old_token_is_refused_and_the_new_one_is_taken(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    tab = Tab(client, ana)
    assert tab.send().status_code == 403
    answer = client.get(PERSON).json()
    assert answer["person"] == str(ana.pk)
    assert tab.send(csrfmiddlewaretoken=answer["token"]).status_code == 200


def test_too_long_a_text_is_refused_in_words(tab: Tab) -> None:
    assert tab.send("x" * 50_000).status_code == 200
    response = tab.send("x" * 50_001)
    assert response.status_code == 400
    assert "50001" in response.json()["error"].replace(",", "")
    assert len(tab.text) == 50_000


def test_longest_text_of_the_widest_characters_fits(tab: Tab) -> None:
    assert tab.send("🙂" * 50_000).status_code == 200
    assert tab.text == "🙂" * 50_000


def test_more_than_the_site_takes_is_413(tab: Tab) -> None:
    assert tab.send("x" * 600_000).status_code == 400  # read, and refused as too long
    assert tab.send("x" * 3_000_000).status_code == 413
    assert not Entry.objects.exists()


def test_half_a_character_loses_nothing_else(tab: Tab) -> None:
    """Browsers never send a lone surrogate; from a hand-made request it arrives as replacement characters."""
    body = (
        f"entry={tab.entry}&writer={tab.writer.pk}&client={tab.client}&sequence=1&base_revision=0"
        "&text_0=before%ED%A0%80after"
    )
    response = tab.http.post(ADDRESS, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert tab.text.startswith("before")
    assert tab.text.endswith("after")


@pytest.mark.parametrize(
    "field",
    [{"entry": "x"}, {"client": ""}, {"sequence": "-1"}, {"base_revision": "9" * 12}],
    ids=lambda field: next(iter(field)),
)
def test_bad_input_is_refused_in_words(tab: Tab, field: dict[str, str]) -> None:
    response = tab.send(**field)
    assert response.status_code == 400
    assert response.json()["error"]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"day": "31.02."}, "Choose a day"),
        ({"time": "25:00"}, "Choose a time"),
        ({"tags": "x" * 61}, "is too long: 60 letters at most"),
        ({"tags": ",".join(map(str, range(21)))}, "An entry can have up to 20 tags"),
    ],
    ids=["day", "time", "long tag", "many tags"],
)
def test_what_is_wrong_beside_the_words_holds_no_word_back(tab: Tab, field: dict[str, str], words: str) -> None:
    tab.send("Before.", tags="kept", day="2026-01-02", time="10:00")
    before = Entry.objects.get()
    response = tab.send("Before and after.", **({"tags": "kept", "day": "2026-01-02", "time": "10:00"} | field))
    assert (response.status_code, tab.text) == (200, "Before and after.")
    assert words in response.json()["left_out"]
    entry = Entry.objects.get()
    assert (entry.content(tab.writer).tags, entry.date) == (("kept",), before.date)


def test_control_characters_go_and_words_stay(tab: Tab) -> None:
    tab.send("one\x00 two\x1b\r\nthree")
    assert tab.text == "one two\nthree"


def test_entry_that_cannot_be_opened_is_not_written_over(tab: Tab) -> None:
    tab.send("kept")
    Entry.objects.update(sealed=b"\x01" + b"0" * 300)
    response = tab.send("over it")
    assert response.status_code == 400
    assert response.json()["error"] == "This entry can’t be opened. It has not been changed."
    assert bytes(Entry.objects.get().sealed) == b"\x01" + b"0" * 300


def test_answers_are_kept_nowhere(tab: Tab) -> None:
    assert "no-store" in tab.send().headers["Cache-Control"]
    assert "no-store" in tab.http.get(PERSON).headers["Cache-Control"]
    assert tab.http.get(ADDRESS).status_code == 405
