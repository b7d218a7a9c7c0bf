"""The list of specialists, and what it and the page of one have in common."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from accounts.models import User
from consultations.models import Block, Booking, Slot, Specialist
from consultations.services import profiles
from tests.conftest import AsUser
from tests.consultations.cast import (
    NOW,
    TOMORROW,
    UNLISTED,
    a_host,
    booked,
    fully_booked,
    page,
    posted,
    slot,
    unlist,
    verified,
)
from tests.html import assert_valid_html


def names(response: Any) -> list[str]:
    """The specialists of the list, in order."""
    assert_valid_html(response.content.decode())
    return re.findall(r'<h2 id="s-[^"]+">\s*<a href="[^"]+"><bdi>([^<]+)</bdi></a>', response.content.decode())


def many(number: int, *, slots: int = 1) -> list[Specialist]:
    """Specialists with one slot each, an hour apart."""
    rows = []
    for count in range(number):
        row = verified(User.objects.create_user(f"s{count}@example.org"))
        for each in range(slots):
            slot(row, TOMORROW + timedelta(hours=count, days=each))
        rows.append(row)
    return rows


def test_specialists_are_listed_the_soonest_free_first(ana: User, ben: User, cole: User, as_user: AsUser) -> None:
    slot(verified(ben, profession="Counsellor", years=6), TOMORROW + timedelta(hours=2))
    soon = verified(cole, languages=["en", "pt"], formats=["text", "video"], about="I work slowly.")
    for hours in (0, 1, 30, 40):
        slot(soon, TOMORROW + timedelta(hours=hours))
    answer = as_user(ana).get("/specialists/")
    assert names(answer) == ["Cole", "Ben"]
    said = page(answer)
    assert "Cole, next free time: Tue 24 Nov, 09:00" in said
    assert "Tue 24 Nov, 10:00" not in said
    assert "Speaks English, Português" in said
    assert "I work slowly." not in said
    assert "Counsellor, 6 years" in said
    assert "Times are in your time zone (UTC)." in said


def test_with_whom_the_free_meeting_is_used_says_so_and_offers_no_times(
    ana: User, dana: User, ben: User, cole: User, as_user: AsUser
) -> None:
    for days, user in enumerate((ben, cole), start=7):
        slot(verified(user), TOMORROW)
        booked(ana, user.specialist, NOW - timedelta(days=days), status="completed")
    Specialist.objects.filter(user=ben).update(allows_another=True)
    used = "You have already had the free meeting with this specialist."
    client = as_user(ana)
    listed = page(client.get("/specialists/"))
    assert (listed.count(used), listed.count("next free time")) == (1, 1)
    profile = client.get("/specialists/cole/")
    assert used in page(profile)
    assert 'name="slot"' not in profile.text
    assert 'name="slot"' in client.get("/specialists/ben/").text
    assert used not in page(client.get("/specialists/ben/"))
    assert used not in page(as_user(dana).get("/specialists/"))
    booked(dana, cole.specialist, NOW - timedelta(days=7), status="cancelled_by_client")
    assert used not in page(as_user(dana).get("/specialists/cole/"))


def test_who_has_no_slot_stands_last_and_can_be_waited_for(ana: User, ben: User, cole: User, as_user: AsUser) -> None:
    fully_booked(verified(ben))
    slot(verified(cole), TOMORROW)
    answer = as_user(ana).get("/specialists/")
    assert names(answer) == ["Cole", "Ben"]
    assert "No free times in the next two weeks." in page(answer)
    assert 'href="/consultations/waiting/new/?specialist=ben"' in answer.content.decode()
    assert names(as_user(ana).get("/specialists/?part=morning")) == ["Cole"]


def test_a_filter_finds_those_who_can_be_met_this_week(ana: User, ben: User, cole: User, as_user: AsUser) -> None:
    slot(verified(ben), NOW + timedelta(days=7) - timedelta(minutes=30))
    slot(verified(cole), NOW + timedelta(days=7))
    fully_booked(a_host("dora"))
    client = as_user(ana)
    assert names(client.get("/specialists/")) == ["Ben", "Cole", "Dora"]
    answer = client.get("/specialists/?within=week")
    assert names(answer) == ["Ben"]
    assert "Filter: In the next 7 days" in page(answer)
    assert re.findall(r'<option value="([^"]+)" selected>', answer.text) == ["week"]
    assert names(client.get("/specialists/?within=week&part=evening")) == []


@pytest.mark.parametrize("named", ["within=week", "part=morning", "weekday=2"])
def test_with_a_time_chosen_the_list_leaves_out_whom_one_has_met_and_says_so(
    ana: User, dana: User, ben: User, cole: User, as_user: AsUser, named: str
) -> None:
    for days, user in enumerate((ben, cole), start=7):
        slot(verified(user), TOMORROW)
        booked(ana, user.specialist, NOW - timedelta(days=days), status="completed")
    Specialist.objects.filter(user=ben).update(allows_another=True)
    said = "This leaves out specialists you have already had the free meeting with, unless they offer a second one."
    client = as_user(ana)
    answer = client.get(f"/specialists/?{named}")
    assert names(answer) == ["Ben"]
    assert said in page(answer)
    answer = client.get("/specialists/?language=en")
    assert sorted(names(answer)) == ["Ben", "Cole"]
    assert said not in page(answer)
    assert sorted(names(as_user(dana).get(f"/specialists/?{named}"))) == ["Ben", "Cole"]


def test_a_card_says_what_it_costs_after_the_free_meeting(ana: User, ben: User, cole: User, as_user: AsUser) -> None:
    slot(verified(ben, fee_least=60, fee_most=90, fee_currency="EUR"), TOMORROW)
    fully_booked(verified(cole, fee_least=50, fee_most=50, fee_currency="EUR"))
    slot(a_host("dora"), TOMORROW)
    said = page(as_user(ana).get("/specialists/"))
    assert (said.count("then 60 to 90 EUR a session"), said.count("then 50 EUR a session")) == (1, 1)
    assert said.count("then ") == 2


def test_who_has_a_time_only_later_is_reached_by_a_link(ana: User, cole: User, as_user: AsUser) -> None:
    """Not in the list; the page is there, its times can be booked and waited for."""
    free = slot(verified(cole), NOW + timedelta(days=35))
    client = as_user(ana)
    assert names(client.get("/specialists/")) == []
    assert f'value="{free.pk}"' in client.get("/specialists/cole/").text
    assert client.get("/consultations/waiting/new/?specialist=cole").status_code == 200
    assert client.post("/consultations/waiting/new/?specialist=cole", {"mail": "no"}).status_code == 302
    assert client.get("/messages/new/cole/").status_code == 200
    assert client.post("/specialists/cole/book/", posted(ana, free)).status_code == 302
    assert Booking.objects.get().slot == free


@pytest.mark.parametrize("fields", UNLISTED, ids=str)
def test_who_cannot_be_booked_is_not_found(
    ana: User, ben: User, cole: User, as_user: AsUser, fields: dict[str, Any]
) -> None:
    """Next to somebody who is found, so that an empty list cannot pass for another reason."""
    slot(verified(cole), TOMORROW + timedelta(hours=1))
    fully_booked(without_time := a_host("dora"))
    slot(verified(ben), TOMORROW)
    client = as_user(ana)
    assert names(client.get("/specialists/")) == ["Ben", "Cole", "Dora"]
    for row in (ben.specialist, without_time):
        unlist(row, fields)
        assert client.get(f"/specialists/{row.slug}/").status_code == 404
        assert client.get(f"/specialists/{row.slug}/book/").status_code == 404
        assert client.get(f"/consultations/waiting/new/?specialist={row.slug}").status_code == 404
    assert names(client.get("/specialists/")) == ["Cole"]
    assert "Nobody offers all of this" in page(client.get("/specialists/?language=yo"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ben", "Cole"]),
        ("language=pt", ["Cole"]),
        ("theme=refusals", ["Cole"]),
        ("format=phone", ["Ben"]),
        ("language=en&theme=balance&format=video", ["Ben"]),
        ("part=morning", ["Ben"]),
        ("part=evening", ["Cole"]),
        ("weekday=2", ["Ben", "Cole"]),
        ("weekday=3", ["Ben"]),
        ("language=yo", []),
    ],
)
def test_filters_leave_out_whoever_does_not_offer_it(
    ana: User, ben: User, cole: User, as_user: AsUser, query: str, found: list[str]
) -> None:
    both = verified(ben, formats=["video", "phone"])
    slot(both, TOMORROW)
    slot(both, TOMORROW + timedelta(days=1))
    slot(verified(cole, languages=["pt"], themes=["refusals"]), TOMORROW + timedelta(hours=10))
    assert names(as_user(ana).get(f"/specialists/?{query}")) == found


def test_day_and_part_of_day_are_the_readers(ana: User, ben: User, as_user: AsUser) -> None:
    ana.timezone = "Pacific/Auckland"
    ana.save()
    slot(verified(ben), TOMORROW)  # Tuesday 09:00 UTC, Tuesday 22:00 there
    client = as_user(ana)
    assert names(client.get("/specialists/?part=evening&weekday=2")) == ["Ben"]
    assert names(client.get("/specialists/?part=morning")) == []
    said = page(client.get("/specialists/"))
    assert "Tue 24 Nov, 22:00" in said
    assert "Auckland, UTC+13:00" in said


@pytest.mark.parametrize("query", ["theme=x", "within=day", "weekday=8", "part=%01", "language=EN"])
def test_what_the_form_cannot_ask_is_told_beside_it(ana: User, ben: User, as_user: AsUser, query: str) -> None:
    slot(verified(ben), TOMORROW)
    for _ in range(2):
        answer = as_user(ana).get(f"/specialists/?{query}")
        assert "Choose one of these." in page(answer, 400)
        assert "Ben" in page(answer, 400)
    assert "Choose one of these." not in page(as_user(ana).get("/specialists/"))


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=9999999999999999-x"])
def test_a_page_that_there_is_not_is_not_found(ana: User, as_user: AsUser, query: str) -> None:
    assert as_user(ana).get(f"/specialists/?{query}").status_code == 404


def test_pages_follow_by_key(ana: User, as_user: AsUser) -> None:
    rows = many(15)
    for row in rows[12:]:
        row.slots.update(is_open=False)
    client = as_user(ana)
    first = client.get("/specialists/")
    assert names(first) == [row.name for row in rows[:12]]
    link = re.search(r'href="\?(after=[^"]+)" rel="next"', first.content.decode())
    assert link
    second = client.get(f"/specialists/?{link[1]}")
    assert sorted(names(second)) == sorted(row.name for row in rows[12:])
    assert 'rel="next"' not in second.content.decode()


def test_pages_follow_by_key_among_those_without_a_slot(ana: User, as_user: AsUser) -> None:
    for count in range(22):
        fully_booked(verified(User.objects.create_user(f"s{count}@example.org")))
    client = as_user(ana)
    first = client.get("/specialists/")
    link = re.search(r'href="\?(after=[^"]+)" rel="next"', first.content.decode())
    assert link
    both = names(first) + names(client.get(f"/specialists/?{link[1]}"))
    assert len(set(both)) == 22


@pytest.mark.parametrize("number", [1, 3, 25])
def test_the_list_asks_four_queries_whatever_its_length(ana: User, as_user: AsUser, number: int) -> None:
    many(number, slots=4)
    client = as_user(ana)
    client.get("/specialists/")  # it keeps the languages of the filter for a while
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get("/specialists/")
    assert len(asked) <= 4, [query["sql"] for query in asked]
    assert len(answer.content) < 60_000


def test_the_list_is_small_on_the_wire(ana: User, as_user: AsUser) -> None:
    many(25, slots=4)
    Specialist.objects.update(
        about="A sentence about how somebody works with people. " * 20, themes=["balance", "refusals"]
    )
    answer = as_user(ana).get("/specialists/", headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 14_000


def test_the_notice_is_kept(ana: User, ben: User, as_user: AsUser) -> None:
    row = verified(ben, notice_hours=24)
    slot(row, TOMORROW - timedelta(minutes=30))
    assert "No free times in the next two weeks." in page(as_user(ana).get("/specialists/"))
    slot(row, TOMORROW)
    assert "Tue 24 Nov, 09:00" in page(as_user(ana).get("/specialists/"))


@pytest.mark.parametrize("by_client", [True, False])
def test_a_block_leaves_no_slot_free(ana: User, ben: User, as_user: AsUser, by_client: bool) -> None:
    slot(verified(ben), TOMORROW)
    owner, other = (ana, ben) if by_client else (ben, ana)
    Block.objects.create(owner=owner, other=other, made_at=NOW)
    assert "No free times in the next two weeks." in page(as_user(ana).get("/specialists/"))
    assert "There are no free times at the moment." in page(as_user(ana).get("/specialists/ben/"))


def test_ones_own_page_has_no_slots_to_choose(cole: User, as_user: AsUser) -> None:
    slot(verified(cole), TOMORROW)
    said = page(as_user(cole).get("/specialists/cole/"))
    assert "This is your own page, as others see it." in said
    assert names(as_user(cole).get("/specialists/")) == []


def test_the_filters_show_what_was_chosen(ana: User, as_user: AsUser) -> None:
    html = as_user(ana).get("/specialists/?language=pt&weekday=3").content.decode()
    assert_valid_html(html)
    assert re.findall(r'<option value="([^"]+)" selected>', html) == ["pt", "3"]


def languages_offered(answer: Any) -> list[str]:
    """The languages of the filter, but for "any"."""
    found = re.search(r'<select[^>]* name="language".*?</select>', answer.content.decode(), re.DOTALL)
    assert found
    return re.findall(r'<option value="([^"]+)"', found[0])


def test_the_filter_offers_the_languages_that_somebody_listed_speaks(
    ana: User, ben: User, cole: User, as_user: AsUser, clock: Traveller
) -> None:
    fully_booked(verified(ben, languages=["pt", "en"]))
    fully_booked(verified(cole, languages=["yo"], paused=True))
    client = as_user(ana)
    assert languages_offered(client.get("/specialists/")) == ["en", "pt"]
    assert languages_offered(client.get("/specialists/?language=yo")) == ["en", "pt", "yo"]
    Specialist.objects.update(paused=False)
    clock.move_to(NOW + timedelta(minutes=6))
    assert languages_offered(client.get("/specialists/")) == ["en", "pt", "yo"]
    assert "yo" in languages_offered(client.get("/consultations/waiting/new/"))
    assert "cy" not in languages_offered(client.get("/consultations/waiting/new/"))


def test_topics_are_short_in_tags_and_in_the_filter(ana: User, ben: User, as_user: AsUser) -> None:
    row = verified(ben, themes=["refusals", "pressure"])
    client = as_user(ana)
    for path in ("/specialists/", f"/specialists/{row.slug}/"):
        assert "Distance" in page(client.get(path))
        assert "Asking plainly" not in page(client.get(path))
    assert '<option value="refusals">Hearing no</option>' in client.get("/specialists/").text


def test_what_is_kept_of_a_page_changes_with_what_it_shows(ana: User, cole: User, as_user: AsUser) -> None:
    found = verified(cole, years=6)
    first = slot(found, TOMORROW)
    client = as_user(ana)
    for path in ("/specialists/", f"/specialists/{found.slug}/"):
        assert "6 years" in page(client.get(path))
    profiles.save_profile(user=cole, fields={"years": 7}, addresses=None, now=NOW + timedelta(seconds=1))
    Slot.objects.filter(pk=first.pk).update(is_open=False)
    slot(found, TOMORROW + timedelta(hours=3))
    listed, profile = (page(client.get(path)) for path in ("/specialists/", f"/specialists/{found.slug}/"))
    for said in (listed, profile):
        assert "7 years" in said
        assert "6 years" not in said
        assert "12:00" in said
        assert "09:00" not in said
    profiles.set_photo(user=cole, webp=b"a picture", now=NOW + timedelta(seconds=2))
    assert 'class="portrait"' in client.get(f"/specialists/{found.slug}/").content.decode()
    profiles.remove_photo(user=cole, now=NOW + timedelta(seconds=3))
    assert 'class="monogram"' in client.get(f"/specialists/{found.slug}/").content.decode()
    ana.timezone = "Asia/Tokyo"
    ana.save()
    assert "21:00" in page(client.get("/specialists/"))
