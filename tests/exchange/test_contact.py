"""Writing to those who run the site: with an account, without one, and by programs."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.erasure import ask_to_close
from accounts.models import Held, Mail, Notice, User
from accounts.sealing import CannotOpen, unseal_for_site
from exchange.models import Contact
from exchange.services import contact
from exchange.services.contact import REPLY_DAYS
from tests.conftest import AsUser
from tests.exchange.written import CONTACT, WORDS, fields, written
from tests.html import assert_valid_html, followed, text_of
from tests.outbox import mailed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
ANSWER, SENT = reverse("contact_answer"), reverse("contact_sent")


def page(response: Any, status: int = 200) -> str:
    response = followed(response)
    assert response.status_code == status
    return text_of(assert_valid_html(response.content))


def code_on(client: Client) -> str:
    found = re.search(r"<code>([\w-]+)</code>", client.get(SENT).text)
    assert found
    return found[1]


def enter(client: Client, code: str) -> str:
    return page(client.post(ANSWER, {"code": code}, follow=True))


# Without an account


def test_without_a_safe_address_the_answer_waits_behind_a_code(client: Client, dana: User) -> None:
    answer = client.post(CONTACT, fields(client, email="somebody@example.org"))
    assert (answer.status_code, answer.headers["Location"]) == (302, SENT)
    code = code_on(client)
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{5}(-[2-9A-HJ-NP-Z]{5}){3}", code)
    assert client.get(SENT).headers["Location"] == CONTACT  # it is shown once
    row = Contact.objects.get()
    assert (row.owner, row.topic, row.state, row.day) == (None, "privacy", "new", NOW.date())
    assert row.words().email == ""
    elsewhere = Client()
    assert "no answer yet" in enter(elsewhere, code)
    contact.answer(contact_id=row.pk, staff=dana, text="Marked\n\nanswer.", after=0, now=NOW)
    said = enter(elsewhere, f" {code.lower().replace('-', '')} ")
    assert "Marked" in said
    assert "answer." in said
    assert WORDS not in said  # whoever finds the code does not learn what was asked
    assert "Enter the code" in page(elsewhere.get(ANSWER))  # it is entered again for another look
    assert mailed() == []


def test_a_code_is_nowhere_but_on_the_page(client: Client) -> None:
    client.post(CONTACT, fields(client))
    code = code_on(client)
    row = Contact.objects.get()
    assert row.code_sha256 == contact.digest(code)
    assert code not in str(row.words()) + row.sealed


def test_a_wrong_code_opens_nothing(client: Client) -> None:
    _row, code = written(now=NOW)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for typed in (wrong, "", "x" * 60, "x" * 61, "²"):
        answer = client.post(ANSWER, {"code": typed})
        assert answer.status_code == 400
        assert_valid_html(answer.content)
    assert "No message belongs to this code." in client.post(ANSWER, {"code": wrong}).text


def test_codes_are_tried_twenty_times_from_one_network(client: Client) -> None:
    _row, code = written(now=NOW)
    for _try in range(20):
        assert client.post(ANSWER, {"code": "AAAAA"}).status_code == 400
    refused = client.post(ANSWER, {"code": code})
    assert refused.status_code == 429
    assert "Many codes were tried" in refused.text
    assert "no answer yet" in page(client.post(ANSWER, {"code": code}, REMOTE_ADDR="198.51.100.7", follow=True))


def test_an_address_that_is_safe_gets_the_answer_and_nothing_of_the_question(client: Client, dana: User) -> None:
    said = page(client.post(CONTACT, fields(client, mail="yes", email="Somebody@example.org"), follow=True))
    assert "Your message has been sent. The answer will come by e-mail." in said
    row = Contact.objects.get()
    assert (row.code_sha256, row.words().email) == (None, "Somebody@example.org")
    contact.answer(contact_id=row.pk, staff=dana, text="An answer.", after=0, now=NOW)
    contact.answer(contact_id=row.pk, staff=dana, text="An answer.", after=0, now=NOW)  # pressed twice
    [letter] = mailed()
    assert letter.to == ["somebody@example.org"]
    assert letter.subject == "You have a new message"
    assert "An answer." in str(letter.body)
    assert WORDS not in str(letter.body)
    assert Mail.objects.get().sealed is None
    assert len(Contact.objects.get().words().answers) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mail": "yes"}, "Write the address for our answer"),
        ({"mail": "yes", "email": "nobody"}, "Write an e-mail address like name@example.org."),
        ({"mail": "", "email": "a@example.org"}, "Say whether it is safe to write to this address"),
        ({"topic": ""}, "Choose what it is about."),
        ({"topic": "other"}, "Choose what it is about."),
        ({"text": " \n\u200b\u2800 "}, "Write your message."),
        ({"text": "x" * 4_001}, "4,000 characters at most"),
        ({"website": "https://spam.example"}, "We could not tell that a person sent this."),
        ({"stamp": ""}, "We could not tell that a person sent this."),
        ({"stamp": f"{uuid4()}:1w:x"}, "We could not tell that a person sent this."),
    ],
)
def test_a_refused_form_keeps_every_word(client: Client, changed: dict[str, str], said: str) -> None:
    sent = fields(client, **changed)
    answer = client.post(CONTACT, sent)
    shown = page(answer, 400)
    assert said in shown
    assert "no-store" in answer.headers["Cache-Control"]
    assert "js/unpost.js" in answer.text
    if sent["text"].strip(" \n\u200b\u2800"):
        assert sent["text"] in answer.text
    assert not Contact.objects.exists()


def test_a_refused_form_can_be_sent_after_all(client: Client) -> None:
    answer = client.post(CONTACT, fields(client, website="x", stamp="x"))
    again = dict(re.findall(r'name="(stamp|website)"[^>]*? value="([^"]*)"', answer.text))
    assert again.keys() == {"stamp"}  # and the trap is empty
    assert client.post(CONTACT, fields(client) | again).status_code == 302


def test_four_thousand_characters_fit_with_their_line_ends(client: Client) -> None:
    text = "a\r\n" * 1_999 + "🙂"
    assert client.post(CONTACT, fields(client, text=text)).status_code == 302
    assert Contact.objects.get().words().asked.text == text.replace("\r\n", "\n")


def test_nobody_is_as_quick_as_a_program(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exchange.forms.contact.LEAST", timedelta(seconds=3))
    sent = fields(client)
    refused = client.post(CONTACT, sent)
    assert "That was too quick" in page(refused, 400)
    assert WORDS in refused.text
    assert sent["stamp"] in refused.text
    with time_machine.travel(NOW + timedelta(seconds=4), tick=False):
        assert client.post(CONTACT, sent).status_code == 302


def test_a_form_sent_twice_is_one_message(client: Client) -> None:
    sent = fields(client)
    for _press in range(2):
        assert client.post(CONTACT, sent).status_code == 302
    assert Contact.objects.count() == 1


def test_a_form_sent_again_with_other_words_loses_neither(client: Client) -> None:
    sent = fields(client)
    client.post(CONTACT, sent)
    refused = client.post(CONTACT, sent | {"text": "Other words."})
    assert "This form was sent before." in page(refused, 409)
    assert "Other words." in refused.text
    [stamp] = re.findall(r'name="stamp" value="([^"]*)"', refused.text)
    assert client.post(CONTACT, sent | {"text": "Other words.", "stamp": stamp}).status_code == 302
    assert Contact.objects.count() == 2


def test_a_network_sends_ten_an_hour_and_the_eleventh_keeps_its_words(client: Client) -> None:
    for _number in range(10):
        assert client.post(CONTACT, fields(client)).status_code == 302
    refused = client.post(CONTACT, fields(client))
    assert "so this one was not sent" in page(refused, 429)
    assert WORDS in refused.text
    assert client.post(CONTACT, fields(client), REMOTE_ADDR="198.51.100.7").status_code == 302
    assert Contact.objects.count() == 11


def test_nothing_tells_whether_an_address_has_an_account(ana: User) -> None:
    def tried(address: str) -> tuple[str, int]:
        client = Client()
        sent = fields(client, topic="access", mail="yes", email=address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(CONTACT, sent, follow=True)
        return re.sub(r'value="[^"]{40,}"', "", answer.text), len(queries)

    assert tried(ana.email) == tried("nobody@example.org")


# From an account


def test_a_member_finds_their_messages_and_the_answers(as_user: AsUser, ana: User, ben: User, dana: User) -> None:
    client = as_user(ana)
    assert "js/unpost.js" not in client.get(CONTACT).text
    for topic in ("other", "complaint"):
        sent = fields(client, topic=topic, text=f"Words about {topic}.", mail="yes", email="ana@example.org")
        said = page(client.post(CONTACT, sent, follow=True))
        assert "Your message has been sent. The answer will be on this page." in said
    first = Contact.objects.get(topic="other")
    assert (first.owner, first.words().email, first.code_sha256) == (ana, "", None)
    contact.answer(contact_id=first.pk, staff=dana, text="Marked answer.", after=0, now=NOW)
    shown = page(client.get(CONTACT))
    assert "Words about other." in shown
    assert "Marked answer." in shown
    assert "no answer yet" in shown
    assert "Words about" not in page(as_user(ben).get(CONTACT))
    assert mailed() == []


def test_an_answer_is_a_notice_for_the_member_who_wrote_and_for_nobody_else(
    as_user: AsUser, ana: User, ben: User, dana: User
) -> None:
    client = as_user(ana)
    client.post(CONTACT, fields(client, topic="complaint"))
    row = Contact.objects.get()
    contact.note(contact_id=row.pk, text="A note is no answer.", now=NOW)
    assert "We have answered" not in page(client.get("/notices/"))
    contact.answer(contact_id=row.pk, staff=dana, text="Marked answer.", after=0, now=NOW)
    assert "We have answered your message. A complaint" in page(client.get("/notices/"))
    (notice,) = Notice.objects.all()
    answer = client.post(f"/notices/{notice.pk}/open/")
    assert answer.headers["Location"] == f"{CONTACT}#{row.pk}"
    assert f'<li id="{row.pk}">' in client.get(CONTACT).text
    Contact.objects.filter(pk=row.pk).update(owner=ben)
    assert "A complaint" not in page(client.get("/notices/"))
    assert "We had answered a message of yours. It is no longer kept here." in page(client.get("/notices/"))


def test_a_members_refused_form_comes_back_sealed(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    answer = client.post(CONTACT, fields(client, topic=""))
    assert (answer.status_code, answer.content) == (303, b"")
    assert WORDS in client.get(answer.headers["Location"]).text
    assert WORDS.encode() not in bytes(Held.objects.get().sealed)


def test_a_member_sends_five_a_day_and_the_sixth_keeps_its_words(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    for _number in range(5):
        assert client.post(CONTACT, fields(client)).status_code == 302
    answer = client.post(CONTACT, fields(client))
    shown = client.get(answer.headers["Location"])
    assert shown.status_code == 429
    assert WORDS in shown.text
    assert Contact.objects.count() == 5


def test_words_outlive_the_session(as_user: AsUser, ana: User, ben: User) -> None:
    client = as_user(ana)
    sent = fields(client)
    client.logout()
    signed_out = client.post(CONTACT, sent)
    assert signed_out.status_code == 401
    assert WORDS in signed_out.text
    assert "You’re signed out." in page(signed_out, 401)
    stranger = as_user(ben).post(CONTACT, sent)
    assert stranger.status_code == 403
    assert WORDS not in stranger.text
    assert not Contact.objects.exists()


def test_whoever_is_leaving_can_still_write(as_user: AsUser, ana: User) -> None:
    ask_to_close(owner=ana, now=NOW)
    client = as_user(User.objects.get(pk=ana.pk))
    assert client.post(CONTACT, fields(client)).status_code == 302
    assert Contact.objects.get().owner == ana


def test_words_outlive_a_token(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post(CONTACT, {"text": WORDS, "topic": "press"})
    assert "The form could not be checked." in page(refused, 403)
    assert WORDS in refused.text
    assert "no-store" in refused.headers["Cache-Control"]
    elsewhere = client.post(CONTACT, {"text": WORDS}, headers={"sec-fetch-site": "cross-site"})
    assert WORDS not in elsewhere.text
    assert not Contact.objects.exists()


def test_pages_of_messages_by_key(as_user: AsUser, ana: User, ben: User) -> None:
    for number in range(25):
        written(ana, now=NOW - timedelta(days=number), text=f"Number {number}.")
    of_ben, _ = written(ben, now=NOW)
    client, seen, address = as_user(ana), [], CONTACT
    while address:
        shown = client.get(address).text
        seen += re.findall(r"Number (\d+)\.", shown)
        more = re.search(r'href="(\?after=[\w-]+)"', shown)
        address = CONTACT + more[1] if more else ""
    assert seen == [str(number) for number in range(25)]
    for unknown in (str(of_ben.pk), str(uuid4()), "x"):
        assert client.get(CONTACT, {"after": unknown}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three(as_user: AsUser, ana: User, count: int) -> None:
    for _number in range(count):
        written(ana, now=NOW)
    client = as_user(ana)
    client.get(CONTACT)
    with CaptureQueriesContext(connection) as queries:
        client.get(CONTACT)
    assert len(queries) == 3  # session, account, messages


def test_what_cannot_be_opened_says_so(as_user: AsUser, ana: User) -> None:
    row, _ = written(ana, now=NOW)
    other, code = written(now=NOW)
    Contact.objects.filter(pk__in=[row.pk, other.pk]).update(sealed=row.sealed[:-8] + "AAAAAAA=")
    assert "can’t be opened" in page(as_user(ana).get(CONTACT))
    assert "can’t be opened" in enter(Client(), code)


def test_words_of_one_message_open_in_no_other(ana: User) -> None:
    row, _ = written(ana, now=NOW)
    assert WORDS not in row.sealed
    assert unseal_for_site(Contact.LABEL, row.pk.bytes, row.sealed)
    with pytest.raises(CannotOpen):
        unseal_for_site(Contact.LABEL, uuid4().bytes, row.sealed)
    with pytest.raises(CannotOpen):
        unseal_for_site("accounts.mail", row.pk.bytes, row.sealed)


def test_the_newest_of_a_day_is_first(as_user: AsUser, ana: User) -> None:
    for minute in range(6):
        written(ana, now=NOW + timedelta(minutes=minute), text=f"Number {minute}.")
    assert re.findall(r"Number (\d)", as_user(ana).get(CONTACT).text) == ["5", "4", "3", "2", "1", "0"]


def test_help_stands_above_the_form_and_contact_on_every_page(client: Client, settings: Settings) -> None:
    shown = client.get(CONTACT, {"topic": "access"}).text
    assert shown.index("Help now</a>") < shown.index("<form class")
    assert 'value="access" selected' in shown
    assert f"within {('zero', 'one', 'two')[REPLY_DAYS]} working days" in text_of(assert_valid_html(shown))
    for path in ("/", "/help-now/", "/accounts/login/", "/nowhere/"):
        assert f'href="{CONTACT}"' in client.get(path).text
    assert f'href="{CONTACT}?topic=access"' in client.get("/accounts/login/").text


def test_markup_and_right_to_left_stay_text(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    client.post(CONTACT, fields(client, text="<b>שלום</b> https://x.example \x07"))
    shown = client.get(CONTACT).text
    assert '<div class="words" dir="auto">&lt;b&gt;שלום&lt;/b&gt; https://x.example</div>' in shown
