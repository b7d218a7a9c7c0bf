"""The address of a meeting's room: one word a booking, another when it moves, and passes for the operator's server."""

import warnings
from datetime import timedelta
from functools import partial

import jwt
import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from consultations.joining import room_of
from consultations.models import Booking, Specialist
from consultations.rooms import Room, Server, fresh_word, room_at
from consultations.services import booking_changes, bookings, profiles
from consultations.times import SESSION_LINK
from practice.forms.profile import MISSPELT, ProfileForm, RoomField
from tests.consultations.cast import NOW, TOMORROW, booked, books, first_slot, slot

ROOM = "https://rooms.example.org/{meeting}"
KEY = "k" * 32
at = partial(room_at, opens=NOW, closes=NOW + timedelta(hours=1), hosts=False)


def given(specialist: Specialist, address: str) -> None:
    profiles.save_profile(user=specialist.user, fields={}, addresses={"video": address}, now=NOW)


def joined(booking: Booking, client: User) -> Room:
    room = room_of(booking, booking.document(client), booking.starts_at)
    assert room
    return room


class TestWord:
    def test_holds_128_bits_in_small_letters(self) -> None:
        words = {fresh_word() for _ in range(100)}
        assert len(words) == 100
        assert all(len(word) == 32 and int(word, 16) < 2**128 and word == word.lower() for word in words)

    def test_is_the_bookings_own_and_not_its_id(self, ana: User, ben: User, mara: Specialist) -> None:
        given(mara, ROOM)
        first, second = books(ana, first_slot(mara)), books(ben, mara.slots.order_by("starts_at")[1])
        words = [made.document(client)["room"] for made, client in ((first, ana), (second, ben))]
        assert words[0] != words[1]
        assert not {str(made.pk).replace("-", "") for made in (first, second)} & set(words)
        assert joined(first, ana) == Room(f"https://rooms.example.org/{words[0]}", "rooms.example.org", is_own=True)

    def test_is_another_one_when_the_meeting_moves(self, ana: User, mara: Specialist) -> None:
        given(mara, ROOM)
        made = books(ana, first_slot(mara))
        later = mara.slots.order_by("starts_at")[2]
        moved = bookings.reschedule(booking_id=made.pk, client=ana, slot_id=later.pk, now=NOW)
        before, after = made.document(ana), Booking.objects.get().document(ana)
        assert after["room"] != before["room"]
        assert after | {"room": ""} == before | {"room": ""}
        assert moved.starts_at == later.starts_at

    def test_a_meeting_whose_words_cannot_be_opened_moves_all_the_same(self, ana: User, mara: Specialist) -> None:
        made = books(ana, first_slot(mara))
        Booking.objects.update(sealed=b"damaged")
        later = mara.slots.order_by("starts_at")[2]
        bookings.reschedule(booking_id=made.pk, client=ana, slot_id=later.pk, now=NOW)
        assert Booking.objects.get().starts_at == later.starts_at
        assert bytes(Booking.objects.get().sealed or b"") == b"damaged"

    def test_an_address_of_this_meeting_alone_gets_one_too(self, ana: User, mara: Specialist) -> None:
        made = booked(ana, mara, TOMORROW + timedelta(hours=9))  # as release 0.1.0 has booked it: without a word
        booking_changes.replace_address(booking_id=made.pk, specialist=mara.user, address=ROOM, now=NOW)
        room = joined(Booking.objects.get(), ana)
        assert room.is_own
        assert "{" not in room.address

    def test_an_old_booking_keeps_its_address(self, ana: User, mara: Specialist) -> None:
        made = booked(ana, mara, TOMORROW + timedelta(hours=9))
        assert joined(made, ana) == Room("https://meet.example/room", "meet.example")


