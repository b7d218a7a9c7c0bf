"""Export of consultations: each side gets its own data, never the other's words."""

import base64
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import DataKey, User
from consultations.models import (
    Absence,
    Block,
    Booking,
    DateOverride,
    Photo,
    Slot,
    Specialist,
    WaitingEntry,
    WeeklyHours,
)
from tests.accounts.portable import exported, parts
from tests.accounts.test_import import take
from tests.consultations.cast import NOW, absent, booked, slot, verified

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_each_side_of_a_booking_gets_its_own(ana: User, cole: User) -> None:
    booking = booked(ana, verified(cole), NOW + DAY)
    Booking.objects.update(client_fit="yes", specialist_fit="no", remind_day=True)
    [hers] = parts(exported(ana))["meetings"]
    [his] = parts(exported(cole))["meetings"]
    assert hers["id"] == his["id"] == str(booking.pk)
    assert (hers["side"], hers["specialist"], hers["fit"], hers["remind_day"]) == ("client", "Cole", "yes", True)
    assert hers["words"]["note"] == "marker"
    assert (his["side"], his["fit"]) == ("specialist", "no")
    assert "marker" not in str(his)
    assert not {"words", "mail", "specialist", "client"} & set(his)


def test_a_booking_that_cannot_be_opened_is_named_all_the_same(ana: User, cole: User) -> None:
    booked(ana, verified(cole), NOW + DAY)
    DataKey.objects.filter(owner=ana).delete()
    [booking] = parts(exported(ana))["meetings"]
    assert booking["cannot_be_opened"]


def test_a_booking_whose_words_are_forgotten_has_none(ana: User, cole: User) -> None:
    booked(ana, verified(cole), NOW + DAY)
    Booking.objects.update(sealed=None)
    [booking] = parts(exported(ana))["meetings"]
    assert booking["words"] is None


def test_a_practice_leaves_whole(ana: User, cole: User) -> None:
    specialist = verified(cole)
    WeeklyHours.objects.create(specialist=specialist, weekday=0, starts=540, ends=720, valid_from=date(2026, 1, 1))
    DateOverride.objects.create(specialist=specialist, date=date(2026, 12, 24))
    slot(specialist, NOW, extra=True)
    slot(specialist, NOW + DAY, extra=False)
    Photo.objects.create(specialist=specialist, sha256="0" * 64, webp=b"a picture")
    [practice] = parts(exported(cole))["practice"]
    assert practice["name"] == "Cole"
    assert practice["addresses"] == {"video": "https://meet.example/room"}
    assert practice["hours"] == [
        {"starts": 540, "ends": 720, "weekday": 0, "valid_from": "2026-01-01", "valid_to": None, "anchor": None}
    ]
    assert practice["dates"] == [{"starts": None, "ends": None, "date": "2026-12-24"}]
    assert practice["times"] == [{"starts_at": NOW.isoformat(), "closed": False}]
    assert base64.b64decode(practice["photo"]) == b"a picture"
    assert parts(exported(ana))["practice"] == []


def test_every_field_of_a_profile_is_exported(cole: User) -> None:
    verified(cole, fee_least=60, fee_most=90, fee_currency="EUR", also_checked=["training"])
    [practice] = parts(exported(cole))["practice"]
    of_the_site = {"user", "sealed_addresses", "verified_by", "feed_hash", "created_at", "changed_at"}
    assert {field.name for field in Specialist._meta.concrete_fields} - of_the_site <= practice.keys()
    assert (practice["fee_least"], practice["also_checked"]) == (60, ["training"])


def test_waiting_entries_leave_and_so_do_blocks_without_the_other(ana: User, ben: User) -> None:
    WaitingEntry.objects.create(owner=ana, theme="balance", made_at=NOW)
    Block.objects.create(owner=ana, other=ben, made_at=NOW)
    found = parts(exported(ana))
    assert found["waits"][0]["theme"] == "balance"
    assert found["blocks"] == [{"made_at": NOW.isoformat()}]
    assert not parts(exported(ben))["blocks"]
    assert ben.email not in str(found)


def test_nothing_of_it_comes_back(ana: User, ben: User, cole: User) -> None:
    booked(ana, verified(cole), NOW + DAY)
    WaitingEntry.objects.create(owner=ana, theme="balance", made_at=NOW)
    take(ben, exported(ana))
    assert not Booking.objects.of_client(ben).exists()
    assert not WaitingEntry.objects.visible_to(ben).exists()
    assert Slot.objects.count() == 1


def test_many_bookings_cost_no_more_queries(ana: User, cole: User, dana: User) -> None:
    specialist = verified(cole)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            exported(ana)
        return len(captured)

    booked(ana, specialist, NOW + DAY)
    few = queries()
    Booking.objects.update(status="completed")
    for number in range(2, 5):
        booked(ana, specialist, NOW + number * DAY)
        Booking.objects.update(status="completed")
    assert queries() == few


def test_absences_leave_with_their_names_even_one_that_cannot_be_opened(cole: User) -> None:
    verified(cole)
    absent(cole, date(2026, 12, 1), date(2026, 12, 2), "Madeira")
    broken = absent(cole, date(2026, 12, 3), date(2026, 12, 3))
    Absence.objects.filter(pk=broken.pk).update(sealed=b"broken")
    [practice] = parts(exported(cole))["practice"]
    assert practice["absences"] == [
        {"first": "2026-12-01", "last": "2026-12-02", "name": "Madeira"},
        {"first": "2026-12-03", "last": "2026-12-03", "cannot_be_opened": True},
    ]
