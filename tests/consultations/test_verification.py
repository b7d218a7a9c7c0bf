"""The verification record: what staff checked of a profile, where, and why they sent it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import erase_account
from consultations.models import Specialist, Verification
from consultations.services import verification
from tests.accounts.portable import exported, parts
from tests.consultations.administration import CHECKED, log
from tests.consultations.cast import NOW, verified
from tests.html import assert_valid_html, text_of
from tests.staff import press

pytestmark = pytest.mark.django_db
State = Specialist.Status
NEXT = (NOW + timedelta(days=300)).date()


@pytest.fixture
def waiting(cole: User) -> Specialist:
    """Cole waits to be verified."""
    return verified(cole, status=State.SUBMITTED, submitted_at=NOW, verified_at=None, check_again_on=None)


def page_of(specialist: Specialist) -> str:
    return reverse("admin:consultations_specialist_change", args=[specialist.pk])


def confirm(specialist: Specialist, change: str) -> str:
    return reverse("admin:consultations_specialist_confirm", args=[specialist.pk, change])


def decided(waiting: Specialist, dana: User) -> None:
    """Sent back, submitted again, approved."""
    back = {"reason": "The number is <b>missing</b>.", "notes": "Rang the register."}
    verification.send_back(specialist_id=waiting.pk, staff=dana, **back, now=NOW)
    Specialist.objects.update(status=State.SUBMITTED, returned_because="")
    also = CHECKED | {"checked": [*CHECKED["checked"], "training"]}
    verification.approve(
        specialist_id=waiting.pk, staff=dana, **also, notes="Seen.", check_again_on=NEXT, now=NOW + timedelta(hours=1)
    )


def test_every_decision_stays_in_the_history_with_its_reason(danas: Client, dana: User, waiting: Specialist) -> None:
    assert "Nothing has been decided yet." in danas.get(page_of(waiting)).text
    decided(waiting, dana)
    shown = text_of(assert_valid_html(danas.get(page_of(waiting)).content))
    for words in (
        f"Approved, 23 November 2026, 10:00 UTC, by {dana.email}",
        "What was checked name, profession, entry in the register, training",
        "Where https://register.example/entries/1234",
        "To be checked again on 19 September 2027",
        f"Sent back, 23 November 2026, 09:00 UTC, by {dana.email}",
        "The number is <b>missing</b>.",
        "Rang the register.",
        "Seen.",
    ):
        assert words in shown, shown
    assert shown.index("Approved,") < shown.index("Sent back,")
    waiting.refresh_from_db()
    assert (waiting.also_checked, waiting.check_again_on) == (["training"], NEXT)


@pytest.mark.parametrize(
    "missing",
    [
        {"checked": []},
        {"checked": ["name", "profession"]},
        {"checked": ["register", "training", "practises_in"]},
        {"checked": ["name", "profession", "register", "a hunch"]},
        {"where": ""},
        {"where": "the register"},
        {"where": "http://register.example/1234"},
        {"where": "javascript:alert(1)"},
    ],
)
def test_nothing_is_approved_without_what_and_where(
    danas: Client, waiting: Specialist, missing: dict[str, Any]
) -> None:
    asks = danas.get(confirm(waiting, "approve")).text
    assert "checked=" not in asks.replace('type="checkbox"', "")
    posted = CHECKED | {"check_again_on": str(NEXT)} | missing
    refused = danas.post(confirm(waiting, "approve"), posted)
    assert refused.status_code == 200
    assert_valid_html(refused.content)
    assert not Verification.objects.exists()
    waiting.refresh_from_db()
    assert waiting.status == State.SUBMITTED


@pytest.mark.parametrize(
    "changed", [{"where": ""}, {"checked": []}, {"check_again_on": None}, {"outcome": "sent_back"}]
)
def test_the_database_keeps_no_decision_without_grounds(
    dana: User, waiting: Specialist, changed: dict[str, Any]
) -> None:
    facts = {"outcome": "approved", **CHECKED, "check_again_on": NEXT} | changed
    with pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.create(specialist=waiting, by=dana, at=NOW, **facts)


def test_the_same_approval_again_after_back_is_one(danas: Client, waiting: Specialist) -> None:
    for notes, is_again in (("Seen.", False), ("Seen.", True), ("Seen anew.", False)):
        posted = CHECKED | {"check_again_on": str(NEXT), "notes": notes}
        answer = press(danas, confirm(waiting, "approve"), posted, follow=True)
        assert ("This has been done already" in answer.text) == is_again
    assert Verification.objects.count() == 2
    assert [said for _who, said in log()] == ["Approved.", "Approved."]


def test_reasons_and_notes_stand_nowhere_in_clear(dana: User, waiting: Specialist) -> None:
    decided(waiting, dana)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(v::text, ' ') FROM consultations_verification v")
        [stored] = cursor.fetchone()
    assert "missing" not in stored
    assert "Rang" not in stored
    Verification.objects.update(sealed="key:AAAA")
    assert {row.grounds() for row in Verification.objects.all()} == {None}


def test_what_cannot_be_opened_says_so(danas: Client, dana: User, waiting: Specialist) -> None:
    decided(waiting, dana)
    Verification.objects.update(sealed="key:AAAA")
    shown = text_of(assert_valid_html(danas.get(page_of(waiting)).content))
    assert "They can’t be opened. They have not been changed." in shown


def test_the_specialist_takes_the_record_along_without_the_notes(dana: User, waiting: Specialist) -> None:
    decided(waiting, dana)
    [practice] = parts(exported(waiting.user))["practice"]
    assert practice["checks"] == [
        {
            "outcome": "sent_back",
            "at": NOW.isoformat(),
            "checked": [],
            "where": "",
            "check_again_on": None,
            "reason": "The number is <b>missing</b>.",
        },
        {
            "outcome": "approved",
            "at": (NOW + timedelta(hours=1)).isoformat(),
            "checked": ["name", "profession", "register", "training"],
            "where": CHECKED["where"],
            "check_again_on": NEXT.isoformat(),
            "reason": "",
        },
    ]


def test_the_record_outlives_the_staff_and_goes_with_the_specialist(dana: User, waiting: Specialist) -> None:
    decided(waiting, dana)
    erase_account(owner=dana, now=NOW)
    assert {row.by for row in Verification.objects.all()} == {None}
    erase_account(owner=waiting.user, now=NOW)
    assert not Verification.objects.exists()
