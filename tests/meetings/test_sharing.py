"""Sharing: exactly what was looked at, for the specialist of one meeting, and gone when it is to be gone."""

import re
from datetime import timedelta
from xml.etree.ElementTree import tostring

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import Traveller

from accounts.models import Notice, User
from accounts.sealing import seal
from accounts.services import erase_account
from assessments import algorithms
from assessments import services as results
from assessments.models import Result
from assessments.reading import read as read_1
from assessments.reading_2 import read
from assessments.scoring import Document
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from consultations.services import booking_changes, bookings, leaving, verification
from journal import services as journal
from journal.content import Content
from journal.models import Entry
from meetings.limits import OPEN_FOR, SHARED_FOR
from meetings.models import Opening, Share
from meetings.services import sharing
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, booked, page, slot, verified
from tests.html import parse
from tests.journal.written import written
from tests.meetings.readied import ABOUT, Host, Member, counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(cole: User, meeting: Booking) -> Host:
    return Host(cole, meeting)


@pytest.fixture
def shared(member: Member, result: Result, entry: Entry) -> Member:
    """Shares one of everything."""
    chosen = {"about": ABOUT, "show_about": "on", "extent": "areas", "result": str(result.pk)}
    member.share(**chosen, entries=[str(entry.pk)], ask="Not shown?")
    assert counts() == (3, 0)
    return member


def block(html: str) -> str:
    """The part of a page that shows what is shared."""
    [found] = [one for one in parse(html).iter("section") if one.get("aria-labelledby") == "shared"]
    return tostring(found, encoding="unicode").strip()


def test_nothing_is_shared_by_saving_or_by_looking(member: Member, host: Host, result: Result, entry: Entry) -> None:
    chosen = {"about": ABOUT, "show_about": "on", "extent": "areas"}
    assert member.prepare(**chosen, entries=[str(entry.pk)]).status_code == 302
    assert ABOUT in member.page("ready_preview")
    assert counts() == (0, 0)
    assert "There is nothing to read for this meeting." in host.page()


def test_what_the_member_looks_at_is_the_specialists_page(member: Member, host: Host, shared: Member) -> None:
    preview = block(member.client.get(member.path("ready_preview")).text)
    host.open_all()
    assert block(host.html()) == preview
    for words in ("Mara", ABOUT, "A need I was hoping would be guessed.", "It was not."):
        assert (words in preview) is (words != "Mara")
    assert "Not shown?" not in preview


def test_a_result_is_shared_without_its_answers(
    member: Member, host: Host, shared: Member, result: Result, ana: User
) -> None:
    host.open_all()
    assert "Chores" in host.page() or result.instrument.area[next(iter(result.instrument.area))].label in host.page()
    member.share(extent="summary")
    host.open_all()
    for area in result.instrument.area.values():
        assert area.label not in host.page()
    for item in result.instrument.item.values():
        assert item.text not in host.html()


def test_a_copied_result_says_what_its_owners_page_says(member: Member, host: Host, result: Result, ana: User) -> None:
    member.share(extent="summary", result=str(result.pk))
    host.open_all()
    reading = read(result.instrument, result.score(ana), result.response.answers(ana))
    assert reading.balance
    text, html = host.page(), host.html()
    told = (
        f"Given: {reading.balance.given} of 4. Received: {reading.balance.received} of 4.",
        f"answers differ a little from day to day. {reading.balance.range}",
        reading.balance.basis,
        reading.sure,
    )
    assert [text.index(words) for words in told] == sorted(text.index(words) for words in told)
    own = member.client.get(reverse("result", args=[result.pk])).text
    dots_and_tilt = re.compile(
        r'<circle class="mark-\w+" cx="[\d.]+" cy="[\d.]+" r="4.6"/>|<g transform="rotate\([^)]+\)'
    )
    drawn = dots_and_tilt.findall(html)
    assert drawn == dots_and_tilt.findall(own)
    assert len(drawn) == 21


@pytest.fixture
def copied_before(member: Member, result: Result, ana: User) -> Document:
    """The copy of a result of algorithm 1, shared."""
    score = algorithms.score(result.instrument, result.response.answers(ana), 1)
    Result.objects.filter(pk=result.pk).update(
        sealed=seal(ana, Result.LABEL, result.pk, score), algorithm=1, constants=1
    )
    member.share(extent="areas", result=str(result.pk))
    return score


