"""A specialist's own figures: counted from their own rows, and nothing that tells what one client does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from consultations.models import Booking, Specialist
from consultations.models.bookings import Fit, Status
from exchange.models import Message
from lib.drawing import HEIGHT, bars, chart
from practice.figures import LEAST_PEOPLE, WENT_ON_WITHIN, Month, figures_of, first_days
from tests.conftest import AsUser
from tests.consultations.cast import NOW, a_host, booked, page, slot, years_of_bookings
from tests.exchange.messaging import reply, thread
from tests.html import assert_valid_html

pytestmark = pytest.mark.django_db
PATH = "/practice/figures/"
SEPTEMBER = datetime(2026, 9, 7, 10, tzinfo=UTC)


@pytest.fixture
def hers(as_user: AsUser, mara: Specialist) -> Client:
    return as_user(mara.user)


def people(count: int) -> list[User]:
    return [User.objects.create_user(f"p{uuid4()}@example.org") for _ in range(count)]


def met(client: User, mara: Specialist, day: int = 0, **fields: Any) -> Booking:
    """In September, on the given day after its first Monday."""
    return booked(client, mara, SEPTEMBER + timedelta(days=day), **{"status": "completed", **fields})


def month(mara: Specialist, first: date, now: datetime = NOW) -> Month:
    [found] = [one for one in figures_of(mara, now) if one.first == first]
    return found


def september(mara: Specialist) -> Month:
    return month(mara, date(2026, 9, 1))


def test_what_was_offered_booked_and_came_is_counted_by_month(ana: User, ben: User, mara: Specialist) -> None:
    for day, status in enumerate(Status):
        booked(ana, mara, SEPTEMBER + timedelta(days=day), status=status)
    slot(mara, SEPTEMBER + timedelta(days=10))
    slot(mara, SEPTEMBER + timedelta(days=11), is_open=False, closed=True)
    booked(ben, a_host("dora"), SEPTEMBER, status="completed")
    slot(a_host("eva"), SEPTEMBER)
    # Of six meetings two were cancelled, and their times were open again; one more was never booked.
    assert september(mara) == Month(date(2026, 9, 1), offered=7, booked=4, came=2)
    assert month(mara, date(2026, 8, 1)) == Month(date(2026, 8, 1))


def test_only_what_is_past_counts(ana: User, ben: User, mara: Specialist) -> None:
    half_hour = timedelta(minutes=30)
    slot(mara, NOW - half_hour)
    slot(mara, NOW - half_hour + timedelta(seconds=1))
    booked(ana, mara, NOW - 2 * half_hour)
    booked(ben, mara, NOW)
    assert month(mara, date(2026, 11, 1)) == Month(date(2026, 11, 1), offered=2, booked=1, came=1)


def test_it_is_said_that_what_nobody_has_marked_counts(hers: Client, ana: User, mara: Specialist) -> None:
    met(ana, mara, status="booked")
    assert september(mara).came == 1
    said = page(hers.get(PATH))
    assert "Meetings nobody has marked count too." in said
    assert "as far as either of you has said" not in said


def test_a_month_begins_at_midnight_where_the_specialist_is(ana: User, mara: Specialist) -> None:
    mara.timezone = "Asia/Kathmandu"  # 5:45 ahead
    slot(mara, datetime(2026, 9, 30, 18, 14, tzinfo=UTC))
    slot(mara, datetime(2026, 8, 31, 18, 15, tzinfo=UTC))
    slot(mara, datetime(2026, 9, 30, 18, 45, tzinfo=UTC))
    assert september(mara).offered == 2
    assert month(mara, date(2026, 10, 1)).offered == 1


@pytest.mark.parametrize(
    ("today", "oldest"),
    [
        (date(2026, 12, 31), date(2026, 1, 1)),
        (date(2027, 1, 1), date(2026, 2, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
    ],
)
def test_there_are_twelve_months_up_to_this_one(today: date, oldest: date) -> None:
    found = list(first_days(today))
    assert (len(found), found[0], found[-1]) == (12, oldest, today.replace(day=1))
    assert found == sorted(set(found))


def test_writing_or_booking_again_is_going_on(mara: Specialist) -> None:
    wrote, wrote_late, wrote_before, again, again_cancelled, none = clients = people(6)
    meetings = {client: met(client, mara, day) for day, client in enumerate(clients)}
    for client, at in (
        (wrote, meetings[wrote].ends_at + WENT_ON_WITHIN),
        (wrote_late, meetings[wrote_late].ends_at + WENT_ON_WITHIN + timedelta(seconds=1)),
        (wrote_before, meetings[wrote_before].ends_at),
    ):
        thread(client, mara, now=at)
    for client, status in ((again, "completed"), (again_cancelled, "cancelled_by_client")):
        made_at = meetings[client].ends_at + timedelta(days=1)
        number = clients.index(client)
        booked(client, mara, SEPTEMBER + timedelta(days=40 + number), status=status, made_at=made_at)
    # A letter of the specialist's own is no sign of the client.
    _, side = thread(none, mara, now=meetings[none].starts_at)
    Message.objects.filter(side=side).update(is_own=True)
    assert september(mara).went_on == 2


def test_it_is_told_of_five_people_at_least_once_the_time_is_over(mara: Specialist) -> None:
    *others, last = people(LEAST_PEOPLE)
    for day, client in enumerate(others):
        meeting = met(client, mara, day)
        thread(client, mara, now=meeting.ends_at + timedelta(days=1))
    met(others[0], mara, 20)  # the same four people
    assert september(mara).went_on is None
    met(last, mara, 21, status="client_no_show")
    assert september(mara).went_on is None
    Booking.objects.filter(client=last).update(status="completed")
    assert september(mara).went_on == LEAST_PEOPLE - 1
    matured = datetime(2026, 10, 31, tzinfo=UTC)
    assert month(mara, date(2026, 9, 1), matured).went_on == LEAST_PEOPLE - 1
    assert month(mara, date(2026, 9, 1), matured - timedelta(seconds=1)).went_on is None


def test_what_a_client_answers_or_writes_later_changes_nothing(mara: Specialist) -> None:
    clients = people(LEAST_PEOPLE)
    for day, client in enumerate(clients):
        met(client, mara, day)
    before = figures_of(mara, NOW)
    for fit in Fit:
        Booking.objects.update(client_fit=fit, specialist_fit=fit)
        assert figures_of(mara, NOW) == before
    _, theirs = thread(clients[0], mara, now=NOW)
    reply(theirs, now=NOW)
    assert figures_of(mara, NOW) == before


def test_the_page_has_charts_and_a_table(hers: Client, mara: Specialist) -> None:
    for day, client in enumerate(people(LEAST_PEOPLE)):
        thread(client, mara, now=met(client, mara, day).ends_at + timedelta(days=1))
    html = hers.get(PATH).text
    root = assert_valid_html(html)
    rows = [[(cell.text or "").strip() for cell in row] for row in root.iter("tr")]
    assert rows[0] == ["Month", "Offered", "Booked", "Came", "Went on"]
    assert ["Sep 2026", "5", "5", "5", "5"] in rows
    assert len(rows) == 13
    assert html.count('<rect class="mark-ink"') == 4
    assert "Went on Largest shown: 5" in " ".join(page(hers.get(PATH)).split())
    assert ["Nov 2026", "Not shown"] in [[row[0], row[4]] for row in rows]
    assert "at least five people came, and only 30 days after the month has ended" in page(hers.get(PATH))
    assert PATH in hers.get(reverse("practice:overview")).text


def test_a_chart_says_what_its_longest_bar_is_and_what_is_kept_from_view(hers: Client) -> None:
    assert [chart("", counts).most for counts in ([2, 0, 4, None], [0, 0], [None, None])] == [4, 0, None]
    assert [chart("", counts).is_partly_shown for counts in ([2, None], [0, 0], [None, None])] == [True, False, False]
    said = " ".join(page(hers.get(PATH)).split())
    assert "Booked Largest: 0" in said
    assert "Went on Not shown" in said


def test_bars_stand_in_their_month_and_the_longest_is_the_largest() -> None:
    first, third = bars([2, 0, 4, None])
    assert (first.x, first.width, first.y, first.height) == ("3.75%", "17.5%", str(HEIGHT // 2), str(HEIGHT // 2))
    assert (third.x, third.y, third.height) == ("53.75%", "0", str(HEIGHT))
    assert bars([0, None]) == []


def test_it_asks_the_same_queries_however_much_there_is(
    hers: Client, ana: User, mara: Specialist, django_assert_num_queries: Any
) -> None:
    hers.get(PATH)
    with django_assert_num_queries(5):
        hers.get(PATH)
    years_of_bookings([ana], mara)
    with django_assert_num_queries(5):
        hers.get(PATH)
