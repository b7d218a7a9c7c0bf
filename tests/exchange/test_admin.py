"""The inbox: who reads it, what is written down of that, and how messages are answered there."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from exchange.models import AnswerTemplate, Contact
from exchange.services import contact
from lib.waiting import kinds
from tests.conftest import AsUser, with_confirmed_address
from tests.exchange.written import WORDS, written
from tests.html import assert_valid_html, text_of
from tests.outbox import mailed
from tests.staff import at_work, carried, hidden, press, staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
INBOX = reverse("admin:exchange_contact_changelist")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def finn(db: None) -> User:
    """Staff who answers messages, and has no other right."""
    return staff("finn@example.org", Role.SUPPORT)


@pytest.fixture
def finns(finn: User, as_user: AsUser) -> Client:
    return as_user(finn)


def page_of(row: Contact) -> str:
    return reverse("admin:exchange_contact_change", args=[row.pk])


def confirm(row: Contact, change: str) -> str:
    return reverse("admin:exchange_contact_confirm", args=[row.pk, change])


def seen(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return text_of(assert_valid_html(response.content))


def test_the_inbox_is_for_its_role_alone(as_user: AsUser, finn: User, ana: User, cole: User, dana: User) -> None:
    row, _ = written(ana, now=NOW)
    other = with_confirmed_address(User.objects.create_user("other@example.org", is_staff=True))
    for address in (INBOX, page_of(row), confirm(row, "answer"), confirm(row, "close")):
        assert as_user(finn).get(address).status_code == 200
        assert as_user(other).get(address).status_code == 403
        assert as_user(other).post(address, {"text": "x", "after": 0}).status_code == 403
        for nobody in (ana, cole):
            assert as_user(nobody).get(address).status_code in {302, 403}
    for page in ("exchange_report", "exchange_submission", "consultations_specialist"):
        assert as_user(finn).get(reverse(f"admin:{page}_changelist")).status_code == 403
    assert str(ana.pk) not in as_user(finn).get(page_of(row)).text
    assert str(ana.pk) in as_user(dana).get(page_of(row)).text
    assert as_user(finn).get(reverse("admin:exchange_answertemplate_changelist")).status_code == 200


def test_a_message_is_opened_answered_and_every_opening_is_written_down(
    finns: Client, finn: User, readings: Any
) -> None:
    row, _ = written(now=NOW, text="<b>Marked</b>")
    assert "Marked" not in finns.get(INBOX).text
    assert readings() == []
    shown = finns.get(page_of(row))
    assert "&lt;b&gt;Marked&lt;/b&gt;" in shown.text
    assert "waits behind a code" in seen(shown)
    assert readings() == [(str(finn.pk), str(row.pk))]
    asks = finns.get(confirm(row, "answer"))
    assert "Marked" in seen(asks)
    assert len(readings()) == 2
    assert "Answered." in press(finns, confirm(row, "answer"), {"text": "An answer."}, follow=True).text
    row.refresh_from_db()
    assert (row.state, row.assignee, [said.text for said in row.words().answers]) == ("answered", finn, ["An answer."])
    assert [(line.change_message, line.object_repr) for line in LogEntry.objects.all()] == [("Answered.", str(row))]
    assert mailed() == []


def test_the_address_of_a_safe_answer_is_shown_and_gets_it(finns: Client) -> None:
    row, _ = written(now=NOW, email="somebody@example.org")
    assert "The answer goes to somebody@example.org" in seen(finns.get(page_of(row)))
    press(finns, confirm(row, "answer"), {"text": "An answer."})
    [letter] = mailed()
    assert (letter.to, WORDS in str(letter.body)) == (["somebody@example.org"], False)


def test_two_who_answer_at_once_lose_no_words_and_answer_once(finns: Client, dana: User) -> None:
    row, _ = written(now=NOW, email="somebody@example.org")
    contact.answer(contact_id=row.pk, staff=dana, text="First.", after=0, now=NOW)
    refused = finns.post(confirm(row, "answer"), {"text": "Second.", "after": 0})
    assert "somebody else has just changed it" in seen(refused)
    assert "Second.</textarea>" in refused.text
    assert "First." in refused.text
    assert 'name="after" value="1"' in refused.text
    assert len(mailed()) == 1
    assert press(finns, confirm(row, "answer"), {"text": "Second."}).status_code == 302
    assert len(mailed()) == 2


def test_an_answer_begins_with_a_ready_made_one(finns: Client) -> None:
    finns.post(reverse("admin:exchange_answertemplate_add"), {"title": "Thank you", "text": "Thank you for writing."})
    template = AnswerTemplate.objects.get()
    row, _ = written(now=NOW)
    asks = finns.get(confirm(row, "answer"))
    assert f'href="?template={template.pk}"' in asks.text
    for query, begun in ((str(template.pk), True), ("0", False), ("x", False), ("9" * 30, False), ("²", False)):
        shown = finns.get(confirm(row, "answer"), {"template": query})
        assert ("Thank you for writing.</textarea>" in shown.text) == begun
        assert_valid_html(shown.content)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4_001])
def test_an_answer_has_words_and_a_length(finns: Client, text: str) -> None:
    row, _ = written(now=NOW)
    assert finns.post(confirm(row, "answer"), {"text": text, "after": 0}).status_code == 200
    row.refresh_from_db()
    assert row.state == "new"


def test_notes_are_for_staff_and_sealed(finns: Client, as_user: AsUser, ana: User) -> None:
    row, _ = written(ana, now=NOW)
    assert finns.post(confirm(row, "note"), {"text": "Marked note."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, "Marked note." in row.sealed) == ("open", False)
    assert "Marked note." in finns.get(page_of(row)).text
    assert "Marked note." not in as_user(ana).get(reverse("contact")).text


def test_an_answer_does_not_go_out_on_what_was_closed_meanwhile(finns: Client, dana: User) -> None:
    row, _ = written(now=NOW, email="somebody@example.org")
    path = confirm(row, "answer")
    shown = carried(finns, path)
    press(at_work(dana), confirm(row, "close"))
    mistaken = finns.post(path, shown | {"text": ""})
    late = finns.post(path, hidden(mistaken.text) | {"text": "Second."})  # a mistake does not make the page a newer one
    assert "Nothing was changed" in seen(late)
    assert f"“Closed.” ({dana.email}, " in seen(late)
    assert "Second.</textarea>" in late.text
    row.refresh_from_db()
    assert (row.state, row.words().answers, mailed()) == ("closed", [], [])
    assert finns.post(path, hidden(late.text) | {"text": "Second."}).status_code == 302  # they know now
    assert len(mailed()) == 1


@pytest.mark.parametrize("change", ["close", "assign"])
def test_what_was_answered_meanwhile_is_not_closed_or_given_away(
    finns: Client, finn: User, dana: User, change: str
) -> None:
    row, _ = written(now=NOW)
    shown = carried(finns, confirm(row, change))
    contact.answer(contact_id=row.pk, staff=finn, text="First.", after=0, now=NOW)
    late = finns.post(confirm(row, change), shown | {"assignee": dana.pk, "was": finn.pk}, follow=True)
    assert "Nothing was changed" in seen(late)
    row.refresh_from_db()
    assert (row.state, row.assignee) == ("answered", finn)


def test_whoever_answers_reads_whom_the_message_is_with(finns: Client, dana: User) -> None:
    row, _ = written(now=NOW)
    assert "Nobody answers this yet." in seen(finns.get(confirm(row, "answer")))
    contact.assign(contact_id=row.pk, assignee=dana, was=None, now=NOW)
    assert f"This is with {dana.email} now." in seen(finns.get(confirm(row, "answer")))


@pytest.mark.parametrize(("change", "said"), [("note", "notes"), ("answer", "answers")])
def test_the_same_words_again_after_back_are_sent_once(finns: Client, change: str, said: str) -> None:
    row, _ = written(now=NOW, email="somebody@example.org")
    for _again in range(2):
        shown = press(finns, confirm(row, change), {"text": "The same."}, follow=True).text  # Back loads it anew
    assert "This has been done already" in shown
    row.refresh_from_db()
    assert [one.text for one in getattr(row.words(), said)] == ["The same."]
    assert len(mailed()) == (change == "answer")
    assert LogEntry.objects.count() == 1
    contact.note(contact_id=row.pk, text="Rang, nobody answered.", now=NOW)
    contact.note(contact_id=row.pk, text="Rang, nobody answered.", now=NOW + DAY)
    row.refresh_from_db()
    assert len(row.words().notes) == 2 + (change == "note")


def test_a_message_goes_through_its_states(finns: Client, finn: User, ana: User, dana: User) -> None:
    row, _ = written(ana, now=NOW - DAY)

    def after(change: str, **values: Any) -> tuple[str, str]:
        assert press(finns, confirm(row, change), values).status_code == 302
        row.refresh_from_db()
        return row.state, str(row.state_since)

    assert f'value="{finn.pk}" selected' in finns.get(confirm(row, "assign")).text
    assert finns.post(confirm(row, "assign"), {"assignee": ana.pk}).status_code == 200  # not of the team
    assert after("assign", assignee=dana.pk) == ("open", str(NOW.date()))
    assert row.assignee == dana
    assert after("answer", text="x") == ("answered", str(NOW.date()))
    assert row.assignee == dana
    assert after("close") == ("closed", str(NOW.date()))
    assert finns.post(confirm(row, "close")).status_code == 302
    assert after("reopen") == ("open", str(NOW.date()))


def test_the_later_of_two_who_assign_is_told(finns: Client, finn: User, dana: User) -> None:
    row, _ = written(now=NOW)
    page = finns.get(confirm(row, "assign")).text
    assert "Nobody answers this yet." in page
    contact.assign(contact_id=row.pk, assignee=dana, was=None, now=NOW)
    late = finns.post(confirm(row, "assign"), {"assignee": finn.pk, "was": ""})
    assert "Nothing was changed" in seen(late)
    assert f"This is with {dana.email} now." in seen(late)
    assert f'name="was" value="{dana.pk}"' in late.text
    assert f'value="{finn.pk}" selected' in late.text
    row.refresh_from_db()
    assert row.assignee == dana
    for _again in range(2):  # with the newer page, and pressed again after Back
        again = press(finns, confirm(row, "assign"), {"assignee": finn.pk, "was": dana.pk}, follow=True)
        assert again.redirect_chain
    assert "done already" in again.text
    row.refresh_from_db()
    assert row.assignee == finn


def test_a_message_waits_until_it_is_answered(finns: Client, finn: User, ana: User) -> None:
    row, _ = written(ana, now=NOW)
    [kind] = [one for one in kinds if one.right == "exchange.change_contact"]

    def waits() -> bool:
        is_listed = page_of(row) in finns.get(kind.page()).text
        assert kind.tally(NOW).count == is_listed
        return is_listed

    assert waits()
    for change, values in (("note", {"text": "x"}), ("assign", {"assignee": finn.pk})):
        press(finns, confirm(row, change), values)
        assert waits(), change
    press(finns, confirm(row, "answer"), {"text": "x"})
    assert not waits()
    press(finns, confirm(row, "close"))
    assert not waits()
    press(finns, confirm(row, "reopen"))
    assert waits()


def test_what_waits_longest_stands_first_and_filters_find_it(finns: Client, finn: User, dana: User) -> None:
    rows = {}
    for number, state in enumerate(["closed", "answered", "open", "new"]):
        row, _ = written(now=NOW - (9 - number) * DAY, topic="press" if state == "new" else "safety")
        Contact.objects.filter(pk=row.pk).update(state=state, assignee=finn if state == "open" else None)
        rows[state] = row
    oldest, _ = written(now=NOW - 20 * DAY)

    def listed(**query: str) -> list[str]:
        found = re.findall(r"/admin/exchange/contact/([\w-]{36})/change/", finns.get(INBOX, query).text)
        names = {str(row.pk): state for state, row in rows.items()} | {str(oldest.pk): "oldest"}
        return [names[pk] for pk in found]

    assert listed() == ["oldest", "open", "new", "answered", "closed"]
    assert listed(state__exact="open") == ["open"]
    assert listed(topic__exact="press") == ["new"]
    assert listed(assigned="me") == listed(assigned=str(finn.pk)) == ["open"]
    assert listed(assigned="nobody") == ["oldest", "new", "answered", "closed"]
    assert listed(assigned=str(dana.pk)) == []
    assert listed(assigned="x") == listed()
    assert listed(q="Marked") == listed()
    assert "cannot be searched" in finns.get(INBOX).text


@pytest.mark.parametrize("lookup", ["owner", "owner__email", "sealed__contains", "code_sha256", "assignee__email"])
def test_what_is_kept_back_is_not_guessed_by_a_filter(finns: Client, lookup: str) -> None:
    written(now=NOW)
    assert finns.get(INBOX, {lookup: "x"}).status_code == 400


def test_the_list_asks_as_often_for_one_as_for_three(finns: Client, finn: User, ana: User) -> None:
    def queries() -> int:
        finns.get(INBOX)
        with CaptureQueriesContext(connection) as captured:
            finns.get(INBOX)
        assert not any('"exchange_contact"."sealed"' in query["sql"] for query in captured)
        return len(captured)

    def one_more() -> None:
        row, _ = written(ana, now=NOW)
        Contact.objects.filter(pk=row.pk).update(assignee=finn)

    one_more()
    before = queries()
    one_more()
    one_more()
    assert queries() == before


def test_what_cannot_be_opened_is_left_as_it_is(finns: Client) -> None:
    row, _ = written(now=NOW)
    Contact.objects.update(sealed="key:AAAA")
    assert "can’t be opened" in finns.get(page_of(row)).text
    for change in ("answer", "note"):
        finns.get(confirm(row, change))
        assert finns.post(confirm(row, change), {"text": "x", "after": 0}).status_code == 200
    assert Contact.objects.get().sealed == "key:AAAA"
