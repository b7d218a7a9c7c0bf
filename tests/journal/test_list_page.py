"""The list and search pages, as a browser gets them."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from accounts.models import User
from guide.models import Prompt
from journal.content import Content
from journal.models import Entry
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.journal.written import NOW, written


def html(response: Any) -> str:
    assert response.status_code == 200
    page: str = response.content.decode()
    assert_valid_html(page)
    return page


def test_an_empty_journal_has_one_way_on(ana: User, as_user: AsUser) -> None:
    page = html(as_user(ana).get("/journal/"))
    assert "No entries yet. The first one can be half a sentence." in page
    assert 'href="/journal/new/"' in page


def test_entries_are_listed_by_month_with_first_lines_and_a_calendar(
    ana: User, as_user: AsUser, clock: Traveller
) -> None:
    clock.move_to(NOW + timedelta(days=1))  # so that the entry's day is not today
    entry = written(ana, "Tea & <b>cake</b>.\nAnd a walk.")
    written(ana, at=NOW - timedelta(days=40))
    page = html(as_user(ana).get("/journal/?month=2026-03"))
    assert re.search(
        rf'href="/journal/{entry.pk}/">Tea &amp; &lt;b&gt;cake&lt;/b&gt;\.</a></h3>\s*<p dir="auto">And a walk\.</p>',
        page,
    )
    assert "A quiet evening." not in page
    day = r'class="n1"\s+href="/journal/\?day=2026-03-01"\s*>1<span class="visually-hidden">\s*March, 1 entry\s*</span>'
    assert re.search(day, page)
    assert "Earlier: February 2026" in page
    everything = html(as_user(ana).get("/journal/"))
    assert everything.index("March 2026") < everything.index("January 2026")


def test_a_pinned_entry_is_listed_once(ana: User, as_user: AsUser) -> None:
    written(ana, "Pinned.", pinned=True)
    page = html(as_user(ana).get("/journal/"))
    assert page.count("Pinned.") == 1
    assert "No entries yet" not in page
    assert html(as_user(ana).get("/journal/?month=2026-03")).count("Pinned.") == 1


def test_a_search_can_ask_for_a_feeling_and_for_the_oldest_first(ana: User, as_user: AsUser) -> None:
    for number, feeling in enumerate(("calm", "calm", "sad")):
        content = Content(texts=(f"Tea {number}.",), feelings=(feeling,))
        written(ana, content=content, at=NOW - timedelta(days=number))
    client = as_user(ana)
    page = html(client.post("/journal/search/", {"feeling": "calm", "order": "oldest"}, follow=True))
    assert page.index("Tea 1.") < page.index("Tea 0.")
    assert "Tea 2." not in page
    says = "Write a word to search for, or fill in one of the other fields."
    assert says in html(client.post("/journal/search/", {"order": "oldest"}, follow=True))


def test_a_day_has_its_entries_alone(ana: User, as_user: AsUser) -> None:
    written(ana)
    assert "A quiet evening." in html(as_user(ana).get("/journal/?day=2026-03-01"))
    assert "No entries on this day." in html(as_user(ana).get("/journal/?day=2026-03-02"))
    assert "No entries in this month." in html(as_user(ana).get("/journal/?month=2026-04"))


@pytest.mark.parametrize("query", ["day=x", "month=2026-13", "after=x", f"after={uuid.UUID(int=9)}", "day=2026-02-30"])
def test_an_address_that_names_nothing_is_not_found(ana: User, as_user: AsUser, query: str) -> None:
    assert as_user(ana).get(f"/journal/?{query}").status_code == 404


def test_the_list_asks_five_queries_whatever_its_length(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get("/journal/")
    first = written(ana)
    for more in (0, 2, 30):
        for number in range(more):
            written(ana, at=NOW - timedelta(hours=number), pinned=True)
        for query in ("", "?month=2026-03", f"?after={Entry.objects.of(ana).newest_first()[0].pk}"):
            if more or "after" not in query:
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(f"/journal/{query}").status_code == 200
                assert len(captured) <= 5, query
    assert first.pk


def test_older_entries_follow_by_key(ana: User, as_user: AsUser) -> None:
    for number in range(11):
        written(ana, f"Page {number}.", at=NOW - timedelta(days=number))
    client = as_user(ana)
    page = html(client.get("/journal/"))
    link = re.search(r'href="(\?after=[^"]+)">Older entries', page)
    assert link
    older = html(client.get(f"/journal/{link[1]}"))
    assert "Page 10." in older
    assert "Page 9." not in older


def test_an_entry_that_cannot_be_opened_says_so_beside_the_others(ana: User, as_user: AsUser) -> None:
    broken = written(ana)
    Entry.objects.filter(pk=broken.pk).update(sealed=b"\x01" + bytes(99))
    written(ana, "Whole.")
    page = html(as_user(ana).get("/journal/"))
    assert "This entry can’t be opened. It has not been changed." in page
    assert "Whole." in page
    page = html(as_user(ana).post("/journal/search/", {"words": "whole"}, follow=True))
    assert "opened and was not searched." in page


def test_words_are_found_and_marked_in_their_line(ana: User, as_user: AsUser) -> None:
    written(ana, "First.\nA <Café> and cake.")
    page = html(as_user(ana).post("/journal/search/", {"words": "cafe CAKE"}, follow=True))
    assert "A &lt;<mark>Café</mark>&gt; and <mark>cake</mark>." in page
    assert "No entry matches all of this." in html(
        as_user(ana).post("/journal/search/", {"words": "cafe tea"}, follow=True)
    )


def test_what_is_looked_for_stands_in_no_address(ana: User, as_user: AsUser) -> None:
    for number in range(51):
        written(ana, "Marzipan.", at=NOW - timedelta(days=number))
    client = as_user(ana)
    answer = client.post("/journal/search/", {"words": "marzipan"}, follow=True)
    [(_address, status)] = answer.redirect_chain
    assert status == 303
    page = html(answer)
    assert "marzipan" not in answer.redirect_chain[-1][0]
    assert not re.search(r'(?:href|action)="[^"]*marzipan', page, re.IGNORECASE)
    assert not re.search(r"<title>[^<]*marzipan", page, re.IGNORECASE)
    behind = re.search(r'href="(\?after=[^"]+)"', page)
    assert behind
    assert "1 entry." in html(client.get(f"{answer.redirect_chain[-1][0]}{behind[1]}"))
    assert "Marzipan" not in html(client.get("/journal/search/?words=marzipan"))


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({}, "Write a word to search for, or fill in one of the other fields."),
        ({"first": "soon"}, "Choose a day, like 2026-03-01."),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "Choose a day on or after the first one."),
        ({"first": "0001-01-01"}, "Choose a day between 1900 and 2100."),
        ({"last": "9999-12-31"}, "Choose a day between 1900 and 2100."),
        ({"words": "x" * 201}, "The search is too long: 200 characters at most."),
        ({"tag": "x" * 61}, "The tag is too long: 60 letters at most."),
        ({"words": "x", "theme": "none"}, "Choose one of the topics shown."),
        ({"words": "x", "prompt": "x" * 41}, "Choose one of the questions shown."),
        ({"words": " ".join(map(str, range(13)))}, "Search for 12 words at most."),
        ({"tag": ","}, "There is no letter or number here to search for."),
    ],
)
def test_what_cannot_be_looked_for_is_answered_clearly(
    ana: User, as_user: AsUser, posted: dict[str, str], says: str
) -> None:
    assert says in html(as_user(ana).post("/journal/search/", posted, follow=True))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("\0", "One character arrived broken. Please type the words again."),
        ("\x07", "No entry matches all of this."),
        ("\u0301", "no letter or number here"),
    ],
)
def test_control_characters_find_nothing_and_break_nothing(ana: User, as_user: AsUser, words: str, says: str) -> None:
    assert says in as_user(ana).post("/journal/search/", {"words": words}, follow=True).text


@pytest.fixture
def asked(db: None) -> Content:
    prompt = Prompt.objects.filter(theme="balance").first()
    key = prompt.key if prompt else "balance-1"
    return Content(prompt=key, theme="balance", question="What did I give?", steps=("Things.",), texts=("Tea.",))


def test_what_was_written_to_the_same_question_before_stands_beside_it(
    ana: User, as_user: AsUser, asked: Content
) -> None:
    client = as_user(ana)
    first = written(ana, content=replace(asked, texts=("Milk.",)), at=NOW - timedelta(days=60))
    then = written(ana, content=asked, at=NOW - timedelta(days=30))
    now = written(ana, content=replace(asked, texts=("Coffee.",)))
    assert f'href="/journal/{now.pk}/then/"' in html(client.get(f"/journal/{now.pk}/"))
    page = html(client.get(f"/journal/{now.pk}/then/"))
    assert re.search(r"Then, 30 January 2026.*Tea\..*Now, 1 March 2026.*Coffee\.", page, re.DOTALL)
    assert f'href="?before={then.pk}"' in page
    page = html(client.get(f"/journal/{now.pk}/then/?before={then.pk}"))
    assert "Milk." in page
    assert "Tea." not in page
    page = html(client.get(f"/journal/{now.pk}/then/?before={first.pk}"))
    assert "You had not answered this question before that." in page
    assert "This is your first answer to this question." in html(client.get(f"/journal/{first.pk}/then/"))
    assert f'name="prompt" value="{asked.prompt}"' in page
    assert "3 entries." in html(client.post("/journal/search/", {"prompt": asked.prompt}, follow=True))


def test_an_entry_without_a_question_has_no_then_and_now(ana: User, as_user: AsUser) -> None:
    free, client = written(ana), as_user(ana)
    assert "Then and now" not in html(client.get(f"/journal/{free.pk}/"))
    assert client.get(f"/journal/{free.pk}/then/").headers["Location"] == f"/journal/{free.pk}/"


def test_then_and_now_answers_bad_addresses(ana: User, ben: User, as_user: AsUser, asked: Content) -> None:
    written(ana, content=asked, at=NOW - timedelta(days=1))
    now, client = written(ana, content=asked), as_user(ana)
    assert client.get(f"/journal/{now.pk}/then/?before=x").status_code == 404
    assert "before that" in html(client.get(f"/journal/{now.pk}/then/?before={written(ben).pk}"))
    assert client.get(f"/journal/{written(ben, content=asked).pk}/then/").status_code == 404
    Entry.objects.filter(pk=now.pk).update(sealed=b"\x01" + bytes(99))
    assert "opened" in html(client.get(f"/journal/{now.pk}/then/"))
