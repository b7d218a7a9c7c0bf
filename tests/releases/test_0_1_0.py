"""What version 0.1.0 stored still opens: a dump of its database, and two downloads.

Held here: table names, sealing labels and the keys inside sealed documents, names in `data.json`, names of jobs, and
old addresses, which answer or lead on by a 301. The files were made at 852eb62 by `0.1.0/made.py.txt`.
"""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection
from django.db.models import BinaryField
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoDbBlocker, Settings

from accounts import consents, sealing
from accounts.consents import QUESTIONNAIRE
from accounts.importing import import_file
from accounts.models import Mail, Notice, User
from accounts.notices import new_for
from accounts.portable import Arrival
from accounts.self_document import gentle_prompts, name_of
from accounts.session_store import stored_form
from assessments.models import GroupFigures, Response
from consultations.models import Booking
from journal import reminders
from journal.models import Entry, Revision
from lib.zones import zone
from tests.accounts.factors import PASSWORD, SECRET, code_from_app
from tests.accounts.portable import comparable, exported, parts
from tests.conftest import show_second_factor
from tests.notices import new_about
from tests.outbox import mailed
from tests.releases import restoring

HERE = Path(__file__).parent / "0.1.0"
ABOUT: dict[str, Any] = json.loads((HERE / "about.json").read_text())
NOW = datetime.fromisoformat(ABOUT["at"])
# Names stand in the account's sealed document since 0.2.0, `accounts/migrations/0004_sealed_self.py`.
MOVED, TO = "accounts.name", "accounts.self"
KEYS = {ABOUT["sealing_key"]["id"]: ABOUT["sealing_key"]["bytes_of"].encode()}
DOWNLOADS = {name: (HERE / f"{name}.zip").read_bytes() for name in ("ana", "mara")}

# Group figures as 0.1.0 kept them: the dump has too few people for any.
EXACT_FIGURES = b"""
INSERT INTO public.assessments_groupfigures (form, n, figures, worked_out_at, version_id)
SELECT 'full', 147, '{"balance": {"n": 147, "mean": 3.141593}, "subscales": {}}', '2026-11-23 02:41Z', min(id)
FROM public.assessments_instrumentversion;
"""

pytestmark = [pytest.mark.usefixtures("restored", "as_it_was"), pytest.mark.django_db]


@pytest.fixture(scope="module")
def restored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    dump = (HERE / "dump.sql").read_bytes() + EXACT_FIGURES
    with restoring.restored("0_1_0", dump, KEYS, django_db_blocker):
        yield


