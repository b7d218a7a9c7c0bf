"""The secret shopper finds what cannot be booked, is in nobody's way, and leaves no trace."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.sealing import seal
from consultations import shopper, tasks
from consultations.models import Booking, FailedCheck, Slot, Specialist
from consultations.picker import FreeSlot
from consultations.services import locks, refusals
from consultations.services.bookings import book
from tests.conftest import AsUser
from tests.consultations.cast import DETAILS, NOW, TOMORROW, UNLISTED, a_host, booked, slot, unlist, verified
from tests.consultations.racing import assert_one_state, at_once, beside, deadlocks, kinds, member, standing, wants
from tests.html import assert_valid_html

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Reason, Which = FailedCheck.Reason, FailedCheck.Which

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shopper, "PAUSE", 0)


def offers(name: str, hours: int = 3, **fields: Any) -> Specialist:
    """A specialist with so many slots."""
    specialist = a_host(name, **fields)
    for number in range(hours):
        slot(specialist, TOMORROW + number * HOUR)
    return specialist


def found() -> list[tuple[str, str, str]]:
    rows = FailedCheck.objects.order_by("specialist__slug", "starts_at", "format")
    return [(row.specialist.slug, row.which, row.reason) for row in rows]


def everything() -> dict[str, list[Any]]:
    """All rows of all tables."""
    return {
        model._meta.db_table: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.managed
    }


def test_what_can_be_booked_is_no_fault_and_leaves_no_trace(
    mailoutbox: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    offers("plain")
    offers("many", 9, formats=["video"])
    booked(member("ana"), offers("some"), TOMORROW + 4 * HOUR)
    before = everything()
    assert shopper.shop(now=NOW) == shopper.Result(visited=3, skipped=0)
    assert everything() == before
    assert (mailoutbox, caplog.records) == ([], [])


def test_a_dry_run_books_nothing_and_a_booking_after_it_is_made(ana: User, cole: User) -> None:
    free = slot(verified(cole), TOMORROW)
    given: dict[str, Any] = {"client": member("noor"), "specialist_id": cole.pk, "slot_id": free.pk, "now": NOW}
    before = everything()
    for _ in range(7):  # more than anybody may book
        tried = book(**given, details=DETAILS, token=uuid.uuid4(), dry_run=True)
        assert (tried.slot, tried.starts_at) == (free, TOMORROW)
    assert everything() == before
    book(**given, details=DETAILS, token=uuid.uuid4())
    assert Booking.objects.count() == 1
    with pytest.raises(refusals.Taken):
        book(**given | {"client": member("other")}, details=DETAILS, token=uuid.uuid4(), dry_run=True)


def test_the_earliest_the_last_and_one_between_are_tried_by_every_way_to_meet() -> None:
    times = [FreeSlot(number, TOMORROW + number * HOUR) for number in range(9)]
    between = set()
    for _ in range(200):
        first, last, other = shopper.tries(times, ["video", "phone"])
        assert first == (Which.EARLIEST, times[0], "video")
        assert last == (Which.LAST, times[8], "phone")
        assert other[0] == Which.BETWEEN
        between.add(other.slot)
    assert between <= set(times[1:8])
    assert len(between) > 1
    assert [each.format for each in shopper.tries(times[:1], ["video", "phone", "text"])] == ["video", "phone", "text"]
    assert shopper.tries([], ["video"]) == []


def reopened(specialist: Specialist) -> None:
    """A meeting whose slot is open, as if `is_open` had been forgotten."""
    booked(member("ana"), specialist, TOMORROW + 5 * HOUR)
    Slot.objects.filter(specialist=specialist).update(is_open=True)


def elsewhere(specialist: Specialist) -> None:
    """The specialist is somebody's client at that hour."""
    booked(specialist.user, a_host("other"), TOMORROW)


