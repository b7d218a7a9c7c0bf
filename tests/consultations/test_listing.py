"""Who is listed, in which order, and at what cost for the database."""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from consultations import listing
from consultations.listing import Key, Wanted
from consultations.models import Absence, Block, Booking, Slot, Specialist
from consultations.models.hours import back_on
from consultations.models.profiles import ACCOUNT_LISTED, PROFILE_LISTED, are_reachable
from consultations.times import HORIZON, LISTED_WITHIN, SOON, THIS_WEEK
from tests.consultations.cast import NOW, UNLISTED, a_host, booked, fully_booked, slot, unlist, verified
from tests.consultations.sql_conditions import conditions

HOUR, WEEK = timedelta(hours=1), 24 * 7

# Conditions of SOONEST that only make it faster: where the scan of the index begins. Each specialist's own notice,
# which it asks for too, is at least as long as the shortest; with anybody's notice it would begin earlier.
OPTIMISATIONS = [
    "status = 'verified'",
    "free.starts_at >= %(now)s + interval '1 hour' * ( SELECT notice_hours FROM consultations_specialist "
    "WHERE status = 'verified' ORDER BY notice_hours LIMIT 1 )",
]


@pytest.fixture
def people(db: None) -> list[Specialist]:
    """Thirty specialists with varied notice, languages and slots, next to those who must not be listed."""
    chance = random.Random(4)
    rows = []
    for number in range(30):
        user = User.objects.create_user(f"s{number}@example.org")
        row = verified(
            user,
            languages=chance.sample(["en", "pt", "de"], chance.randint(1, 2)),
            themes=chance.sample(["balance", "refusals", "pressure"], chance.randint(1, 2)),
            formats=chance.sample(["video", "phone", "text"], chance.randint(1, 2)),
            notice_hours=chance.choice([0, 12, 48, 100]),
        )
        for half in chance.sample(range(-48, 48 * 20), chance.choice([0, 2, 9])):
            slot(row, NOW + timedelta(minutes=30 * half), is_open=chance.random() < 0.6)
        slot(row, NOW + timedelta(days=27), is_open=False)
        rows.append(row)
    for number, fields in enumerate(UNLISTED):
        slot(row := a_host(f"unlisted{number}"), NOW + timedelta(days=1))
        unlist(row, fields)
        unlist(fully_booked(a_host(f"timeless{number}")), fields)
    return rows


def test_every_condition_of_being_listed_has_its_opposite() -> None:
    assert {field for fields in UNLISTED for field in fields} == PROFILE_LISTED.keys() | ACCOUNT_LISTED.keys()


def are_listed(specialist: Specialist, user: User) -> bool:
    return are_reachable(specialist, user) and Specialist.objects.listed().filter(pk=specialist.pk).exists()


def straightforward(viewer: User, wanted: Wanted, after: Key | None = None) -> list[tuple[object, ...]]:
    """The same list computed row by row, as a reference: start, specialist, slot, day of return, met."""
    met = {one.specialist_id for one in Booking.objects.of_client(viewer).met(NOW)}
    blocked = {(block.owner_id, block.other_id) for block in Block.objects.all()}
    hours = listing.PARTS.get(wanted.part, (0, 24))
    found = []
    for row in Specialist.objects.select_related("user"):
        asked = [(wanted.language, row.languages), (wanted.theme, row.themes), (wanted.format, row.formats)]
        if any(value and value not in offered for value, offered in asked) or not are_listed(row, row.user):
            continue
        if wanted.any_theme and not {*wanted.any_theme} & {*row.themes}:
            continue
        if row.pk in met and (wanted.within or wanted.part or wanted.weekday):
            continue
        if row.pk == viewer.pk or {(row.pk, viewer.pk), (viewer.pk, row.pk)} & blocked:
            continue
        free = []
        for one in Slot.objects.filter(specialist=row, is_open=True).order_by("starts_at"):
            here = timezone.localtime(one.starts_at)
            until = NOW + (THIS_WEEK if wanted.within else SOON)
            far = NOW + timedelta(hours=row.notice_hours) <= one.starts_at < until
            if far and hours[0] <= here.hour < hours[1] and wanted.weekday in {None, here.isoweekday()}:
                free.append(one)
        if free and (after is None or (free[0].starts_at, row.pk) > (after.starts_at, after.specialist)):
            away = [absence.last + timedelta(days=1) for absence in row.absences.all() if absence.first <= NOW.date()]
            found.append((free[0].starts_at, row.pk, free[0].pk, max(away, default=None), row.pk in met))
    return sorted(found)


