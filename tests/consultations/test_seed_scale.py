"""`seed_scale` in small: all constraints hold, and slots agree with bookings."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from consultations.models import Booking, Slot, Specialist


def test_many_people_are_made_with_slots_and_bookings(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed_scale", specialists=12, slots=6, bookings=5)
    assert (Specialist.objects.listed().count(), Slot.objects.count(), Booking.objects.count()) == (12, 72, 60)
    assert "bookings: 60 of 60" in capsys.readouterr().out
    call_command("check_slots")


def test_production_is_never_filled(db: None, settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="do not exist"):
        call_command("seed_scale", specialists=1)
    assert not Specialist.objects.exists()
