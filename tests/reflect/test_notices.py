"""The page of notices, what Today shows of them, and the count in the navigation."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import notices
from accounts.models import Notice, Unread, User
from accounts.notices import Kind, notify
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from consultations.services import booking_changes, bookings, verification, waiting
from consultations.services.leaving import block
from reflect import notice_views
from tests.conftest import AsUser
from tests.consultations.administration import CHECKED
from tests.consultations.cast import NOW, TOMORROW, a_host, booked, books, page, slot, verified
from tests.consultations.racing import member

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def mara(db: None) -> Specialist:
    return a_host("mara")


def cancelled(client: User, specialist: Specialist, days: int = 2) -> Booking:
    made = booked(client, specialist, NOW + days * DAY)
    return booking_changes.cancel_by_specialist(booking_id=made.pk, specialist=specialist.user, now=NOW)


def offered(owner: User, specialist: Specialist) -> None:
    waiting.add_waiting_entry(owner=owner, specialist_id=specialist.pk, mail=None, now=NOW)
    waiting.slots_opened([slot(specialist, TOMORROW + HOUR).pk], NOW)


def new(user: User) -> int:
    return Unread.objects.get(owner=user).notices


def test_without_notices_it_says_what_will_be_here(ana: User, as_user: AsUser) -> None:
    said = page(as_user(ana).get("/notices/"))
    assert "No notices. When a meeting changes or a time opens, it is shown here." in said
    assert "Each notice is deleted after 90 days." in said
    assert "Mark all as read" not in said


def test_a_member_reads_what_happened_and_opens_it(ana: User, mara: Specialist, as_user: AsUser) -> None:
    made = cancelled(ana, mara)
    offered(ana, a_host("noor"))
    client = as_user(ana)
    answer = client.get("/notices/")
    said = page(answer)
    assert "The specialist cancelled this meeting. Wednesday 25 November 2026, 09:00 · Mara New" in said
    assert "An earlier time has opened. Tuesday 24 November 2026, 10:00 · Noor New" in said
    assert f'href="/consultations/{made.pk}/"' not in answer.content.decode()  # a link would mark nothing
    notice = Notice.objects.visible_to(ana).get(pk=of_booking(client, "Mara"))
    opens = client.post(f"/notices/{notice.pk}/open/")
    assert (opens.status_code, opens.headers["Location"]) == (303, f"/consultations/{made.pk}/")
    assert new(ana) == 1
    answer = client.get("/notices/")
    assert f'href="/consultations/{made.pk}/"' in answer.content.decode()
    assert page(answer).count("New ·") == 1
    booking_page = client.post(f"/notices/{of_booking(client, 'Noor')}/open/").headers["Location"]
    assert "Tuesday 24 November 2026, 10:00" in page(client.get(booking_page))
    assert new(ana) == 0


def of_booking(client: Client, name: str) -> str:
    """The id of the notice whose row has this name."""
    rows = re.findall(r'<h3 id="n-([0-9a-f-]{36})">(.*?)</li>', client.get("/notices/").content.decode(), re.DOTALL)
    [found] = [pk for pk, row in rows if name in row]
    return str(found)


def test_a_specialist_reads_what_clients_and_staff_did(ana: User, dana: User, cole: User, as_user: AsUser) -> None:
    specialist = verified(cole)
    client = as_user(cole)
    made = books(ana, slot(specialist, NOW + 2 * DAY))
    desk = f"/practice/meetings/{made.pk}/"
    assert "Ana booked this meeting. Wednesday 25 November 2026, 09:00 New" in page(client.get("/notices/"))
    assert client.post(f"/notices/{Notice.objects.get().pk}/open/").headers["Location"] == desk
    bookings.reschedule(booking_id=made.pk, client=ana, slot_id=slot(specialist, NOW + 3 * DAY).pk, now=NOW)
    assert "Ana moved a meeting to this time. Thursday 26 November" in page(client.get("/notices/"))
    booking_changes.cancel_by_client(booking_id=made.pk, client=ana, now=NOW)
    assert "Ana cancelled this meeting. Thursday 26 November 2026, 09:00 New" in page(client.get("/notices/"))
    assert new(cole) == 1  # one meeting, one notice
    verification.approve(specialist_id=cole.pk, staff=dana, **CHECKED, check_again_on=(NOW + 300 * DAY).date(), now=NOW)
    assert "Your profile has been checked." in page(client.get("/notices/"))
    Specialist.objects.update(status="submitted")
    verification.send_back(specialist_id=cole.pk, staff=dana, reason="The link is broken.", now=NOW)
    assert "We sent your profile back, because something is missing." in page(client.get("/notices/"))
    assert new(cole) == 2


@pytest.mark.parametrize("host_leaves", [True, False])
def test_what_staff_cancelled_is_nobodys_own_act(
    host_leaves: bool, coming: Booking, ana: User, mara: Specialist, as_user: AsUser
) -> None:
    """A suspended specialist, or a client who is shut out: they read who did it, and the other one reads no reason."""
    if host_leaves:
        verification.suspend(specialist_id=mara.pk, reason="x", now=NOW)
    else:
        verification.shut_out(ana, NOW)
    own, other = "Our team cancelled this meeting.", "This meeting was cancelled."
    assert (own if host_leaves else other) in page(as_user(mara.user).get("/notices/"))
    desk = page(as_user(mara.user).get(f"/practice/meetings/{coming.pk}/"))
    assert desk.partition(" · Video")[0].endswith("Cancelled by our team" if host_leaves else "Cancelled")
    client = as_user(ana)
    assert (other if host_leaves else own) in page(client.get("/notices/"))
    assert "you cancelled" not in page(client.get("/consultations/"))


@pytest.fixture
def past(ana: User, mara: Specialist) -> Booking:
    """A meeting that both sides have a notice about, and have not read."""
    made = booked(ana, mara, NOW - DAY)
    for owner in (ana, mara.user):
        notify(owner=owner, kind=Kind.MEETING_CHANGED, target=made.pk, now=NOW)
    return made


@pytest.fixture
def coming(ana: User, mara: Specialist) -> Booking:
    made = booked(ana, mara, NOW + 2 * DAY)
    for owner in (ana, mara.user):
        notify(owner=owner, kind=Kind.MEETING_CHANGED, target=made.pk, now=NOW)
    return made


OWN_ACTS: dict[str, tuple[str, str, str, Any]] = {
    "You cancelled this meeting.": (
        "coming",
        "specialist",
        "The specialist cancelled this meeting.",
        lambda pk, who: booking_changes.cancel_by_specialist(booking_id=pk, specialist=who, now=NOW),
    ),
    "You cancelled this meeting. ": (
        "coming",
        "client",
        "Ana cancelled this meeting.",
        lambda pk, who: booking_changes.cancel_by_client(booking_id=pk, client=who, now=NOW),
    ),
    "You said that the meeting took place.": (
        "past",
        "specialist",
        "The specialist says that the meeting took place.",
        lambda pk, who: booking_changes.mark_completed(booking_id=pk, specialist=who, now=NOW),
    ),
    "You said that the client did not come.": (
        "past",
        "specialist",
        "The specialist says that you did not come.",
        lambda pk, who: booking_changes.mark_no_show(booking_id=pk, by=who, now=NOW),
    ),
    "You said that the specialist did not come.": (
        "past",
        "client",
        "Ana says that you did not come.",
        lambda pk, who: booking_changes.mark_no_show(booking_id=pk, by=who, now=NOW),
    ),
}


@pytest.mark.parametrize(("own", "case"), OWN_ACTS.items(), ids=OWN_ACTS)
def test_ones_own_act_is_said_as_such_and_leaves_nothing_new(
    own: str, case: Any, ana: User, mara: Specialist, as_user: AsUser, request: pytest.FixtureRequest
) -> None:
    which, side, to_the_other, act = case
    booking: Booking = request.getfixturevalue(which)
    actor, other = (ana, mara.user) if side == "client" else (mara.user, ana)
    act(booking.pk, actor)
    said = page(as_user(actor).get("/notices/"))
    assert own.strip() in said
    assert (new(actor), new(other)) == (0, 1)
    assert to_the_other in page(as_user(other).get("/notices/"))


def test_an_objection_is_said_to_both_sides_until_it_is_settled(
    past: Booking, ana: User, mara: Specialist, as_user: AsUser
) -> None:
    booking_changes.mark_no_show(booking_id=past.pk, by=mara.user, now=NOW)
    booking_changes.object_to(booking_id=past.pk, by=ana, now=NOW)
    assert "You said that you were there. Someone" in page(as_user(ana).get("/notices/"))
    assert "Ana says that they were there. Someone" in page(as_user(mara.user).get("/notices/"))
    assert (new(ana), new(mara.user)) == (0, 1)
    booking_changes.settle(booking_id=past.pk, outcome=Status.CLIENT_NO_SHOW, now=NOW)
    assert "The objection is settled: you did not come." in page(as_user(ana).get("/notices/"))
    assert "The objection is settled: the client did not come." in page(as_user(mara.user).get("/notices/"))


def test_a_report_that_is_taken_back_is_said_to_both_sides(
    past: Booking, ana: User, mara: Specialist, as_user: AsUser
) -> None:
    booking_changes.mark_no_show(booking_id=past.pk, by=ana, now=NOW)
    booking_changes.take_back_no_show(booking_id=past.pk, client=ana, now=NOW)
    assert "You said that the specialist came after all." in page(as_user(ana).get("/notices/"))
    assert "Ana says that the meeting took place." in page(as_user(mara.user).get("/notices/"))


def test_what_nobody_marked_took_place(past: Booking, ana: User, mara: Specialist, as_user: AsUser) -> None:
    booking_changes.complete_past(now=NOW + 14 * DAY)
    for reader in (ana, mara.user):
        assert "The meeting took place." in page(as_user(reader).get("/notices/"))


def test_a_name_that_is_no_longer_kept_is_not_missed(mara: Specialist, coming: Booking, as_user: AsUser) -> None:
    Booking.objects.update(sealed=None)
    assert "The client booked this meeting." in page(as_user(mara.user).get("/notices/"))


@pytest.mark.parametrize("number", [1, 5])
def test_names_cost_no_query_of_their_own(number: int, mara: Specialist, as_user: AsUser) -> None:
    for day in range(number):
        books(member(f"client-{day}"), slot(mara, NOW + (2 + day) * DAY))
    client = as_user(mara.user)
    client.get("/today/")
    with CaptureQueriesContext(connection) as asked:
        assert page(client.get("/notices/")).count("Ana booked this meeting.") == number
    assert len(asked) <= 6


@pytest.mark.parametrize("state", Status)
@pytest.mark.parametrize("who", ["client", "specialist"])
def test_every_state_of_a_meeting_has_a_sentence(
    state: str, who: str, ana: User, mara: Specialist, as_user: AsUser
) -> None:
    made = booked(ana, mara, NOW - DAY, status=state)
    reader = ana if who == "client" else mara.user
    notify(owner=reader, kind=Kind.MEETING_CHANGED, target=made.pk, now=NOW)
    assert "Sunday 22 November 2026, 09:00" in page(as_user(reader).get("/notices/"))


def test_looking_marks_nothing(ana: User, mara: Specialist, as_user: AsUser) -> None:
    cancelled(ana, mara)
    notice, client = Notice.objects.visible_to(ana).get(), as_user(ana)
    for path in ("/notices/", "/today/", f"/notices/{notice.pk}/open/", "/notices/read/"):
        for ask in (client.get, client.head):
            ask(path)
    assert client.get(f"/notices/{notice.pk}/open/").status_code == 405
    assert new(ana) == 1


def test_nobody_opens_the_notices_of_others(ana: User, ben: User, mara: Specialist, client: Client) -> None:
    cancelled(ana, mara)
    path = f"/notices/{Notice.objects.visible_to(ana).get().pk}/open/"
    assert client.post(path).headers["Location"].startswith("/accounts/login/")
    client.force_login(ben)
    assert client.post(path).status_code == 404
    client.post("/notices/read/", {"until": NOW.isoformat()})
    assert "No notices." in page(client.get("/notices/"))
    assert new(ana) == 1


def mark_all(client: Client) -> Any:
    """Press the button on the page as it is now."""
    [until] = re.findall(r'name="until" value="([^"]+)"', client.get("/notices/").content.decode())
    return client.post("/notices/read/", {"until": until})


@pytest.mark.parametrize("until", [None, "", "yesterday", "2026-11-23", (NOW - HOUR).isoformat()])
def test_what_came_after_the_page_was_made_stays_new(
    until: str | None, ana: User, mara: Specialist, as_user: AsUser
) -> None:
    cancelled(ana, mara)
    answer = as_user(ana).post("/notices/read/", {"until": until} if until is not None else {})
    assert (answer.status_code, new(ana)) == (303, 1)


def test_all_are_marked_as_read_at_once(ana: User, mara: Specialist, as_user: AsUser) -> None:
    cancelled(ana, mara)
    offered(ana, mara)
    client = as_user(ana)
    answer = mark_all(client)
    assert (answer.status_code, answer.headers["Location"], new(ana)) == (303, "/notices/", 0)
    said = page(client.get("/notices/"))
    assert "Mark all as read" not in said
    assert "The specialist cancelled this meeting." in said


def test_what_is_gone_has_a_plain_sentence_and_leads_nowhere(
    ana: User, mara: Specialist, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(notices.tellers, Kind.ANSWER)  # of an app that is not installed
    cancelled(ana, mara)
    offered(ana, mara)
    Booking.objects.all().delete()
    mara.slots.all().delete()
    notify(owner=ana, kind=Kind.PROFILE_CHECKED, target=ana.pk, now=NOW)
    for kind in (Kind.MESSAGE, Kind.ANSWER):
        notify(owner=ana, kind=kind, target=uuid4(), now=NOW)
    Notice.objects.create(id=uuid4(), owner=ana, at=NOW, sealed=b"broken")
    client = as_user(ana)
    said = page(client.get("/notices/"))
    for sentence in (
        "A meeting changed. It is no longer kept here.",
        "A time had opened. It is no longer free.",
        "Your profile was checked. It is no longer here.",
        "A message had arrived. The conversation is no longer kept here.",
        "What this was about is no longer here.",
        "This notice can’t be opened. It has not been changed.",
    ):
        assert sentence in said
    assert said.count("Mark as read") == 6
    for notice in Notice.objects.visible_to(ana):
        assert client.post(f"/notices/{notice.pk}/open/").headers["Location"] == "/notices/"
    assert new(ana) == 0


def test_a_time_of_somebody_who_is_blocked_is_gone(ana: User, mara: Specialist, as_user: AsUser) -> None:
    offered(ana, mara)
    block(owner=mara.user, other_id=ana.pk, now=NOW)
    assert "A time had opened. It is no longer free." in page(as_user(ana).get("/notices/"))


@pytest.mark.parametrize("number", [1, 3, 7])
def test_the_page_asks_as_much_whatever_its_length(
    number: int, ana: User, mara: Specialist, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_views, "PAGE", 3)
    for day in range(number):
        cancelled(ana, mara, days=day + 2)
    offered(ana, mara)
    client = as_user(ana)
    client.get("/today/")
    with CaptureQueriesContext(connection) as asked:
        html = client.get("/notices/").content.decode()
    assert len(asked) <= 6  # the session, the account, the notices, own questions, and one for each of two kinds
    seen, link = re.findall(r'id="n-([^"]+)"', html), re.search(r'href="(\?after=[^"]+)"', html)
    while link:
        html = client.get(f"/notices/{link[1]}").content.decode()
        seen += re.findall(r'id="n-([^"]+)"', html)
        link = re.search(r'href="(\?after=[^"]+)"', html)
    assert len(seen) == len(set(seen)) == number + 1
    assert client.get("/notices/?after=x").status_code == 404


def test_today_shows_three_that_are_new(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "New for you" not in page(client.get("/today/"))
    for day in range(4):
        cancelled(ana, mara, days=day + 2)
    said = page(client.get("/today/"))
    assert "New for you All notices" in said
    assert said.count("The specialist cancelled this meeting.") == 3
    mark_all(client)
    assert "New for you" not in page(client.get("/today/"))


def test_today_asks_for_notices_only_while_some_are_new(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get("/today/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/today/")
        return len(asked)

    quiet = queries()
    for day in range(2):
        cancelled(ana, mara, days=day + 2)
    assert queries() == quiet + 2  # the notices, and their meetings
    offered(ana, mara)
    assert queries() == quiet + 3
    mark_all(client)
    assert queries() == quiet <= 9


def test_the_navigation_says_how_many_are_new(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Notices Settings" in page(client.get("/account/settings/"))
    for day in range(2):
        cancelled(ana, mara, days=day + 2)
    said = page(client.get("/account/settings/"))
    assert "Menu: Settings , 2 new" in said
    assert "Notices, 2 new" in said