def queried(viewer: User, wanted: Wanted, after: Key | None = None) -> list[tuple[object, ...]]:
    """The same from the query under test."""
    rows = listing.soonest(viewer, wanted, NOW, after, most=99)
    return [(row.starts_at, row.pk, row.slot_id, back_on(row, NOW), row.met) for row in rows]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/Los_Angeles"])
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(language="pt"),
        Wanted(theme="refusals", format="phone"),
        Wanted(part="morning"),
        Wanted(part="afternoon"),
        Wanted(part="evening", weekday=3),
        Wanted(weekday=1),
        Wanted(language="en", theme="balance", part="evening"),
        Wanted(language="yo"),
        Wanted(within="week"),
        Wanted(within="week", part="evening", language="pt"),
        Wanted(any_theme=("refusals", "pressure")),
    ],
)
def test_the_soonest_are_those_of_a_straightforward_reckoning(
    ana: User, people: list[Specialist], wanted: Wanted, zone: str
) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert queried(ana, wanted) == straightforward(ana, wanted)


def test_turning_the_pages_shows_everybody_once(
    ana: User, people: list[Specialist], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 4)
    seen: list[Specialist] = []
    after: Key | None = None
    while True:
        listed = listing.list_specialists(ana, Wanted(), NOW, after=after)
        seen += [card.specialist for card in listed.cards]
        after = listed.after and Key.read(str(listed.after))
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 30
    soonest = [row.pk for row in listing.soonest(ana, Wanted(), NOW, most=99)]
    assert len(soonest) < 30
    assert [row.pk for row in seen[: len(soonest)]] == soonest


def test_several_at_the_same_time_are_told_apart_by_the_key(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    for number in range(5):
        slot(verified(User.objects.create_user(f"s{number}@example.org")), NOW + timedelta(days=1))
    first = listing.list_specialists(ana, Wanted(), NOW)
    second = listing.list_specialists(ana, Wanted(), NOW, after=first.after)
    third = listing.list_specialists(ana, Wanted(), NOW, after=second.after)
    assert len({card.specialist for page in (first, second, third) for card in page.cards}) == 5
    assert third.after is None


@pytest.mark.parametrize(
    "text", ["", "x", "-", "1-", "x-" + "0" * 32, "99999999999999999-" + "0" * 32, "²-" + "0" * 32]
)
def test_a_key_that_was_not_written_here_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Key.read(text)


def test_a_key_is_read_as_it_was_written(people: list[Specialist]) -> None:
    for key in (Key(people[0].pk, datetime(2026, 11, 24, 9, 30, tzinfo=UTC)), Key(people[1].pk, None)):
        assert Key.read(str(key)) == key


def test_the_list_is_ordered_for_good(ana: User) -> None:
    assert listing.without_slots(ana, Wanted(), NOW).totally_ordered


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(language="en")])
def test_the_soonest_are_read_along_the_index_of_open_slots(ana: User, wanted: Wanted) -> None:
    """On a table large enough for the planner to have a choice: no sort of all slots, no sequential scan."""
    with connection.cursor() as cursor:
        people = [User.objects.create_user(f"s{number}@example.org") for number in range(300)]
        for user in people:
            verified(user)
        Slot.objects.bulk_create(
            Slot(
                specialist_id=user.pk,
                starts_at=(first := NOW + timedelta(hours=1 + 7 * each)),
                ends_at=first + timedelta(minutes=30),
            )
            for user in people
            for each in range(80)
        )
        cursor.execute("ANALYZE")
        found = listing.soonest(ana, wanted, NOW, most=listing.PAGE + 1)
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {found.raw_query}", found.params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "slot_soonest" in plan, plan
    assert "Sort" not in plan, plan
    assert "Seq Scan on consultations_slot" not in plan, plan


