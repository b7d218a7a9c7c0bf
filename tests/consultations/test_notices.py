"""News that stood in columns and lists of its own becomes notices, as `notify` would have written them."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from accounts.models import DataKey, Notice, User
from accounts.notices import Kind, notify
from tests.consultations.cast import NOW
from tests.notices import new_about

migration = import_module("consultations.migrations.0010_notices_of_changes")
TARGET = uuid4()


def migrated(owner: User) -> Notice | None:
    made: Notice | None = migration.notice(
        Notice, DataKey.objects.get(owner=owner), Kind.MEETING_CHANGED.value, TARGET, NOW
    )
    return made


def test_the_migration_writes_what_notify_would(ana: User) -> None:
    made = migrated(ana)
    assert made
    made.save(force_insert=True)
    assert new_about(ana) == [(Kind.MEETING_CHANGED, TARGET)]
    notify(owner=ana, kind=Kind.MEETING_CHANGED, target=TARGET, now=NOW)
    assert Notice.objects.get() == made


def test_the_migration_leaves_out_whose_key_is_damaged(ana: User) -> None:
    DataKey.objects.filter(owner=ana).update(wrapped=b"broken")
    assert migrated(ana) is None
    assert migration.notice(Notice, None, Kind.MEETING_CHANGED.value, TARGET, NOW) is None


def test_the_migration_waits_for_a_key_that_is_missing(ana: User, settings: Settings) -> None:
    settings.SEALING_KEYS = {"another": bytes(32)}
    with pytest.raises(ImproperlyConfigured, match="SEALING_KEYS lacks"):
        migrated(ana)