def no_room(specialist: Specialist) -> None:
    """A way to meet without an address."""
    Specialist.objects.filter(pk=specialist.pk).update(formats=["video", "phone"])


def unreadable(specialist: Specialist) -> None:
    """Addresses that cannot be opened."""
    sealed = seal(member("ana"), Specialist.LABEL, specialist.pk, {"video": "https://meet.example"})
    Specialist.objects.filter(pk=specialist.pk).update(sealed_addresses=sealed)


def no_way(specialist: Specialist) -> None:
    """No way to meet at all."""
    Specialist.objects.filter(pk=specialist.pk).update(formats=[])


def refusing(specialist: Specialist, timing: str = "") -> None:
    """A rule of the database that no booking can keep."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'planted'; END $$;"
            f"CREATE CONSTRAINT TRIGGER planted AFTER INSERT ON consultations_booking {timing} "
            "FOR EACH ROW EXECUTE FUNCTION refuse()"
        )


refusing_at_the_end = partial(refusing, timing="DEFERRABLE INITIALLY DEFERRED")


@pytest.mark.parametrize(
    ("plant", "faults"),
    [
        (reopened, [(Which.LAST, Reason.TAKEN)]),
        (elsewhere, [(Which.EARLIEST, Reason.TAKEN)]),
        (no_room, [(Which.LAST, Reason.NO_ADDRESS)]),
        (unreadable, [(which, Reason.NO_ADDRESS) for which in (Which.EARLIEST, Which.BETWEEN, Which.LAST)]),
        (no_way, [(which, Reason.NO_ADDRESS) for which in (Which.EARLIEST, Which.BETWEEN, Which.LAST)]),
        (refusing, [(which, Reason.ERROR) for which in (Which.EARLIEST, Which.BETWEEN, Which.LAST)]),
        (refusing_at_the_end, [(which, Reason.ERROR) for which in (Which.EARLIEST, Which.BETWEEN, Which.LAST)]),
    ],
)
def test_each_planted_fault_is_found(plant: Any, faults: list[tuple[str, str]]) -> None:
    specialist = offers("ill")
    plant(specialist)
    shopper.shop(now=NOW)
    assert found() == [("ill", *fault) for fault in faults]
    assert set(FailedCheck.objects.values_list("found_at", flat=True)) == {NOW}


def test_one_fault_does_not_keep_the_others_from_being_visited() -> None:
    for name in ("a", "b", "c"):
        offers(name)
    no_way(Specialist.objects.get(slug="b"))
    assert shopper.shop(now=NOW) == shopper.Result(visited=3, skipped=0)
    assert {slug for slug, _which, _reason in found()} == {"b"}


def test_a_fault_stays_until_a_later_check_passes() -> None:
    specialist = offers("ill")
    no_room(specialist)
    tasks.check_bookings(int(NOW.timestamp()))
    tasks.check_bookings(int((NOW + DAY).timestamp()) - 3_600 * 13)
    assert found() == [("ill", Which.LAST, Reason.NO_ADDRESS)]
    Specialist.objects.update(formats=["video"])
    shopper.shop(now=NOW)
    assert found() == []


@pytest.mark.parametrize("fields", UNLISTED, ids=str)
def test_nobody_is_visited_who_is_not_listed_and_their_faults_go(fields: dict[str, Any]) -> None:
    specialist = offers("ill")
    no_way(specialist)
    shopper.shop(now=NOW)
    assert len(found()) == 3
    unlist(specialist, fields)
    assert shopper.shop(now=NOW) == shopper.Result(visited=0, skipped=0)
    assert found() == []
    assert shopper.visit(specialist.pk, NOW) == []  # unlisted just after the list was read


def test_whoever_is_fully_booked_or_gone_is_no_fault(cole: User) -> None:
    booked(member("ana"), verified(cole), TOMORROW)
    assert shopper.shop(now=NOW).visited == 1
    assert shopper.check(uuid.uuid4(), NOW, had_failed=True)
    assert found() == []


def test_a_visit_costs_the_same_however_much_is_offered() -> None:
    costs = []
    for number, hours in enumerate((3, 100)):
        specialist = offers(f"s{number}", hours)
        with CaptureQueriesContext(connection) as asked:
            assert shopper.visit(specialist.pk, NOW) == []
        costs.append(len(asked))
    assert costs[0] == costs[1] < 80, costs


def test_staff_read_what_fails_in_words_the_newest_first(dana: User, ben: User, as_user: AsUser) -> None:
    for number, name in enumerate(["first", "second"]):
        no_room(offers(name))
        shopper.check(Specialist.objects.get(slug=name).pk, NOW + number * HOUR, had_failed=False)
    danas, address = as_user(dana), reverse("admin:consultations_failedcheck_changelist")
    danas.get(address)
    with CaptureQueriesContext(connection) as few:
        page = danas.get(address).text
    assert_valid_html(page)
    assert page.index("Second") < page.index("First")
    for words in ("the last time", "Phone", "The address or number for this way to meet is missing"):
        assert words in page
    no_way(Specialist.objects.get(slug="first"))
    shopper.shop(now=NOW)
    with CaptureQueriesContext(connection) as many:
        danas.get(address)
    assert len(many) == len(few)
    assert as_user(ben).get(address).status_code == 302


class TestRaces:
    """Over real connections."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def one_state(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(locks, "LOCK_TIMEOUT", "60s")  # people may wait for each other on a busy machine
        others = standing()
        before = deadlocks(others)
        yield
        assert deadlocks(others) == before
        assert_one_state()
        assert not User.objects.filter(email__endswith="invalid").exists()

    @pytest.fixture
    def pool(self) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(1) as pool:
            yield pool

    def test_what_others_take_meanwhile_is_no_fault(self) -> None:
        specialist = offers("wanted", 12)
        free = list(specialist.slots.order_by("starts_at"))
        people = [wants(member(f"client-{number}"), free[number]) for number in range(12)]
        answers = at_once(*people, *[partial(shopper.shop, now=NOW)] * 4)
        assert kinds(answers) == {"Booking": 12, "Result": 4}
        assert found() == []

    def test_it_gives_way_and_comes_back(self, monkeypatch: pytest.MonkeyPatch, pool: ThreadPoolExecutor) -> None:
        busy, idle = offers("busy"), offers("idle")
        no_room(busy)
        no_room(idle)
        with transaction.atomic():
            locks.lock_specialist(busy.pk)
            start = perf_counter()
            assert pool.submit(in_its_own_connection, partial(shopper.shop, now=NOW)).result() == (1, 1)
            assert perf_counter() - start > shopper.ROUNDS * 0.2
        assert found() == [("idle", Which.LAST, Reason.NO_ADDRESS)]
        with transaction.atomic():
            locks.lock_specialist(busy.pk)
            monkeypatch.setattr(shopper, "LOCK_TIMEOUT", "60s")
            visit = beside(pool, partial(shopper.shop, now=NOW))
        assert visit.result() == (2, 0)
        assert found() == [(name, Which.LAST, Reason.NO_ADDRESS) for name in ("busy", "idle")]

    def test_nobody_else_ever_sees_it(self, monkeypatch: pytest.MonkeyPatch, pool: ThreadPoolExecutor) -> None:
        offers("wanted")
        seen: list[tuple[int, int]] = []
        asked = book

        def looked_at(**given: Any) -> Booking:
            made = asked(**given)
            count = partial(lambda: (User.objects.count(), Booking.objects.count()))
            seen.append(pool.submit(in_its_own_connection, count).result())
            return made

        monkeypatch.setattr(shopper, "book", looked_at)
        shopper.shop(now=NOW)
        assert seen == [(1, 0)] * 3


def in_its_own_connection(call: Any) -> Any:
    try:
        return call()
    finally:
        connection.close()