@pytest.fixture
def as_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The day of the dump, and its keys."""
    settings.SEALING_KEYS = KEYS
    settings.SECRET_KEY = ABOUT["secret_key"]
    monkeypatch.setattr(reminders.signer, "key", ABOUT["secret_key"])
    with time_machine.travel(NOW, tick=False):
        yield


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def test_records_of_log_ins_no_longer_hold_a_key_of_a_session() -> None:
    assert UserSession.objects.get(ip="192.0.2.7").session_key == stored_form("k" * 32)


def test_tables_keep_their_names() -> None:
    made = re.findall(r"^CREATE TABLE public\.(\w+)", (HERE / "dump.sql").read_text(), re.MULTILINE)
    assert len(made) > 30
    moved = {"consultations_message"}  # its rows are in accounts_mail
    assert set(made) - moved <= set(connection.introspection.table_names())


def test_exact_group_figures_are_gone() -> None:
    assert not GroupFigures.objects.exists()


def test_every_sealed_document_opens_for_its_owner_and_says_the_same() -> None:
    """Whatever its model is called by now: each column of bytes is tried with each owner and label."""
    people = [*User.objects.all()]
    opened = []
    for pk, value in column_values():
        for label in ABOUT["labels"]:
            for owner in people:
                try:
                    opened.append([label, str(pk), sealing.unseal(owner, label, pk, value)])
                except sealing.CannotOpen:
                    continue
    stored = json.loads((HERE / "sealed.json").read_text())
    assert sorted(opened, key=place) == sorted((row for row in stored if row[0] != MOVED), key=place)
    names = {pk: name for label, pk, name in stored if label == MOVED}
    assert len(names) == 2
    assert {str(owner.pk): name_of(owner) for owner in people if name_of(owner)} == names


def test_gentle_prompts_stay_with_who_chose_them() -> None:
    assert [owner for owner in User.objects.all() if gentle_prompts(owner)] == [person("ana")]


def column_values() -> Iterator[tuple[UUID, bytes]]:
    for model in apps.get_models():
        for field in () if model._meta.proxy else model._meta.concrete_fields:
            if isinstance(field, BinaryField):
                rows = model._base_manager.exclude(**{field.name: None})
                yield from ((pk, bytes(value)) for pk, value in rows.values_list("pk", field.name))


def place(row: list[Any]) -> list[str]:
    return row[:2]


def test_labels_are_still_those_that_the_code_opens_with(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = set()

    def noting(label: str, *ids: bytes) -> bytes:
        asked.add(label)
        return place_of(label, *ids)

    place_of = sealing.place
    monkeypatch.setattr(sealing, "place", noting)
    for name in DOWNLOADS:
        assert "cannot_be_opened" not in str(parts(exported(person(name))))
    for factor in Authenticator.objects.filter(type=Authenticator.Type.TOTP):
        secret = sealing.unseal_for_site(sealing.TOTP_SECRET, factor.user_id.bytes, factor.data["secret"])
        assert secret == SECRET == ABOUT["totp_secret"]
    converted = {"accounts.secret": sealing.TOTP_SECRET, MOVED: TO}
    assert asked == {converted.get(label, label) for label in ABOUT["labels"]} | {Notice.LABEL}


def test_a_change_that_a_client_had_not_seen_is_a_notice() -> None:
    people = [user for user in User.objects.select_related("unread") if new_for(user)]
    assert people
    for user in people:
        assert new_for(user) == len(new_about(user))
        for kind, booking in new_about(user):
            assert kind == Notice.Kind.MEETING_CHANGED
            assert Booking.objects.of_client(user).filter(pk=booking).exists()


def test_a_password_and_the_code_of_an_app_log_in(settings: Settings, client: Client) -> None:
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
    client.post(reverse("account_login"), {"login": person("mara").email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_from_app(SECRET)})
    assert client.get(reverse("today")).status_code == 200


# Where there is a second factor, the password alone re-authenticates nobody: the page of the factor is asked for.
# The cards of specialists are short, and no longer say how somebody works.
SINCE: dict[tuple[str, str], list[Any]] = {
    ("mara", "/accounts/reauthenticate/"): [302],
    ("ana", "/specialists/"): [200],
    ("nobody", "/practice/start/"): [200],
}


@pytest.mark.parametrize("name", ["nobody", "ana", "mara"])
def test_old_addresses_answer_as_they_did_with_what_was_written(name: str) -> None:
    """Apart from those of the admin. A 301 may lead to where the answer is now; `SINCE` has what changed on purpose.

    Ana has agreed to the words of 0.1.0, and agrees to those of now.
    """
    consents.give(owner=person("ana"), purpose="questionnaire", now=NOW)
    answers: dict[str, dict[str, Any]] = json.loads((HERE / "addresses.json").read_text())
    wrong = {}
    for path, expected in answers.items():
        if name in expected:
            status, *words = SINCE.get((name, path)) or expected[name]
            answer = reached(visitor(name), path)  # each time a new one: some addresses sign out
            missing = [word for word in words if word not in said(answer)]
            if answer.status_code != status or missing:
                wrong[path] = (answer.status_code, missing)
    assert wrong == {}


def test_who_agreed_then_is_asked_for_the_words_of_now_and_finds_everything() -> None:
    client, ana = visitor("ana"), person("ana")
    begun, before = Response.objects.visible_to(ana).unfinished().get(), exported(ana)
    agree, part = reverse("balance_agree", args=[begun.pk]), reverse("balance_part", args=[begun.pk, 2])
    assert "We have changed the words of something you agreed to." in said(reached(client, reverse("balance")))
    assert client.get(part).headers["Location"] == agree
    asked = said(reached(client, agree))
    assert "The words have changed since you agreed on 7 May 2026" in asked
    assert str(consents.QUESTIONNAIRE.changed) in asked
    assert str(consents.WORDINGS["questionnaire", 1].words) in said(reached(client, reverse("consents")))
    assert parts(exported(ana)) == parts(before)
    client.post(agree, {"questionnaire": QUESTIONNAIRE.version})
    assert client.get(part).status_code == 200
    assert lacking(parts(before)["questionnaires"], parts(exported(ana))["questionnaires"]) == []


def visitor(name: str) -> Client:
    client = Client()
    if name != "nobody":
        client.force_login(person(name))
        show_second_factor(client, person(name))
    return client


def reached(client: Client, path: str) -> HttpResponse:
    """The answer at an address, or at the one that is to be used instead for good."""
    answer = client.get(path)
    for _ in range(3):
        if answer.status_code == 301:
            answer = client.get(answer.headers["Location"])
    return answer  # type: ignore[return-value]


def said(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return content.decode(errors="ignore").replace("\r\n ", "")


def test_a_calendar_that_follows_the_feed_finds_the_same_meetings(client: Client) -> None:
    """Since 0.2.0 also the one that took place before."""
    found = re.findall(r"UID:(\S+)", reached(client, ABOUT["feed"]).text)
    assert found[1:] == ABOUT["uids"]


def test_the_link_in_a_reminder_stops_the_reminders(client: Client) -> None:
    assert parts(exported(person("ana")))["reminders"]
    assert client.post(ABOUT["stop"], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not parts(exported(person("ana")))["reminders"]


def test_jobs_keep_their_names() -> None:
    assert set(ABOUT["tasks"]) <= app.tasks.keys()


def test_jobs_that_were_waiting_are_done() -> None:
    waiting = ProcrastinateJob.objects.filter(status="todo")
    assert set(waiting.values_list("task_name", flat=True)) <= set(ABOUT["tasks"])
    assert waiting.count() == ABOUT["waiting_mails"]
    assert len(mailed()) == ABOUT["waiting_mails"]
    assert not waiting.exists()
    assert not Mail.objects.filter(sent_at=None, dropped_at=None).exists()


def test_entries_and_versions_have_the_day_of_their_accounts_zone() -> None:
    rows: list[Entry | Revision] = [*Entry.objects.all(), *Revision.objects.all()]
    assert {row.owner.timezone for row in rows} - {"UTC"}
    for row in rows:
        assert row.local == row.date.astimezone(zone(row.owner.timezone)).replace(tzinfo=None)


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_new_download_names_everything_as_the_old_one_did(name: str) -> None:
    """It may hold more by now, and it still has the words that were agreed to then."""
    old, new = parts(DOWNLOADS[name]), parts(exported(person(name)))
    assert all(row["words"] for row in old["consents"])
    assert lacking(old, new) == []


def lacking(old: Any, new: Any, at: str = "") -> list[str]:
    """Where something of `old` (other than nothing) is missing in `new`, or is not the same."""
    if isinstance(old, dict) and isinstance(new, dict):
        absent = [f"{at}.{key}" for key in old.keys() - new.keys()]
        return absent + [one for key in old.keys() & new.keys() for one in lacking(old[key], new[key], f"{at}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [one for number, pair in pairs for one in lacking(*pair, f"{at}[{number}]")]
    return [] if old in (None, new) else [at]


def test_an_old_download_comes_whole_into_a_new_account_and_once() -> None:
    new = User.objects.create_user("new@example.org")
    old = DOWNLOADS["ana"]
    held = parts(old)
    rows = sum(len(held[name]) for name in ("questionnaires", "entries", "prompt_choices"))
    assert rows == 9
    first = take(new, old)
    assert (first.added, first.left) == (rows, 0)
    assert lacking(comparable(old, new.pk), comparable(exported(new))) == []
    second = take(new, old)
    assert (second.added, second.left) == (0, rows)
    assert take(person("ana"), old).added == 0


def take(owner: User, content: bytes) -> Arrival:
    return import_file(owner=owner, file=io.BytesIO(content), now=NOW, agrees=["questionnaire"], takes_settings=True)
