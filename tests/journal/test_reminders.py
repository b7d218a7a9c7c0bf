"""Reminders are off until asked for, come once at the chosen local hour, and stop with one click."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.erasure import ask_to_close, keep_account
from accounts.models import Mail, User
from accounts.outbox import SEND, post
from accounts.preferences import save_settings
from journal import reminders, tasks
from journal.models import Reminder
from journal.reminders import next_time, post_due, set_reminder, stop_reminder, token_of
from tests.accounts.portable import exported, parts
from tests.accounts.test_import import take
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.outbox import mailed

MONDAY, FRIDAY, SUNDAY = 0, 4, 6
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday
MOMENT = timedelta(microseconds=1)
BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"

TIMES = [  # zone, weekday, hour, after, next (both as UTC)
    ("UTC", SUNDAY, 13, "2026-03-01 12:00", "2026-03-01 13:00"),
    ("UTC", SUNDAY, 12, "2026-03-01 12:00", "2026-03-08 12:00"),  # strictly after
    ("UTC", SUNDAY, 12, "2026-03-01 11:59", "2026-03-01 12:00"),
    ("UTC", MONDAY, 0, "2026-12-31 23:00", "2027-01-04 00:00"),
    ("Asia/Kathmandu", MONDAY, 8, "2026-03-01 12:00", "2026-03-02 02:15"),
    ("America/St_Johns", SUNDAY, 9, "2026-03-01 12:00", "2026-03-01 12:30"),
    ("Pacific/Kiritimati", MONDAY, 3, "2026-03-01 12:00", "2026-03-01 13:00"),  # Monday there, still Sunday in UTC
    (BERLIN, SUNDAY, 18, "2026-03-22 17:00", "2026-03-29 16:00"),  # the same local hour, one hour less in between
    (BERLIN, SUNDAY, 2, "2026-03-28 12:00", "2026-03-29 01:00"),  # skipped: 03:00, right after the gap
    (BERLIN, SUNDAY, 2, "2026-03-29 01:00", "2026-04-05 00:00"),
    (BERLIN, SUNDAY, 3, "2026-03-28 12:00", "2026-03-29 01:00"),
    (BERLIN, SUNDAY, 2, "2026-10-24 12:00", "2026-10-25 00:00"),  # repeated: the first of the two
    (BERLIN, SUNDAY, 2, "2026-10-25 00:00", "2026-11-01 01:00"),
    (BERLIN, SUNDAY, 2, "2026-10-25 01:00", "2026-11-01 01:00"),  # not again at the second
    (NEW_YORK, SUNDAY, 2, "2026-03-07 12:00", "2026-03-08 07:00"),
    (NEW_YORK, SUNDAY, 18, "2026-03-01 23:00", "2026-03-08 22:00"),
    (NEW_YORK, SUNDAY, 1, "2026-10-31 12:00", "2026-11-01 05:00"),
    (NEW_YORK, SUNDAY, 1, "2026-11-01 05:30", "2026-11-08 06:00"),
    (LORD_HOWE, SUNDAY, 2, "2026-10-03 12:00", "2026-10-03 15:30"),  # half an hour is skipped: 02:30
    (LORD_HOWE, SUNDAY, 3, "2026-10-03 12:00", "2026-10-03 16:00"),
    (LORD_HOWE, SUNDAY, 2, "2026-04-04 12:00", "2026-04-04 15:30"),  # 01:30 to 02:00 is repeated, 02:00 is not
    (LORD_HOWE, SUNDAY, 18, "2026-04-04 08:00", "2026-04-05 07:30"),
    ("Africa/Cairo", FRIDAY, 0, "2026-04-23 12:00", "2026-04-23 22:00"),  # midnight itself is skipped
    ("Pacific/Apia", FRIDAY, 9, "2011-12-28 12:00", "2011-12-30 19:00"),  # the whole Friday is skipped
]  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "weekday", "hour", "after", "found"), TIMES)
def test_the_next_time_is_by_the_clock_of_the_place(zone: str, weekday: int, hour: int, after: str, found: str) -> None:
    assert next_time(weekday, hour, ZoneInfo(zone), utc(after)) == utc(found)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, LORD_HOWE])
def test_a_year_has_a_reminder_each_week(zone: str) -> None:
    at, times = utc("2026-01-01 00:00"), []
    while at < utc("2027-01-01 00:00"):
        at = next_time(SUNDAY, 2, ZoneInfo(zone), at)
        times.append(at)
    between = {after - before for before, after in pairwise(times)}
    assert len(times) == 53
    assert between <= {timedelta(days=7) + shift * timedelta(minutes=30) for shift in (-2, -1, 0, 1, 2)}


def place(user: User, zone: str, *, now: datetime = NOW) -> User:
    user.timezone = zone
    save_settings(user=user, now=now)
    return user


def handed_out(now: datetime) -> int:
    """How many mails are queued at a time."""
    before = Mail.objects.count()
    tasks.hand_out_reminders(timestamp=int(now.timestamp()))
    return Mail.objects.count() - before


def sent(now: datetime) -> list[EmailMultiAlternatives]:
    """The mails of that time, as the worker sends them."""
    mail.outbox.clear()
    handed_out(now)
    return mailed(now)


@pytest.mark.django_db
def test_nobody_is_reminded_who_has_not_asked(ana: User) -> None:
    assert not Reminder.objects.exists()
    assert sent(NOW + timedelta(days=365)) == []
    with transaction.atomic(), pytest.raises(IntegrityError):
        Reminder.objects.create(owner=ana, weekday=7, hour=0, next_at=NOW)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Reminder.objects.create(owner=ana, weekday=0, hour=24, next_at=NOW)


@pytest.mark.django_db
def test_it_comes_at_its_hour_to_the_moment_and_once(ana: User, ben: User) -> None:
    set_reminder(owner=place(ana, BERLIN), weekday=SUNDAY, hour=18, now=NOW)
    set_reminder(owner=place(ben, NEW_YORK), weekday=SUNDAY, hour=18, now=NOW)
    due = utc("2026-03-01 17:00")
    assert post_due(now=due - MOMENT) == 0
    [message] = sent(due)
    assert message.to == [ana.email]
    assert sent(due) == []
    assert [message.to for message in sent(utc("2026-03-01 23:00"))] == [[ben.email]]
    assert Reminder.objects.get(owner=ana).next_at == due + timedelta(days=7)


def work(queue: str) -> None:
    """Run the waiting jobs of a queue, as `manage.py procrastinate worker` does."""
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(queues=[queue], wait=False, install_signal_handlers=False, listen_notify=False)


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it(ana: User) -> None:
    set_reminder(owner=ana, weekday=SUNDAY, hour=18, now=NOW)
    tasks.hand_out_reminders(timestamp=int(utc("2026-03-01 18:00").timestamp()))
    Reminder.objects.update(next_at=utc("2100-01-03 18:00"))  # the worker itself would queue what is due by its clock
    with ThreadPoolExecutor(1) as threads:  # this thread may have Playwright's event loop
        threads.submit(work, "mail").result()
    assert [message.to for message in mail.outbox] == [[ana.email]]
    assert ProcrastinateJob.objects.get(args={"mail_id": str(Mail.objects.get().pk)}).status == "succeeded"


@pytest.mark.django_db
def test_after_a_standstill_it_comes_once(ana: User) -> None:
    set_reminder(owner=ana, weekday=SUNDAY, hour=18, now=NOW)
    assert len(sent(NOW + timedelta(days=30))) == 1
    assert Reminder.objects.get().next_at == utc("2026-04-05 18:00")


@pytest.mark.django_db
def test_it_says_neither_what_for_nor_what_about(ana: User, settings: Settings) -> None:
    settings.SITE_URL = "https://reflect.example"
    set_reminder(owner=ana, weekday=SUNDAY, hour=18, now=NOW)
    [message] = sent(utc("2026-03-01 18:00"))
    stop = f"https://reflect.example/reminder/{token_of(ana.pk)}/"
    assert message.subject == "Your reminder"
    assert message.body == (
        "Here is the reminder you asked for. Log in whenever you like:\n"
        "https://reflect.example/accounts/login/\n\n"
        f"To stop these reminders:\n{stop}"
    )
    assert message.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    whole = message.message().as_string().lower()
    for word in ("journal", "writ", "page", "partner", "balance", "relationship", "entry", "diary"):
        assert word not in whole


@pytest.mark.django_db
def test_a_job_of_an_earlier_version_says_it_once(ana: User) -> None:
    set_reminder(owner=ana, weekday=SUNDAY, hour=18, now=NOW)
    for _ in range(2):
        tasks.send_reminder(owner_id=str(ana.pk), due=NOW.isoformat())
    tasks.send_reminder(owner_id=str(uuid4()), due=NOW.isoformat())
    assert [message.to for message in mailed()] == [[ana.email]]


@pytest.mark.django_db
def test_nothing_is_lost_where_the_queue_fails(ana: User, ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for owner in (ana, ben):
        set_reminder(owner=owner, weekday=SUNDAY, hour=18, now=NOW)
    due, posted = utc("2026-03-01 18:00"), []

    def fail_at_the_second(owner: User | None, **mail: Any) -> Mail:
        posted.append(owner)
        if len(posted) == 2:
            raise OSError("The disk is full.")
        return post(owner, **mail)

    with monkeypatch.context() as broken:
        broken.setattr(reminders, "post", fail_at_the_second)
        with pytest.raises(OSError, match="full"):
            post_due(now=due)
    assert not ProcrastinateJob.objects.filter(task_name=SEND).exists()
    assert handed_out(due) == 2


@pytest.mark.django_db
def test_many_are_handed_on_in_batches(ana: User, ben: User, cole: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "BATCH", 2)
    for owner in (ana, ben, cole):
        set_reminder(owner=owner, weekday=SUNDAY, hour=18, now=NOW)
    assert handed_out(utc("2026-03-01 18:00")) == 3


@pytest.mark.django_db
def test_the_due_ones_are_found_by_their_index() -> None:
    people = User.objects.bulk_create(User(email=f"{number}@example.org") for number in range(2_000))
    later = [NOW + timedelta(hours=1 + number) for number in range(len(people))]
    rows = [Reminder(owner=user, weekday=SUNDAY, hour=18, next_at=at) for user, at in zip(people, later, strict=True)]
    Reminder.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE journal_reminder")
    assert "journal_reminder_next_at" in Reminder.objects.due(NOW).explain()


@pytest.mark.django_db
def test_what_is_stopped_before_the_worker_comes_is_not_sent(ana: User) -> None:
    set_reminder(owner=ana, weekday=SUNDAY, hour=18, now=NOW)
    assert handed_out(utc("2026-03-01 18:00")) == 1
    stop_reminder(owner_id=ana.pk)
    assert mailed(utc("2026-03-01 18:00")) == []


@pytest.mark.django_db
def test_an_account_that_is_to_close_gets_none(ana: User) -> None:
    set_reminder(owner=ana, weekday=SUNDAY, hour=18, now=NOW)
    ask_to_close(owner=ana, now=NOW)
    mailed(NOW)  # that it closes
    assert sent(utc("2026-03-01 18:00")) == []
    ana.refresh_from_db()
    keep_account(owner=ana)
    assert len(sent(utc("2026-03-08 18:00"))) == 1


@pytest.mark.django_db
def test_it_keeps_to_its_hour_in_another_zone(ana: User) -> None:
    set_reminder(owner=place(ana, BERLIN), weekday=SUNDAY, hour=18, now=NOW)
    place(ana, NEW_YORK)
    assert Reminder.objects.get().next_at == utc("2026-03-01 23:00")


@pytest.mark.django_db
def test_one_that_is_due_is_not_lost_by_a_move(ana: User) -> None:
    set_reminder(owner=place(ana, BERLIN), weekday=SUNDAY, hour=18, now=NOW)
    place(ana, NEW_YORK, now=utc("2026-03-02 12:00"))
    assert Reminder.objects.get().next_at == utc("2026-03-01 17:00")
    assert len(sent(utc("2026-03-01 17:00"))) == 1
    assert Reminder.objects.get().next_at == utc("2026-03-01 23:00")


@pytest.mark.django_db
def test_a_person_chooses_changes_and_stops_it(ana: User, ben: User, as_user: AsUser) -> None:
    client, address = as_user(ana), reverse("reminder")
    empty = client.get(address)
    assert_valid_html(empty.content)
    assert "You get no reminders at the moment." in empty.text
    for wrong in ({}, {"weekday": "7", "hour": "1"}, {"weekday": "0", "hour": "24"}, {"weekday": "x", "hour": "\0"}):
        response = client.post(address, wrong, follow=True)
        assert response.status_code == 200
        assert_valid_html(response.content)
        assert not Reminder.objects.exists()
    chosen = client.post(address, {"weekday": "4", "hour": "7"}, follow=True)
    assert_valid_html(chosen.content)
    assert "Every Friday at 07:00." in chosen.text
    client.post(address, {"weekday": "0", "hour": "20"})
    reminder = Reminder.objects.get()
    assert (reminder.owner_id, reminder.weekday, reminder.hour) == (ana.pk, MONDAY, 20)
    as_user(ben).post(address, {"stop": "yes"})
    assert Reminder.objects.exists()
    as_user(ana).post(address, {"stop": "yes"})
    assert not Reminder.objects.exists()


@pytest.mark.django_db
def test_one_click_stops_it_without_logging_in(ana: User, ben: User) -> None:
    for owner in (ana, ben):
        set_reminder(owner=owner, weekday=SUNDAY, hour=18, now=NOW)
    address = reverse("reminder_stop", args=[token_of(ana.pk)])
    stranger = Client(enforce_csrf_checks=True)
    for look in (stranger.get, stranger.head, stranger.options):  # link scanners change nothing
        look(address)
    assert Reminder.objects.count() == 2
    page = stranger.get(address)
    assert_valid_html(page.content)
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    answer = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert_valid_html(answer.content)
    assert Reminder.objects.get().owner == ben
    assert stranger.post(address).status_code == 200  # again


@pytest.mark.django_db
def test_a_link_that_is_not_ours_stops_nothing(ana: User, ben: User) -> None:
    set_reminder(owner=ana, weekday=SUNDAY, hour=18, now=NOW)
    signature = token_of(ben.pk).partition(":")[2]
    for token in (str(ana.pk), f"{ana.pk}:{signature}", f"{ana.pk}:", "x", reminders.signer.sign("x")):
        for method in (Client().get, Client().post):
            assert method(reverse("reminder_stop", args=[token])).status_code == 404
    assert Reminder.objects.exists()


@pytest.mark.django_db
def test_it_is_in_the_export_and_begins_nowhere_else(ana: User, ben: User) -> None:
    set_reminder(owner=ana, weekday=FRIDAY, hour=7, now=NOW)
    content = exported(ana)
    assert parts(content)["reminders"] == [{"weekday": 4, "hour": 7, "next_at": "2026-03-06T07:00:00+00:00"}]
    take(ben, content)
    assert Reminder.objects.get().owner == ana
