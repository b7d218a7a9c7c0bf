"""Ending a practice: called off with words, hidden at once, taken back within 30 days, and then deleted."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from time_machine import Traveller

from accounts.held import HELD
from accounts.models import DataKey, User
from accounts.services import erase_account
from consultations.models import (
    Absence,
    Booking,
    BusyCalendar,
    Photo,
    Slot,
    Specialist,
    Verification,
    WaitingEntry,
    WeeklyHours,
)
from consultations.models.bookings import Fit
from consultations.services import ending, profiles, verification
from consultations.services.refusals import Busy, Refused
from consultations.tasks import clear_ended_practices
from consultations.times import TO_TAKE_BACK
from exchange.models import Answer, Away, Message, ProfileReport, ReplyTime, SavedText, Side
from exchange.services import desk
from exchange.services.question_drafts import NEW, answer_to, drafts_of, keep_draft
from meetings.models import PrivateNote
from tests.accounts.factors import add_app
from tests.conftest import AsUser, show_second_factor
from tests.consultations.cast import NOW, TOMORROW, absent, booked, books, busy_calendar, first_slot, page
from tests.exchange.messaging import reply, texts, thread
from tests.exchange.readable import answered, published
from tests.exchange.written import saved_text
from tests.outbox import mailed
from tests.practice.noted import noted

pytestmark = pytest.mark.django_db
END, WORDS = "/practice/end/", "I am ill, and I am sorry."
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def hers(as_user: AsUser, mara: Specialist) -> Client:
    """Mara's browser, who has just shown who she is."""
    client = as_user(mara.user)
    show_second_factor(client, mara.user, again=True)
    return client


def again(mara: Specialist) -> Specialist:
    return Specialist.objects.select_related("user").get(pk=mara.pk)


def end_by_pages(client: Client, words: str = WORDS) -> Any:
    asks = client.post(END, {"words": words})
    return client.post(asks.headers["Location"])


def cleared(mara: Specialist) -> Specialist:
    ending.end_practice(user=mara.user, now=NOW)
    ending.clear_ended(now=NOW + TO_TAKE_BACK)
    return again(mara)


def test_the_page_says_what_happens_and_ends_nothing_yet(hers: Client, ana: User, mara: Specialist) -> None:
    assert END in hers.get(reverse("practice:overview")).text
    text = page(hers.get(END))
    assert "You have no meetings booked." in text
    assert "What you want to say" not in text
    meeting = booked(ana, mara, TOMORROW + timedelta(days=1))
    text = page(hers.get(END))
    for words in (
        "For 30 days you can take it back; you are then paused until you take bookings again.",
        "Your account, as a member’s",
        "24 months after the end",
    ):
        assert words in text
    asks = hers.post(END, {"words": WORDS})
    assert WORDS not in asks.headers["Location"]
    text = page(hers.get(asks.headers["Location"]))
    assert "One meeting will be cancelled, and your profile will be hidden at once." in text
    assert "Until 23 December 2026 you can change your mind" in text
    assert WORDS in text
    meeting.refresh_from_db()
    assert (meeting.status, again(mara).ended_at) == ("booked", None)
    long = page(hers.post(END, {"words": "x" * 501}), 400)
    assert "x" * 501 in long


def test_it_asks_who_it_is_and_keeps_the_words_meanwhile(as_user: AsUser, ana: User, mara: Specialist) -> None:
    booked(ana, mara, TOMORROW + timedelta(days=1))
    add_app(mara.user)
    client = as_user(mara.user)
    here = client.post(END, {"words": WORDS}).headers["Location"]
    for answer in (client.get(here), client.get(client.post(here).headers["Location"])):
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]
    assert again(mara).ended_at is None
    show_second_factor(client, mara.user, again=True)
    assert WORDS in page(client.get(here))
    client.post(here)
    assert again(mara).ended_at == NOW


