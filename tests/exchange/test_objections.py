"""What the two sides of an objection and the team write to each other."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from accounts.roles import Role
from accounts.services import erase_account
from consultations.models import Booking, Specialist
from consultations.models.bookings import Side, Status
from consultations.services import booking_changes
from consultations.services.refusals import NotNow
from exchange import tasks
from exchange.models import Objection, Remark
from exchange.portable.objections import remarks
from exchange.services import objections
from exchange.services.objections import LONGEST, MOST
from tests.conftest import AsUser
from tests.consultations.administration import log, mailed
from tests.consultations.cast import booked
from tests.html import assert_valid_html, parse, text_of
from tests.staff import carried, press, staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LIST = reverse("admin:exchange_objection_changelist")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    """Yesterday's, to which Ana did not come, as Mara says."""
    return booked(ana, mara, NOW - DAY, status=Status.CLIENT_NO_SHOW, mail=True)


@pytest.fixture
def finn(db: None) -> User:
    """Staff who settles objections."""
    return staff("finn@example.org", Role.SUPPORT)


def page_of(meeting: Booking) -> str:
    return reverse("booking_object", args=[meeting.pk])


def desk(meeting: Booking) -> str:
    return reverse("practice:booking_object", args=[meeting.pk])


def staff_page(meeting: Booking) -> str:
    return reverse("admin:exchange_objection_change", args=[meeting.pk])


def confirm(meeting: Booking, change: str) -> str:
    return reverse("admin:exchange_objection_confirm", args=[meeting.pk, change])


def seen(client: Client, path: str) -> str:
    return text_of(assert_valid_html(client.get(path).content))


def written(client: Client, path: str, text: str = "I waited.", **fields: str) -> dict[str, str]:
    """The fields of the form on that page, filled in."""
    hidden = {
        one.get("name", ""): one.get("value", "")
        for one in parse(client.get(path).text).iter("input")
        if one.get("type") == "hidden"
    }
    return hidden | {"text": text, "may_read": "on"} | fields


def texts(user: User) -> list[str]:
    return [remark.text() for remark in Remark.objects.visible_to(user).in_order()]


def objected(meeting: Booking, by: User, text: str = "") -> None:
    objections.object_to(booking_id=meeting.pk, by=by, remark_id=uuid4(), text=text, now=NOW)


def test_an_objection_carries_words_for_the_team_alone(
    as_user: AsUser, ana: User, mara: Specialist, meeting: Booking
) -> None:
    client = as_user(ana)
    answer = client.post(page_of(meeting), written(client, page_of(meeting), "I was in the room."))
    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert meeting.objected_at == NOW
    assert texts(ana) == ["I was in the room."]
    assert "in the room" not in Remark.objects.get().sealed
    assert "I was in the room." in seen(client, page_of(meeting))
    for path in (desk(meeting), reverse("practice:booking", args=[meeting.pk])):
        assert "in the room" not in as_user(mara.user).get(path).text
    assert texts(mara.user) == []


def test_nobody_has_to_write_anything(as_user: AsUser, ana: User, meeting: Booking) -> None:
    assert as_user(ana).post(page_of(meeting)).status_code == 302
    meeting.refresh_from_db()
    assert meeting.objected_at == NOW
    assert not Remark.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"may_read": ""}, "Tick this if our team may read your words."),
        ({"text": "x" * (LONGEST + 1)}, f"{LONGEST:,}"),
    ],
)
def test_what_is_refused_keeps_the_words_and_objects_to_nothing(
    as_user: AsUser, ana: User, meeting: Booking, fields: dict[str, str], said: str
) -> None:
    client = as_user(ana)
    fields = written(client, page_of(meeting), "Kept words.") | fields
    answer = client.post(page_of(meeting), fields, follow=True)
    meeting.refresh_from_db()
    assert said in text_of(assert_valid_html(answer.content))
    assert fields["text"] in answer.text
    assert meeting.objected_at is None
    assert not Remark.objects.exists()


def test_the_other_side_may_answer_and_reads_nothing_of_the_first(
    as_user: AsUser, ana: User, mara: Specialist, meeting: Booking
) -> None:
    objected(meeting, ana, "Only for the team.")
    client = as_user(mara.user)
    assert "Only for the team." not in seen(client, desk(meeting))
    fields = written(client, desk(meeting), "I rang twice.")
    for _again in range(2):
        assert client.post(desk(meeting), fields).status_code == 302
    assert texts(mara.user) == ["I rang twice."]
    assert "I rang twice." not in seen(as_user(ana), page_of(meeting))
    client = as_user(mara.user)
    empty = client.post(desk(meeting), written(client, desk(meeting), ""), follow=True)
    assert "Write in a few words what happened." in empty.text
    assert texts(mara.user) == ["I rang twice."]


