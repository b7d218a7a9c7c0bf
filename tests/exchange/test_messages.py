"""Writing messages: from the profile to the answer, what is refused, and what nobody is told."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from consultations.models import Specialist
from consultations.services.leaving import block
from exchange import reading
from exchange.models import Draft, Message, Side, Thread
from exchange.services import messages
from exchange.services.messages import LONGEST, Closed, SentAlready
from tests.conftest import AsUser
from tests.consultations.cast import UNLISTED, page, unlist, verified
from tests.exchange.messaging import WORDS, address, asked, fields, letter, new_messages, post, side_of, texts, thread
from tests.html import followed
from tests.notices import new_about

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
CLOSED = "This conversation is closed"
SENT = "Your message has been sent."


@pytest.fixture
def new() -> str:
    return reverse("message_new", args=["mara-l"])


# From the profile to the answer


def test_a_message_is_written_sent_opened_and_answered(as_user: AsUser, ana: User, mara: Specialist, new: str) -> None:
    client = as_user(ana)
    assert f'href="{new}"' in client.get(reverse("specialist", args=["mara-l"])).text
    answer = post(client, new)
    mine = side_of(ana)
    assert answer.headers["Location"] == address(mine)
    assert SENT in (seen := page(client.get(address(mine))))
    assert WORDS in seen

    client = as_user(mara.user)
    assert re.search(r"Messages ?, 1 new", page(client.get("/today/")))
    theirs = side_of(mara.user)
    for path in (reverse("messages"), address(theirs)):
        seen = page(client.get(path))
        assert "Noor" in seen
        assert WORDS not in seen
        assert "ana@" not in seen
    opened = client.post(address(theirs, "message_open"), {"to": 1})
    assert (opened.status_code, opened.headers["Location"]) == (303, f"{address(theirs)}#m1")
    assert WORDS in page(client.get(address(theirs)))
    assert "1 new" not in page(client.get("/today/"))
    answer = post(client, address(theirs), text="Marked answer.")
    assert answer.headers["Location"] == address(theirs)
    assert texts(ana) == texts(mara.user) == [WORDS, "Marked answer."]
    assert Message.objects.count() == 4


def test_a_visitor_is_told_why_to_log_in_and_comes_back(client: Client, ana: User, mara: Specialist, new: str) -> None:
    led = client.get(new)
    assert led.headers["Location"] == f"/accounts/login/?next={new}"
    assert "You need to be logged in to send messages." in client.get(led.headers["Location"]).text
    given = {"login": ana.email, "password": "look-at-the-balance", "next": new}
    assert client.post("/accounts/login/", given).headers["Location"] == new
    assert not Thread.objects.exists()


def test_a_conversation_that_has_begun_goes_on(as_user: AsUser, ana: User, mara: Specialist, new: str) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    assert as_user(ana).get(new).headers["Location"] == address(mine)
    Specialist.objects.update(paused=True)  # not listed any more
    client = as_user(ana)
    assert client.get(new).headers["Location"] == address(mine)
    assert SENT in page(client.get(post(client, address(mine), text="More.").headers["Location"]))
    assert texts(mara.user) == [WORDS, "More."]


@pytest.mark.parametrize("fields_of", UNLISTED, ids=str)
def test_nothing_begins_with_whom_nobody_finds(
    as_user: AsUser, ana: User, mara: Specialist, new: str, fields_of: dict[str, Any]
) -> None:
    client = as_user(ana)
    sent = fields(client, new)
    unlist(mara, fields_of)
    assert client.get(new).status_code == 404
    seen = page(client.post(new, sent), 409)
    assert CLOSED in seen
    assert WORDS in seen
    assert client.post(f"{new}draft/", sent).status_code == 404
    assert not Thread.objects.exists()


def test_nobody_writes_to_themselves(as_user: AsUser, mara: Specialist, new: str) -> None:
    client = as_user(mara.user)
    assert "Write a message" not in client.get(reverse("specialist", args=["mara-l"])).text
    assert client.get(new).status_code == 404
    assert client.post(new, {"text": WORDS}).status_code == 303
    assert not Thread.objects.exists()


def test_the_name_is_chosen_once(as_user: AsUser, ana: User, mara: Specialist, new: str) -> None:
    client = as_user(ana)
    assert "Write what you would like to be called" in page(post(client, new, name=" \u200b"), 400)
    assert not Thread.objects.exists()
    post(client, new, name="No\u202eor")
    mine = side_of(ana)
    assert "name" not in re.findall(r'name="(\w+)"', client.get(address(mine)).text)
    post(client, address(mine), name="Somebody", text="More.")
    messages.rename(owner=ana, side=mine, name="Somebody")
    assert side_of(ana).terms(ana).me == side_of(mara.user).terms(mara.user).other == "Noor"


# What is refused


@pytest.mark.parametrize("text", ["", " \n ", "\u200b\u2060"])
def test_a_message_has_words(as_user: AsUser, ana: User, mara: Specialist, new: str, text: str) -> None:
    assert "Write your message." in page(post(as_user(ana), new, text=text), 400)
    assert not Message.objects.exists()


def test_the_longest_message_is_sent_and_one_more_character_is_kept(
    as_user: AsUser, ana: User, mara: Specialist, new: str
) -> None:
    client = as_user(ana)
    seen = page(post(client, new, text="é" * (LONGEST + 1)), 400)
    assert "up to 4,000 characters. This one has 4,001." in seen
    assert "é" * (LONGEST + 1) in seen
    post(client, new, text="é" * LONGEST)
    assert texts(mara.user) == ["é" * LONGEST]


def test_words_are_shown_as_they_are_and_lead_nowhere(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, "<b>bold</b> https://example.org \u202eback", now=NOW)
    html = as_user(ana).get(address(mine)).text
    assert "&lt;b&gt;bold&lt;/b&gt; https://example.org" in html
    assert 'href="https://example.org' not in html
    assert 'dir="auto"><p>&lt;b&gt;' in html


def test_a_form_that_is_sent_twice_sends_one_message(as_user: AsUser, ana: User, mara: Specialist, new: str) -> None:
    client = as_user(ana)
    sent = fields(client, new)
    for _twice in range(2):
        assert SENT in page(client.get(client.post(new, sent).headers["Location"]))
    assert texts(mara.user) == [WORDS]
    seen = client.post(new, sent | {"text": "Other words."})
    assert "send them once more as a new message" in page(seen, 409)
    assert texts(mara.user) == [WORDS]
    path = followed(seen).request["PATH_INFO"]
    again = fields(client, f"{path}?{seen.headers['Location'].partition('?')[2]}", text="Other words.")
    assert again["message"] != sent["message"]
    client.post(new, again)
    assert texts(mara.user) == [WORDS, "Other words."]


def test_the_id_of_somebody_elses_message_sends_nothing(
    as_user: AsUser, ana: User, ben: User, mara: Specialist, new: str
) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    taken = mine.messages.get().pk
    assert page(post(as_user(ben), new, message=taken), 409)
    assert Message.objects.count() == 2
    assert Message.objects.visible_to(ben).count() == 0


def test_floods_meet_limits_and_lose_nothing(as_user: AsUser, ana: User, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"thread": (2, 86_400, 10_000), "message": (3, 86_400, 10_000)}
    client = as_user(ana)
    for number in range(3):
        host = verified(User.objects.create_user(f"host{number}@example.org"))
        answer = post(client, reverse("message_new", args=[host.slug]), text=f"Words {number}.")
    assert "as many conversations" in (seen := page(answer, 429))
    assert "Words 2." in seen
    assert [words.text for _, words in reading.drafts(ana, side_of_draft(ana)) if words] == ["Words 2."]
    first = Side.objects.visible_to(ana).filter(messages__number=1).first()
    assert first
    post(client, address(first), text="Words 3.")
    assert "as many messages" in page(post(client, address(first), text="Words 4."), 429)
    assert texts(ana) == ["Words 0.", "Words 1.", "Words 3."]
    assert Draft.objects.visible_to(ana).count() == 2


def side_of_draft(owner: User) -> Side:
    return Draft.objects.visible_to(owner).select_related("side__thread").get().side


def test_nobody_else_sees_or_changes_a_conversation(
    as_user: AsUser, ana: User, ben: User, dana: User, mara: Specialist
) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    other = verified(User.objects.create_user("dora@example.org"))
    draft = uuid4()
    for somebody in (ben, other.user, dana):
        client = as_user(somebody)
        for side in (mine, theirs):
            assert client.get(address(side)).status_code == 404
            assert client.post(address(side), {"text": WORDS}).status_code == 404
            for name in ("message_open", "message_shows"):
                assert client.post(address(side, name), {"to": 1}).status_code == 404
            assert client.post(address(side, "message_draft"), {}).status_code == 404
            assert client.post(reverse("message_discard", args=[side.pk, draft])).status_code == 404
        assert client.get(reverse("messages")).status_code == 200
    assert (texts(mara.user), new_messages(mara.user)) == ([WORDS], 1)


# What nobody is told


def test_who_writes_after_a_block_reads_that_it_is_closed(
    as_user: AsUser, ana: User, mara: Specialist, new: str
) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    before = as_user(ana).get(address(mine)).text
    block(owner=mara.user, other_id=ana.pk, now=NOW)
    client = as_user(ana)
    after = client.get(address(mine)).text
    assert re.sub(r'value="[^"]*"', "", after) == re.sub(r'value="[^"]*"', "", before)
    seen = page(post(client, address(mine), text="Marked draft."), 409)
    assert CLOSED in seen
    assert "Marked draft." in seen
    assert SENT not in seen
    assert "Other specialists" in seen
    assert "block" not in seen.lower()
    assert texts(mara.user) == [WORDS]
    assert new_messages(mara.user) == 0
    assert new_about(mara.user) == []
    assert "Marked draft." in page(client.get(address(mine)))
    with pytest.raises(Closed):  # nor does the one who has blocked
        messages.send(owner=mara.user, side=theirs, letter=letter(), now=NOW)


def test_a_new_conversation_with_somebody_who_has_blocked_is_closed(
    as_user: AsUser, ana: User, mara: Specialist, new: str
) -> None:
    block(owner=mara.user, other_id=ana.pk, now=NOW)
    client = as_user(ana)
    assert CLOSED in page(post(client, new), 409)
    assert not Side.objects.visible_to(mara.user).exists()
    assert WORDS in page(client.get(address(side_of(ana))))


def test_a_message_that_was_sent_stays_sent_after_a_block(
    as_user: AsUser, ana: User, mara: Specialist, new: str
) -> None:
    client = as_user(ana)
    sent = fields(client, new)
    client.post(new, sent)
    block(owner=mara.user, other_id=ana.pk, now=NOW)
    assert SENT in page(client.get(client.post(new, sent).headers["Location"]))


@pytest.mark.parametrize("left", [{"is_active": False}, {"closes_at": NOW + DAY}], ids=str)
def test_nobody_writes_to_a_closed_account(ana: User, mara: Specialist, left: dict[str, Any]) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    User.objects.filter(pk=mara.pk).update(**left)
    with pytest.raises(Closed):
        messages.send(owner=ana, side=mine, letter=letter(), now=NOW)
    with pytest.raises(Closed):
        messages.send(owner=mara.user, side=theirs, letter=letter(), now=NOW)


def test_a_suspended_specialist_writes_to_nobody(ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    Specialist.objects.update(status=Specialist.Status.SUSPENDED)
    for side in (mine, theirs):
        with pytest.raises(Closed):
            messages.send(owner=side.owner, side=side, letter=letter(), now=NOW)


# Sending


def test_sending_asks_few_queries(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    client = as_user(ana)
    sent = fields(client, address(mine))
    assert asked(partial(client.post, address(mine), sent)) <= 11
    assert len(texts(mara.user)) == 2


def test_a_form_with_no_id_comes_back(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    answer = post(as_user(ana), address(mine), message="true", base_revision="true")
    assert "arrived incomplete" in (seen := page(answer, 400))
    assert WORDS in seen
    assert "Delete the draft above" not in seen


def test_a_repeat_is_answered_at_the_limit(as_user: AsUser, ana: User, mara: Specialist, settings: Settings) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"message": (2, 86_400, 10_000)}
    client = as_user(ana)
    sent = fields(client, address(mine))
    for _again in range(3):
        assert SENT in page(client.get(client.post(address(mine), sent).headers["Location"]))
    assert "as many messages" in page(post(client, address(mine), text="More."), 429)
    assert texts(mara.user) == [WORDS, WORDS]


def test_send_raises_for_what_was_sent(ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    sent = letter()
    messages.send(owner=ana, side=mine, letter=sent, now=NOW)
    with pytest.raises(SentAlready) as again:
        messages.send(owner=ana, side=mine, letter=sent, now=NOW)
    assert again.value.same
