"""A banner above every page, from one time until another, without a query."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import User
from accounts.roles import Role
from reflect import services
from reflect.banners import BANNERS
from reflect.models import Banner
from reflect.publishing import publish_banners, write_copy
from reflect.tasks import publish_banners as job
from reflect.tasks import publish_banners_nightly
from tests.conftest import AsUser
from tests.html import assert_valid_html, followed
from tests.staff import staff

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "On Tuesday evening <we> are away."
LIST = "/admin/reflect/banner/"
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture(autouse=True)
def pages(settings: Settings, tmp_path: Path) -> Path:
    settings.PAGES_FOLDER = tmp_path / "pages"
    return tmp_path / "pages"


def banner(words: str = WORDS, **fields: object) -> Banner:
    """A banner of the next hour."""
    made = Banner.objects.create(**{"text": words, "starts_at": NOW, "ends_at": NOW + HOUR, **fields})
    publish_banners(now=NOW)
    return made


def shown(page: str = "/") -> str:
    answer = Client().get(page)
    assert_valid_html(answer.content)
    return answer.text


@pytest.mark.parametrize("page", ["/", "/help-now/", "/leave-explained/", "/accounts/login/", "/privacy/"])
def test_visitors_see_it_on_every_page(page: str) -> None:
    assert "Tuesday" not in shown(page)
    banner(level=Banner.Level.WARNING)
    assert "On Tuesday evening &lt;we&gt; are away." in shown(page)
    assert "banner-warning" in shown(page)


def test_members_and_staff_see_it(as_user: AsUser, ana: User, dana: User) -> None:
    banner()
    assert "Tuesday" in as_user(ana).get("/today/").text
    assert "Tuesday" in as_user(dana).get("/admin/").text


def test_it_comes_and_goes_by_itself(time_machine: TimeMachineFixture) -> None:
    banner()
    for at, is_there in (
        (NOW - timedelta(seconds=1), False),
        (NOW, True),
        (NOW + HOUR - timedelta(seconds=1), True),
        (NOW + HOUR, False),
    ):
        time_machine.move_to(at, tick=False)
        assert ("Tuesday" in shown()) is is_there


def test_it_costs_no_query() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown("/help-now/")
        return len(captured)

    banner()
    assert queries() == 0


def test_a_damaged_file_hides_nothing_else(pages: Path) -> None:
    banner()
    (pages / BANNERS).write_text("{")
    assert "Tuesday" not in shown("/help-now/")


def test_another_language_has_its_own() -> None:
    banner(language="xx")
    assert "Tuesday" not in shown()


def test_pages_that_are_kept_do_not_have_it(pages: Path) -> None:
    """A copy of the proxy, an error page and the offline page would show it long after its end."""
    banner()
    (pages / "proxy").mkdir()
    write_copy(pages, "help_now")
    assert "Tuesday" not in (pages / "proxy" / "help_now.html").read_text()
    assert "Tuesday" not in shown(reverse("offline"))


def test_an_editor_writes_changes_and_takes_off_a_banner(as_user: AsUser) -> None:
    editor = as_user(staff("finn@example.org", Role.EDITOR))
    times = {"starts_at": "2026-11-27T12:00", "ends_at": "2026-11-27T13:00"}
    over_before = {"text": WORDS, "level": "note", **times, "ends_at": "2026-11-27T11:00"}
    refused = followed(editor.post(f"{LIST}add/", over_before))
    assert "The end has to be after the start." in refused.text
    answer = editor.post(f"{LIST}add/", {"text": WORDS, "level": "note", **times})
    assert answer.status_code == 302
    made = Banner.objects.get()
    assert (made.starts_at, made.ends_at, made.language) == (NOW, NOW + HOUR, "en")
    run_jobs()
    assert "Tuesday" in shown()
    editor.post(f"{LIST}{made.pk}/change/", {"text": "Back again.", "level": "note", **times})
    run_jobs()
    assert "Back again." in shown()
    assert_valid_html(editor.get(f"{LIST}{made.pk}/delete/").content)
    editor.post(f"{LIST}{made.pk}/delete/", {"post": "yes"})
    run_jobs()
    assert "Back again." not in shown()


def run_jobs() -> None:
    """What the worker does: one job for each change."""
    waiting = ProcrastinateJob.objects.filter(task_name=services.PUBLISH_BANNERS, status="todo")
    assert waiting.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    job()


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.MODERATOR, Role.SUPPORT])
def test_others_do_not(as_user: AsUser, role: Role) -> None:
    client = as_user(staff("finn@example.org", role))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403


def test_it_is_written_again_each_night_and_what_is_over_is_left_out(pages: Path) -> None:
    banner()
    Banner.objects.create(text="Over.", starts_at=NOW - HOUR, ends_at=NOW)
    (pages / BANNERS).unlink()
    publish_banners_nightly(timestamp=0)
    assert "Tuesday" in shown()
    assert "Over." not in (pages / BANNERS).read_text()


def test_it_ends_after_it_starts() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Banner.objects.create(text=WORDS, starts_at=NOW, ends_at=NOW)
