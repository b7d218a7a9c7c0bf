"""Drafts of messages: kept as they are typed, never over what somebody else has written, and only for their writer."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from consultations.models import Specialist
from exchange.models import Draft, Side, Thread
from tests.conftest import AsUser
from tests.consultations.cast import page
from tests.exchange.messaging import address, fields, side_of, texts, thread

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


class Tab:
    """One open page with the form of a message."""

    def __init__(self, client: Client, path: str) -> None:
        self.http, self.path = client, path
        self.sent = fields(client, path)

    def save(self, text: str, **changed: Any) -> Any:
        self.sent |= {"text": text, "sequence": str(int(self.sent["sequence"]) + 1)}
        answer = self.http.post(f"{self.path}draft/", self.sent | changed)
        if answer.status_code == 200:
            self.sent["base_revision"] = answer.json()["revision"]
        return answer

    def send(self, text: str) -> Any:
        return self.http.post(self.path, self.sent | {"text": text})


@pytest.fixture
def tab(as_user: AsUser, ana: User, mara: Specialist) -> Tab:
    return Tab(as_user(ana), reverse("message_new", args=["mara-l"]))


def kept(owner: User) -> list[str]:
    return [row.words(owner).text for row in Draft.objects.visible_to(owner).latest_first()]


def test_a_draft_begins_a_conversation_of_which_only_its_writer_knows(tab: Tab, ana: User, mara: Specialist) -> None:
    for text in ("I", "I wait", "I waited."):
        answer = tab.save(text)
    mine = side_of(ana)
    assert answer.json() == {"revision": 3, "saved_at": "09:00", "left_out": "", "address": address(mine)}
    assert kept(ana) == ["I waited."]
    assert not Side.objects.visible_to(mara.user).exists()
    seen = tab.http.get(address(mine))
    assert "I waited." in page(seen)
    assert 'value="Noor"' in seen.text
    assert "A draft is kept here." in page(tab.http.get(reverse("messages")))
    assert tab.http.get(tab.path).headers["Location"] == address(mine)


def test_a_message_that_is_sent_leaves_no_draft(tab: Tab, ana: User, mara: Specialist) -> None:
    tab.save("I waited.")
    tab.send("I waited all day.")
    assert kept(ana) == []
    assert texts(mara.user) == ["I waited all day."]
    answer = tab.save("I waited all day. Still")  # on its way while the message was sent
    assert answer.status_code == 404
    assert answer.json()["error"]
    assert kept(ana) == []


def test_of_two_tabs_both_versions_are_kept(tab: Tab, ana: User) -> None:
    tab.save("One.")
    mine = side_of(ana)
    second, third = (Tab(tab.http, address(mine)) for _ in range(2))
    assert second.save("One two.").status_code == 200
    for text in ("One three.", "One three four."):
        answer = third.save(text)
        assert answer.status_code == 409
        assert answer.json()["decide"] == address(mine)
    assert sorted(kept(ana)) == ["One three four.", "One two."]
    seen = tab.http.get(address(mine))
    assert "One two." in page(seen)
    assert "One three four." in page(seen)
    other = Draft.objects.visible_to(ana).latest_first()[1]
    chosen = fields(tab.http, f"{address(mine)}?draft={other.pk}")
    assert chosen["message"] == str(other.pk)


def test_a_repeated_request_changes_nothing(tab: Tab, ana: User) -> None:
    tab.save("One.")
    before = dict(tab.sent)
    tab.save("One two.")
    answer = tab.http.post(f"{tab.path}draft/", before)
    assert answer.status_code == 200
    assert kept(ana) == ["One two."]


def test_keep_as_a_draft_needs_neither_a_script_nor_a_name(tab: Tab, ana: User, mara: Specialist) -> None:
    mara.profession = "Counsellor"
    mara.save()
    led = tab.http.post(tab.path, tab.sent | {"text": "Half a sentence", "name": "", "keep": "1"})
    mine = side_of(ana)
    assert led.headers["Location"] == address(mine)
    seen = page(tab.http.get(address(mine)))
    assert "Kept as a draft. Only you can read it." in seen
    assert "Half a sentence" in seen
    assert "Counsellor · See the profile" in seen  # no name is chosen yet, and nothing stands for it
    old = tab.sent | {"text": "Back, and other words", "keep": "1"}
    tab.http.post(tab.path, old)
    assert sorted(kept(ana)) == ["Back, and other words", "Half a sentence"]


def test_a_long_draft_is_kept_until_it_is_short_enough(tab: Tab, ana: User) -> None:
    assert tab.save("x" * 50_000).status_code == 200
    answer = tab.save("x" * 50_001)
    assert answer.status_code == 400
    assert "50,000" in answer.json()["error"]
    assert page(tab.send("x" * 50_000), 400)
    assert kept(ana) == ["x" * 50_000]


def test_a_draft_is_deleted_and_an_empty_conversation_with_it(tab: Tab, ana: User, mara: Specialist) -> None:
    tab.save("One.")
    mine, draft = side_of(ana), Draft.objects.get()
    led = tab.http.post(reverse("message_discard", args=[mine.pk, draft.pk]))
    assert led.headers["Location"] == reverse("messages")
    assert not Thread.objects.exists()
    mine, _ = thread(ana, mara, now=NOW)
    Tab(tab.http, address(mine)).save("Two.")
    led = tab.http.post(reverse("message_discard", args=[mine.pk, Draft.objects.get().pk]))
    assert led.headers["Location"] == address(mine)
    assert kept(ana) == []


def test_nobody_saves_for_another(tab: Tab, as_user: AsUser, ana: User, ben: User, mara: Specialist) -> None:
    tab.save("One.")
    address_of_ana = f"{address(side_of(ana))}draft/"
    assert Client().post(tab.path + "draft/", tab.sent).status_code == 401
    assert Client().post(address_of_ana, tab.sent).status_code == 401
    client = as_user(ben)
    assert client.post(tab.path + "draft/", tab.sent).status_code == 403  # the form is Ana's
    as_own = tab.sent | {"writer": str(ben.pk), "text": "Ben's."}
    assert client.post(address_of_ana, as_own).status_code == 404
    assert client.post(tab.path + "draft/", as_own).status_code == 404  # the id is Ana's
    assert (kept(ana), kept(ben)) == (["One."], [])


@pytest.mark.parametrize("field", ["message", "client", "sequence", "base_revision", "writer"])
def test_an_incomplete_request_is_refused(tab: Tab, ana: User, field: str) -> None:
    assert tab.save("One.", **{field: "x"}).status_code in {400, 403}
    assert kept(ana) == []


def test_what_is_typed_is_limited_by_rate_and_room(tab: Tab, ana: User, settings: Settings) -> None:
    settings.QUOTA = settings.QUOTA_BEYOND = 0
    assert "full" in tab.save("One.").json()["error"]
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"writing": (1, 86_400, 10_000)}
    assert tab.save("Two.").status_code in {400, 429}
    assert tab.save("Three.").status_code == 429


def test_a_lost_session_gives_the_words_back(tab: Tab, ana: User, mara: Specialist) -> None:
    tab.http.logout()
    answer = tab.send("Words that must stay.")
    assert answer.status_code == 401
    assert "Words that must stay." in answer.text
    assert "Your words are still here." in page(answer, 401)
    assert not Draft.objects.exists()
    tab.http.force_login(ana)
    tab.send("Words that must stay.")
    assert texts(mara.user) == ["Words that must stay."]


def test_words_of_somebody_else_are_shown_to_nobody(tab: Tab, as_user: AsUser, ben: User) -> None:
    client = as_user(ben)
    answer = client.post(tab.path, tab.sent | {"text": "Words of Ana."})
    assert answer.status_code == 403
    assert "Words of Ana." not in answer.text
    assert not Thread.objects.exists()
    assert uuid4()


def test_a_form_whose_id_is_damaged_comes_back(tab: Tab, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    damaged = Tab(tab.http, address(mine)).sent | {"message": "0000-00-00", "base_revision": "1"}
    assert "arrived incomplete" in page(tab.http.post(address(mine), damaged), 400)