def test_the_copy_of_an_old_result_says_what_its_page_says(
    host: Host, copied_before: Document, result: Result, ana: User
) -> None:
    reading = read_1(result.instrument, copied_before, result.response.answers(ana))
    assert reading.balance
    host.open_all()
    text = host.page()
    told = (
        f"Balance: {reading.balance.shown.words}.",
        f"Given: {reading.balance.shown.given} of 100.",
        "answers differ a little from day to day. Allowing for that, your balance is most likely",
        "in about four of five cases",
        reading.sure,
        reading.areas[0].difference,
    )
    assert [text.index(words) for words in told] == sorted(text.index(words) for words in told)
    assert '<path class="range" d=' in host.html()


def test_a_copy_of_an_earlier_release_has_no_beam(host: Host, copied_before: Document, ana: User) -> None:
    row = Share.objects.get(kind="result")
    row.seal(
        ana, {key: words for key, words in row.document(ana).items() if key not in {"beam", "beam_words", "balance"}}
    )
    row.save()
    host.open_all()
    assert "Allowing for that" in host.page()
    assert '<figure class="beam">' not in host.html()


def test_a_copy_has_its_day(member: Member, host: Host, shared: Member, clock: Traveller) -> None:
    for text in (host.page(), member.page("ready_preview")):
        assert "A copy from when it was shared, 23 November 2026." in text
    clock.shift(timedelta(hours=16))
    host.log_in()
    assert "A copy from when it was shared, 23 November 2026." in host.page()


def test_ones_own_notes_say_who_sees_them(member: Member, meeting: Booking) -> None:
    member.share(about=ABOUT, show_about="on", ask="How?")
    member.prepare(about=ABOUT, ask="How?")
    text = member.page("take_along")
    assert f"{ABOUT} Shared: Mara L. can see this." in text
    assert "How? Only you can see this." in text
    member.prepare(about="Something else.")
    assert "Something else. Shared: Mara L. can see an earlier version of this." in member.page("take_along")
    member.stop()
    assert "Shared:" not in member.page("take_along")


def test_looking_marks_nothing_and_shows_kinds_alone(host: Host, shared: Member) -> None:
    for _twice in range(2):
        text = host.page()
        assert "Notes for this meeting" in text
        assert "A result" in text
        assert "An entry from the journal" in text
        assert ABOUT not in text
        assert "guessed" not in text
    assert counts() == (3, 0)
    assert "Nobody has opened it yet." in shared.page()


def test_each_opening_is_noted_for_the_member(host: Host, shared: Member, clock: Traveller) -> None:
    first, _second, third = host.closed()
    assert host.open(first).status_code == 303
    assert host.open(first).status_code == 303  # it is open already
    assert counts() == (3, 1)
    assert ABOUT in host.page()
    assert "Monday 23 November 2026, 09:00: your notes" in shared.page()
    host.open(third)
    expected = "Monday 23 November 2026, 09:00: your entry of 21 November 2026: A need I was hoping would be guessed."
    assert expected in shared.page()
    clock.shift(OPEN_FOR - timedelta(seconds=1))
    host.log_in()
    assert ABOUT in host.page()
    clock.shift(timedelta(seconds=1))
    assert ABOUT not in host.page()
    host.open(first)
    assert counts() == (3, 3)


def test_only_what_was_looked_at_is_shared(member: Member, entry: Entry, ana: User) -> None:
    member.prepare("preview", entries=[str(entry.pk)])
    seen = member.seen()
    write = journal.Write(content=entry.content(ana).__class__(texts=("Something else.",)), base_revision=1)
    journal.save_entry(owner=ana, entry_id=entry.pk, write=write, now=NOW)
    answer = member.client.post(member.path("share"), {"seen": seen})
    assert "Something has changed since you looked" in page(member.client.get(answer.headers["Location"]))
    assert counts() == (0, 0)
    member.client.post(member.path("share"), {"seen": member.seen()})
    assert counts() == (1, 0)
    for forged in ({}, {"seen": ""}, {"seen": "0" * 64}):
        member.client.post(member.path("share"), forged)
    assert counts() == (1, 0)


def test_a_copy_stays_as_it_was(member: Member, host: Host, shared: Member, entry: Entry, ana: User) -> None:
    write = journal.Write(content=entry.content(ana).__class__(texts=("Changed.",)), base_revision=1)
    journal.save_entry(owner=ana, entry_id=entry.pk, write=write, now=NOW)
    host.open_all()
    assert "It was not." in host.page()
    assert "Changed." not in host.page()


def test_sharing_again_replaces_and_closes(member: Member, host: Host, shared: Member) -> None:
    host.open_all()
    shared.share(entries=[], extent="none")
    assert counts() == (1, 3)
    assert ABOUT not in host.page()
    assert "your entry of 21 November 2026" in shared.page()


