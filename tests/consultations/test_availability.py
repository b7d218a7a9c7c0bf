"""When a specialist can be booked: the pure rules against a second reckoning, and against bookings for real."""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from accounts.models import User
from consultations.availability import (
    ByHand,
    Practice,
    Reason,
    Span,
    Spans,
    Taken,
    availability,
    away_until,
    in_the_way,
)
from consultations.models import Absence, DateOverride, Slot, Specialist, WeeklyHours
from consultations.models.bookings import Status
from consultations.services import refusals
from consultations.services.busy import mark_busy
from consultations.services.hours import CLOSED
from consultations.services.slots import close_slot, differing, generate
from consultations.slots import DAY, Override, Weekly
from consultations.times import DURATION
from lib.zones import offered
from tests.consultations.cast import booked, books, slot, verified
from tests.consultations.racing import member

CASES, BOOKED = 10_000, 200
QUARTER = timedelta(minutes=15)
DAYS = 2  # that a case looks at


@dataclass(frozen=True)
class Case:
    """A practice, what is by hand, elsewhere and booked, and the days in question."""

    practice: Practice
    zone: str
    first: date
    by_hand: ByHand
    busy: tuple[Span, ...]
    meetings: tuple[Span, ...]
    own: tuple[Span, ...]  # that the specialist has booked with a colleague

    @property
    def last(self) -> date:
        return self.first + (DAYS - 1) * DAY

    def answers(self) -> dict[datetime, Reason | None]:
        hand, busy, meetings, own = self.by_hand, self.busy, self.meetings, self.own
        return availability(self.practice, self.first, self.last, by_hand=hand, busy=busy, meetings=meetings, own=own)


@cache
def changes(zone: str) -> list[date]:
    """Days in 2026 to 2028 on which the clocks of a zone change."""
    here, first = ZoneInfo(zone), datetime(2026, 1, 1, 12, tzinfo=UTC)
    noons = [first + number * DAY for number in range(3 * 365)]
    return [
        noon.date() for noon in noons if noon.astimezone(here).utcoffset() != (noon - DAY).astimezone(here).utcoffset()
    ]


def cases(seed: int) -> Iterator[Case]:
    """Endless, the same for the same seed. Many are about days on which the clocks change."""
    chance = random.Random(seed)
    zones = offered()

    def ranges(most: int) -> tuple[tuple[int, int], ...]:
        edges = sorted(chance.sample(range(97), 2 * chance.randint(0, most)))
        return tuple((15 * start, 15 * end) for start, end in zip(edges[::2], edges[1::2], strict=True))

    while True:
        zone = chance.choice(zones)
        near = changes(zone)
        if near and chance.random() < 0.5:
            first = chance.choice(near) - chance.randint(0, DAYS) * DAY
        else:
            first = date(2026, 1, 1) + chance.randint(0, 1000) * DAY
        days = [first + number * DAY for number in range(-1, DAYS + 1)]
        monday = first - first.weekday() * DAY
        here = ZoneInfo(zone)
        midnight = datetime.combine(first, datetime.min.time(), here).astimezone(UTC)

        def moment(midnight: datetime = midnight) -> datetime:
            return midnight + chance.randint(-96, 96 * (DAYS + 1)) * QUARTER

        rules = [
            Weekly(
                day.weekday(),
                starts,
                ends,
                first + chance.randint(-20, 2) * DAY,
                chance.choice([None, first + chance.randint(2, 4) * DAY]),
                chance.choice([None, None, monday + chance.randint(-3, 3) * 7 * DAY]),
            )
            for day in days
            for starts, ends in ranges(2)
        ]
        meetings: list[Span] = []
        own: list[Span] = []
        for spans, most in ((meetings, chance.choice([0, 1, 3, 6])), (own, chance.choice([0, 0, 1, 2]))):
            for starts in (moment() for _ in range(most)):
                if not Spans([*meetings, *own]).overlap(starts):
                    spans.append((starts, starts + DURATION))
        absence = chance.choice(days), chance.choice(days)
        yield Case(
            practice=Practice(
                zone=here,
                hours=rules,
                overrides=[Override(day, ranges(2)) for day in chance.sample(days, chance.choice([0, 0, 1]))],
                absences=[(min(absence), max(absence))] if chance.random() < 0.2 else [],
                before=timedelta(minutes=chance.choice([0, 0, 5, 15, 40])),
                after=timedelta(minutes=chance.choice([0, 0, 10, 15])),
                most_a_day=chance.choice([None, None, 1, 2, 3]),
                most_a_week=chance.choice([None, None, 2, 4]),
            ),
            zone=zone,
            first=first,
            by_hand=ByHand(
                added=frozenset(moment() for _ in range(chance.choice([0, 0, 1]))),
                closed=frozenset(moment() for _ in range(chance.choice([0, 0, 2]))),
            ),
            busy=tuple((start, start + chance.randint(1, 9) * QUARTER) for start in [moment()][: chance.randint(0, 1)]),
            meetings=tuple(meetings),
            own=tuple(own),
        )


