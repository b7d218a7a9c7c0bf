"""Changes to an approved profile: shown at once, and kept with what stood there before until staff have seen them."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from consultations.models import Photo, ProfileChange, Specialist, Verification
from consultations.services import profiles, verification
from tests.accounts.portable import exported, parts
from tests.conftest import AsUser, with_confirmed_address
from tests.consultations.administration import CHECKED, log
from tests.consultations.cast import NOW, verified
from tests.consultations.racing import at_once
from tests.html import assert_valid_html, text_of
from tests.staff import press, staff

pytestmark = pytest.mark.django_db
State = Specialist.Status
HOUR = timedelta(hours=1)
NEXT = (NOW + timedelta(days=300)).date()
QUEUE = reverse("admin:consultations_specialist_changelist") + "?changed=yes"
REGISTER = {"register_name": "A register", "register_number": "1", "register_url": "https://register.example/1"}
COMPLETE: dict[str, Any] = REGISTER | {"profession": "Counsellor", "about": "I listen first.", "years": 4}


@pytest.fixture
def approved(cole: User) -> Specialist:
    return verified(cole, **COMPLETE)


def write(specialist: Specialist, now: datetime = NOW, **fields: Any) -> None:
    profiles.save_profile(user=specialist.user, fields=fields, addresses=None, now=now)
    specialist.refresh_from_db()


def show(specialist: Specialist, photo: bytes, now: datetime = NOW) -> None:
    profiles.set_photo(user=specialist.user, webp=photo, now=now)


def page_of(specialist: Specialist, name: str = "change") -> str:
    return reverse(f"admin:consultations_specialist_{name}", args=[specialist.pk])


def confirm(specialist: Specialist, change: str) -> str:
    return reverse("admin:consultations_specialist_confirm", args=[specialist.pk, change])


def test_a_changed_text_is_live_at_once_and_waits_with_the_change_marked(
    danas: Client, dana: User, approved: Specialist
) -> None:
    assert "Cole" not in danas.get(QUEUE).text
    write(approved, about="I listen first, and heal everything.", years=40)
    assert approved.status == State.VERIFIED
    assert Specialist.objects.reachable().get().about == "I listen first, and heal everything."
    assert page_of(approved) in danas.get(QUEUE).text
    for path in (page_of(approved), confirm(approved, "seen"), confirm(approved, "return")):
        shown = danas.get(path)
        assert_valid_html(shown.content)
        assert "<del> first.</del><ins> first, and heal everything.</ins>" in shown.text
        assert "<del>4</del><ins>40</ins>" in shown.text
    posted = {"as_of": approved.change.mark, "notes": "Marked note."}
    assert "Marked as looked at." in danas.post(confirm(approved, "seen"), posted, follow=True).text
    assert not ProfileChange.objects.exists()
    assert "Cole" not in danas.get(QUEUE).text
    [row] = Verification.objects.all()
    assert (row.outcome, row.by, row.at, row.grounds() and row.grounds().notes) == ("seen", dana, NOW, "Marked note.")  # type: ignore[union-attr]
    assert log() == [(dana.email, "Marked as looked at.")]
    approved.refresh_from_db()
    assert approved.status == State.VERIFIED


def test_a_changed_photo_waits_beside_the_one_before(danas: Client, approved: Specialist) -> None:
    show(approved, b"first")
    before, now = page_of(approved, "photo_before"), reverse("photo", args=[Photo.objects.get().sha256])
    shown = danas.get(page_of(approved)).text
    assert "There was none." in shown
    assert f'src="{now}" alt="The photo now"' in shown
    assert danas.get(before).status_code == 404
    ProfileChange.objects.all().delete()
    show(approved, b"second")
    shown = danas.get(page_of(approved)).text
    assert f'src="{before}" alt="The photo before"' in shown
    assert danas.get(before).content == b"first"
    assert danas.get(before).headers["Content-Type"] == "image/webp"
    profiles.remove_photo(user=approved.user, now=NOW)
    assert "It was removed." in danas.get(page_of(approved)).text
    show(approved, b"first")  # as it was
    assert not ProfileChange.objects.exists()


@pytest.mark.parametrize(
    ("status", "fields", "waits"),
    [
        (State.VERIFIED, {"languages": ["de"], "themes": [], "notice_hours": 3, "offers_free": False}, False),
        (State.VERIFIED, {"about": "I listen first."}, False),
        (State.VERIFIED, {"practice_contact": "Ring me."}, True),
        (State.HIDDEN, {"approach": "New."}, True),
        (State.SUBMITTED, {"approach": "New."}, True),
        (State.DRAFT, {"approach": "New."}, True),  # it was approved once
    ],
)
def test_which_changes_are_kept(approved: Specialist, status: str, fields: dict[str, Any], waits: bool) -> None:
    Specialist.objects.update(status=status)
    write(approved, **fields)
    assert ProfileChange.objects.exists() == waits
    assert Specialist.objects.filter(status="verified", change__isnull=False).exists() == (
        waits and status == State.VERIFIED
    )


def test_a_draft_that_nobody_has_seen_keeps_nothing_of_what_it_said(cole: User) -> None:
    draft = verified(cole, status=State.DRAFT, verified_at=None, check_again_on=None)
    write(draft, about="First thoughts.")
    assert not ProfileChange.objects.exists()


def test_several_changes_are_one_and_what_is_changed_back_waits_no_longer(approved: Specialist) -> None:
    write(approved, about="Second.")
    write(approved, NOW + HOUR, about="Third.", approach="Slow.")
    row = ProfileChange.objects.get()
    assert (row.since, row.changed_at, row.texts["about"]) == (NOW, NOW + HOUR, "I listen first.")
    write(approved, NOW + 2 * HOUR, about="I listen first.", approach="")
    assert not ProfileChange.objects.exists()


def test_what_was_changed_after_the_page_was_made_is_not_taken_as_seen(danas: Client, approved: Specialist) -> None:
    write(approved, about="Second.")
    asked = {"as_of": approved.change.mark}
    write(approved, NOW + HOUR, about="Third.")
    for posted in (asked, {}, {"as_of": "x"}):
        page = danas.post(confirm(approved, "seen"), posted, follow=True)
        assert "Nothing was changed" in page.text
    assert ProfileChange.objects.exists()
    assert not Verification.objects.exists()


def test_an_approved_profile_is_sent_back_for_a_change_and_the_change_stays_marked(
    danas: Client, approved: Specialist
) -> None:
    assert (
        "Not like this." in danas.post(confirm(approved, "return"), {"reason": "Not like this."}).text
    )  # to be copied
    assert Specialist.objects.get().status == State.VERIFIED
    write(approved, about="I heal everything.")
    asks = text_of(assert_valid_html(danas.get(confirm(approved, "return")).content))
    assert "Until it is approved it is not shown. Booked meetings stay." in asks
    assert press(danas, confirm(approved, "return"), {"reason": "Please promise nothing."}).status_code == 302
    approved.refresh_from_db()
    assert (approved.status, approved.returned_because) == (State.DRAFT, "Please promise nothing.")
    write(approved, NOW + HOUR, about="I try to help.")
    profiles.submit(user=approved.user, now=NOW + HOUR)
    assert "Cole" not in danas.get(QUEUE).text  # it waits with those to be verified
    assert "I<del> listen first.</del><ins> try to help.</ins>" in danas.get(page_of(approved)).text
    posted = CHECKED | {"check_again_on": str(NEXT), "as_of": ProfileChange.objects.get().mark}
    assert press(danas, confirm(approved, "approve"), posted).status_code == 302
    assert not ProfileChange.objects.exists()
    approved.refresh_from_db()
    assert approved.status == State.VERIFIED


def test_what_changes_while_somebody_approves_waits_to_be_seen(dana: User, cole: User) -> None:
    waiting = verified(
        cole, **COMPLETE, status=State.SUBMITTED, submitted_at=NOW, verified_at=None, check_again_on=None
    )
    write(waiting, about="Other words.")
    verification.approve(specialist_id=cole.pk, staff=dana, **CHECKED, check_again_on=NEXT, as_of="", now=NOW)
    assert Specialist.objects.filter(status="verified", change__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_and_a_look_at_once_lose_nothing(dana: User, approved: Specialist) -> None:
    write(approved, about="Second.")
    mark = approved.change.mark

    def see() -> None:
        with suppress(verification.CannotChange):
            verification.see_change(specialist_id=approved.pk, staff=dana, as_of=mark, now=NOW)

    at_once(see, partial(write, approved, NOW + HOUR, about="Third."))
    was = {row.texts["about"] for row in ProfileChange.objects.all()}
    assert was in ({"I listen first."}, {"Second."})  # refused, or seen before the other was written


def test_the_longest_waiting_stands_first(danas: Client, approved: Specialist, dora: User) -> None:
    other = verified(dora, **COMPLETE)
    write(other, NOW - HOUR, about="Changed.")
    write(approved, about="Changed.")
    page = danas.get(QUEUE).text
    assert page.index("Dora") < page.index("Cole")
    assert "23 November 2026, 08:00 UTC" in page


def test_the_queue_asks_as_often_for_many_as_for_one(danas: Client, approved: Specialist) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert danas.get(QUEUE).status_code == 200
        return len(queries)

    write(approved, about="Changed.")
    asked()
    one = asked()
    for number in range(9):
        write(verified(User.objects.create_user(f"{number}@example.org"), **COMPLETE), about="Changed.")
    assert asked() == one


def test_the_specialist_takes_along_what_is_kept(approved: Specialist) -> None:
    show(approved, b"first")
    ProfileChange.objects.all().delete()
    write(approved, about="Second.")
    [practice] = parts(exported(approved.user))["practice"]
    kept = practice["before_changes"]
    assert (kept["about"], kept["photo"], kept["since"]) == ("I listen first.", "Zmlyc3Q=", NOW.isoformat())


# Looking at a profile as members do


def test_a_waiting_profile_is_seen_as_members_would_see_it(danas: Client, cole: User) -> None:
    waiting = verified(
        cole, **COMPLETE, status=State.SUBMITTED, submitted_at=NOW, verified_at=None, check_again_on=None
    )
    show(waiting, b"first")
    preview = page_of(waiting, "preview")
    assert preview in danas.get(page_of(waiting)).text
    shown = danas.get(preview)
    assert "I listen first." in text_of(assert_valid_html(shown.content))
    assert reverse("photo", args=[Photo.objects.get().sha256]) in shown.text
    assert page_of(waiting) in shown.text
    assert "Choose a time" not in shown.text
    assert danas.post(preview).status_code == 405


def test_only_staff_who_check_profiles_look_at_them(as_user: AsUser, ana: User, approved: Specialist) -> None:
    show(approved, b"first")
    ProfileChange.objects.all().delete()
    show(approved, b"second")
    other = with_confirmed_address(User.objects.create_user("other@example.org", is_staff=True))
    pages = [page_of(approved, name) for name in ("preview", "photo_before")]
    for path in pages:
        assert as_user(other).get(path).status_code == 403
        for nobody in (ana, approved.user):
            assert as_user(nobody).get(path).status_code in {302, 403}
    other.user_permissions.add(Permission.objects.get(codename="view_specialist"))
    for path in pages:
        assert as_user(User.objects.get(pk=other.pk)).get(path).status_code == 200


def test_a_verifier_needs_no_other_role(as_user: AsUser, approved: Specialist) -> None:
    show(approved, b"first")
    ProfileChange.objects.all().delete()
    show(approved, b"second")
    client = as_user(staff("vera@example.org", Role.VERIFIER))
    pages = [page_of(approved, name) for name in ("change", "preview", "photo_before")]
    photo = reverse("photo", args=[Photo.objects.get().sha256])
    for path in [QUEUE, *pages, confirm(approved, "seen"), confirm(approved, "return"), photo]:
        assert client.get(path).status_code == 200, path
    for role in set(Role) - {Role.VERIFIER, Role.OWNER}:
        client = as_user(staff(f"{role}@example.org", role))
        for path in [QUEUE, *pages, confirm(approved, "seen")]:
            assert client.get(path).status_code == 403, (role, path)


def test_a_preview_of_nobody_is_not_found(danas: Client, dana: User) -> None:
    for name in ("preview", "photo_before"):
        assert danas.get(reverse(f"admin:consultations_specialist_{name}", args=[dana.pk])).status_code == 404


def test_a_change_is_live_for_members_at_once(as_user: AsUser, ana: User, approved: Specialist) -> None:
    client, path = as_user(ana), reverse("specialist", args=[approved.slug])
    assert "I listen first." in client.get(path).text
    with time_machine.travel(NOW + HOUR, tick=False):
        write(approved, NOW + HOUR, about="Second.")
        assert "Second." in client.get(path).text
