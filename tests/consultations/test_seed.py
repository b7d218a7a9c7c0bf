"""The demo's specialists and bookings: complete, in every state, and seeded once."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from consultations.models import Booking, BookingChange, Slot, Specialist
from consultations.models.bookings import Status
from meetings.services.next_steps import on_today
from reflect.management.commands.seed_demo import CAST, create_person
from reflect.management.demo_consultations import FILE, seed_consultations
from reflect.management.demo_meetings import seed_next_step

pytestmark = pytest.mark.django_db
State = Specialist.Status


def seed() -> None:
    now = timezone.now()
    for person in CAST:
        create_person(person, now=now)
    seed_consultations(now=now)


@pytest.fixture
def seeded(db: None) -> None:
    seed()


def test_there_are_24_specialists_and_one_who_waits(seeded: None) -> None:
    listed = Specialist.objects.listed()
    assert listed.count() == 24
    assert [one.name for one in Specialist.objects.filter(status="submitted")] == ["Nils Berg"]
    assert len(set(listed.values_list("timezone", flat=True))) == 24
    assert len({language for one in listed for language in one.languages}) >= 15
    assert set(listed.filter(user__email__in=["cole@example.org", "dora@example.org"])) == {
        one for one in listed if one.user.email in {person.email for person in CAST}
    }
    for one in listed:
        assert one.user.is_specialist
        assert one.formats
        assert one.sealed_addresses


def test_everybody_listed_has_slots_to_book(seeded: None) -> None:
    open_slots = Slot.objects.open_from(timezone.now() + timedelta(hours=12))
    with_times = set(open_slots.values_list("specialist", flat=True))
    assert set(Specialist.objects.listed().values_list("pk", flat=True)) <= with_times


def test_ana_and_ben_have_bookings_in_every_state(seeded: None) -> None:
    assert set(Booking.objects.values_list("status", flat=True)) == set(Status)
    ana = User.objects.get(email="ana@example.org")
    [upcoming] = Booking.objects.of_client(ana).upcoming(timezone.now())
    assert upcoming.specialist
    assert upcoming.specialist.user.email == "cole@example.org"
    assert upcoming.document(ana)["name"] == "Ana"
    assert upcoming.document(ana)["address"].startswith("https://meet.example.org/")
    assert not Booking.objects.filter(ends_at__lt=timezone.now() - timedelta(days=30), sealed__isnull=False).exists()
    assert Booking.objects.filter(objected_at__isnull=False, settled_at=None).count() == 1
    assert BookingChange.objects.count() >= Booking.objects.count()


def test_ben_is_asked_about_his_next_step(seeded: None) -> None:
    seed_next_step(now=timezone.now())
    [step] = on_today(User.objects.get(email="ben@example.org"), timezone.now())
    assert step.is_asked


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-28T12:00Z",  # the first free times of two specialists are the same
        "2026-12-31T23:59Z",
        "2027-03-28T00:59Z",  # an hour is skipped
        "2028-02-29T12:00Z",
    ],
)
def test_the_demo_can_be_seeded_on_any_day(clock: Traveller, moment: str) -> None:
    clock.move_to(moment)
    seed()
    test_everybody_listed_has_slots_to_book(None)
    test_ana_and_ben_have_bookings_in_every_state(None)
    test_slots_agree_with_the_bookings(None)


def test_slots_agree_with_the_bookings(seeded: None) -> None:
    overlapping = Booking.objects.occupying().filter(
        specialist=OuterRef("specialist"), starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    taken = Slot.objects.filter(Exists(overlapping))
    assert taken.count() == 2
    assert not taken.filter(is_open=True).exists()


def test_seeding_again_changes_nothing(seeded: None) -> None:
    before = [model.objects.count() for model in (User, Specialist, Slot, Booking)]
    seed_consultations(now=timezone.now())
    assert [model.objects.count() for model in (User, Specialist, Slot, Booking)] == before


def test_accounts_that_are_made_here_have_no_password(seeded: None) -> None:
    others = User.objects.exclude(email__in=[person.email for person in CAST])
    assert others.count() == 23
    assert not any(user.has_usable_password() for user in others)
    assert FILE.exists()