def by_watching_the_clock(case: Case) -> set[datetime]:
    """The times that are offered, reckoned step by step, with nothing of the code under test."""
    rules, shown = case.practice, set()
    made: list[datetime] = []
    moment = datetime(case.first.year, case.first.month, case.first.day, tzinfo=UTC) - timedelta(hours=15)
    while moment < datetime(case.last.year, case.last.month, case.last.day, tzinfo=UTC) + timedelta(hours=39):
        wall = moment.astimezone(rules.zone).replace(tzinfo=None)
        day, minute = wall.date(), wall.hour * 60 + wall.minute
        if case.first <= day <= case.last and wall not in shown:
            shown.add(wall)
            own = [one.ranges for one in rules.overrides if one.date == day]
            ranges = list(own[0]) if own else [(rule.starts, rule.ends) for rule in rules.hours if holds(rule, day)]
            if any(a <= minute <= b - 30 and (minute - a) % 30 == 0 for a, b in ranges):
                is_away = any(first <= day <= last for first, last in rules.absences)
                if not is_away and (not made or moment - made[-1] >= 2 * QUARTER):
                    made.append(moment)
        moment += QUARTER
    hand = case.by_hand.added | case.by_hand.closed
    made = [start for start in made if all(abs(start - other) >= DURATION for other in hand)]
    single = [one for one in case.by_hand.added - case.by_hand.closed if case.first <= local(case, one) <= case.last]
    return {start for start in (*made, *single) if is_free(case, start)}


def holds(rule: Weekly, day: date) -> bool:
    if rule.weekday != day.weekday() or day < rule.valid_from or (rule.valid_to is not None and day > rule.valid_to):
        return False
    return rule.anchor is None or (day - day.weekday() * DAY - rule.anchor).days % 14 == 0


def local(case: Case, moment: datetime) -> date:
    return moment.astimezone(case.practice.zone).date()


def is_free(case: Case, start: datetime) -> bool:
    rules, end, day = case.practice, start + DURATION, local(case, start)
    if any(first <= day <= last for first, last in rules.absences):
        return False
    if any(start < ends and begins < end for begins, ends in (*case.busy, *case.own)):
        return False
    for begins, ends in case.meetings:
        earlier_ends, later_begins = (ends, start) if begins <= start else (end, begins)
        if later_begins < earlier_ends + rules.after + rules.before:
            return False
    days = [local(case, begins) for begins, _ends in case.meetings]
    if rules.most_a_day is not None and days.count(day) >= rules.most_a_day:
        return False
    weeks = [one.isocalendar()[:2] for one in days]
    return rules.most_a_week is None or weeks.count(day.isocalendar()[:2]) < rules.most_a_week


def test_ten_thousand_practices_offer_what_a_second_reckoning_says() -> None:
    reasons: set[Reason | None] = set()
    for number, case in zip(range(CASES), cases(15), strict=False):
        answers = case.answers()
        reasons.update(answers.values())
        assert {start for start, reason in answers.items() if reason is None} == by_watching_the_clock(case), number
    ways = {Reason.BOOKED, Reason.OWN_MEETING, Reason.CLOSED, Reason.AWAY, Reason.BUSY, Reason.BUFFER}
    assert reasons == ways | {Reason.DAY_FULL, Reason.WEEK_FULL, None}


def put(case: Case, people: list[User], host: User, colleague: User, now: datetime) -> Specialist:
    """Store a case; its slots follow from the rows."""
    rules = case.practice
    mara = verified(
        host,
        timezone=case.zone,
        notice_hours=0,
        buffer_before=rules.before // timedelta(minutes=1),
        buffer_after=rules.after // timedelta(minutes=1),
        most_a_day=rules.most_a_day,
        most_a_week=rules.most_a_week,
    )
    for rule in rules.hours:
        WeeklyHours.objects.create(specialist=mara, **asdict(rule))
    for override in rules.overrides:
        for starts, ends in override.ranges or CLOSED:
            DateOverride.objects.create(specialist=mara, date=override.date, starts=starts, ends=ends)
    for first, last in rules.absences:
        Absence.objects.create(id=uuid4(), specialist=mara, first=first, last=last, sealed=b"")
    for client, (starts_at, _ends) in zip(people, case.meetings, strict=False):
        booking = booked(client, mara, starts_at, status=Status.BOOKED, made_at=now - 60 * DAY)
        Slot.objects.filter(bookings=booking).delete()  # the hours may make one
    if case.own:
        other = verified(colleague)
        for starts_at, _ends in case.own:
            booked(host, other, starts_at, status=Status.COMPLETED)
    for starts_at in case.by_hand.added | case.by_hand.closed:
        single = slot(mara, starts_at, is_open=False)
        if starts_at in case.by_hand.closed:
            close_slot(specialist_id=mara.pk, slot_id=single.pk)
    generate(specialist_id=mara.pk, now=now)
    return mara


