"""The canary: one word is written into every field of every form, and must not be found anywhere afterwards.

Not in the database dump, logs, e-mails, error reports, cache or sessions; not in another encoding either; and not after
an error in the middle of any page or form.
"""

import base64
import io
import logging
import pprint
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, override
from uuid import UUID, uuid4, uuid5

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from PIL import Image
from PIL.ExifTags import Base
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import REGISTRY, Metric, generate_latest
from prometheus_client.registry import Collector
from pytest_django import Settings

from accounts import recovery_codes
from accounts.models import User
from accounts.notices import Kind, notify
from accounts.outbox import SEND
from accounts.self_document import change, name_of
from accounts.session_store import SessionStore
from accounts.session_store import opened as opened_session
from assessments import services
from assessments.models import Result
from consultations.models import Booking, BusyCalendar, Photo, Specialist, Verification
from consultations.models.calendars import Words
from consultations.services import profiles
from exchange.models import Contact, Draft, Flag, Message, ProfileReport, Question, Remark, Report, SavedText, Side
from exchange.models.questions import Asked
from exchange.own import own
from exchange.services import profile_reports
from exchange.services.reports import report
from journal.models import Entry
from meetings.copies import copies, mark_of
from meetings.models import NextStep, Preparation, PrivateNote, Share
from meetings.models.next_steps import Intent
from meetings.models.preparation import Plan
from meetings.services import sharing
from reflect.gauges import of_database
from tests.accounts import factors
from tests.accounts.portable import exported
from tests.conftest import show_second_factor
from tests.consultations.administration import CHECKED
from tests.consultations.cast import absent, booked, busy_calendar, fully_booked, slot, verified
from tests.exchange.asked import asked, moderated
from tests.exchange.messaging import address as message_address
from tests.exchange.messaging import fields as message_fields
from tests.exchange.messaging import reply, thread
from tests.exchange.readable import answered, published
from tests.exchange.waiting import waiting as question_waiting
from tests.exchange.written import written as contact_written
from tests.journal.test_writing import opened
from tests.journal.written import written
from tests.outbox import mailed
from tests.postgres import dump
from tests.staff import carried
from tests.visitor import Visitor

ROOT = Path(__file__).resolve().parents[1]
CANARY = "QuincePorcelain"
# Parts of the JSON of a response and of a result, as they would look unsealed.
ANSWERS = ('{"partnered":', '"answers":{', '"importance":')
# Forms that end a session, a result or a way to log in: sent last.
LAST = frozenset({
    "account_change_password", "account_email", "account_logout", "balance_restart", "booking_cancel", "data_delete",
    "data_delete_now", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_remove_webauthn", "result_delete",
    "usersessions_list", "leave", "message_discard", "booking_block", "message_block", "blocked",
    "question_draft_delete", "question_own_draft_delete", "question_withdraw", "share_stop", "ready_version",
})  # fmt: skip


JOURNAL = {
    "entry_new", "entry_edit", "draft", "journal_search", "choose_prompt", "revision", "versions", "entry_delete",
    "entry_delete_now", "empty_bin", "reminder", "data_add", "data_download",
}  # fmt: skip


def forms_of(word: str) -> Iterator[bytes]:
    """The word as bytes in every encoding in which it might hide, alone or inside a longer text."""
    for plain in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + plain)
            whole = encoded[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]
            yield whole
            yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def assert_silent(place: str, content: bytes, *words: str) -> None:
    for word in words:
        for form in forms_of(word):
            at = content.find(form)
            assert at < 0, f"{place} holds {word}: {content[max(0, at - 200) : at + 100]!r}"


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_the_search_finds_a_word_in_every_encoding(before: str) -> None:
    text = f"{before}{CANARY}?>"
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        plain = text.encode(encoding)
        for hidden in (plain, plain.hex().encode(), base64.b64encode(plain), base64.urlsafe_b64encode(plain)):
            with pytest.raises(AssertionError, match="the test holds"):
                assert_silent("the test", hidden, CANARY)
    assert_silent("the test", b"Quince Porcelain", CANARY)