def test_each_side_writes_ten_times_at_most(as_user: AsUser, ana: User, meeting: Booking) -> None:
    objected(meeting, ana)
    client = as_user(ana)
    for number in range(MOST + 1):
        answer = client.post(page_of(meeting), written(client, page_of(meeting), f"Number {number}."), follow=True)
    assert "You have written 10 times about this" in answer.text
    assert f"Number {MOST}." in answer.text
    assert len(texts(ana)) == MOST


def test_without_an_objection_there_is_no_page(as_user: AsUser, ana: User, ben: User, mara: Specialist) -> None:
    held = booked(ana, mara, NOW - DAY, status=Status.COMPLETED)
    assert as_user(ana).get(page_of(held)).status_code == 302
    refused = as_user(ana).post(page_of(held), {"text": "x", "may_read": "on", "remark": str(uuid4())}, follow=True)
    assert "Something has changed in the meantime." in refused.text
    assert as_user(mara.user).get(desk(held)).status_code == 302
    assert as_user(ben).get(page_of(held)).status_code == 404
    assert not Remark.objects.exists()


@pytest.mark.parametrize("text", ["I was there, and waited.", ""])
def test_words_come_back_if_the_report_was_taken_back(
    as_user: AsUser, ana: User, mara: Specialist, meeting: Booking, text: str
) -> None:
    client = as_user(ana)
    fields = written(client, page_of(meeting), text)
    booking_changes.mark_completed(booking_id=meeting.pk, specialist=mara.user, now=NOW)
    answer = client.post(page_of(meeting), fields, follow=True)
    assert "Something has changed in the meantime." in text_of(assert_valid_html(answer.content))
    assert text in answer.text
    assert not Remark.objects.exists()


def test_words_outlive_a_session(ana: User, meeting: Booking, as_user: AsUser) -> None:
    client = as_user(ana)
    fields = written(client, page_of(meeting), "Outlives it.")
    client.logout()
    answer = client.post(page_of(meeting), fields)
    assert answer.status_code == 401
    assert "Outlives it." in answer.text
    assert not Remark.objects.exists()


def test_staff_read_both_sides_and_learn_no_address(
    as_user: AsUser, finn: User, ana: User, mara: Specialist, meeting: Booking, readings: Any
) -> None:
    objected(meeting, ana, "<b>Ana’s</b> words")
    objections.write_to_team(booking_id=meeting.pk, by=mara.user, remark_id=uuid4(), text="Mara’s words", now=NOW)
    client = as_user(finn)
    listed = client.get(LIST)
    assert_valid_html(listed.content)
    assert staff_page(meeting) in listed.text
    assert "words" not in listed.text
    assert readings() == []
    shown = client.get(staff_page(meeting))
    text = text_of(assert_valid_html(shown.content))
    for words in ("The client wrote", "<b>Ana’s</b> words", "The specialist wrote", "Mara’s words"):
        assert words in text
    for hidden in (ana.email, mara.user.email, "Ana L", str(ana.pk)):
        assert hidden not in shown.text
    assert readings() == [(str(finn.pk), str(meeting.pk))]
    other = staff("other@example.org", Role.MODERATOR)
    for path in (LIST, staff_page(meeting), confirm(meeting, "settle"), confirm(meeting, "client")):
        assert as_user(other).get(path).status_code == 403
        assert as_user(ana).get(path).status_code in {302, 403}


@pytest.mark.parametrize(("side", "mail"), [("client", True), ("client", False), ("specialist", True)])
def test_staff_write_to_one_side_who_is_told(
    as_user: AsUser, finn: User, ana: User, mara: Specialist, meeting: Booking, side: str, mail: bool
) -> None:
    Booking.objects.update(mail=mail)
    objected(meeting, ana)
    mine, other = (ana, mara.user) if side == "client" else (mara.user, ana)
    Notice.objects.all().delete()
    assert press(as_user(finn), confirm(meeting, side), {"text": "Were you in the waiting room?"}).status_code == 302
    assert texts(mine) == ["Were you in the waiting room?"]
    assert texts(other) == []
    assert {notice.owner for notice in Notice.objects.all()} == {mine}
    client = as_user(mine)
    assert "Our team has written to you about a meeting." in client.get(reverse("notices")).text
    path = page_of(meeting) if side == "client" else desk(meeting)
    assert "Were you in the waiting room?" in seen(client, path)
    assert "waiting room" not in seen(as_user(other), desk(meeting) if side == "client" else page_of(meeting))


