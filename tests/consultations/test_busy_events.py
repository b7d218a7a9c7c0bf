"""Which events of a calendar make their time busy: the corpus, and what is refused before it is parsed."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from consultations.busy import events, rules, scan
from consultations.busy.answers import Wanted

CORPUS = sorted((Path(__file__).parent / "calendars").glob("*.ics"))
WANTED = Wanted(
    starts_at=datetime(2026, 10, 15, tzinfo=UTC),
    ends_at=datetime(2027, 2, 1, tzinfo=UTC),
    zone="Europe/Berlin",
    owners=frozenset({"cole@example.org"}),
    ours=frozenset({"ours@reflect"}),
)
HOUR = ("DTSTART:20261202T100000Z", "DTEND:20261202T110000Z")


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str, uid: str = "one") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"]


def found(content: bytes, wanted: Wanted = WANTED) -> events.Found:
    return events.found_in(scan.scan(content), wanted)


def written(ranges: list[tuple[datetime, datetime]]) -> list[str]:
    return [f"{starts:%Y%m%dT%H%M%SZ}/{ends:%Y%m%dT%H%M%SZ}" for starts, ends in ranges]


def test_versions_that_the_resolver_would_silently_give_up() -> None:
    """Unbounded, it takes recurring-ical-events 2.0.2, which knows none of what is tested here."""
    assert tuple(map(int, version("recurring-ical-events").split(".")[:2])) >= (3, 8)
    assert int(version("icalendar").split(".")[0]) >= 7


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_corpus(file: Path) -> None:
    """Each file says in lines of its own what is expected of it."""
    content = file.read_bytes()
    text = content.decode(errors="replace")
    if refused := re.search(r"^X-EXPECTED-REFUSED:(\w+)", text, re.MULTILINE):
        with pytest.raises(getattr(scan, refused[1])):
            found(content)
        return
    left_out = re.search(r"^X-EXPECTED-LEFT-OUT:(\d+)", text, re.MULTILINE)
    answer = found(content)
    assert written(answer.ranges) == re.findall(r"^X-EXPECTED:(\S+)", text, re.MULTILINE)
    assert answer.left_out == int(left_out[1] if left_out else 0)


def test_corpus_is_of_every_kind() -> None:
    assert len(CORPUS) >= 40


@pytest.mark.parametrize("name", ["all-day", "all-day-for-a-week", "all-day-of-outlook", "birthday-since-1960"])
def test_all_day_events_count_by_choice(name: str) -> None:
    content = next(file for file in CORPUS if file.stem == name).read_bytes()
    assert found(content).ranges
    assert not found(content, replace(WANTED, all_day=False)).ranges


@pytest.mark.parametrize(
    "content",
    [
        calendar(*(line for _ in range(scan.MOST_COMPONENTS) for line in ("BEGIN:VTODO", "END:VTODO"))),
        calendar(*(line for n in range(scan.MOST_RULES + 1) for line in event(*HOUR, "RRULE:FREQ=DAILY", uid=str(n)))),
        calendar(*event(*HOUR, "EXDATE:" + ",".join(["20261202T100000Z"] * (scan.MOST_DATES + 1)))),
        calendar(*event(*HOUR, "RDATE:" + ",".join(["20261202T100000Z"] * (scan.MOST_DATES + 1)))),
        calendar(*event(*HOUR, "ATTENDEE;PARTSTAT=DECLINED;X=" + '";"' * scan.LONGEST_LINE)),
    ],
    ids=["components", "rules", "exceptions", "dates", "line"],
)
def test_too_much_is_refused_before_it_is_parsed(content: bytes) -> None:
    with pytest.raises(scan.TooMuch):
        scan.scan(content)


def test_too_many_ranges_are_refused() -> None:
    days = [f"DTSTART:202612{1 + n % 28:02}T{n % 24:02}{n % 60:02}00Z" for n in range(scan.MOST_RANGES + 1)]
    content = calendar(*(line for n, day in enumerate(days) for line in event(day, "DURATION:PT1M", uid=str(n))))
    with pytest.raises(scan.TooMuch):
        found(content)


@pytest.mark.parametrize("content", [b"", b"hello", b"BEGIN:VEVENT\nEND:VEVENT\n", b"BEGIN:VCALENDAR\nEND:VEVENT\n"])
def test_what_is_no_calendar(content: bytes) -> None:
    with pytest.raises(scan.NoCalendar):
        scan.scan(content)


def test_words_of_an_event_are_not_even_kept_by_the_scan() -> None:
    content = calendar(
        *event(*HOUR, "SUMMARY:marker", "DESCRIPTION:marker", "LOCATION:marker", "ATTENDEE:mailto:marker")
    )
    assert "marker" not in repr(scan.scan(content))


def test_stamps_do_not_make_a_file_new() -> None:
    """Google writes the time of the request into each event."""
    one, two = (calendar(*event(*HOUR, f"DTSTAMP:2026120{n}T000000Z")) for n in (1, 2))
    assert scan.without_stamps(one) == scan.without_stamps(two)
    assert scan.without_stamps(one) != scan.without_stamps(calendar(*event(*HOUR, "SUMMARY:x")))


@given(st.binary(max_size=400))
def test_anything_at_all_is_read_or_refused(noise: bytes) -> None:
    for content in (noise, calendar(*event(*HOUR)).replace(b"UID:one", noise)):
        with suppress(scan.Refused):
            found(content)


@given(
    st.sampled_from(
        ["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "WEEKLY;BYDAY=MO,TH", "MONTHLY;BYDAY=2TU", "YEARLY;BYMONTH=3"]
    ),
    st.integers(1, 7),
    st.dates(date(1970, 1, 1), date(2026, 11, 30)),
)
def test_an_old_rule_begins_later_and_is_the_same(rule: str, interval: int, first: date) -> None:
    before = date(2026, 11, 1)
    begun = rules.begun_later(rules.rule_of(f"FREQ={rule};INTERVAL={interval}"), first, before)
    assert begun == first or begun < before
    start, stop = datetime(2026, 12, 1), datetime(2027, 2, 1)  # noqa: DTZ001  # dateutil's own, without a zone
    text = f"FREQ={rule};INTERVAL={interval}"
    whole, short = (
        rrulestr(text, dtstart=datetime.combine(day, datetime.min.time())).between(start, stop)
        for day in (first, begun)
    )
    assert whole == short


def test_a_daily_event_of_fifty_years_is_expanded_from_near_the_window() -> None:
    begun = rules.begun_later(rules.rule_of("FREQ=DAILY"), date(1970, 1, 1), date(2026, 12, 1))
    assert begun == date(2026, 11, 30)


def test_a_counted_rule_keeps_its_count_where_it_matters() -> None:
    counted = rules.rule_of("FREQ=DAILY;COUNT=10")
    assert rules.never_counted_out(counted, date(2026, 12, 1), date(2026, 12, 31)) == counted
    assert rules.never_counted_out(counted, date(2026, 12, 1), date(2026, 12, 5)).count is None
    assert rules.begun_later(counted, date(2026, 1, 1), date(2026, 12, 1)) == date(2026, 1, 1)
