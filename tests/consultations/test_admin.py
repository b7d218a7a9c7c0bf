"""The admin: verification of specialists, accounts, jobs, and how long lists are read."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Mail, User
from accounts.outbox import SEND
from accounts.roles import Role
from accounts.services import erase_account
from consultations import mails, tasks
from consultations.models import Block, Booking, Offer, Photo, Slot, Specialist, WaitingEntry
from consultations.models.bookings import Status
from consultations.models.verification import Grounds
from consultations.services import profiles, verification
from tests import outbox
from tests.accounts.factors import add_app
from tests.conftest import AsUser, show_second_factor
from tests.consultations.administration import CHECKED, log, mailed
from tests.consultations.cast import NOW, booked, verified, years_of_bookings
from tests.html import assert_valid_html, parse, text_of
from tests.staff import at_work, carried, hidden, press, staff

pytestmark = pytest.mark.django_db
State = Specialist.Status
DAY = timedelta(days=1)
IN_LIST = {"status": State.VERIFIED, "verified_at": NOW, "check_again_on": (NOW + 300 * DAY).date()}


@pytest.fixture
def specialist(cole: User) -> Specialist:
    """Cole waits to be verified."""
    register = {
        "register_name": "A register",
        "register_number": "1234",
        "register_url": "https://register.example/1234",
    }
    return verified(cole, status=State.SUBMITTED, submitted_at=NOW, verified_at=None, check_again_on=None, **register)


def confirm(specialist: Specialist, change: str) -> str:
    return reverse("admin:consultations_specialist_confirm", args=[specialist.pk, change])


def seen(page: str) -> dict[str, str]:
    """The mark of what a page that asks has shown."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return {"seen": found[1]}


@pytest.mark.parametrize("model", [Slot, Mail, WaitingEntry, Offer, Block, Photo])
def test_the_rest_has_no_page(model: type) -> None:
    assert not admin.site.is_registered(model)


def test_staff_see_what_they_approve_in_words_and_with_the_photo(
    danas: Client, ben: User, as_user: AsUser, specialist: Specialist
) -> None:
    profiles.set_photo(user=specialist.user, webp=b"a photo", now=NOW)
    address = reverse("photo", args=[specialist.photo.sha256])
    Specialist.objects.filter(pk=specialist.pk).update(
        languages=["de", "en"],
        themes=["real-connection"],
        formats=["video"],
        also_checked=["practises_in"],
        fee_least=60,
        fee_most=90,
        fee_currency="EUR",
        fee_words="Some places at less.",
    )
    shown = danas.get(reverse("admin:consultations_specialist_change", args=[specialist.pk])).text
    for words in (
        "Deutsch",
        "Closeness",
        "Video",
        "60 to 90 EUR a session. Some",
        "where they may practise",
        f'src="{address}"',
    ):
        assert words in shown
    assert f"{date_format(NOW, 'j F Y, H:i')} UTC" in shown
    assert danas.get(address).content == b"a photo"
    assert as_user(ben).get(address).status_code == 404


def test_the_queue_has_the_longest_waiting_first(danas: Client, specialist: Specialist, dora: User) -> None:
    verified(dora, status=State.SUBMITTED, submitted_at=NOW - DAY, name="Dora Longest")
    verified(User.objects.create_user("eve@example.org"), name="Eve Verified")
    page = danas.get(reverse("admin:consultations_specialist_changelist"), {"status__exact": "submitted"}).text
    assert "Eve Verified" not in page
    assert page.index("Dora Longest") < page.index("Cole")


@pytest.mark.parametrize(
    ("term", "found"),
    [
        *((term, True) for term in (" COLE@example.org ", "zoë", "MÜLLER zoë", "zoe-m", "ab 1234 ", "")),
        *((term, False) for term in ("x", "1234", "zoë x", "cole@", "example.org", "look", "_", "%")),
    ],
)
def test_specialists_are_found_by_name_slug_number_and_whole_address(
    danas: Client, specialist: Specialist, term: str, found: bool
) -> None:
    Specialist.objects.update(name="Zoë Müller", slug="zoe-muller", register_number="AB 1234")
    page = danas.get(reverse("admin:consultations_specialist_changelist"), {"q": term})
    assert page.status_code == 200
    assert ("A register" in page.text) == found


