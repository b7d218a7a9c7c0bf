"""Every form of every role is sent what does not belong there, and downloads come back changed.

The forms are those on the pages that a role reaches, so a new one is sent as well. Each request is undone afterwards:
the next one finds everything as it was. Nothing may fail, nothing of somebody else may change, and words that are kept
when a form is refused have to be on the page that follows, or be saved. What is sent follows from SEED alone.
"""

import copy
import io
import json
import logging
import re
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, urldefrag, urljoin, urlsplit

import html5lib
import pytest
from django.apps import apps
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from pytest_django import Settings

from accounts import consents, recovery_codes
from accounts.erasure import ask_to_close
from accounts.export import DATA
from accounts.importing import import_file
from accounts.models import Mail, User
from accounts.notices import Kind, notify
from accounts.portable import FileRefused
from assessments import services
from consultations.models import Booking, Specialist
from consultations.services import profiles
from exchange.models import Contact, Flag
from exchange.services import desk, profile_reports, reports
from journal.reminders import set_reminder
from meetings.models import NextStep
from tests.accounts import factors
from tests.accounts.portable import exported, packed, read
from tests.addresses import addresses
from tests.answered import NOW, begun, finished
from tests.assessments.vectors import SOURCE
from tests.conftest import show_second_factor, with_confirmed_address
from tests.consultations.cast import absent, booked, busy_calendar, proposed, slot, verified
from tests.exchange.asked import CHANGE, asked, moderated
from tests.exchange.messaging import reply, thread
from tests.exchange.readable import answered, published
from tests.exchange.waiting import flagged as question_flagged
from tests.exchange.waiting import published as question_published
from tests.exchange.waiting import waiting as question_waiting
from tests.exchange.written import saved_text
from tests.exchange.written import written as contact_written
from tests.journal.written import written_twice
from tests.meetings.readied import prepared, stepped
from tests.practice.noted import noted
from tests.visitor import Form, drafts

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]

SEED = 12_10
WORDS = "QuincePorcelain"
PER_FIELD = 4  # values for each field, of which a form is sent some
PER_FORM = 8
PER_QUERY = 1
FEW = 2  # pages, and forms, that differ in nothing but ids and values