def compare(case: Case, mara: Specialist, now: datetime) -> None:
    """The open slots of these days are those that the pure rules offer, and `check_slots` agrees."""
    rows = Slot.objects.filter(specialist=mara, is_open=True).values_list("starts_at", flat=True)
    opened = {start for start in rows if case.first <= local(case, start) <= case.last}
    assert opened == {start for start, reason in case.answers().items() if reason is None}
    assert not [row for row in differing(now) if case.first <= local(case, row[2]) <= case.last]


@pytest.mark.django_db
def test_what_is_offered_can_be_booked_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [member(f"client{number}") for number in range(6)]
    host, colleague, newcomer = member("host"), member("colleague"), member("newcomer")
    chance, tried, refused = random.Random(4), 0, 0
    for case in cases(16):
        if tried == BOOKED:
            break
        if any(a.weekday == b.weekday and a is not b for a in case.practice.hours for b in case.practice.hours):
            hours = {rule.weekday: rule for rule in case.practice.hours}  # the database refuses those that overlap
            case = replace(case, practice=replace(case.practice, hours=list(hours.values())))
        offers = sorted(start for start, reason in case.answers().items() if reason is None)
        if not offers:
            continue
        tried += 1
        now = datetime(case.first.year, case.first.month, case.first.day, tzinfo=UTC) - 3 * DAY
        monkeypatch.setattr("consultations.services.slots.busy_ranges", lambda *_of, case=case: [*case.busy])
        with transaction.atomic():
            mara = put(case, people, host, colleague, now)
            compare(case, mara, now)
            for closed in Slot.objects.filter(specialist=mara, is_open=False).order_by("?")[:2]:
                refused += 1
                with pytest.raises((refusals.Taken, refusals.Gone)):
                    books(newcomer, closed, now=now)
            chosen = chance.choice(offers)
            books(newcomer, mara.slots.get(starts_at=chosen), now=now)
            compare(replace(case, meetings=(*case.meetings, (chosen, chosen + DURATION))), mara, now)
            transaction.set_rollback(True)
    assert refused > BOOKED


@pytest.mark.django_db
def test_busy_times_close_slots_and_what_they_leave_opens_again(
    cole: User, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    at = [datetime(2026, 11, 25, 9, tzinfo=UTC) + number * DURATION for number in range(4)]
    mara = verified(cole)
    one, two, three, four = (slot(mara, start) for start in at)
    taken = books(member("noor"), two, now=now)
    elsewhere: list[Span] = [(at[0] + QUARTER, at[2] + timedelta(minutes=1))]
    monkeypatch.setattr("consultations.services.busy.busy_ranges", lambda *_of: elsewhere)

    def states() -> list[tuple[bool, bool]]:
        return [(row.busy, row.is_open) for row in mara.slots.order_by("starts_at")]

    mark_busy(specialist_id=mara.pk, now=now)
    assert states() == [(True, False), (True, False), (True, False), (False, True)]
    assert not list(differing(now))
    with pytest.raises(refusals.Gone):
        books(ana, three, now=now)
    taken.refresh_from_db()
    assert taken.status == Status.BOOKED
    elsewhere.clear()
    mark_busy(specialist_id=mara.pk, now=now)
    assert states() == [(False, True), (False, False), (False, True), (False, True)]
    assert {one.pk, three.pk, four.pk} == {row.pk for row in mara.slots.filter(is_open=True)}


def test_spans_that_touch_are_not_in_each_others_way() -> None:
    start = datetime(2026, 11, 25, 9, tzinfo=UTC)
    spans = Spans([(start, start + DURATION), (start + DURATION, start + 2 * DURATION)])
    assert [spans.overlap(start + number * DURATION) for number in (-1, 0, 1, 2)] == [False, True, True, False]
    assert not in_the_way(start - DURATION, Taken(Practice(UTC), [(start, start + DURATION)]))


def test_away_until_joins_absences_that_follow_each_other() -> None:
    day = date(2026, 12, 1)
    days = [(day - DAY, day + DAY), (day + 2 * DAY, day + 3 * DAY), (day + 5 * DAY, day + 6 * DAY)]
    assert away_until(days, day) == day + 4 * DAY
    assert away_until(days, day + 4 * DAY) is None
    assert away_until([], day) is None
