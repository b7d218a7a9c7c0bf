"""Months, the list, the calendar, search, and earlier answers to the same question."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from journal import reading, services
from journal.content import Content
from journal.models import Entry
from journal.months import Month, day_of, month_of
from journal.reading import Wanted, entries, find_entries, list_entries, month_calendar, then_and_now
from tests.journal.written import NOW, written

MARCH = Month(date(2026, 3, 1))
ASKED = Content(prompt="balance-1", theme="balance", question="What did I give?", steps=("Things.",), texts=("Tea.",))


def texts(opened: list[reading.Opened]) -> list[str]:
    return [one.content.texts[0] if one.content else "closed" for one in opened]


def listed_texts(owner: User) -> list[str]:
    return [text for group in list_entries(owner, entries(owner)).months for text in texts(list(group.entries))]


def found_texts(owner: User, **wanted: object) -> list[str]:
    return texts(list(find_entries(owner, Wanted(**wanted)).entries))  # type: ignore[arg-type]


def break_seal(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(sealed=b"\x01" + bytes(99))


@pytest.mark.parametrize("text", ["", "2026-13", "2026-1", "1899-12", "2101-01", "26-01", "2026-11-02", "٢٠٢٦-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        month_of(text)
    assert month_of("2026-11") == Month(date(2026, 11, 1))


@pytest.mark.parametrize("text", ["", "2026-02-30", "20260301", "2026-W01-1", "1899-12-31", "2101-01-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of(text)
    assert day_of("2028-02-29") == date(2028, 2, 29)


def test_months_follow_each_other_within_the_years_an_entry_can_have() -> None:
    assert MARCH.earlier == Month(date(2026, 2, 1))
    assert MARCH.later == Month(date(2026, 4, 1))
    assert Month(date(2026, 12, 1)).later == Month(date(2027, 1, 1))
    assert month_of("1900-01").earlier is None
    assert month_of("2100-12").later is None


def test_weeks_go_from_monday_to_sunday_and_count_entries() -> None:
    weeks = MARCH.weeks({date(2026, 3, 1): 4}, date(2026, 3, 31))
    assert [day.date.day if day else 0 for day in weeks[0]] == [0, 0, 0, 0, 0, 0, 1]
    sunday = weeks[0][6]
    assert sunday
    assert (sunday.entries, sunday.dots, sunday.today) == (4, 3, False)
    assert [day.today for week in weeks for day in week if day].count(True) == 1
    assert sum(day is not None for week in weeks for day in week) == 31


def test_the_list_goes_by_month_newest_first_and_follows_an_entry(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 3)
    for number in range(7):
        written(ana, f"Page {number}.", at=NOW - timedelta(days=10 * (number // 2)))
    seen: list[uuid.UUID] = []
    rows = entries(ana)
    for size in (3, 3, 1):
        listed = list_entries(ana, rows)
        shown = [entry.row.pk for group in listed.months for entry in group.entries]
        assert len(shown) == size
        seen += shown
        rows = reading.after(entries(ana), ana, seen[-1])
    assert listed.older is None
    assert seen == list(entries(ana).values_list("pk", flat=True))
    assert [group.month.first.month for group in list_entries(ana, entries(ana)).months] == [3, 2]


def test_a_list_goes_on_behind_an_entry_that_is_in_the_bin_by_now(ana: User, ben: User) -> None:
    older, newer = written(ana, "Older.", at=NOW - timedelta(days=1)), written(ana)
    services.bin_entry(owner=ana, entry_id=newer.pk, now=NOW)
    assert [row.pk for row in reading.after(entries(ana), ana, newer.pk)] == [older.pk]
    assert not reading.after(entries(ana), ana, written(ben).pk).exists()


def test_pinned_entries_stand_above_the_others_and_not_among_them(ana: User) -> None:
    written(ana, "Pinned.", at=NOW - timedelta(days=99), pinned=True)
    written(ana, "New.")
    listed = list_entries(ana, reading.without_at_hand(entries(ana), ana), at_hand=True)
    assert texts(list(listed.at_hand)) == ["Pinned."]
    assert [texts(list(group.entries)) for group in listed.months] == [["New."]]


def test_pinned_entries_that_have_no_room_above_are_in_the_list(ana: User) -> None:
    for number in range(reading.AT_HAND + 1):
        written(ana, f"Pinned {number}.", at=NOW - timedelta(days=number), pinned=True)
    listed = list_entries(ana, reading.without_at_hand(entries(ana), ana), at_hand=True)
    assert len(listed.at_hand) == reading.AT_HAND
    assert [texts(list(group.entries)) for group in listed.months] == [[f"Pinned {reading.AT_HAND}."]]


def test_an_entry_that_cannot_be_opened_hides_none_of_the_others(ana: User) -> None:
    break_seal(written(ana, "Broken."))
    written(ana, "Whole.", at=NOW - timedelta(hours=1))
    assert listed_texts(ana) == ["closed", "Whole."]
    found = find_entries(ana, Wanted(words=("whole",)))
    assert (texts(list(found.entries)), found.closed) == (["Whole."], 1)


def test_only_ones_own_entries_outside_the_bin_are_listed_found_and_counted(ana: User, ben: User) -> None:
    written(ben, "Tea.")
    services.bin_entry(owner=ana, entry_id=written(ana, "Tea.").pk, now=NOW)
    assert listed_texts(ana) == []
    assert found_texts(ana, words=("tea",)) == []
    assert month_calendar(ana, MARCH, NOW.date()).entries == 0


def test_first_lines_follow_the_heading(ana: User) -> None:
    written(ana, "One line.\n\nAnother  line.")
    [free] = [entry for group in list_entries(ana, entries(ana)).months for entry in group.entries]
    assert (free.heading, free.lines) == ("One line.", "Another line.")
    long = reading.Opened(free.row, Content(texts=("word " * 200,)))
    assert long.heading.endswith("word…")
    assert long.lines.startswith("word word")
    assert long.lines.endswith("word…")
    asked = reading.Opened(free.row, ASKED)
    assert (asked.heading, asked.lines) == ("What did I give?", "Tea.")


def test_a_change_of_zone_moves_no_entry(ana: User) -> None:
    ana.timezone = "Europe/Berlin"
    early = written(ana, "Early.", at=datetime(2026, 2, 28, 23, 30, tzinfo=UTC))
    written(ana, "Late.", at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC))
    for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"):
        ana.timezone = name
        with timezone.override(ZoneInfo(name)):
            assert month_calendar(ana, MARCH, date(2026, 3, 1)).entries == 2
            assert entries(ana, first=date(2026, 3, 1), last=date(2026, 3, 1)).count() == 2
            assert list_entries(ana, entries(ana)).newest == date(2026, 3, 1)
    assert Entry.objects.get(pk=early.pk).local == datetime(2026, 3, 1, 0, 30)  # noqa: DTZ001
    written(ana, "In Tokyo.", at=datetime(2026, 3, 1, 15, 30, tzinfo=UTC))  # before “Late.”, and on the next day there
    assert listed_texts(ana) == ["In Tokyo.", "Late.", "Early."]
    last = Entry.objects.visible_to(ana).newest_first()[0]
    [rest] = list_entries(ana, reading.after(entries(ana), ana, last.pk)).months
    assert texts(list(rest.entries)) == ["Late.", "Early."]


def test_entries_are_found_by_what_they_are_about(ana: User) -> None:
    written(ana, content=ASKED, pinned=True)
    written(ana, content=Content(texts=("Café.",), tags=("Café days",)), at=NOW - timedelta(days=3))
    assert found_texts(ana, theme="balance") == found_texts(ana, prompt="balance-1") == ["Tea."]
    assert found_texts(ana, pinned=True) == ["Tea."]
    assert found_texts(ana, tag="cafe days") == found_texts(ana, words=("cafe",)) == ["Café."]
    assert found_texts(ana, first=date(2026, 3, 1)) == ["Tea."]
    assert found_texts(ana, last=date(2026, 2, 28)) == ["Café."]
    assert found_texts(ana, words=("cafe",), theme="balance") == []


def test_more_than_fit_are_found_behind_the_last(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FOUND", 2)
    for number in range(3):
        written(ana, f"Tea {number}.", at=NOW - timedelta(days=number))
    found = find_entries(ana, Wanted(words=("tea",)))
    assert texts(list(found.entries)) == ["Tea 0.", "Tea 1."]
    rest = find_entries(ana, Wanted(words=("tea",)), behind=found.older)
    assert (texts(list(rest.entries)), rest.older) == (["Tea 2."], None)


def test_oldest_first_goes_on_with_newer_ones(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FOUND", 2)
    for number in range(5):
        written(ana, f"Tea {number}.", at=NOW - timedelta(days=number))
    wanted = Wanted(words=("tea",), oldest_first=True)
    found = find_entries(ana, wanted)
    assert texts(list(found.entries)) == ["Tea 4.", "Tea 3."]
    more = find_entries(ana, wanted, behind=found.older)
    assert texts(list(more.entries)) == ["Tea 2.", "Tea 1."]
    assert texts(list(find_entries(ana, wanted, behind=more.older).entries)) == ["Tea 0."]


def test_entries_are_found_by_how_they_felt(ana: User) -> None:
    written(ana, content=Content(texts=("Tea.",), feelings=("glad", "calm")))
    written(ana, content=Content(texts=("Rain.",), feelings=("sad",)))
    assert found_texts(ana, feeling="calm") == ["Tea."]


def test_then_and_now_are_answers_to_the_same_question(ana: User, ben: User) -> None:
    written(ben, content=ASKED, at=NOW - timedelta(days=5))
    written(ana, at=NOW - timedelta(days=1))
    then = written(ana, content=ASKED, at=NOW - timedelta(days=2))
    answer = Content(prompt="balance-1", steps=("Things.", "More."), texts=("Coffee.", "Cake."))
    now = written(ana, content=answer)
    written(ana, content=ASKED, at=NOW + timedelta(days=1))
    earlier = then_and_now(ana, now, answer)
    assert earlier
    assert earlier.entry.row.pk == then.pk
    assert list(earlier.pairs) == [("Things.", "Tea.", "Coffee."), ("More.", "", "Cake.")]
    assert then_and_now(ana, then, ASKED) is None
    assert then_and_now(ana, now, answer, before=then.pk) is None
    assert then_and_now(ana, now, Content()) is None


def test_then_and_now_reaches_any_entry_with_one_query(ana: User, django_assert_num_queries: Any) -> None:
    then = written(ana, content=ASKED, at=NOW - timedelta(days=900))
    for number in range(1, 131):
        written(ana, "Tea.", at=NOW - timedelta(days=number))
    now = written(ana, content=ASKED)
    ana = User.objects.get(pk=ana.pk)
    with django_assert_num_queries(6):  # with the key's, and the four of a lock: one search at a time
        earlier = then_and_now(ana, now, ASKED)
    assert earlier
    assert earlier.entry.row.pk == then.pk
