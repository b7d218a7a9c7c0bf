"""Helplines: what a country's list begins with, and when a check of one is too old."""

import datetime

import pytest

from reflect.helplines import COUNTRIES, STALE_AFTER, Country, Kind, helplines, read_helpline

ROW: dict[str, str | bool] = {
    **dict.fromkeys(["number", "text", "url", "hours", "note"], ""),
    "country": "UK",
    "name": "A line",
    "kind": "abuse",
    "unverified": False,
    "verified_on": "2026-05-01",
}


def test_helplines_of_a_country_begin_with_the_emergency() -> None:
    for country in COUNTRIES:
        kinds = [line.kind for line in helplines() if line.country == country]
        assert kinds == sorted(kinds)
        assert kinds[0] is Kind.EMERGENCY


def test_emergency_numbers_are_checked() -> None:
    assert all(line.verified_on for line in helplines() if line.kind is Kind.EMERGENCY)


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
    assert all(line.tel or line.text or line.url for line in helplines())


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
