"""The first page of the administration: what waits for whom, and how the service is."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict
from pytest_django import Settings

from accounts import outbox
from accounts.models import Mail, User
from accounts.roles import Role
from consultations.models import FailedCheck, Specialist
from lib.waiting import MOST, Kind, kinds
from reflect import administration, workers
from reflect.job_words import NOT_DONE, OTHER
from reflect.models import FailedJob
from tests.conftest import AsUser
from tests.consultations.cast import booked, verified
from tests.exchange.written import written
from tests.html import assert_valid_html, text_of
from tests.staff import staff

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
INDEX = "/admin/"
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def rows(client: Client) -> dict[str, tuple[str, str]]:
    """How many of each kind wait, and the words about the oldest."""
    root = assert_valid_html(client.get(INDEX).content)
    found = {}
    for row in root.iter("li"):
        if (heading := row.find(".//h3")) is not None:
            count, age = row.findall("./p")
            found[text_of(heading)] = (text_of(count), text_of(age))
    return found


def failed(task: str = outbox.SEND, number: int = 1) -> None:
    """Jobs that failed two hours ago."""
    jobs: list[JSONDict] = [{"number": one} for one in range(number)]
    app.configure_task(task, allow_unknown=True).batch_defer(*jobs)
    with connection.cursor() as cursor:
        for status in ("doing", "failed"):
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE status <> 'failed'", [status])
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE type = 'failed'", [NOW - timedelta(hours=2)])


@pytest.fixture
def much_waits(ana: User, cole: User) -> None:
    verified(cole, status=Specialist.Status.SUBMITTED, submitted_at=NOW - 4 * DAY, verified_at=None)
    host = verified(User.objects.create_user("host@example.org"))
    booked(ana, host, NOW - DAY, status="client_no_show", objected_at=NOW - timedelta(hours=20))
    FailedCheck.objects.create(
        specialist=host, which="last", starts_at=NOW, reason="taken", found_at=NOW - timedelta(hours=18)
    )
    written(now=NOW - 2 * DAY)
    failed()


@pytest.mark.usefixtures("much_waits")
def test_what_waits_has_its_number_and_its_age_the_oldest_first(as_user: AsUser, dana: User) -> None:
    client = as_user(dana)
    assert list(rows(client).items())[:-2] == [
        ("New profiles", ("1", "Oldest: 4 days")),
        ("Messages to us", ("1", "Oldest: 2 days")),
        ("Objections", ("1", "Oldest: 20 hours")),
        ("Failed booking checks", ("1", "Oldest: 18 hours")),
        ("Failed jobs", ("1", "Oldest: 2 hours")),
    ]
    page = text_of(assert_valid_html(client.get(INDEX).content))
    assert "3 things are waiting. The oldest has waited 4 days." in page.replace("\xa0", " ")
    assert "Nothing waits in:" in page
    assert "You are here as owner." in page


@pytest.mark.usefixtures("much_waits")
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.VERIFIER, {"New profiles", "Failed booking checks"}),
        (Role.MODERATOR, set()),
        (Role.SUPPORT, {"Messages to us", "Objections"}),
        (Role.EDITOR, {"Helplines to check again"}),
    ],
)
def test_each_role_sees_what_it_may_see_to(as_user: AsUser, role: Role, seen: set[str]) -> None:
    client = as_user(staff("finn@example.org", role))
    assert set(rows(client)) == seen
    assert "Last backup" not in client.get(INDEX).text


def test_staff_without_a_role_find_an_empty_page(as_user: AsUser) -> None:
    page = as_user(staff("finn@example.org")).get(INDEX)
    assert "Nothing waits for a person." in text_of(assert_valid_html(page.content))


def test_what_came_today_has_waited_since_today(as_user: AsUser, dana: User) -> None:
    written(now=NOW)
    page = text_of(assert_valid_html(as_user(dana).get(INDEX).content))
    assert "1 thing is waiting. The oldest has waited since today." in page


def test_the_menu_leads_to_what_a_role_may_see(as_user: AsUser, dana: User) -> None:
    menu = [link.label for link in as_user(dana).get(INDEX).context["menu"]]
    assert menu == ["Specialists", "Questions", "Messages", "Figures", "Log"]
    menu = [link.label for link in as_user(staff("finn@example.org", Role.MODERATOR)).get(INDEX).context["menu"]]
    assert menu == ["Questions"]


@pytest.mark.usefixtures("much_waits")
def test_the_page_costs_the_same_however_much_waits(as_user: AsUser, dana: User) -> None:
    client = as_user(dana)
    client.get(INDEX)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(INDEX)
        return len(captured)

    few = queries()
    failed(number=MOST + 5)
    for number in range(5):
        written(now=NOW - number * DAY)
    assert queries() == few
    assert rows(client)["Failed jobs"][0] == f"{MOST}+"
    assert rows(client)["Messages to us"] == ("6", "Oldest: 4 days")


def statements(kind: Kind) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        kind.tally(NOW)
    return [one["sql"] for one in captured]


def test_each_kind_is_one_query() -> None:
    assert {str(kind.label): len(statements(kind)) for kind in kinds} == {str(kind.label): 1 for kind in kinds}


def names(plan: Any) -> Iterator[str]:
    """The kinds of steps of a plan."""
    yield f"{plan['Node Type']} {plan.get('Relation Name', '')}"
    for part in plan.get("Plans", []):
        yield from names(part)


@pytest.mark.parametrize("kind", kinds, ids=lambda kind: str(kind.label))
def test_no_count_reads_a_table_from_its_beginning(kind: Kind) -> None:
    """Tables are small here: with sequential scans made dear, a plan has one only where no index answers."""
    [statement] = statements(kind)
    if "helplinerecord" in statement or "checkrun" in statement:  # a row for each line of a file, for each check
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        [(plan,)] = cursor.fetchall()
    assert not [one for one in names(plan[0]["Plan"]) if one.startswith("Seq Scan")]


# The service


def test_the_service_is_told_in_words(
    as_user: AsUser, dana: User, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "seen", lambda: {"mail": NOW - timedelta(seconds=12)})
    outbox.post(dana, kind="closing", now=NOW - timedelta(minutes=40))
    outbox.post(dana, kind="notice", now=NOW)
    Mail.objects.filter(kind="notice").update(sent_at=NOW)
    page = text_of(assert_valid_html(as_user(dana).get(INDEX).content))
    assert "seen 12 seconds ago" in page
    assert page.count("not running: its work waits") == 2
    assert "1, the oldest for 40 minutes" in page.replace("\xa0", " ")
    assert "Last backup Not known. Let your backup touch a file when it is done" in " ".join(page.split())
    stamp = tmp_path / "backup"
    settings.BACKUP_STAMP = str(stamp)
    assert "the file named in BACKUP_STAMP is not there" in as_user(dana).get(INDEX).text
    stamp.touch()
    os.utime(stamp, times=((NOW - timedelta(hours=9)).timestamp(),) * 2)
    page = text_of(assert_valid_html(as_user(dana).get(INDEX).content)).replace("\xa0", " ")
    assert "9 hours ago" in page


@pytest.mark.own_clock
def test_a_worker_that_is_there_has_been_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL application_name = 'reflect worker: mail'")
        cursor.execute("SELECT clock_timestamp()")
        [now] = cursor.fetchone()
    assert abs(now - workers.seen()["mail"]) < timedelta(minutes=1)
    assert set(workers.seen()) == {"mail"}


# Failed jobs


def test_every_task_has_its_sentence() -> None:
    ours = {name for name in app.tasks if "procrastinate." not in name}
    assert ours - set(NOT_DONE) == set()


def test_a_job_that_is_tried_again_leads_whoever_comes_later_to_the_list(as_user: AsUser, dana: User) -> None:
    failed("consultations.tasks.send_reminders")
    again = reverse("admin:reflect_failedjob_confirm", args=[FailedJob.objects.get().pk, "again"])
    client = as_user(dana)
    assert client.get(again).status_code == 200
    client.post(again)
    for ask in (client.get, client.post):  # after Back, and by a colleague whose page is older
        answer = ask(again, follow=True)
        assert answer.redirect_chain == [(reverse("admin:reflect_failedjob_changelist"), 302)]
        assert "This has been done already" in text_of(assert_valid_html(answer.content))


def test_a_failed_job_says_what_failed(as_user: AsUser, dana: User) -> None:
    failed("consultations.tasks.send_reminders")
    failed("gone.tasks.gone")
    words = text_of(assert_valid_html(as_user(dana).get("/admin/reflect/failedjob/").content))
    assert "Reminders of meetings were not made." in words
    assert str(OTHER) in words
    assert [str(job) for job in FailedJob.objects.order_by("pk")] == ["Reminders of meetings were not made.", OTHER]


def test_there_is_no_section_of_the_queue_s_own(as_user: AsUser, dana: User) -> None:
    client = as_user(dana)
    assert "rocrastinate" not in client.get(INDEX).text
    assert client.get("/admin/procrastinate/").status_code == 404


# Everything else


def test_what_a_role_may_not_see_is_not_listed(as_user: AsUser) -> None:
    page = as_user(staff("finn@example.org", Role.EDITOR)).get(INDEX)
    groups = {str(group.label): [link.label for link in group.links] for group in page.context["groups"]}
    assert groups == {
        "Words": ["Prompts", "Helplines", "Banners"],
        "Records": ["What we promise, and how it is checked"],
    }


def test_each_list_stands_in_one_group(as_user: AsUser, dana: User) -> None:
    page = as_user(dana).get(INDEX)
    addresses = [link.address for group in page.context["groups"] for link in group.links]
    assert len(addresses) == len(set(addresses))
    named = {*administration.PEOPLE, *administration.WORDS, *administration.IN_MENU}
    known = {model._meta.label_lower for model in admin.site._registry}
    assert named <= known
