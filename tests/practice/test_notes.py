"""Private notes on a meeting: kept as they are typed, and the specialist's alone."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import Traveller

from accounts.models import User
from accounts.services import erase_account
from consultations.declarations import BOOKINGS
from consultations.models import Booking, Specialist
from consultations.services.booking_changes import forget_bookings
from meetings.declarations import PRIVATE_NOTES
from meetings.limits import LONGEST_PRIVATE_NOTE
from meetings.models import PrivateNote
from tests.accounts.portable import exported, parts
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, a_host, booked, page
from tests.meetings.readied import form_fields
from tests.practice.noted import NOTE, noted, notes_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(ana: User, mara: Specialist) -> Booking:
    """With Ana, yesterday."""
    return booked(ana, mara, NOW - timedelta(days=1), status="completed")


@pytest.fixture
def hers(as_user: AsUser, mara: Specialist) -> Client:
    """Mara's browser."""
    return as_user(mara.user)


def address(name: str, meeting: Booking, *more: Any) -> str:
    return reverse(f"practice:{name}", args=[meeting.pk, *more])


def fields(client: Client, meeting: Booking, **changed: Any) -> dict[str, Any]:
    """What the form holds now, with changes."""
    return form_fields(client.get(address("notes", meeting)).text) | changed


def test_the_meeting_and_its_half_hour_lead_to_the_notes(
    hers: Client, ana: User, mara: Specialist, meeting: Booking
) -> None:
    now_on = booked(ana, mara, NOW)
    for path, booking in (
        (address("booking", meeting), meeting),
        (address("meeting", now_on), now_on),
    ):
        assert address("notes", booking) in hers.get(path).text
    text = page(hers.get(address("notes", meeting)))
    assert "Only you can read them: not the client, and not our staff." in text
    assert "deleted 24 months after the meeting" in text
    assert PrivateNote.objects.count() == 0


def test_a_note_is_stored_as_it_is_typed(hers: Client, mara: Specialist, meeting: Booking) -> None:
    sent = fields(hers, meeting)
    for number, text in enumerate(("Sp", "Speaks", NOTE), start=2):
        sent |= {"text": text, "sequence": number}
        answer = hers.post(address("notes_draft", meeting), sent)
        sent["base_revision"] = answer.json()["revision"]
    assert answer.json() == {
        "revision": 3,
        "saved_at": "09:00",
        "left_out": "",
        "address": address("notes", meeting),
    }
    assert notes_of(mara.user) == [NOTE]
    assert fields(hers, meeting)["text"] == NOTE


def test_the_button_saves_without_a_script(hers: Client, mara: Specialist, meeting: Booking) -> None:
    here = address("notes", meeting)
    answer = hers.post(here, fields(hers, meeting, text=NOTE))
    assert answer.headers["Location"] == here
    assert "Saved. Only you can read it." in page(hers.get(here))
    hers.post(here, fields(hers, meeting, text=f"{NOTE} More."))
    assert notes_of(mara.user) == [f"{NOTE} More."]


@pytest.mark.parametrize("nothing", ["", " \n\t", "\u200b"])
def test_an_empty_note_is_refused_and_what_was_saved_stays(
    hers: Client, mara: Specialist, meeting: Booking, nothing: str
) -> None:
    """Also by the script: who empties the field to begin anew loses nothing until there are words again."""
    here, by_script = address("notes", meeting), address("notes_draft", meeting)
    said = page(hers.post(here, fields(hers, meeting, text=nothing)), 400)
    assert "An empty note is not saved." in said
    assert "delete the note" not in said
    assert hers.post(by_script, fields(hers, meeting, text=nothing)).status_code == 400
    assert notes_of(mara.user) == []
    noted(meeting, now=NOW)
    refused = page(hers.post(here, fields(hers, meeting, text=nothing)), 400)
    assert "To remove what was saved before, delete the note." in refused
    assert "Delete this note" in refused
    sent = fields(hers, meeting, text=nothing)
    assert "An empty note is not saved." in hers.post(by_script, sent).json()["error"]
    assert notes_of(mara.user) == [NOTE]
    assert hers.post(by_script, sent | {"text": "Anew.", "sequence": 3}).status_code == 200
    assert notes_of(mara.user) == ["Anew."]


