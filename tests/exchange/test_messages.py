"""Messages: sending, reading and opening them, and what each of the two sees."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Notice, Unread, User
from accounts.notices import Kind, shown
from accounts.services import erase_account
from consultations.models import Photo, Specialist
from consultations.services.leaving import block
from exchange import reading, tasks
from exchange.models import Draft, Message, Side, Thread
from exchange.services import messages
from exchange.services.messages import LONGEST, Closed, SentAlready
from tests.accounts.portable import exported, parts, read
from tests.conftest import AsUser
from tests.consultations.cast import UNLISTED, page, unlist, verified
from tests.exchange.messaging import WORDS, address, fields, letter, reply, side_of, texts, thread
from tests.html import followed
from tests.notices import new_about

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
CLOSED = "This conversation is closed"
SENT = "Your message has been sent."


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", slug="mara-l")


@pytest.fixture
def new() -> str:
    return reverse("message_new", args=["mara-l"])


def new_messages(user: User) -> int:
    row = Unread.objects.filter(owner=user).first()
    return row.messages if row else 0


def post(client: Client, path: str, **changed: Any) -> Any:
    return client.post(path, fields(client, path, **changed))


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


# Opening


def test_looking_opens_nothing(as_user: AsUser, ana: User, mara: Specialist) -> None:
    _, theirs = thread(ana, mara, "First.", "Second.", now=NOW)
    client = as_user(mara.user)
    for path in (reverse("messages"), address(theirs), reverse("notices"), address(theirs, "message_open")):
        client.get(path)
        client.head(path)
    assert new_messages(mara.user) == 2
    assert Side.objects.get(pk=theirs.pk).opened_to == 0
    assert new_about(mara.user) == [(Kind.MESSAGE, theirs.pk)]


def test_what_came_after_the_page_stays_closed(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, "First.", now=NOW)
    client = as_user(mara.user)
    html = client.get(address(theirs)).text
    assert '<input type="hidden" name="to" value="1">' in html
    reply(mine, "Second.", now=NOW)
    client.post(address(theirs, "message_open"), {"to": 1})
    seen = page(client.get(address(theirs)))
    assert "First." in seen
    assert "Second." not in seen
    assert new_messages(mara.user) == 1
    assert new_about(mara.user) == [(Kind.MESSAGE, theirs.pk)]
    client.post(address(theirs, "message_open"), {"to": 99})
    assert "Second." in page(client.get(address(theirs)))
    assert new_messages(mara.user) == 0
    assert new_about(mara.user) == []
    client.post(address(theirs, "message_open"), {"to": 1})  # a page that was open for long
    assert Side.objects.get(pk=theirs.pk).opened_to == 2


@pytest.mark.parametrize("to", ["", "x", "-1", "1.5", "²", "9" * 40])
def test_an_odd_number_opens_nothing(as_user: AsUser, ana: User, mara: Specialist, to: str) -> None:
    _, theirs = thread(ana, mara, now=NOW)
    assert as_user(mara.user).post(address(theirs, "message_open"), {"to": to}).status_code == 404
    assert new_messages(mara.user) == 1


def test_the_weekday_of_opening_is_shown_once_the_reader_wants_that(
    as_user: AsUser, ana: User, mara: Specialist
) -> None:
    mine, theirs = thread(ana, mara, "First.", now=NOW)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    client = as_user(mara.user)
    client.post(address(theirs, "message_shows"), {"shows": "on"})
    reply(mine, "Second.", now=NOW)
    mara.user.timezone = "Pacific/Auckland"
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=2, now=NOW + timedelta(hours=5))
    client.post(address(theirs, "message_shows"), {})
    reply(mine, "Third.", now=NOW)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=3, now=NOW)
    own = Message.objects.visible_to(ana).order_by("number")
    assert [str(row.opened_on) for row in own] == ["None", "2026-11-24", "None"]
    seen = page(as_user(ana).get(address(mine)))
    assert "Opened Tuesday" in seen
    assert seen.count("Opened") == 1
    assert not Message.objects.visible_to(mara.user).exclude(opened_on=None).exists()


def test_nothing_is_shown_of_opening_after_a_block(ana: User, mara: Specialist) -> None:
    _, theirs = thread(ana, mara, now=NOW)
    messages.show_opened(owner=mara.user, side_id=theirs.pk, shows=True)
    block(owner=mara.user, other_id=ana.pk, now=NOW)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    assert not Message.objects.exclude(opened_on=None).exists()


def test_a_notice_says_from_whom_and_leads_to_the_conversation(ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    [one] = shown(mara.user, [*Notice.objects.visible_to(mara.user)], NOW)
    assert (one.line.words, one.line.about) == ("A message has arrived.", "Noor")
    assert one.line.link == address(theirs)
    reply(theirs, now=NOW)
    [one] = shown(ana, [*Notice.objects.visible_to(ana)], NOW)
    assert (one.line.about, one.line.link) == ("Mara L.", address(mine))
    Thread.objects.all().delete()
    [one] = shown(ana, [*Notice.objects.visible_to(ana)], NOW)
    assert one.line.words == "A message had arrived. The conversation is no longer kept here."


# Counting


def test_what_is_new_is_counted_in_every_way_it_changes(ana: User, ben: User, mara: Specialist) -> None:
    thread(ana, mara, "1", "2", now=NOW)
    mine, _ = thread(ben, mara, "3", now=NOW + DAY)
    assert new_messages(mara.user) == 3
    _, theirs = mine, side_of(mara.user)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    assert (new_messages(mara.user), new_messages(ana), new_messages(ben)) == (2, 0, 0)
    reply(theirs, now=NOW + DAY)
    assert new_messages(ben) == 1
    Thread.objects.filter(member=ana).delete()
    assert new_messages(mara.user) == 0
    erase_account(owner=mara.user, now=NOW)
    assert new_messages(ben) == 1
    erase_account(owner=ben, now=NOW)
    assert Unread.objects.filter(messages__gt=0).count() == 0


# Lists and pages


def test_the_list_shows_who_what_and_when_and_pages_by_key(
    as_user: AsUser, ana: User, mara: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    for number in range(5):
        member = User.objects.create_user(f"m{number}@example.org")
        thread(member, mara, f"Words {number}.", now=NOW + number * DAY, name=f"Member {number}")
    newest = side_of(mara.user)
    messages.open_arrived(owner=mara.user, side_id=newest.pk, to=1, now=NOW)
    client = as_user(mara.user)
    seen, path = [], reverse("messages")
    for _page in range(3):
        html = client.get(path).text
        page(client.get(path))
        listed = html.partition('id="all"')[2]
        seen += re.findall(r"<bdi>(Member \d)", listed)
        assert "Words 0." not in html
        if older := re.search(r'href="(\?after=[^"]+)"', listed):
            path = reverse("messages") + older[1]
    assert seen == [f"Member {number}" for number in (4, 3, 2, 1, 0)]
    first = client.get(reverse("messages")).text
    assert "Words 4." in first
    assert first.count('name="to"') == 2
    for odd in ("x", str(uuid4())):
        assert client.get(reverse("messages"), {"after": odd}).status_code in {200, 404}


def test_a_long_conversation_pages_by_number(
    as_user: AsUser, ana: User, mara: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    mine, _ = thread(ana, mara, *(f"Words {number}." for number in range(5)), now=NOW)
    client = as_user(ana)
    path, seen = address(mine), []
    for _page in range(3):
        html = client.get(path).text
        seen.append(re.findall(r"Words \d", html))
        if earlier := re.search(r'href="(\?before=\d+)"', html):
            path = address(mine) + earlier[1]
    assert seen == [["Words 3", "Words 4"], ["Words 1", "Words 2"], ["Words 0"]]
    assert client.get(address(mine), {"before": "x"}).status_code == 200


def asked(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        ask()
    return len([query for query in found if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])


def test_pages_ask_the_database_the_same_number_of_times(as_user: AsUser, mara: Specialist) -> None:
    counts = []
    for number in range(3):
        member = User.objects.create_user(f"m{number}@example.org")
        mine, theirs = thread(member, mara, *["Words."] * (number + 1), now=NOW + number * DAY)
        reply(theirs, now=NOW + number * DAY)
        for user, side in ((mara.user, theirs), (member, mine)):
            client = as_user(user)
            for path in (reverse("messages"), address(side)):
                client.get(path)
                counts.append(asked(partial(client.get, path)))
    # Session and account; the list, and of who has new messages those; the frame and the messages; saved texts.
    assert counts == [4, 5, 4, 4] * 3


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


@pytest.mark.parametrize("fields_of", [{}, *UNLISTED], ids=str)
def test_a_conversation_leads_to_a_profile_that_is_listed(
    as_user: AsUser, ana: User, mara: Specialist, fields_of: dict[str, Any]
) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    Photo.objects.create(specialist=mara, sha256="a" * 64, webp=b"x")
    if fields_of:
        unlist(mara, fields_of)
    seen = as_user(ana).get(address(mine)).text
    assert ("See the profile" in seen) == ("Book a free half hour" in seen) == (not fields_of)
    assert reverse("photo", args=["a" * 64]) in seen
    assert reading.conversation(mara.user, theirs.pk, NOW).specialist is None


def test_a_member_sees_how_the_specialist_is_called_now(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    Specialist.objects.update(name="Mara Lindqvist")
    client = as_user(ana)
    for path in (reverse("messages"), address(mine)):
        assert "Mara Lindqvist" in page(client.get(path))


def test_what_cannot_be_opened_is_said_and_breaks_nothing(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _theirs = thread(ana, mara, "First.", "Second.", now=NOW)
    Message.objects.visible_to(ana).filter(number=1).update(sealed=b"x")
    client = as_user(ana)
    seen = page(client.get(address(mine)))
    assert "can't be opened" in seen
    assert "Second." in seen
    Side.objects.filter(pk=mine.pk).update(sealed=b"x")
    for path in (reverse("messages"), address(mine)):
        assert "Mara L." in page(client.get(path))
    assert "cannot_be_opened" in read(exported(ana))


# Keeping and erasing


def test_erasing_one_account_leaves_the_other_ones_copies_marked(as_user: AsUser, ana: User, mara: Specialist) -> None:
    _mine, theirs = thread(ana, mara, "First.", now=NOW)
    reply(theirs, "Second.", now=NOW)
    erase_account(owner=ana, now=NOW)
    assert texts(mara.user) == ["First.", "Second."]
    assert Thread.objects.get().member is None
    client = as_user(mara.user)
    client.post(address(theirs, "message_open"), {"to": 2})
    seen = page(client.get(address(theirs)))
    assert "This account is deleted" in seen
    assert "First." in seen
    assert "Send" not in seen
    assert "The other account is deleted." in page(client.get(reverse("messages")))
    sent = {"message": uuid4(), "writer": mara.pk, "client": uuid4(), "sequence": 1, "base_revision": 0, "text": "x"}
    assert CLOSED in page(client.post(address(theirs), sent), 409)
    erase_account(owner=mara.user, now=NOW)
    assert not (Message.objects.exists())
    assert not (Side.objects.exists())
    tasks.forget_messages(timestamp=int(NOW.timestamp()))
    assert not Thread.objects.exists()


def test_a_member_keeps_what_a_specialist_who_has_left_wrote(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    reply(theirs, "Second.", now=NOW)
    messages.open_arrived(owner=ana, side_id=mine.pk, to=2, now=NOW)
    erase_account(owner=mara.user, now=NOW)
    seen = page(as_user(ana).get(address(mine)))
    assert "Mara L." in seen
    assert "Second." in seen
    assert "This account is deleted" in seen


def test_a_conversation_goes_twelve_months_after_its_last_word(ana: User, ben: User, mara: Specialist) -> None:
    def work(now: datetime) -> int:
        tasks.forget_messages(timestamp=int(now.timestamp()))
        return Thread.objects.count()

    thread(ana, mara, now=NOW)
    mine, _ = thread(ben, mara, now=NOW)
    reply(mine, now=NOW + DAY)
    end = NOW.replace(year=2027)
    assert work(end) == 2
    assert work(end + timedelta(seconds=1)) == 1
    assert texts(ana) == []
    assert new_messages(mara.user) == 2
    assert work(end + DAY + timedelta(seconds=1)) == 0
    assert new_messages(mara.user) == 0


def test_a_download_holds_ones_own_copies_and_nothing_of_drafts_of_others(
    ana: User, mara: Specialist, as_user: AsUser, new: str
) -> None:
    mine, theirs = thread(ana, mara, "First.", now=NOW)
    reply(theirs, "Second.", now=NOW)
    client = as_user(mara.user)
    post(client, address(theirs), text="Marked draft.", keep="1")
    file = exported(ana)
    first, second = parts(file)["messages"]
    assert first | {"id": ""} == {
        "id": "",
        "conversation": str(mine.pk),
        "my_name": "Noor",
        "other": "Mara L.",
        "by_me": True,
        "at": NOW.isoformat(),
        "text": "First.",
    }
    assert (second["by_me"], second["text"]) == (False, "Second.")
    text = read(file, "messages.md")
    assert "## Mara L.\n" in text
    assert "### 2026-11-23 09:00, You\n\nFirst.\n" in text
    assert "### 2026-11-23 09:00, Mara L.\n\nSecond.\n" in text
    assert "Marked draft." not in text + read(file)
    theirs_file = exported(mara.user)
    assert "Marked draft." in read(theirs_file)
    assert "Marked draft." in read(theirs_file, "messages.md")
    assert ana.email not in read(theirs_file)


def test_send_raises_for_what_was_sent(ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    sent = letter()
    messages.send(owner=ana, side=mine, letter=sent, now=NOW)
    with pytest.raises(SentAlready) as again:
        messages.send(owner=ana, side=mine, letter=sent, now=NOW)
    assert again.value.same
