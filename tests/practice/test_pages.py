"""A specialist's pages: the start, every status and its next step, the pause, and the feed's URL."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import recovery_codes
from accounts.models import User
from consultations.models import Specialist
from consultations.services import hours, profiles, verification
from tests.accounts.factors import add_app
from tests.conftest import AsUser, show_second_factor
from tests.consultations.cast import NOW, booked, fully_booked, page, slot, verified
from tests.html import parse

Status = Specialist.Status
REGISTER = {"register_name": "A register", "register_number": "123", "register_url": "https://register.example/123"}


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


@pytest.mark.django_db
def test_a_visitor_reads_what_is_expected_before_signing_up(client: Client) -> None:
    answer = client.get("/practice/start/")
    assert "You are in a professional register" in page(answer)
    links = {link.get("href") for link in parse(answer.content).findall(".//main//a")}
    assert {f"/accounts/{name}/?next=%2Fpractice%2Fstart%2F" for name in ("signup", "login")} <= links
    assert client.post("/practice/start/").headers["Location"] == "/accounts/login/?next=/practice/start/"


def test_a_member_becomes_a_specialist_with_a_second_step(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Set up the second step" in page(client.get("/practice/start/"))
    assert "practice_waits" not in client.session  # a GET writes nothing to the session
    assert client.post("/practice/start/").headers["Location"] == "/accounts/2fa/"
    client.post("/practice/start/", {"name": "Mara L.", "timezone": "Europe/Lisbon"})
    assert not Specialist.objects.exists()
    add_app(ana)
    show_second_factor(client, ana)
    assert "Go to your practice" in page(client.get("/accounts/2fa/"))
    request = RequestFactory().post("/accounts/2fa/totp/activate/")
    request.session = client.session
    recovery_codes.show_once(request, ["ABCDE-FGHJK"])
    request.session.save()
    assert '<a class="btn btn-primary" href="/practice/start/">' in client.get("/accounts/2fa/recovery-codes/").text
    assert "Write the name" in page(client.post("/practice/start/", {"name": "  "}), 400)
    client.post("/practice/start/", {"name": "Mara L.", "timezone": "Europe/Lisbon"})
    assert "Go to your practice" not in page(client.get("/accounts/2fa/"))
    ana.refresh_from_db()
    made = Specialist.objects.get()
    assert (ana.is_specialist, made.slug, made.status, made.timezone) == (True, "mara-l", Status.DRAFT, "Europe/Lisbon")
    assert client.get("/practice/start/").headers["Location"] == "/practice/"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.DRAFT, "Your profile is a draft"),
        (Status.SUBMITTED, "Your profile is submitted"),
        (Status.VERIFIED, "People can find you"),
        (Status.HIDDEN, "checked again"),
        (Status.SUSPENDED, "suspended"),
    ],
)
def test_each_state_is_said_in_words(desk: Client, mara: Specialist, status: str, words: str) -> None:
    fully_booked(mara)
    Specialist.objects.update(status=status, returned_because="The number is missing.")
    said = page(desk.get("/practice/"))
    assert words in said
    assert ("The number is missing." in said) is (status in profiles.MAY_BE_SUBMITTED)


def test_whoever_is_hidden_or_suspended_reads_why(desk: Client, mara: Specialist) -> None:
    about: dict[str, Any] = {"specialist_id": mara.pk, "staff": mara.user, "notes": "For us."}
    acts: list[tuple[Callable[..., Any], str]] = [
        (verification.hide, "One."),
        (verification.suspend, "Two."),
        (verification.lift, "Three."),
    ]
    for hour, (act, reason) in enumerate(acts):
        assert reason not in page(desk.get("/practice/"))
        act(**about, reason=reason, now=NOW + timedelta(hours=hour))
        said = page(desk.get("/practice/"))
        assert f"Our reason: {reason}" in said
        assert "For us." not in said
    Specialist.objects.update(status=Status.SUBMITTED)
    assert "Three." not in page(desk.get("/practice/"))


def test_whoever_has_no_times_is_told_that_nobody_finds_them(desk: Client, mara: Specialist) -> None:
    hours.change_week(specialist_id=mara.pk, week={0: [(540, 600)]}, first=NOW.date(), last=None, now=NOW)
    assert "People can find you" in page(desk.get("/practice/"))
    assert "Next step" not in page(desk.get("/practice/"))
    hours.set_dates(specialist_id=mara.pk, first=NOW.date(), last=NOW.date() + timedelta(days=40), ranges=(), now=NOW)
    said = page(desk.get("/practice/"))
    assert "You are not in the list at the moment: in the next four weeks you have no time" in said
    assert "See your hours" in said
    assert not Specialist.objects.listed().exists()


def test_a_pause_keeps_what_is_booked(desk: Client, ana: User, mara: Specialist) -> None:
    meeting = booked(ana, mara, NOW + timedelta(days=1))
    desk.post("/practice/pause/", {"action": "pause"})
    assert not Specialist.objects.listed().exists()
    assert "Paused. You are not in the list until you press" in page(desk.get("/practice/"))
    meeting.refresh_from_db()
    assert meeting.status == "booked"
    desk.post("/practice/pause/", {"action": "resume"})
    assert Specialist.objects.listed().exists()


def test_the_calendars_address_is_secret_and_can_be_revoked(desk: Client, ana: User, mara: Specialist) -> None:
    booked(ana, mara, NOW + timedelta(days=1))
    page(desk.get("/practice/feed/"))
    shown = page(desk.post("/practice/feed/", {"action": "make"}))
    address = next(word for word in shown.split() if word.endswith(".ics"))
    secret = address.rpartition("/")[2].removesuffix(".ics")
    assert secret not in desk.get("/practice/feed/").content.decode()
    mara.refresh_from_db()
    assert secret not in mara.feed_hash
    calendar = Client().get(f"/feeds/{secret}.ics")
    assert calendar.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar.content.decode().count("SUMMARY:Booked") == 1
    assert not calendar.cookies
    assert "Make a new one?" in page(desk.post("/practice/feed/", {"action": "make"}))
    assert Client().get(f"/feeds/{secret}.ics").status_code == 200
    again = page(desk.post("/practice/feed/", {"action": "replace"}))
    assert Client().get(f"/feeds/{secret}.ics").status_code == 404
    newer = next(word for word in again.split() if word.endswith(".ics")).rpartition("/")[2]
    assert Client().get(f"/feeds/{newer}").status_code == 200
    desk.post("/practice/feed/", {"action": "revoke"})
    assert Client().get(f"/feeds/{newer}").status_code == 404


@pytest.mark.parametrize("name", ["", "profile/", "register/", "photo/", "preview/", "feed/", "meetings/"])
def test_a_member_is_led_to_where_one_becomes_a_specialist(ana: User, as_user: AsUser, name: str) -> None:
    assert as_user(ana).get(f"/practice/{name}").headers["Location"] == "/practice/start/"


def test_a_name_that_is_taken_gets_a_number(ana: User, ben: User, cole: User) -> None:
    made = [profiles.start_practice(user=user, name="Mara L.", now=NOW).slug for user in (ana, ben, cole)]
    assert made == ["mara-l", "mara-l-2", "mara-l-3"]
    assert profiles.start_practice(user=ana, name="Another", now=NOW).slug == "mara-l"


def steps(client: Client) -> list[str]:
    """The labels of the primary buttons."""
    html = client.get("/practice/").content.decode()
    return [words.strip() for words in re.findall(r'class="btn btn-primary"[^>]*>([^<]*)<', html)]


def test_there_is_one_next_step(desk: Client, mara: Specialist) -> None:
    assert steps(desk) == ["Enter your hours"]
    slot(mara, NOW + timedelta(days=1))
    assert steps(desk) == []
    Specialist.objects.update(offers_free=False)
    assert steps(desk) == ["Edit your profile"]
    Specialist.objects.update(paused=True, offers_free=True)
    assert steps(desk) == ["Take bookings again"]
    Specialist.objects.update(status=Status.DRAFT)
    assert steps(desk) == ["Continue"]
    profiles.save_profile(
        user=mara.user, fields={"profession": "Counsellor", "about": "Slowly."}, addresses=None, now=NOW
    )
    profiles.save_register(user=mara.user, fields=REGISTER, now=NOW)
    assert steps(desk) == ["Submit your profile"]
    Specialist.objects.update(status=Status.SUSPENDED)
    assert steps(desk) == []


def test_more_bookings_cost_no_more_queries(desk: Client, mara: Specialist) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(desk.get("/practice/"))
        return len(asked)

    def more(hours: int) -> None:
        for moment in (NOW + timedelta(hours=hours), NOW - timedelta(hours=hours)):
            client = User.objects.create_user(f"{moment:%H%M}@example.org")
            booked(client, mara, moment, objected_at=NOW if moment < NOW and hours > 1 else None)

    more(1)
    more(2)
    count()
    before = count()
    more(3)
    more(4)
    assert count() == before
    assert before <= 12


def test_button_of_an_earlier_release_changes_nothing(as_user: AsUser, cole: User) -> None:
    """Pages stay open over an upgrade: what they send must not do the opposite of what their button said."""
    specialist = verified(cole, paused=True)
    answer = as_user(cole).post("/practice/pause/", {"paused": "yes"}, follow=True)
    assert "this page was out of date" in page(answer)
    specialist.refresh_from_db()
    assert specialist.paused
