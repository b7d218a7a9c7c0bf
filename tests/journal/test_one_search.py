"""One search per person at a time, over real connections."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection

from accounts.models import User
from journal import reading
from journal.reading import StillSearching, Wanted, find_entries, one_search
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
                assert ends.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(search)
        assert runs.wait(10)
        try:
            yield ends
        finally:
            ends.set()
            result.result(10)


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
    monkeypatch.setattr(reading, "PATIENCE", "10s")
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
