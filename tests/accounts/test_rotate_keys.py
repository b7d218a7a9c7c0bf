"""Re-wrapping every data key with a new key-encryption key: interrupted, repeated, and run twice at once."""

import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import rotation
from accounts.models import DataKey, Mail, User
from accounts.outbox import LABEL, post
from accounts.sealing import TOTP_SECRET, seal, seal_for_site, unseal, unseal_for_site
from accounts.session_store import SessionStore, stored_key
from consultations.models import Booking, Verification
from exchange.models import Contact, Flag, ProfileReport, Question, Remark, Report, Submission
from tests.consultations.cast import verified
from tests.processes import NARROW, environment, wait_until

ROOT = Path(__file__).resolve().parents[2]
ROW = uuid.UUID(int=7)
OLD, NEW = {"old": bytes(range(32))}, {"new": bytes(range(32, 64))}

type Capture = pytest.CaptureFixture[str]


def session(n: int) -> Session:
    store = SessionStore()
    store["n"] = n
    store.save()
    return Session.objects.get(pk=stored_key(store))


def mail(n: int) -> Mail:
    made = post(None, kind="decoy", now=timezone.now())
    made.sealed = seal_for_site(LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


def contact(n: int) -> Contact:
    made = Contact(topic="press", day=timezone.now(), state_since=timezone.now())
    made.sealed = seal_for_site(Contact.LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


def report(n: int) -> Report:
    made = Report(day=timezone.now())
    made.sealed = seal_for_site(Report.LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


def remark(n: int) -> Remark:
    owner = User.objects.create_user(f"objects-{n}@example.org")
    starts = datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(days=n)
    about = Booking.objects.create(
        starts_at=starts,
        ends_at=starts + timedelta(minutes=30),
        format="video",
        token=uuid.uuid4(),
        made_at=starts,
        changed_at=starts,
    )
    made = Remark(booking=about, owner=owner, at=starts)
    made.sealed = seal_for_site(Remark.LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


def submission(n: int) -> Submission:
    made = Submission(pk=uuid.uuid4(), tag=bytes([n]))
    made.author = seal_for_site(Submission.AUTHOR_LABEL, made.pk.bytes, {"n": n})
    made.sealed = seal_for_site(Submission.LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


def withdrawn(n: int) -> Submission:
    made = submission(n)
    made.state, made.sealed = Submission.State.WITHDRAWN, ""
    made.save()
    return made


def flag(n: int) -> Flag:
    asked = submission(n)
    Submission.objects.filter(pk=asked.pk).update(state="published")
    about = Question.objects.create(
        id=asked.pk, title="Title", text="Text", theme="balance", published_on=timezone.now()
    )
    made = Flag(pk=uuid.uuid4(), question=about, on=timezone.now())
    made.sealed = seal_for_site(Flag.LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


def verification(n: int) -> Verification:
    user = User.objects.create(email=f"specialist{n}@example.org")
    made = Verification(specialist=verified(user), outcome="sent_back", at=timezone.now())
    made.sealed = seal_for_site(Verification.LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


def profile_report(n: int) -> ProfileReport:
    made = ProfileReport(day=timezone.now())
    made.sealed = seal_for_site(ProfileReport.LABEL, made.pk.bytes, {"n": n})
    made.save()
    return made


# For each column that the site seals, a function that makes its nth row, with {"n": n} sealed.
SITE_SEALED_ROWS: dict[str, Callable[[int], Model]] = {
    "sessions": session,
    "mails": mail,
    "contacts": contact,
    "reports": report,
    "remarks": remark,
    "reports of profiles": profile_report,
    "questions": submission,
    "authors of questions": withdrawn,
    "flags": flag,
    "verifications": verification,
}
# What else changes where a value is emptied.
WHERE_EMPTY = {"questions": {"state": "withdrawn"}, "verifications": {"outcome": "seen"}}


@pytest.fixture
def people(settings: Settings, db: None) -> Callable[[int], dict[User, bytes]]:
    """People with something sealed while the old key was the only one; the new one is active afterwards."""

    def make(count: int) -> dict[User, bytes]:
        settings.SEALING_KEYS = OLD
        users = User.objects.bulk_create(User(email=f"{n}@example.org") for n in range(count))
        sealed = {user: seal(user, "test", ROW, str(user.pk)) for user in users}
        settings.SEALING_KEYS = NEW | OLD
        return sealed

    return make


def assert_all_open(sealed: dict[User, bytes]) -> None:
    for user, value in sealed.items():
        assert unseal(User.objects.get(pk=user.pk), "test", ROW, value) == str(user.pk)


def wrapped_by(name: str) -> int:
    return DataKey.objects.filter(wrapped_by=name).count()


def test_every_key_is_wrapped_anew_and_the_old_one_can_go(
    people: Callable[[int], dict[User, bytes]], settings: Settings, capsys: Capture
) -> None:
    sealed = people(7)
    before = dict(DataKey.objects.values_list("owner", "wrapped"))
    call_command("rotate_keys", batch_size=3)
    out, err = capsys.readouterr()
    assert [line for line in err.splitlines() if "data keys" in line] == [
        "data keys: 3 of 7",
        "data keys: 6 of 7",
        "data keys: 7 of 7",
    ]
    assert "None remains" in out
    settings.SEALING_KEYS = NEW
    assert_all_open(sealed)
    assert all(wrapped != before[owner] for owner, wrapped in DataKey.objects.values_list("owner", "wrapped"))


def test_a_second_run_finds_nothing(people: Callable[[int], dict[User, bytes]], capsys: Capture) -> None:
    people(2)
    call_command("rotate_keys")
    capsys.readouterr()
    before = [*DataKey.objects.values_list("wrapped", flat=True)]
    call_command("rotate_keys")
    assert [*DataKey.objects.values_list("wrapped", flat=True)] == before
    assert "of" not in capsys.readouterr().err


def test_secrets_of_second_factors_move_too(settings: Settings, db: None) -> None:
    settings.SEALING_KEYS = OLD
    ana = User.objects.create_user("ana@example.org")
    types = Authenticator.Type
    secret = seal_for_site(TOTP_SECRET, ana.pk.bytes, "JBSWY3DP")
    Authenticator.objects.create(user=ana, type=types.TOTP, data={"secret": secret})
    Authenticator.objects.create(user=ana, type=types.RECOVERY_CODES, data={"salt": "", "digests": []})
    Authenticator.objects.create(user=ana, type=types.WEBAUTHN, data={"name": "a phone", "credential": {}})
    settings.SEALING_KEYS = NEW | OLD
    call_command("rotate_keys")
    settings.SEALING_KEYS = NEW
    data = {row.type: row.data for row in Authenticator.objects.all()}
    assert unseal_for_site(TOTP_SECRET, ana.pk.bytes, data[types.TOTP]["secret"]) == "JBSWY3DP"
    assert data[types.RECOVERY_CODES] == {"salt": "", "digests": []}
    assert data[types.WEBAUTHN] == {"name": "a phone", "credential": {}}


@pytest.mark.parametrize("column", rotation.SITE_SEALED, ids=lambda column: column.what)
def test_a_column_that_the_site_seals_moves_in_batches(
    column: rotation.SiteSealed[Any], settings: Settings, capsys: Capture, db: None
) -> None:
    settings.SEALING_KEYS = OLD
    rows = [SITE_SEALED_ROWS[column.what](n) for n in range(5)]
    settings.SEALING_KEYS = NEW | OLD
    damaged = rows[3]
    column.model._default_manager.filter(pk=damaged.pk).update(**{column.column: "old:AAAA"})
    with pytest.raises(CommandError, match="1 could not be opened"):
        call_command("rotate_keys", batch_size=2)
    assert f"{column.what}: 4 of 5" in capsys.readouterr().err
    column.model._default_manager.filter(pk=damaged.pk).update(
        **{column.column: ""}, **WHERE_EMPTY.get(column.what, {})
    )
    call_command("rotate_keys")
    assert "None remains" in capsys.readouterr().out
    settings.SEALING_KEYS = NEW
    for n, row in enumerate(rows):
        row.refresh_from_db()
        if row != damaged:
            assert unseal_for_site(column.label, column.row_id(row), getattr(row, column.column)) == {"n": n}


def test_people_stay_signed_in_while_keys_move(client: Client, db: None, settings: Settings) -> None:
    settings.SEALING_KEYS = OLD
    client.force_login(User.objects.create_user("ana@example.org"))
    settings.SEALING_KEYS = NEW | OLD
    call_command("rotate_keys")
    settings.SEALING_KEYS = NEW
    assert client.get(reverse("settings")).status_code == 200


def test_keys_that_do_not_open_are_left_and_reported(people: Callable[[int], dict[User, bytes]]) -> None:
    sealed = people(5)
    damaged = DataKey.objects.order_by("owner")[2]
    DataKey.objects.filter(pk=damaged.pk).update(wrapped=bytes(damaged.wrapped) + b"x")
    Authenticator.objects.create(user=next(iter(sealed)), type=Authenticator.Type.TOTP, data={"secret": "in clear"})
    with pytest.raises(CommandError, match="2 could not be opened"):
        call_command("rotate_keys", batch_size=2)
    assert (wrapped_by("new"), wrapped_by("old")) == (4, 1)
    assert_all_open({user: value for user, value in sealed.items() if user.pk != damaged.owner_id})
    assert Authenticator.objects.get().data == {"secret": "in clear"}


def test_a_batch_holds_at_least_one_key(db: None) -> None:
    with pytest.raises(CommandError, match="at least one"):
        call_command("rotate_keys", batch_size=0)


def test_a_missing_key_is_found_by_the_check(people: Callable[[int], dict[User, bytes]], settings: Settings) -> None:
    people(3)
    assert "accounts.E001" not in {message.id for message in run_checks(databases=["default"])}
    settings.SEALING_KEYS = NEW
    (error,) = [message for message in run_checks(databases=["default"]) if message.id == "accounts.E001"]
    assert "wrapped by old," in error.msg


def test_a_missing_key_of_a_second_factor_is_found_by_the_check(settings: Settings, db: None) -> None:
    """A process that was not started again has sealed it after `rotate_keys` found that none remained."""
    settings.SEALING_KEYS = OLD
    ana = User.objects.create_user("ana@example.org")
    secret = seal_for_site(TOTP_SECRET, ana.pk.bytes, "JBSWY3DP")
    Authenticator.objects.create(user=ana, type=Authenticator.Type.TOTP, data={"secret": secret})
    settings.SEALING_KEYS = NEW | OLD
    assert "accounts.E002" not in {message.id for message in run_checks(databases=["default"])}
    settings.SEALING_KEYS = NEW
    (error,) = [message for message in run_checks(databases=["default"]) if message.id == "accounts.E002"]
    assert "sealed with old," in error.msg


@pytest.mark.django_db(transaction=True)
def test_several_runs_at_once_are_harmless(people: Callable[[int], dict[User, bytes]]) -> None:
    sealed = people(40)

    def run() -> None:
        try:
            call_command("rotate_keys", batch_size=3)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrapped_by("new") == 40
    assert_all_open(sealed)


@pytest.mark.django_db(transaction=True)
def test_rows_that_another_run_holds_are_left_to_it(
    people: Callable[[int], dict[User, bytes]], capsys: Capture
) -> None:
    people(3)

    def run() -> None:
        try:
            call_command("rotate_keys")
        finally:
            connection.close()

    with transaction.atomic():
        held = DataKey.objects.select_for_update().order_by("owner")[:1].get()
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    assert "1 remain, held by another run" in capsys.readouterr().out
    assert DataKey.objects.get(wrapped_by="old") == held


@pytest.mark.django_db(transaction=True)
def test_a_run_killed_half_way_loses_nothing_and_the_next_one_ends_it(
    people: Callable[[int], dict[User, bytes]],
) -> None:
    """A real process, stopped by a lock in the middle of its work and killed there."""
    sealed = people(300)
    with subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--batch-size", "1"],
        cwd=ROOT,
        env=environment(mail_port=1),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pipesize=NARROW,
    ) as process:
        assert process.stderr is not None
        wait_until(lambda: wrapped_by("new") > 0)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE accounts_datakey IN EXCLUSIVE MODE")
            assert 0 < wrapped_by("new") < 300
            process.kill()
            process.wait()
            assert process.stderr.readline() == b"data keys: 1 of 300\n"
    done = wrapped_by("new")
    assert 0 < done < 300
    assert_all_open(sealed)
    call_command("rotate_keys")
    assert wrapped_by("new") == 300
    assert_all_open(sealed)
