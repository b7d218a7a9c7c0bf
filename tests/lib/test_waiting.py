"""What waits for staff: how much, and for how long."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from lib import waiting
from lib.waiting import Tally, tally_of, waited

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (NOW - timedelta(seconds=12), "12 seconds"),
        (NOW + timedelta(seconds=1), "0 seconds"),  # another host's clock
        (NOW - timedelta(minutes=40), "40\xa0minutes"),
        (NOW - timedelta(days=4, hours=20), "4\xa0days"),
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 22), "1 day"),
        (date(2026, 11, 19), "4 days"),
    ],
)
def test_a_wait_is_told_in_its_largest_unit(since: date | datetime, words: str) -> None:
    assert waited(since, NOW) == words


@pytest.mark.django_db
def test_a_long_table_is_not_counted_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 2)
    people = User.objects.filter(email__startswith="many")
    assert tally_of(people, since="created_at") == Tally(0)
    for number in range(4):
        user = User.objects.create_user(f"many{number}@example.org")
        User.objects.filter(pk=user.pk).update(created_at=NOW - timedelta(days=number))
    assert tally_of(people, since="created_at") == Tally(3, NOW - timedelta(days=3))