def test_meetings_are_called_off_with_words_and_nobody_can_book(
    hers: Client, ana: User, ben: User, mara: Specialist, as_user: AsUser
) -> None:
    first, second = booked(ana, mara, TOMORROW + timedelta(days=1)), booked(ben, mara, TOMORROW + timedelta(days=2))
    over = booked(ana, mara, NOW - timedelta(days=3), status="completed")
    running = booked(User.objects.create_user("cara@example.org"), mara, NOW - timedelta(minutes=5))
    assert "Two meetings are cancelled." in page(followed_by(hers, end_by_pages(hers)))
    for meeting, person in ((first, ana), (second, ben)):
        meeting.refresh_from_db()
        assert meeting.status == "cancelled_by_specialist"
        assert meeting.document(person)["from_specialist"] == WORDS
    for meeting, status in ((over, "completed"), (running, "booked")):
        meeting.refresh_from_db()
        assert meeting.status == status
        assert meeting.client
        assert "from_specialist" not in meeting.document(meeting.client)
    assert not any(WORDS in str(mail.body) for mail in mailed())
    with pytest.raises(Refused):
        books(ben, first_slot(mara))
    client = as_user(ana)
    assert WORDS in client.get(reverse("booking", args=[first.pk])).text
    assert client.get(reverse("specialist", args=[mara.slug])).status_code == 404
    assert "Mara" not in client.get(reverse("specialists")).text


def test_clients_read_that_the_specialist_no_longer_works_here(ana: User, mara: Specialist, as_user: AsUser) -> None:
    meeting = booked(ana, mara, TOMORROW + timedelta(days=1))
    thread(ana, mara, now=NOW)
    client, side = as_user(ana), Side.objects.get(owner=ana)
    ending.end_practice(user=mara.user, now=NOW)
    said = page(client.get(reverse("booking", args=[meeting.pk])))
    assert "The meeting is cancelled" in said
    assert "This specialist no longer offers meetings here. Other specialists do." in said
    for words in ("Another time", "There are no free times at the moment.", "Write to the specialist"):
        assert words not in said
    seen = page(client.get(reverse("message_thread", args=[side.pk])))
    assert f"{mara.name} This specialist no longer works here" in seen
    assert "This specialist no longer works here." in page(client.get(reverse("messages")))
    ending.take_back(user=mara.user, now=NOW)
    assert "no longer" not in page(client.get(reverse("message_thread", args=[side.pk])))


def test_a_mail_confirms_the_end_and_until_when_it_can_be_taken_back(mara: Specialist) -> None:
    ending.end_practice(user=mara.user, now=NOW)
    [mail] = [one for one in mailed() if one.to == [mara.user.email]]
    assert mail.subject == "Your practice has ended"
    assert "You can take it back until 23 December 2026." in str(mail.body)
    assert reverse("practice:end") in str(mail.body)


def test_no_mail_says_that_a_practice_has_ended_which_goes_on(mara: Specialist) -> None:
    ending.end_practice(user=mara.user, now=NOW)
    ending.take_back(user=mara.user, now=NOW)
    assert not [one for one in mailed() if one.to == [mara.user.email]]


def followed_by(client: Client, response: Any) -> Any:
    return client.get(response.headers["Location"])


def test_it_can_be_taken_back_for_thirty_days(hers: Client, mara: Specialist, clock: Traveller) -> None:
    end_by_pages(hers)
    overview = page(hers.get(reverse("practice:overview")))
    assert "Your practice has ended. You can take that back until 23 December." in overview
    assert "paused" not in overview.partition("You can take that back")[0]
    assert "Take bookings again" not in overview
    text = page(followed_by(hers, hers.post(reverse("practice:pause"), {"action": "resume"})))
    assert "To go on with it, take that back first." in text
    assert again(mara).paused
    assert "Your practice has ended" in page(hers.get(END))
    ending.clear_ended(now=NOW + TO_TAKE_BACK - MOMENT)
    assert again(mara).user.is_specialist
    assert "Your practice goes on." in page(followed_by(hers, hers.post(END, {"action": "take_back"})))
    assert (again(mara).ended_at, again(mara).paused) == (None, True)
    overview = page(hers.get(reverse("practice:overview")))
    assert "Paused. You are not in the list until you press “Take bookings again”." in overview
    assert "You are away" not in overview
    ending.clear_ended(now=NOW + 2 * TO_TAKE_BACK)
    assert again(mara).user.is_specialist
    hers.post(reverse("practice:pause"), {"action": "resume"})
    assert Specialist.objects.reachable().filter(pk=mara.pk).exists()
    assert "There is nothing to take back." in page(followed_by(hers, hers.post(END, {"action": "take_back"})))