def test_a_profile_is_approved_for_a_year_after_a_question(danas: Client, dana: User, specialist: Specialist) -> None:
    page = danas.get(reverse("admin:consultations_specialist_change", args=[specialist.pk])).text
    assert 'href="https://register.example/1234" rel="noreferrer noopener"' in page
    assert reverse("admin:accounts_user_change", args=[specialist.pk]) in page
    assert "sealed" not in page
    address = confirm(specialist, "approve")
    assert address in page
    asks = danas.get(address).text
    assert_valid_html(asks.encode())
    in_a_year = timezone.now().date() + timedelta(days=365)
    assert f'value="{in_a_year}"' in asks
    specialist.refresh_from_db()
    assert specialist.status == State.SUBMITTED
    assert "1234" in asks
    posted = CHECKED | {"check_again_on": str(in_a_year), "checked": [*CHECKED["checked"], "training"]}
    assert "Approved." in danas.post(address, hidden(asks) | posted, follow=True).text
    specialist.refresh_from_db()
    assert specialist.also_checked == ["training"]
    assert (specialist.status, specialist.verified_by, specialist.check_again_on) == (State.VERIFIED, dana, in_a_year)
    assert log() == [(dana.email, "Approved.")]
    assert mailed() == [specialist.user.email]


def test_a_register_entry_that_was_changed_meanwhile_is_not_approved(danas: Client, specialist: Specialist) -> None:
    address = confirm(specialist, "approve")
    posted = CHECKED | {"check_again_on": str(timezone.now().date())} | seen(danas.get(address).text)
    Specialist.objects.update(register_number="9999")
    for data in (posted, {name: value for name, value in posted.items() if name != "seen"}):
        assert "Nothing was changed" in danas.post(address, data, follow=True).text
    specialist.refresh_from_db()
    assert specialist.status == State.SUBMITTED


def test_notes_are_not_lost_when_a_colleague_is_faster(danas: Client, specialist: Specialist) -> None:
    """Whatever the colleague did: it can be asked again, or what was written can at least be copied."""
    notes = {"where": "https://register.example/other", "notes": "She moved to Porto."}
    address = confirm(specialist, "approve")
    posted = CHECKED | {"check_again_on": str(timezone.now().date())} | notes | seen(danas.get(address).text)
    Specialist.objects.update(register_number="9999")
    shown = danas.post(address, posted, follow=True).text
    assert "Nothing was changed" in shown
    assert all(words in shown for words in notes.values())
    assert 'type="submit"' in shown
    Specialist.objects.update(status=State.DRAFT)
    written = {"reason": "The number is not there.", "notes": "Asked the register."}
    shown = danas.post(confirm(specialist, "return"), written, follow=True).text
    assert_valid_html(shown.encode())
    assert "has changed since" in shown
    assert all(words in shown for words in written.values())
    assert '<input type="submit" value="Send back"' not in shown
    assert log() == []


def test_the_log_forgets_the_name_of_a_specialist_who_has_left(danas: Client, specialist: Specialist) -> None:
    press(danas, confirm(specialist, "return"), {"reason": "x"})
    assert LogEntry.objects.get().object_repr == "Cole"
    erase_account(owner=specialist.user, now=NOW)
    assert LogEntry.objects.get().object_repr == ""


@pytest.mark.parametrize("date", ["", "2020-01-01", "soon", "9999-12-31"])
def test_a_check_lies_ahead(danas: Client, specialist: Specialist, date: str) -> None:
    assert danas.post(confirm(specialist, "approve"), CHECKED | {"check_again_on": date}).status_code == 200
    specialist.refresh_from_db()
    assert specialist.status == State.SUBMITTED
    assert log() == []


def test_a_profile_is_sent_back_with_a_reason(danas: Client, specialist: Specialist) -> None:
    empty = danas.post(confirm(specialist, "return"), {"reason": ""})
    assert empty.status_code == 200
    assert_valid_html(empty.content)
    assert press(danas, confirm(specialist, "return"), {"reason": "The number is not there."}).status_code == 302
    specialist.refresh_from_db()
    assert (specialist.status, specialist.returned_because) == (State.DRAFT, "The number is not there.")
    assert mailed() == [specialist.user.email]
    assert "number" not in str(mail.outbox[0].body)