def test_a_room_is_shown_in_its_window_alone(ana: User, mara: Specialist) -> None:
    made = booked(ana, mara, TOMORROW + timedelta(hours=9))
    words = made.document(ana)
    shown = {
        moment: room_of(made, words, moment) is not None
        for moment in (
            made.starts_at - SESSION_LINK - timedelta(seconds=1),
            made.starts_at - SESSION_LINK,
            made.ends_at + SESSION_LINK - timedelta(seconds=1),
            made.ends_at + SESSION_LINK,
        )
    }
    assert list(shown.values()) == [False, True, True, False]
    made.status = "cancelled_by_client"
    assert room_of(made, words, made.starts_at) is None
    assert room_of(made, None, made.starts_at) is None


class TestServer:
    def test_without_a_key_adds_nothing(self) -> None:
        room = at("https://meet.example.org/{meeting}", "word", Server("https://meet.example.org"))
        assert room == Room("https://meet.example.org/word", "meet.example.org", is_own=True)

    def test_signs_a_pass_for_this_room_and_time(self) -> None:
        server = Server("https://meet.example.org", KEY, "reflect")
        room = at("https://meet.example.org/a/{meeting}?x=1#y", "word", server, hosts=True)
        address, _, token = room.address.partition("&jwt=")
        token, _, fragment = token.partition("#")
        assert (address, fragment) == ("https://meet.example.org/a/word?x=1", "y")
        assert room.is_own
        assert room.is_locked
        with warnings.catch_warnings(action="error"):  # PyJWT warns of short keys
            claims = jwt.decode(token, KEY, ["HS256"], audience="reflect", options={"verify_exp": False})
        assert claims == {
            "iss": "reflect",
            "aud": "reflect",
            "sub": "meet.example.org",
            "room": "word",
            "nbf": int(NOW.timestamp()),
            "exp": int(NOW.timestamp()) + 3_600,
            "context": {"user": {"moderator": True}},
        }

    @pytest.mark.parametrize("address", ["https://meet.example.org.evil.example/x", "https://other.example/x"])
    def test_gives_its_pass_to_no_other_site(self, address: str) -> None:
        assert not at(address, "word", Server("https://meet.example.org", KEY, "reflect")).is_locked

    def test_is_named_in_the_profile(self, settings: Settings, mara: Specialist) -> None:
        assert "server of its own" not in str(ProfileForm(None, instance=mara, addresses={}))
        settings.MEETING_BASE_URL = "https://meet.example.org"
        assert "write https://meet.example.org/{meeting} to use it" in str(
            ProfileForm(None, instance=mara, addresses={})
        )


class TestField:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("rooms.example.org/{meeting}", ROOM),
            ("https://rooms.example.org/%7Bmeeting%7D", ROOM),
            ("https://rooms.example.org/{Meeting}", ROOM),
            ("https://rooms.example.org/?room={meeting}", "https://rooms.example.org/?room={meeting}"),
            ("https://rooms.example.org/mara", "https://rooms.example.org/mara"),
        ],
    )
    def test_takes_an_address(self, written: str, kept: str) -> None:
        assert RoomField().clean(written) == kept

    @pytest.mark.parametrize(
        "written",
        [
            "https://{meeting}.example.org/",
            "https://x.example/{meetng}",
            "https://x.example/{meeting",
            "https://x.example/{}",
        ],
    )
    def test_refuses_what_would_be_one_room_for_all(self, written: str) -> None:
        with pytest.raises(Exception, match="exactly like this"):
            RoomField().clean(written)
        assert "exactly like this" in str(MISSPELT)


class TestAdvice:
    """For somebody whose next client could walk in: where the room is set, and not above every week."""

    WORDS = "One room for all meetings"

    def seen(self, client: Client, mara: Specialist) -> bool:
        client.force_login(mara.user)
        assert self.WORDS not in client.get("/practice/").text
        return self.WORDS in client.get("/practice/profile/").text

    def test_is_given_where_times_follow_each_other(self, client: Client, mara: Specialist) -> None:
        assert not self.seen(client, mara)
        slot(mara, TOMORROW + timedelta(minutes=30))
        assert self.seen(client, mara)

    def test_is_not_needed_with_a_room_for_each(self, client: Client, mara: Specialist) -> None:
        slot(mara, TOMORROW + timedelta(minutes=30))
        given(mara, ROOM)
        assert not self.seen(client, mara)