def test_the_same_words_again_after_back_are_sent_once(
    as_user: AsUser, finn: User, ana: User, mara: Specialist, meeting: Booking
) -> None:
    objected(meeting, ana)
    client = as_user(finn)
    for side, is_again in (("client", False), ("client", True), ("specialist", False)):
        answer = press(client, confirm(meeting, side), {"text": "Were you there?"}, follow=True)
        assert ("This has been done already" in answer.text) == is_again
    assert texts(ana) == texts(mara.user) == ["Were you there?"]
    assert log() == [(finn.email, "Sent to the client."), (finn.email, "Sent to the specialist.")]
    later = NOW + timedelta(minutes=1)
    objections.write_to_team(booking_id=meeting.pk, by=ana, remark_id=uuid4(), text="Which day?", now=later)
    press(client, confirm(meeting, "client"), {"text": "Were you there?"})
    assert sorted(texts(ana)) == ["Were you there?", "Were you there?", "Which day?"]


def test_a_letter_does_not_go_out_on_what_was_settled_meanwhile(
    as_user: AsUser, finn: User, ana: User, meeting: Booking
) -> None:
    objected(meeting, ana)
    client = as_user(finn)
    first = carried(client, confirm(meeting, "client"))
    objections.settle(booking_id=meeting.pk, outcome=Status.COMPLETED, reason="", now=NOW)
    late = client.post(confirm(meeting, "client"), first | {"text": "Which day was it?"})
    assert "Nothing was changed" in late.text
    assert "Which day was it?</textarea>" in late.text
    assert texts(ana) == []


def test_settling_gives_both_the_reason_and_ends_the_writing(
    as_user: AsUser, finn: User, ana: User, mara: Specialist, meeting: Booking
) -> None:
    objected(meeting, ana, "I was there.")
    client = as_user(finn)
    assert_valid_html(client.get(confirm(meeting, "settle")).content)
    wrong = client.post(confirm(meeting, "settle"), {"outcome": "cancelled_by_client", "reason": "Kept reason."})
    assert wrong.status_code == 200
    assert "Kept reason." in wrong.text
    right = {"outcome": "completed", "reason": "The room has a record of both."}
    assert press(client, confirm(meeting, "settle"), right).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.status, meeting.settled_at) == (Status.COMPLETED, NOW)
    assert log() == [(finn.email, "Objection settled.")]
    assert sorted(mailed()) == sorted([ana.email, mara.user.email])
    too_late = text_of(assert_valid_html(client.post(confirm(meeting, "settle"), right).content))
    assert "This has been done already" in too_late
    assert f"“Objection settled.” ({finn.email}, 23 November 2026, " in too_late
    assert "Now it is recorded as: took place." in too_late
    assert log() == [(finn.email, "Objection settled.")]
    for user, path in ((ana, page_of(meeting)), (mara.user, desk(meeting))):
        shown = seen(as_user(user), path)
        assert "The room has a record of both." in shown
        assert "Write to our team" not in shown
        with pytest.raises(NotNow):
            objections.write_to_team(booking_id=meeting.pk, by=user, remark_id=uuid4(), text="More.", now=NOW)
    assert texts(mara.user) == ["The room has a record of both."]


def test_the_reason_stands_on_the_meeting_s_own_page_of_both(
    as_user: AsUser, ana: User, mara: Specialist, meeting: Booking
) -> None:
    objected(meeting, ana, "I was there.")
    objections.write_to_side(booking_id=meeting.pk, side=Side.CLIENT, text="A question.", now=NOW)
    pages = [(ana, reverse("booking", args=[meeting.pk])), (mara.user, reverse("practice:booking", args=[meeting.pk]))]
    for user, path in pages:
        assert "Our team writes:" not in seen(as_user(user), path)
    later = NOW + timedelta(minutes=1)
    objections.settle(booking_id=meeting.pk, outcome=Status.COMPLETED, reason="The room has a record.", now=later)
    for user, path in pages:
        shown = seen(as_user(user), path)
        assert "Our team writes: The room has a record." in " ".join(shown.split())
        assert "A question." not in shown
    Remark.objects.update(sealed="key:AAAA")
    for user, path in pages:
        assert "Our team writes:" not in seen(as_user(user), path)