def test_a_profile_is_hidden_suspended_and_let_in_again(danas: Client, dana: User, booking: Booking) -> None:
    specialist = booking.specialist
    assert specialist
    for change, status in (("hide", State.HIDDEN), ("suspend", State.SUSPENDED), ("lift", State.DRAFT)):
        assert danas.get(confirm(specialist, change)).status_code == 200
        empty = danas.post(confirm(specialist, change), {"reason": " "})
        assert empty.status_code == 200
        assert_valid_html(empty.content)
        said = {"reason": f"Marked {change}.", "notes": "Note."}
        assert press(danas, confirm(specialist, change), said).status_code == 302
        specialist.refresh_from_db()
        assert specialist.status == status
        booking.refresh_from_db()
        assert booking.status == (Status.BOOKED if status == State.HIDDEN else Status.CANCELLED_BY_SPECIALIST)
    assert [line for _who, line in log()] == ["Hidden.", "Suspended.", "Suspension lifted."]
    recorded = [(one.outcome, one.by, one.grounds()) for one in specialist.verifications.order_by("outcome")]
    assert recorded == [
        (outcome, dana, Grounds(f"Marked {change}.", "Note."))
        for outcome, change in (("hidden", "hide"), ("lifted", "lift"), ("suspended", "suspend"))
    ]


@pytest.mark.parametrize("change", ["delete", "approve-all"])
def test_what_nobody_can_do_is_not_there(danas: Client, specialist: Specialist, change: str) -> None:
    assert danas.post(confirm(specialist, change)).status_code == 404


@pytest.mark.parametrize("change", ["hide", "lift"])
def test_what_does_not_apply_any_more_leads_to_the_profile_and_says_so(
    danas: Client, specialist: Specialist, change: str
) -> None:
    """Somebody else may have been faster, or the button was pressed again after Back."""
    page = danas.get(confirm(specialist, change), follow=True)
    assert page.redirect_chain == [(reverse("admin:consultations_specialist_change", args=[specialist.pk]), 302)]
    sent = danas.post(confirm(specialist, change), {"reason": "Marked."})
    assert "Marked." in sent.text
    for shown in (page, sent):
        assert "This has been done already, or has changed since." in shown.text
    specialist.refresh_from_db()
    assert specialist.status == State.SUBMITTED


def test_staff_without_the_right_change_nothing(as_user: AsUser, ben: User, specialist: Specialist) -> None:
    ben.is_staff = True
    ben.save()
    assert as_user(ben).post(confirm(specialist, "suspend")).status_code == 403


def test_two_admins_do_not_both_decide(specialist: Specialist) -> None:
    by = specialist.user
    verification.send_back(specialist_id=specialist.pk, staff=by, reason="x", now=NOW)
    with pytest.raises(verification.CannotChange):
        verification.send_back(specialist_id=specialist.pk, staff=by, reason="y", now=NOW)


