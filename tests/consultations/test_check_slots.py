"""`manage.py check_slots` finds slots that are open and should not be, and the reverse."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from consultations.models import Slot, Specialist
from tests.consultations.cast import booked, slot, verified

SOON = timedelta(days=2)


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole)


def test_what_agrees_is_said_to_agree(ana: User, mara: Specialist, capsys: pytest.CaptureFixture[str]) -> None:
    now = timezone.now()
    booked(ana, mara, now + SOON)
    slot(mara, now + SOON + timedelta(minutes=20), is_open=False)  # overlaps the booking
    slot(mara, now + 2 * SOON)
    slot(mara, now + 3 * SOON, is_open=False, closed=True)
    slot(mara, now + timedelta(hours=2), is_open=False)  # nearer than the notice
    slot(mara, now - SOON, is_open=False)
    call_command("check_slots")
    assert "Every slot agrees" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("case", "words"), [("taken", "should not be open"), ("beside", "should not"), ("free", "should be open")]
)
def test_what_differs_is_printed(
    ana: User, mara: Specialist, capsys: pytest.CaptureFixture[str], case: str, words: str
) -> None:
    now = timezone.now()
    if case == "free":
        wrong = slot(mara, now + SOON, is_open=False)
    else:
        booked(ana, mara, now + SOON)
        if case == "taken":
            Slot.objects.update(is_open=True)
            wrong = Slot.objects.get()
        else:
            wrong = slot(mara, now + SOON + timedelta(minutes=20))
    with pytest.raises(CommandError, match="1 slots differ"):
        call_command("check_slots")
    said = capsys.readouterr().out
    assert said.startswith(f"{wrong.pk} cole ")
    assert words in said