def test_staff_read_who_disagrees_with_what_also_when_it_is_settled(
    as_user: AsUser, finn: User, ana: User, meeting: Booking
) -> None:
    said = "The specialist says that the client did not come. The client says that they were there."
    objected(meeting, ana)
    client = as_user(finn)
    for path in (LIST, staff_page(meeting), confirm(meeting, "settle")):
        assert said in seen(client, path), path
    no_choice = client.post(confirm(meeting, "settle"), {"reason": "Kept."})
    assert "Choose what happened." in no_choice.text
    objections.settle(
        booking_id=meeting.pk, outcome=Status.SPECIALIST_NO_SHOW, reason="", now=NOW + timedelta(minutes=1)
    )
    for path in (LIST, staff_page(meeting)):
        assert said in seen(client, path), path


def test_whoever_is_gone_is_not_written_to(finn: User, ana: User, meeting: Booking, as_user: AsUser) -> None:
    objected(meeting, ana, "Goes with Ana.")
    erase_account(owner=ana, now=NOW)
    assert not Remark.objects.exists()
    assert as_user(finn).get(confirm(meeting, "client")).status_code in {302, 404}
    with pytest.raises(NotNow):
        objections.write_to_side(booking_id=meeting.pk, side=Side.CLIENT, text="x", now=NOW)


def test_remarks_are_exported_to_their_side_and_deleted_in_time(ana: User, mara: Specialist, meeting: Booking) -> None:
    objected(meeting, ana, "Mine.")
    objections.settle(booking_id=meeting.pk, outcome=Status.COMPLETED, reason="Ours.", now=NOW + timedelta(minutes=1))
    assert [(row["text"], row["by_team"]) for row in remarks(ana)] == [("Mine.", False), ("Ours.", True)]
    assert [row["text"] for row in remarks(mara.user)] == ["Ours."]
    tasks.forget_remarks(timestamp=int((NOW + 90 * DAY + timedelta(minutes=1)).timestamp()))
    assert Remark.objects.count() == 3
    tasks.forget_remarks(timestamp=int((NOW + 90 * DAY + timedelta(minutes=1, seconds=1)).timestamp()))
    assert not Remark.objects.exists()


def test_remarks_of_an_open_objection_stay(ana: User, meeting: Booking) -> None:
    objected(meeting, ana, "Mine.")
    tasks.forget_remarks(timestamp=int((NOW + 400 * DAY).timestamp()))
    assert Remark.objects.count() == 1


def test_what_cannot_be_opened_is_said(as_user: AsUser, ana: User, finn: User, meeting: Booking) -> None:
    objected(meeting, ana, "Mine.")
    Remark.objects.update(sealed="key:AAAA")
    assert "can’t be opened" in seen(as_user(ana), page_of(meeting))
    assert "can’t be opened" in seen(as_user(finn), staff_page(meeting))
    assert [row["cannot_be_opened"] for row in remarks(ana)] == [True]


@pytest.mark.parametrize("lookup", ["client", "client__email", "remarks__owner__email", "client_fit", "sealed"])
def test_what_is_kept_back_is_not_guessed_by_a_filter(
    as_user: AsUser, finn: User, ana: User, meeting: Booking, lookup: str
) -> None:
    objected(meeting, ana)
    assert as_user(finn).get(LIST, {lookup: "x"}).status_code == 400


def test_open_objections_stand_first(as_user: AsUser, finn: User, ana: User, ben: User, mara: Specialist) -> None:
    for member, hours, settled in ((ana, 2, NOW), (ben, 1, None)):
        booked(
            member,
            mara,
            timezone.now() - DAY - timedelta(hours=hours),
            status=Status.CLIENT_NO_SHOW,
            objected_at=NOW,
            settled_at=settled,
        )
    booked(User.objects.create_user("una@example.org"), mara, NOW - 3 * DAY, status=Status.CLIENT_NO_SHOW)
    client = as_user(finn)
    listed = [
        one.get("href", "") for one in parse(client.get(LIST).text).iter("a") if "/change/" in one.get("href", "")
    ]
    first, second = Objection.objects.filter(objected_at__isnull=False).order_by("settled_at", "pk")[:2][::-1]
    assert [str(first.pk) in listed[0], str(second.pk) in listed[1], len(listed)] == [True, True, 2]
    assert str(second.pk) not in client.get(LIST, {"objections": "open"}).text


def test_only_the_reported_side_objects(as_user: AsUser, mara: Specialist, meeting: Booking) -> None:
    assert as_user(mara.user).get(desk(meeting)).status_code == 302
    booking_changes.object_to(booking_id=meeting.pk, by=meeting.client or mara.user, now=NOW)
    assert "Write to our team" in seen(as_user(mara.user), desk(meeting))
