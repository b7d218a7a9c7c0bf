"""Lists of staff and of specialists take as many queries for thirty rows as for three, and find them by an index."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import StaffAction, User
from accounts.roles import Role
from assessments.models import ErrorEstimate, Form, GroupFigures, InstrumentVersion, PublishedConstants
from consultations.models import Booking, FailedCheck, ProfileChange, Specialist
from exchange.models import AnswerTemplate, Contact
from exchange.services import profile_reports
from exchange.services.desk import MOST_TEXTS
from guide.models import Prompt
from reflect.models import Banner, DailyFigure, HelplineRecord
from tests.answered import NOW
from tests.conftest import AsUser, with_confirmed_address
from tests.consultations.cast import a_host, absent, booked, busy_calendar, slot, years_of_bookings
from tests.exchange.messaging import asked, reported, thread
from tests.exchange.waiting import flagged, published, waiting
from tests.exchange.written import saved_text, written
from tests.practice.noted import noted
from tests.reflect.test_administration import failed
from tests.staff import staff

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]

FEW, MANY = 3, 30
DAY = timedelta(days=1)
numbers = count()

type Make = Callable[[], object]


def member() -> User:
    return with_confirmed_address(User.objects.create_user(f"member-{next(numbers)}@example.org"))


def host() -> Specialist:
    return a_host(f"host-{next(numbers)}")


# One more row of each model, with everything that a list may show of it, and nothing that it shares with the last one.


def action() -> None:
    by = staff(f"staff-{next(numbers)}@example.org", Role.SUPPORT)
    StaffAction.objects.create(at=NOW, staff=by.pk, kind="read", model="guide.prompt", row=str(next(numbers)))


def version() -> InstrumentVersion:
    number = next(numbers) + 100
    about = {"slug": f"balance-{number}", "version": number, "title": "Balance", "sha256": f"{number:064}"}
    return InstrumentVersion.objects.create(**about, language="en", algorithm=1, source="x")


def figures() -> None:
    GroupFigures.objects.create(version=version(), form=Form.SHORT, figures={"balance": {"n": 20}}, published_at=NOW)


def estimate() -> None:
    ErrorEstimate.objects.create(version=version(), figures={"n": 100}, worked_out_at=NOW)


def constants() -> None:
    about = {"way": "plain", "n": 100, "source": "x", "toml": "x", "measured_at": NOW, "published_at": NOW}
    PublishedConstants.objects.create(number=next(numbers) + 101, questionnaire=version(), **about)


def meeting(**fields: object) -> Booking:
    return booked(member(), host(), NOW - DAY, status="client_no_show", **fields)


def check() -> None:
    FailedCheck.objects.create(specialist=host(), which="last", starts_at=NOW, reason="taken", found_at=NOW)


def changed_profile() -> None:
    ProfileChange.objects.create(specialist=host(), since=NOW, changed_at=NOW, texts={"about": "Before"})


def message() -> None:
    found, _code = written(member(), now=NOW)
    assignee = staff(f"staff-{next(numbers)}@example.org", Role.SUPPORT)
    Contact.objects.filter(pk=found.pk).update(assignee=assignee)


def reported_profile() -> None:
    profile_reports.report(report_id=uuid4(), owner=member(), specialist=host(), reason="x", now=NOW)


def reported_conversation() -> None:
    side, _theirs = thread(member(), host(), now=NOW)
    reported(side)


def question() -> None:
    waiting(member())
    flagged(published(member()))


def prompt() -> None:
    number = next(numbers)
    about = {"theme": "balance", "why": "x", "steps": ["a"], "minutes": 5, "order": number}
    Prompt.objects.create(key=f"ours-{number}", title=f"Prompt {number}", **about)


def helpline() -> None:
    by = staff(f"staff-{next(numbers)}@example.org", Role.EDITOR)
    HelplineRecord.objects.create(key=f"line-{next(numbers)}", checked_on=NOW.date(), checked_by=by, checked_as="x")


def template() -> None:
    AnswerTemplate.objects.create(title=f"Answer {next(numbers)}", text="x")


def banner() -> None:
    Banner.objects.create(text="A sentence.", starts_at=NOW, ends_at=NOW + DAY)


def figure() -> None:
    DailyFigure.objects.create(day=NOW.date() - next(numbers) * DAY, kind="booked", value=1)


MADE: Mapping[str, Make] = {
    "accounts.staff": lambda: staff(f"staff-{next(numbers)}@example.org", Role.SUPPORT, Role.EDITOR),
    "accounts.staffaction": action,
    "accounts.user": member,
    "assessments.errorestimate": estimate,
    "assessments.groupfigures": figures,
    "assessments.instrumentversion": version,
    "assessments.publishedconstants": constants,
    "consultations.booking": meeting,
    "consultations.failedcheck": check,
    "consultations.specialist": changed_profile,
    "exchange.answertemplate": template,
    "exchange.contact": message,
    "exchange.objection": lambda: meeting(objected_at=NOW),
    "exchange.profilereport": reported_profile,
    "exchange.report": reported_conversation,
    "exchange.submission": question,
    "guide.prompt": prompt,
    "reflect.banner": banner,
    "reflect.dailyfigure": figure,
    "reflect.failedjob": failed,
    "reflect.helplinerecord": helpline,
}


def changelist(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist")


def rows_do_not_cost(client: Client, paths: list[str], make: Make) -> None:
    """Asking for each of these pages takes as many queries with MANY rows as with FEW."""

    def queries() -> list[int]:
        for path in paths:  # the first time, pages look up what they keep
            assert client.get(path).status_code == 200, path
        return [asked(partial(client.get, path)) for path in paths]

    for _ in range(FEW):
        make()
    few = queries()
    for _ in range(MANY - FEW):
        make()
    assert dict(zip(paths, queries(), strict=True)) == dict(zip(paths, few, strict=True))


def test_every_list_has_its_row() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(MADE)


@pytest.mark.parametrize("model", MADE)
def test_lists_of_staff(model: str, as_user: AsUser, dana: User) -> None:
    path = changelist(model)
    paths = [path, "/admin/", *([f"{path}?list=flagged", f"{path}?list=all"] if model == "exchange.submission" else [])]
    rows_do_not_cost(as_user(dana), paths, MADE[model])


@pytest.fixture
def mara(db: None) -> Specialist:
    return a_host("mara")


def test_lists_of_a_specialist(as_user: AsUser, mara: Specialist) -> None:
    turns = count(1)

    def make() -> None:
        turn = next(turns)
        booked(member(), mara, NOW + turn * timedelta(minutes=30))
        late, early = (NOW - turn * DAY, NOW - turn * DAY - timedelta(hours=1))
        booked(member(), mara, late, status="client_no_show", objected_at=NOW, changed_at=NOW)
        noted(booked(member(), mara, early, status="completed"), now=NOW)
        slot(mara, NOW + 2 * DAY + turn * timedelta(minutes=30))
        absent(mara.user, NOW.date() + 100 * DAY + 2 * turn * DAY, NOW.date() + 100 * DAY + 2 * turn * DAY)
        if turn <= MOST_TEXTS:
            saved_text(mara.user, title=f"Text {turn}")
        thread(member(), mara, now=NOW)
        published(member())

    busy_calendar(mara.user)
    names = ("overview", "meetings", "past_bookings", "figures", "slots", "absences", "texts", "questions", "dates")
    paths = [reverse(f"practice:{name}") for name in names]
    later = f"{paths[0]}?week={NOW.date() + 7 * DAY}"
    rows_do_not_cost(as_user(mara.user), [*paths, later, f"{paths[1]}?print"], make)


# Indexes. A table of a test is small: with sequential scans made dear, the plan names the index that answers.


def plans(path: str, client: Client, table: str, *, dear: tuple[str, ...] = ("seqscan",)) -> str:
    """How PostgreSQL finds the rows of a list: the plans of what its page asks this table first.

    `dear`: what it does only where nothing else answers.
    """
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    found = []
    with connection.cursor() as cursor:
        for way in dear:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        for query in captured:
            if f'FROM "{table}"' in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                found += [line for (line,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize(
    ("model", "query", "index"),
    [
        ("consultations.booking", "status__exact=client_no_show", "booking_by_status"),
        ("consultations.booking", "status__exact=cancelled_by_client&when=-30", "booking_by_status"),
        ("exchange.objection", "", "booking_objected"),
        ("exchange.objection", "objections=open", "booking_ob"),
        ("consultations.specialist", "q=maria", "specialist_name_trigrams"),
        ("consultations.specialist", "q=maria", "specialist_slug_trigrams"),
        ("consultations.specialist", "q=maria", "specialist_register_number"),
        ("accounts.user", "is_staff__exact=1", "user_is_staff"),
        ("accounts.user", "is_specialist__exact=1", "user_is_specialist"),
        ("accounts.user", "is_active__exact=0", "user_is_shut_out"),
        ("accounts.staff", "", "user_is_staff"),
        ("accounts.staffaction", "", "staffaction_by_time"),
        ("accounts.staffaction", "kind__exact=role", "staffaction_of_kind"),
        ("accounts.staffaction", "model=guide.prompt", "staffaction_of_model"),
        ("accounts.staffaction", "q=suspended", "staffaction_said_trigrams"),
        ("exchange.profilereport", "", "profile_report_state"),
    ],
)
def test_a_list_is_found_by_an_index(
    model: str, query: str, index: str, as_user: AsUser, dana: User, ana: User, mara: Specialist
) -> None:
    years_of_bookings([ana], mara)
    table = {"exchange.objection": "consultations.booking", "accounts.staff": "accounts.user"}.get(model, model)
    assert index in plans(f"{changelist(model)}?{query}", as_user(dana), table.replace(".", "_"))


def test_accounts_that_share_a_beginning_are_found_in_their_order(as_user: AsUser, dana: User) -> None:
    User.objects.bulk_create(User(email=f"member-{turn}@example.org", sealed_self=b"") for turn in range(300))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user")
    dear = ("seqscan", "bitmapscan", "sort")  # a sort is there then only if no index has the order
    plan = plans(f"{changelist('accounts.user')}?q=member-", as_user(dana), "accounts_user", dear=dear)
    assert "Sort" not in plan
    assert "Index Cond: (((email)::text >= 'member-'::text)" in plan


@pytest.mark.parametrize("index", ["specialist_name_trigrams", "specialist_slug_trigrams"])
def test_a_name_in_the_log_is_found_by_an_index(index: str, as_user: AsUser, dana: User) -> None:
    assert index in plans(f"{changelist('accounts.staffaction')}?q=maria", as_user(dana), "consultations_specialist")


def test_whether_a_meeting_is_the_first_of_two_people_is_found_by_an_index(mara: Specialist) -> None:
    clients = User.objects.bulk_create(User(email=f"c-{turn}@example.org", sealed_self=b"") for turn in range(200))
    years_of_bookings(clients, mara)
    plan = Booking.objects.of_specialist(mara.user).with_earlier().order_by("-starts_at")[:20].explain()
    assert "booking_of_pair" in plan