def test_whoever_is_too_late_reads_what_a_colleague_decided(danas: Client, dana: User, specialist: Specialist) -> None:
    verification.send_back(specialist_id=specialist.pk, staff=dana, reason="Earlier reason.", now=NOW)
    ours = admin.site.get_model_admin(Specialist)
    request = RequestFactory().get("/")
    request.user = dana
    ours.log_change(request, specialist, "Sent back.")
    for change, posted in (("return", {"reason": "Mine."}), ("hide", {"reason": "Mine."})):
        late = danas.post(confirm(specialist, change), posted)
        said = text_of(assert_valid_html(late.content))
        assert f"What our team did last: “Sent back.” ({dana.email}, " in said
        assert "Earlier reason." in said
        assert "Mine.</textarea>" in late.text
    page = danas.get(confirm(specialist, "return"), follow=True)
    assert "What our team did last: “Sent back.”" in text_of(parse(page.content))


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ("approve", State.VERIFIED, State.HIDDEN),
        ("approve", State.SUBMITTED, State.VERIFIED),
        ("suspend", State.VERIFIED, State.HIDDEN),
        ("suspend", State.SUBMITTED, State.VERIFIED),
    ],
)
def test_nobody_undoes_unseen_what_a_colleague_decided_meanwhile(
    danas: Client, specialist: Specialist, change: str, before: State, after: State
) -> None:
    """Even if the change is allowed in the new state, too: they read what was decided, and press again or not."""
    vera, in_a_year = staff("vera@example.org", Role.VERIFIER), timezone.now().date() + timedelta(days=365)
    if before == State.VERIFIED:
        Specialist.objects.update(**IN_LIST)
    mine = CHECKED | {"check_again_on": str(in_a_year), "reason": "Mine.", "notes": "My note."}
    first = carried(danas, confirm(specialist, change))
    other, said = ("hide", "Hidden.") if after == State.HIDDEN else ("approve", "Approved.")
    theirs = CHECKED | {"check_again_on": str(in_a_year), "reason": "A complaint."}
    assert press(at_work(vera), confirm(specialist, other), theirs).status_code == 302
    assert mailed() == [specialist.user.email]
    mistaken = danas.post(confirm(specialist, change), first)
    late = danas.post(confirm(specialist, change), hidden(mistaken.text) | mine)
    shown = text_of(assert_valid_html(late.content))
    assert "Nothing was changed: somebody else has just changed it." in shown
    assert f"What our team did last: “{said}” ({vera.email}, " in shown
    assert ("A complaint." in shown) == (other == "hide")
    assert "My note.</textarea>" in late.text
    specialist.refresh_from_db()
    assert (specialist.status, log(), mailed()) == (after, [(vera.email, said)], [])
    assert danas.post(confirm(specialist, change), hidden(late.text) | mine).status_code == 302
    assert len(log()) == 2


def test_a_profile_that_was_approved_and_changed_meanwhile_is_not_sent_back_unseen(
    danas: Client, specialist: Specialist
) -> None:
    first = carried(danas, confirm(specialist, "return"))
    Specialist.objects.update(**IN_LIST)
    profiles.save_profile(user=specialist.user, fields={"about": "Other words."}, addresses=None, now=NOW)
    late = danas.post(confirm(specialist, "return"), first | {"reason": "Mine."})
    assert "Nothing was changed" in late.text
    assert "Mine.</textarea>" in late.text
    specialist.refresh_from_db()
    assert specialist.status == State.VERIFIED


def test_an_approval_sent_twice_is_one(danas: Client, specialist: Specialist) -> None:
    sent = carried(danas, confirm(specialist, "approve")) | CHECKED | {"check_again_on": str(NOW.date() + 9 * DAY)}
    first, second = (danas.post(confirm(specialist, "approve"), sent, follow=True).text for _ in range(2))
    assert "Approved." in first
    assert "This has been done already" in second
    assert len(log()) == 1


def test_what_somebody_else_has_just_changed_is_said(
    danas: Client, specialist: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**_: object) -> None:
        raise verification.CannotChange

    monkeypatch.setattr(verification, "send_back", too_late)
    posted = {"reason": "marker reason", "notes": "marker note"}
    page = danas.post(confirm(specialist, "return"), posted, follow=True)
    for said in ("Nothing was changed", *posted.values()):
        assert said in page.text
    assert log() == []


def test_registers_are_checked_again_each_year(cole: User) -> None:
    specialist = verified(cole, check_again_on=(NOW + 31 * DAY).date())

    def check(now: datetime) -> None:
        tasks.check_registers(timestamp=int(now.timestamp()))

    check(NOW)
    assert not Mail.objects.exists()
    check(NOW + DAY)
    check(NOW + 2 * DAY)
    assert mailed() == [cole.email]  # once
    check(datetime(2026, 12, 24, 23, 59, tzinfo=UTC))  # the day itself
    specialist.refresh_from_db()
    assert specialist.status == State.VERIFIED
    check(datetime(2026, 12, 25, tzinfo=UTC))
    specialist.refresh_from_db()
    assert specialist.status == State.HIDDEN
    assert [(one.outcome, one.by) for one in specialist.verifications.all()] == [("hidden", None)]
    assert "The day came" in verification.why(specialist)
    assert mailed() == [cole.email]