def test_two_windows_both_keep_their_words(hers: Client, mara: Specialist, meeting: Booking, clock: Traveller) -> None:
    noted(meeting, "Before.", now=NOW)
    first, second = (fields(hers, meeting) | {"text": text} for text in ("First.", "Second."))
    assert hers.post(address("notes_draft", meeting), first).status_code == 200
    clock.shift(60)
    answer = hers.post(address("notes_draft", meeting), second)
    assert (answer.status_code, answer.json()["decide"]) == (409, address("notes", meeting))
    clock.shift(60)
    third = first | {"text": "Third.", "client": "00000000-0000-0000-0000-000000000003"}
    assert "Both versions are kept." in page(hers.post(address("notes", meeting), third, follow=True))
    assert notes_of(mara.user) == ["Third.", "Second.", "First."]
    oldest = PrivateNote.objects.visible_to(mara.user).latest_first()[2]
    clock.shift(60)
    hers.post(address("note", meeting, oldest.pk), {"action": "prefer"})
    assert fields(hers, meeting)["text"] == "First."


def test_deleting_asks_first(hers: Client, mara: Specialist, meeting: Booking) -> None:
    here = address("note", meeting, noted(meeting, now=NOW).pk)
    assert here in hers.get(address("notes", meeting)).text
    assert NOTE in page(hers.get(here))
    assert notes_of(mara.user) == [NOTE]
    assert "The note is deleted." in page(hers.post(here, {"action": "delete"}, follow=True))
    assert notes_of(mara.user) == []
    again = hers.get(here, follow=True)
    assert again.redirect_chain == [(address("notes", meeting), 302)]
    assert "This note is deleted." in page(again)
    assert hers.post(here, {"action": "delete"}).headers["Location"] == address("notes", meeting)


def test_neither_the_client_nor_staff_nor_a_colleague_sees_a_note(
    as_user: AsUser, ana: User, dana: User, mara: Specialist, meeting: Booking
) -> None:
    row = noted(meeting, now=NOW)
    dora = a_host("dora").user
    client = as_user(ana)
    for name in ("booking", "ready", "going_on", "consultations", "today"):
        path = reverse(name, args=[] if name in {"consultations", "today"} else [meeting.pk])
        assert NOTE not in client.get(path, follow=True).text
    assert NOTE not in exported(ana).decode("latin-1")
    assert parts(exported(ana))["private_notes"] == []
    for other, status in ((ana, 302), (dana, 302), (dora, 404)):
        client = as_user(other)
        for path in (address("notes", meeting), address("note", meeting, row.pk)):
            assert client.get(path).status_code == client.post(path).status_code == status
        assert client.post(address("notes_draft", meeting), {"text": "Mine."}).status_code in {302, 400}
    staff = as_user(dana)
    assert NOTE not in staff.get(reverse("admin:consultations_booking_change", args=[meeting.pk])).text
    assert notes_of(mara.user) == [NOTE]


def test_somebody_elses_id_is_no_place_for_a_note(as_user: AsUser, ana: User, ben: User, meeting: Booking) -> None:
    row, dora = noted(meeting, now=NOW), a_host("dora")
    theirs = booked(ben, dora, TOMORROW)
    client = as_user(dora.user)
    sent = fields(client, theirs, text="Mine.", note=row.pk)
    assert client.post(address("notes_draft", theirs), sent).status_code == 404
    assert "Mine." in page(client.post(address("notes", theirs), sent), 409)
    assert client.post(address("note", theirs, row.pk), {"action": "delete"}).status_code == 302
    assert PrivateNote.objects.get() == row


