"""Getting ready: notes that are stored as they are typed and are the member's own, and what is offered to be shared."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import Traveller

from accounts.export import export
from accounts.models import User
from accounts.preferences import save_settings
from assessments.models import Result
from consultations.models import Booking, Specialist
from consultations.services import booking_changes
from journal.models import Entry
from meetings.limits import LONGEST_ABOUT, MOST_ENTRIES, SHARED_FOR
from meetings.models import Preparation, Share
from meetings.models.preparation import Extent, Plan
from meetings.services import preparing
from tests.accounts.portable import parts
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, a_host, booked, page, slot
from tests.html import followed, parse, text_of
from tests.journal.written import written
from tests.meetings.readied import ABOUT, Member, counts, form_fields, plans

pytestmark = pytest.mark.django_db


class Tab:
    """One open window with the form."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.sent = member.fields()

    def save(self, **changed: Any) -> Any:
        self.sent |= changed | {"sequence": str(int(self.sent["sequence"]) + 1)}
        answer = self.member.client.post(self.member.path("ready_draft"), self.sent)
        if answer.status_code == 200:
            self.sent["base_revision"] = answer.json()["revision"]
        return answer


def test_the_booking_leads_to_getting_ready(member: Member, meeting: Booking, mara: Specialist) -> None:
    assert member.path("ready") in member.client.get(member.path("booking")).text
    text = member.page()
    assert "All of this is up to you. A good first meeting needs none of it." in text
    assert "Nothing is shared." in text
    assert Preparation.objects.count() == 0


def test_notes_are_stored_as_they_are_typed(member: Member, ana: User) -> None:
    tab = Tab(member)
    for about in ("I", "I give", ABOUT):
        answer = tab.save(about=about)
    assert answer.json() == {"revision": 3, "saved_at": "09:00", "left_out": "", "address": member.path("ready")}
    assert plans(ana) == [Plan(about=ABOUT)]
    assert counts() == (0, 0)
    assert form_fields(member.client.get(member.path("ready")).text)["about"] == ABOUT


def test_the_button_saves_without_a_script_and_comes_back(member: Member, ana: User) -> None:
    answer = member.prepare(about=ABOUT, ask="How?", show_ask="on", ask_more="What if?")
    assert answer.headers["Location"] == member.path("ready")
    assert "Saved. Only you can read it." in member.page()
    assert plans(ana) == [Plan(about=ABOUT, ask="How?", ask_more="What if?", shows=("ask",))]


def test_nothing_is_ticked_at_first(member: Member, result: Result, entry: Entry) -> None:
    fields = member.fields()
    assert "show_about" not in fields
    assert "entries" not in fields
    assert fields["extent"] == "none"


def test_two_windows_both_keep_their_words(member: Member, ana: User, clock: Traveller) -> None:
    member.prepare(about="Before.")
    first, second = Tab(member), Tab(member)
    assert first.save(about="First.").status_code == 200
    clock.shift(60)
    answer = second.save(about="Second.")
    assert (answer.status_code, answer.json()["decide"]) == (409, member.path("ready"))
    assert {plan.about for plan in plans(ana)} == {"First.", "Second."}
    text = member.page()
    assert "Other versions" in text
    assert "First." in text
    older = Preparation.objects.visible_to(ana).latest_first()[1]
    version = reverse("ready_version", args=[member.booking.pk, older.pk])
    other = plans(ana)[1].about
    clock.shift(60)
    member.client.post(version, {"action": "prefer"})
    assert member.fields()["about"] == other
    newer = Preparation.objects.visible_to(ana).exclude(pk=older.pk).get()
    member.client.post(reverse("ready_version", args=[member.booking.pk, newer.pk]), {"action": "delete"})
    assert [plan.about for plan in plans(ana)] == [other]


def test_a_repeated_draft_changes_nothing(member: Member, ana: User) -> None:
    tab = Tab(member)
    tab.save(about=ABOUT)
    again = member.client.post(member.path("ready_draft"), tab.sent | {"base_revision": "0"})
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    assert len(plans(ana)) == 1


def test_who_may_not_save_is_told_by_a_status(member: Member, ana: User, ben: User, as_user: AsUser) -> None:
    fields, address = member.fields(), member.path("ready_draft")
    assert Client().post(address, fields).status_code == 401
    other = as_user(ben)
    assert other.post(address, fields).status_code == 403
    assert other.post(address, fields | {"writer": ben.pk}).status_code == 404
    assert other.post(member.path("ready"), fields | {"writer": ben.pk}).status_code == 404
    mine = as_user(ana)
    assert mine.post(address, fields | {"base_revision": "x"}).status_code == 400
    assert mine.post(address, fields | {"about": "x" * (LONGEST_ABOUT + 1)}).status_code == 400
    assert Preparation.objects.count() == 0


