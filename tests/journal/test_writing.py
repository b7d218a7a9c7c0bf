"""Writing without scripts: the form, what comes back, and an expired session or token."""

import html
import re
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from accounts.self_document import change
from guide.models import Prompt
from guide.services import add_missing_prompts
from journal.content import MOST_CHARACTERS
from journal.models import Entry, Revision
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.journal.written import written

PROMPTS = """
[[prompts]]
key = "balance-1"
theme = "balance"
title = "What did I give this week?"
why = "A short list shows more than a general feeling does."
steps = ["Three things I gave.", "Three things that reached me."]
minutes = 8
care = true
suppressed_if_unsafe = true
"""
NEW = "/journal/new/"


@pytest.fixture
def asked(db: None) -> Prompt:
    add_missing_prompts(source=PROMPTS)
    return Prompt.objects.get(key="balance-1")


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the writing form, with its CSRF token."""
    form = page[page.index('class="form after"') :]
    inputs = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', form)
    return {name: html.unescape(value) for name, value in inputs}


def opened(client: Client, address: str = NEW) -> dict[str, Any]:
    return fields(client.get(address).content.decode())


def texts(owner: User) -> list[tuple[str, ...]]:
    return [entry.content(owner).texts for entry in Entry.objects.of(owner)]


def test_opening_an_entry_stores_nothing_and_saving_does(as_user: AsUser, ana: User, asked: Prompt) -> None:
    client = as_user(ana)
    data = opened(client, f"{NEW}?prompt=balance-1")
    assert not Entry.objects.exists()
    sent = data | {
        "text_0": "  Tea.\r\n\r\nA walk.",
        "text_1": "",
        "closing": "Enough.",
        "feelings": ["calm", "tired"],
        "tags": "ours, Ours, long  walk,",
        "day": "2026-02-01",
        "time": "21:15",
        "pinned": "on",
    }
    response = client.post(NEW, sent)
    entry = Entry.objects.visible_to(ana).get()
    assert response.headers["Location"] == reverse("entry", kwargs={"pk": entry.pk})
    content = entry.content(ana)
    assert content.texts == ("  Tea.\n\nA walk.", "")
    assert content.steps == ("Three things I gave.", "Three things that reached me.")
    assert (content.prompt, content.theme, content.question) == ("balance-1", "balance", asked.title)
    assert (content.feelings, content.tags) == (("calm", "tired"), ("ours", "long walk"))
    assert (entry.date, entry.pinned) == (datetime(2026, 2, 1, 21, 15, tzinfo=UTC), True)
    assert client.post(NEW, sent).status_code == 302  # pressed twice
    assert Entry.objects.count() == 1
    assert not Revision.objects.visible_to(ana).beside().exists()


def test_an_entry_keeps_its_question_as_it_was(as_user: AsUser, ana: User, asked: Prompt) -> None:
    client = as_user(ana)
    client.post(NEW, opened(client, f"{NEW}?prompt=balance-1") | {"text_0": "Tea."})
    Prompt.objects.update(title="Another question", steps=["One step"], published=False)
    entry = Entry.objects.visible_to(ana).get()
    page = client.get(reverse("entry", kwargs={"pk": entry.pk})).content.decode()
    assert "What did I give this week?" in page
    assert "<p>Tea.</p>" in page
    edit = reverse("entry_edit", kwargs={"pk": entry.pk})
    form = client.get(edit).content.decode()
    assert "Three things that reached me." in form
    client.post(edit, fields(form) | {"text_0": "Tea and bread.", "text_1": "Milk."})
    assert texts(ana) == [("Tea and bread.", "Milk.")]
    assert Entry.objects.get().content(ana).question == "What did I give this week?"


@pytest.mark.parametrize("zone", ["Europe/Paris", "Asia/Kolkata"])
def test_the_date_is_the_persons_own_and_stays_to_the_second(as_user: AsUser, ana: User, zone: str) -> None:
    ana.timezone = zone
    ana.save()
    at = datetime(2026, 3, 1, 23, 30, 29, tzinfo=UTC)
    entry = written(ana, at=at)
    client = as_user(ana)
    edit = reverse("entry_edit", kwargs={"pk": entry.pk})
    page = client.get(edit).content.decode()
    day, time = (re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("day", "time"))
    assert day
    assert time
    assert day[1] == "2026-03-02"
    client.post(edit, fields(page) | {"text_0": "More.", "day": day[1], "time": time[1]})
    assert Entry.objects.get().date == at


def test_an_entry_shows_the_day_and_time_of_where_it_was_written(as_user: AsUser, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(timezone="Europe/Berlin")
    ana.refresh_from_db()
    entry = written(ana, at=datetime(2026, 3, 1, 23, 30, 29, tzinfo=UTC))
    User.objects.filter(pk=ana.pk).update(timezone="America/Lima")
    client = as_user(ana)
    assert "Monday 2 March 2026, 00:30" in client.get(reverse("entry", args=[entry.pk])).text
    edit = reverse("entry_edit", args=[entry.pk])
    page = client.get(edit).text
    assert 'value="2026-03-02"' in page
    assert 'value="00:30"' in page
    client.post(edit, fields(page) | {"text_0": "More.", "day": "2026-03-02", "time": "00:30"})
    saved = Entry.objects.get()
    assert (saved.revision, saved.date, saved.day, saved.clock) == (2, entry.date, entry.day, entry.clock)
    client.post(edit, fields(client.get(edit).text) | {"text_0": "More.", "day": "2026-03-02", "time": "09:00"})
    moved = Entry.objects.get()
    assert (moved.date, moved.local) == (datetime(2026, 3, 2, 14, tzinfo=UTC), datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_the_care_note_stands_before_the_steps(as_user: AsUser, ana: User, asked: Prompt) -> None:
    page = as_user(ana).get(f"{NEW}?prompt=balance-1").content.decode()
    assert page.index("strong feelings") < page.index("Three things I gave.")
    assert_valid_html(page)


def test_an_unknown_prompt_says_so_and_leads_on(as_user: AsUser, ana: User, asked: Prompt) -> None:
    client = as_user(ana)
    for key in ("nothing", "balance-1\x01", "x" * 500):
        response = client.get(NEW, {"prompt": key})
        assert response.status_code == 404
        assert reverse("prompts") in response.content.decode()
    change(ana, gentle_prompts=True)
    assert client.get(f"{NEW}?prompt=balance-1").status_code == 404


BAD: list[tuple[dict[str, Any], str]] = [
    ({"text_0": "x" * (MOST_CHARACTERS + 1)}, "50,000 characters. This one has 50,001."),
    ({"text_0": "Kept.", "day": "2026-02-31"}, "Choose a day"),
    ({"text_0": "Kept.", "day": "0001-01-01"}, "Choose a day"),
    ({"text_0": "Kept.", "time": "25:00"}, "Choose a time"),
    ({"text_0": "Kept.", "sequence": "-1"}, "incomplete"),
    ({"text_0": "Kept.", "sequence": "99999999999"}, "incomplete"),
    ({"text_0": "Kept.", "base_revision": "many"}, "incomplete"),
    ({"text_0": "Kept.", "entry": "none"}, "incomplete"),
    ({"text_0": "Kept.", "client": ""}, "incomplete"),
    ({"text_0": "Kept.", "feelings": "unheard-of"}, "Choose from the feelings shown."),
    ({"text_0": "Kept.", "tags": "x" * 61}, "is too long: 60 letters at most"),
    ({"text_0": "Kept.", "tags": ",".join(map(str, range(21)))}, "An entry can have up to 20 tags. This one has 21."),
    ({"text_0": "  \n "}, "half a sentence"),
]


@pytest.mark.parametrize(("change", "words"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_saved_comes_back_with_the_words(
    as_user: AsUser, ana: User, change: dict[str, Any], words: str
) -> None:
    client = as_user(ana)
    response = client.post(NEW, opened(client) | change, follow=True)
    page = response.content.decode()
    assert response.status_code == 400
    assert words in page
    assert html.escape(change["text_0"]) in page
    assert not Entry.objects.exists()
    assert_valid_html(page)


def test_control_characters_go_and_everything_else_stays(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    client.post(NEW, opened(client) | {"text_0": "a\x00b\x1b\tc\r\nd\x85e 🌿 <b>&amp;"})
    assert texts(ana) == [("ab\tc\nde 🌿 <b>&amp;",)]


def test_fifty_thousand_characters_fit_whatever_they_are(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    client.post(NEW, opened(client) | {"text_0": "🌿" * MOST_CHARACTERS})
    assert texts(ana) == [("🌿" * MOST_CHARACTERS,)]


def test_a_stale_form_keeps_both_texts_and_shows_them(as_user: AsUser, ana: User) -> None:
    entry = written(ana, "At first.")
    client = as_user(ana)
    edit = reverse("entry_edit", kwargs={"pk": entry.pk})
    one, other = opened(client, edit), opened(client, edit)
    client.post(edit, one | {"text_0": "From one tab."})
    response = client.post(edit, other | {"text_0": "From <another> tab."}, follow=True)
    page = response.content.decode()
    assert "From<mark> one</mark> tab." in page
    assert "From<mark> &lt;another&gt;</mark> tab." in page
    assert_valid_html(page)
    choice = response.redirect_chain[-1][0]
    assert client.post(choice, {"keep": "nonsense"}, follow=True).status_code == 200
    [link] = re.findall(r'Both versions .*?<a href="([^"]+)">', client.post(choice, {"keep": "both"}, follow=True).text)
    assert [entry.content(ana).texts for entry in Entry.objects.of(ana) if entry.content(ana).second] == [
        ("From <another> tab.",)
    ]
    assert "second version" in client.get(link).text
    assert client.get(reverse("journal")).text.count("second version") == 1
    assert sorted(texts(ana)) == [("From <another> tab.",), ("From one tab.",)]
    assert client.get(choice).headers["Location"] == reverse("entry", kwargs={"pk": entry.pk})  # after Back
    assert client.post(choice, {"keep": "both"}).status_code == 302
    assert Entry.objects.count() == 2


def test_words_outlive_the_session(as_user: AsUser, ana: User, asked: Prompt) -> None:
    client = as_user(ana)
    whole = "A quiet evening. <em>&</em>\n\nAnd tea."
    data = opened(client, f"{NEW}?prompt=balance-1") | {"text_0": whole, "text_1": "Milk.", "tags": "ours"}
    Session.objects.all().delete()
    response = client.post(NEW, data)
    page = response.content.decode()
    assert response.status_code == 401
    assert html.escape(whole) in page
    assert "<em>" not in page
    assert "Milk." in page
    assert 'target="_blank"' in page
    assert {"no-store", "private"} <= set(response.headers["Cache-Control"].split(", "))
    assert not Entry.objects.exists()
    assert_valid_html(page)
    client.force_login(ana)  # in another tab
    client.post(NEW, data | fields(page))
    assert texts(ana) == [(whole, "Milk.")]


def test_words_outlive_the_session_of_an_entry_that_exists(as_user: AsUser, ana: User) -> None:
    entry = written(ana)
    client = as_user(ana)
    edit = reverse("entry_edit", kwargs={"pk": entry.pk})
    data = opened(client, edit) | {"text_0": "And more."}
    client.logout()
    page = client.post(edit, data).content.decode()
    assert "And more." in page
    assert "A quiet evening." not in page
    client.force_login(ana)
    client.post(edit, data | fields(page))
    assert texts(ana) == [("And more.",)]


def test_words_outlive_an_old_token(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    data = opened(client) | {"text_0": "Typed for an hour."}
    client.cookies.clear()
    client.force_login(ana)
    response = client.post(NEW, data, follow=True)
    page = response.content.decode()
    assert response.status_code == 403
    assert "Typed for an hour." in page
    assert "no-store" in response.headers["Cache-Control"]
    assert not Entry.objects.exists()
    client.post(NEW, data | fields(page))
    assert texts(ana) == [("Typed for an hour.",)]


@pytest.mark.parametrize("enforced", [True, False])
def test_nobody_else_gets_the_words(ana: User, ben: User, enforced: bool) -> None:
    client = Client(enforce_csrf_checks=enforced)
    client.force_login(ana)
    data = opened(client) | {"text_0": "For nobody else."}
    client.logout()
    client.force_login(ben)
    response = client.post(NEW, data)
    assert response.status_code == 403
    assert "For nobody else." not in response.content.decode()
    assert not Entry.objects.exists()
    assert_valid_html(response.content.decode())


OTHER_SITES = [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
    {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
]  # fmt: skip


@pytest.mark.parametrize("enforced", [True, False])
@pytest.mark.parametrize("headers", OTHER_SITES)
def test_words_that_another_site_has_posted_are_not_given_back(
    db: None, headers: dict[str, str], enforced: bool
) -> None:
    answer = Client(enforce_csrf_checks=enforced).post(NEW, {"text_0": "Words of theirs."}, headers=headers)
    assert answer.status_code == 403
    assert "Words of theirs." not in answer.text
    assert "The form could not be checked." in answer.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}])
def test_words_that_our_own_page_has_posted_are(db: None, headers: dict[str, str]) -> None:
    answer = Client(enforce_csrf_checks=True).post(NEW, {"text_0": "Words of mine."}, headers=headers)
    assert "Words of mine." in answer.text


def test_a_form_that_could_not_be_checked_comes_back_and_says_so(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    answer = client.post(NEW, {"text_0": "Words of mine.", "writer": str(ana.pk)}, follow=True)
    assert answer.status_code == 403
    assert "The form could not be checked." in answer.text
    assert "Your words are below; send them again." in answer.text
    assert "Words of mine." in answer.text


def test_other_forms_keep_the_ordinary_answer_to_an_old_token(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert "The form could not be checked." in client.post("/account/settings/", {}, follow=True).text


def test_an_entry_deleted_while_it_was_open_comes_back(as_user: AsUser, ana: User) -> None:
    entry = written(ana)
    client = as_user(ana)
    edit = reverse("entry_edit", kwargs={"pk": entry.pk})
    data = opened(client, edit) | {"text_0": "Still here."}
    Entry.objects.all().delete()
    client.post(edit, data)
    assert texts(ana) == [("Still here.",)]


def test_another_persons_id_saves_nothing(as_user: AsUser, ana: User, ben: User) -> None:
    entry = written(ben)
    client = as_user(ana)
    data = opened(client) | {"text_0": "Mine."}
    refused = client.post(NEW, data | {"entry": str(entry.pk)}).headers["Location"]
    client.post(NEW, data | opened(client, refused))
    assert client.post(reverse("entry_edit", kwargs={"pk": entry.pk}), data).status_code == 404
    assert texts(ben) == [("A quiet evening.",)]
    assert texts(ana) == [("Mine.",)]


def test_what_cannot_be_opened_is_never_written_over(as_user: AsUser, ana: User) -> None:
    entry = written(ana)
    client = as_user(ana)
    edit = reverse("entry_edit", kwargs={"pk": entry.pk})
    data = opened(client, edit) | {"text_0": "More words."}
    broken = bytes(entry.sealed) + b"\0"
    Entry.objects.update(sealed=broken)
    for name in ("entry", "entry_edit"):
        page = client.get(reverse(name, kwargs={"pk": entry.pk})).content.decode()
        assert "This entry can’t be opened. It has not been changed." in page
        assert "<textarea" not in page
        assert_valid_html(page)
    assert "More words." in client.post(edit, data, follow=True).text
    assert bytes(Entry.objects.get().sealed) == broken


def test_an_entry_may_name_the_result_it_began_from(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    result = uuid.uuid4()
    client.post(NEW, opened(client, f"{NEW}?result={result}") | {"text_0": "On that."})
    assert Entry.objects.get().content(ana).result == str(result)
    assert client.get(f"{NEW}?result=nonsense").status_code == 200


@pytest.mark.parametrize(("length", "said"), [(47_999, False), (48_000, True), (50_000, True)])
def test_the_length_is_said_near_the_end(as_user: AsUser, ana: User, length: int, said: bool) -> None:
    page = as_user(ana).get(reverse("entry_edit", kwargs={"pk": written(ana, "x" * length).pk})).content.decode()
    note = re.search(r'data-most="50000"[^>]+?(\shidden)?\s*>\s*Characters left in this entry: (\d+)\s*</p>', page)
    assert note
    assert (note[1] is None, note[2]) == (said, str(MOST_CHARACTERS - length))


def test_the_longest_entry_fits_in_either_encoding_of_forms(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    data = opened(client) | {"text_0": "🌿" * MOST_CHARACTERS}
    assert client.post(NEW, data).status_code == 302  # multipart, as the test client sends it
    encoded = urlencode(data | {"entry": uuid.uuid4()})
    assert client.post(NEW, encoded, content_type="application/x-www-form-urlencoded").status_code == 302
    assert texts(ana) == [("🌿" * MOST_CHARACTERS,)] * 2


def test_entries_begun_in_the_same_minute_stay_in_order(as_user: AsUser, ana: User, clock: Traveller) -> None:
    client = as_user(ana)
    now = timezone.localtime()
    for number in range(4):
        times = {"day": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}"}
        client.post(NEW, opened(client) | times | {"text_0": f"Page {number}."})
        clock.shift(1)
    newest = [entry.content(ana).texts[0] for entry in Entry.objects.visible_to(ana).newest_first()]
    assert newest == [f"Page {number}." for number in (3, 2, 1, 0)]


def test_far_too_long_a_text_comes_back_whole(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    response = client.post(NEW, opened(client) | {"text_0": "x" * 1_000_000}, follow=True)
    assert response.status_code == 400
    assert "x" * 1_000_000 in response.content.decode()
    assert "Characters over the limit: 950000" in response.content.decode()


def test_an_entry_deleted_meanwhile_comes_back_with_its_words_even_if_something_is_wrong(
    as_user: AsUser, ana: User, ben: User
) -> None:
    entry = written(ana)
    address = reverse("entry_edit", kwargs={"pk": entry.pk})
    data = opened(as_user(ana), address) | {"text_0": "Not to be lost.", "day": "2026-02-31"}
    assert as_user(ben).post(address, data | {"writer": str(ben.pk)}).status_code == 404
    client = as_user(ana)
    entry.delete()
    response = client.post(address, data, follow=True)
    assert response.status_code == 400
    assert "Not to be lost." in response.content.decode()
    assert client.post(address, data | {"day": "2026-02-28"}).status_code == 302
    assert texts(ana) == [("Not to be lost.",)]