@pytest.mark.parametrize(
    "what", [{}, {"status__exact": "booked"}, {"when": "7"}, {"q": "dora"}, {"objections": "open"}]
)
def test_no_list_counts_a_whole_table(danas: Client, booking: Booking, what: dict[str, str]) -> None:
    takes = {
        "consultations_specialist": {"q"},
        "consultations_booking": {"status__exact", "when", "q"},
        "exchange_objection": {"objections"},
    }
    for model, names in takes.items():
        address = reverse(f"admin:{model}_changelist")
        filters = {key: value for key, value in what.items() if key in names}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert danas.get(address, filters).status_code == 200
        counts = [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]
        assert len(counts) == 1
        assert all("LIMIT 1000" in sql for sql in counts)
        assert len(queries) <= 8


def test_a_list_is_read_by_an_index(rf: RequestFactory, ana: User, specialist: Specialist) -> None:
    years_of_bookings([ana], specialist)
    rows = admin.site.get_model_admin(Booking).get_queryset(rf.get("/")).order_by("-starts_at", "id")
    assert "booking_by_time" in rows[:100].explain()


def test_a_deactivated_account_is_suspended_and_has_no_meetings_to_come(
    danas: Client, dana: User, ana: User, ben: User, cole: User
) -> None:
    both = booked(ana, verified(cole), NOW + timedelta(days=2))
    other = booked(ana, verified(ben), NOW + timedelta(days=3))
    kept = booked(User.objects.create_user("eve@example.org"), ben.specialist, NOW + timedelta(days=4))
    past = booked(ana, cole.specialist, NOW - timedelta(days=4), status=Status.COMPLETED)
    show_second_factor(danas, dana, again=True)

    def change(user: User, name: str) -> None:
        answer = danas.post(reverse("admin:accounts_user_confirm", args=[user.pk, name]))
        assert answer.status_code == 302

    change(cole, "shut-out")
    assert Specialist.objects.get(pk=cole.pk).status == Specialist.Status.SUSPENDED
    both.refresh_from_db()
    assert both.status == Status.CANCELLED_BY_SPECIALIST
    [recorded] = Specialist.objects.get(pk=cole.pk).verifications.all()
    grounds = recorded.grounds()
    assert grounds
    assert (recorded.outcome, recorded.by, grounds.reason) == ("suspended", None, "The account was shut out.")
    change(cole, "let-in")
    change(cole, "shut-out")  # suspended already
    change(ana, "shut-out")
    for booking, status in (
        (other, Status.CANCELLED_BY_CLIENT),
        (kept, Status.BOOKED),
        (past, Status.COMPLETED),
    ):
        booking.refresh_from_db()
        assert booking.status == status


def test_a_job_that_failed_for_good_is_tried_again(danas: Client, dana: User, cole: User) -> None:
    mails.tell(owner=cole, kind=mails.Kind.VERIFICATION, key="verified", now=NOW)
    jobs = reverse("admin:reflect_failedjob_changelist")
    assert "An e-mail was not sent." not in danas.get(jobs).text
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 9")
    page = danas.get(jobs).text
    assert "An e-mail was not sent." in page
    assert "Failed background jobs" in page
    job = ProcrastinateJob.objects.get(task_name=SEND)
    again = reverse("admin:reflect_failedjob_confirm", args=[job.pk, "again"])
    assert again in danas.get(reverse("admin:reflect_failedjob_change", args=[job.pk])).text
    assert danas.get(again).status_code == 200
    assert danas.post(again).headers["Location"] == jobs
    assert "Put into the queue again." in danas.get(jobs).text
    job.refresh_from_db()
    assert job.status == "todo"
    assert [line for _who, line in log()] == ["Put into the queue again."]


def test_a_lost_second_step_is_removed_logged_and_mailed(
    danas: Client, dana: User, cole: User, django_capture_on_commit_callbacks: Callable
) -> None:
    add_app(cole)
    show_second_factor(danas, dana, again=True)
    address = reverse("admin:accounts_user_confirm", args=[cole.pk, "second-step"])
    assert address in danas.get(reverse("admin:accounts_user_change", args=[cole.pk])).text
    assert danas.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert danas.post(address).status_code == 302
    assert not Authenticator.objects.filter(user=cole).exists()
    assert log() == [(dana.email, "Second step removed.")]
    [message] = outbox.mailed()
    assert (message.to, message.subject) == ([cole.email], "Your account has changed")
    assert danas.post(address).status_code == 302
