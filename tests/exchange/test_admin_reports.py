"""Reports, for the staff who read and settle them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from accounts.services import erase_account
from consultations.models import Specialist
from exchange import tasks
from exchange.models import Report, Side
from exchange.services import reports
from tests.conftest import AsUser, with_confirmed_address
from tests.exchange.messaging import REASON, reported
from tests.html import assert_valid_html, parse, text_of
from tests.outbox import mailed
from tests.staff import at_work, staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
State = Report.State
DAY = timedelta(days=1)
INBOX = reverse("admin:exchange_report_changelist")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def finn(db: None) -> User:
    """Staff who reads reports, and has no other right."""
    return staff("finn@example.org", Role.MODERATOR)


def page_of(row: Report) -> str:
    return reverse("admin:exchange_report_change", args=[row.pk])


def confirm(row: Report, change: str) -> str:
    return reverse("admin:exchange_report_confirm", args=[row.pk, change])


def test_reports_are_for_their_group_alone(
    as_user: AsUser, finn: User, ana: User, mara: Specialist, mine: Side
) -> None:
    row = reported(mine)
    other = with_confirmed_address(User.objects.create_user("other@example.org", is_staff=True))
    for path in (INBOX, page_of(row), confirm(row, "note"), confirm(row, "settle")):
        assert as_user(finn).get(path).status_code == 200
        assert as_user(other).get(path).status_code == 403
        assert as_user(other).post(path, {"text": "x"}).status_code == 403
        for nobody in (ana, mara.user):
            assert as_user(nobody).get(path).status_code in {302, 403}


def test_staff_read_note_and_settle_and_every_opening_is_written_down(
    as_user: AsUser, finn: User, mine: Side, readings: Any
) -> None:
    row = reported(mine, reason="<b>Marked</b>")
    client = as_user(finn)
    listed = client.get(INBOX).text
    assert page_of(row) in listed
    assert "Marked" not in listed
    assert "Mara" not in listed
    assert readings() == []
    shown = client.get(page_of(row))
    assert "&lt;b&gt;Marked&lt;/b&gt;" in shown.text
    for words in ("Reported by: Noor", "About: Mara L.", "What Mara wrote."):
        assert words in text_of(assert_valid_html(shown.content))
    assert "What Ana wrote." not in shown.text
    assert readings() == [(str(finn.pk), str(row.pk))]
    for _again in range(2):  # pressed again after Back
        assert client.post(confirm(row, "note"), {"text": "Marked note."}).status_code == 302
    assert "Marked note." in client.get(page_of(row)).text
    assert client.post(confirm(row, "settle")).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.settled_on, [one.text for one in row.told().notes]) == (
        "settled",
        NOW.date(),
        ["Marked note."],
    )
    assert client.post(confirm(row, "settle")).status_code == 302
    assert "done already, or has changed" in client.get(confirm(row, "settle"), follow=True).text  # as Back asks
    assert client.get(confirm(row, "delete")).status_code == 404


def test_a_report_is_passed_on_to_owners_who_may_do_more(as_user: AsUser, finn: User, dana: User, mine: Side) -> None:
    row = reported(mine)
    client, index = as_user(finn), reverse("admin:index")
    for path in (page_of(row), confirm(row, "settle"), confirm(row, "pass-on")):
        assert "verifiers and owners suspend" in text_of(assert_valid_html(client.get(path).content)), path
    assert client.post(confirm(row, "pass-on"), {"reason": ""}).status_code == 200
    for _again in range(2):  # pressed again after Back
        assert client.post(confirm(row, "pass-on"), {"reason": "Marked reason."}).status_code in {200, 302}
    row.refresh_from_db()
    told = row.told().passed_on
    assert told
    assert (row.state, told.text, "Marked" in row.sealed) == (Report.State.PASSED_ON, "Marked reason.", False)
    assert "Reports passed on" not in client.get(index).text
    assert "Marked reason." in text_of(assert_valid_html(client.get(page_of(row)).content))
    # It is for owners to settle now; a moderator's page from before changes nothing.
    assert client.post(confirm(row, "settle")).status_code == 302
    assert client.post(confirm(row, "settle-passed")).status_code == 403
    assert Report.objects.get().state == Report.State.PASSED_ON
    owners = as_user(dana)
    assert "Reports passed on" in text_of(parse(owners.get(index).content)).partition("Nothing waits in:")[0]
    assert page_of(row) in owners.get(INBOX + "?state__exact=passed").text
    assert "Marked reason." in text_of(parse(owners.get(page_of(row)).content))
    assert owners.post(confirm(row, "settle-passed")).status_code == 302
    row.refresh_from_db()
    assert row.is_settled
    assert "Reports passed on" in text_of(parse(owners.get(index).content)).partition("Nothing waits in:")[2]


def test_a_report_that_is_passed_on_is_still_open(mine: Side) -> None:
    row = reported(mine)
    for is_new in (True, False):
        assert reports.pass_on(report_id=row.pk, reason="Marked reason.", now=NOW) == is_new
    with pytest.raises(reports.DecidedMeanwhile):
        reports.pass_on(report_id=row.pk, reason="Another.", now=NOW)
    assert not reports.settle(report_id=row.pk, now=NOW)
    with pytest.raises(reports.ReportedAlready):
        reported(mine)


def test_whoever_passed_a_report_on_takes_it_back_until_it_is_settled(
    as_user: AsUser, finn: User, dana: User, mine: Side
) -> None:
    row = reported(mine)
    back, client = confirm(row, "take-back"), as_user(finn)
    assert back not in client.get(page_of(row)).text
    client.post(confirm(row, "pass-on"), {"reason": "Marked reason."})
    for other in (staff("kim@example.org", Role.MODERATOR), dana):
        others = at_work(other)
        assert back not in others.get(page_of(row)).text
        assert others.post(back).status_code == 403
    with pytest.raises(reports.DecidedMeanwhile):
        reports.take_back(report_id=row.pk, staff=dana)
    assert back in client.get(page_of(row)).text
    assert "Marked reason." in text_of(assert_valid_html(client.get(back).content))
    assert client.post(back).status_code == 302
    row.refresh_from_db()
    told = row.told()
    assert (row.state, told.passed_on, [one.text for one in told.notes]) == (State.NEW, None, ["Marked reason."])
    shown = text_of(assert_valid_html(client.get(page_of(row)).content))
    assert "Note, for us alone 23 November 2026, 09:00 UTC, by finn@example.org Marked reason." in shown
    assert "done already" in client.post(back, follow=True).text  # pressed again after Back
    client.post(confirm(row, "pass-on"), {"reason": "Marked reason."})
    at_work(dana).post(confirm(row, "settle-passed"))
    assert "done already" in client.post(back, follow=True).text
    with pytest.raises(reports.DecidedMeanwhile):
        reports.take_back(report_id=row.pk, staff=finn)
    assert Report.objects.get().is_settled


def test_the_account_is_reached_by_staff_who_may_see_accounts(
    as_user: AsUser, finn: User, mara: Specialist, mine: Side
) -> None:
    row = reported(mine)
    link = reverse("admin:accounts_user_change", args=[mara.pk])
    assert link not in as_user(finn).get(page_of(row)).text
    finn.user_permissions.add(Permission.objects.get(codename="view_user"))
    client = as_user(User.objects.get(pk=finn.pk))
    assert link in client.get(page_of(row)).text
    assert client.get(link).status_code == 200
    erase_account(owner=mara.user, now=NOW)
    shown = client.get(page_of(row)).text
    assert link not in shown
    assert "It has been deleted." in shown


@pytest.mark.parametrize("lookup", ["owner", "side__owner__email", "sealed__contains", "side"])
def test_what_is_kept_back_is_not_guessed_by_a_filter(as_user: AsUser, finn: User, mine: Side, lookup: str) -> None:
    reported(mine)
    assert as_user(finn).get(INBOX, {lookup: "x"}).status_code == 400


def test_what_cannot_be_opened_is_left_as_it_is(as_user: AsUser, finn: User, mine: Side) -> None:
    row = reported(mine)
    Report.objects.update(sealed="key:AAAA")
    client = as_user(finn)
    assert "can’t be opened" in client.get(page_of(row)).text
    assert client.post(confirm(row, "note"), {"text": "x"}).status_code == 200
    assert Report.objects.get().sealed == "key:AAAA"


def test_staff_are_told_once_a_day_what_waits(finn: User, mine: Side) -> None:
    tasks.tell_team(timestamp=int(NOW.timestamp()))
    assert mailed() == []
    row = reported(mine)
    for minutes in (0, 10):
        tasks.tell_team(timestamp=int((NOW + timedelta(minutes=minutes)).timestamp()))
    [sent] = mailed()
    assert "Something is waiting for you." in str(sent.body)
    assert "eport" not in str(sent.body)
    assert REASON not in str(sent.body)
    reports.settle(report_id=row.pk, now=NOW)
    tasks.tell_team(timestamp=int((NOW + DAY).timestamp()))
    assert len(mailed()) == 1