JUNK = [
    *(b"", b" ", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"a\xed\xb0\x80b", b"\xff\xfe", b"\xef\xbf\xbf", b"\x7f\x1b[2J"),
    *(b"x" * 70_000, "🙂".encode() * 20_000, b"9" * 5_000, b"-" * 300, b"a" * 300 + b"@example.org"),
    *(b"-1", b"0", b"1", b"2147483648", b"9223372036854775808", b"99999999999999999999", b"1e400"),
    *(b"1.5", b"+1", b"0x10"),
    *(b"NaN", b"Infinity", b"-0", "²".encode(), "١٢".encode(), "Ⅷ".encode(), b"true", b"on", b"None", b"null"),
    *(b"[]", b"{}", b"[[]]", b'{"id": 1}', b'{"id": "", "rawId": null, "response": {}}', b'"'),
    *(b"[" * 5_000, b"<script>"),
    *(b"0000-00-00", b"0001-01-01", b"2026-02-30", b"9999-12-31", b"10000-01-01", b"-0001-01-01"),
    *(b"2026-W54", b"2026-13"),
    *(b"9999-12-31T23:59:59+23:59", b"0001-01-01T00:00:00-23:59", b"2026-03-29T02:30", b"24:00", b"9:60"),
    b"00:00-00:00",
    *(b"Europe/Nowhere", b"../../etc/passwd", b"Europe/Berlin\x00", b"/etc/localtime", b"localtime", b"Etc/GMT+15"),
    *("\u202eabc\u202c".encode(), "\u200b".encode(), "ﷺ".encode() * 50, "İıß".encode(), "e\u0301".encode() * 500),
    *(b"a@b", b"a@\x00.org", b"\r\nBcc: x@example.org", b"%s%n%(x)s{0}{{ 7|add:7 }}", b"';--", b"\\"),
    *(b"//x.example/", b"http://["),
    *(b"https://[::1", b"javascript:1", b"tel:" + b"1" * 300, b"https://\xff.example"),
    b"00000000-0000-0000-0000-000000000000",
]  # fmt: skip
IN_PATHS = {
    "uuid": [str(uuid.UUID(int=0)), str(uuid.UUID(int=2**128 - 1))],
    "int": ["0", "99999999999999999999", "9" * 5_000],
    "slug": ["-", "a" * 3_000],
    "str": ["%00", "%ED%A0%80", "%FF", "a" * 3_000, "..%2e", "%E2%80%AE"],
    "path": ["%00", "%ED%A0%80", "-1", "9" * 5_000, "x/y"],
}
FILES = [
    *(b"", b"\x00" * 100, b"PK\x03\x04" + b"\xff" * 60, b"PK\x05\x06" + bytes(18), b"\xff\xd8\xff\xe0" + b"x" * 200),
    *(
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 60,
        b"RIFF\xff\xff\xff\xffWEBP",
        b"GIF89a\xff\xff\xff\xff",
        b"[" * 100_000,
        b"{}",
    ),
]
# Whose rows these are does not change with a form of somebody else; mails may be sent to them, and staff shut them out.
MAY_CHANGE = {Mail._meta.db_table}
STAFF_MAY_CHANGE = {"accounts_user", "usersessions_usersession", "mfa_authenticator", "account_emailaddress"} | {
    "exchange_contact",
    "accounts_notice",
    "accounts_unread",
    "accounts_user_groups",
}


@dataclass
class World:
    """Everybody, with something of everything."""

    ana: User
    ben: User
    eva: User
    cole: User
    dana: User

    @property
    def ids(self) -> list[bytes]:
        """What is Ben's, by its id."""
        found = []
        for table, column, key in of_people():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {key}::text FROM {table} WHERE {column} = %s LIMIT 2", [self.ben.pk])  # noqa: S608
                found += [row[0].encode() for row in cursor.fetchall()]
        return [*sorted({*found, str(self.ben.pk).encode()}), self.ben.email.encode()]


def of_people() -> list[tuple[str, str, str]]:
    """Table, column and key of every model with a row that is somebody's."""
    return [("accounts_user", "id", "id")] + [
        (model._meta.db_table, str(one.column), str(model._meta.pk.column or one.column))
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if one.is_relation and one.related_model in {User, Specialist}
    ]