class TestTimes:
    """Whoever has no time to be booked is not in the list."""

    def listed(self, now: datetime = NOW) -> set[str]:
        return set(Specialist.objects.listed(now).values_list("slug", flat=True))

    @pytest.mark.parametrize(
        ("starts_at", "fields", "listed"),
        [
            (NOW, {}, True),
            (NOW - timedelta.resolution, {}, False),
            (NOW + LISTED_WITHIN - timedelta.resolution, {}, True),
            (NOW + LISTED_WITHIN, {}, False),
            (NOW + timedelta(days=1), {"is_open": False}, True),  # booked
            (NOW + timedelta(days=1), {"is_open": False, "closed": True}, False),
            (NOW + timedelta(days=1), {"is_open": False, "busy": True}, False),
        ],
    )
    def test_a_time_booked_or_free_within_four_weeks_lists(
        self, cole: User, starts_at: datetime, fields: dict[str, Any], listed: bool
    ) -> None:
        slot(row := verified(cole), starts_at, **fields)
        assert self.listed() == ({"cole"} if listed else set())
        assert are_listed(row, cole) == listed
        assert set(Specialist.objects.reachable()) == {row}

    @pytest.mark.parametrize(
        ("zone", "first_moment", "after"),
        [
            ("UTC", datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)),
            ("Pacific/Auckland", datetime(2026, 11, 24, 11, tzinfo=UTC), datetime(2026, 11, 27, 11, tzinfo=UTC)),
            ("America/Los_Angeles", datetime(2026, 11, 25, 8, tzinfo=UTC), datetime(2026, 11, 28, 8, tzinfo=UTC)),
        ],
    )
    def test_whoever_is_away_is_listed_on_these_days_of_their_own(
        self, cole: User, zone: str, first_moment: datetime, after: datetime
    ) -> None:
        days = {"first": date(2026, 11, 25), "last": date(2026, 11, 27)}
        Absence.objects.create(specialist=verified(cole, timezone=zone), sealed=b"", **days)
        before, last = first_moment - timedelta.resolution, after - timedelta.resolution
        assert [bool(self.listed(now)) for now in (before, first_moment, last, after)] == [False, True, True, False]

    @pytest.mark.parametrize("fields", UNLISTED, ids=str)
    def test_times_alone_list_nobody(self, cole: User, fields: dict[str, Any]) -> None:
        slot(row := verified(cole), NOW + timedelta(days=1))
        Absence.objects.create(specialist=row, sealed=b"", first=NOW.date(), last=NOW.date())
        assert self.listed() == {"cole"}
        unlist(row, fields)
        assert self.listed() == set()
        cole.refresh_from_db()
        assert not are_listed(Specialist.objects.get(), cole)

    def test_those_without_a_free_time_are_found_along_the_index(self, ana: User) -> None:
        """On a table large enough for the planner to have a choice; each is decided by the first row of the index.

        Where earlier tests have left dead rows in the smaller index, the planner takes that of all slots instead.
        """
        for number in range(300):
            verified(User.objects.create_user(f"s{number}@example.org"))
        Slot.objects.bulk_create(
            Slot(specialist_id=pk, starts_at=start, ends_at=start + timedelta(minutes=30), is_open=False)
            for pk in Specialist.objects.values_list("pk", flat=True)
            for start in (NOW + timedelta(hours=1 + 7 * each) for each in range(80))
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            plan = listing.without_slots(ana, Wanted(), NOW)[:13].explain(analyze=True, timing=False)
        assert re.search(r"using (slot_of_listed|slot_unique) on consultations_slot [^\n]*actual rows=1.00", plan), plan
        assert "Seq Scan on consultations_slot" not in plan, plan


def host(name: str, *hours: int, closed: tuple[int, ...] = (), **fields: object) -> Specialist:
    """A specialist with slots at these hours from now."""
    row = a_host(name, **fields)
    for hour in (*hours, *closed):
        slot(row, NOW + hour * HOUR, is_open=hour in hours)
    return row


def away(name: str, *hours: int) -> Specialist:
    """The same, who is absent today and tomorrow."""
    row = host(name, *hours)
    Absence.objects.create(specialist=row, first=NOW.date(), last=NOW.date() + timedelta(days=1), sealed=b"")
    return row


@pytest.fixture
def viewer(db: None) -> User:
    """The viewer, who is a specialist with a slot too."""
    return host("viewer", 24).user


def encounters(viewer: User) -> list[Specialist]:
    """Specialists with whom somebody has a booking, by what distinguishes it."""
    with_bookings: list[tuple[User, float, dict[str, Any], dict[str, Any]]] = [
        (viewer, -30, {"status": "completed"}, {}),
        (viewer, -31, {"status": "completed"}, {"allows_another": True}),
        (viewer, -32, {}, {}),
        (viewer, -33, {}, {"allows_another": True}),
        (viewer, -34, {"status": "client_no_show"}, {}),
        (viewer, 35, {}, {}),
        (viewer, -0.25, {}, {}),
        (viewer, -37, {"status": "cancelled_by_client"}, {}),
        (viewer, 38, {"status": "cancelled_by_client"}, {}),
        (User.objects.create_user("another@example.org"), -36, {"status": "completed"}, {}),
    ]
    rows = []
    for number, (client, hour, fields, profile) in enumerate(with_bookings):
        rows.append(row := host(f"encounter{number}", 25, **profile))
        starts_at = NOW + hour * HOUR
        booked(client, row, starts_at, slot=slot(row, starts_at, is_open=False), **fields)
    return rows


@pytest.fixture
def cast(viewer: User) -> dict[str, Specialist]:
    """For each condition of the queries, a specialist or slot that only this condition excludes."""
    people = [
        host("plain", 24, 30, 60, 70),
        host("talks", 25, languages=["pt"]),
        host("refuses", 25, themes=["refusals"]),
        host("calls", 25, formats=["phone"]),
        host("slow", 30, 50, notice_hours=48),
        host("taken", 27, 60, closed=(20, 40)),
        host("evenings", 34, 48, 58, 72),
        away("away", 40),
        host("ending", 26, 2 * WEEK),
        host("later", 2 * WEEK, 6 * WEEK),
    ]
    for number, fields in enumerate(UNLISTED):
        people.append(row := host(f"unlisted{number}", 25))
        unlist(row, fields)
    stranger = User.objects.create_user("stranger@example.org")
    for name, other in {"viewer": viewer, "stranger": stranger}.items():
        people += [blocked := host(f"blocked-by-{name}", 25), blocks := host(f"blocks-{name}", 25)]
        Block.objects.create(owner=other, other=blocked.user, made_at=NOW)
        Block.objects.create(owner=blocks.user, other=other, made_at=NOW)
    people += encounters(viewer)
    return {row.slug: row for row in people}


def without_effect(monkeypatch: pytest.MonkeyPatch, name: str, answers: Callable[[], object]) -> list[str]:
    """The conditions that can be removed from a query without changing any answer."""
    sql, whole = getattr(listing, name), answers()
    survivors = []
    for condition in conditions(sql):
        monkeypatch.setattr(listing, name, condition.taken_away(sql))
        if answers() == whole:
            survivors.append(condition.text(sql))
    return survivors


def test_each_condition_of_the_list_keeps_something_out(
    viewer: User, cast: dict[str, Specialist], monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = [Wanted(language="pt"), Wanted(theme="refusals"), Wanted(format="phone"), Wanted(any_theme=("refusals",))]
    asked: list[tuple[Wanted, Key | None]] = [
        (wanted, None) for wanted in (Wanted(), *offers, Wanted(part="morning"), Wanted(within="week"))
    ]
    asked.append((Wanted(), Key(cast["taken"].pk, NOW + 27 * HOUR)))
    for wanted, after in asked:
        assert queried(viewer, wanted, after) == straightforward(viewer, wanted, after)
    survivors = without_effect(monkeypatch, "SOONEST", lambda: [queried(viewer, *each) for each in asked])
    assert survivors == OPTIMISATIONS


def test_each_condition_of_a_profile_keeps_something_out(
    viewer: User, cast: dict[str, Specialist], monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown() -> dict[str, tuple[Any, ...]]:
        """Of each profile that there is: the day of return, whether it is blocked, and the meeting that it names."""
        found = {slug: listing.profile(viewer, slug, NOW) for slug in [*cast, "viewer", "nobody"]}
        return {
            slug: (row.slug, back_on(row, NOW), row.is_blocked, row.booking_id, row.booking_starts_at)
            for slug, row in found.items()
            if row
        }

    whole = shown()
    assert whole.keys() == {slug for slug in [*cast, "viewer"] if not slug.startswith("unlisted")}
    assert [slug for slug in whole if whole[slug][2]] == ["blocked-by-viewer"]
    named = {slug: (starts_at - NOW) / HOUR for slug, (*_, starts_at) in whole.items() if starts_at}
    assert named == {"encounter0": -30, "encounter2": -32, "encounter5": 35}
    assert without_effect(monkeypatch, "PROFILE", shown) == ["true"]  # of the join


def test_each_condition_of_the_free_slots_keeps_something_out(
    viewer: User, cast: dict[str, Specialist], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = cast["plain"].slots.order_by("starts_at")[1].pk

    def hours() -> dict[str, list[float]]:
        found = {slug: listing.free_slots(viewer, row, NOW) for slug, row in cast.items()}
        found["chosen"] = listing.free_slots(viewer, cast["plain"], NOW, slot_id=chosen)
        return {slug: [(slot.starts_at - NOW) / HOUR for slot in slots] for slug, slots in found.items()}

    assert HORIZON == 6 * WEEK * HOUR
    assert {slug: slots for slug, slots in hours().items() if slots != [25]} == {
        "plain": [24, 30, 60, 70],
        "chosen": [30],
        "slow": [50],
        "taken": [27, 60],
        "evenings": [34, 48, 58, 72],
        "away": [40],
        "ending": [26, 2 * WEEK],
        "later": [2 * WEEK],
        "blocked-by-viewer": [],
        "blocks-viewer": [],
    }
    assert without_effect(monkeypatch, "FREE_SLOTS", hours) == []


def test_conditions_are_found_at_every_depth() -> None:
    sql = "SELECT f(a, b) FROM t JOIN u ON x = y WHERE (a OR (b AND c)) AND NOT EXISTS (SELECT FROM v WHERE d) LIMIT e"
    assert {(one.text(sql), one.neutral) for one in conditions(sql)} == {
        ("x = y", "TRUE"),
        ("a", "FALSE"),
        ("(b AND c)", "FALSE"),
        ("b", "TRUE"),
        ("c", "TRUE"),
        ("(a OR (b AND c))", "TRUE"),
        ("d", "TRUE"),
        ("NOT EXISTS (SELECT FROM v WHERE d)", "TRUE"),
    }
