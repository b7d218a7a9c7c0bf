"""The daily agenda, and a specialist's own reminder: who gets them, when, and what they say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.models import Mail, User
from accounts.outbox import send
from consultations import tasks
from consultations.mails import Kind
from consultations.models import Specialist
from consultations.models.bookings import Status
from consultations.services.agendas import set_mails
from tests.consultations.cast import NOW, a_host, booked, verified, years_of_bookings

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SEVEN = datetime(2026, 11, 25, 1, 15, tzinfo=UTC)  # in Kathmandu, on a Wednesday
FIRST = SEVEN + 2 * HOUR  # 09:00 there


@pytest.fixture
def mara(ana: User, ben: User, cole: User) -> Specialist:
    """In Kathmandu, with two meetings on Wednesday and one on Thursday; wants an agenda."""
    mara = verified(cole, timezone="Asia/Kathmandu", agenda_mailed=True)
    booked(ben, mara, FIRST + 3 * HOUR)
    booked(ana, mara, FIRST)
    booked(User.objects.create_user("dora@example.org"), mara, FIRST + DAY)
    return mara


def queued(now: datetime) -> int:
    """How many agendas are queued at a moment."""
    before = Mail.objects.count()
    tasks.send_agendas(timestamp=int(now.timestamp()))
    return Mail.objects.count() - before


def sent(now: datetime) -> list[Any]:
    mail.outbox.clear()
    for row in Mail.objects.filter(sent_at=None, dropped_at=None):
        send(row.pk, now)
    return mail.outbox


def test_it_says_the_times_and_nothing_of_the_clients(cole: User, mara: Specialist, settings: Settings) -> None:
    settings.SITE_URL = "https://reflect.example"
    assert queued(SEVEN) == 1
    [letter] = sent(SEVEN)
    assert letter.to == [cole.email]
    assert letter.subject == "Today: 2 meetings, the first at 09:00"
    assert letter.body == (
        "Hello,\n\nOn Wednesday 25 November 2026 you have 2 meetings, at these times (Kathmandu):\n\n"
        "09:00\n12:00\n\nLog in to see more:\nhttps://reflect.example/practice/\n\n"
        "You can stop this e-mail here:\nhttps://reflect.example/practice/e-mails/"
    )


def test_it_comes_at_seven_by_the_clock_of_the_practice_and_once_a_day(mara: Specialist) -> None:
    assert queued(SEVEN - SECOND) == 0
    assert queued(SEVEN) == 1
    assert queued(SEVEN + HOUR) == 0
    assert queued(SEVEN + DAY) == 1
    assert queued(SEVEN + 2 * DAY) == 0  # nothing is booked


def test_after_an_outage_it_still_comes_in_the_morning(mara: Specialist) -> None:
    assert queued(SEVEN + 3 * HOUR) == 0
    assert queued(SEVEN + 3 * HOUR - SECOND) == 1
    [letter] = sent(SEVEN + 3 * HOUR - SECOND)
    assert letter.subject == "Today: one meeting, at 12:00"


@pytest.mark.parametrize(
    "change",
    [
        lambda mara: Specialist.objects.update(agenda_mailed=False),
        lambda mara: mara.bookings.update(status=Status.CANCELLED_BY_CLIENT),
        lambda mara: User.objects.filter(pk=mara.pk).update(is_active=False),
    ],
    ids=["not wanted", "nothing booked", "closed"],
)
def test_it_is_for_those_who_want_it_and_have_meetings(mara: Specialist, change: Callable[[Specialist], int]) -> None:
    assert queued(SEVEN) == 1
    assert change(mara)
    assert sent(SEVEN) == []  # decided when it is sent
    Mail.objects.all().delete()
    assert queued(SEVEN) == 0


def test_it_is_not_sent_on_another_day(mara: Specialist) -> None:
    assert queued(SEVEN) == 1
    assert sent(SEVEN + DAY) == []


def test_a_specialist_is_reminded_as_they_chose_and_the_client_as_they_did(ana: User, cole: User) -> None:
    mara, start = verified(cole), NOW + 2 * DAY
    booked(ana, mara, start, mail=True, remind_hour=True)

    def reminded(now: datetime) -> list[tuple[Any, str]]:
        before = set(Mail.objects.values_list("pk", flat=True))
        tasks.send_reminders(timestamp=int(now.timestamp()))
        return [*Mail.objects.exclude(pk__in=before).order_by("kind").values_list("owner_id", "kind")]

    assert reminded(start - DAY) == []
    set_mails(user=cole, agenda_mailed=False, reminder="remind_day")
    assert reminded(start - DAY + SECOND) == [(cole.pk, Kind.REMIND_DAY)]
    assert reminded(start - DAY + HOUR) == []
    [letter] = sent(start - DAY + HOUR)
    assert (letter.to, letter.subject) == ([cole.email], "Reminder: Wednesday 25 November, 09:00")
    assert reminded(start - HOUR) == [(ana.pk, Kind.REMIND_HOUR)]
    set_mails(user=cole, agenda_mailed=False, reminder="remind_hour")
    assert reminded(start - HOUR + SECOND) == [(cole.pk, Kind.REMIND_HOUR)]
    set_mails(user=cole, agenda_mailed=False, reminder="")
    assert [letter.to for letter in sent(start - HOUR + SECOND)] == [[ana.email]]


def test_queries_do_not_grow_with_the_specialists(
    ana: User, mara: Specialist, django_assert_max_num_queries: Any
) -> None:
    years_of_bookings([ana], mara)
    for number in range(5):
        booked(
            ana, a_host(f"host-{number}", timezone="Asia/Kathmandu", agenda_mailed=True), FIRST + (1 + number) * HOUR
        )
    with django_assert_max_num_queries(8):
        assert queued(SEVEN) == 6
