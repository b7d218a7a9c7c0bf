"""Bookings in the admin, without anything that people wrote."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from consultations.models import Booking, Specialist

pytestmark = pytest.mark.django_db
State = Specialist.Status
DAY = timedelta(days=1)


def test_bookings_are_seen_without_anything_of_their_client(danas: Client, ana: User, booking: Booking) -> None:
    listed = danas.get(reverse("admin:consultations_booking_changelist")).text
    page = danas.get(reverse("admin:consultations_booking_change", args=[booking.pk])).text
    listed, page = listed.replace("dana@", ""), page.replace("dana@", "")  # who is looking
    assert str(booking.pk) in listed
    assert "Dora" in page
    for hidden in (ana.email, "Ana", "marker", "meet.example", "sealed", "_fit", 'name="_save"', "field-token"):
        assert hidden not in page, hidden
        assert hidden not in listed, hidden


@pytest.mark.parametrize(
    ("term", "found"),
    [("ana@example.org", False), ("Dora@example.org", True), ("dora", True), ("ben@example.org", False), ("do", False)],
)
def test_bookings_are_found_by_whole_addresses_of_the_specialist(
    danas: Client, booking: Booking, term: str, found: bool
) -> None:
    changes = reverse("admin:consultations_booking_changelist")
    assert (str(booking.pk) in danas.get(changes, {"q": term}).text) == found
    assert str(booking.pk) in danas.get(changes, {"q": str(booking.pk)}).text
    assert str(booking.pk) not in danas.get(changes, {"q": str(uuid4())}).text


@pytest.mark.parametrize("model", admin.site._registry)
def test_nobody_learns_from_a_clients_address_whom_they_meet(
    danas: Client, ana: User, booking: Booking, model: type[Model]
) -> None:
    """Neither by searching, nor by any query string, nor through the list that completes what is typed."""
    changes = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    guesses: list[dict[str, str]] = [
        {f"{path}{end}": value}
        for path in ("client", "bookings__client", "booking__client", "specialist__bookings__client", "user__bookings")
        for end, value in (("", str(ana.pk)), ("__email", ana.email), ("__email__startswith", "ana@"))
    ]
    for asked in ({"q": ana.email}, {"q": "ana@"}, {"q": str(ana.pk)}, *guesses):
        text = danas.get(changes, asked).text
        assert str(booking.pk) not in text, asked
        assert "Dora" not in text, asked


@pytest.mark.parametrize("field", ["specialist", "client"])
def test_no_completion_leads_from_a_client_to_a_specialist(danas: Client, booking: Booking, field: str) -> None:
    names = {"app_label": "consultations", "model_name": "booking", "field_name": field, "term": "ana@example.org"}
    assert "Dora" not in danas.get(reverse("admin:autocomplete"), names).text


def test_bookings_are_found_by_their_time(danas: Client, booking: Booking) -> None:
    now = timezone.now()
    Booking.objects.update(starts_at=now + 8 * DAY, ends_at=now + 8 * DAY + timedelta(minutes=30))
    changes = reverse("admin:consultations_booking_changelist")
    for when, found in (("7", False), ("30", True), ("-7", False), ("-30", False), ("x", True)):
        assert (str(booking.pk) in danas.get(changes, {"when": when}).text) == found


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("consultations_booking", "client_fit=yes"),
        ("consultations_booking", "mail__isnull=True"),
        ("consultations_booking", "sealed__isnull=True"),
        ("consultations_specialist", "sealed_addresses__isnull=True"),
        ("accounts_user", "password__startswith=argon2"),
    ],
)
def test_what_is_kept_back_is_not_guessed_by_a_filter(danas: Client, booking: Booking, model: str, lookup: str) -> None:
    answer = danas.get(reverse(f"admin:{model}_changelist") + f"?{lookup}")
    assert answer.status_code == 400
    assert danas.get(reverse("admin:accounts_user_changelist") + "?is_active__exact=1").status_code == 200