def rows_of(user: User, without: set[str]) -> str:
    """A digest of every row that is this person's."""
    parts = [
        f"SELECT '{table}.{column}' AS place, md5(string_agg(t::text, '|' ORDER BY t::text)) AS held"  # noqa: S608
        f" FROM {table} t WHERE {column} = %(pk)s"
        for table, column, _ in of_people()
        if table not in without
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY place", {"pk": user.pk})
        return str([row for row in cursor.fetchall() if row[1]])


@pytest.fixture
def world(ana: User, ben: User, cole: User, dana: User, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    monkeypatch.setattr("exchange.forms.contact.LEAST", timedelta(seconds=-1))
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_anywhere": "1/h/key"}
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    version, _ = services.load_version(source=SOURCE, publish=True, now=NOW)
    call_command("load_prompts", verbosity=0)
    eva = verified(with_confirmed_address(User.objects.create_user("eva@example.org", factors.PASSWORD)))
    dora = verified(with_confirmed_address(User.objects.create_user("dora@example.org", factors.PASSWORD)))
    profiles.make_feed(user=eva.user, now=NOW)
    saved_text(eva.user)
    absent(eva.user, NOW.date(), NOW.date() + timedelta(days=9))
    busy_calendar(eva.user)
    desk.set_away(specialist_id=eva.pk, first=None, last=NOW.date(), note="Back soon.", now=NOW)
    for days in range(3, 6):
        slot(eva, NOW + timedelta(days=days))
        slot(dora, NOW + timedelta(days=days, hours=2))
    for person, hours, with_whom in ((ana, 0, eva), (ben, 4, dora)):
        consents.give(owner=person, purpose="questionnaire", now=NOW)
        finished(person, version)
        begun(person, version)
        written_twice(person)
        set_reminder(owner=person, weekday=0, hour=9, now=NOW)
        contact_written(person, now=NOW)
        _, theirs = thread(person, with_whom, now=NOW)
        for _ in range(2):
            reply(theirs, now=NOW)
        reports.report(report_id=uuid.uuid4(), owner=with_whom.user, side=theirs, reason="Because.", now=NOW)
        profile_reports.report(report_id=uuid.uuid4(), owner=cole, specialist=with_whom, reason="Because.", now=NOW)
        moderated(asked(person, now=NOW - timedelta(days=2)), "agree", change=CHANGE, reason="It names a town.")
        answered(published(person), eva)
        ahead = booked(person, with_whom, NOW + timedelta(days=2, hours=hours))
        prepared(ahead, now=NOW)
        proposed(ahead, slot(with_whom, NOW + timedelta(days=6, hours=hours)), now=NOW)
        met = booked(person, with_whom, NOW - timedelta(days=1, hours=hours), status="completed")
        noted(met, now=NOW)
        notify(owner=person, kind=Kind.MEETING_CHANGED, target=met.pk, now=NOW)
        Booking.objects.filter(pk=met.pk).update(client_fit="yes")
        stepped(met, now=NOW)
        NextStep.objects.filter(booking=met).update(changed_at=NOW - timedelta(weeks=2))
    question_waiting(ben)
    question_flagged(question_published(ben))
    return World(ana, ben, eva.user, cole, dana)


# Who sends the forms


def signed_in(client: Client, user: User, *, factor: bool = False) -> None:
    """Has shown a moment ago who they are."""
    client.force_login(user)
    if factor:
        show_second_factor(client, user, again=True)
        return
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def with_factors(user: User) -> User:
    factors.add_app(user)
    factors.add_passkey(user)
    recovery_codes.make(user)
    return user


def visitor(client: Client, world: World) -> None:
    """Nobody."""


def signs_up(client: Client, world: World) -> None:
    form = {"email": "new@example.org", "adult": "on", "password1": "four quiet words here"}
    client.post(reverse("account_signup"), form)


def resets(client: Client, world: World) -> None:
    client.post(reverse("account_reset_password"), {"email": world.ana.email})


def chooses_a_new_password(client: Client, world: World) -> None:
    resets(client, world)
    client.post(reverse("account_confirm_password_reset_code"), {"code": factors.code_from_mail()})


def waits_for_the_second_step(client: Client, world: World) -> None:
    with_factors(world.ana)
    client.post(reverse("account_login"), {"login": world.ana.email, "password": factors.PASSWORD})


def was_guessed_at(client: Client, world: World) -> None:
    """A mailed code comes before the password."""
    for password in ("wrong", "wrong", factors.PASSWORD):
        client.post(reverse("account_login"), {"login": world.ana.email, "password": password})


def member(client: Client, world: World) -> None:
    signed_in(client, world.ana)


def member_with_factors(client: Client, world: World) -> None:
    signed_in(client, with_factors(world.ana), factor=True)


def member_who_is_asked_again(client: Client, world: World) -> None:
    client.force_login(world.ana)


def member_who_is_asked_for_the_factor(client: Client, world: World) -> None:
    client.force_login(with_factors(world.ana))


def member_who_leaves(client: Client, world: World) -> None:
    ask_to_close(owner=world.ana, now=NOW)
    signed_in(client, User.objects.get(pk=world.ana.pk))


def specialist(client: Client, world: World) -> None:
    signed_in(client, world.eva, factor=True)


def new_specialist(client: Client, world: World) -> None:
    signed_in(client, world.cole, factor=True)
    client.post(reverse("practice:start"), {"name": "Cole", "timezone": "Europe/Lisbon"})


def staff(client: Client, world: World) -> None:
    signed_in(client, world.dana, factor=True)


# For each, which addresses are walked (a log-in that waits for a step ends with other pages), and some of the forms
# that have to be found.
ROLES: dict[Callable[[Client, World], None], tuple[str, set[str]]] = {
    visitor: (
        "",
        {"account_login", "account_signup", "account_reset_password", "mfa_login_webauthn"}
        | {"contact", "contact_answer"},
    ),
    signs_up: ("accounts/confirm-email/", {"account_email_verification_sent"}),
    resets: ("accounts/password/reset/confirm/", {"account_confirm_password_reset_code"}),
    chooses_a_new_password: ("accounts/password/reset/complete/", {"account_complete_password_reset"}),
    waits_for_the_second_step: ("accounts/2fa/authenticate/", {"mfa_authenticate"}),
    was_guessed_at: ("accounts/login/code/confirm/", {"account_confirm_login_code"}),
    member: (
        "",
        {"account_email", "account_change_password", "usersessions_list", "mfa_activate_totp", "mfa_add_webauthn"}
        | {"data_add", "data_delete", "data_download", "settings", "consents", "balance_part", "entry_new", "draft"}
        | {"entry_edit", "versions", "revision", "book", "booking_move", "booking_proposal", "waiting_entry_new"}
        | {"reminder", "result"}
        | {"contact", "notice_open", "notices_read"}
        | {"message_new", "message_thread", "message_draft", "message_open", "message_shows"}
        | {"message_block", "message_report", "booking_block", "ready", "ready_draft", "ready_version"}
        | {"share", "share_stop", "talk_over", "profile_report"}
        | {"question_new", "question_edit", "question_agree", "question_thank", "question_more", "question_withdraw"}
        | {"question_draft", "question_edit_draft", "question_more_draft"}
        | {"next_step", "next_step_draft", "next_step_answer"}
        | {"questions", "question_flag", "answer_flag", "answer_helped"},
    ),
    member_with_factors: ("accounts/", {"mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_remove_webauthn"}),
    member_who_is_asked_again: ("account", {"account_reauthenticate"}),
    member_who_is_asked_for_the_factor: ("account", {"mfa_reauthenticate"}),
    member_who_leaves: ("account/", {"closing", "data_delete_now"}),
    specialist: (
        "practice/",
        {"practice:profile", "practice:hours", "practice:photo", "practice:booking", "practice:booking_cancel"}
        | {"practice:text", "practice:text_delete", "practice:away", "practice:shared"}
        | {"practice:limits", "practice:mails", "practice:slots", "practice:booking_propose"}
        | {"practice:absences", "practice:absence", "practice:absence_meetings"}
        | {"practice:calendars", "practice:calendar", "practice:calendar_remove", "practice:calendars_read"}
        | {"practice:question", "practice:question_take", "practice:answer_delete"}
        | {"practice:notes", "practice:notes_draft", "practice:note", "practice:end"},
    ),
    new_specialist: ("practice/", {"practice:profile", "practice:hours"}),
    staff: (
        "admin/",
        {"admin:exchange_answertemplate_add", "admin:guide_prompt_change", "admin:guide_prompt_add"}
        | {"admin:exchange_contact_confirm", "admin:exchange_report_confirm", "admin:exchange_submission_confirm"}
        | {"admin:exchange_profilereport_confirm", "admin:consultations_specialist_confirm"},
    ),
}  # fmt: skip


@dataclass
class Fuzz:
    """One role at work."""

    client: Client
    world: World
    begins: str
    chance: Random
    may_change: set[str]
    failures: dict[str, str] = field(default_factory=dict)  # by kind: where it failed first
    forms: dict[tuple[str, ...], Form] = field(default_factory=dict)
    asked: dict[str, tuple[str, set[str]]] = field(default_factory=dict)  # by route: a path, and names in its query

    def __post_init__(self) -> None:
        self.junk = JUNK + self.world.ids
        self.before = rows_of(self.world.ben, self.may_change)

    # Walking

    def walk(self) -> None:
        """Find the forms of each page that this role reaches."""
        here = [address for address in addresses() if address.route.startswith(self.begins)]
        waiting = deque(reverse(one.name) for one in here if not one.parameters and not one.name.endswith("None"))
        seen: set[str] = set()
        kinds: Counter[str] = Counter()
        while waiting:
            path = waiting.popleft()
            kind = kind_of(path)
            if path in seen or not kind or kinds[kind] >= FEW or not kind.startswith(self.begins):
                continue
            seen.add(path)
            kinds[kind] += 1
            if kind.startswith("leave/"):
                with undone(self.client):
                    self.ask("get", path, "read")
                continue
            waiting.extend(self.read(path, self.ask("get", path, "read")))

    def read(self, path: str, answer: HttpResponse) -> Iterator[str]:
        parts = urlsplit(path)
        self.asked.setdefault(kind_of(parts.path), (parts.path, set()))[1].update(n for n, _ in parse_qsl(parts.query))
        if location := answer.headers.get("Location"):
            yield urljoin(path, location)
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return
        root = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
        found: Counter[tuple[str, ...]] = Counter()
        for element in [*drafts(root), *root.iter("form")]:
            form = Form(path, element)
            key = (kind_of(form.action), *form.key()[1:])
            found[key] += 1
            if key[0] and found[key] <= FEW:
                self.forms.setdefault((*key, str(found[key])), form)
        for link in root.iter("a"):
            yield urldefrag(urljoin(path, link.get("href", "")))[0]

    def look_around(self, *paths: str) -> None:
        """Read these pages, and those of the same kind that they link to."""
        for path in paths:
            answer = self.ask("get", path, "look")
            for link in [*self.read(path, answer)][:60]:
                if kind_of(link).startswith(urlsplit(path).path[1:]) and link != path:
                    self.ask("get", link, "look")

    # Asking

    def ask(self, method: str, path: str, what: str, **sent: Any) -> HttpResponse:
        answer: HttpResponse = getattr(self.client, method)(path, **sent)
        if answer.streaming:
            b"".join(answer)
        if answer.status_code >= 500:
            kind = cause(answer)
            self.failures.setdefault(kind, f"{method} {path[:200]}: {what[:300]}")
        return answer

    def try_all(self) -> None:
        for form in list(self.forms.values()):
            plain, *others = self.variants(form)
            for what, fields in [plain, *self.chance.sample(others, min(PER_FORM, len(others)))]:
                self.send(form, what, fields)
        for path, names in self.asked.values():
            for name in sorted(names | {"held", "next"}):
                for value in self.chance.sample(self.junk, PER_QUERY):
                    with undone(self.client):
                        self.ask("get", f"{path}?{name}={quote(value[:2_000])}", "query")
        for path in self.odd_paths():
            for method in ("get", "post"):
                with undone(self.client):
                    self.ask(method, path, "path")

    def some(self) -> list[bytes]:
        return self.chance.sample(self.junk, PER_FIELD)

    def variants(self, form: Form) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
        known = {"password": factors.PASSWORD, "email": self.world.ana.email, "number": "1"}
        plain = [(name, str(value).encode()) for name, value in form.filled(WORDS, known, {}).items()]
        yield "as it is", plain
        yield "nothing", []
        yield "fields of rows", [*plain, *((name, b"1") for name in ("is_superuser", "is_staff", "owner", "client"))]
        for button in form.element.iter("button"):
            if name := button.get("name"):
                rest = [pair for pair in plain if pair[0] != name]
                yield f"button {name}", [*rest, (name, button.get("value", "").encode())]
        for value in self.some():
            yield f"{value[:40]!r} everywhere", [(name, value) for name, _ in plain]
        for at, (name, value) in enumerate(plain):
            yield f"{name} is missing", plain[:at] + plain[at + 1 :]
            yield f"{name} repeated", [*plain, (name, self.chance.choice(self.junk)), (name, value)]
            for junk in self.some():
                yield f"{name}={junk[:40]!r}", [*plain[:at], (name, junk), *plain[at + 1 :]]

    def send(self, form: Form, what: str, fields: list[tuple[str, bytes]]) -> None:
        with undone(self.client):
            if form.method == "get":
                query = "&".join(f"{quote(name)}={quote(value[:2_000])}" for name, value in fields)
                self.ask("get", f"{urlsplit(form.action).path}?{query}", what)
                return
            files = [one.get("name", "") for one in form.element.iter("input") if one.get("type") == "file"]
            if files:
                data: dict[str, Any] = {name: value.decode(errors="replace") for name, value in fields}
                odd = self.chance.choice(["x.zip", "x\x00.jpg", "\u202egpj.exe", "x" * 500])
                data |= {name: SimpleUploadedFile(odd, self.chance.choice(FILES)) for name in files}
                answer = self.ask("post", form.action, what, data=data)
            else:
                body = "&".join(f"{quote(name)}={quote(value)}" for name, value in fields)
                kind = "application/x-www-form-urlencoded"
                answer = self.ask("post", form.action, what, data=body, content_type=kind)
            if rows_of(self.world.ben, self.may_change) != self.before:
                self.failures.setdefault(f"rows of somebody else: {kind_of(form.action)}", what)
            self.keeps_words(form, what, fields, answer)

    def keeps_words(self, form: Form, what: str, fields: list[tuple[str, bytes]], answer: HttpResponse) -> None:
        view = resolve(urlsplit(form.action).path).func
        if not hasattr(view, "words_kept") or not any(WORDS.encode() in value for _, value in fields):
            return
        if answer.headers.get("Content-Type", "").startswith("application/json"):  # the script keeps them
            return
        if dict(fields).get("writer", b"") not in {b"", str(self.world.ana.pk).encode()}:  # given to nobody else
            return
        here = form.action
        for _ in range(3):
            if location := answer.headers.get("Location"):
                here = urljoin(here, location)
                answer = self.ask("get", here, what)
        sent = str([row.words() for row in Contact.objects.all()] + [row.reason() for row in Flag.objects.all()])
        if WORDS not in answer.content.decode() + sent and WORDS not in read(exported(self.world.ana)):
            self.failures.setdefault(f"words are lost: {kind_of(form.action)} {answer.status_code}", what)

    def odd_paths(self) -> Iterator[str]:
        """Each address with parameters, with what fits its pattern and is nothing here."""
        for address in addresses():
            if not address.parameters or not address.route.startswith(self.begins):
                continue
            route = re.sub(
                r"\^|\$|\\Z|\(\?P<\w+>.*?\)(?=/|$)",
                lambda found: "<str:x>" if found[0][0] == "(" else "",
                address.route,
            )
            for _ in range(2):
                yield "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: self.chance.choice(IN_PATHS[m[1] or "str"]), route)


def kind_of(address: str) -> str:
    """The route of one of our addresses, with the names in its query; empty for those of others."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ""
    return " ".join([match.route, *sorted({name for name, _ in parse_qsl(parts.query)})])


def cause(answer: HttpResponse) -> str:
    """The error, and the last line of ours that led to it."""
    caught = getattr(answer, "exc_info", None)
    error = caught[1] if caught else None
    ours, trace = "", error.__traceback__ if error else None
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if ".venv" not in name and "/tests/" not in name and name.startswith(str(project.BASE_DIR)):
            ours = f"{name.removeprefix(str(project.BASE_DIR))}:{trace.tb_lineno}"
        last = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return (
        f"{answer.status_code} {type(error).__name__} {str(error)[:150]!r} at {ours or '?'} ({last if error else ''})"
    )


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Roll back what happens inside, in the database and in the browser."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.__name__)
def test_no_form_fails(role: Callable[[Client, World], None], world: World, settings: Settings) -> None:
    client = Client(raise_request_exception=False)
    role(client, world)
    begins, expected = ROLES[role]
    chance = Random(f"{SEED} {role.__name__}")
    fuzz = Fuzz(client, world, begins, chance, MAY_CHANGE | (STAFF_MAY_CHANGE if role is staff else set()))
    fuzz.walk()
    found = {resolve(urlsplit(form.action).path).view_name for form in fuzz.forms.values()}
    assert found >= expected
    fuzz.try_all()
    assert fuzz.failures == {}


ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**30, "", "\x00", "x" * 100_000, "2026-02-30", "0001-01-01"),
    "9999-12-31T23:59:59+23:59",
    *("Europe/Nowhere", "\ud800", [], {}, [[]], [None], {"a": 1}, ["x"] * 1_000, "\u202eabc"),
    "00000000-0000-0000-0000-000000000000",
]  # fmt: skip


def changed(content: bytes, chance: Random) -> tuple[str, bytes]:
    """A download in which one value of one row is another, or missing, or there twice; and what was changed."""
    lines = read(content).splitlines()
    rows = {}
    for at, line in enumerate(lines):
        try:
            row = json.loads(line.strip().removesuffix(","))
        except ValueError:
            continue
        if isinstance(row, dict) and row:
            rows[at] = row
    at = chance.choice([*rows])
    row, what = rows[at], "row"
    inside: Any = row
    while True:
        keys = [*inside] if isinstance(inside, dict) else range(len(inside))
        key = chance.choice([*keys])
        if isinstance(inside[key], dict | list) and inside[key] and chance.random() < 0.8:
            inside, what = inside[key], f"{what}.{key}"
            continue
        break
    match chance.randrange(6):
        case 0:
            del inside[key]
        case 1 if isinstance(inside, list):
            inside.append(inside[key])
        case 2 if isinstance(inside, dict):
            inside["x\x00"] = chance.choice(ODD)
        case _:
            inside[key] = chance.choice(ODD)
    lines[at] = json.dumps(row) + ("," if lines[at].strip().endswith(",") else "")
    return f"{what}.{key}: {lines[at][:300]}", packed("\n".join(lines), DATA)


@pytest.mark.parametrize("number", range(4))
def test_no_changed_download_breaks_anything(number: int, world: World, client: Client) -> None:
    """It is taken or refused as a whole, and what it brought can be opened."""
    chance = Random(f"{SEED} {number}")
    cara = with_confirmed_address(User.objects.create_user("cara@example.org", factors.PASSWORD))
    signed_in(client, cara)
    client.raise_request_exception = False
    content, before = exported(world.ana), rows_of(world.ana, set())
    fuzz = Fuzz(client, world, "", chance, MAY_CHANGE)
    for _ in range(40):
        what, file = changed(content, chance)
        with undone(client):
            try:
                import_file(
                    owner=User.objects.get(pk=cara.pk), file=io.BytesIO(file), now=NOW, agrees=["questionnaire"]
                )
            except FileRefused:
                continue
            except Exception as error:  # whatever it is, it is told with the others
                fuzz.failures.setdefault(f"{type(error).__name__}: {str(error)[:100]}", what)
                continue
            assert rows_of(world.ana, set()) == before
            fuzz.look_around("/today/", "/balance/", "/journal/", "/account/settings/")
    assert fuzz.failures == {}
