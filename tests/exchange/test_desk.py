"""A specialist's saved texts and time away, and how soon they usually answer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import erase_account
from consultations.models import Specialist
from exchange import tasks
from exchange.models import Away, Message, ReplyTime, SavedText, Side, Thread
from exchange.models.desk import Words, with_hints
from exchange.models.messages import Terms as Names
from exchange.models.messages import Words as MessageWords
from exchange.replying import usually
from exchange.services import desk
from exchange.templatetags.desk_words import is_away, usually_answers
from tests.accounts.portable import exported, parts
from tests.conftest import AsUser
from tests.consultations.cast import page, verified
from tests.exchange.written import saved_text as saved

NOW = datetime(2028, 2, 29, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole, name="Mara L.", timezone="Europe/Lisbon")


def work(now: datetime) -> None:
    tasks.count_reply_times(timestamp=int(now.timestamp()))


# Saved texts


def test_texts_come_by_title_and_a_second_submit_changes_the_same_one(cole: User, mara: Specialist) -> None:
    later, sooner = saved(cole, "beta"), saved(cole, "Alpha")
    assert [row for row, _ in desk.texts_of(cole)] == [sooner, later]
    desk.save_text(owner=cole, text_id=later.pk, words=Words("beta", "Another text."))
    assert [words.text for _, words in desk.texts_of(cole) if words] == ["A text.", "Another text."]


def test_there_is_room_for_twenty_texts(cole: User, mara: Specialist) -> None:
    texts = [saved(cole) for _ in range(desk.MOST_TEXTS)]
    with pytest.raises(desk.TooManyTexts):
        saved(cole)
    desk.save_text(owner=cole, text_id=texts[0].pk, words=Words("Changed", "x"))
    desk.delete_text(owner=cole, text_id=texts[1].pk)
    saved(cole)
    assert SavedText.objects.count() == desk.MOST_TEXTS


def test_nobody_elses_text_is_read_changed_or_deleted(cole: User, mara: Specialist) -> None:
    dora = verified(User.objects.create_user("dora@example.org")).user
    text = saved(cole)
    with pytest.raises(desk.SomebodyElses):
        desk.save_text(owner=dora, text_id=text.pk, words=Words("Mine", "x"))
    desk.delete_text(owner=dora, text_id=text.pk)
    assert (desk.texts_of(dora), text.words(cole).title) == ([], "A title")


def test_a_text_that_cannot_be_opened_stands_last(cole: User, mara: Specialist) -> None:
    broken, whole = saved(cole, "a"), saved(cole, "b")
    SavedText.objects.filter(pk=broken.pk).update(sealed=b"\x00")
    assert desk.texts_of(cole) == [(whole, Words("b", "A text.")), (broken, None)]


# Time away


def away(mara: Specialist, first: date, last: date, *, now: datetime = NOW, note: str = "Back soon.") -> Away:
    desk.set_away(specialist_id=mara.pk, first=first, last=last, note=note, now=now)
    return Away.objects.latest("pk")


def hinted(now: datetime) -> tuple[str, str | None, str]:
    """What people read above the form."""
    mara = with_hints(Specialist.objects.reachable(), now).get()
    return is_away(mara), mara.away_note, usually_answers(mara)


def test_days_away_are_days_of_the_specialists_zone(mara: Specialist) -> None:
    Specialist.objects.update(timezone="Asia/Tokyo")
    found = away(mara, date(2028, 3, 2), date(2028, 3, 3))
    assert found.starts_at == datetime(2028, 3, 1, 15, tzinfo=UTC)
    assert found.ends_at == datetime(2028, 3, 3, 15, tzinfo=UTC)
    assert (found.first, found.last) == (date(2028, 3, 2), date(2028, 3, 3))


def test_a_note_is_read_while_it_holds_and_ends_by_itself(mara: Specialist) -> None:
    found = away(mara, date(2028, 3, 2), date(2028, 3, 3))
    nothing = ("", None, "")
    assert hinted(found.starts_at - timedelta.resolution) == nothing
    words = ("Mara L. is away until Friday 3 March.", "Back soon.", "")
    assert hinted(found.starts_at) == hinted(found.ends_at - timedelta.resolution) == words
    assert hinted(found.ends_at) == nothing


def test_hints_come_with_the_specialist_in_one_query(mara: Specialist) -> None:
    away(mara, NOW.date(), NOW.date())
    ReplyTime.objects.create(specialist=mara, median=HOUR)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        hinted(NOW)
    assert len(queries) == 1


def test_today_begins_now_and_what_has_begun_keeps_its_beginning(mara: Specialist) -> None:
    away(mara, NOW.date(), NOW.date())
    later = NOW + 2 * HOUR
    found = away(mara, date(2028, 3, 20), date(2028, 3, 5), now=later, note="Longer.")
    assert (found.starts_at, found.last, found.note, Away.objects.count()) == (NOW, date(2028, 3, 5), "Longer.", 1)


def test_what_is_to_come_is_changed_or_called_off(mara: Specialist) -> None:
    away(mara, date(2028, 3, 2), date(2028, 3, 3))
    found = away(mara, date(2028, 3, 9), date(2028, 3, 10))
    assert (found.first, Away.objects.count()) == (date(2028, 3, 9), 1)
    desk.end_away(specialist_id=mara.pk, now=NOW)
    assert not Away.objects.exists()


def test_one_that_is_ended_stays_for_the_reply_time_and_the_next_follows(mara: Specialist) -> None:
    away(mara, NOW.date(), date(2028, 3, 5))
    desk.end_away(specialist_id=mara.pk, now=NOW + HOUR)
    desk.end_away(specialist_id=mara.pk, now=NOW + HOUR)
    away(mara, NOW.date(), date(2028, 3, 5), now=NOW + HOUR)
    assert [(row.starts_at, row.ends_at) for row in Away.objects.order_by("pk")] == [
        (NOW, NOW + HOUR),
        (NOW + HOUR, datetime(2028, 3, 6, tzinfo=UTC)),
    ]


def test_the_database_refuses_two_at_once(mara: Specialist) -> None:
    away(mara, NOW.date(), date(2028, 3, 5))
    with pytest.raises(IntegrityError, match="away_does_not_overlap"), transaction.atomic():
        Away.objects.create(specialist=mara, starts_at=NOW + HOUR, ends_at=NOW + DAY)
    with pytest.raises(IntegrityError, match="away_runs_forwards"), transaction.atomic():
        Away.objects.create(specialist=mara, starts_at=NOW - HOUR, ends_at=NOW - HOUR)


def test_times_away_are_kept_as_long_as_an_answer_may_span_them(mara: Specialist) -> None:
    away(mara, NOW.date(), NOW.date())
    desk.end_away(specialist_id=mara.pk, now=NOW + HOUR)
    work(datetime(2029, 3, 29, 9, tzinfo=UTC))
    assert Away.objects.exists()
    work(datetime(2029, 3, 29, 11, tzinfo=UTC))
    assert not Away.objects.exists()


# The reply time


def conversation(mara: Specialist, *said: tuple[str, datetime], member: User | None = None) -> Thread:
    """One of its own, from the specialist's side: who wrote when ("member" or "mara")."""
    at = said[-1][1]
    thread = Thread.objects.create(member=member, specialist=mara.user, last_number=len(said), last_at=at)
    side = Side(owner=mara.user, thread=thread, last_at=at)
    side.seal(mara.user, Names("", "Ana"))
    side.save()
    for number, (who, moment) in enumerate(said, 1):
        row = Message(owner=mara.user, side=side, number=number, at=moment, is_own=who == "mara")
        row.seal(mara.user, MessageWords("x"))
        row.save()
    return thread


