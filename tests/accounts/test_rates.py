"""How often one account may do something: what a flood grows is bounded, and nobody honest ever waits."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import consents
from accounts.models import Held, Pace, User
from accounts.quota import Size
from accounts.rates import TOO_OFTEN, forget_paces, within_limit
from accounts.tasks import forget_held_forms
from assessments.models import Response
from assessments.services import load_version
from consultations.models import Booking
from journal.models import Entry, Revision
from lib.figures import MEGABYTE
from tests.accounts.portable import exported
from tests.assessments.vectors import SOURCE
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, slot, verified
from tests.consultations.racing import at_once
from tests.html import assert_valid_html
from tests.journal.written import written

LONGEST = 50_000
FLOOD = 12  # seconds


@pytest.fixture
def three_a_minute(settings: Settings) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, (3, 60, 25_000))


@pytest.mark.usefixtures("three_a_minute")
def test_several_at_once_and_then_one_after_the_other(ana: User, ben: User) -> None:
    may = partial(within_limit, ana, "search")
    assert [may(now=NOW) for _ in range(4)] == [True, True, True, False]
    assert not may(now=NOW + timedelta(seconds=19))
    assert may(now=NOW + timedelta(seconds=20))
    assert not may(now=NOW + timedelta(seconds=20))
    assert within_limit(ana, "writing", now=NOW)
    assert within_limit(ben, "search", now=NOW)
    assert [may(now=NOW + timedelta(days=1)) for _ in range(4)] == [True, True, True, False]


@pytest.mark.usefixtures("three_a_minute")
def test_what_is_large_counts_several_times_but_never_more_than_all(ana: User) -> None:
    assert within_limit(ana, "writing", now=NOW, size=25_000)
    assert not within_limit(ana, "writing", now=NOW, size=25_000)
    assert within_limit(ana, "writing", now=NOW)
    assert within_limit(ana, "writing", now=NOW + timedelta(minutes=1), size=10 * MEGABYTE)


@pytest.mark.usefixtures("three_a_minute")
def test_a_clock_that_is_set_back_keeps_nobody_out(ana: User) -> None:
    assert within_limit(ana, "search", now=NOW + timedelta(days=1))
    assert within_limit(ana, "search", now=NOW)


@pytest.mark.usefixtures("three_a_minute")
def test_a_limit_is_one_statement_in_an_unlogged_table_and_is_soon_forgotten(
    ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        within_limit(ana, "search", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'accounts_pace'::regclass")
        assert cursor.fetchone() == ("u",)
    forget_paces(now=NOW + timedelta(seconds=19))
    assert Pace.objects.exists()
    with time_machine.travel(NOW + timedelta(seconds=20)):
        forget_held_forms(timestamp=0)
    assert not Pace.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("three_a_minute")
def test_tries_at_the_same_moment_are_all_counted(ana: User) -> None:
    answers = at_once(*[partial(within_limit, ana, "search", now=NOW)] * 12)
    assert sorted(answers, key=bool) == [False] * 9 + [True] * 3


def body(owner: User, text: str, **fields: Any) -> dict[str, Any]:
    ticket = {"entry": uuid.uuid4(), "client": uuid.uuid4(), "sequence": 1, "base_revision": 0}
    return ticket | {"writer": owner.pk, "text_0": text} | fields


def stored(owner: User) -> int:
    """Everything in sealed columns, counted or not."""
    models = (Entry, Revision, Held)
    sizes = (model._default_manager.filter(owner=owner).values_list(Size("sealed"), flat=True) for model in models)
    return sum(sum(rows) for rows in sizes)


def new_entries(client: Client, owner: User, text: str) -> object:
    return client.post("/journal/new/", body(owner, text))


def drafts_of_new_entries(client: Client, owner: User, text: str) -> object:
    return client.post("/journal/draft/", body(owner, text))


def drafts_beside(client: Client, owner: User, text: str) -> object:
    """Each from another tab that knows nothing of the others."""
    return client.post("/journal/draft/", body(owner, text, entry=uuid.uuid5(owner.pk, "one")))


def refused_forms(client: Client, owner: User, text: str) -> object:
    return client.post("/journal/new/", body(owner, text + "x"))


@pytest.mark.parametrize(
    ("kind", "character"),
    [
        *((new_entries, character) for character in ("x", "🙂", '"')),  # in UTF-8 one byte, four, and two in JSON
        *((kind, '"') for kind in (drafts_of_new_entries, drafts_beside, refused_forms)),
    ],
)
def test_a_flood_grows_an_account_by_little(
    as_user: AsUser, ana: User, kind: Callable[[Client, User, str], object], character: str
) -> None:
    """The longest entries, several times as fast as the limit refills: 15 to 25 MB without it, and no end."""
    text = character * LONGEST
    tries = 80 if kind is new_entries and character != "x" else 160
    with time_machine.travel(NOW, tick=False) as clock:
        client = as_user(ana)
        for _ in range(tries):
            kind(client, ana, text)
            clock.shift(FLOOD / tries)
    assert 0 < stored(ana) <= 12 * MEGABYTE


def typing(minutes: int, tabs: int) -> Iterator[float]:
    """The seconds at which scripts of several pages send drafts: in each, somebody types all the time."""
    for second in range(0, minutes * 60, 10):
        for tab in range(tabs):
            yield second + tab / 10


def test_somebody_who_types_for_hours_in_several_tabs_meets_no_limit(ana: User) -> None:
    """In all of them at once: twelve of usual pages, two of the longest in Cyrillic, one of the longest in emoji."""
    for day, (tabs, size) in enumerate([(12, 24_000), (2, 102_000), (1, 202_000)]):
        for second in typing(minutes=60, tabs=tabs):
            assert within_limit(ana, "writing", now=NOW + timedelta(days=day, seconds=second), size=size)


@pytest.fixture
def used_up(settings: Settings) -> None:
    """Every limit but that of pages that are sent back is reached."""
    others = dict.fromkeys(settings.RATE_LIMITS, (1, 3_600, 25_000))
    settings.RATE_LIMITS = others | {"sent back": settings.RATE_LIMITS["sent back"]}


def reach(owner: User, what: str) -> None:
    assert within_limit(owner, what, now=timezone.now())


@pytest.mark.usefixtures("used_up")
def test_a_save_over_the_limit_comes_back_with_its_words(as_user: AsUser, ana: User) -> None:
    reach(ana, "writing")
    answer = as_user(ana).post("/journal/new/", body(ana, "A thought to keep."), follow=True)
    assert answer.status_code == 429
    assert "A thought to keep." in answer.content.decode()
    assert escape(str(TOO_OFTEN)) in answer.content.decode()
    assert_valid_html(answer.content.decode())
    assert not Entry.objects.exists()


@pytest.mark.usefixtures("used_up")
def test_a_draft_over_the_limit_is_told_so(as_user: AsUser, ana: User) -> None:
    reach(ana, "writing")
    answer = as_user(ana).post("/journal/draft/", body(ana, "A thought to keep."))
    assert answer.status_code == 429
    assert answer.json() == {"error": "Not saved yet. Keep this page open; it is tried again."}
    assert not Entry.objects.exists()


@pytest.mark.usefixtures("used_up")
def test_a_version_over_the_limit_stays(as_user: AsUser, ana: User) -> None:
    entry = written(ana)
    version = Revision.objects.get()
    reach(ana, "writing")
    answer = as_user(ana).post(f"/journal/{entry.pk}/revisions/{version.pk}/", follow=True)
    assert "Every version is still here." in answer.content.decode()
    assert Entry.objects.get().revision == 1


@pytest.mark.usefixtures("used_up")
def test_a_search_over_the_limit_comes_back_with_its_words(as_user: AsUser, ana: User) -> None:
    reach(ana, "search")
    answer = as_user(ana).post("/journal/search/", {"words": "lighthouse"}, follow=True)
    assert answer.status_code == 429
    assert "lighthouse" in answer.content.decode()
    assert escape(str(TOO_OFTEN)) in answer.content.decode()


@pytest.mark.usefixtures("used_up")
def test_an_import_over_the_limit_adds_nothing(as_user: AsUser, ana: User, ben: User) -> None:
    written(ana)
    file = SimpleUploadedFile("my-data.zip", exported(ana), "application/zip")
    reach(ben, "import")
    answer = as_user(ben).post("/account/data/add/", {"file": file}, follow=True)
    assert answer.status_code == 429
    assert "Choose the file again in a little while." in answer.content.decode()
    assert not Entry.objects.filter(owner=ben).exists()


@pytest.mark.usefixtures("used_up")
@pytest.mark.time_machine(NOW, tick=False)
def test_a_booking_over_the_limit_comes_back_with_its_note(as_user: AsUser, ana: User, cole: User) -> None:
    specialist = verified(cole)
    free = slot(specialist, TOMORROW)
    reach(ana, "booking")
    fields = {"slot": free.pk, "token": uuid.uuid4(), "format": "video", "name": "Ani", "note": "A note to keep."}
    answer = as_user(ana).post(
        f"/specialists/{specialist.slug}/book/", fields | {"writer": ana.pk, "mail": "no"}, follow=True
    )
    assert answer.status_code == 429
    assert "A note to keep." in answer.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.usefixtures("used_up")
def test_a_questionnaire_over_the_limit_is_not_begun(as_user: AsUser, ana: User) -> None:
    load_version(source=SOURCE, publish=True, now=NOW)
    consents.give(owner=ana, purpose="questionnaire", now=NOW)
    reach(ana, "questionnaire")
    answer = as_user(ana).post("/balance/start/", {"form": "short", "partnered": "yes"}, follow=True)
    assert answer.status_code == 429
    assert escape(str(TOO_OFTEN)) in answer.content.decode()
    assert not Response.objects.exists()


@pytest.mark.usefixtures("used_up")
def test_a_ledger_of_consents_does_not_grow_without_end(as_user: AsUser, ana: User) -> None:
    consents.give(owner=ana, purpose="questionnaire", now=NOW)
    reach(ana, "consent")
    answer = as_user(ana).post("/account/consents/", {"purpose": "questionnaire", "agree": "no"}, follow=True)
    assert "This one is not saved" in answer.content.decode()
    assert consents.has_given(ana, "questionnaire")


def test_no_page_that_is_only_read_counts_anything(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    for path in ("/journal/", "/journal/new/", "/journal/search/", "/account/data/", "/account/data/add/", "/balance/"):
        client.get(path)
    assert not Pace.objects.exists()
