"""One search per person at a time, over real connections."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from journal import reading
from journal.content import Content
from journal.reading import Found, StillSearching, Wanted, find_entries, one_search
from journal.search_forms import STILL_SEARCHING
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.journal.written import written

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def running_search(owner: User) -> Iterator[threading.Event]:
    """A search over another connection that runs until the event is set, or the end of the block."""
    runs, ends = threading.Event(), threading.Event()

    def search() -> None:
        try:
            with one_search(owner):
                runs.set()
                assert ends.wait(120)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(search)
        assert runs.wait(60)
        try:
            yield ends
        finally:
            ends.set()
            result.result(60)


def test_a_second_search_of_one_person_is_refused_and_somebody_elses_is_not(
    ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PATIENCE", "50ms")
    written(ana, "Tea.")
    written(ben, "Tea.")
    with running_search(ana):
        with pytest.raises(StillSearching):
            find_entries(ana, Wanted(words=("tea",)))
        assert len(find_entries(ben, Wanted(words=("tea",))).entries) == 1
    assert len(find_entries(ana, Wanted(words=("tea",))).entries) == 1


def test_a_second_search_waits_for_the_first(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", "60s")
    written(ana, "Tea.")
    with running_search(ana) as ends:
        threading.Timer(0.2, ends.set).start()
        assert len(find_entries(ana, Wanted(words=("tea",))).entries) == 1
        assert ends.is_set()


def test_who_is_refused_keeps_the_words_and_can_look_again(
    ana: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PATIENCE", "50ms")
    written(ana, "Tea cake.")
    client = as_user(ana)
    with running_search(ana):
        answer = client.post("/journal/search/", {"words": "tea cake"}, follow=True)
    assert_valid_html(answer.text)
    assert str(STILL_SEARCHING) in answer.text
    assert 'value="tea cake"' in answer.text
    [(address, _)] = answer.redirect_chain
    assert "1 entry." in client.get(address).text


def test_one_search_waits_and_others_keep_no_thread(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each address of a search can be asked for any number of times at once."""
    monkeypatch.setattr(reading, "PATIENCE", "60s")
    written(ana, "Tea.")

    def look() -> object:
        try:
            return find_entries(ana, Wanted(words=("tea",)))
        except StillSearching as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool, running_search(ana) as ends:
        looks = [pool.submit(look) for _ in range(3)]
        refused = [one.result() for one in islice(as_completed(looks, timeout=50), 2)]
        assert all(isinstance(one, StillSearching) for one in refused)
        ends.set()
        assert sum(isinstance(one.result(), Found) for one in looks) == 1


def test_then_and_now_is_a_search(ana: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may open every entry of an account."""
    monkeypatch.setattr(reading, "PATIENCE", "50ms")
    entry = written(ana, content=Content(texts=("Tea.",), prompt="balance-1", question="What do you give?"))
    address = reverse("then_and_now", args=[entry.pk])
    with running_search(ana):
        page = as_user(ana).get(address)
        assert "Your last search is still running. Load this page again in a moment." in page.text
        assert_valid_html(page.content)
    assert "This is your first answer to this question." in as_user(ana).get(address).text