def test_taken_back_while_it_is_open(host: Host, shared: Member, clock: Traveller) -> None:
    ids = host.closed()
    host.open_all()
    assert ABOUT in host.page()
    assert "Nothing is shared any more" in page(shared.client.get(shared.stop().headers["Location"]))
    assert "There is nothing to read for this meeting." in host.page()
    host.open(ids[0])
    assert "There is nothing to read for this meeting." in host.page()
    assert counts() == (0, 3)
    assert "your entry of 21 November 2026" in shared.page()
    assert not Notice.objects.filter(owner=host.specialist).exists()


def test_it_ends_30_days_after_the_meeting_and_moves_with_it(
    host: Host, shared: Member, meeting: Booking, ana: User, mara: Specialist, clock: Traveller
) -> None:
    later = slot(mara, TOMORROW + timedelta(days=7))
    bookings.reschedule(booking_id=meeting.pk, client=ana, slot_id=later.pk, now=NOW)
    end = later.ends_at + SHARED_FOR
    for moment, is_there in ((end - timedelta(seconds=1), True), (end, False)):
        clock.move_to(moment)
        host.log_in()
        assert ("A result" in host.page()) is is_there
        sharing.forget(before=moment - SHARED_FOR)
        assert Share.objects.exists() is is_there


@pytest.mark.parametrize("by", ["client", "specialist"])
def test_a_cancelled_meeting_shares_nothing(
    by: str, host: Host, shared: Member, meeting: Booking, ana: User, cole: User
) -> None:
    host.open_all()
    if by == "client":
        booking_changes.cancel_by_client(booking_id=meeting.pk, client=ana, now=NOW)
    else:
        booking_changes.cancel_by_specialist(booking_id=meeting.pk, specialist=cole, now=NOW)
    assert counts() == (0, 3)
    assert ABOUT not in host.page()
    assert "The meeting is cancelled, and nothing is shared." in shared.page()
    assert ABOUT in shared.client.get(shared.path("ready")).text


@pytest.mark.parametrize("when", [NOW, TOMORROW + timedelta(hours=1, minutes=10), TOMORROW + timedelta(days=3)])
@pytest.mark.parametrize("end", ["suspended", "shut out", "host erased", "blocked", "blocks", "member shut out"])
def test_nothing_stays_shared_when_the_two_are_parted(
    end: str, when: object, shared: Member, meeting: Booking, ana: User, cole: User, clock: Traveller
) -> None:
    """Before, in and after the meeting."""
    clock.move_to(when)  # type: ignore[arg-type]
    now = timezone.now()
    match end:
        case "suspended":
            verification.suspend(specialist_id=cole.pk, reason="x", now=now)
        case "shut out":
            verification.shut_out(cole, now)
        case "member shut out":
            verification.shut_out(ana, now)
        case "host erased":
            erase_account(owner=cole, now=now)
        case "blocked":
            leaving.block(owner=ana, other_id=cole.pk, now=now)
        case "blocks":
            leaving.block(owner=cole, other_id=ana.pk, now=now)
    assert not Share.objects.exists()


def test_an_erased_member_leaves_nothing(host: Host, shared: Member, ana: User) -> None:
    host.open_all()
    erase_account(owner=ana, now=NOW)
    assert counts() == (0, 0)
    assert "There is nothing to read for this meeting." in host.page()


def test_what_the_member_deletes_is_shared_no_more(
    host: Host, shared: Member, entry: Entry, result: Result, ana: User
) -> None:
    host.open_all()
    journal.bin_entry(owner=ana, entry_id=entry.pk, now=NOW)
    assert "It was not." not in host.page()
    journal.restore_entry(owner=ana, entry_id=entry.pk)
    assert "It was not." in host.page()
    journal.bin_entry(owner=ana, entry_id=entry.pk, now=NOW)
    journal.delete_entry(owner=ana, entry_id=entry.pk)
    results.delete_result(owner=ana, result_id=result.pk)
    assert [row.kind for row in Share.objects.all()] == ["notes"]
    assert Opening.objects.count() == 3


def test_it_can_be_shared_until_the_latest_moment_to_join(member: Member, meeting: Booking, clock: Traveller) -> None:
    member.prepare(about=ABOUT, show_about="on")
    for minutes, may in ((44, True), (45, False)):
        clock.move_to(meeting.starts_at + timedelta(minutes=minutes))
        member.client.force_login(User.objects.get(email="ana@example.org"))
        assert (member.client.get(member.path("ready_preview")).status_code == 200) is may
        Share.objects.all().delete()
        member.client.post(member.path("share"), {"seen": member.seen() or "x"})
        assert Share.objects.exists() is may