def test_after_thirty_days_it_cannot_be_taken_back(mara: Specialist) -> None:
    ending.end_practice(user=mara.user, now=NOW)
    assert not ending.take_back(user=mara.user, now=NOW + TO_TAKE_BACK)
    assert ending.take_back(user=mara.user, now=NOW + TO_TAKE_BACK - MOMENT)


def test_ending_twice_ends_once(hers: Client, mara: Specialist, clock: Traveller) -> None:
    here = hers.post(END, {"words": WORDS}).headers["Location"]
    hers.post(here)
    clock.shift(60)
    assert hers.post(here).headers["Location"] == END
    ending.end_practice(user=mara.user, now=NOW + timedelta(hours=1))
    assert again(mara).ended_at == NOW


def test_words_are_held_for_a_while_and_for_their_writer(
    hers: Client, mara: Specialist, dana: User, clock: Traveller
) -> None:
    here = hers.post(END, {"words": WORDS}).headers["Location"]
    clock.shift(HELD)
    show_second_factor(hers, mara.user, again=True)
    for answer in (hers.get(here), hers.post(here)):
        assert answer.headers["Location"] == END
    assert again(mara).ended_at is None


def test_after_thirty_days_the_rest_is_deleted(ana: User, mara: Specialist, as_user: AsUser) -> None:
    user = mara.user
    over = booked(ana, mara, NOW - timedelta(days=3), status="completed", specialist_fit=Fit.NO, client_fit=Fit.YES)
    noted(over, now=NOW)
    WeeklyHours.objects.create(specialist=mara, weekday=0, starts=540, ends=600, valid_from=NOW.date())
    profiles.set_photo(user=user, webp=b"a picture", now=NOW)
    profiles.make_feed(user=user, now=NOW)
    absent(user)
    busy_calendar(user)
    saved_text(user)
    desk.set_away(specialist_id=mara.pk, first=None, last=NOW.date(), note="Back soon.", now=NOW)
    _, side = thread(ana, mara, now=NOW)
    reply(side, "To Ana.", now=NOW)
    question = published(ana)
    answered(question, mara)
    keep_draft(owner=user, about=answer_to(question.pk), fields={"text": "An answer."})
    keep_draft(owner=user, about=NEW, fields={"text": "A question of hers as a member."})
    Specialist.objects.filter(pk=mara.pk).update(about="Slowly.", register_name="A register", register_number="7")
    left = cleared(again(mara))
    for model in (Photo, WeeklyHours, Slot, Absence, BusyCalendar, WaitingEntry, SavedText, Away, Answer, PrivateNote):
        assert model._default_manager.count() == 0, model
    assert not left.user.is_specialist
    assert (left.name, left.register_name, left.register_number) == (mara.name, "A register", "7")
    assert (left.verified_at, left.check_again_on) == (mara.verified_at, mara.check_again_on)
    assert (left.about, left.themes, left.languages, left.sealed_addresses, left.feed_hash) == ("", [], [], None, "")
    over.refresh_from_db()
    assert (over.status, over.specialist, over.specialist_fit, over.client_fit) == ("completed", left, "", Fit.YES)
    assert not Side.objects.filter(owner=user).exists()
    assert not Message.objects.filter(owner=user).exists()
    assert "To Ana." in texts(ana)
    assert set(drafts_of(user)) == {NEW}
    assert DataKey.objects.filter(owner=user).exists()
    member = as_user(ana)
    seen = page(member.get(reverse("message_thread", args=[Side.objects.get(owner=ana).pk])))
    assert "This specialist no longer works here" in seen
    assert "This specialist no longer works here." in page(member.get(reverse("messages")))
    hers = as_user(left.user)
    assert hers.get(reverse("practice:overview")).headers["Location"] == reverse("practice:start")
    assert reverse("practice:overview") not in hers.get(reverse("today")).text


