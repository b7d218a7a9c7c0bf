"""Changes of specialists to their own profile, and in which states they are allowed."""

import hashlib
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.sealing import unseal
from consultations.models import Photo, Specialist
from consultations.services import profiles, verification
from tests.consultations.administration import CHECKED
from tests.consultations.cast import NOW, a_host, fully_booked, slot, verified

pytestmark = pytest.mark.django_db
Status = Specialist.Status
LATER = NOW + timedelta(hours=1)
ENTRY = {"register_name": "A register", "register_number": "123", "register_url": "https://register.example/123"}
TEXTS = {"profession": "Counsellor", "about": "Slowly.", "languages": ["en"], "themes": ["balance"]}
ROOM = {"video": "https://meet.example/mara"}


def complete(user: User) -> Specialist:
    """A complete draft."""
    profiles.start_practice(user=user, name="Mara L.", now=NOW)
    profiles.save_profile(user=user, fields=TEXTS, addresses=ROOM, now=NOW)
    return profiles.save_register(user=user, fields=ENTRY, now=NOW)


def test_starting_twice_is_as_starting_once(cole: User) -> None:
    made = profiles.start_practice(user=cole, name="Mara L.", now=NOW)
    profiles.save_profile(user=cole, fields=TEXTS, addresses=ROOM, now=NOW)
    again = profiles.start_practice(user=cole, name="Somebody else", now=LATER)
    assert (again.pk, again.name, again.about, again.created_at) == (made.pk, "Mara L.", "Slowly.", NOW)
    assert (made.status, made.timezone) == (Status.DRAFT, cole.timezone)
    cole.refresh_from_db()
    assert cole.is_specialist


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("Mara L.", ["mara-l", "mara-l-2"]),
        ("明美", ["specialist", "specialist-2"]),
        ("Zoë", ["zoe", "zoe-2"]),
        ("Łucja Işık", ["lucja-isik", "lucja-isik-2"]),
    ],
)
def test_each_page_has_an_address_of_its_own(ana: User, ben: User, name: str, slugs: list[str]) -> None:
    assert [profiles.start_practice(user=user, name=name, now=NOW).slug for user in (ana, ben)] == slugs


def test_a_name_that_begins_another_one_takes_nothing_from_it(ana: User, ben: User) -> None:
    profiles.start_practice(user=ana, name="Mara Lopes", now=NOW)
    assert profiles.start_practice(user=ben, name="Mara", now=NOW).slug == "mara"


def test_the_longest_name_fits(ana: User, ben: User) -> None:
    slugs = [profiles.start_practice(user=user, name="ä" * 60, now=NOW).slug for user in (ana, ben)]
    assert slugs == ["a" * 60, "a" * 60 + "-2"]


def test_how_to_meet_is_sealed_and_says_which_formats_there_are(cole: User) -> None:
    complete(cole)
    given = {"video": "https://meet.example/new", "phone": "", "text": "https://chat.example/mara"}
    saved = profiles.save_profile(user=cole, fields={}, addresses=given, now=LATER)
    saved.refresh_from_db()
    assert saved.formats == ["video", "text"]
    sealed = bytes(saved.sealed_addresses or b"")
    assert b"meet.example" not in sealed
    addresses = {"video": "https://meet.example/new", "text": "https://chat.example/mara"}
    assert unseal(cole, Specialist.LABEL, saved.pk, sealed) == addresses
    assert profiles.addresses_of(saved, cole) == addresses
    assert saved.changed_at == LATER


def test_without_addresses_how_to_meet_stays(cole: User) -> None:
    before = bytes(complete(cole).sealed_addresses or b"")
    saved = profiles.save_profile(user=cole, fields={"about": "Gently."}, addresses=None, now=LATER)
    saved.refresh_from_db()
    assert (saved.about, saved.formats, bytes(saved.sealed_addresses or b"")) == ("Gently.", ["video"], before)


def test_a_new_profile_has_no_addresses(cole: User) -> None:
    assert profiles.addresses_of(profiles.start_practice(user=cole, name="Mara", now=NOW), cole) == {}


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        (Status.DRAFT, Status.DRAFT),
        (Status.SUBMITTED, Status.SUBMITTED),
        (Status.VERIFIED, Status.SUBMITTED),
        (Status.HIDDEN, Status.SUBMITTED),
        (Status.SUSPENDED, Status.SUSPENDED),
    ],
)
def test_another_entry_has_to_be_checked(cole: User, status: str, becomes: str) -> None:
    complete(cole)
    Specialist.objects.update(status=status, verified_at=NOW, check_again_on=NOW.date())
    assert profiles.save_register(user=cole, fields=ENTRY, now=LATER).status == status
    assert profiles.save_register(user=cole, fields=ENTRY | {"register_number": "7"}, now=LATER).status == becomes


def test_an_entry_that_is_taken_away_makes_a_draft(cole: User) -> None:
    complete(cole)
    profiles.submit(user=cole, now=NOW)
    saved = profiles.save_register(user=cole, fields=ENTRY | {"register_url": ""}, now=LATER)
    assert (saved.status, saved.submitted_at) == (Status.DRAFT, None)


