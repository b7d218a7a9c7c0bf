"""One next step: written within seven days, on Today, asked about once, deleted with what else was written."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from accounts.drafts import Write
from accounts.models import User
from accounts.sealing import CannotOpen
from accounts.services import erase_account
from consultations.models import Booking, Specialist
from consultations.models.bookings import Status
from consultations.services.refusals import NotNow
from consultations.times import DURATION, NOTE_KEPT, SESSION_LINK
from meetings.limits import STEP_ASKED_AFTER, STEP_KEPT, STEP_WRITTEN_WITHIN
from meetings.models import NextStep
from meetings.models.next_steps import Answer, Intent
from meetings.policy import may_write_step
from meetings.portable import NEXT_STEPS
from meetings.services.next_steps import answer_step, delete_step, forget_steps, on_today, save_step
from meetings.tasks import forget_next_steps
from tests.conftest import AsUser
from tests.consultations.cast import TOMORROW, booked, page
from tests.html import followed, parse, text_of
from tests.meetings.readied import form_fields

SECOND = timedelta(seconds=1)
BEGINS = TOMORROW + timedelta(hours=1)
ENDS = BEGINS + DURATION
TEXT = "Marker: ask for one evening"

type Clock = time_machine.Traveller


def written(meeting: Booking, ana: User, *, asks: bool = False, text: str = TEXT) -> NextStep:
    """The step in the form of one window, or again in the form that shows what is stored."""
    row = NextStep.objects.filter(owner=ana, booking=meeting).first()
    pk, revision = (row.pk, row.revision) if row else (uuid4(), 0)
    write = Write(pk, Intent(text, asks), base_revision=revision, client=uuid4(), sequence=1)
    return save_step(owner=ana, booking_id=meeting.pk, write=write, now=ENDS)


def address(meeting: Booking) -> str:
    return f"/consultations/{meeting.pk}/step/"


def fields(ana: User, **changed: object) -> dict[str, object]:
    """A form in a window of its own."""
    draft = {"step": uuid4(), "client": uuid4(), "sequence": 1, "base_revision": 0}
    return {"writer": ana.pk, "text": TEXT, **draft, **changed}


class TestWriting:
    @pytest.mark.parametrize(
        ("moment", "may"),
        [
            (BEGINS - SESSION_LINK - SECOND, False),
            (BEGINS - SESSION_LINK, True),
            (ENDS + STEP_WRITTEN_WITHIN - SECOND, True),
            (ENDS + STEP_WRITTEN_WITHIN, False),
        ],
    )
    def test_has_its_time(self, meeting: Booking, moment: object, may: bool) -> None:
        assert may_write_step(meeting, moment) is may  # type: ignore[arg-type]

    @pytest.mark.parametrize("status", list(Status))
    def test_needs_a_meeting_that_takes_place(self, ana: User, meeting: Booking, status: Status) -> None:
        Booking.objects.update(status=status)
        if status in (Status.BOOKED, Status.COMPLETED):
            assert written(meeting, ana).words(ana) == Intent(TEXT)
        else:
            with pytest.raises(NotNow):
                written(meeting, ana)

    def test_is_the_clients_alone(self, ben: User, mara: Specialist, meeting: Booking) -> None:
        for somebody in (ben, mara.user):
            with pytest.raises(Booking.DoesNotExist):
                written(meeting, somebody)

    def test_again_replaces_it(self, ana: User, meeting: Booking) -> None:
        first = written(meeting, ana, asks=True)
        answer_step(owner=ana, booking_id=meeting.pk, answer=Answer.NOT_YET)
        assert written(meeting, ana, text="Another") == first
        assert NextStep.objects.get().words(ana) == Intent("Another")

    def test_is_sealed_for_its_row(self, ana: User, ben: User, meeting: Booking) -> None:
        step = written(meeting, ana)
        assert b"Marker" not in bytes(step.sealed)
        with pytest.raises(CannotOpen):
            step.words(ben)


class TestPage:
    def test_takes_a_step_and_shows_it(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        clock.move_to(ENDS)
        client = as_user(ana)
        assert "What I would like to do next" in page(client.get(address(meeting)))
        answer = client.post(address(meeting), fields(ana, asks="on"))
        assert answer.headers["Location"] == address(meeting)
        assert TEXT in page(client.get(address(meeting)))
        assert NextStep.objects.get().words(ana) == Intent(TEXT, asks=True)
        assert TEXT in page(client.get("/today/"))

    def test_is_on_the_page_of_the_half_hour(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        written(meeting, ana)
        clock.move_to(BEGINS)
        assert TEXT in page(as_user(ana).get(f"/consultations/{meeting.pk}/meeting/"))

    def test_refuses_nothing_and_too_much(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        clock.move_to(ENDS)
        client = as_user(ana)
        assert "Write what you would like to do" in page(client.post(address(meeting), fields(ana, text=" ")), 400)
        said = page(client.post(address(meeting), fields(ana, text="x" * 301)), 400)
        assert "x" * 301 in said
        assert not NextStep.objects.exists()

    def test_too_late_keeps_the_words(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        clock.move_to(ENDS + STEP_WRITTEN_WITHIN)
        client = as_user(ana)
        said = page(client.post(address(meeting), fields(ana)), 400)
        assert TEXT in said
        assert "until seven days after a meeting that took place. Your words are still here" in said
        answer = client.get(address(meeting), follow=True)
        assert "A next step can be written until seven days after" in page(answer)

    def test_later_it_is_only_read_and_deleted(
        self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock
    ) -> None:
        written(meeting, ana)
        clock.move_to(ENDS + STEP_WRITTEN_WITHIN)
        client = as_user(ana)
        said = client.get(address(meeting))
        assert TEXT in page(said)
        assert "<textarea" not in said.text
        client.post(address(meeting), {"delete": "yes"})
        assert not NextStep.objects.exists()

    def test_what_cannot_be_opened_is_not_saved_over(
        self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock
    ) -> None:
        written(meeting, ana)
        NextStep.objects.update(sealed=b"damaged")
        clock.move_to(ENDS)
        client = as_user(ana)
        for shown in (address(meeting), f"/consultations/{meeting.pk}/meeting/"):
            answer = client.get(shown)
            assert "Your next step can’t be opened. It has not been changed." in page(answer)
            assert "<textarea" not in answer.text
        assert client.get("/today/").status_code == 200
        client.post(f"{address(meeting)}answer/", {"answer": "tried"})
        client.post(address(meeting), fields(ana))
        assert bytes(NextStep.objects.get().sealed) == b"damaged"

    def test_is_nobody_elses(self, as_user: AsUser, ana: User, ben: User, meeting: Booking, clock: Clock) -> None:
        written(meeting, ana)
        clock.move_to(ENDS)
        client = as_user(ben)
        assert client.get(address(meeting)).status_code == 404
        assert client.post(address(meeting), fields(ben)).status_code == 404
        assert client.post(f"{address(meeting)}answer/", {"answer": "tried"}).status_code == 404
        assert client.post(address(meeting), {"delete": "yes"}).status_code in {302, 404}
        assert NextStep.objects.get().words(ana) == Intent(TEXT)

    def test_words_outlive_the_session(self, client: Client, ana: User, meeting: Booking, clock: Clock) -> None:
        clock.move_to(ENDS)
        said = page(client.post(address(meeting), fields(ana)), 401)
        assert TEXT in said
        assert "Your words are still here." in said


class TestDraft:
    """What is typed is stored, on the page of the half hour as on its own."""

    @pytest.fixture(autouse=True)
    def now_on(self, clock: Clock) -> None:
        clock.move_to(BEGINS)

    def draft(self, client: Client, meeting: Booking, sent: dict[str, object]) -> tuple[int, dict[str, object]]:
        answer = client.post(f"{address(meeting)}draft/", sent)
        return answer.status_code, answer.json()

    @pytest.mark.parametrize("shown", ["meeting", "step"])
    def test_is_there_again(self, as_user: AsUser, ana: User, meeting: Booking, shown: str) -> None:
        client, here = as_user(ana), f"/consultations/{meeting.pk}/{shown}/"
        sent = form_fields(client.get(here).text)
        for number, text in enumerate(["Ask", "Ask for", ""], 2):
            status, said = self.draft(client, meeting, sent | {"text": text, "sequence": number})
            assert (status, said["address"]) == (200, ".")
            assert form_fields(client.get(here).text)["text"] == text
        assert NextStep.objects.get().revision == 3
        assert "Your next step" not in page(client.get("/today/"))

    def test_of_two_windows_is_kept_twice(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        client, here = as_user(ana), f"/consultations/{meeting.pk}/meeting/"
        client.post(here, form_fields(client.get(here).text) | {"text": "Before."})
        first, second = (form_fields(client.get(here).text) for _window in range(2))
        assert self.draft(client, meeting, first | {"text": "First.", "sequence": 2})[0] == 200
        clock.shift(60)
        assert self.draft(client, meeting, second | {"text": "Second.", "sequence": 2})[0] == 409
        said = page(client.get(here))
        assert "Other versions" in said
        assert "First." in said
        assert [step.text for step in on_today(ana, BEGINS)] == ["Second."]
        older = NextStep.objects.latest_first().last()
        assert older
        clock.shift(60)
        client.post(here, {"prefer": older.pk})
        assert form_fields(client.get(here).text)["text"] == "First."
        client.post(here, {"discard": older.pk})
        assert [row.words(ana).text for row in NextStep.objects.all()] == ["Second."]

    def test_who_may_not_save_is_told_by_a_status(
        self, as_user: AsUser, ana: User, ben: User, meeting: Booking, clock: Clock
    ) -> None:
        assert self.draft(Client(), meeting, fields(ana))[0] == 401
        assert self.draft(as_user(ben), meeting, fields(ana))[0] == 403
        assert self.draft(as_user(ben), meeting, fields(ben))[0] == 404
        assert self.draft(as_user(ana), meeting, fields(ana, base_revision="x"))[0] == 400
        assert self.draft(as_user(ana), meeting, fields(ana, text="x" * 301))[0] == 400
        clock.move_to(ENDS + STEP_WRITTEN_WITHIN)
        assert self.draft(as_user(ana), meeting, fields(ana))[0] == 404
        assert not NextStep.objects.exists()

    def test_of_a_full_account_stays_on_the_page(
        self, as_user: AsUser, ana: User, meeting: Booking, settings: Settings
    ) -> None:
        settings.QUOTA = settings.QUOTA_BEYOND = 0
        client = as_user(ana)
        assert "full" in str(self.draft(client, meeting, fields(ana))[1]["error"])
        assert TEXT in page(followed(client.post(address(meeting), fields(ana))), 400)

    def test_is_nobody_elses_place(
        self, as_user: AsUser, ben: User, mara: Specialist, ana: User, meeting: Booking
    ) -> None:
        taken = written(meeting, ana)
        theirs = booked(ben, mara, BEGINS + timedelta(hours=2), status="completed")
        NextStep.objects.filter(pk=taken.pk).update(revision=1)
        with time_machine.travel(theirs.ends_at, tick=False):
            client = as_user(ben)
            assert self.draft(client, theirs, fields(ben, step=taken.pk, base_revision=1))[0] == 404
            for act in ("prefer", "discard"):
                client.post(address(theirs), {act: taken.pk})
            assert TEXT in page(followed(client.post(address(theirs), fields(ben, step=taken.pk))), 400)
        assert NextStep.objects.get().words(ana) == Intent(TEXT)


class TestDuringTheMeeting:
    @pytest.fixture(autouse=True)
    def now_on(self, clock: Clock) -> None:
        clock.move_to(BEGINS)

    def test_saving_stays_on_its_page(self, as_user: AsUser, ana: User, meeting: Booking) -> None:
        client, here = as_user(ana), f"/consultations/{meeting.pk}/meeting/"
        answer = client.post(here, form_fields(client.get(here).text) | {"text": TEXT})
        assert answer.headers["Location"] == here
        said = page(client.get(here))
        assert "Saved. Only you can see it." in said
        assert TEXT in said

    def test_so_does_what_is_refused(self, as_user: AsUser, ana: User, meeting: Booking) -> None:
        client, here = as_user(ana), f"/consultations/{meeting.pk}/meeting/"
        answer = followed(client.post(here, fields(ana, text="x" * 301)))
        assert "x" * 301 in page(answer, 400)
        assert "Thirty minutes in five steps" in answer.text

    @pytest.mark.parametrize("shown", ["ready", "take-along", "step"])
    def test_every_way_back_leads_there(self, as_user: AsUser, ana: User, meeting: Booking, shown: str) -> None:
        html = as_user(ana).get(f"/consultations/{meeting.pk}/{shown}/").text
        back = [link.get("href") for link in parse(html).iter("a") if text_of(link) == "Back to the meeting"]
        assert back == [f"/consultations/{meeting.pk}/meeting/"]

    def test_what_comes_after_its_page_has_closed_is_saved(
        self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock
    ) -> None:
        clock.move_to(ENDS + SESSION_LINK)
        answer = as_user(ana).post(f"/consultations/{meeting.pk}/meeting/", fields(ana))
        assert answer.headers["Location"] == address(meeting)
        assert NextStep.objects.get().words(ana) == Intent(TEXT)


class TestAsking:
    @pytest.mark.parametrize(("after", "asked"), [(STEP_ASKED_AFTER - SECOND, False), (STEP_ASKED_AFTER, True)])
    def test_waits_two_weeks(self, ana: User, meeting: Booking, after: timedelta, asked: bool) -> None:
        written(meeting, ana, asks=True)
        assert [step.is_asked for step in on_today(ana, ENDS + after)] == [asked]

    def test_is_left_out_unless_wanted(self, ana: User, meeting: Booking) -> None:
        written(meeting, ana)
        assert [step.is_asked for step in on_today(ana, ENDS + STEP_ASKED_AFTER)] == [False]

    @pytest.mark.parametrize(("answer", "stays"), [(Answer.TRIED, 0), (Answer.NOT_YET, 1), (Answer.LET_GO, 0)])
    def test_happens_once(
        self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock, answer: Answer, stays: int
    ) -> None:
        written(meeting, ana, asks=True)
        clock.move_to(ENDS + STEP_ASKED_AFTER)
        client = as_user(ana)
        today = client.get("/today/")
        assert "You wanted to be asked about it once. How is it? I tried it Not yet I let it go" in page(today)
        answered = client.post(f"{address(meeting)}answer/", {"answer": answer})
        assert answered.headers["Location"] == "/today/"
        said = page(client.get("/today/"))
        assert "How is it?" not in said
        assert said.count(TEXT) == stays
        assert NextStep.objects.get().words(ana).answer == answer

    def test_another_answer_changes_nothing(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        written(meeting, ana, asks=True)
        assert as_user(ana).post(f"{address(meeting)}answer/", {"answer": "failed"}).status_code == 302
        assert NextStep.objects.get().words(ana).answer == ""


class TestEnd:
    def test_comes_thirty_days_after_the_meeting(self, ana: User, meeting: Booking) -> None:
        written(meeting, ana)
        assert forget_steps(before=ENDS - SECOND) == 0
        assert len(on_today(ana, ENDS + NOTE_KEPT - SECOND)) == 1
        assert on_today(ana, ENDS + NOTE_KEPT) == []
        assert forget_steps(before=ENDS) == 1

    def test_comes_with_the_account(self, ana: User, mara: Specialist, meeting: Booking) -> None:
        written(meeting, ana)
        erase_account(owner=mara.user, now=ENDS)
        assert NextStep.objects.get().words(ana) == Intent(TEXT)
        erase_account(owner=ana, now=ENDS)
        assert not NextStep.objects.exists()

    def test_leaves_a_copy_in_the_download(self, ana: User, meeting: Booking) -> None:
        written(meeting, ana, asks=True)
        [row] = NEXT_STEPS.write(ana)
        assert row == {
            "meeting": str(meeting.pk),
            "at": ENDS.isoformat(),
            "text": TEXT,
            "asks": True,
            "answer": "",
        }
        NextStep.objects.update(sealed=b"damaged")
        [row] = NEXT_STEPS.write(ana)
        assert row["cannot_be_opened"]

    def test_comes_by_a_job(self, ana: User, meeting: Booking) -> None:
        written(meeting, ana)
        over = ENDS + STEP_KEPT
        forget_next_steps(timestamp=int(over.timestamp()) - 1)
        assert NextStep.objects.exists()
        forget_next_steps(timestamp=int(over.timestamp()))
        assert not NextStep.objects.exists()

    def test_comes_with_the_booking(self, ana: User, meeting: Booking) -> None:
        written(meeting, ana)
        Booking.objects.all().delete()
        assert not NextStep.objects.exists()

    def test_comes_when_the_member_wants(self, ana: User, ben: User, meeting: Booking) -> None:
        written(meeting, ana)
        delete_step(owner=ben, booking_id=meeting.pk)
        assert NextStep.objects.exists()
        delete_step(owner=ana, booking_id=meeting.pk)
        assert not NextStep.objects.exists()