def test_somebody_elses_id_is_no_place_for_notes(member: Member, ben: User, mara: Specialist, as_user: AsUser) -> None:
    member.prepare(about=ABOUT)
    taken = Preparation.objects.get()
    theirs = Member(as_user(ben), booked(ben, mara, TOMORROW + timedelta(hours=3)))
    fields = theirs.fields(about="Mine.", preparation=taken.pk)
    assert theirs.client.post(theirs.path("ready_draft"), fields).status_code == 404
    assert "Mine." in page(theirs.client.post(theirs.path("ready"), fields | {"action": "save"}), 409)
    version = reverse("ready_version", args=[theirs.booking.pk, taken.pk])
    assert theirs.client.post(version, {"action": "delete"}).status_code == 404
    assert Preparation.objects.get() == taken


def test_too_long_a_text_comes_back(member: Member, ana: User) -> None:
    answer = followed(member.prepare(about="x" * (LONGEST_ABOUT + 1)))
    assert "can have up to 2,000 characters. Now it has 2,001." in page(answer, 400)
    assert "x" * (LONGEST_ABOUT + 1) in answer.text
    assert plans(ana) == []


def test_a_full_account_keeps_its_words_on_the_page(member: Member, settings: Settings, ana: User) -> None:
    settings.QUOTA = settings.QUOTA_BEYOND = 0
    assert ABOUT in followed(member.prepare(about=ABOUT)).text
    assert "full" in Tab(member).save(about=ABOUT).json()["error"]
    assert plans(ana) == []


def test_words_come_back_to_whoever_is_signed_out(member: Member) -> None:
    fields = member.fields(about=ABOUT)
    answer = Client().post(member.path("ready"), fields)
    assert answer.status_code == 401
    assert ABOUT in page(answer, 401)


def test_an_entry_that_is_gone_stops_no_draft(member: Member, entry: Entry, ana: User) -> None:
    tab = Tab(member)
    assert tab.save(about="One.", entries=[str(entry.pk)]).status_code == 200
    entry.delete()
    assert tab.save(about="Two.").status_code == 200
    assert plans(ana)[0].entries == ()


def test_entries_are_chosen_from_the_whole_journal(member: Member, entry: Entry, ana: User) -> None:
    old = [written(ana, f"Old {number}.", at=NOW - timedelta(days=30 + number)) for number in range(14)]
    assert "Old 13." not in member.page()
    answer = member.prepare("entries", about=ABOUT, entries=[str(entry.pk)])
    address = answer.headers["Location"]
    assert address == member.path("ready_entries")
    first = page(member.client.get(address))
    assert "Old 3." in first
    assert "Old 13." not in first
    on = member.client.post(address, {"entries": [str(entry.pk), str(old[2].pk)], "action": "more"})
    later = on.headers["Location"]
    assert "Old 13." in page(member.client.get(later))
    assert "2 more are chosen on other pages." in page(member.client.get(later))
    done = member.client.post(later, {"entries": [str(old[13].pk)], "action": "choose"})
    assert done.headers["Location"] == f"{member.path('ready')}#share"
    assert set(plans(ana)[0].entries) == {str(one.pk) for one in (entry, old[2], old[13])}
    assert plans(ana)[0].about == ABOUT
    assert "Old 13." in member.page()
    too_many = member.client.post(address, {"entries": [str(one.pk) for one in old[: MOST_ENTRIES + 1]]})
    assert "Choose up to 5 entries." in page(too_many, 400)


def test_choosing_begins_with_notes(member: Member, entry: Entry) -> None:
    assert member.client.get(member.path("ready_entries")).headers["Location"] == member.path("ready")


def test_too_many_entries_are_refused(member: Member, ana: User) -> None:
    many = [str(written(ana, f"{number}").pk) for number in range(MOST_ENTRIES + 1)]
    assert "Choose up to 5 entries." in page(member.prepare(entries=many), 400)


def test_notes_stay_with_a_cancelled_meeting_until_they_are_deleted(
    member: Member, meeting: Booking, ana: User, clock: Traveller
) -> None:
    member.prepare(about=ABOUT)
    booking_changes.cancel_by_client(booking_id=meeting.pk, client=ana, now=NOW)
    assert "The meeting is cancelled, and nothing is shared." in member.page()
    assert member.prepare(about="More.").status_code == 302
    assert plans(ana) == [Plan(about="More.")]
    for path in ("ready_preview", "ready_entries"):
        assert member.client.get(member.path(path)).headers["Location"] == member.path("ready")
    fields = member.fields()
    clock.move_to(meeting.ends_at + SHARED_FOR)
    member.client.logout()
    member.client.force_login(ana)
    assert member.client.get(member.path("ready")).headers["Location"] == member.path("booking")
    assert "More." in page(member.client.post(member.path("ready"), fields), 409)
    assert member.client.post(member.path("ready_draft"), fields).status_code == 404
    preparing.forget(before=meeting.ends_at)
    assert plans(ana) == []


def test_what_cannot_be_opened_is_not_overwritten(member: Member, ana: User) -> None:
    member.prepare(about=ABOUT)
    Preparation.objects.update(sealed=b"broken")
    assert "These notes can’t be opened. They have not been changed." in member.page()
    member.prepare(about="New.")
    assert Preparation.objects.count() == 2


