"""How long messages are kept, what a download holds of them, and what is told to staff."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Mail, User
from accounts.roles import Role, holders
from accounts.services import erase_account
from consultations.models import FailedCheck
from consultations.services import misses
from exchange import tasks
from exchange.models import Contact, Flag
from exchange.services import contact, moderation
from tests.accounts.portable import exported, parts, read
from tests.consultations.cast import a_host, booked
from tests.exchange.waiting import flagged, shown, waiting
from tests.exchange.written import WORDS, written
from tests.outbox import mailed
from tests.staff import staff

NOW = datetime(2028, 2, 29, 9, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def work(now: datetime) -> None:
    tasks.forget_contacts(timestamp=int(now.timestamp()))


def test_a_closed_message_goes_after_twelve_months_to_the_day(dana: User) -> None:
    row, _ = written(now=NOW)
    waits, _ = written(now=NOW)
    contact.close(contact_id=row.pk, now=datetime(2028, 3, 15, 9, tzinfo=UTC))
    work(datetime(2029, 3, 15, 23, tzinfo=UTC))
    assert Contact.objects.count() == 2
    work(datetime(2029, 3, 16, 1, tzinfo=UTC))
    assert Contact.objects.get() == waits


def test_an_answered_message_closes_after_thirty_days_unless_it_is_answered_again(dana: User) -> None:
    row, _ = written(now=NOW)
    contact.answer(contact_id=row.pk, staff=dana, text="x", after=0, now=NOW)
    work(NOW + 29 * DAY)
    row.refresh_from_db()
    assert row.state == "answered"
    work(NOW + 30 * DAY)
    row.refresh_from_db()
    assert (row.state, row.state_since) == ("closed", (NOW + 30 * DAY).date())


def test_a_message_goes_with_its_account_and_outlives_those_who_answer(ana: User, ben: User, dana: User) -> None:
    of_ana, _ = written(ana, now=NOW)
    of_ben, _ = written(ben, now=NOW)
    for row in (of_ana, of_ben):
        contact.assign(contact_id=row.pk, assignee=dana, was=None, now=NOW)
    erase_account(owner=ana, now=NOW)
    erase_account(owner=dana, now=NOW)
    left = Contact.objects.get()
    assert (left.pk, left.assignee, left.words().asked.text) == (of_ben.pk, None, WORDS)


def test_a_download_holds_ones_own_messages_without_notes(ana: User, ben: User, dana: User) -> None:
    row, _ = written(ana, now=NOW, topic="complaint")
    contact.note(contact_id=row.pk, text="Marked note.", now=NOW)
    contact.answer(contact_id=row.pk, staff=dana, text="Marked answer.", after=0, now=NOW)
    written(ben, now=NOW, text="Somebody else's.")
    lost, _ = written(ana, now=NOW + DAY)
    Contact.objects.filter(pk=lost.pk).update(sealed="key:AAAA")
    file = exported(ana)
    first, second = parts(file)["contacts"]
    assert first == {
        "id": str(row.pk),
        "topic": "complaint",
        "state": "answered",
        "text": WORDS,
        "at": NOW.isoformat(),
        "answers": [{"text": "Marked answer.", "at": NOW.isoformat()}],
    }
    assert second["cannot_be_opened"] is True
    text = read(file, "contact.md")
    assert "## 2028-02-29, A complaint\n\nMarked words of a message.\n" in text
    assert "### Our answer, 2028-02-29\n\nMarked answer.\n" in text
    assert "Marked note" not in text + read(file)
    assert "note" not in text + str(parts(file)["contacts"])
    assert "Somebody else" not in text + read(file)


def test_staff_are_told_once_a_day_that_something_waits(ana: User, dana: User, cole: User) -> None:
    finn, gone = staff("finn@example.org", Role.SUPPORT), staff("gone@example.org", Role.SUPPORT)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    staff("other@example.org")
    assert [*holders(Role.SUPPORT)] == [dana, finn]
    tasks.tell_team(timestamp=int(NOW.timestamp()))
    assert not Mail.objects.exists()
    written(ana, now=NOW)
    written(now=NOW)
    for minutes in (0, 10):
        tasks.tell_team(timestamp=int((NOW + timedelta(minutes=minutes)).timestamp()))
    letters = mailed()
    assert [letter.to for letter in letters] == [["dana@example.org"], ["finn@example.org"]]
    assert letters[0].subject == "Something is waiting"
    body = str(letters[0].body)
    assert "Something is waiting for you." in body
    assert "/admin/" in body
    assert not re.search(r"message|question|exchange|\b2\b", body)
    for one in Contact.objects.all():
        contact.close(contact_id=one.pk, now=NOW)
    tasks.tell_team(timestamp=int((NOW + DAY).timestamp()))
    assert len(mailed()) == 2


def test_nothing_is_said_to_staff_of_what_was_closed_meanwhile(dana: User) -> None:
    row, _ = written(now=NOW)
    tasks.tell_team(timestamp=int(NOW.timestamp()))
    contact.assign(contact_id=row.pk, assignee=dana, was=None, now=NOW)  # who takes it over has not answered yet
    contact.close(contact_id=row.pk, now=NOW)
    assert mailed() == []


def test_staff_are_told_of_specialists_who_did_not_come_and_of_failed_checks(ana: User, ben: User, dana: User) -> None:
    staff("finn@example.org", Role.SUPPORT)
    mira = staff("mira@example.org")
    mira.user_permissions.add(Permission.objects.get(codename="view_failedcheck"))
    host = a_host("host")
    User.objects.update(created_at=NOW - 20 * DAY)
    for number, client in enumerate([ana, ben]):
        booked(client, host, NOW - (number + 1) * DAY, status="specialist_no_show")
    tasks.tell_team(timestamp=int(NOW.timestamp()))
    assert [letter.to for letter in mailed()] == [[dana.email]]
    FailedCheck.objects.create(specialist=host, which="last", starts_at=NOW, reason="taken", found_at=NOW)
    tasks.tell_team(timestamp=int((NOW + DAY).timestamp()))
    assert [letter.to for letter in mailed()[1:]] == [[dana.email], [mira.email]]
    FailedCheck.objects.all().delete()
    misses.leave_listed(specialist_id=host.pk, now=NOW)
    tasks.tell_team(timestamp=int((NOW + 2 * DAY).timestamp()))
    assert len(mailed()) == 3


def test_one_mail_is_for_both_kinds_and_goes_to_those_who_may_see_to_it(ana: User, dana: User) -> None:
    finn, mira = staff("finn@example.org", Role.SUPPORT), staff("mira@example.org", Role.MODERATOR)
    row = waiting(ana)
    tasks.tell_team(timestamp=int(NOW.timestamp()))
    assert [letter.to for letter in mailed()] == [[dana.email], [mira.email]]
    written(now=NOW)
    tasks.tell_team(timestamp=int((NOW + DAY).timestamp()))
    assert [letter.to for letter in mailed()[2:]] == [[dana.email], [finn.email], [mira.email]]
    moderation.publish(submission_id=row.pk, shown=shown(row), now=NOW)
    contact.close(contact_id=Contact.objects.get().pk, now=NOW)
    tasks.tell_team(timestamp=int((NOW + 2 * DAY).timestamp()))
    assert len(mailed()) == 5
    flagged(row)
    tasks.tell_team(timestamp=int((NOW + 3 * DAY).timestamp()))
    moderation.settle(submission_id=row.pk, flags=[Flag.objects.get().pk], now=NOW)
    assert len(mailed()) == 5  # seen to before the mail left
    assert all(mail.about is None for mail in Mail.objects.all())
