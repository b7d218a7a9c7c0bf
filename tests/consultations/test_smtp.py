"""A real mail server and real workers in their own processes: what arrives, and that it arrives once."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Mail, User
from accounts.outbox import SEND, send
from accounts.self_document import change
from consultations.mails import Kind, tell
from consultations.models import Booking
from consultations.services.booking_changes import cancel_by_specialist
from consultations.services.bookings import Details, book, reschedule
from reflect.tasks import retry_stalled_jobs
from tests import processes
from tests.consultations.cast import booked, slot, verified
from tests.processes import Postbox, free_port, running, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.own_clock]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail_server(postbox: Postbox, port: int) -> Callable[[], AbstractContextManager[None]]:
    return partial(processes.mail_server, postbox, port)


@pytest.fixture
def start(port: int) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Run manage.py in a production environment, on the tests' database."""
    with ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(running(*arguments, mail_port=port))


WORKER = ("worker", "mail", "--one-shot")


@pytest.fixture
def work(start: Callable[..., subprocess.Popen[bytes]]) -> Callable[[], None]:
    """Run a worker on the jobs that are in the mail queue now."""

    def until_done() -> None:
        process = start(*WORKER)
        _out, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()

    return until_done


@pytest.fixture
def booking(ana: User, cole: User) -> Iterator[Booking]:
    """Ana meets Cole in two days and may be mailed; the queue is empty before and after."""
    empty_the_queue()
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    booking = booked(ana, verified(cole), soon)
    Booking.objects.update(mail=True)
    booking.refresh_from_db()
    yield booking
    empty_the_queue()


def empty_the_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


