"""Other times that a specialist proposes: taken, left, taken back or overtaken; on both sides' pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import Traveller

from accounts.erasure import close_account
from accounts.export import data
from accounts.models import Mail, User
from accounts.outbox import send
from accounts.sealing import CannotOpen
from consultations import policy
from consultations.models import Booking, Slot, Specialist
from consultations.proposals import Proposal
from consultations.services import booking_changes, bookings, proposals, refusals
from tests.conftest import AsUser
from tests.consultations.cast import NOW, booked, page, proposed, slot, verified
from tests.html import parse, text_of
from tests.notices import new_about

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOON = NOW + 2 * DAY
WORDS = "Could we meet a little later?"


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.")


@pytest.fixture
def booking(ana: User, mara: Specialist) -> Booking:
    return booked(ana, mara, SOON)


@pytest.fixture
def free(mara: Specialist) -> list[Slot]:
    return [slot(mara, SOON + days * DAY) for days in (1, 2, 3)]


def open_in(booking: Booking, now: Any = NOW) -> Proposal | None:
    booking.refresh_from_db()
    assert booking.client
    return policy.proposal_in(booking, booking.document(booking.client), now)


def takes(booking: Booking, wanted: Slot, now: Any = NOW) -> Booking:
    assert booking.client
    return bookings.reschedule(
        booking_id=booking.pk, client=booking.client, slot_id=wanted.pk, is_proposed=True, now=now
    )


def subjects(to: User) -> list[str]:
    return [*Mail.objects.filter(owner=to).order_by("made_at", "pk").values_list("kind", flat=True)]


def test_it_is_sealed_with_the_clients_key_and_holds_no_slot(ana: User, booking: Booking, free: list[Slot]) -> None:
    proposed(booking, *free, words=WORDS)
    assert open_in(booking) == Proposal(tuple(one.starts_at for one in free), WORDS)
    assert booking.document(ana)["note"] == "marker"
    assert WORDS.encode() not in bytes(booking.sealed or b"")
    assert Slot.objects.filter(is_open=True).count() == 3
    assert (booking.starts_at, booking.sequence) == (SOON, 0)


def test_one_that_is_taken_moves_the_meeting_and_counts_for_no_limit(
    ana: User, cole: User, booking: Booking, free: list[Slot]
) -> None:
    Booking.objects.update(reschedules=3)
    proposed(booking, *free[:2])
    moved = takes(booking, free[1])
    assert (moved.starts_at, moved.reschedules, moved.sequence) == (free[1].starts_at, 3, 1)
    assert open_in(booking) is None
    assert takes(booking, free[1]) == moved  # sent twice
    with pytest.raises(refusals.NotNow):
        takes(booking, free[0])
    assert Slot.objects.filter(is_open=True, starts_at=SOON).exists()
    assert "moved" in subjects(cole)


def test_only_what_is_proposed_can_be_taken_this_way(booking: Booking, free: list[Slot]) -> None:
    Booking.objects.update(reschedules=3)
    with pytest.raises(refusals.NotNow):
        takes(booking, free[0])
    proposed(booking, free[0])
    with pytest.raises(refusals.Gone):
        takes(booking, free[1])
    proposals.withdraw(booking_id=booking.pk, specialist=free[0].specialist.user, now=NOW)
    with pytest.raises(refusals.NotNow):
        takes(booking, free[0])


def test_who_keeps_the_meeting_tells_the_specialist(ana: User, cole: User, booking: Booking, free: list[Slot]) -> None:
    proposed(booking, free[0])
    for _twice in range(2):
        proposals.keep(booking_id=booking.pk, client=ana, now=NOW)
    found = open_in(booking)
    assert found
    assert found.kept
    with pytest.raises(refusals.NotNow):
        takes(booking, free[0])
    assert subjects(cole) == ["kept"]
    assert len(new_about(cole)) == 1


OVERTAKEN: dict[str, Callable[[Booking, User, User, list[Slot]], object]] = {
    "moved": lambda booking, client, _host, free: bookings.reschedule(
        booking_id=booking.pk, client=client, slot_id=free[2].pk, now=NOW
    ),
    "cancelled by the client": lambda booking, client, _host, _free: booking_changes.cancel_by_client(
        booking_id=booking.pk, client=client, now=NOW
    ),
    "cancelled by the specialist": lambda booking, _client, host, _free: booking_changes.cancel_by_specialist(
        booking_id=booking.pk, specialist=host, words="Sorry.", now=NOW
    ),
}


@pytest.mark.parametrize("happens", OVERTAKEN.values(), ids=OVERTAKEN)
def test_it_is_gone_once_something_else_happens(
    ana: User, cole: User, booking: Booking, free: list[Slot], happens: Callable[..., object]
) -> None:
    proposed(booking, free[0])
    happens(booking, ana, cole, free)
    booking.refresh_from_db()
    assert "proposal" not in booking.document(ana)
    assert booking.document(ana)["note"] == "marker"
    with pytest.raises(refusals.NotNow):
        takes(booking, free[0])


def test_it_counts_no_more_once_the_meeting_begins(booking: Booking, free: list[Slot]) -> None:
    proposed(booking, free[0])
    assert open_in(booking, SOON) is None
    with pytest.raises(refusals.NotNow):
        takes(booking, free[0], SOON)
    with pytest.raises(refusals.NotNow):
        proposed(booking, free[1], now=SOON)


def test_only_free_slots_of_ones_own_are_proposed(ben: User, cole: User, booking: Booking, free: list[Slot]) -> None:
    theirs = slot(verified(ben), SOON + DAY)
    Slot.objects.filter(pk=free[0].pk).update(is_open=False, closed=True)
    for wanted in (theirs, free[0]):
        with pytest.raises(refusals.Gone):
            proposed(booking, free[1], wanted)
    Specialist.objects.filter(pk=cole.pk).update(paused=True)
    assert proposals.slots_to_propose(cole, NOW) == []


@pytest.mark.parametrize(("safe", "kinds"), [(True, ["proposed"]), (False, []), (None, [])])
def test_the_client_is_mailed_once_and_neutrally_if_that_is_safe(
    ana: User, booking: Booking, free: list[Slot], mailoutbox: list[Any], safe: bool | None, kinds: list[str]
) -> None:
    Booking.objects.update(mail=safe)
    for words in ("marker one", "marker two"):
        proposed(booking, free[0], words=words)
    assert subjects(ana) == kinds
    assert len(new_about(ana)) == 1
    for row in Mail.objects.all():
        send(row.pk, NOW)
    assert [letter.subject for letter in mailoutbox] == ["Something new about your appointment"] * len(kinds)
    assert all("There is something new about your appointment.\n\nLog in to see it:" in one.body for one in mailoutbox)
    assert "marker" not in "".join(letter.message().as_string() for letter in mailoutbox)


def test_a_mail_about_it_is_not_sent_once_it_is_settled(
    ana: User, cole: User, booking: Booking, free: list[Slot], mailoutbox: list[Any]
) -> None:
    Booking.objects.update(mail=True)
    proposed(booking, free[0])
    proposals.keep(booking_id=booking.pk, client=ana, now=NOW)
    for row in Mail.objects.all():
        send(row.pk, NOW)
    assert [letter.subject for letter in mailoutbox] == ["Meeting stays as booked: Wednesday 25 November, 09:00"]


def test_it_is_in_the_clients_download_and_goes_with_the_account(ana: User, booking: Booking, free: list[Slot]) -> None:
    proposed(booking, free[0], words=WORDS)
    assert WORDS in "".join(data(ana, NOW))
    close_account(owner=ana, now=NOW)
    booking.refresh_from_db()
    assert booking.sealed is None


def test_what_cannot_be_opened_is_left_as_it_is(booking: Booking, free: list[Slot]) -> None:
    Booking.objects.update(sealed=b"\x01" + bytes(64))
    with pytest.raises(CannotOpen):
        proposed(booking, free[0])
    booking.refresh_from_db()
    assert bytes(booking.sealed or b"") == b"\x01" + bytes(64)


# Pages


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def test_both_sides_see_it_until_it_is_taken(
    ana: User, cole: User, booking: Booking, free: list[Slot], as_user: AsUser
) -> None:
    here, theirs = f"/practice/meetings/{booking.pk}/", f"/consultations/{booking.pk}/"
    desk = as_user(cole)
    assert "Propose another time" in page(desk.get(here))
    said = page(desk.post(here + "propose/", {"first": free[0].pk, "second": free[1].pk, "words": WORDS}, follow=True))
    for words in ("Proposed.", "Thursday 26 November 2026, 09:00", WORDS, "The client has not answered yet."):
        assert words in said
    client = as_user(ana)
    assert f"The specialist proposes another time for this meeting. {WORDS}" in page(client.get("/notices/")).replace(
        "Wednesday 25 November 2026, 09:00 · Mara L. ", ""
    )
    said = page(client.get(theirs))
    for words in ("They are not held for you", WORDS, "Friday 27 November 2026, 09:00 Take this time"):
        assert words in said
    said = page(client.post(theirs + "proposal/", {"action": f"take:{free[1].pk}"}, follow=True))
    assert "The meeting has been moved." in said
    assert "Another time?" not in said
    booking.refresh_from_db()
    assert booking.starts_at == free[1].starts_at
    assert "You have proposed" not in page(as_user(cole).get(here))


def test_keeping_it_is_seen_by_the_specialist(
    ana: User, cole: User, booking: Booking, free: list[Slot], as_user: AsUser
) -> None:
    proposed(booking, free[0])
    client = as_user(ana)
    here = reverse("booking_proposal", args=[booking.pk])
    assert client.get(here).headers["Location"] == reverse("booking", args=[booking.pk])
    assert "The meeting stays as it is." in page(client.post(here, {"action": "keep"}, follow=True))
    assert "Another time?" not in page(client.get(reverse("booking", args=[booking.pk])))
    desk = as_user(cole)
    assert "The client keeps the meeting as it is." in page(desk.get(f"/practice/meetings/{booking.pk}/"))
    assert "Ana would rather keep this time." in page(desk.get("/notices/"))


def test_taking_it_back_changes_the_notice_that_the_client_has(
    ana: User, cole: User, booking: Booking, free: list[Slot], as_user: AsUser, clock: Traveller
) -> None:
    proposed(booking, free[0], words=WORDS)
    for _twice in range(2):
        proposals.withdraw(booking_id=booking.pk, specialist=cole, now=NOW)
    client = as_user(ana)
    said = page(client.get("/notices/"))
    assert "The specialist has taken back the other time. Your meeting stays as it is. Wednesday 25 November" in said
    assert WORDS not in said
    assert WORDS not in "".join(data(ana, NOW))
    clock.move_to(NOW + HOUR)
    booking_changes.replace_address(
        booking_id=booking.pk, specialist=cole, address="https://meet.example/new", now=NOW + HOUR
    )
    assert "The specialist has changed how you meet." in page(client.get("/notices/"))
    proposed(booking, free[1], now=NOW + HOUR)
    assert "The specialist proposes another time for this meeting." in page(client.get("/notices/"))
    clock.move_to(SOON)
    assert "The specialist had proposed another time for this meeting." in page(as_user(ana).get("/notices/"))


def test_who_answers_has_read_the_notice_about_it(
    ana: User, cole: User, booking: Booking, free: list[Slot], as_user: AsUser
) -> None:
    proposed(booking, free[0])
    proposals.keep(booking_id=booking.pk, client=ana, now=NOW)
    assert new_about(ana) == []
    assert "You keep the time of this meeting." in page(as_user(ana).get("/notices/"))
    proposed(booking, free[1])
    takes(booking, free[1])
    assert new_about(ana) == []
    assert "You took a time that the specialist proposed." in page(as_user(ana).get("/notices/"))
    said = page(as_user(cole).get("/notices/"))
    assert "Ana took a time that you proposed. It was planned for Wednesday 25 November, 09:00." in said
    assert "Friday 27 November 2026, 09:00 New" in said


def test_what_was_stored_before_it_had_a_state_still_opens(booking: Booking, free: list[Slot]) -> None:
    starts = [free[0].starts_at.isoformat()]
    for kept in (True, False):
        found = Proposal.of({"proposal": {"starts": starts, "words": WORDS, "kept": kept}})
        assert found
        assert (found.kept, found.is_open, found.words) == (kept, not kept, WORDS)


def test_a_time_that_somebody_else_has_booked_is_said_to_be_gone(
    ana: User, booking: Booking, free: list[Slot], as_user: AsUser
) -> None:
    proposed(booking, *free[:2])
    Slot.objects.filter(pk=free[0].pk).update(is_open=False)
    client = as_user(ana)
    assert "26 November 2026, 09:00 No longer free" in page(client.get(f"/consultations/{booking.pk}/"))
    here = reverse("booking_proposal", args=[booking.pk])
    assert "That time has just been taken." in page(client.post(here, {"action": f"take:{free[0].pk}"}, follow=True))
    for action in ("take:", "take:x", "take:99999999999999999999", "", "else"):
        assert "out of date" in page(client.post(here, {"action": action}, follow=True))
    booking.refresh_from_db()
    assert booking.starts_at == SOON


def test_both_sides_read_that_no_proposed_time_is_free_any_more(
    ana: User, cole: User, booking: Booking, free: list[Slot], as_user: AsUser
) -> None:
    proposed(booking, *free[:2], words=WORDS)
    here, theirs = f"/practice/meetings/{booking.pk}/", f"/consultations/{booking.pk}/"
    Slot.objects.filter(pk=free[0].pk).update(is_open=False)
    said = page(as_user(cole).get(here))
    assert "26 November 2026, 09:00 · No longer free Friday 27 November 2026, 09:00" in said
    assert "The client has not answered yet." in said
    Slot.objects.all().update(is_open=False)
    said = page(as_user(cole).get(here))
    assert said.count("No longer free") == 2
    assert "None of these times is free any more. Propose others, or leave the meeting as it is." in said
    said = page(as_user(ana).get(theirs))
    assert "The times that were proposed are no longer free. Your meeting stays as it is." in said
    assert "None of them is free any more." in page(as_user(ana).get("/notices/"))
    for list_of in ("/practice/", "/practice/meetings/"):
        said_there = page(as_user(cole).get(list_of))
        assert "Proposed times no longer free" in said_there
        assert "Waiting for an answer" not in said_there
    assert "Take this time" not in said
    assert "Keep the meeting as it is" not in said


def test_one_time_that_is_no_longer_free_is_said_to_be_one(
    ana: User, booking: Booking, free: list[Slot], as_user: AsUser
) -> None:
    proposed(booking, free[0])
    assert "The specialist proposes another time for this meeting." in page(as_user(ana).get("/notices/"))
    Slot.objects.all().update(is_open=False)
    gone = "The specialist had proposed another time for this meeting. It is no longer free."
    assert gone in page(as_user(ana).get("/notices/"))
    said = page(as_user(ana).get(f"/consultations/{booking.pk}/"))
    assert "The time that was proposed is no longer free. Your meeting stays as it is." in said


def test_the_week_and_the_list_mark_who_has_not_answered(
    ana: User, desk: Client, booking: Booking, free: list[Slot]
) -> None:
    def marked() -> list[bool]:
        return ["Waiting for an answer" in page(desk.get(path)) for path in ("/practice/", "/practice/meetings/")]

    assert marked() == [False, False]
    proposed(booking, free[0])
    assert marked() == [True, True]
    proposals.keep(booking_id=booking.pk, client=ana, now=NOW)
    assert marked() == [False, False]


def test_the_form_asks_for_a_time_and_keeps_the_words(desk: Client, booking: Booking, free: list[Slot]) -> None:
    here = f"/practice/meetings/{booking.pk}/propose/"
    said = page(desk.post(here, {"first": "", "words": WORDS}), 400)
    assert "Choose a time." in said
    assert WORDS in said
    assert "This time is no longer free." in page(desk.post(here, {"first": "999", "words": WORDS}), 400)
    desk.post(here, {"first": free[0].pk, "second": free[0].pk})
    found = open_in(booking)
    assert found
    assert found.starts == (free[0].starts_at,)
    assert "Taken back." in page(desk.post(here, {"action": "withdraw"}, follow=True))
    assert open_in(booking) is None


def test_another_proposal_says_what_it_replaces_and_begins_with_it(
    ana: User, desk: Client, booking: Booking, free: list[Slot], ben: User, mara: Specialist
) -> None:
    here, says = f"/practice/meetings/{booking.pk}/propose/", "What you propose now takes its place."
    assert says not in page(desk.get(here))
    proposed(booking, *free, words=WORDS)
    booked(ben, mara, free[0].starts_at, slot=free[0])
    Slot.objects.filter(pk=free[0].pk).update(is_open=False)
    answer = desk.get(here)
    assert says in page(answer)
    form = answer.context["form"]
    assert [form[name].value() for name in ("first", "second", "third", "words")] == [
        *(free[1].pk, free[2].pk, None, WORDS),
    ]
    desk.post(here, {"first": free[2].pk, "words": "Or this one?"})
    found = open_in(booking)
    assert found
    assert (found.starts, found.words) == ((free[2].starts_at,), "Or this one?")
    proposals.keep(booking_id=booking.pk, client=ana, now=NOW)
    again = desk.get(here)
    assert says not in page(again)
    assert again.context["form"]["first"].value() is None


def test_the_times_are_grouped_by_day(desk: Client, booking: Booking, free: list[Slot], mara: Specialist) -> None:
    slot(mara, SOON + DAY + HOUR)
    form = parse(desk.get(f"/practice/meetings/{booking.pk}/propose/").content)
    labels = [text_of(label) for label in form.iter("label")][:3]
    assert [label.removesuffix("*").strip() for label in labels] == [
        "First time",
        "Second time, if you like",
        "Third time, if you like",
    ]
    for name in ("first", "second", "third"):
        [field] = [one for one in form.iter("select") if one.get("name") == name]
        assert text_of(next(field.iter("option"))) == "Choose a time"
        days = {group.get("label"): [text_of(one) for one in group.iter("option")] for group in field.iter("optgroup")}
        assert days == {
            "Thursday 26 November 2026": ["Thu 26 Nov, 09:00", "Thu 26 Nov, 10:00"],
            "Friday 27 November 2026": ["Fri 27 Nov, 09:00"],
            "Saturday 28 November 2026": ["Sat 28 Nov, 09:00"],
        }


def test_a_time_that_is_proposed_to_somebody_else_is_marked(
    ben: User, desk: Client, mara: Specialist, booking: Booking, free: list[Slot]
) -> None:
    other = booked(ben, mara, SOON + HOUR)
    proposed(booking, free[0])
    proposed(other, free[1])

    def options() -> set[str]:
        form = parse(desk.get(f"/practice/meetings/{other.pk}/propose/").content)
        return {text_of(one) for one in form.iter("option")}

    assert options() == {
        *("Choose a time", "Thu 26 Nov, 09:00 · proposed to Ana", "Fri 27 Nov, 09:00", "Sat 28 Nov, 09:00"),
    }
    Booking.objects.filter(pk=booking.pk).update(sealed=None)
    proposals.withdraw(booking_id=other.pk, specialist=mara.user, now=NOW)
    assert "Thu 26 Nov, 09:00" in options()


def test_without_free_times_there_is_nothing_to_propose(desk: Client, booking: Booking, clock: Traveller) -> None:
    here = f"/practice/meetings/{booking.pk}/propose/"
    assert "You have no free times that people can book." in page(desk.get(here))
    clock.move_to(SOON)
    assert desk.get(here).status_code == 302


@pytest.mark.parametrize(
    ("service", "act", "address"),
    [(proposals, "propose", "propose"), (booking_changes, "cancel_by_specialist", "cancel")],
)
def test_a_refusal_at_the_last_moment_keeps_the_words(
    desk: Client,
    booking: Booking,
    free: list[Slot],
    monkeypatch: pytest.MonkeyPatch,
    service: Any,
    act: str,
    address: str,
) -> None:
    def gone(**_: object) -> None:
        raise refusals.Gone

    monkeypatch.setattr(service, act, gone)
    answer = desk.post(
        f"/practice/meetings/{booking.pk}/{address}/", {"first": free[0].pk, "words": WORDS}, follow=True
    )
    assert "no longer offered" in answer.text
    assert WORDS in answer.text


def test_times_proposed_after_an_answer_are_mailed_anew(
    ana: User, cole: User, booking: Booking, free: list[Slot]
) -> None:
    Booking.objects.update(mail=True)
    for number in range(2):
        now = NOW + number * timedelta(hours=1)
        proposed(booking, free[number], now=now)
        proposals.keep(booking_id=booking.pk, client=ana, now=now)
    assert subjects(ana) == ["proposed", "proposed"]
    assert subjects(cole) == ["kept", "kept"]
