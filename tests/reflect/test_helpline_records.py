"""What staff record about helplines: in the admin, and in the files that a job writes for the help page."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import User
from accounts.services import erase_account
from lib.folders import replace_file
from reflect import services
from reflect.helplines import RECORDS, Helpline, Kind, Record, helplines, read_records, shipped
from reflect.management.commands.worker import bring_this_host_up_to_date
from reflect.models import HelplineRecord
from reflect.publishing import client, publish_helplines
from reflect.tasks import publish_helplines as job
from reflect.tasks import publish_helplines_nightly
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
PAGE = "/admin/reflect/helplinerecord/"


@pytest.fixture(autouse=True)
def pages(settings: Settings, tmp_path: Path) -> Path:
    """The folder, with copies of the proxy."""
    settings.PAGES_FOLDER = tmp_path / "pages"
    (tmp_path / "pages" / "proxy").mkdir(parents=True)
    return tmp_path / "pages"


@pytest.fixture
def danas(dana: User, as_user: AsUser) -> Client:
    return as_user(dana)


def line(key: str) -> Helpline:
    return next(line for line in shipped() if line.key == key)


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name=services.PUBLISH, status="todo").count()


def rows_of(client: Client) -> dict[str, str]:
    """The words of each row of the list, by key."""
    root = assert_valid_html(client.get(PAGE).content)
    return {str(row.get("id")): text_of(row) for row in root.iter("tr") if row.get("id")}


# What staff see and do


def test_the_list_has_every_line_of_the_file_and_no_other(danas: Client) -> None:
    HelplineRecord.objects.create(key="uk-gone", hidden=True)
    shown = rows_of(danas)
    assert shown.keys() == {line.key for line in shipped()}
    assert "Not yet" in shown["uk-shout"]
    assert "27 November 2026, for this release" in shown["uk-emergency"]
    assert danas.post(PAGE, {"check": "uk-gone"}).status_code == 404


def test_a_check_is_one_press(danas: Client, dana: User) -> None:
    answer = danas.post(PAGE, {"check": "uk-shout"}, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}#uk-shout", 302)]
    assert "Shout: Checked. The help page will follow in a moment." in answer.text
    assert "27 November 2026, by dana@example.org" in rows_of(danas)["uk-shout"]
    record = HelplineRecord.objects.get()
    assert (record.checked_on, record.checked_by, record.hidden) == (NOW.date(), dana, False)
    assert jobs() == 1
    danas.post(PAGE, {"uncheck": "uk-shout"})
    assert "Not yet" in rows_of(danas)["uk-shout"]


def test_a_check_grows_old_and_does_not_count_for_another_number(danas: Client) -> None:
    services.record_check(line=line("uk-shout"), staff=User.objects.get(), today=date(2026, 5, 1))
    assert "1 May 2026, by dana@example.org More than 180 days ago" in rows_of(danas)["uk-shout"]
    HelplineRecord.objects.update(checked_as="another number")
    assert "Not since the line changed. Before that on 1 May 2026." in rows_of(danas)["uk-shout"]


def test_a_line_is_hidden_and_shown_again(danas: Client) -> None:
    assert 'value="uk-shout" class="button">Hide' in danas.get(PAGE).text
    danas.post(PAGE, {"hide": "uk-shout"})
    publish_helplines()
    assert line("uk-shout") not in helplines()
    assert "Hidden" in rows_of(danas)["uk-shout"]
    danas.post(PAGE, {"check": "uk-shout"})
    assert HelplineRecord.objects.get().hidden
    danas.post(PAGE, {"show": "uk-shout"})
    publish_helplines()
    assert "Hidden" not in rows_of(danas)["uk-shout"]
    assert "uk-shout" in [line.key for line in helplines()]


def test_an_emergency_number_and_the_last_of_a_list_cannot_be_hidden(danas: Client) -> None:
    danas.post(PAGE, {"hide": "int-find-a-helpline"})
    for key in ["int-befrienders-worldwide", *(line.key for line in shipped() if line.kind is Kind.EMERGENCY)]:
        assert f'value="{key}" class="button">Hide' not in danas.get(PAGE).text
        answer = danas.post(PAGE, {"hide": key}, follow=True)
        assert "is not hidden: it always stays on the help page." in answer.text
    assert HelplineRecord.objects.get().key == "int-find-a-helpline"
    assert LogEntry.objects.count() == 1


def test_each_act_is_in_the_log(danas: Client, dana: User) -> None:
    for name in ("check", "uncheck", "hide", "show"):
        danas.post(PAGE, {name: "uk-shout"})
    entries = LogEntry.objects.order_by("pk")
    assert {(entry.user, entry.object_id) for entry in entries} == {(dana, "uk-shout")}
    said = ["Checked.", "The check is taken back.", "Hidden.", "Shown again."]
    assert [entry.get_change_message() for entry in entries] == said


def test_staff_see_and_record_what_they_may(ben: User, as_user: AsUser) -> None:
    User.objects.filter(pk=ben.pk).update(is_staff=True)
    assert as_user(ben).get(PAGE).status_code == 403
    ben.user_permissions.add(Permission.objects.get(codename="view_helplinerecord"))
    assert "<button name=" not in as_user(ben).get(PAGE).text
    assert as_user(ben).post(PAGE, {"hide": "uk-shout"}).status_code == 403
    ben.user_permissions.add(Permission.objects.get(codename="change_helplinerecord"))
    assert as_user(ben).post(PAGE, {"hide": "uk-shout"}).status_code == 302
    assert HelplineRecord.objects.get().hidden


@pytest.mark.parametrize("sent", [{}, {"check": ""}, {"check": "\0"}, {"delete": "uk-shout"}, {"key": "uk-shout"}])
def test_what_no_button_sends_is_not_found(danas: Client, sent: dict[str, str]) -> None:
    assert danas.post(PAGE, sent).status_code == 404
    assert not HelplineRecord.objects.exists()


def test_the_list_takes_the_same_queries_however_much_is_recorded(danas: Client, dana: User) -> None:
    counts = []
    danas.get(PAGE)  # the first of a session writes more
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            danas.get(PAGE)
        counts.append(len(queries))
        for one in shipped():
            services.record_check(line=one, staff=dana, today=NOW.date())
    assert counts[0] == counts[1]


def test_a_check_outlives_the_account_of_who_made_it(danas: Client, ana: User) -> None:
    services.record_check(line=line("uk-shout"), staff=ana, today=NOW.date())
    erase_account(owner=ana, now=NOW)
    assert "27 November 2026, by somebody whose account is deleted" in rows_of(danas)["uk-shout"]


def test_who_checked_needs_a_date(ana: User) -> None:
    with pytest.raises(IntegrityError, match="helpline_checked_on_a_date"):
        HelplineRecord.objects.create(key="uk-shout", checked_by=ana)


# What the job writes


def test_the_job_belongs_to_the_change(dana: User) -> None:
    with transaction.atomic():
        services.hide(line=line("uk-shout"))
        assert jobs() == 1
        transaction.set_rollback(True)
    assert jobs() == 0


def test_the_job_writes_the_record_and_the_proxys_copy(pages: Path, dana: User) -> None:
    services.record_check(line=line("uk-shout"), staff=dana, today=NOW.date())
    services.hide(line=line("uk-samaritans"))
    job()
    assert read_records((pages / RECORDS).read_bytes()) == {
        "uk-shout": Record(NOW.date(), line("uk-shout").facts),
        "uk-samaritans": Record(hidden=True),
    }
    copy = (pages / "proxy" / "help_now.html").read_bytes()
    assert copy == client().get("/help-now/", secure=True).content
    assert text_of(assert_valid_html(copy)).count("Samaritans") == 1  # of Ireland
    assert sorted(path.name for path in pages.rglob("*")) == ["help_now.html", RECORDS, "proxy"]


def test_where_no_proxy_has_copies_none_is_written(pages: Path) -> None:
    (pages / "proxy").rmdir()
    publish_helplines_nightly(timestamp=0)
    assert [path.name for path in pages.iterdir()] == [RECORDS]


def test_the_command_for_the_proxy_begins_with_what_is_recorded(
    settings: Settings, pages: Path, tmp_path: Path
) -> None:
    """A new host has it at once."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    services.hide(line=line("uk-shout"))
    call_command("proxy_pages")
    assert "Shout" not in (pages / "proxy" / "help_now.html").read_text()
    assert read_records((pages / RECORDS).read_bytes()) == {"uk-shout": Record(hidden=True)}


def test_a_worker_starts_although_the_folder_cannot_be_written(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    settings.PAGES_FOLDER = tmp_path / "file" / "pages"
    bring_this_host_up_to_date()
    assert "could not be written" in caplog.text


def test_a_writer_that_fails_leaves_what_was_there(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_helplines()
    before = (pages / RECORDS).read_bytes()
    services.hide(line=line("uk-shout"))

    def full(_file: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            publish_helplines()
    assert (pages / RECORDS).read_bytes() == before
    publish_helplines()
    assert read_records((pages / RECORDS).read_bytes()) == {"uk-shout": Record(hidden=True)}


def test_whoever_is_reading_reads_on_in_the_old_file(pages: Path) -> None:
    old, new = b"a" * 1_000, b"b" * 10
    replace_file(pages / RECORDS, old)
    with (pages / RECORDS).open("rb", buffering=0) as file:
        begun = file.read(400)
        replace_file(pages / RECORDS, new)
        assert begun + file.read() == old
    assert (pages / RECORDS).read_bytes() == new
