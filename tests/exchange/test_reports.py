"""Reporting a conversation: what is taken, and how long it stays."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.services import erase_account
from consultations.models import Specialist
from consultations.services import leaving
from exchange import tasks
from exchange.models import Message, Report, Side
from exchange.services import messages, reports
from exchange.services.messages import Closed
from exchange.services.reports import DELIVERED, LONGEST, ReportedAlready
from tests.accounts.portable import exported, parts
from tests.conftest import AsUser
from tests.consultations.cast import page
from tests.consultations.racing import at_once
from tests.exchange.messaging import REASON, address, letter, reply, reported
from tests.html import assert_valid_html, parse, text_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def form_of(client: Client, side: Side, **changed: Any) -> dict[str, Any]:
    """What the form of the page that is opened now holds, with a reason."""
    root = parse(client.get(address(side, "message_report")).text)
    hidden = {one.get("name", ""): one.get("value", "") for one in root.iter("input") if one.get("type") == "hidden"}
    del hidden["csrfmiddlewaretoken"]
    return hidden | {"reason": REASON} | changed


def test_the_page_says_what_staff_read_before_anything_is_sent(as_user: AsUser, ana: User, mine: Side) -> None:
    client, path = as_user(ana), address(mine, "message_report")
    assert path in client.get(address(mine)).text
    shown = page(client.get(path))
    for words in (
        "something that Mara L. wrote",
        f"The last {DELIVERED} messages that you received here, opened or not",
        "None of those that you wrote",
        "until 90 days after the report is settled",
        "Nobody else is told",
        "Help now",
        "Block",
    ):
        assert words in shown
    answer = client.post(path, form_of(client, mine))
    assert answer.headers["Location"] == path
    after = client.get(path)
    assert "You reported this conversation on Monday 23 November 2026. Your report is with our team." in page(after)
    assert "<textarea" not in after.text
    row = Report.objects.get()
    assert (row.owner, row.side, row.state, row.day) == (ana, mine, "new", NOW.date())
    told = row.told()
    assert (told.reason.text, [one.text for one in told.messages]) == (REASON, ["What Mara wrote."])
    assert (told.reporter.account, told.reporter.name) == (str(ana.pk), "Noor")
    assert (told.reported.account, told.reported.name) == (str(mine.other_id), "Mara L.")
    assert REASON not in row.sealed


def test_only_what_was_delivered_goes_to_staff_and_not_more_than_the_last(
    ana: User, mara: Specialist, mine: Side
) -> None:
    theirs = Side.objects.visible_to(mara.user).select_related("thread").get()
    for number in range(DELIVERED + 2):
        reply(theirs, f"{number}", now=NOW + timedelta(minutes=number + 1))
    messages.send(owner=ana, side=mine, letter=letter("Own words."), now=NOW + timedelta(hours=1))
    Message.objects.filter(owner=ana, number=5).update(sealed=b"\x01" + bytes(64))
    found = [one.text for one in reported(mine).told().messages]
    assert found == [str(number) if number != 2 else "" for number in range(2, DELIVERED + 2)]


def test_a_second_report_adds_nothing_and_keeps_the_words(as_user: AsUser, ana: User, mine: Side) -> None:
    client, path = as_user(ana), address(mine, "message_report")
    first, second = form_of(client, mine), form_of(client, mine, reason="More words.")
    client.post(path, first)
    assert client.post(path, first).headers["Location"] == path  # a double click
    refused = client.post(path, second)
    shown = page(refused, 409)
    assert "You have reported this conversation already" in shown
    assert "More words." in shown
    assert [row.told().reason.text for row in Report.objects.all()] == [REASON]
    row = Report.objects.get()
    reports.settle(report_id=row.pk, now=NOW + DAY)
    shown = page(client.get(path))
    assert "Our team has settled that report" in shown
    client.post(path, form_of(client, mine))
    assert Report.objects.count() == 2
    assert "Your report is with our team" in page(client.get(path))


@pytest.mark.parametrize("reason", ["", " \n\u200b ", "Much. " * (LONGEST // 6 + 1)])
def test_a_refused_form_keeps_its_words(as_user: AsUser, ana: User, mine: Side, reason: str) -> None:
    client = as_user(ana)
    answer = client.post(address(mine, "message_report"), form_of(client, mine, reason=reason))
    assert answer.status_code == 303
    shown = page(answer, 400)
    assert "needs another look" in shown
    assert shown.count("Much.") == reason.count("Much.")
    assert not Report.objects.exists()


def test_a_flood_meets_a_limit_and_loses_no_words(as_user: AsUser, ana: User, mine: Side, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"report": (1, 3_600, 100_000)}
    client, path = as_user(ana), address(mine, "message_report")
    second = form_of(client, mine)
    client.post(path, form_of(client, mine))
    shown = page(client.post(path, second), 429)
    assert "many reports in a short time" in shown
    assert REASON in shown


def test_words_outlive_the_session(as_user: AsUser, ana: User, ben: User, mine: Side) -> None:
    client, path = as_user(ana), address(mine, "message_report")
    fields = form_of(client, mine)
    client.logout()
    answer = client.post(path, fields)
    shown = text_of(assert_valid_html(answer.content))
    assert answer.status_code == 401
    assert "You’re signed out. Your words are still here." in shown
    assert REASON in shown
    assert "Mara" not in shown
    stranger = as_user(ben).post(path, fields)
    assert stranger.status_code == 403
    assert REASON not in stranger.text
    assert not Report.objects.exists()


def test_nobody_else_reports_it(as_user: AsUser, ana: User, ben: User, mara: Specialist, mine: Side) -> None:
    for other in (ben, mara.user):
        assert as_user(other).get(address(mine, "message_report")).status_code == 404
        sent = {"report": uuid4(), "reason": REASON}
        assert as_user(other).post(address(mine, "message_report"), sent).status_code == 404
    row = reported(mine)
    theirs = Side.objects.visible_to(mara.user).get()
    with pytest.raises(ReportedAlready) as refused:
        reports.report(report_id=row.pk, owner=mara.user, side=theirs, reason="Mine.", now=NOW)
    assert refused.value.same is False
    assert Report.objects.get().told().reason.text == REASON


def test_the_reported_one_sees_nothing_of_it(as_user: AsUser, mara: Specialist, mine: Side) -> None:
    theirs = Side.objects.visible_to(mara.user).get()

    def seen() -> list[str]:
        client = as_user(mara.user)
        paths = (reverse("messages"), address(theirs), address(theirs, "message_report"), reverse("notices"))
        return [page(client.get(path)) for path in paths]

    before = seen()
    row = reported(mine)
    assert seen() == before
    reports.settle(report_id=row.pk, now=NOW)
    assert seen() == before


# How long it stays, and what a download holds


def test_a_report_goes_ninety_days_after_it_is_settled(mine: Side) -> None:
    row, later = reported(mine), NOW + 400 * DAY
    tasks.forget_reports(timestamp=int(later.timestamp()))
    assert Report.objects.get() == row
    reports.settle(report_id=row.pk, now=later)
    reports.settle(report_id=row.pk, now=later + 9 * DAY)  # the first one counts
    tasks.forget_reports(timestamp=int((later + 90 * DAY).timestamp()))
    assert Report.objects.exists()
    tasks.forget_reports(timestamp=int((later + 91 * DAY).timestamp()))
    assert not Report.objects.exists()


def test_a_report_outlives_both_accounts_and_names_them_no_longer(ana: User, mara: Specialist, mine: Side) -> None:
    row = reported(mine)
    erase_account(owner=mara.user, now=NOW)
    row.refresh_from_db()
    assert (row.owner, row.side) == (ana, mine)
    erase_account(owner=ana, now=NOW)
    row.refresh_from_db()
    assert (row.owner, row.side, row.state) == (None, None, "new")
    assert [one.text for one in row.told().messages] == ["What Mara wrote."]


def test_a_report_outlives_the_conversation(ana: User, mine: Side) -> None:
    row = reported(mine)
    mine.thread.delete()
    row.refresh_from_db()
    assert (row.owner, row.side) == (ana, None)


def test_a_download_holds_that_one_reported_and_why(ana: User, mara: Specialist, mine: Side) -> None:
    row = reported(mine)
    assert parts(exported(ana))["reports"] == [
        {
            "id": str(row.pk),
            "conversation": str(mine.pk),
            "state": "new",
            "settled_on": None,
            "at": NOW.isoformat(),
            "reason": REASON,
        }
    ]
    assert parts(exported(mara.user))["reports"] == []
    Report.objects.update(sealed="key:AAAA", state="settled", settled_on=NOW.date())
    [document] = parts(exported(ana))["reports"]
    assert (document["cannot_be_opened"], document["settled_on"]) == (True, NOW.date().isoformat())


# At once


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_report(ana: User, mine: Side) -> None:
    def send(pk: Any) -> str:
        try:
            reports.report(report_id=pk, owner=ana, side=mine, reason=REASON, now=NOW)
        except ReportedAlready as before:
            return "the same" if before.same else "another"
        return "sent"

    pk = uuid4()
    assert sorted(map(str, at_once(*[partial(send, pk)] * 5))) == ["sent", *["the same"] * 4]
    reports.settle(report_id=pk, now=NOW)
    outcomes = at_once(*(partial(send, uuid4()) for _ in range(5)))
    assert sorted(map(str, outcomes)) == [*["another"] * 4, "sent"]
    assert Report.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_report_while_the_other_writes_or_blocks_holds_what_had_arrived(
    ana: User, mara: Specialist, mine: Side
) -> None:
    theirs = Side.objects.visible_to(mara.user).select_related("thread", "owner").get()

    def write() -> None:
        with suppress(Closed):
            messages.send(owner=mara.user, side=theirs, letter=letter("At once."), now=NOW)

    at_once(
        partial(reports.report, report_id=uuid4(), owner=ana, side=mine, reason=REASON, now=NOW),
        write,
        partial(leaving.block, owner=ana, other_id=mara.pk, now=NOW),
    )
    found = [one.text for one in Report.objects.get().told().messages]
    assert found in (["What Mara wrote."], ["What Mara wrote.", "At once."])


@pytest.mark.django_db(transaction=True)
def test_notes_at_once_lose_neither_and_settling_counts_once(mine: Side) -> None:
    row = reported(mine)
    notes = [partial(reports.note, report_id=row.pk, text=f"Note {number}.", now=NOW) for number in range(4)]
    at_once(*notes, partial(reports.settle, report_id=row.pk, now=NOW))
    row.refresh_from_db()
    assert (len(row.told().notes), row.state) == (4, "settled")


def test_back_does_not_lead_to_the_refused_form_of_what_was_sent(as_user: AsUser, ana: User, mine: Side) -> None:
    client, path = as_user(ana), address(mine, "message_report")
    refused = client.post(path, form_of(client, mine, reason="x" * (LONGEST + 1))).headers["Location"]
    assert "x" * LONGEST in client.get(refused).text
    client.post(refused, form_of(client, mine))
    back = client.get(refused, follow=True)
    assert back.redirect_chain[-1][0] == path
    assert "Your report has been sent." in (seen := text_of(parse(back.text)))
    assert "it is saved or sent already, or more than 15 minutes have passed. This is the page as it is now." in seen
    assert "textarea" not in back.text
