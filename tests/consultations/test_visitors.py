"""Specialists who show themselves to visitors: who is on the landing page, on which day, and what is seen of them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from consultations import listing
from consultations.models import Photo, Specialist
from consultations.services import profiles
from tests.conftest import AsUser
from tests.consultations.cast import NOW, UNLISTED, a_host, fully_booked, page, slot, unlist
from tests.practice.test_profile import PROFILE

TODAY = NOW.date()
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def willing(name: str, **fields: Any) -> Specialist:
    """A specialist who has ticked "Show me to visitors"."""
    return fully_booked(a_host(name, shown_to_visitors=True, **fields))


def with_photo(specialist: Specialist, webp: bytes) -> str:
    """The address of the photo that they have now."""
    profiles.set_photo(user=specialist.user, webp=webp, now=NOW)
    return f"/specialists/photos/{Photo.objects.get(specialist=specialist).sha256}.webp"


def test_nobody_is_shown_who_has_not_asked_for_it(client: Client) -> None:
    quiet = a_host("quiet")
    assert not Specialist._meta.get_field("shown_to_visitors").get_default()
    assert not quiet.shown_to_visitors
    said = page(client.get("/"))
    assert "Quiet" not in said
    assert "Someone to talk to Example This person is invented." in said
    assert "Mara L." in said


@pytest.mark.parametrize("fields", UNLISTED, ids=str)
def test_nobody_is_shown_who_is_not_listed(client: Client, fields: dict[str, Any]) -> None:
    gone = willing("gone")
    photo = with_photo(gone, b"a picture")
    assert client.get(photo).status_code == 200
    unlist(gone, fields)
    said = page(client.get("/"))
    assert "Gone" not in said
    assert photo not in said
    assert "This person is invented." in said
    assert client.get(photo).headers["Location"] == f"/accounts/login/?next={photo}"


def test_a_card_shows_what_the_form_names_and_nothing_else(client: Client) -> None:
    fields = {
        "profession": "Counsellor",
        "years": 12,
        "about": "About-marker",
        "approach": "Approach-marker",
        "training": "Training-marker",
        "practises_in": "Place-marker",
        "access_needs": "Needs-marker",
        "fee_words": "Fee-marker",
        "how_to_book": "Booking-marker",
        "practice_contact": "Contact-marker",
        "register_name": "Register-marker",
    }
    shown = willing("shown", slug="page-marker", languages=["en", "pt"], themes=["balance"], **fields)
    slot(shown, NOW + DAY)
    photo = with_photo(shown, b"a picture")
    said = client.get("/").text
    assert "marker" not in said
    assert "24 Nov" not in said
    assert f'src="{photo}"' in said
    assert "Shown Counsellor, 12 years Balance Speaks English, Português" in page(client.get("/"))
    assert "invented. With" not in said


def test_a_visitor_sees_the_photos_of_those_who_ask_for_it(client: Client, ben: User, as_user: AsUser) -> None:
    shown, quiet = with_photo(willing("shown"), b"a picture"), with_photo(a_host("quiet"), b"another")
    answer = client.get(shown)
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, b"a picture", "image/webp")
    assert client.get(quiet).headers["Location"] == f"/accounts/login/?next={quiet}"
    unknown = quiet.replace(quiet[-10:-5], "00000")
    assert client.get(unknown).headers["Location"] == f"/accounts/login/?next={unknown}"
    member = as_user(ben)
    assert [member.get(address).status_code for address in (shown, quiet, unknown)] == [200, 200, 404]


def test_a_photo_that_two_have_is_seen_if_one_of_them_asks_for_it(client: Client) -> None:
    both = {with_photo(willing("shown"), b"a picture"), with_photo(a_host("quiet"), b"a picture")}
    [photo] = both
    assert client.get(photo).status_code == 200


def test_the_tick_can_be_set_and_taken_back(cole: User, client: Client, as_user: AsUser) -> None:
    profiles.start_practice(user=cole, name="Cole", now=NOW)
    desk = as_user(cole)
    fields = {**PROFILE, "name": "Cole C."}
    for given, expected in ((fields | {"shown_to_visitors": "on"}, True), (fields, False)):
        assert desk.post("/practice/profile/", given).status_code == 302
        assert Specialist.objects.get(user=cole).shown_to_visitors is expected
    assert "and to search engines" in page(desk.get("/practice/profile/"))


@pytest.mark.parametrize("how_many", [1, 2, 3, 4, 5, 6, 7, 9])
def test_everybody_gets_a_turn(how_many: int) -> None:
    """In so many days as there are specialists, each is shown equally often, never twice on one page."""
    names = [willing(f"s{number}").name for number in range(how_many)]
    a_host("quiet")
    days = [[row.name for row in listing.on_landing(TODAY + DAY * number)] for number in range(how_many)]
    most = min(how_many, listing.ON_LANDING)
    assert all(len(set(day)) == len(day) == most for day in days)
    shown = [name for day in days for name in day]
    assert {name: shown.count(name) for name in names} == dict.fromkeys(names, most)
    assert days[0] == [row.name for row in listing.on_landing(TODAY)]


def test_the_landing_page_asks_once_a_minute_at_most(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, clock: time_machine.Traveller
) -> None:
    for number in range(5):
        with_photo(willing(f"s{number}"), b"a picture %d" % number)
    with django_assert_num_queries(1):
        first = client.get("/")
    with django_assert_num_queries(0):
        assert client.get("/").content == first.content
    Specialist.objects.update(status=Specialist.Status.SUSPENDED)
    clock.shift(listing.ON_LANDING_FOR)
    with django_assert_num_queries(1):
        assert "This person is invented." in page(client.get("/"))


def test_nobody_is_no_reason_to_ask_again(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


def test_a_visitor_is_nobody_s_own_profile() -> None:
    a_host("quiet")
    assert not Specialist.objects.visible_to(AnonymousUser()).exists()


def test_what_waits_for_its_turn_is_not_read(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """One query, however many there are, and the bytes of no photo."""
    for number in range(4):
        with_photo(willing(f"s{number}"), b"a picture")
    with django_assert_num_queries(1) as asked:
        for row in listing.on_landing(TODAY):
            assert row.photo.sha256
    assert "webp" not in asked.captured_queries[0]["sql"]
