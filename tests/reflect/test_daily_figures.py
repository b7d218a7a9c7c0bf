"""Figures over time: counted by day, shown by week and month, and nothing of a person in them."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from consultations.models import Specialist
from reflect import tasks
from reflect.daily_figures import PERIODS, RECOUNTED, SHOWN, count, first_days, periods
from reflect.models import DailyFigure
from tests.conftest import AsUser
from tests.consultations.cast import booked, slot, verified
from tests.exchange.readable import answered, published
from tests.html import assert_valid_html, text_of
from tests.journal.written import written
from tests.staff import staff

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = timedelta(days=1)
Kind = DailyFigure.Kind
PAGE, AS_CSV = reverse("admin:reflect_dailyfigure_changelist"), reverse("admin:reflect_dailyfigure_csv")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def values(kind: str) -> dict[date, int]:
    rows = DailyFigure.objects.filter(kind=kind, value__gt=0).order_by("day")
    return dict(rows.values_list("day", "value"))


@pytest.fixture
def dora(db: None) -> Specialist:
    return verified(User.objects.create_user("dora@example.org", created_at=NOW - 40 * DAY))


def member(days_ago: float) -> User:
    made = NOW - days_ago * DAY
    return User.objects.create_user(f"{days_ago}@example.org", created_at=made)


def test_each_day_of_the_last_is_counted_and_today_is_not() -> None:
    for days in (0, 1, 2, 8.1, 8.2):
        member(days)
    count(now=NOW)
    today = NOW.date()
    assert values(Kind.SIGN_UPS) == {today - DAY: 1, today - 2 * DAY: 1, today - RECOUNTED: 1}
    assert DailyFigure.objects.filter(kind=Kind.SIGN_UPS).count() == RECOUNTED.days


def test_counting_again_replaces_the_days_and_keeps_what_is_older() -> None:
    old = DailyFigure.objects.create(day=NOW.date() - RECOUNTED - DAY, kind=Kind.SIGN_UPS, value=7)
    member(1)
    for _again in range(2):
        count(now=NOW)
    member(1.2)
    tasks.count_daily_figures(timestamp=int(NOW.timestamp()))
    assert sum(values(Kind.SIGN_UPS).values()) == 2 + 7
    old.refresh_from_db()
    assert old.value == 7


def test_meetings_entries_and_free_times_are_counted(ben: User, dora: Specialist) -> None:
    held = booked(member(20), dora, NOW - 2 * DAY, status="completed", made_at=NOW - 3 * DAY)
    booked(member(21), dora, NOW - 2 * DAY + timedelta(hours=1), made_at=NOW - 30 * DAY)
    booked(member(22), dora, NOW - 3 * DAY, status="client_no_show", made_at=NOW - 30 * DAY)
    booked(member(23), dora, NOW - 4 * DAY, status="cancelled_by_client", made_at=NOW - 30 * DAY)
    slot(dora, NOW + 3 * DAY)
    slot(dora, NOW + 15 * DAY)
    written(ben)
    count(now=NOW + DAY)
    assert values(Kind.HELD) == {held.starts_at.date(): 2}
    assert values(Kind.MISSED) == {(NOW - 3 * DAY).date(): 1}
    assert values(Kind.BOOKED) == {held.made_at.date(): 1}
    assert values(Kind.FREE_TIMES) == {(NOW + DAY).date(): 2}


def test_only_first_answers_say_how_fast_questions_are_answered(dora: Specialist) -> None:
    eva = verified(User.objects.create_user("eva@example.org"))
    asked = published(member(12), on=(NOW - 6 * DAY).date())
    for specialist, days in ((dora, 2), (eva, 2), (verified(User.objects.create_user("una@example.org")), 1)):
        answered(asked, specialist, on=(NOW - days * DAY).date())
    count(now=NOW)
    assert values(Kind.ANSWERED) == {(NOW - 2 * DAY).date(): 1}
    assert values(Kind.DAYS_TO_ANSWER) == {(NOW - 2 * DAY).date(): 4}
    assert periods("week", NOW.date())[-2].days_to_answer == 4.0


@pytest.mark.parametrize(
    ("by", "today", "first", "last"),
    [
        ("month", date(2026, 11, 23), date(2025, 12, 1), date(2026, 11, 1)),
        ("month", date(2027, 1, 31), date(2026, 2, 1), date(2027, 1, 1)),
        ("week", date(2026, 11, 29), date(2026, 9, 7), date(2026, 11, 23)),
        ("week", date(2026, 11, 23), date(2026, 9, 7), date(2026, 11, 23)),
    ],
)
def test_the_periods_end_with_the_one_that_is_not_over(by: str, today: date, first: date, last: date) -> None:
    found = list(first_days(by, today))
    assert (found[0], found[-1], len(found)) == (first, last, PERIODS)


def test_periods_add_up_and_free_times_are_a_mean() -> None:
    for day, number in ((date(2026, 11, 2), 4), (date(2026, 11, 9), 7), (date(2026, 10, 31), 100)):
        for kind in (Kind.SIGN_UPS, Kind.FREE_TIMES):
            DailyFigure.objects.create(day=day, kind=kind, value=number)
    november = periods("month", NOW.date())[-1]
    assert (november.get(Kind.SIGN_UPS), november.get(Kind.FREE_TIMES)) == (11, 6)
    assert november.get(Kind.ENTRIES) is None
    assert november.days_to_answer is None


@pytest.mark.parametrize("by", ["month", "week"])
def test_the_page_and_the_file_show_the_same(as_user: AsUser, by: str) -> None:
    DailyFigure.objects.create(day=NOW.date(), kind=Kind.SIGN_UPS, value=41)
    client = as_user(staff("olga@example.org", Role.OWNER))
    shown = client.get(PAGE, {"by": by})
    assert "Meetings that took place: those that nobody has marked count, too." in shown.text
    assert "41" in text_of(assert_valid_html(shown.content))
    answer = client.get(AS_CSV, {"by": by})
    assert f"figures-by-{by}.csv" in answer["Content-Disposition"]
    head, *rows = csv.reader(StringIO(answer.text))
    assert len(rows) == PERIODS
    assert rows[-1][head.index("Accounts opened")] == "41"
    assert rows[0][head.index("Accounts opened")] == ""
    assert len(head) == len(SHOWN) + 2


def test_figures_are_for_owners(as_user: AsUser, ana: User) -> None:
    for role in set(Role) - {Role.OWNER}:
        client = as_user(staff(f"{role}@example.org", role))
        for path in (PAGE, AS_CSV):
            assert client.get(path).status_code == 403, role
    for path in (PAGE, AS_CSV):
        assert as_user(ana).get(path).status_code in {302, 403}
    assert as_user(staff("olga@example.org", Role.OWNER)).post(AS_CSV).status_code == 405


def test_no_page_shows_single_days(as_user: AsUser) -> None:
    row = DailyFigure.objects.create(day=NOW.date(), kind=Kind.ENTRIES, value=1)
    client = as_user(staff("olga@example.org", Role.OWNER))
    page = reverse("admin:reflect_dailyfigure_change", args=[row.pk])
    assert client.get(page).status_code == 404


def test_the_page_asks_the_same_however_much_there_is(as_user: AsUser) -> None:
    client = as_user(staff("olga@example.org", Role.OWNER))
    asked = []
    for day in range(0, 300, 299):
        DailyFigure.objects.bulk_create(
            DailyFigure(day=NOW.date() - (number + day) * DAY, kind=kind, value=number)
            for number in range(1, 1 + day)
            for kind in Kind
        )
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        asked.append(len(queries))
    assert asked[0] == asked[1]
