"""Notices: one for each thing, counted by the database, and mailed only to who wants that and says that it is safe."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from accounts import notices
from accounts.models import DataKey, Mail, Notice, Unread, User
from accounts.notices import Kind, notify, open_all, open_notice, post_weekly
from accounts.outbox import SEND
from accounts.self_document import change, opened
from accounts.services import forget_old_records
from accounts.tasks import post_weekly_news
from tests.accounts.portable import exported, parts
from tests.conftest import AsUser
from tests.notices import new_about
from tests.outbox import mailed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday
MONDAY = datetime(2026, 3, 2, 7, 27, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MOMENT = timedelta(microseconds=1)
CHANGED, FREED = Kind.MEETING_CHANGED, Kind.TIME_FREED
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def tell(owner: User, kind: Kind = CHANGED, target: UUID | None = None, now: datetime = NOW, **also: Any) -> Notice:
    notify(owner=User.objects.get(pk=owner.pk), kind=kind, target=target or uuid4(), now=now, **also)
    return Notice.objects.visible_to(owner).order_by("-at", "id")[0]


def count(owner: User) -> int:
    """The count of the navigation, which has to be that of the rows."""
    counted = Unread.objects.get(owner=owner).notices
    assert counted == Notice.objects.visible_to(owner).new().count()
    return counted


def mails() -> int:
    return Mail.objects.filter(kind__in=[notices.ONE, notices.WEEKLY]).count()


def test_one_thing_has_one_notice_that_moves_up_and_is_new_again(ana: User) -> None:
    target = uuid4()
    first = tell(ana, target=target)
    tell(ana)
    assert count(ana) == 2
    again = tell(ana, target=target, now=NOW + HOUR)
    assert (again.pk, again.at, count(ana)) == (first.pk, NOW + HOUR, 2)
    open_notice(owner=ana, notice_id=first.pk, now=NOW + 2 * HOUR)
    assert (Notice.objects.get(pk=first.pk).opened_at, count(ana)) == (NOW + 2 * HOUR, 1)
    tell(ana, target=target, now=NOW + 3 * HOUR)
    assert (Notice.objects.get(pk=first.pk).opened_at, count(ana)) == (None, 2)
    assert new_about(ana)[0] == (CHANGED, target)


def test_the_same_target_is_another_thing_for_another_kind_and_person(ana: User, ben: User) -> None:
    target = uuid4()
    for owner, kind in ((ana, CHANGED), (ana, FREED), (ben, CHANGED)):
        tell(owner, kind, target)
    assert (count(ana), count(ben)) == (2, 1)


def test_opening_counts_once_and_only_ones_own(ana: User, ben: User) -> None:
    notice = tell(ana)
    tell(ana)
    open_notice(owner=ben, notice_id=notice.pk, now=NOW)
    assert count(ana) == 2
    for _twice in range(2):
        open_notice(owner=ana, notice_id=notice.pk, now=NOW)
    assert count(ana) == 1
    tell(ana, now=NOW + HOUR)
    open_all(owner=ana, until=NOW, now=NOW + 2 * HOUR)
    assert count(ana) == 1  # what came after the page was shown
    open_all(owner=ana, until=NOW + HOUR, now=NOW + 2 * HOUR)
    assert count(ana) == 0


def test_what_is_rolled_back_is_neither_written_nor_counted_nor_mailed(ana: User) -> None:
    change(ana, mail_is_safe=True)
    with transaction.atomic():
        tell(ana)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not Unread.objects.filter(notices__gt=0).exists()
    assert mails() == 0


def test_they_go_after_ninety_days_to_the_moment_and_count_no_more(ana: User, ben: User) -> None:
    tell(ana, now=NOW - 90 * DAY - MOMENT)
    opened_before = tell(ana, now=NOW - 91 * DAY)
    kept = tell(ana, now=NOW - 90 * DAY)
    tell(ben, now=NOW - 100 * DAY)
    Notice.objects.filter(pk=opened_before.pk).update(opened_at=NOW)
    forget_old_records(now=NOW)
    assert list(Notice.objects.all()) == [kept]
    assert (count(ana), count(ben)) == (1, 0)


def test_the_account_is_read_with_the_count(ana: User, client: Client) -> None:
    tell(ana)
    client.force_login(ana)
    user = client.get(reverse("settings")).wsgi_request.user
    assert isinstance(user, User)
    assert User.unread.is_cached(user)
    assert notices.new_for(user) == 1


@pytest.mark.parametrize("told", [0, 2])
def test_no_page_asks_more_for_the_count(
    told: int, ana: User, as_user: AsUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(told):
        tell(ana)
    client = as_user(ana)
    client.get(reverse("settings"))
    with django_assert_num_queries(2):  # the session and the account
        client.get(reverse("settings"))


def test_writing_takes_two_queries_and_a_mail_three_more(
    ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = User.objects.get(pk=ana.pk)
    with transaction.atomic(), django_assert_num_queries(2):  # the data key, and the row
        notify(owner=owner, kind=CHANGED, target=uuid4(), now=NOW)
    change(ana, mail_is_safe=True)
    owner = User.objects.get(pk=ana.pk)
    with transaction.atomic(), django_assert_num_queries(5):  # also how the row was before, the mail, and its job
        notify(owner=owner, kind=CHANGED, target=uuid4(), now=NOW)


def test_somebody_whose_key_is_damaged_stops_nobody(ana: User) -> None:
    DataKey.objects.filter(owner=ana).update(wrapped=b"broken")
    notify(owner=User.objects.get(pk=ana.pk), kind=CHANGED, target=uuid4(), now=NOW)
    assert not Notice.objects.exists()


# E-mails


def test_nothing_is_mailed_until_it_is_safe(ana: User) -> None:
    tell(ana)
    assert mails() == 0
    change(ana, mail_is_safe=True)
    tell(ana)
    assert [letter.to for letter in mailed(NOW)] == [[ana.email]]


def test_a_mail_is_sent_once_while_its_notice_is_new(ana: User) -> None:
    change(ana, mail_is_safe=True)
    target = uuid4()
    for hours in range(3):
        notice = tell(ana, target=target, now=NOW + hours * HOUR)
    assert mails() == 1
    for episode in (2, 3):
        open_notice(owner=ana, notice_id=notice.pk, now=NOW + episode * DAY)
        for _twice in range(2):
            tell(ana, target=target, now=NOW + episode * DAY)
        assert mails() == episode


def test_a_change_with_a_mail_of_its_own_has_no_second_one(ana: User) -> None:
    change(ana, mail_is_safe=True)
    tell(ana, mails=False)
    assert (count(ana), mails()) == (1, 0)


@pytest.mark.parametrize(
    "choice", [{"mail_is_safe": False}, {"mail_is_safe": True, "mail_weekly": True}, {"not_mailed": (CHANGED.value,)}]
)
def test_the_choice_counts_when_it_happens_and_when_the_mail_is_sent(ana: User, choice: dict[str, Any]) -> None:
    change(ana, mail_is_safe=True)
    tell(ana)
    change(ana, **choice)
    tell(ana)
    assert mails() == 1
    assert mailed(NOW) == []
    assert Mail.objects.get().dropped_at == NOW


def test_kinds_are_chosen_one_by_one(ana: User) -> None:
    change(ana, mail_is_safe=True, not_mailed=(FREED.value,))
    tell(ana, FREED)
    assert mails() == 0
    tell(ana, CHANGED)
    assert mails() == 1


def test_what_was_opened_meanwhile_is_not_mailed_nor_somebody_who_leaves(ana: User, ben: User) -> None:
    for owner in (ana, ben):
        change(owner, mail_is_safe=True)
    open_notice(owner=ana, notice_id=tell(ana).pk, now=NOW)
    tell(ben)
    User.objects.filter(pk=ben.pk).update(closes_at=NOW + DAY)
    assert mailed(NOW) == []


NEVER_SAID = re.compile(
    r"meeting|specialist|message|appointment|answer|profile|slot|relationship|balance", re.IGNORECASE
)


@pytest.mark.parametrize("weekly", [False, True])
def test_a_mail_says_nothing_of_what_is_new(ana: User, weekly: bool) -> None:
    change(ana, mail_is_safe=True, mail_weekly=weekly)
    for _twice in range(2):
        tell(ana)
    if weekly:
        post_weekly(now=MONDAY)
    [letter, *others] = mailed(MONDAY)
    assert len(others) == (0 if weekly else 1)
    assert letter.subject == "Something new for you"
    said = "There are 2 new things for you on Reflect." if weekly else "There is something new for you on Reflect."
    assert said in letter.body
    assert not NEVER_SAID.search(letter.subject + letter.body)


def test_the_row_of_a_mail_names_neither_kind_nor_target(ana: User) -> None:
    change(ana, mail_is_safe=True)
    target = uuid4()
    tell(ana, target=target)
    [row] = Mail.objects.values()
    assert str(target) not in str(row)
    assert CHANGED.value not in str(row)


def test_the_weekly_mail_comes_once_on_monday_for_what_is_new(ana: User, ben: User, cole: User) -> None:
    for owner in (ana, ben, cole):
        change(owner, mail_is_safe=True, mail_weekly=owner != cole)
    tell(ana)
    open_notice(owner=ben, notice_id=tell(ben).pk, now=NOW)
    for hour in range(3):  # a restart, and the other hours of Monday
        post_weekly(now=MONDAY + hour * HOUR)
    post_weekly_news(timestamp=int(MONDAY.timestamp()))
    assert ProcrastinateJob.objects.filter(task_name=SEND).count() == 1
    assert [letter.to for letter in mailed(MONDAY)] == [[ana.email]]
    post_weekly(now=MONDAY + WEEK)  # nothing has come since
    assert mails() == 1
    tell(ana, now=MONDAY + WEEK)
    post_weekly(now=MONDAY + 2 * WEEK)
    assert mails() == 2


def test_the_weekly_mail_counts_only_what_is_asked_for(ana: User) -> None:
    change(ana, mail_is_safe=True, mail_weekly=True, not_mailed=(FREED.value,))
    tell(ana, FREED)
    post_weekly(now=MONDAY)
    assert mailed(MONDAY) == []
    tell(ana, CHANGED, now=MONDAY + HOUR)
    post_weekly(now=MONDAY + WEEK)
    [letter] = mailed(MONDAY + WEEK)
    assert "There is 1 new thing for you on Reflect." in letter.body


def test_all_who_want_it_are_asked_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "BATCH", 2)
    for number in range(5):
        user = User.objects.create_user(f"{number}@example.org")
        change(user, mail_is_safe=True, mail_weekly=True)
        tell(user)
    post_weekly(now=MONDAY)
    assert mails() == 5


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-02T07:00", "2026-03-02T07:00"),
        ("2026-03-02T06:59", "2026-02-23T07:00"),
        ("2026-03-08T23:59", "2026-03-02T07:00"),
    ],
)
def test_the_weekly_mail_is_due_on_monday_at_seven(now: str, due: str) -> None:
    assert notices.last_monday(datetime.fromisoformat(f"{now}Z")) == datetime.fromisoformat(f"{due}Z")


# Settings and data


def settings_form(client: Client, **fields: Any) -> None:
    form = {"timezone": "UTC", "theme": "system", "exit_destination": "weather", **fields}
    assert client.post(reverse("settings"), form).status_code == 302


def test_settings_say_what_is_mailed(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    form = client.get(reverse("settings")).context["form"]
    assert (form["mail_is_safe"].value(), form["mail_weekly"].value()) == (False, False)
    # A checked profile is written about in any case.
    everything = {Kind.ANSWER, Kind.ANSWER_AGAIN, Kind.MESSAGE, CHANGED, FREED}
    assert set(form["mailed"].value()) == everything
    settings_form(client, mail_is_safe="on", mailed=[Kind.ANSWER, CHANGED], mail_weekly="on")
    chosen = opened(User.objects.get(pk=ana.pk))
    assert (chosen.mail_is_safe, chosen.mail_weekly) == (True, True)
    assert set(chosen.not_mailed) == {Kind.ANSWER_AGAIN, Kind.MESSAGE, FREED}
    assert client.get(reverse("settings")).context["form"]["mailed"].value() == [Kind.ANSWER, CHANGED]
    settings_form(client, mailed=[*everything])
    chosen = opened(User.objects.get(pk=ana.pk))
    assert (chosen.mail_is_safe, chosen.mail_weekly, chosen.not_mailed) == (False, False, ())


def test_the_download_tells_kind_and_times(ana: User) -> None:
    first, second = tell(ana), tell(ana, FREED, now=NOW + HOUR)
    open_notice(owner=ana, notice_id=first.pk, now=NOW + DAY)
    Notice.objects.create(id=uuid4(), owner=ana, at=NOW + DAY, sealed=b"broken")
    assert parts(exported(ana))["notices"] == [
        {"at": first.at.isoformat(), "opened_at": (NOW + DAY).isoformat(), "kind": CHANGED},
        {"at": second.at.isoformat(), "opened_at": None, "kind": FREED},
        {"at": (NOW + DAY).isoformat(), "opened_at": None, "kind": None, "cannot_be_opened": True},
    ]
    assert parts(exported(ana))["account"][0]["mails_about_news"] == {"safe": False, "weekly": False, "not_about": []}
