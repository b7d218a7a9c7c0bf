"""Helplines: what a country's list begins with, when a check of one is too old, and what staff recorded about them."""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from reflect.helplines import (
    ANYWHERE,
    COUNTRIES,
    RECORDS,
    STALE_AFTER,
    Country,
    Helpline,
    Kind,
    Record,
    helplines,
    in_country,
    read_helpline,
    read_records,
    records_as_json,
    shipped,
    shown,
)
from tests.html import assert_valid_html, text_of

ROW: dict[str, str | bool] = {
    **dict.fromkeys(["number", "text", "url", "hours", "note", "source_url"], ""),
    "key": "uk-a-line",
    "country": "UK",
    "name": "A line",
    "kind": "abuse",
    "unverified": False,
    "verified_on": "2026-05-01",
}


def test_helplines_of_a_country_begin_with_the_emergency() -> None:
    for country in COUNTRIES:
        kinds = [line.kind for line in shipped() if line.country == country]
        assert kinds == sorted(kinds)
        assert kinds[0] is Kind.EMERGENCY


def test_emergency_numbers_are_checked() -> None:
    assert all(line.verified_on for line in shipped() if line.kind is Kind.EMERGENCY)


def test_other_services_are_as_old_as_the_oldest_check() -> None:
    emergency, *others = (
        read_helpline(ROW | {"name": name, "kind": kind, "verified_on": day})
        for name, kind, day in (
            ("999", "emergency", "2026-01-01"),
            ("A", "abuse", "2026-05-01"),
            ("B", "abuse", "2026-06-01"),
        )
    )
    country = Country("UK", COUNTRIES["UK"], [emergency, *others])
    assert (country.emergency, country.others) == ([emergency], others)
    assert country.others_verified_on == datetime.date(2026, 5, 1)
    unchecked = read_helpline(ROW | {"unverified": True})
    assert Country("UK", COUNTRIES["UK"], [emergency, *others, unchecked]).others_verified_on is None


def test_every_helpline_can_be_reached() -> None:
    assert all(line.tel or line.text or line.url for line in shipped())


@pytest.mark.parametrize(("days", "stale"), [(0, False), (STALE_AFTER.days, False), (STALE_AFTER.days + 1, True)])
def test_check_of_a_helpline_grows_stale(days: int, stale: bool) -> None:
    line = read_helpline(ROW)
    assert line.is_stale(datetime.date(2026, 5, 1) + datetime.timedelta(days=days)) is stale


def test_unverified_helpline_is_stale() -> None:
    assert read_helpline(ROW | {"unverified": True}).is_stale(datetime.date(2026, 5, 1))


@pytest.mark.parametrize("key", ["kind", "number", "unverified"])
def test_incomplete_helpline_is_refused(key: str) -> None:
    with pytest.raises(KeyError):
        read_helpline({name: value for name, value in ROW.items() if name != key})


def line(key: str) -> Helpline:
    return next(line for line in shipped() if line.key == key)


def publish(records: Mapping[str, Record]) -> None:
    Path(settings.PAGES_FOLDER).mkdir()
    Path(settings.PAGES_FOLDER, RECORDS).write_bytes(records_as_json(records))


def names_on(client: Client) -> list[str]:
    """The lines on the help page. There is no database here: a query would fail the test."""
    return [text_of(heading) for heading in assert_valid_html(client.get("/help-now/").content).iter("h4")]


def test_each_line_has_a_key_of_its_own() -> None:
    keys = [line.key for line in shipped()]
    assert len({*keys}) == len(keys)
    assert all(re.fullmatch(r"[a-z]{2,3}-[a-z0-9-]{1,50}", key) for key in keys)


def test_a_hidden_line_is_not_on_the_page_and_a_check_is(client: Client) -> None:
    checked = Record(checked_on=datetime.date(2026, 5, 1))
    publish(
        {
            "nz-1737": Record(checked.checked_on, line("nz-1737").facts),
            "nz-family-violence": Record(hidden=True),
        }
    )
    assert {line.name for line in shipped()} - {*names_on(client)} == {line("nz-family-violence").name}
    assert "We last checked these numbers on 1 May 2026." in client.get("/help-now/").text


def test_a_check_does_not_count_for_another_number() -> None:
    check = Record(datetime.date(2026, 5, 1), line("uk-shout").facts)
    assert line("uk-shout").as_recorded(check).verified_on == check.checked_on
    assert line("uk-samaritans").as_recorded(check).verified_on is None


def test_the_later_of_two_checks_counts() -> None:
    own = read_helpline(ROW)
    for day in (datetime.date(2026, 4, 30), datetime.date(2026, 5, 2)):
        assert own.as_recorded(Record(day, own.facts)).verified_on == max(day, datetime.date(2026, 5, 1))


def test_emergency_numbers_stay_whatever_is_recorded(client: Client) -> None:
    publish({line.key: Record(hidden=True) for line in shipped() if line.kind is Kind.EMERGENCY})
    assert sorted(names_on(client)) == sorted(line.name for line in shipped())


def test_no_list_is_left_empty() -> None:
    directories = in_country(ANYWHERE, shipped())
    assert in_country(ANYWHERE, shown(shipped(), {directories[0].key: Record(hidden=True)})) == directories[1:]
    everything = {line.key: Record(hidden=True) for line in directories}
    assert in_country(ANYWHERE, shown(shipped(), everything)) == directories


def test_a_record_of_a_line_that_is_gone_does_no_harm(client: Client) -> None:
    publish({"uk-gone": Record(datetime.date(2026, 5, 1), "facts", hidden=True)})
    assert len(names_on(client)) == len(shipped())


def test_what_is_written_is_read() -> None:
    records = {"uk-a": Record(), "uk-b": Record(datetime.date(2026, 5, 1), "0800\nä", hidden=True)}
    assert read_records(records_as_json(records)) == records


@pytest.mark.parametrize(
    "content",
    [
        *(
            b"",
            b"{",
            b"\x00\xff",
            b"[]",
            b"null",
            b'{"uk-shout": []}',
            b'{"uk-shout": {"hidden": true}}',
            b"[" * 100_000,
        ),
        b'{"uk-shout": {"checked_on": "yesterday", "checked_as": "", "hidden": true}}',
        records_as_json({"uk-shout": Record(hidden=True)})[:-9],
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_damaged_file_leaves_the_lines_as_they_are_shipped(
    client: Client, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    publish({})
    Path(settings.PAGES_FOLDER, RECORDS).write_bytes(content)
    assert sorted(names_on(client)) == sorted(line.name for line in shipped())
    assert "cannot be read" in caplog.text


def test_without_a_file_the_lines_are_as_they_are_shipped(caplog: pytest.LogCaptureFixture) -> None:
    assert helplines() == shipped()
    assert not caplog.text
