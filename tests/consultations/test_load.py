"""Forty clients in four processes compete for the slots of three specialists."""

import json
import logging
from collections import Counter
from datetime import timedelta

import pytest

from tests.consultations.cast import NOW, a_host, slot
from tests.consultations.racing import assert_one_state, deadlocks, member, standing, start

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES, CLIENTS = 4, 40
CODE = "from tests.consultations.load import run; run({!r}, {!r}, {!r}, {!r})"


@pytest.mark.parametrize(
    ("seconds", "pause"),
    [
        (5, 0.0),  # as fast as they can
        (10, 2.0),  # up to two seconds for each step
    ],
)
def test_forty_clients_on_three_specialists(seconds: int, pause: float) -> None:
    """No double booking, no deadlock, and every change ends; how soon is measured by `make bench`."""
    for host in range(3):
        specialist = a_host(f"host-{host}")
        for number in range(40):  # each overlaps the next
            slot(specialist, NOW + timedelta(days=2, minutes=20 * number))
    emails = [member(f"client-{number}").email for number in range(CLIENTS)]
    others = standing()
    before = deadlocks(others)
    codes = [CODE.format(emails[part::PROCESSES], seconds, pause, NOW.isoformat()) for part in range(PROCESSES)]
    started = [start("manage.py", "shell", "--no-imports", "--command", code) for code in codes]
    answers: Counter[str] = Counter()
    took: list[float] = []
    for process in started:
        said, error = process.communicate(timeout=seconds + 300)
        assert process.returncode == 0, error.decode()
        log = json.loads(said)
        answers += log["answers"]
        took += log["seconds"]
    assert deadlocks(others) == before
    assert_one_state()
    assert answers["done"] > CLIENTS
    assert answers.keys() <= {"done", "Taken", "Gone"}
    p99 = sorted(took)[int(len(took) * 0.99)]
    logging.getLogger(__name__).info("%.0f a second, p99 %.3f s, %s", len(took) / seconds, p99, dict(answers))