def run_now(task: str = SEND) -> None:
    """Make retries that are scheduled for later due now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE task_name = %s", [task])


def confirm(booking: Booking, owner: User) -> None:
    tell(owner=owner, kind=Kind.CONFIRMED, about=booking, key="confirmed:0", now=timezone.now())


def test_one_mail_arrives_in_two_forms_and_neutral_words(
    ana: User, booking: Booking, postbox: Postbox, mail_server: Callable, work: Callable[[], None]
) -> None:
    confirm(booking, ana)
    with mail_server():
        work()
        work()
    [letter] = postbox.letters
    assert letter["To"] == ana.email
    assert letter["From"] == "Reflect <no-reply@example.org>"
    assert letter["Subject"] == "Your appointment is confirmed"
    assert letter["Message-ID"] == f"<{Mail.objects.get().pk}@reflect.example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    for part in letter.iter_parts():
        words = part.get_content()
        assert f"{booking.starts_at:%H:%M} (UTC)" in words
        assert "https://reflect.example.org/accounts/login/" in words
        for said in ("cole", "marker", "consult", "specialist", "partner", "balance", "relationship"):
            assert said not in words.lower()


@pytest.mark.parametrize("safe", [False, True])
def test_a_notice_is_mailed_once_and_only_if_that_is_safe(
    safe: bool,
    ana: User,
    cole: User,
    booking: Booking,
    postbox: Postbox,
    mail_server: Callable,
    work: Callable[[], None],
) -> None:
    Booking.objects.update(mail=None)
    with transaction.atomic():
        change(ana, mail_is_safe=safe)
    with mail_server():
        for _twice in range(2):
            cancel_by_specialist(booking_id=booking.pk, specialist=cole, now=timezone.now())
            work()
    assert [(letter["To"], letter["Subject"]) for letter in postbox.letters] == (
        [(ana.email, "Something new for you")] if safe else []
    )


def test_what_is_booked_moved_and_called_off_is_told_step_by_step(
    ana: User, booking: Booking, postbox: Postbox, mail_server: Callable, work: Callable[[], None]
) -> None:
    now, host = timezone.now(), User.objects.create_user("dora@example.org")
    dora = verified(host)
    first, second = (slot(dora, booking.starts_at + timedelta(days=days)) for days in (1, 2))
    details = Details(format="video", name="Ana", note="marker", mail=True)
    with mail_server():
        made = book(client=ana, specialist_id=host.pk, slot_id=first.pk, details=details, token=uuid4(), now=now)
        work()
        reschedule(booking_id=made.pk, client=ana, slot_id=second.pk, now=now)
        work()
        cancel_by_specialist(booking_id=made.pk, specialist=host, now=now)
        work()
    to_ana = [letter for letter in postbox.letters if letter["To"] == ana.email]
    assert [letter["Subject"].removeprefix("Your appointment ") for letter in to_ana] == [
        "is confirmed",
        "has moved",
        "is cancelled",
    ]
    assert f"{first.starts_at:%-d %B %Y, %H:%M}" in str(to_ana[0])
    assert f"{second.starts_at:%-d %B %Y, %H:%M}" in str(to_ana[1])
    assert len([letter for letter in postbox.letters if letter["To"] == host.email]) == 2
    assert "marker" not in "".join(str(letter) for letter in postbox.letters)


def test_while_the_server_is_down_the_booking_stands_and_the_mail_is_tried_again(
    ana: User, booking: Booking, postbox: Postbox, mail_server: Callable, work: Callable[[], None]
) -> None:
    confirm(booking, ana)
    before = timezone.now()
    work()
    job = ProcrastinateJob.objects.get(task_name=SEND)
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at
    assert job.scheduled_at >= before + timedelta(
        seconds=4
    )  # not compared with now, which may be later on a busy machine
    booking.refresh_from_db()
    assert booking.status == "booked"
    run_now()
    with mail_server():
        work()
        run_now()
        work()
    assert len(postbox.letters) == 1
    assert Mail.objects.get().sent_at


def test_a_mail_that_is_never_taken_is_given_up_after_three_days(
    ana: User, booking: Booking, postbox: Postbox, mail_server: Callable, work: Callable[[], None]
) -> None:
    confirm(booking, ana)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 60")
    before = timezone.now()
    work()
    job = ProcrastinateJob.objects.get(task_name=SEND)
    assert job.status == "todo"
    assert job.scheduled_at
    assert before + timedelta(hours=1) <= job.scheduled_at <= timezone.now() + timedelta(hours=1)
    mail = Mail.objects.get()
    assert mail.not_after == mail.made_at + timedelta(days=3)
    Mail.objects.update(not_after=timezone.now())
    run_now()
    with mail_server():
        work()
    job.refresh_from_db()
    mail.refresh_from_db()
    assert job.status == "succeeded"
    assert mail.dropped_at
    assert postbox.letters == []


def test_what_was_stored_before_a_process_died_is_sent_once(
    ana: User, booking: Booking, postbox: Postbox, mail_server: Callable, start: Callable, work: Callable[[], None]
) -> None:
    lines = [
        "import os, signal",
        "from django.utils import timezone",
        "from consultations.mails import tell",
        "from consultations.models import Booking",
        "booking = Booking.objects.select_related('client').get()",
        "tell(owner=booking.client, kind='confirmed', about=booking, key='confirmed:0', now=timezone.now())",
        "os.kill(os.getpid(), signal.SIGKILL)",
    ]
    dies = start("shell", "--no-imports", "--command", "\n".join(lines))
    assert dies.wait(timeout=60) == -signal.SIGKILL
    assert Mail.objects.get().begun_at is None
    with mail_server():
        work()
        work()
    assert len(postbox.letters) == 1


def test_a_worker_that_is_killed_while_sending_is_replaced_and_the_mail_arrives_once(
    ana: User, booking: Booking, postbox: Postbox, mail_server: Callable, start: Callable, work: Callable[[], None]
) -> None:
    confirm(booking, ana)
    postbox.slow = 60.0
    with mail_server():
        worker = start(*WORKER)
        wait_until(lambda: postbox.begun == 1)
        worker.kill()
        worker.wait()
        assert postbox.letters == []
        postbox.slow = 0.0
        message = Mail.objects.get()
        assert message.begun_at
        assert message.sent_at is None
        with connection.cursor() as cursor:  # its last heartbeat was a minute ago
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
            cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'housekeeping'")
        retry_stalled_jobs.configure(queue="mail").defer(timestamp=0)
        work()
        run_now()
        work()
    [letter] = postbox.letters
    assert letter["Message-ID"] == f"<{message.pk}@reflect.example.org>"


def test_two_workers_do_not_send_the_same_mail(
    ana: User, booking: Booking, postbox: Postbox, mail_server: Callable, start: Callable
) -> None:
    confirm(booking, ana)
    message = Mail.objects.get()
    again = partial(send, message.pk, timezone.now())
    postbox.slow = 1.0
    with mail_server():
        first = start(*WORKER)
        wait_until(lambda: postbox.begun == 1)
        assert again() is False  # waits for the first one
        first.communicate(timeout=60)
    assert len(postbox.letters) == 1