def answered(mara: Specialist, *took: timedelta, at: datetime = NOW - DAY) -> None:
    """Conversations, each with a message and its answer at that time."""
    for one in took:
        conversation(mara, ("member", at - one), ("mara", at))


def median(now: datetime = NOW) -> timedelta | None:
    work(now)
    found = ReplyTime.objects.first()
    return found.median if found else None


def test_the_median_is_told_from_five_conversations_on(mara: Specialist) -> None:
    answered(mara, HOUR, 2 * HOUR, 3 * HOUR, 40 * HOUR)
    conversation(mara, ("member", NOW - DAY))  # not answered
    conversation(mara, ("mara", NOW - DAY))  # no answer
    assert median() is None
    answered(mara, 50 * HOUR)
    assert median() == 3 * HOUR
    assert hinted(NOW) == ("", None, "Mara L. usually answers within a day.")


def test_the_profile_says_how_soon(mara: Specialist, ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "usually answers" not in client.get(f"/specialists/{mara.slug}/").text
    answered(mara, *[HOUR] * 5)
    work(NOW)
    said = page(client.get(f"/specialists/{mara.slug}/"))
    assert "Nobody reads it straight away. Mara L. usually answers within a day." in said


def test_many_answers_in_one_conversation_are_still_one_conversation(mara: Specialist) -> None:
    answered(mara, *[HOUR] * 3)
    talk = [(who, NOW - 10 * DAY + number * HOUR) for number, who in enumerate(["member", "mara"] * 6)]
    conversation(mara, *talk)
    assert median() is None


def test_time_runs_from_the_first_message_that_waits_to_the_next_answer(mara: Specialist) -> None:
    began = NOW - 20 * DAY
    for _ in range(5):
        said = [("mara", began), ("member", began + HOUR), ("member", began + 5 * HOUR), ("mara", began + 7 * HOUR)]
        conversation(mara, *said, ("mara", began + 90 * HOUR), ("member", began + 95 * HOUR))
    assert median() == 6 * HOUR


def test_answers_of_the_last_thirty_days_count(mara: Specialist) -> None:
    answered(mara, *[HOUR] * 5, at=NOW - desk.COUNTED + HOUR)
    assert median() == HOUR
    assert median(NOW + HOUR - timedelta.resolution) == HOUR
    assert median(NOW + 2 * HOUR) is None  # and what was told before is gone


def test_time_away_does_not_count(mara: Specialist) -> None:
    at = NOW - DAY
    spans = [(-60, -50), (-45, -40), (-3, 8)]  # hours before the answers: before, between and across
    for begins, ends in spans:
        Away.objects.create(specialist=mara, starts_at=at + begins * HOUR, ends_at=at + ends * HOUR)
    answered(mara, *[48 * HOUR] * 5, at=at)
    assert median() == (48 - 5 - 3) * HOUR
    eva = verified(User.objects.create_user("eva@example.org"))
    Away.objects.all().update(specialist=eva)
    assert median() == 48 * HOUR


def test_a_specialist_who_writes_to_a_colleague_is_a_member_there(mara: Specialist, cole: User, dana: User) -> None:
    answered(mara, *[HOUR] * 5)
    Thread.objects.update(specialist=None)
    Thread.objects.filter(pk=Thread.objects.first().pk).update(specialist=dana)  # type: ignore[union-attr]
    assert median() is None


def test_messages_of_people_who_are_gone_still_count(mara: Specialist) -> None:
    for number in range(5):
        member = User.objects.create_user(f"member{number}@example.org")
        conversation(mara, ("member", NOW - DAY), ("mara", NOW - DAY + HOUR), member=member)
        erase_account(owner=member, now=NOW)
    assert median() == HOUR


@pytest.mark.parametrize(
    ("median", "words"),
    [
        (timedelta(0), "Mara usually answers within a day."),
        (DAY, "Mara usually answers within a day."),
        (DAY + timedelta.resolution, "Mara usually answers within two days."),
        (2 * DAY, "Mara usually answers within two days."),
        (2 * DAY + timedelta.resolution, "Mara usually answers within three days."),
        (3 * DAY + timedelta.resolution, "Mara usually answers within a week."),
        (7 * DAY, "Mara usually answers within a week."),
        (7 * DAY + timedelta.resolution, "Mara usually answers within two weeks."),
        (14 * DAY, "Mara usually answers within two weeks."),
        (14 * DAY + timedelta.resolution, "Mara usually takes more than two weeks to answer."),
    ],
)
def test_a_median_in_words(median: timedelta, words: str) -> None:
    assert usually(median, "Mara") == words


# What is taken along, and what goes


def test_a_download_holds_saved_texts_and_times_away(cole: User, mara: Specialist) -> None:
    text, broken = saved(cole), saved(cole)
    SavedText.objects.filter(pk=broken.pk).update(sealed=b"\x00")
    away(mara, NOW.date(), NOW.date())
    ReplyTime.objects.create(specialist=mara, median=HOUR)
    data = parts(exported(cole))
    rows = {row["id"]: row for row in data["saved_texts"]}
    assert rows[str(text.pk)] == {"id": str(text.pk), "title": "A title", "text": "A text."}
    assert rows[str(broken.pk)] == {"id": str(broken.pk), "cannot_be_opened": True}
    assert data["away"] == [
        {"from": NOW.isoformat(), "until": "2028-03-01T00:00:00+00:00", "note": "Back soon."},
        {"usually_answers_within_seconds": 3_600},
    ]


def test_all_of_it_goes_with_the_account(cole: User, mara: Specialist) -> None:
    saved(cole)
    away(mara, NOW.date(), NOW.date())
    ReplyTime.objects.create(specialist=mara, median=HOUR)
    erase_account(owner=cole, now=NOW)
    assert not any(model.objects.exists() for model in (SavedText, Away, ReplyTime))
