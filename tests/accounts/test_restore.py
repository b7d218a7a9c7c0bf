"""A dump restored into another database opens with the keys, and with nothing else."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.erasure import close_account
from accounts.models import User
from accounts.privacy import registry
from accounts.sealing import CannotOpen, unseal
from journal.models import Entry, Revision
from tests import postgres
from tests.journal.written import NOW, written, written_twice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine(NOW, tick=False)]
WORDS = "The quiet of a shared kitchen"
CLOSED = "be opened. It has not been changed."


@pytest.fixture
def restored(ana: User, ben: User) -> Iterator[Callable[[], None]]:
    """When called, dumps the test's database, restores it into a new one, and leaves the connection there."""
    made = f"{connection.settings_dict['NAME']}_restored"
    first = str(connection.settings_dict["NAME"])
    postgres.run("dropdb", "--if-exists", made)
    postgres.run("createdb", made)

    def restore() -> None:
        whole = postgres.dump()
        postgres.run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", made, given=whole)
        postgres.use(made)

    yield restore
    postgres.use(first)
    postgres.run("dropdb", "--force", made)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, entry: Entry) -> str:
    return client.get(reverse(name, kwargs={"pk": entry.pk})).text


def test_a_restored_dump_opens_with_the_keys(restored: Callable[[], None], ana: User, ben: User) -> None:
    entries = {owner: [written(owner, f"{WORDS} {owner.pk} {n}.") for n in range(3)] for owner in (ana, ben)}
    restored()
    assert str(connection.settings_dict["NAME"]).endswith("_restored")
    for owner, theirs in entries.items():
        client = signed_in(owner)
        for n, entry in enumerate(theirs):
            assert f"{WORDS} {owner.pk} {n}." in page(client, "entry", entry)


@pytest.mark.parametrize("name", ["first", "another"])
def test_a_restored_dump_is_closed_without_the_keys_and_stays_as_it_is(
    restored: Callable[[], None], settings: Settings, name: str
) -> None:
    """With another key under the same id, and with a key of another id: nothing is shown or written over."""
    settings.SEALING_KEYS = {"first": secrets.token_bytes(32)}
    ana = User.objects.create_user("here@example.org")
    entry = written(ana, WORDS)
    client = signed_in(ana)
    edit = reverse("entry_edit", kwargs={"pk": entry.pk})
    form = client.get(edit).context["form"]
    begun = {field.html_name: field.value() or "" for field in form} | {"text_0": "Written since."}
    restored()
    settings.SEALING_KEYS = {name: secrets.token_bytes(32)}
    before = bytes(Entry.objects.get().sealed)
    client = signed_in(ana)
    for address in ("entry", "entry_edit"):
        shown = page(client, address, entry)
        assert CLOSED in shown
        assert WORDS not in shown
        assert "<textarea" not in shown
    listed = client.get(reverse("journal"))
    assert CLOSED in listed.text
    assert WORDS not in listed.text
    assert "Written since." in client.post(edit, begun).text  # given back, and kept nowhere
    assert bytes(Entry.objects.get().sealed) == before
    assert not Revision.objects.filter(made_at__gt=entry.changed_at).exists()
    with pytest.raises(CannotOpen):
        unseal(User.objects.get(pk=ana.pk), Entry.LABEL, entry.pk, before)


def test_a_dump_from_before_an_erasure_opens_nothing_in_the_database_after_it(ana: User, ben: User) -> None:
    """Sealed rows that were copied beforehand, put back under the same person and under another."""
    entry, _, _ = written_twice(ana)
    written(ben, "Of Ben.")
    copied = Entry.objects.get(pk=entry)
    pk, email = ana.pk, ana.email
    close_account(owner=ana, now=timezone.now())
    for declaration in registry.declarations.values():
        if declaration.owner:
            assert not declaration.model._default_manager.filter(**{declaration.owner: pk}).exists()
    again = User.objects.create_user(email, "look-at-the-balance", pk=pk)
    written(again, "Written anew.")
    for owner in (again, ben):
        copied.owner = owner
        copied.save(force_insert=owner is again)
        shown = page(signed_in(owner), "entry", copied)
        assert CLOSED in shown
        assert "A quiet evening." not in shown