@pytest.mark.parametrize("field", profiles.NEEDED)
def test_what_is_missing_is_named_and_nothing_is_submitted(cole: User, field: str) -> None:
    complete(cole)
    Specialist.objects.update(**{field: [] if field in ("languages", "themes", "formats") else ""})
    with pytest.raises(profiles.NotComplete) as refused:
        profiles.submit(user=cole, now=LATER)
    assert refused.value.missing == [field]
    assert Specialist.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.VERIFIED, Status.SUSPENDED])
def test_what_was_submitted_is_not_submitted_again(cole: User, status: str) -> None:
    complete(cole)
    Specialist.objects.update(status=status, verified_at=NOW, check_again_on=NOW.date())
    with pytest.raises(profiles.NotAllowed):
        profiles.submit(user=cole, now=LATER)
    assert Specialist.objects.get().status == status


def test_from_draft_to_verified_and_back(cole: User, ana: User) -> None:
    fully_booked(complete(cole))
    sent = profiles.submit(user=cole, now=NOW)
    assert (sent.status, sent.submitted_at) == (Status.SUBMITTED, NOW)
    verification.send_back(specialist_id=cole.pk, staff=ana, reason="The link leads nowhere.", now=NOW)
    returned = Specialist.objects.get()
    assert (returned.status, returned.returned_because) == (Status.DRAFT, "The link leads nowhere.")
    assert profiles.submit(user=cole, now=LATER).returned_because == ""
    verification.approve(specialist_id=cole.pk, staff=ana, **CHECKED, check_again_on=NOW.date(), now=LATER)
    assert [*Specialist.objects.listed()] == [returned]
    verification.hide(specialist_id=cole.pk, reason="x", now=LATER)
    assert not Specialist.objects.listed().exists()
    assert profiles.submit(user=cole, now=LATER).status == Status.SUBMITTED


def test_whoever_pauses_is_not_listed_and_says_when_it_is_over(cole: User, monkeypatch: pytest.MonkeyPatch) -> None:
    mara = verified(cole)
    free = slot(mara, NOW + timedelta(days=1))
    slot(mara, NOW + timedelta(days=2), is_open=False)
    slot(mara, NOW - timedelta(days=1))
    opened: list[list[int]] = []
    monkeypatch.setattr("consultations.services.waiting.slots_opened", lambda slots, now: opened.append([*slots]))
    profiles.set_paused(user=cole, paused=True, now=NOW)
    assert not Specialist.objects.listed().exists()
    profiles.set_paused(user=cole, paused=False, now=NOW)
    profiles.set_paused(user=cole, paused=False, now=NOW)
    assert Specialist.objects.listed().exists()
    assert opened == [[free.pk]]


def test_of_the_calendars_secret_only_the_hash_is_kept(cole: User) -> None:
    verified(cole)
    secret = profiles.make_feed(user=cole, now=NOW)
    mara = Specialist.objects.get()
    assert mara.feed_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert len(secret) >= 43
    assert profiles.owner_of_feed(secret) == mara
    newer = profiles.make_feed(user=cole, now=NOW)
    assert profiles.owner_of_feed(secret) is None
    profiles.revoke_feed(user=cole, now=NOW)
    assert profiles.owner_of_feed(newer) is None


@pytest.mark.parametrize("secret", ["", "x", "é" * 50, "a" * 3000])
def test_what_is_no_secret_opens_nothing(cole: User, secret: str) -> None:
    verified(cole)
    assert profiles.owner_of_feed(secret) is None


def test_a_calendar_ends_with_the_account_and_with_a_suspension(cole: User) -> None:
    verified(cole)
    secret = profiles.make_feed(user=cole, now=NOW)
    Specialist.objects.update(status=Status.SUSPENDED)
    assert profiles.owner_of_feed(secret) is None
    Specialist.objects.update(status=Status.VERIFIED)
    User.objects.filter(pk=cole.pk).update(is_active=False)
    assert profiles.owner_of_feed(secret) is None


def test_there_is_one_photo_and_two_may_have_the_same(cole: User) -> None:
    verified(cole)
    other = a_host("other")
    for user in (cole, other.user):
        profiles.set_photo(user=user, webp=b"a", now=NOW)
    profiles.set_photo(user=cole, webp=b"b", now=NOW)
    profiles.set_photo(user=cole, webp=b"a", now=NOW)
    assert Photo.objects.count() == 2
    assert Photo.objects.values_list("sha256", flat=True).distinct().get() == hashlib.sha256(b"a").hexdigest()
    profiles.remove_photo(user=cole, now=NOW)
    profiles.remove_photo(user=cole, now=NOW)
    assert Photo.objects.get().specialist == other


def test_somebody_without_a_profile_changes_nothing(ana: User) -> None:
    with pytest.raises(Specialist.DoesNotExist):
        profiles.submit(user=ana, now=NOW)
