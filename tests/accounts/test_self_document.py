"""Name and gentle prompts: one sealed document for every account, which looks the same whatever it says."""

import re
import threading
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import self_document
from accounts.models import DataKey, User
from accounts.portable import Arrival
from accounts.sealing import CannotOpen, data_key, seal, unseal
from accounts.self_document import LABEL, NAME_LENGTH, Self, change, gentle_prompts, name_of, opened
from tests import postgres
from tests.accounts.portable import NOW, exported, parts

PEOPLE: dict[str, dict[str, object]] = {
    "nothing": {},
    "gentle": {"gentle_prompts": True},
    "name": {"name": "Ani"},
    "quotes": {"name": '"' * NAME_LENGTH, "gentle_prompts": True},
    "longest": {"name": "🌿" * NAME_LENGTH},
}

pytestmark = pytest.mark.django_db


def again(user: User) -> User:
    """The same person in another request, as `accounts/backends.py` fetches them."""
    return User.objects.select_related("data_key").get(pk=user.pk)


@pytest.mark.django_db(transaction=True)
def test_a_dump_shows_every_account_as_the_same() -> None:
    people = [User.objects.create_user(f"{name}@example.org") for name in PEOPLE]
    with transaction.atomic():
        for user, says in zip(people, PEOPLE.values(), strict=True):
            change(user, **says)
    dump = postgres.dump().decode()
    assert len({frozenset(rows_about(user, dump)) for user in people}) == 1
    assert [opened(again(user)) for user in people] == [Self(**says) for says in PEOPLE.values()]  # type: ignore[arg-type]


def rows_about(user: User, dump: str) -> list[str]:
    """The rows that name an account, without what is different for each: addresses, times, and what is in the bytes."""
    found = [line for line in dump.splitlines() if str(user.pk) in line]
    assert len(found) == 2  # account and data key
    rows = [line.replace(str(user.pk), "").replace(user.email, "").replace(user.password, "") for line in found]
    rows = [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+00", "", row) for row in rows]
    return [re.sub(r"\\\\x([0-9a-f]+)", lambda match: str(len(match[1])), row) for row in rows]


def test_everybody_who_signs_up_has_one(client: Client) -> None:
    form = {"email": "new@example.org", "password1": "four-calm-words-here", "adult": "on"}
    client.post(reverse("account_signup"), form)
    assert opened(User.objects.get(email="new@example.org")) == Self()


def test_it_is_opened_once_a_request_and_without_a_query(
    ana: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    change(ana, name="Ani", gentle_prompts=True)
    calls = []

    def counted(*arguments: object) -> object:
        calls.append(arguments)
        return unseal(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(self_document, "unseal", counted)
    user = again(ana)
    with django_assert_num_queries(0):
        assert (name_of(user), gentle_prompts(user), name_of(user)) == ("Ani", True, "Ani")
    assert len(calls) == 1


@pytest.mark.parametrize("broken", [b"", b"something else", None])
def test_what_cannot_be_opened_is_gentle_and_stays_as_it_is(ana: User, broken: bytes | None) -> None:
    if broken is None:
        DataKey.objects.filter(owner=ana).delete()
    else:
        User.objects.filter(pk=ana.pk).update(sealed_self=broken)
    user = User.objects.get(pk=ana.pk)
    before = bytes(user.sealed_self)
    assert gentle_prompts(user)
    with pytest.raises(CannotOpen):
        name_of(user)
    with pytest.raises(CannotOpen):
        change(user, name="Ani")
    assert bytes(User.objects.get(pk=ana.pk).sealed_self) == before


def test_an_import_leaves_what_cannot_be_opened(ana: User, ben: User) -> None:
    change(ana, name="Ani", gentle_prompts=True)
    User.objects.filter(pk=ben.pk).update(sealed_self=b"broken")
    from_file = parts(exported(ana))["account"]
    ben = User.objects.get(pk=ben.pk)
    import_module("accounts.holdings").take_account(Arrival(owner=ben, now=NOW), from_file)
    assert bytes(User.objects.get(pk=ben.pk).sealed_self) == b"broken"


@pytest.mark.django_db(transaction=True)
def test_a_name_and_a_choice_saved_at_the_same_time_both_stay(ana: User) -> None:
    """The second one waits until the first is committed, and then sees it."""
    locked, failures = threading.Event(), []

    def choose() -> None:
        try:
            user = again(ana)
            opened(user)
            locked.wait()
            with transaction.atomic():
                change(user, gentle_prompts=True)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    other = threading.Thread(target=choose)
    other.start()
    with transaction.atomic():
        change(again(ana), name="Ani")
        locked.set()
        other.join(timeout=0.3)
        assert other.is_alive()
    other.join()
    assert failures == []
    assert opened(again(ana)) == Self("Ani", gentle_prompts=True)


def test_a_new_account_of_which_nothing_is_stored_leaves_no_key(db: None) -> None:
    with transaction.atomic():
        User.objects.create_user("new@example.org")
        transaction.set_rollback(True)
    assert not DataKey.objects.exists()


migration = import_module("accounts.migrations.0004_sealed_self")


def before_migration(user: User, sealed_name: bytes | None) -> SimpleNamespace:
    return SimpleNamespace(pk=user.pk, sealed_name=sealed_name, gentle_prompts=False)


def test_the_migration_keeps_a_name_that_opens(ana: User) -> None:
    old = before_migration(ana, seal(ana, "accounts.name", ana.pk, "Ani"))
    ana.sealed_self = migration.document(old, data_key(ana))
    assert opened(ana) == Self("Ani")
    change(ana, name="Another")
    assert len(ana.sealed_self) == len(migration.document(old, data_key(ana)))


@pytest.mark.parametrize("sealed_name", [b"broken", None])
def test_the_migration_keeps_closed_what_does_not_open(ana: User, sealed_name: bytes | None) -> None:
    """A damaged name, or a damaged key: of the same size as every other document."""
    key = data_key(ana) if sealed_name else None
    ana.sealed_self, size = migration.document(before_migration(ana, sealed_name), key), len(ana.sealed_self)
    assert gentle_prompts(ana)
    with pytest.raises(CannotOpen):
        unseal(ana, LABEL, ana.pk, bytes(ana.sealed_self))
    assert len(ana.sealed_self) == size


def test_the_migration_waits_for_a_key_that_is_missing(ana: User, settings: Settings) -> None:
    settings.SEALING_KEYS = {"another": bytes(32)}
    with pytest.raises(ImproperlyConfigured, match="SEALING_KEYS lacks"):
        migration.opened_key(DataKey.objects.get(owner=ana))
