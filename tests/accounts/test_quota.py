"""What an account stores is counted by the database itself, whoever writes, and never drifts unseen."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import BinaryField

from accounts import quota
from accounts.models import Held, Notice, Usage, User
from accounts.privacy import Category, registry
from accounts.services import erase_account
from accounts.tasks import check_quotas_nightly
from assessments.models import Response, Result, Retest
from assessments.services import delete_result, load_version
from consultations.models import Absence, Booking, BusyCalendar, Photo, ProfileChange, Specialist, Verification
from exchange.models import (
    Contact,
    Flag,
    Message,
    ProfileReport,
    QuestionDraft,
    Remark,
    Report,
    SavedText,
    Side,
    Submission,
)
from journal import services
from journal.content import Content
from journal.models import Entry, Revision
from journal.services import Write
from meetings.models import Opening, Share
from tests.answered import finished
from tests.assessments.vectors import SOURCE
from tests.consultations.racing import at_once, beside
from tests.journal.written import NOW, written, written_twice

# Kept for minutes; one row a person; blanked after the meeting; one row a person, of one size; five a day; thirty a
# day, and what others send must not fill an account; ten a day; twenty a person; two a day; one row a person. What
# somebody asks or flags names no owner.
BOUNDED = {Held, Notice, Specialist, Booking, Photo, User, Contact, Side, Message, Report, SavedText, Submission}
BOUNDED |= {QuestionDraft, Flag, ProfileReport}
BOUNDED |= {Remark}  # ten about an objection
# For one meeting, and gone with it: five entries at most; what is open is not opened again for an hour.
BOUNDED |= {Share, Opening}
BOUNDED |= {Verification, ProfileChange}  # written by staff; one a specialist
BOUNDED |= {BusyCalendar, Absence}  # five a specialist; thirty
BOUNDED |= {Retest}  # one a result, which is counted, and one word


def counted(owner: User) -> int:
    return Usage.objects.get(owner=owner).bytes


def true(owner: User) -> int:
    """The bytes of every row, counted here."""
    models = (Entry, Revision, Response, Result)
    return sum(len(row.sealed) for model in models for row in model._default_manager.filter(owner=owner))


def test_whatever_grows_with_what_a_person_writes_is_counted(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger"
            " WHERE tgfoid = 'accounts_count_stored'::regproc GROUP BY tgrelid"
        )
        triggers = dict(cursor.fetchall())
    assert triggers == {model._meta.db_table: 3 for model in registry.counted()}
    words = {model for model, one in registry.declarations.items() if one.category is Category.WORDS}
    tables = [model for model in apps.get_models() if not model._meta.proxy]
    ours = {model for model in tables if any(isinstance(one, BinaryField) for one in model._meta.fields)}
    keys = {registry.declarations[model].model for model in ours} - words - BOUNDED
    assert {model.__name__ for model in keys} == {"DataKey"}
    assert words - set(registry.counted()) <= BOUNDED


def test_every_kind_of_write_is_counted_as_it_is_made(ana: User, ben: User) -> None:
    written(ben)
    pk, version, beside = written_twice(ana)
    assert counted(ana) == true(ana) > 0
    services.save_entry(
        owner=ana, entry_id=pk, write=Write(content=Content(texts=("é" * 9_000,)), base_revision=1), now=NOW
    )
    assert counted(ana) == true(ana) > 30_000
    services.keep_both(owner=ana, entry_id=pk, revision_id=beside, now=NOW)
    services.restore_revision(owner=ana, entry_id=pk, revision_id=version, now=NOW)
    assert counted(ana) == true(ana)
    result = finished(ana, load_version(source=SOURCE, publish=True, now=NOW)[0])
    assert counted(ana) == true(ana)
    delete_result(owner=ana, result_id=result.pk)
    services.bin_entry(owner=ana, entry_id=pk, now=NOW)
    services.empty_bin(owner=ana)
    assert counted(ana) == true(ana)
    services.delete_old_revisions(before=NOW + timedelta(days=1))
    assert counted(ana) == true(ana) == len(Entry.objects.get(owner=ana).sealed)
    assert counted(ben) == true(ben)
    services.bin_entry(owner=ana, entry_id=Entry.objects.get(owner=ana).pk, now=NOW)
    services.delete_binned(before=NOW + timedelta(days=1))
    assert counted(ana) == 0


def test_rows_of_several_people_in_one_statement_are_counted_for_each(ana: User, ben: User) -> None:
    when = {"date": NOW, "day": NOW.date(), "clock": NOW.time(), "created_at": NOW, "changed_at": NOW, "kept_at": NOW}
    about = when | {"client": uuid.uuid4(), "sequence": 0}
    sizes = {ana: (300, 500), ben: (1_000,)}
    Entry.objects.bulk_create(
        Entry(owner=owner, sealed=b"x" * size, **about) for owner, several in sizes.items() for size in several
    )
    assert (counted(ana), counted(ben)) == (800, 1_000)
    Entry.objects.update(sealed=b"x" * 10)
    assert (counted(ana), counted(ben)) == (20, 10)
    Entry.objects.all().delete()
    assert (counted(ana), counted(ben)) == (0, 0)


def test_the_count_goes_with_the_account(ana: User) -> None:
    written_twice(ana)
    erase_account(owner=ana, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Usage.objects.exists()


def test_a_wrong_count_is_corrected_at_night_and_reported(ana: User, ben: User, caplog: Any) -> None:
    for owner in (ana, ben):
        written(owner)
    check_quotas_nightly(timestamp=0)
    assert not caplog.records
    Usage.objects.filter(owner=ana).update(bytes=7)
    Usage.objects.filter(owner=ben).delete()
    check_quotas_nightly(timestamp=0)
    assert (counted(ana), counted(ben)) == (true(ana), true(ben))
    assert len(caplog.records) == 2
    assert quota.check() == 0


@pytest.mark.django_db(transaction=True)
def test_writes_at_the_same_moment_are_all_counted(ana: User) -> None:
    def writes(number: int) -> Any:
        def write() -> None:
            owner = User.objects.get(pk=ana.pk)
            for length in (10, 4_000, 900):
                entry = written(owner, "é" * length * number)
                again = Write(content=Content(texts=("x" * length,)), base_revision=1)
                services.save_entry(owner=owner, entry_id=entry.pk, write=again, now=NOW)
                services.save_entry(owner=owner, entry_id=shared.pk, write=again, now=NOW)
            services.bin_entry(owner=owner, entry_id=entry.pk, now=NOW)
            services.empty_bin(owner=owner)

        return write

    shared = written(ana)
    outcomes = at_once(*(writes(number) for number in range(1, 9)))
    assert outcomes == [None] * 8
    assert counted(ana) == true(ana)


@pytest.mark.django_db(transaction=True)
def test_the_nightly_check_waits_for_a_write_that_cannot_be_seen_yet(ana: User) -> None:
    written(ana)
    Usage.objects.filter(owner=ana).update(bytes=7)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            written(ana)
            checking = beside(pool, quota.check)
        assert checking.result() == 1
    assert counted(ana) == true(ana)
