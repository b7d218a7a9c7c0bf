"""Mails about bookings: queued in the transaction of the change, sent once, neutral, and true when sent."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import Mail, User
from accounts.outbox import SEND, send
from accounts.tasks import send_mail
from consultations import tasks
from consultations.mails import Kind, tell
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from consultations.services import reminders
from tests.consultations.cast import NOW, booked, proposed, slot, verified, years_of_bookings

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = NOW + timedelta(days=2)
NEVER_SAID = (
    "cole",
    "consult",
    "specialist",
    "partner",
    "balance",
    "relationship",
    "therap",
    "meeting",
    "note",
    "marker",
)


@pytest.fixture
def booking(ana: User, cole: User) -> Booking:
    """Ana meets Cole in two days, and may be mailed and reminded."""
    ana.timezone = "Asia/Kathmandu"
    ana.save()
    verified(cole, timezone="America/St_Johns")
    return changed(booked(ana, cole.specialist, SOON), mail=True, remind_day=True, remind_hour=True)


def changed(booking: Booking, **fields: Any) -> Booking:
    Booking.objects.filter(pk=booking.pk).update(**fields)
    booking.refresh_from_db()
    return booking


def jobs() -> list[UUID]:
    """The queued messages."""
    queue = ProcrastinateJob.objects.filter(task_name=SEND).order_by("pk")
    return [UUID(job.args["mail_id"]) for job in queue]


def sent(now: datetime = NOW) -> list[EmailMultiAlternatives]:
    """Mails that the worker sends now."""
    mail.outbox.clear()
    for mail_id in jobs():
        send(mail_id, now)
    return [message for message in mail.outbox if isinstance(message, EmailMultiAlternatives)]


def test_the_job_is_in_the_queue_with_the_row(ana: User, booking: Booking) -> None:
    tell(owner=ana, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
    assert jobs() == [Mail.objects.get().pk]
    [job] = ProcrastinateJob.objects.filter(task_name=SEND)
    assert job.queue_name == "mail"
    assert list(job.args) == ["mail_id"]  # ids alone


def test_what_is_rolled_back_sends_nothing(ana: User, booking: Booking) -> None:
    with transaction.atomic():
        tell(owner=ana, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
        assert len(jobs()) == 1
        transaction.set_rollback(True)
    assert jobs() == []
    assert not Mail.objects.exists()


def test_the_same_thing_is_said_once_of_each_booking(ana: User, ben: User, cole: User, booking: Booking) -> None:
    other = booked(ben, cole.specialist, SOON + HOUR)
    for _ in range(2):
        tell(owner=ana, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
        tell(owner=cole, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
        tell(owner=cole, kind=Kind.CONFIRMED, about=other, key="confirmed:0", now=NOW)
        tell(owner=cole, kind=Kind.VERIFICATION, key="verified:1", now=NOW)
    assert Mail.objects.count() == 4
    assert len(sent()) == 4


def test_each_reads_the_time_by_their_own_clock(ana: User, cole: User, booking: Booking, settings: Settings) -> None:
    settings.SITE_URL = "https://reflect.example"
    changed(
        booking, starts_at=datetime(2026, 11, 25, 18, 30, tzinfo=UTC), ends_at=datetime(2026, 11, 25, 19, tzinfo=UTC)
    )
    for owner in (ana, cole):
        tell(owner=owner, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
    to_ana, to_cole = sent()
    assert to_ana.to == [ana.email]
    assert to_ana.subject == "Your appointment is confirmed"
    assert to_ana.body == (
        "Hello,\n\nYour appointment is confirmed. It starts on:\n\n"
        "Thursday 26 November 2026, 00:15 (Kathmandu, UTC+05:45)\n\n"
        "Log in to see, move or cancel it:\nhttps://reflect.example/accounts/login/"
    )
    assert "Wednesday 25 November 2026, 15:00 (St Johns, UTC-03:30)" in str(to_cole.body)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.CONFIRMED, "Your appointment is confirmed"),
        (Kind.MOVED, "Your appointment has moved"),
        (Kind.CANCELLED, "Your appointment is cancelled"),
        (Kind.REMIND_DAY, "Reminder: your appointment on Wednesday at 14:45"),
        (Kind.REMIND_HOUR, "Reminder: your appointment on Wednesday at 14:45"),
        (Kind.OBJECTION, "You have a new message"),
    ],
)
def test_it_says_neither_what_for_nor_with_whom(ana: User, booking: Booking, kind: Kind, subject: str) -> None:
    if kind == Kind.CANCELLED:
        changed(booking, status=Status.CANCELLED_BY_SPECIALIST)
    tell(owner=ana, kind=kind, about=booking, key=f"{kind}:0", now=NOW)
    [message] = sent(SOON - HOUR / 2)
    assert message.subject == subject
    [(html, mimetype)] = message.alternatives
    assert mimetype == "text/html"
    assert "14:45 (Kathmandu, UTC+05:45)" in str(html) or kind == Kind.OBJECTION
    whole = message.message().as_string().lower().replace("content-", "")
    for word in NEVER_SAID:
        assert word not in whole


def test_other_times_that_are_proposed_are_not_said_either(ana: User, booking: Booking) -> None:
    assert booking.specialist
    proposed(booking, slot(booking.specialist, SOON + DAY))
    [message] = sent()
    assert (message.to, message.subject) == ([ana.email], "Something new about your appointment")
    assert "There is something new about your appointment.\n\nLog in to see it:\nhttp" in message.body
    whole = message.message().as_string().lower().replace("content-", "")
    for word in NEVER_SAID:
        assert word not in whole


@pytest.mark.parametrize("answer", [False, None])
def test_without_a_yes_nothing_goes_to_a_client(ana: User, cole: User, booking: Booking, answer: bool | None) -> None:
    changed(booking, mail=answer)
    for owner in (ana, cole):
        for kind in (Kind.CONFIRMED, Kind.MOVED, Kind.OBJECTION):
            tell(owner=owner, kind=kind, about=booking, key=f"{kind}:0", now=NOW)
    assert {message.to[0] for message in sent()} == {cole.email}
    assert Mail.objects.filter(owner=ana, dropped_at=NOW, sent_at=None).count() == 3


def test_the_answer_counts_as_it_is_when_the_mail_is_sent(ana: User, booking: Booking) -> None:
    tell(owner=ana, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
    changed(booking, mail=False)
    assert sent() == []


def test_a_mail_tells_the_time_as_it_is_when_it_is_sent(ana: User, booking: Booking) -> None:
    tell(owner=ana, kind=Kind.MOVED, about=booking, key="moved:1", now=NOW)
    changed(booking, starts_at=SOON + DAY, ends_at=SOON + DAY + timedelta(minutes=30))
    assert "Thursday 26 November" in str(sent()[0].body)


def test_a_mail_that_is_no_longer_true_is_not_sent(ana: User, ben: User, booking: Booking) -> None:
    tell(owner=ana, kind=Kind.CANCELLED, about=booking, key="cancelled:0", now=NOW)  # it is booked
    tell(owner=ben, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)  # not his
    assert sent() == []
    tell(owner=ana, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
    changed(booking, status=Status.CANCELLED_BY_CLIENT)
    assert sent() == []
    tell(owner=ana, kind=Kind.CANCELLED, about=booking, key="cancelled:1", now=NOW)
    assert sent(SOON) == []  # it is over


def test_a_closed_account_gets_nothing(cole: User) -> None:
    tell(owner=cole, kind=Kind.VERIFICATION, key="verified:1", now=NOW)
    cole.is_active = False
    cole.save()
    assert sent() == []


def test_it_is_marked_before_and_after_and_sent_once(
    ana: User, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(owner=ana, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda _self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sent(NOW)
    message = Mail.objects.get()
    assert (message.begun_at, message.sent_at) == (NOW, None)
    [mailed] = sent(NOW + HOUR)
    message.refresh_from_db()
    assert (message.begun_at, message.sent_at) == (NOW + HOUR, NOW + HOUR)
    assert str(mailed.message()["Message-ID"]).startswith(f"<{message.pk}@")
    assert sent(NOW + 2 * HOUR) == []
    send_mail(mail_id=str(message.pk))
    assert mail.outbox == []


def test_a_message_that_is_gone_stops_nobody(ana: User, booking: Booking) -> None:
    tell(owner=ana, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=NOW)
    Mail.objects.all().delete()
    assert sent() == []


def reminded(now: datetime) -> list[str]:
    """Kinds of the reminders queued at a moment."""
    before = set(Mail.objects.values_list("pk", flat=True))
    tasks.send_reminders(timestamp=int(now.timestamp()))
    return list(Mail.objects.exclude(pk__in=before).order_by("kind").values_list("kind", flat=True))


SECOND = timedelta(seconds=1)


def test_reminders_come_a_day_and_an_hour_before_and_once(ana: User, booking: Booking) -> None:
    assert reminded(SOON - DAY - SECOND) == []
    assert reminded(SOON - DAY) == [Kind.REMIND_DAY]
    assert reminded(SOON - DAY + HOUR) == []
    assert reminded(SOON - HOUR - SECOND) == []
    assert reminded(SOON - HOUR) == [Kind.REMIND_HOUR]
    assert reminded(SOON - SECOND) == []


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({}, [Kind.REMIND_DAY]),
        ({"remind_day": False}, []),
        ({"mail": False}, []),
        ({"mail": None}, []),
        ({"status": Status.CANCELLED_BY_CLIENT}, []),
        ({"made_at": SOON - DAY}, [Kind.REMIND_DAY]),
        ({"made_at": SOON - DAY + SECOND}, []),  # booked inside the window
        ({"client": None}, []),
    ],
)
def test_reminders_are_for_those_who_asked(booking: Booking, change: dict[str, Any], kinds: list[str]) -> None:
    changed(booking, **change)
    assert reminded(SOON - DAY + 2 * SECOND) == kinds


def test_one_moved_inside_the_window_needs_no_reminder(booking: Booking) -> None:
    booking.changes.create(at=SOON - DAY + SECOND, side="client", status="booked", moved_from=SOON + DAY)
    assert reminded(SOON - DAY + 2 * SECOND) == []
    assert reminded(SOON - HOUR) == [Kind.REMIND_HOUR]


def test_one_moved_after_its_reminder_gets_another(booking: Booking) -> None:
    assert reminded(SOON - DAY) == [Kind.REMIND_DAY]
    later = SOON + 3 * DAY
    changed(booking, starts_at=later, ends_at=later + timedelta(minutes=30), sequence=1)
    assert sent(SOON - DAY) == []  # the first one is not true any more
    assert reminded(later - DAY) == [Kind.REMIND_DAY]
    assert len(sent(later - DAY)) == 1


@pytest.mark.parametrize("change", [{"status": Status.CANCELLED_BY_SPECIALIST}, {"remind_day": False}, {"mail": False}])
def test_a_reminder_is_decided_when_it_is_sent(booking: Booking, change: dict[str, Any]) -> None:
    assert reminded(SOON - DAY) == [Kind.REMIND_DAY]
    changed(booking, **change)
    assert sent(SOON - DAY) == []


def test_a_reminder_that_comes_too_late_is_left_out(booking: Booking) -> None:
    assert reminded(SOON - HOUR) == [Kind.REMIND_HOUR]  # after an outage: only the one that still fits
    assert sent(SOON) == []


def test_many_reminders_are_written_in_batches(
    ana: User, ben: User, cole: User, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 1)
    changed(booked(ben, cole.specialist, SOON + HOUR), mail=True, remind_day=True)
    assert reminded(SOON - DAY + HOUR) == [Kind.REMIND_DAY] * 2


def test_due_reminders_are_found_by_their_index(ana: User, cole: User) -> None:
    years_of_bookings([ana], verified(cole))
    assert "booking_booked_from" in reminders.due(Kind.REMIND_DAY, NOW).explain()


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.CONFIRMED, "New booking: Wednesday 25 November, 05:30"),
        (Kind.MOVED, "Meeting moved: Wednesday 25 November, 05:30"),
        (Kind.CANCELLED, "Meeting cancelled: Wednesday 25 November, 05:30"),
        (Kind.OBJECTION, "Objection settled: Wednesday 25 November, 05:30"),
    ],
)
def test_a_specialist_reads_what_has_happened_and_nothing_of_the_client(
    cole: User, booking: Booking, kind: Kind, subject: str, settings: Settings
) -> None:
    settings.SITE_URL = "https://reflect.example"
    booking.changes.create(at=NOW, side="client", status="booked", moved_from=SOON + DAY)
    if kind == Kind.CANCELLED:
        changed(booking, status=Status.CANCELLED_BY_CLIENT)
    tell(owner=cole, kind=kind, about=booking, key=f"{kind}:0", now=NOW)
    [message] = sent()
    assert message.subject == subject
    moved = "\n\nIt was planned for Thursday 26 November 2026, 05:30 (St Johns, UTC-03:30)."
    assert message.body == (
        f"Hello,\n\n{subject.partition(':')[0]}:\n\n"
        f"Wednesday 25 November 2026, 05:30 (St Johns, UTC-03:30){moved if kind == Kind.MOVED else ''}\n\n"
        f"Log in to see more:\nhttps://reflect.example/practice/meetings/{booking.pk}/"
    )
    whole = message.message().as_string().lower()
    for word in ("ana", "marker", "video", "balance"):
        assert word not in whole.replace("america/", "")


@pytest.mark.parametrize(
    ("key", "fields", "subject"),
    [
        ("verified:1", {}, "Your profile is approved"),
        ("check:2027-01-01", {}, "Your entry in the register is due to be checked again"),
        ("hidden:1", {"status": "hidden"}, "Your profile is hidden for now"),
        ("suspended:1", {"status": "suspended"}, "Your profile is suspended"),
        ("draft:1", {"status": "draft"}, "Your profile is a draft again"),
        ("draft:1", {"status": "draft", "returned_because": "marker"}, "Your profile was sent back"),
        ("verified:1", {"status": "suspended"}, None),  # changed since: another mail says so
    ],
)
def test_a_specialist_reads_what_has_become_of_the_profile(
    cole: User, booking: Booking, key: str, fields: dict[str, Any], subject: str | None
) -> None:
    Specialist.objects.filter(pk=cole.pk).update(**fields)
    tell(owner=cole, kind=Kind.VERIFICATION, key=key, now=NOW)
    messages = sent()
    assert [message.subject for message in messages] == ([subject] if subject else [])
    for message in messages:
        assert str(message.body).endswith("/practice/")
        assert "marker" not in message.message().as_string()