def test_a_meeting_that_took_place_still_shows_it(host: Host, shared: Member, meeting: Booking) -> None:
    Booking.objects.update(status=Status.COMPLETED)
    assert "A result" in host.page()
    Booking.objects.update(status=Status.CANCELLED_BY_CLIENT)
    assert "A result" not in host.page()


def test_nobody_else_opens_it(shared: Member, ana: User, ben: User, dana: User, as_user: AsUser) -> None:
    eva = verified(User.objects.create_user("eva@example.org"))
    [first, *_] = Share.objects.in_order()
    other = booked(ben, eva, TOMORROW)
    assert Host(eva.user, shared.booking).client.get(shared.path("practice:shared")).status_code == 404
    theirs = Host(eva.user, other)
    theirs.open(str(first.pk))
    assert Opening.objects.count() == 0
    for user in (ben, dana, eva.user):
        client = as_user(user)
        for name in ("share", "share_stop"):
            assert client.post(shared.path(name)).status_code == 404
    assert Share.objects.count() == 3
    assert Client().post(shared.path("share_stop")).status_code == 302


def test_pages_ask_the_same_however_much_there_is(
    host: Host, member: Member, ana: User, entry: Entry, result: Result
) -> None:
    member.share(about=ABOUT, show_about="on")
    few = [asked(member.client, member.path("ready")), asked(host.client, host.path)]
    more = [written(ana, f"Entry {number}") for number in range(4)]
    member.share(extent="areas", entries=[str(one.pk) for one in more])
    host.open_all()
    assert [asked(member.client, member.path("ready")), asked(host.client, host.path)] == few


def asked(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_a_copy_is_sealed_with_the_members_key(shared: Member, ana: User) -> None:
    for row in Share.objects.all():
        assert ABOUT.encode() not in bytes(row.sealed)
    call_command("rotate_keys")
    assert [row.document(ana) for row in Share.objects.filter(kind="notes")] == [{"about": ABOUT}]


def test_a_copy_that_cannot_be_opened_says_so(host: Host, shared: Member) -> None:
    host.open_all()
    Share.objects.filter(kind="notes").update(sealed=b"broken")
    assert re.search("Notes for this meeting This can’t be opened", host.page())
    assert "your notes" in shared.page()


SEES_COPY = "Saved for yourself. Mara L. still sees the copy that you shared."


def saved_words(html: str) -> str:
    """What the script of the form says once it has saved."""
    [status] = [one for one in parse(html).iter("p") if one.get("data-saved")]
    return status.get("data-saved", "")


def test_saving_says_that_a_copy_is_shared(member: Member, host: Host, meeting: Booking, clock: Traveller) -> None:
    assert saved_words(member.client.get(member.path("ready")).text) == "Saved. Only you can read this."
    member.share(about=ABOUT, show_about="on")
    assert saved_words(member.client.get(member.path("ready")).text) == SEES_COPY
    member.prepare(about="Something else.")
    text = member.page()
    assert f"{SEES_COPY} To share it as it is now, choose “See what Mara L. will see”." in text
    assert "Look at it, and share it" in text
    clock.move_to(meeting.ends_at + timedelta(days=1))
    member.client.logout()
    assert meeting.client is not None
    member.client.force_login(meeting.client)
    member.prepare(about="Afterwards.")
    text = member.page()
    assert SEES_COPY in text
    assert "To share it" not in text
    assert "Look at it" not in text
    member.stop()
    member.prepare(about="Mine again.")
    assert "Saved. Only you can read it." in member.page()


def test_an_entry_has_one_name_wherever_it_is_named(member: Member, host: Host, ana: User) -> None:
    question = "What would I like to write today?"
    content = Content(question=question, texts=("Half a sentence.",))
    entry = written(ana, at=NOW - timedelta(days=2), content=content)
    name = "21 November 2026: Half a sentence."
    assert name in member.page()
    member.share(about=ABOUT, entries=[str(entry.pk)])
    host.open_all()
    text = member.page()
    assert text.count(f"your entry of {name}") == 2
    assert question not in text
    assert question in host.page()


def test_where_nothing_is_shared_nothing_is_hinted_at(member: Member, host: Host) -> None:
    text = host.page()
    assert "Nothing is shared There is nothing to read for this meeting." in text
    for words in ("Shared by", "A copy from when", "The client can see what you open"):
        assert words not in text
    member.share(about=ABOUT, show_about="on")
    assert "Shared by" in host.page()
    member.stop()
    assert host.page() == text
