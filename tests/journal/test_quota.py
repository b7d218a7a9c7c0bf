"""A full account: what goes first, what still saves, and that no words are lost."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.importing import import_file
from accounts.models import Usage, User
from accounts.portable import FileRefused
from accounts.quota import NO_ROOM, NO_ROOM_FOR_FILES, Full, used
from journal import services
from journal.content import Content
from journal.models import Entry, Revision
from journal.services import Conflict, Saved, Write
from tests.accounts.portable import exported
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.journal.written import NOW, written, written_twice

KB = 1024


@pytest.fixture(autouse=True)
def small(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quota that a few entries fill."""
    settings.QUOTA, settings.QUOTA_BEYOND = 100 * KB, 20 * KB
    monkeypatch.setattr("accounts.quota.ROOM", KB)


def again(owner: User) -> User:
    return User.objects.get(pk=owner.pk)


def fill(owner: User, size: int) -> None:
    """One entry, so that the account stores just so many bytes."""
    when = {"date": NOW, "day": NOW.date(), "clock": NOW.time(), "created_at": NOW, "changed_at": NOW, "kept_at": NOW}
    about = when | {"client": uuid.uuid4(), "sequence": 0}
    Entry.objects.create(owner=owner, sealed=b"x" * (size - used(again(owner))), **about)


def save(owner: User, entry: Entry, text: str) -> Saved | Conflict:
    found = Entry.objects.get(pk=entry.pk)
    write = Write(content=Content(texts=(text,)), base_revision=found.revision)
    return services.save_entry(owner=again(owner), entry_id=entry.pk, write=write, now=NOW, found=found)


def test_old_versions_make_room_for_a_new_entry(ana: User) -> None:
    first = written(ana, "x" * 30 * KB)
    second = written(again(ana), "y" * 15 * KB, at=NOW + timedelta(minutes=1))
    new = written(again(ana), "z" * 10 * KB, at=NOW + timedelta(minutes=2))
    assert set(Revision.objects.values_list("entry", flat=True)) == {second.pk, new.pk}
    assert Entry.objects.filter(pk=first.pk).exists()
    assert used(again(ana)) < 100 * KB


def test_a_text_beside_an_entry_never_makes_room(ana: User) -> None:
    _pk, _version, beside = written_twice(ana)
    fill(ana, 101 * KB)
    with pytest.raises(Full):
        written(again(ana))
    assert Revision.objects.filter(pk=beside).exists()


def test_nothing_new_begins_and_what_is_begun_is_saved_a_little_longer(ana: User) -> None:
    begun = written(ana, "Begun.")
    fill(ana, 101 * KB)
    with pytest.raises(Full):
        written(again(ana))
    assert isinstance(save(ana, begun, "z" * 10 * KB), Saved)
    assert isinstance(save(ana, begun, "z" * 18 * KB), Saved)
    for length in (25, 40, 48):
        with pytest.raises(Full):
            save(ana, begun, "z" * length * KB)
    assert Entry.objects.get(pk=begun.pk).content(ana).texts == ("z" * 18 * KB,)
    assert isinstance(save(ana, begun, "Shorter, which always saves."), Saved)
    assert 100 * KB < used(again(ana)) <= 120 * KB


def test_versions_give_way_and_come_back_with_room(ana: User) -> None:
    entry = written(ana, "One.")
    fill(ana, 121 * KB)
    assert isinstance(save(ana, entry, "Two."), Saved)
    assert not Revision.objects.exists()
    Entry.objects.exclude(pk=entry.pk).delete()
    assert isinstance(save(ana, entry, "Three."), Saved)
    assert Revision.objects.get().content(ana).texts == ("Three.",)


def test_a_draft_without_room_is_refused_in_words(as_user: AsUser, ana: User) -> None:
    fill(ana, 101 * KB)
    body = {"entry": uuid.uuid4(), "writer": ana.pk, "client": uuid.uuid4(), "sequence": 1, "base_revision": 0}
    answer = as_user(ana).post("/journal/draft/", body | {"text_0": "A thought."})
    assert (answer.status_code, answer.json()) == (400, {"error": str(NO_ROOM)})


def test_a_new_entry_without_room_comes_back_with_its_words(as_user: AsUser, ana: User) -> None:
    fill(ana, 101 * KB)
    client = as_user(ana)
    body = {"entry": uuid.uuid4(), "writer": ana.pk, "client": uuid.uuid4(), "sequence": 1, "base_revision": 0}
    answer = client.post("/journal/new/", body | {"text_0": "A thought to keep."}, follow=True)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "A thought to keep." in page
    assert "account is full" in page
    assert_valid_html(page)


def test_versions_that_find_no_room_stay(as_user: AsUser, ana: User, settings: Settings) -> None:
    pk, version, beside = written_twice(ana)
    fill(ana, 50 * KB)
    settings.QUOTA = settings.QUOTA_BEYOND = 10 * KB
    client = as_user(ana)
    answer = client.post(f"/journal/{pk}/versions/{beside}/", {"keep": "both"}, follow=True)
    assert "every version stays" in answer.content.decode()
    assert set(Revision.objects.values_list("pk", flat=True)) >= {version, beside}


def test_a_download_that_does_not_fit_adds_nothing(ana: User, ben: User) -> None:
    for _ in range(3):
        written(ana, "x" * 20 * KB)
    file = exported(ana)
    fill(ben, 60 * KB)
    before = used(again(ben))
    with pytest.raises(FileRefused) as refused:
        import_file(owner=again(ben), file=io.BytesIO(file), now=NOW)
    assert refused.value.words == NO_ROOM_FOR_FILES
    assert used(again(ben)) == before


def test_a_full_account_adds_no_download(ana: User) -> None:
    file = exported(ana)
    fill(ana, 101 * KB)
    with pytest.raises(FileRefused) as refused:
        import_file(owner=again(ana), file=io.BytesIO(file), now=NOW)
    assert refused.value.words == NO_ROOM_FOR_FILES


@pytest.mark.parametrize(
    ("size", "says"), [(79, None), (82, "nearly full"), (101, "Your account is full")], ids=["room", "nearly", "full"]
)
def test_your_data_says_how_full_it_is_without_a_query_more(
    as_user: AsUser, ana: User, size: int, says: str | None, settings: Settings, django_assert_num_queries: Any
) -> None:
    settings.QUOTA = 100 * 1024 * KB
    written(ana)
    Usage.objects.filter(owner=ana).update(bytes=size * 1024 * KB)
    client = as_user(ana)
    client.get("/account/data/")
    with django_assert_num_queries(2):  # the session and the account
        page = client.get("/account/data/").content.decode()
    assert ("full" in page) == bool(says)
    if says:
        assert says in page
        assert f"{size} of 100 MB" in page
    assert_valid_html(page)
