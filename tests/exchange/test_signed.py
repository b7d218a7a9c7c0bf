"""What staff write says who of them wrote it, to staff alone."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from accounts.services import erase_account
from consultations.models import Specialist
from exchange.models import ProfileReport, Side
from exchange.portable.contact import contacts
from exchange.services import contact, profile_reports
from tests.conftest import AsUser
from tests.exchange.messaging import reported
from tests.exchange.written import written
from tests.html import assert_valid_html, text_of
from tests.staff import at_work, press, staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHEN = "23 November 2026, 09:00 UTC, by"
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def finn(db: None) -> User:
    return staff("finn@example.org", Role.SUPPORT, Role.MODERATOR)


def page(client: Client, kind: str, row: Any) -> str:
    return text_of(assert_valid_html(client.get(reverse(f"admin:exchange_{kind}_change", args=[row.pk])).content))


def change(kind: str, row: Any, name: str) -> str:
    return reverse(f"admin:exchange_{kind}_confirm", args=[row.pk, name])


def test_notes_and_answers_to_a_message_say_who_wrote_them(as_user: AsUser, finn: User, dana: User, ana: User) -> None:
    row, _code = written(ana, now=NOW)
    contact.note(contact_id=row.pk, text="Nobody knows whose.", now=NOW)
    client, owners = as_user(finn), at_work(dana)
    press(client, change("contact", row, "note"), {"text": "A note."})
    press(client, change("contact", row, "answer"), {"text": "An answer."})
    shown = page(owners, "contact", row)
    for words in (f"{WHEN} finn@example.org A note.", f"{WHEN} finn@example.org An answer."):
        assert words in shown
    assert "09:00 UTC Nobody knows whose." in shown
    for theirs in (as_user(ana).get(reverse("contact")).text, str([*contacts(ana)])):
        assert "An answer." in theirs
        assert str(finn.pk) not in theirs
        assert "finn@" not in theirs
    erase_account(owner=finn, now=NOW)
    assert f"{WHEN} an account that has been deleted A note." in page(owners, "contact", row)


def test_what_is_written_about_reports_says_who_wrote_it(
    as_user: AsUser, finn: User, ana: User, mine: Side, mara: Specialist
) -> None:
    row, client = reported(mine), as_user(finn)
    profile_reports.report(report_id=uuid4(), owner=ana, specialist=mara, reason="x", now=NOW)
    profile = ProfileReport.objects.get()
    for kind, one in (("report", row), ("profilereport", profile)):
        press(client, change(kind, one, "note"), {"text": "A note."})
        assert f"{WHEN} finn@example.org A note." in page(client, kind, one)
    press(client, change("report", row, "pass-on"), {"reason": "Too much for me."})
    assert f"{WHEN} finn@example.org Too much for me." in page(client, "report", row)
    press(client, change("profilereport", profile, "settle"), {"reason": "It is true."})
    assert f"{WHEN} finn@example.org It is true." in page(client, "profilereport", profile)


def test_names_cost_one_query_however_many_wrote(as_user: AsUser, finn: User, dana: User) -> None:
    row, _code = written(now=NOW)
    client = as_user(dana)

    def queries() -> int:
        page(client, "contact", row)
        with CaptureQueriesContext(connection) as captured:
            page(client, "contact", row)
        return len(captured)

    contact.answer(contact_id=row.pk, staff=finn, text="First.", after=0, now=NOW)
    before = queries()
    contact.note(contact_id=row.pk, staff=dana, text="Second.", now=NOW)
    contact.note(contact_id=row.pk, staff=finn, text="Third.", now=NOW)
    assert queries() == before