def test_what_cannot_be_saved_comes_back(hers: Client, mara: Specialist, meeting: Booking, settings: Settings) -> None:
    here, long = address("notes", meeting), "x" * (LONGEST_PRIVATE_NOTE + 1)
    text = page(hers.post(here, fields(hers, meeting, text=long)), 400)
    assert "A note can have up to 10,000 characters. Now it has 10,001." in text
    assert hers.post(address("notes_draft", meeting), fields(hers, meeting, text=long)).status_code == 400
    text = page(hers.post(here, fields(hers, meeting, text=NOTE, sequence="x")), 400)
    assert "This form arrived incomplete" in text
    sent = fields(hers, meeting, text=NOTE)
    settings.QUOTA = settings.QUOTA_BEYOND = 0
    assert "Your account is full" in page(hers.post(here, sent), 400)
    assert hers.post(address("notes_draft", meeting), sent).status_code == 400
    hers.logout()
    assert NOTE in page(hers.post(here, sent), 401)
    assert hers.post(address("notes_draft", meeting), sent).status_code == 401
    assert notes_of(mara.user) == []


def test_a_damaged_note_is_never_saved_over(hers: Client, mara: Specialist, meeting: Booking) -> None:
    row = noted(meeting, now=NOW)
    PrivateNote.objects.update(sealed=b"broken")
    assert "This note can’t be opened. It has not been changed." in page(hers.get(address("notes", meeting)))
    assert "This note can’t be opened." in page(hers.get(address("note", meeting, row.pk)))
    hers.post(address("notes", meeting), fields(hers, meeting, text="New."))
    assert bytes(PrivateNote.objects.get(pk=row.pk).sealed) == b"broken"
    assert PrivateNote.objects.count() == 2
    [damaged] = [one for one in parts(exported(mara.user))["private_notes"] if one["id"] == str(row.pk)]
    assert damaged["cannot_be_opened"] is True


def test_a_note_is_in_the_download_of_its_writer(mara: Specialist, meeting: Booking) -> None:
    row = noted(meeting, now=NOW)
    assert parts(exported(mara.user))["private_notes"] == [
        {
            "id": str(row.pk),
            "meeting": str(meeting.pk),
            "starts_at": meeting.starts_at.isoformat(),
            "at": NOW.isoformat(),
            "text": NOTE,
        }
    ]


def test_the_download_has_the_notes_to_read(hers: Client, ana: User, mara: Specialist, meeting: Booking) -> None:
    noted(meeting, now=NOW)
    with ZipFile(BytesIO(exported(mara.user))) as archive:
        read = archive.read("private-notes.md").decode()
    assert read == f"# Private notes\n\n## 2026-11-22 09:00\n\n{NOTE}\n"
    with ZipFile(BytesIO(exported(ana))) as archive:
        assert "private-notes.md" not in archive.namelist()
    assert "if you are a specialist, your practice and your private notes" in page(hers.get(reverse("data_download")))


def test_a_note_is_kept_as_long_as_the_times_of_the_meeting(meeting: Booking) -> None:
    noted(meeting, now=NOW)
    assert PRIVATE_NOTES.months == BOOKINGS.months == 24
    forget_bookings(before=meeting.ends_at)
    assert PrivateNote.objects.count() == 1
    forget_bookings(before=meeting.ends_at + timedelta(microseconds=1))
    assert PrivateNote.objects.count() == 0


def test_it_goes_with_its_writer_and_stays_when_the_client_leaves(
    as_user: AsUser, ana: User, mara: Specialist, meeting: Booking
) -> None:
    noted(meeting, now=NOW)
    erase_account(owner=ana, now=NOW)
    client = as_user(mara.user)
    assert NOTE in page(client.get(address("notes", meeting)))
    erase_account(owner=mara.user, now=NOW)
    assert PrivateNote.objects.count() == 0


def test_the_page_asks_the_same_number_of_queries_however_many_versions_there_are(
    hers: Client, meeting: Booking, django_assert_num_queries: Any
) -> None:
    noted(meeting, now=NOW)
    hers.get(address("notes", meeting))
    with django_assert_num_queries(6):
        hers.get(address("notes", meeting))
    for _ in range(3):
        noted(meeting, now=NOW)
    with django_assert_num_queries(6):
        hers.get(address("notes", meeting))
