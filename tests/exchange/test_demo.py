"""The demo's inbox."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.models import User
from exchange.models import AnswerTemplate, Contact
from reflect.management.demo_exchange import seed_exchange

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.time_machine(NOW, tick=False)
def test_there_is_a_message_in_each_state_and_seeding_twice_makes_them_once(ana: User, ben: User, dana: User) -> None:
    for _run in range(2):
        seed_exchange(now=timezone.now())
    states = [*Contact.objects.values_list("state", flat=True)]
    assert sorted(states) == ["answered", "closed", "new", "new", "open"]
    assert {row.owner for row in Contact.objects.all()} == {ana, ben, None}
    assert AnswerTemplate.objects.count() == 1