def test_notes_and_shares_are_in_the_download_and_are_not_brought_back(member: Member, ana: User) -> None:
    member.share(about=ABOUT, show_about="on")
    found = parts(b"".join(export(ana, NOW)))
    assert [row["about"] for row in found["preparations"]] == [ABOUT]
    assert [row["copy"] for row in found["shares"]] == [{"about": ABOUT}]
    assert found["openings"] == []


# From a result


@pytest.fixture
def fits(mara: Specialist) -> Specialist:
    """Mara does not; Eva's topics fit what the result leads to."""
    Specialist.objects.filter(pk=mara.pk).update(themes=["real-connection"])
    eva = a_host("eva", themes=["self-worth"])
    slot(eva, TOMORROW)
    return eva


def test_a_result_leads_to_specialists_whose_topics_fit(
    member: Member, result: Result, mara: Specialist, fits: Specialist
) -> None:
    slot(mara, TOMORROW)
    html = member.client.get(reverse("result", args=[result.pk])).text
    assert "Talk this over" in html
    main = next(parse(html).iter("main"))
    assert "Find a specialist" in [text_of(button) for button in main.iter("button")]
    help_words = {text_of(link) for link in main.iter("a") if link.get("href") == reverse("help_now")}
    assert not help_words & {text_of(button) for button in main.iter("button")}
    answer = member.client.post(reverse("talk_over"), {"result": result.pk})
    assert answer.headers["Location"] == reverse("talk_over")
    shown = member.client.get(reverse("talk_over"))
    assert "Eva" in page(shown)
    assert "Mara L." not in page(shown)
    assert str(result.pk) not in shown.text


def test_that_result_is_offered_and_not_ticked(member: Member, result: Result, fits: Specialist, ana: User) -> None:
    newer = result.__class__.objects.get(pk=result.pk)
    member.client.post(reverse("talk_over"), {"result": newer.pk})
    fields = member.fields()
    assert (fields["result"], fields["extent"]) == (str(newer.pk), "none")
    member.prepare("preview", about=ABOUT)
    assert "You have not chosen anything to show." in member.page("ready_preview")


def test_an_id_of_somebody_elses_result_leads_nowhere(
    member: Member, result: Result, ben: User, as_user: AsUser
) -> None:
    client = as_user(ben)
    for wrong in (result.pk, uuid4(), "x", ""):
        assert client.post(reverse("talk_over"), {"result": wrong}).status_code == 404
    assert client.get(reverse("talk_over")).headers["Location"] == reverse("specialists")


def test_with_gentle_prompts_nothing_suggests_to_share(member: Member, result: Result, entry: Entry, ana: User) -> None:
    save_settings(user=ana, now=NOW, fields=(), gentle_prompts=True)
    assert "Talk this over" not in member.client.get(reverse("result", args=[result.pk])).text
    assert member.client.post(reverse("talk_over"), {"result": result.pk}).headers["Location"] == reverse("specialists")
    assert member.client.get(reverse("talk_over")).headers["Location"] == reverse("specialists")
    member.prepare(about=ABOUT)
    for shown in ("ready", "booking"):
        said = member.client.get(member.path(shown)).text.partition("<main")[2].partition("</main>")[0].lower()
        assert "notes for yourself" in said
        for words in ("share this", "to share", "sharing", "show this", "may want to show", "will see", "looked"):
            assert words not in said
    for path in ("ready_preview", "ready_entries"):
        assert member.client.get(member.path(path)).headers["Location"] == member.path("ready")
    assert plans(ana) == [Plan(about=ABOUT)]


def test_what_was_shared_before_gentle_prompts_can_be_taken_back(member: Member, ana: User) -> None:
    member.share(about=ABOUT, show_about="on")
    save_settings(user=ana, now=NOW, fields=(), gentle_prompts=True)
    assert "Stop sharing" in member.page()
    member.stop()
    assert Share.objects.count() == 0


def test_with_nothing_to_choose_the_page_says_so(member: Member) -> None:
    assert "You have no results and no journal entries yet." in member.page()


def test_each_extent_of_a_result_is_explained(member: Member, result: Result, entry: Entry) -> None:
    text = member.page()
    assert "You have no results" not in text
    for extent in Extent:
        assert f"{extent.label} {extent.about}" in text


def test_the_page_after_a_yes_suggests_nothing_and_no_later_one_knows(member: Member, result: Result) -> None:
    address = reverse("result", args=[result.pk])
    before = member.client.get(address).text
    safety = result.instrument.text["safety"]
    raised = {question["key"]: safety["raised_by"] for question in safety["questions"]}
    answer = member.client.post(address, raised)
    for words in ("Talk this over", reverse("talk_over"), "haring", "pecialist"):
        assert words not in answer.text.partition("<main")[2].partition("</main>")[0]
    assert ("Talk this over" in before) is ("Talk this over" in member.client.get(address).text) is True