class BrokenOnPurposeError(Exception):
    """Raised in the middle of a view."""


@contextmanager
def trouble() -> Iterator[None]:
    """Break the next request: at its first write to a table, or else when it renders a template."""
    armed = [True]
    render = Template.render

    def go_off() -> None:
        if armed:
            armed.clear()
            raise BrokenOnPurposeError

    def execute(proceed: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            go_off()
        return proceed(sql, params, many, context)

    def render_page(self: Template, *args: Any, **kwargs: Any) -> Any:
        go_off()
        return render(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(execute):
        patch.setattr(Template, "render", render_page)
        yield


@pytest.fixture
def reports(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail error reports to the admins, with everything that Django can put into them."""
    settings.ADMINS = ["admin@example.org"]
    (handler,) = (h for h in logging.getLogger("django").handlers if isinstance(h, AdminEmailHandler))
    monkeypatch.setattr(handler, "include_html", True)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory for temporary files and uploads."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def everything(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, ana: User) -> User:
    """A member for whom every part of the site is set up."""
    monkeypatch.setattr("exchange.forms.contact.LEAST", timedelta(seconds=-1))  # the visitor is a program
    settings.ACCOUNT_RATE_LIMITS = False
    source = ROOT / "assessments/instruments/balance-1.toml"
    services.load_version(source=source.read_text(encoding="utf-8"), publish=True, now=timezone.now())
    factors.add_app(ana)
    recovery_codes.make(ana)
    factors.add_passkey(ana)
    somebody = verified(User.objects.create_user("eva@example.org"))
    _, theirs = thread(ana, somebody, now=timezone.now())
    reply(theirs, now=timezone.now())
    fully_booked(verified(User.objects.create_user("dora@example.org")))
    for day in range(2, 9):
        slot(somebody, timezone.now().replace(microsecond=0) + timedelta(days=day))
    answered(published(User.objects.create_user("una@example.org")), somebody)
    return ana


def assert_nothing_stays(caplog: pytest.LogCaptureFixture) -> None:
    assert_silent("the database", dump(), CANARY, *ANSWERS)
    for session in Session.objects.all():
        assert_silent("a session", pprint.pformat(opened_session(session)).encode(), CANARY, *ANSWERS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        for key, value in cursor.fetchall():
            assert_silent("the cache", f"{key} {cache.get(key.split(':', 2)[2])} {value}".encode(), CANARY, *ANSWERS)
    metrics = generate_latest(REGISTRY) + generate_latest(Database())
    assert b"reflect_requests_total{" in metrics
    assert_silent("a metric", metrics, CANARY, *ANSWERS)
    assert_silent("the log", "\n".join(map(str, caplog.records)).encode() + caplog.text.encode(), CANARY, *ANSWERS)
    for job in ProcrastinateJob.objects.filter(task_name=SEND):
        assert UUID(job.args.pop("mail_id"))
        assert job.args == {}
    for message in mailed():
        parts = (message.subject, message.body, *(part[0] for part in message.alternatives))
        assert_silent("an e-mail", "\n".join(map(str, parts)).encode(), CANARY, *ANSWERS)


class Database(Collector):
    """What is read for /metrics beside the counters."""

    @override
    def collect(self) -> Iterator[Metric]:
        return of_database()


def write_entries(client: Client) -> None:
    """A new entry from two windows, so that the second text is kept beside the first, and one in the bin."""
    for windows in ([uuid4(), uuid4()], [uuid4()]):
        data = opened(client)
        for window in windows:
            answer = client.post(reverse("entry_new"), data | {"text_0": f"{CANARY} {window}", "client": window})
            assert answer.status_code in {302, 409}
    client.post(reverse("entry_delete", args=[data["entry"]]), {"go": "bin"})


def share_notes(member: User) -> None:
    """For the meeting that is booked: the settings' form switches gentle prompts on, which offer nothing to share."""
    booking = Booking.objects.of_client(member).get(status="booked")
    plan = Plan(about=CANARY, shows=("about",))
    seen = mark_of(member, copies(member, plan))
    sharing.share(owner=member, booking_id=booking.pk, plan=plan, seen=seen, now=timezone.now())


def assert_no_file_holds_it(folder: Path) -> None:
    for file in folder.rglob("*"):
        assert_silent(
            f"the file {file.name}", file.name.encode() + (file.read_bytes() if file.is_file() else b""), CANARY
        )


def gives_back_words(answer: Any) -> bool:
    """Whether this is the one error page with words: of a form that promises to give them back to their writer."""
    request = answer.wsgi_request
    return request.method == "POST" and hasattr(request.resolver_match.func, "words_kept")


def assert_errors_say_nothing(visitor: Visitor) -> None:
    broken = [
        (path, answer) for path, in_trouble, answer in visitor.answers if in_trouble and answer.status_code == 500
    ]
    assert len(broken) > len(visitor.visited) / 2
    gave_back = {path for path, answer in broken if gives_back_words(answer)}
    assert len(gave_back) < len(broken) / 3
    for path, answer in broken:
        if path not in gave_back:
            assert_silent(f"the error page of {path}", answer.content, CANARY)
    for path, in_trouble, answer in visitor.answers:
        assert in_trouble or answer.status_code < 500, path


@pytest.mark.usefixtures("reports")
def test_nothing_that_a_member_writes_stays_in_clear(
    everything: User,
    ben: User,
    files: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    ana = everything

    def stay() -> None:
        is_gone = not User.objects.filter(pk=ana.pk).exists()  # by the last form of all
        if not is_gone and client.session.get("_auth_user_id") != str(ana.pk):
            client.force_login(ana)
            show_second_factor(client, ana, again=True)

    known = {"password": factors.PASSWORD, "email": "another@example.org", "number": "1"}
    written(ben, CANARY)
    uploads = {
        ".zip,application/zip,.json,application/json": partial(SimpleUploadedFile, "everything.zip", exported(ben))
    }
    desk = frozenset({"practice"})  # a profile is public; its forms with private fields have a test of their own
    visitor = Visitor(client, CANARY, known, stay, trouble, LAST, desk, uploads)
    stay()
    write_entries(client)
    yesterday = timezone.now() - timedelta(days=1)
    moderated(asked(ana, now=yesterday), "back", reason=CANARY)
    moderated(asked(ana, now=yesterday), "private", private=[CANARY])
    otto = verified(User.objects.create_user("otto@example.org"))  # so long ago that there is nothing to get ready for
    booked(ana, otto, yesterday.replace(microsecond=0) - timedelta(days=40), status="client_no_show")
    visitor.go("/today/", "/account/settings/", "/balance/", "/journal/", "/questions/mine/")
    assert visitor.sent.keys() >= {"settings", "balance_start", "balance_part", "balance_check", "result"} | JOURNAL
    assert name_of(User.objects.get(pk=ana.pk)) == CANARY
    assert uuid5(ana.pk, str(Entry.objects.of(ben).get().pk)) in Entry.objects.of(ana).values_list("pk", flat=True)
    assert Result.objects.visible_to(ana).exists()
    assert visitor.sent.keys() >= {"book", "booking", "booking_file", "booking_move", "waiting_entry_new", "contact"}
    assert {row.words().asked.text for row in Contact.objects.visible_to(ana)} == {CANARY}
    assert {row.told().reason.text for row in Report.objects.visible_to(ana)} == {CANARY}
    assert {row.told().reason.text for row in ProfileReport.objects.visible_to(ana)} == {CANARY}
    assert visitor.sent.keys() >= {"message_new", "message_new_draft", "message_thread", "message_draft"}
    assert visitor.sent.keys() >= {"message_open", "message_shows"}
    assert CANARY in {row.words(ana).text for row in Message.objects.visible_to(ana)}
    assert CANARY in {row.words(row.owner).text for row in Message.objects.exclude(owner=ana)}
    assert CANARY in {side.terms(ana).me for side in Side.objects.visible_to(ana)}
    assert visitor.sent.keys() >= {"ready", "ready_draft", "share", "talk_over"}
    assert CANARY in {row.words(ana).about for row in Preparation.objects.visible_to(ana)}
    share_notes(ana)
    assert {row.document(ana)["about"] for row in Share.objects.of_client(ana).filter(kind="notes")} == {CANARY}
    assert visitor.sent.keys() >= {"question_new", "question_draft", "question_edit", "question_edit_draft"}
    assert CANARY in {sent.text for row in own(ana) if row.sealed and (sent := row.words().asked)}
    assert visitor.sent.keys() >= {"questions", "question_flag", "answer_flag", "answer_helped"}
    assert {row.reason() for row in Flag.objects.all()} == {CANARY}
    assert "booking_object" in visitor.sent
    assert {row.text() for row in Remark.objects.visible_to(ana)} == {CANARY}
    assert {
        Booking.objects.of_client(ana).exclude(specialist=otto).get().document(ana)[field] for field in ("name", "note")
    } == {CANARY}
    assert_nothing_stays(caplog)
    assert_no_file_holds_it(files)
    visitor.close()
    assert_no_file_holds_it(files)
    assert visitor.sent.keys() >= {"account_logout", "result_delete", "usersessions_list"}
    assert_errors_say_nothing(visitor)
    assert_nothing_stays(caplog)
    assert_silent("standard output", "".join(capfd.readouterr()).encode(), CANARY, *ANSWERS)
    assert any("BrokenOnPurposeError" in message.body for message in mail.outbox)


@pytest.mark.usefixtures("reports")
def test_nothing_that_a_visitor_writes_stays_in_clear(
    everything: User, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Sign-up, log-in and password reset, with the word as password, name and code."""
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    known = {"password": f"{CANARY}-{CANARY}", "email": "visitor@example.org", "number": "1"}
    visitor = Visitor(client, CANARY, known, lambda: None, trouble)
    visitor.go("/", "/accounts/signup/", "/accounts/login/", "/accounts/password/reset/")
    assert visitor.sent.keys() >= {"account_signup", "account_login", "account_reset_password"}
    assert visitor.sent.keys() >= {"contact", "contact_answer"}
    assert {row.words().asked.text for row in Contact.objects.all()} == {CANARY}
    assert EmailAddress.objects.filter(email="visitor@example.org").exists()
    assert_errors_say_nothing(visitor)
    assert_nothing_stays(caplog)
    assert_silent("standard output", "".join(capfd.readouterr()).encode(), CANARY, *ANSWERS)


@pytest.mark.usefixtures("reports")
def test_how_a_specialist_meets_somebody_stays_nowhere_in_clear(
    everything: User, cole: User, files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A profile's text and an away note are public; addresses, saved texts and what a photo's file says are not."""
    caplog.set_level(logging.DEBUG)
    host = verified(cole)
    booking = booked(everything, host, timezone.now() + timedelta(days=2))
    free = slot(host, timezone.now() + timedelta(days=3))
    client = Client(raise_request_exception=False)
    client.force_login(cole)
    show_second_factor(client, cole)
    here = message_address(thread(everything, host, now=timezone.now())[1])
    letter = message_fields(client, here, text=CANARY)
    calendar = busy_calendar(cole)
    address, text = f"https://meet.example/{CANARY}", uuid4()
    note = fields_of(client.get(reverse("practice:notes", args=[booking.pk])))
    first, last = (booking.starts_at.date() + timedelta(days=number) for number in (-1, 1))
    absence, days = absent(cole, first, last, CANARY), {"first": first.isoformat(), "last": last.isoformat()}
    profile = {
        "name": "Mara L.",
        "profession": "Counsellor",
        "about": "About.",
        "languages": ["en"],
        "notice_hours": 12,
    }
    posts: list[tuple[str, dict[str, Any]]] = [
        (reverse("practice:profile"), profile | {"offers_free": "on", "video": address}),
        (reverse("practice:profile"), profile | {"notice_hours": CANARY, "phone": CANARY}),
        (reverse("practice:booking_cancel", args=[booking.pk]), {"sentence": CANARY, "words": CANARY}),
        (reverse("practice:booking_propose", args=[booking.pk]), {"first": CANARY, "words": CANARY}),
        (reverse("practice:booking_propose", args=[booking.pk]), {"first": free.pk, "words": CANARY}),
        (reverse("practice:booking", args=[booking.pk]), {"action": "address", "address": address}),
        (reverse("practice:booking", args=[booking.pk]), {"action": "address", "address": CANARY}),
        (reverse("practice:notes", args=[booking.pk]), note | {"text": CANARY}),
        (reverse("practice:notes", args=[booking.pk]), note | {"text": CANARY * 1_000}),
        (reverse("practice:notes", args=[booking.pk]), note | {"text": CANARY, "sequence": CANARY}),
        (reverse("practice:hours"), {"day0": CANARY, "first": CANARY}),
        (reverse("practice:question", args=[Question.objects.get().pk]), {"text": CANARY * 200}),
        (reverse("practice:photo"), {"file": photo_that_says(CANARY)}),
        (reverse("practice:text", args=[text]), {"title": CANARY, "text": CANARY}),
        (reverse("practice:text", args=[text]), {"title": "", "text": CANARY}),
        (here, letter | {"insert": "1", "saved_text": text}),
        (reverse("practice:refer", args=[letter["message"]]), {"colleague": CANARY}),
        (reverse("practice:away"), {"last": CANARY}),
        (reverse("practice:limits"), {"most_a_day": CANARY}),
        (reverse("practice:absences"), days | {"name": CANARY}),
        (reverse("practice:absences"), {"first": CANARY, "name": CANARY}),
        (reverse("practice:absence", args=[absence.pk]), days | {"name": CANARY * 9}),
        (reverse("practice:absence_meetings", args=[absence.pk]), {"words": CANARY}),
        (reverse("practice:absence_meetings", args=[absence.pk]), {"meetings": [booking.pk], "words": CANARY}),
        (reverse("practice:calendars"), {"name": CANARY, "address": f"webcal://calendar.example/{CANARY}"}),
        (reverse("practice:calendars"), {"name": CANARY, "address": CANARY}),
        (reverse("practice:calendar", args=[calendar.pk]), {"name": CANARY}),
        (reverse("practice:calendar", args=[calendar.pk]), {"name": CANARY * 20}),
        (reverse("practice:end"), {"words": CANARY * 50}),
        (reverse("practice:end"), {"words": CANARY}),
    ]
    for path, data in posts:
        with trouble():
            assert client.post(path, data).status_code in {302, 303, 500}
        for file in data.values():
            if isinstance(file, SimpleUploadedFile):
                file.seek(0)
        answer = client.post(path, data)
        assert answer.status_code in {302, 303}, path
    to_end = booked(everything, host, timezone.now() + timedelta(days=4))
    show_second_factor(client, cole, again=True)
    with trouble():
        assert client.post(answer.headers["Location"]).status_code == 500
    assert client.post(answer.headers["Location"]).status_code == 302
    to_end.refresh_from_db()
    assert to_end.document(everything)["from_specialist"] == CANARY
    booking.refresh_from_db()
    assert booking.document(everything)["address"] == address
    assert booking.document(everything)["from_specialist"] == CANARY
    assert absence.name(cole) == CANARY
    assert [row.words(cole) for row in PrivateNote.objects.all()] == [CANARY]
    assert Photo.objects.filter(specialist=host).exists()
    calendars = {row.words(cole) for row in BusyCalendar.objects.all()}
    assert Words(f"https://calendar.example/{CANARY}", CANARY) in calendars
    assert {words.name for words in calendars} == {CANARY}
    assert SavedText.objects.get(pk=text).words(cole).text == CANARY
    assert Draft.objects.get(pk=letter["message"]).words(cole).text == f"{CANARY}\n\n{CANARY}"
    assert_nothing_stays(caplog)
    assert_no_file_holds_it(files)


@pytest.mark.usefixtures("reports")
def test_a_next_step_stays_nowhere_in_clear(
    everything: User, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    host = verified(User.objects.create_user("mara@example.org"))
    over = booked(everything, host, timezone.now() - timedelta(days=1), status="completed", client_fit="yes")
    client = Client(raise_request_exception=False)
    here = reverse("next_step", args=[over.pk])
    writer: dict[str, Any] = {"writer": everything.pk}
    writer |= {"step": uuid4(), "client": uuid4(), "sequence": 1, "base_revision": 0}
    posts: list[tuple[dict[str, Any], int]] = [
        ({"text": CANARY, "asks": "on"}, 302),
        ({"text": CANARY * 50}, 303),
    ]
    for fields, status in posts:
        client.force_login(everything)
        show_second_factor(client, everything)
        with trouble():
            assert client.post(here, writer | fields).status_code in {302, 303, 500}
            client.post(reverse("next_step_draft", args=[over.pk]), writer | fields)
        client.post(reverse("next_step_draft", args=[over.pk]), writer | fields)
        assert client.post(here, writer | fields).status_code == status
        client.logout()
        assert CANARY in client.post(here, writer | fields).text  # signed out: the words come back
    client.force_login(everything)
    show_second_factor(client, everything)
    with trouble():
        client.post(reverse("next_step_answer", args=[over.pk]), {"answer": "not_yet"})
    client.post(reverse("next_step_answer", args=[over.pk]), {"answer": "not_yet"})
    for page in (here, reverse("today"), reverse("booking", args=[over.pk]), reverse("going_on", args=[over.pk])):
        assert client.get(page).status_code == 200
    assert NextStep.objects.get().words(everything) == Intent(CANARY, asks=True, answer="not_yet")
    assert_nothing_stays(caplog)
    assert_silent("standard output", "".join(capfd.readouterr()).encode(), CANARY)


@pytest.mark.usefixtures("reports")
def test_what_staff_write_about_a_message_or_a_report_stays_nowhere_in_clear(
    everything: User, dana: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    client.force_login(dana)
    show_second_factor(client, dana)
    row, _ = contact_written(everything, now=timezone.now(), text=CANARY)
    for act in ("note", "answer"):
        address = reverse("admin:exchange_contact_confirm", args=[row.pk, act])
        shown = carried(client, address)
        for after, status in ((CANARY, 200), (0, 302)):
            posted = shown | {"text": CANARY, "after": str(after)}
            with trouble():  # the second time it is done already
                assert client.post(address, posted).status_code in {200, 302, 500}
            assert client.post(address, posted).status_code in {status, 302}
    row.refresh_from_db()
    words = row.words()
    assert {said.text for said in (words.asked, *words.answers, *words.notes)} == {CANARY}
    assert CANARY in client.get(reverse("admin:exchange_contact_change", args=[row.pk])).text
    report_id, side = uuid4(), Side.objects.visible_to(everything).select_related("thread").get()
    report(report_id=report_id, owner=everything, side=side, reason=CANARY, now=timezone.now())
    for act, field in (("note", "text"), ("pass-on", "reason")):
        address = reverse("admin:exchange_report_confirm", args=[report_id, act])
        with trouble():
            assert client.post(address, {field: CANARY}).status_code in {200, 500}
        assert client.post(address, {field: CANARY}).status_code == 302
    told_of = Report.objects.get().told()
    assert {said.text for said in (*told_of.notes, *filter(None, [told_of.passed_on]))} == {CANARY}
    assert told_of.passed_on
    assert CANARY in client.get(reverse("admin:exchange_report_change", args=[report_id])).text
    otto, yesterday = verified(User.objects.create_user("otto@example.org")), timezone.now() - timedelta(days=1)
    missed = {"status": "client_no_show", "objected_at": timezone.now()}
    meeting = booked(everything, otto, yesterday.replace(microsecond=0), **missed)
    for act, fields in (("client", {}), ("settle", {"outcome": "completed"})):
        address = reverse("admin:exchange_objection_confirm", args=[meeting.pk, act])
        posted = carried(client, address) | {"text": CANARY, "reason": CANARY} | fields
        with trouble():
            assert client.post(address, posted).status_code in {200, 500}
        assert client.post(address, posted).status_code == 302
    assert {remark.text() for remark in Remark.objects.visible_to(everything)} == {CANARY}
    assert CANARY in client.get(reverse("admin:exchange_objection_change", args=[meeting.pk])).text
    of_profile = uuid4()
    host = Specialist.objects.all()[0]
    profile_reports.report(report_id=of_profile, owner=everything, specialist=host, reason=CANARY, now=timezone.now())
    for act, data in (("note", {"text": CANARY}), ("settle", {"reason": CANARY})):
        address = reverse("admin:exchange_profilereport_confirm", args=[of_profile, act])
        with trouble():
            assert client.post(address, data).status_code in {200, 500}
        assert client.post(address, data).status_code == 302
    told = ProfileReport.objects.get().told()
    assert {said.text for said in (told.reason, *told.notes, *filter(None, [told.settled]))} == {CANARY}
    assert CANARY in client.get(reverse("admin:exchange_profilereport_change", args=[of_profile])).text
    assert_nothing_stays(caplog)


@pytest.mark.usefixtures("reports")
def test_why_a_profile_was_approved_stays_nowhere_in_clear(
    everything: User, cole: User, dana: User, caplog: pytest.LogCaptureFixture
) -> None:
    """The reason for sending one back stands in the profile until it is submitted again (`returned_because`)."""
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    client.force_login(dana)
    show_second_factor(client, dana)
    host = verified(cole)
    profiles.save_profile(user=cole, fields={"about": "Other words."}, addresses=None, now=timezone.now())
    host.refresh_from_db()
    page = reverse("admin:consultations_specialist_change", args=[host.pk])
    for act, data in (
        ("seen", {"as_of": host.change.mark}),
        ("approve", CHECKED | {"check_again_on": str(host.check_again_on)}),
        *((act, {"reason": CANARY}) for act in ("hide", "suspend", "lift")),
    ):
        address = reverse("admin:consultations_specialist_confirm", args=[host.pk, act])
        sent = carried(client, address) | data | {"notes": CANARY}
        with trouble():
            assert client.post(address, sent).status_code in {200, 302, 500}
        client.post(address, sent)
    assert {grounds.notes for row in Verification.objects.all() if (grounds := row.grounds())} == {CANARY}
    assert {"approved", "seen", "hidden", "suspended", "lifted"} <= {row.outcome for row in Verification.objects.all()}
    assert CANARY in client.get(page).text
    assert_nothing_stays(caplog)


@pytest.mark.usefixtures("reports")
def test_a_question_stays_nowhere_in_clear_before_it_is_published(
    everything: User, dana: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    client.force_login(dana)
    show_second_factor(client, dana)
    words = {"title": CANARY, "text": CANARY, "theme": "balance", "reason": CANARY}
    rows = {}
    for act in ("change", "back", "private"):
        row = rows[act] = question_waiting(everything, asked=Asked(CANARY, f"{CANARY} and more", "balance"))
        address = reverse("admin:exchange_submission_confirm", args=[row.pk, act])
        fields = fields_of(client.get(address)) | words
        for refused in ({}, {"shown": CANARY}):
            with trouble():
                assert client.post(address, fields | refused).status_code in {200, 409, 500}
            assert (
                client.post(address, fields | refused | {"text": CANARY * 500, "reason": CANARY * 500}).status_code
                == 200
            )
        with trouble():
            client.post(address, fields)
        answer = client.post(address, fields)
        if act == "change":
            answer = client.post(address, fields | {"difference": fields_of(answer)["difference"]})
        assert answer.status_code == 302
    for act, row in rows.items():
        row.refresh_from_db()
        assert row.state == {"change": "agree", "back": "back", "private": "private"}[act]
        assert CANARY in client.get(reverse("admin:exchange_submission_change", args=[row.pk])).text
    assert_nothing_stays(caplog)
    row = question_waiting(everything, asked=Asked(CANARY, CANARY, "balance"))
    address = reverse("admin:exchange_submission_confirm", args=[row.pk, "publish"])
    assert client.post(address, fields_of(client.get(address))).status_code == 302
    with pytest.raises(AssertionError, match="holds"):  # from now on members read it
        assert_nothing_stays(caplog)


def fields_of(page: Any) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page.text)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("mail_is_safe", [False, True])
def test_a_notice_tells_a_copy_of_the_database_neither_its_kind_nor_its_target(
    everything: User, mail_is_safe: bool
) -> None:
    target = uuid4()
    with transaction.atomic():
        change(everything, mail_is_safe=mail_is_safe, not_mailed=(Kind.TIME_FREED.value,))
        notify(owner=everything, kind=Kind.MEETING_CHANGED, target=target, now=timezone.now())
    assert_silent("the database", dump(), str(target), target.hex, Kind.MEETING_CHANGED.value, Kind.TIME_FREED.value)


def photo_that_says(word: str) -> SimpleUploadedFile:
    """A picture with the word in its file name and its metadata."""
    picture, exif = Image.new("RGB", (800, 600), "teal"), Image.Exif()
    exif[Base.ImageDescription] = word
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=word.encode())
    return SimpleUploadedFile(f"{word}.jpg", out.getvalue(), "image/jpeg")


def values_in(sql: bytes) -> set[str]:
    """Every value of every row in a dump, whole and in its parts: what somebody who reads the database could send."""
    rows = re.findall(r"^COPY .*? FROM stdin;\n(.*?)^\\\.$", sql.decode(), re.MULTILINE | re.DOTALL)
    whole = {value for row in rows for value in re.split(r"[\t\n]", row)}
    return whole | {part for value in whole for part in re.findall(r"[\w-]+", value)}


def signed_in_by(cookie: str) -> bool:
    """Whether a session opens with this cookie, of somebody signed in or of a visitor half-way."""
    client = Client()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = cookie
    return client.get(reverse("settings")).status_code == 200 or SessionStore(cookie).load() != {}


def test_nothing_that_the_database_holds_opens_anything(everything: User, ben: User, settings: Settings) -> None:
    """Tried as the cookie of a session, and as the codes that three visitors have just been sent."""
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = settings.ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = (
        10**6
    )
    member, half_way = Client(), Client()
    factors.log_in(member, ben)
    half_way.post(reverse("account_login"), {"login": everything.email, "password": factors.PASSWORD})
    mailed: dict[Client, tuple[str, str]] = {}
    for name, path, form in (
        ("account_signup", "account_email_verification_sent", {"email": "new@example.org", "adult": "on"}),
        ("account_reset_password", "account_confirm_password_reset_code", {"email": everything.email}),
        ("account_email", "account_email_verification_sent", {"email": "ben.new@example.org", "action_add": ""}),
    ):
        browser = member if name == "account_email" else Client()
        browser.post(reverse(name), form | {"password1": "four quiet words here"})
        mailed[browser] = reverse(path), factors.code_from_mail()
    assert len(mail.outbox) == len(mailed)
    values = values_in(dump())
    assert len([*Session.objects.all()]) == len(mailed) + 1
    assert {row.pk for row in Session.objects.all()} <= values
    assert not [value for value in values if len(value) >= 8 and signed_in_by(value)]
    for browser, (path, code) in mailed.items():
        for value in (value for value in values if 6 <= len(value) <= 16):
            assert browser.post(path, {"code": value}, follow=True).status_code == 200, value
        assert browser.post(path, {"code": code}).status_code == 302
    assert signed_in_by(str(member.session.session_key))
