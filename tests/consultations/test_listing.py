"""Who is listed, in which order, and what the database reads for it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from consultations import listing
from consultations.listing import Key, Wanted
from consultations.models import Slot, Specialist
from tests.consultations.cast import NOW, slot, verified

type Make = Callable[[int], list[Specialist]]


@pytest.fixture
def people(db: None) -> list[Specialist]:
    """Thirty specialists with all kinds of notice, languages and times."""
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
        rows.append(row)
    return rows


def straightforward(wanted: Wanted) -> list[tuple[datetime, str]]:
    """The same list, reckoned row by row."""
    found = []
    hours = listing.PARTS.get(wanted.part, (0, 24))
    for row in Specialist.objects.all():
        asked = [(wanted.language, row.languages), (wanted.theme, row.themes), (wanted.format, row.formats)]
        if any(value and value not in offered for value, offered in asked):
            continue
        free = []
        for time in Slot.objects.filter(specialist=row, is_open=True):
            here = timezone.localtime(time.starts_at)
            far = NOW + timedelta(hours=row.notice_hours) <= time.starts_at < NOW + timedelta(days=14)
            if far and hours[0] <= here.hour < hours[1] and wanted.weekday in {None, here.isoweekday()}:
                free.append(time.starts_at)
        if free:
            found.append((min(free), str(row.pk)))
    return sorted(found)


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
    ],
)
def test_the_soonest_are_those_of_a_straightforward_reckoning(
    ana: User, people: list[Specialist], wanted: Wanted, zone: str
) -> None:
    with timezone.override(ZoneInfo(zone)):
        found = [(row.next_starts[0], str(row.pk)) for row in listing.soonest(ana, wanted, NOW, most=99)]
        assert found == straightforward(wanted)


def test_turning_the_pages_shows_everybody_once(
    ana: User, people: list[Specialist], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 4)
    seen: list[Specialist] = []
    after: Key | None = None
    while True:
        listed = listing.list_specialists(ana, Wanted(), NOW, after=after)
        seen += [card.specialist for card in listed.cards]
        assert all(len(card.times) <= listing.NEXT_TIMES for card in listed.cards)
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
    assert listing.without_times(ana, Wanted(), NOW).totally_ordered


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(language="en")])
def test_the_soonest_are_read_along_the_index_of_open_times(ana: User, wanted: Wanted) -> None:
    """On a table that is large enough for a choice: no sort of everybody's times, and no reading of the whole table."""
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