def test_whatever_belongs_to_a_profile_is_said_to_stay_or_to_go() -> None:
    theirs = {one.related_model for one in Specialist._meta.related_objects}
    with_exchange, stays = {Away, ReplyTime}, {Booking, Verification, ProfileReport}
    assert theirs - set(ending.GOES) == with_exchange | stays


def test_what_has_to_stay_goes_after_24_months(ana: User, mara: Specialist) -> None:
    over = booked(ana, mara, NOW - timedelta(days=3), status="completed")
    cleared(mara)
    for then, stays in ((date(2028, 11, 22), True), (date(2028, 11, 24), False)):
        clear_ended_practices(int(NOW.replace(year=then.year, month=then.month, day=then.day).timestamp()))
        assert Specialist.objects.filter(pk=mara.pk).exists() is stays
    assert User.objects.filter(pk=mara.pk).exists()
    assert not Booking.objects.filter(pk=over.pk, specialist__isnull=False).exists()


def test_a_practice_that_goes_on_is_never_forgotten(mara: Specialist) -> None:
    ending.end_practice(user=mara.user, now=NOW)
    ending.forget_ended(before=NOW + timedelta(days=1))
    ending.take_back(user=mara.user, now=NOW)
    ending.forget_ended(before=NOW + timedelta(days=1000))
    assert Specialist.objects.filter(pk=mara.pk).exists()


def test_whoever_ended_a_practice_can_begin_again(mara: Specialist, as_user: AsUser) -> None:
    left = cleared(mara)
    client = as_user(left.user)
    show_second_factor(client, left.user)
    answer = client.post(reverse("practice:start"), {"name": "Mara B.", "timezone": "Europe/Lisbon"})
    assert answer.headers["Location"] == reverse("practice:overview")
    begun = again(mara)
    assert (begun.name, begun.status, begun.ended_at, begun.paused) == ("Mara B.", "draft", None, False)
    assert begun.user.is_specialist
    assert "Your profile is a draft." in page(client.get(reverse("practice:overview")))


def test_a_suspension_is_not_escaped_by_ending(mara: Specialist) -> None:
    verification.suspend(specialist_id=mara.pk, reason="x", now=NOW)
    left = cleared(again(mara))
    profiles.start_practice(user=left.user, name="Mara B.", now=NOW)
    assert again(mara).status == Specialist.Status.SUSPENDED


def test_an_account_is_erased_while_its_practice_ends(mara: Specialist) -> None:
    ending.end_practice(user=mara.user, now=NOW)
    erase_account(owner=mara.user, now=NOW)
    ending.clear_ended(now=NOW + TO_TAKE_BACK)
    ending.clear_practice(specialist_id=UUID(int=0), now=NOW + TO_TAKE_BACK)
    assert not Specialist.objects.exists()


def test_the_database_keeps_an_ended_practice_paused(mara: Specialist) -> None:
    with pytest.raises(IntegrityError, match="specialist_ended_is_paused"), transaction.atomic():
        Specialist.objects.filter(pk=mara.pk).update(ended_at=NOW)


def test_a_lost_session_gives_the_words_back(hers: Client, mara: Specialist) -> None:
    hers.logout()
    assert WORDS in page(hers.post(END, {"words": WORDS, "writer": mara.pk}), 401)


def test_if_the_locks_are_busy_the_page_asks_again_with_the_words(
    hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = hers.post(END, {"words": WORDS}).headers["Location"]

    def busy(**_: object) -> None:
        raise Busy

    monkeypatch.setattr(ending, "end_practice", busy)
    answer = hers.post(asks, follow=True)
    assert str(Busy.words) in answer.text
    assert answer.request["PATH_INFO"] == asks  # which still has the words
