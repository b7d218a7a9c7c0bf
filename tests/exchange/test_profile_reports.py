"""Reporting a profile: what is taken, what staff read and settle, and how long it stays."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from accounts.services import erase_account
from consultations.models import Specialist
from exchange import tasks
from exchange.models import ProfileReport
from exchange.services import profile_reports
from exchange.services.reports import LONGEST, DecidedMeanwhile, ReportedAlready
from tests.accounts.portable import exported, parts
from tests.conftest import AsUser, show_second_factor, with_confirmed_address
from tests.consultations.cast import page
from tests.consultations.racing import at_once
from tests.html import assert_valid_html, parse, text_of
from tests.outbox import mailed
from tests.staff import staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
REASON = "It promises a cure."
LIST = reverse("admin:exchange_profilereport_changelist")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def path_to(mara: Specialist) -> str:
    return reverse("profile_report", args=[mara.slug])


def form_of(client: Client, mara: Specialist, **changed: Any) -> dict[str, Any]:
    """What the form of the page that is opened now holds, with a reason."""
    root = parse(client.get(path_to(mara)).text)
    hidden = {one.get("name", ""): one.get("value", "") for one in root.iter("input") if one.get("type") == "hidden"}
    del hidden["csrfmiddlewaretoken"]
    return hidden | {"reason": REASON} | changed


def reported(owner: User, mara: Specialist, reason: str = REASON) -> ProfileReport:
    pk = uuid4()
    profile_reports.report(report_id=pk, owner=owner, specialist=mara, reason=reason, now=NOW)
    return ProfileReport.objects.get(pk=pk)


def test_the_page_says_what_staff_read_before_anything_is_sent(as_user: AsUser, ana: User, mara: Specialist) -> None:
    Specialist.objects.update(about="I cure everybody.")
    client = as_user(ana)
    assert path_to(mara) in client.get(reverse("specialist", args=[mara.slug])).text
    shown = page(client.get(path_to(mara)))
    for words in (
        "in the profile of Mara L. is not right",
        "The profile as it is now, even if it is changed later.",
        "Not who you are",
        "until 90 days after the report is settled",
        "the specialist cannot see it",
        "Help now",
    ):
        assert words in shown
    assert client.post(path_to(mara), form_of(client, mara)).headers["Location"] == path_to(mara)
    after = client.get(path_to(mara))
    assert "You reported this profile on Monday 23 November 2026. Your report is with our team." in page(after)
    assert "<textarea" not in after.text
    row = ProfileReport.objects.get()
    assert (row.owner, row.specialist, row.state, row.day) == (ana, mara, "new", NOW.date())
    Specialist.objects.update(about="I listen.")
    told = row.told()
    assert (told.reason.text, told.texts["about"]) == (REASON, "I cure everybody.")
    assert (told.reported.account, told.reported.name) == (str(mara.pk), "Mara L.")
    assert "access_needs" not in told.texts
    assert str(ana.pk) not in str(told)
    assert REASON not in row.sealed


def test_a_second_report_adds_nothing_and_keeps_the_words(as_user: AsUser, ana: User, mara: Specialist) -> None:
    client = as_user(ana)
    first, second = form_of(client, mara), form_of(client, mara, reason="More words.")
    client.post(path_to(mara), first)
    assert client.post(path_to(mara), first).headers["Location"] == path_to(mara)  # a double click
    shown = page(client.post(path_to(mara), second), 409)
    assert "You have reported this profile already" in shown
    assert "More words." in shown
    row = ProfileReport.objects.get()
    assert row.told().reason.text == REASON
    profile_reports.settle(report_id=row.pk, reason="Asked her to change it.", now=NOW + DAY)
    shown = page(client.get(path_to(mara)))
    assert "Our team has settled that report" in shown
    assert "Asked her" not in shown
    client.post(path_to(mara), form_of(client, mara))
    assert ProfileReport.objects.count() == 2
    assert "Your report is with our team" in page(client.get(path_to(mara)))


@pytest.mark.parametrize("reason", ["", " \n\u200b ", "Much. " * (LONGEST // 6 + 1)])
def test_a_refused_form_keeps_its_words(as_user: AsUser, ana: User, mara: Specialist, reason: str) -> None:
    client = as_user(ana)
    answer = client.post(path_to(mara), form_of(client, mara, reason=reason))
    assert answer.status_code == 303
    shown = page(answer, 400)
    assert "needs another look" in shown
    assert shown.count("Much.") == reason.count("Much.")
    assert not ProfileReport.objects.exists()


def test_a_flood_meets_the_limit_of_all_reports_and_loses_no_words(
    as_user: AsUser, ana: User, mara: Specialist, settings: Settings
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"report": (1, 3_600, 100_000)}
    client = as_user(ana)
    second = form_of(client, mara)
    client.post(path_to(mara), form_of(client, mara))
    shown = page(client.post(path_to(mara), second), 429)
    assert "many reports in a short time" in shown
    assert REASON in shown


def test_words_outlive_the_session(as_user: AsUser, ana: User, ben: User, mara: Specialist) -> None:
    client = as_user(ana)
    fields = form_of(client, mara)
    client.logout()
    answer = client.post(path_to(mara), fields)
    shown = text_of(assert_valid_html(answer.content))
    assert answer.status_code == 401
    assert "You’re signed out. Your words are still here." in shown
    assert "Report this profile" in shown
    assert REASON in shown
    stranger = as_user(ben).post(path_to(mara), fields)
    assert stranger.status_code == 403
    assert REASON not in stranger.text
    assert not ProfileReport.objects.exists()


def test_words_outlive_the_profile(as_user: AsUser, ana: User, mara: Specialist) -> None:
    """It was shown when the page was opened, and what is wrong with it may be why it is shown no longer."""
    client = as_user(ana)
    fields = form_of(client, mara)
    Specialist.objects.update(status="suspended")
    assert client.get(path_to(mara)).status_code == 404
    assert client.post(path_to(mara), fields).headers["Location"] == path_to(mara)
    assert "Your report is with our team" in page(client.get(path_to(mara)))


def test_a_profile_that_was_never_shown_and_ones_own_are_not_found(
    as_user: AsUser, ana: User, mara: Specialist
) -> None:
    sent = {"report": uuid4(), "reason": REASON}
    assert as_user(mara.user).get(path_to(mara)).status_code == 404
    assert as_user(mara.user).post(path_to(mara), sent).status_code == 404
    assert "Report this profile" not in as_user(mara.user).get(reverse("specialist", args=[mara.slug])).text
    Specialist.objects.update(status="submitted", verified_at=None, check_again_on=None)
    assert as_user(ana).get(path_to(mara)).status_code == 404
    assert as_user(ana).post(path_to(mara), sent).status_code == 404


def test_the_specialist_sees_nothing_of_it(as_user: AsUser, ana: User, mara: Specialist) -> None:
    def seen() -> list[str]:
        client = as_user(mara.user)
        paths = (reverse("specialist", args=[mara.slug]), reverse("practice:profile"), reverse("notices"))
        return [page(client.get(path)) for path in paths]

    before = seen()
    row = reported(ana, mara)
    assert seen() == before
    profile_reports.settle(report_id=row.pk, reason="x", now=NOW)
    assert seen() == before


# What staff do


@pytest.fixture
def finn(db: None) -> User:
    """Staff who reads reports, and has no other right."""
    return staff("finn@example.org", Role.MODERATOR)


def page_of(row: ProfileReport) -> str:
    return reverse("admin:exchange_profilereport_change", args=[row.pk])


def confirm(row: ProfileReport, change: str) -> str:
    return reverse("admin:exchange_profilereport_confirm", args=[row.pk, change])


def test_reports_are_for_whoever_settles_them(as_user: AsUser, finn: User, ana: User, mara: Specialist) -> None:
    row = reported(ana, mara)
    other = with_confirmed_address(User.objects.create_user("other@example.org", is_staff=True))
    for path in (LIST, page_of(row), confirm(row, "note"), confirm(row, "settle")):
        assert as_user(finn).get(path).status_code == 200
        assert as_user(other).get(path).status_code == 403
        assert as_user(other).post(path, {"text": "x", "reason": "x"}).status_code == 403
        for nobody in (ana, mara.user):
            assert as_user(nobody).get(path).status_code in {302, 403}


def test_staff_read_note_and_settle_with_a_reason_and_every_opening_is_written_down(
    as_user: AsUser, finn: User, ana: User, mara: Specialist, readings: Any
) -> None:
    row = reported(ana, mara, "<b>Marked</b>")
    client = as_user(finn)
    listed = client.get(LIST).text
    assert page_of(row) in listed
    for hidden in ("Marked", "Mara", ana.email):
        assert hidden not in listed
    assert readings() == []
    shown = client.get(page_of(row))
    assert "&lt;b&gt;Marked&lt;/b&gt;" in shown.text
    assert "About: Mara L." in text_of(assert_valid_html(shown.content))
    for hidden in (ana.email, str(ana.pk)):
        assert hidden not in shown.text
    assert readings() == [(str(finn.pk), str(row.pk))]
    for _again in range(2):  # pressed again after Back
        assert client.post(confirm(row, "note"), {"text": "Marked note."}).status_code == 302
    row.refresh_from_db()
    assert len(row.told().notes) == 1
    refused = client.post(confirm(row, "settle"), {"reason": ""})
    assert refused.status_code == 200
    assert_valid_html(refused.content)
    assert client.post(confirm(row, "settle"), {"reason": "Looked, and it is true."}).status_code == 302
    shown = client.get(page_of(row))
    for words in ("Marked note.", "Looked, and it is true."):
        assert words in text_of(assert_valid_html(shown.content))
    row.refresh_from_db()
    assert (row.state, row.settled_on) == ("settled", NOW.date())
    too_late = client.post(confirm(row, "settle"), {"reason": "Another reason."})
    assert "This has been done already" in too_late.text
    said = "What our team did last: “Settled.” (finn@example.org, 23 November 2026, 09:00 UTC)."
    for words in (said, "Looked, and it is true."):
        assert words in text_of(assert_valid_html(too_late.content))
    assert "Another reason.</textarea>" in too_late.text
    row.refresh_from_db()
    settled = row.told().settled
    assert settled
    assert settled.text == "Looked, and it is true."


def test_the_profile_is_reached_by_staff_who_may_see_profiles(
    as_user: AsUser, finn: User, ana: User, mara: Specialist
) -> None:
    row = reported(ana, mara)
    link = reverse("admin:consultations_specialist_change", args=[mara.pk])
    assert link not in as_user(finn).get(page_of(row)).text
    finn.user_permissions.add(Permission.objects.get(codename="view_specialist"))
    client = as_user(User.objects.get(pk=finn.pk))
    assert link in client.get(page_of(row)).text
    erase_account(owner=mara.user, now=NOW)
    shown = client.get(page_of(row)).text
    assert link not in shown
    assert "It has been deleted." in shown


@pytest.mark.parametrize("lookup", ["owner", "owner__email", "sealed__contains", "specialist"])
def test_what_is_kept_back_is_not_guessed_by_a_filter(
    as_user: AsUser, finn: User, ana: User, mara: Specialist, lookup: str
) -> None:
    reported(ana, mara)
    assert as_user(finn).get(LIST, {lookup: "x"}).status_code == 400


def test_what_cannot_be_opened_is_left_as_it_is(as_user: AsUser, finn: User, ana: User, mara: Specialist) -> None:
    row = reported(ana, mara)
    ProfileReport.objects.update(sealed="key:AAAA")
    client = as_user(finn)
    assert "can’t be opened" in client.get(page_of(row)).text
    for change in ("note", "settle"):
        assert client.post(confirm(row, change), {"text": "x", "reason": "x"}).status_code == 200
    row.refresh_from_db()
    assert (row.sealed, row.state) == ("key:AAAA", "new")


def test_staff_are_told_that_one_waits(finn: User, ana: User, mara: Specialist) -> None:
    tasks.tell_team(timestamp=int(NOW.timestamp()))
    assert mailed() == []
    row = reported(ana, mara)
    tasks.tell_team(timestamp=int(NOW.timestamp()))
    [sent] = mailed()
    assert REASON not in str(sent.body)
    profile_reports.settle(report_id=row.pk, reason="x", now=NOW)
    tasks.tell_team(timestamp=int((NOW + DAY).timestamp()))
    assert len(mailed()) == 1


# How long it stays, and what a download holds


def test_a_report_goes_ninety_days_after_it_is_settled(ana: User, mara: Specialist) -> None:
    row, later = reported(ana, mara), NOW + 400 * DAY
    tasks.forget_reports(timestamp=int(later.timestamp()))
    assert ProfileReport.objects.get() == row
    profile_reports.settle(report_id=row.pk, reason="First.", now=later)
    with pytest.raises(DecidedMeanwhile):  # the first one counts
        profile_reports.settle(report_id=row.pk, reason="Second.", now=later + 9 * DAY)
    row.refresh_from_db()
    assert (settled := row.told().settled)
    assert settled.text == "First."
    tasks.forget_reports(timestamp=int((later + 90 * DAY).timestamp()))
    assert ProfileReport.objects.exists()
    tasks.forget_reports(timestamp=int((later + 91 * DAY).timestamp()))
    assert not ProfileReport.objects.exists()


def test_a_report_outlives_both_accounts_and_names_them_no_longer(ana: User, mara: Specialist) -> None:
    row = reported(ana, mara)
    erase_account(owner=mara.user, now=NOW)
    erase_account(owner=ana, now=NOW)
    row.refresh_from_db()
    assert (row.owner, row.specialist, row.state) == (None, None, "new")
    assert row.told().reported.name == "Mara L."


def test_a_download_holds_that_one_reported_and_why(ana: User, mara: Specialist) -> None:
    row = reported(ana, mara)
    about = {"id": str(row.pk), "specialist": "Mara L.", "state": "new", "settled_on": None}
    assert parts(exported(ana))["profile_reports"] == [about | {"at": NOW.isoformat(), "reason": REASON}]
    assert parts(exported(mara.user))["profile_reports"] == []
    ProfileReport.objects.update(sealed="key:AAAA")
    [document] = parts(exported(ana))["profile_reports"]
    assert document["cannot_be_opened"]


# At once


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_report(ana: User, mara: Specialist) -> None:
    def send(pk: Any) -> str:
        try:
            profile_reports.report(report_id=pk, owner=ana, specialist=mara, reason=REASON, now=NOW)
        except ReportedAlready as before:
            return "the same" if before.same else "another"
        return "sent"

    pk = uuid4()
    assert sorted(map(str, at_once(*[partial(send, pk)] * 5))) == ["sent", *["the same"] * 4]
    profile_reports.settle(report_id=pk, reason="x", now=NOW)
    assert sorted(map(str, at_once(*(partial(send, uuid4()) for _ in range(5))))) == [*["another"] * 4, "sent"]


@pytest.mark.django_db(transaction=True)
def test_notes_at_once_lose_neither_and_settling_counts_once(ana: User, mara: Specialist) -> None:
    row = reported(ana, mara)
    notes = [partial(profile_reports.note, report_id=row.pk, text=f"Note {number}.", now=NOW) for number in range(4)]
    at_once(*notes, partial(profile_reports.settle, report_id=row.pk, reason="x", now=NOW))
    row.refresh_from_db()
    assert (len(row.told().notes), row.state) == (4, "settled")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_once_the_second_is_told_and_keeps_the_reason(
    dana: User, finn: User, ana: User, mara: Specialist
) -> None:
    row = reported(ana, mara)
    clients = [Client(), Client()]
    for client, user in zip(clients, (dana, finn), strict=True):
        client.force_login(user)
        show_second_factor(client, user)
    reasons = ["The first reason.", "The second reason."]
    answers = at_once(
        *(
            partial(client.post, confirm(row, "settle"), {"reason": reason})
            for client, reason in zip(clients, reasons, strict=True)
        )
    )
    row.refresh_from_db()
    settled = row.told().settled
    assert settled
    assert settled.text in reasons
    lost = next(reason for reason in reasons if reason != settled.text)
    pages = dict(zip(reasons, answers, strict=True))
    assert pages[settled.text].status_code == 302  # type: ignore[attr-defined]
    assert f"{lost}</textarea>" in pages[lost].text  # type: ignore[attr-defined]
    assert settled.text in pages[lost].text  # type: ignore[attr-defined]
    assert LogEntry.objects.count() == 1


def test_the_same_reason_twice_settles_once_and_another_is_refused(ana: User, mara: Specialist) -> None:
    row = reported(ana, mara)
    for is_new in (True, False):
        assert profile_reports.settle(report_id=row.pk, reason="One.", now=NOW) == is_new
    with pytest.raises(DecidedMeanwhile):
        profile_reports.settle(report_id=row.pk, reason="Another.", now=NOW)
