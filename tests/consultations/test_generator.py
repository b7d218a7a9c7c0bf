"""Generating slots from the hours: repeatable, and never against a booking or a change by hand."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultations.models import Slot, Specialist, WeeklyHours
from consultations.services import hours
from consultations.services.slots import close_slot, generate, lock_schedule, open_slot, preview
from consultations.slots import Weekly
from consultations.times import HORIZON
from tests.consultations.cast import NOW, booked, slot, verified

TODAY = date(2026, 11, 23)


@pytest.fixture
def mara(cole: User) -> Specialist:
    """Free on Tuesdays from 09:00 to 10:00, by the clock of Auckland."""
    mara = verified(cole, timezone="Pacific/Auckland")
    WeeklyHours.objects.create(specialist=mara, weekday=1, starts=540, ends=600, valid_from=TODAY)
    return mara


def starts(mara: Specialist) -> list[datetime]:
    return list(mara.slots.order_by("starts_at").values_list("starts_at", flat=True))


def test_a_second_run_changes_nothing(mara: Specialist) -> None:
    first = generate(specialist_id=mara.pk, now=NOW)
    before = list(mara.slots.order_by("pk").values())
    again = generate(specialist_id=mara.pk, now=NOW)
    assert (first.removed, again.added, again.removed) == (0, 0, 0)
    assert first.added == len(before) == 12
    assert list(mara.slots.order_by("pk").values()) == before


def test_the_last_day_is_that_of_the_specialists_zone(mara: Specialist) -> None:
    """The horizon ends on Monday 4 January at 09:00 UTC, which is 22:00 in Auckland: Tuesday is not in it."""
    generate(specialist_id=mara.pk, now=NOW)
    assert starts(mara)[-1] == datetime(2026, 12, 28, 20, 30, tzinfo=UTC)
    later = NOW + timedelta(hours=3)  # now the horizon ends on Tuesday in Auckland
    generate(specialist_id=mara.pk, now=later)
    assert starts(mara)[-1] == datetime(2027, 1, 4, 20, 30, tzinfo=UTC)
    assert starts(mara)[-1] > later + HORIZON


def test_what_is_booked_extra_or_closed_stays(ana: User, mara: Specialist) -> None:
    generate(specialist_id=mara.pk, now=NOW)
    taken, closed, *_others = Slot.objects.order_by("starts_at")
    booked(ana, mara, taken.starts_at, slot=taken)
    Slot.objects.filter(pk=taken.pk).update(is_open=False)
    close_slot(specialist_id=mara.pk, slot_id=closed.pk)
    extra = slot(mara, NOW + timedelta(days=3), extra=True)
    over = slot(mara, NOW - timedelta(days=3))
    WeeklyHours.objects.all().delete()
    generate(specialist_id=mara.pk, now=NOW)
    assert starts(mara) == sorted([over.starts_at, taken.starts_at, closed.starts_at, extra.starts_at])
    hours.change_week(specialist_id=mara.pk, week={1: [(540, 600)]}, first=TODAY, last=None, now=NOW)
    closed.refresh_from_db()
    assert (closed.is_open, closed.closed) == (False, True)


def test_nothing_is_made_over_a_slot_made_by_hand(mara: Specialist) -> None:
    by_hand = slot(mara, datetime(2026, 11, 30, 20, 10, tzinfo=UTC), extra=True)
    generate(specialist_id=mara.pk, now=NOW)
    assert by_hand.starts_at in starts(mara)
    assert not {datetime(2026, 11, 30, 20, minute, tzinfo=UTC) for minute in (0, 30)} & set(starts(mara))


def test_a_slot_beside_a_booking_cannot_be_booked(ana: User, mara: Specialist) -> None:
    booking = booked(ana, mara, datetime(2026, 11, 30, 20, 10, tzinfo=UTC))
    Slot.objects.filter(bookings=booking).delete()
    generate(specialist_id=mara.pk, now=NOW)
    beside = mara.slots.filter(starts_at__date=date(2026, 11, 30))
    assert [found.is_open for found in beside.order_by("starts_at")] == [False, False]


def test_a_preview_is_what_is_made_then(ana: User, mara: Specialist) -> None:
    generate(specialist_id=mara.pk, now=NOW)
    before = set(starts(mara))
    new = [Weekly(2, 600, 720, TODAY)]
    shown = preview(specialist=mara, now=NOW, hours=new)
    hours.change_week(specialist_id=mara.pk, week={2: [(600, 720)]}, first=TODAY, last=None, now=NOW)
    after = set(starts(mara))
    assert (set(shown.appear), set(shown.vanish), shown.stay) == (after - before, before - after, [])


def test_a_slot_that_was_closed_and_opened_goes_with_its_hours(mara: Specialist) -> None:
    generate(specialist_id=mara.pk, now=NOW)
    first = Slot.objects.order_by("starts_at")[0]
    close_slot(specialist_id=mara.pk, slot_id=first.pk)
    open_slot(specialist_id=mara.pk, slot_id=first.pk, now=NOW)
    hours.change_week(specialist_id=mara.pk, week={}, first=TODAY, last=None, now=NOW)
    assert starts(mara) == []


def test_a_preview_promises_no_slot_beside_a_booking(ana: User, mara: Specialist) -> None:
    booked(ana, mara, datetime(2026, 11, 30, 20, 10, tzinfo=UTC))
    shown = preview(specialist=mara, now=NOW)
    assert not [start for start in shown.appear if start.date() == date(2026, 11, 30)]


def test_many_rules_ask_no_more_than_one(mara: Specialist) -> None:
    counts = []
    for weekday in (2, 3):
        WeeklyHours.objects.create(specialist=mara, weekday=weekday, starts=540, ends=900, valid_from=TODAY)
        with CaptureQueriesContext(connection) as queries:
            generate(specialist_id=mara.pk, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    mara: Specialist, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("generate_slots", specialist="cole", dry_run=True)
    assert "would be added, 0 would be removed" in capsys.readouterr().out
    assert not Slot.objects.exists()
    call_command("generate_slots")
    assert Slot.objects.exists()
    with pytest.raises(CommandError, match="no specialist nobody"):
        call_command("generate_slots", specialist="nobody")


@pytest.mark.django_db(transaction=True)
def test_the_generator_waits_for_a_booking_that_is_being_made(ana: User, mara: Specialist) -> None:
    """A change of hours that would remove the slot waits for the booking, and leaves it alone."""
    generate(specialist_id=mara.pk, now=NOW)
    taken = Slot.objects.order_by("starts_at")[0]
    WeeklyHours.objects.all().delete()

    def run() -> None:
        generate(specialist_id=mara.pk, now=NOW)
        connection.close()

    with transaction.atomic():
        lock_schedule(mara.pk)
        booked(ana, mara, taken.starts_at, slot=taken)
        Slot.objects.filter(pk=taken.pk).update(is_open=False)
        other = threading.Thread(target=run)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(60)
    assert not other.is_alive()
    assert starts(mara) == [taken.starts_at]
