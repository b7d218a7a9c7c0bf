"""The pages of a specialist's profile: the start, every status, the public text, the photo, the feed's URL."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts import recovery_codes
from accounts.models import User
from accounts.sealing import unseal
from consultations.models import Photo, Specialist
from consultations.models.profiles import Checked
from consultations.services import hours, profiles
from tests.accounts.factors import add_app
from tests.conftest import AsUser, show_second_factor
from tests.consultations.cast import NOW, booked, fully_booked, page, slot, verified
from tests.html import followed, parse

Status = Specialist.Status

PROFILE = {
    "name": "Mara L.",
    "profession": "Counsellor",
    "years": "14",
    "about": "I work slowly.",
    "languages": ["en", "pt"],
    "themes": ["balance"],
    "video": "https://meet.example/mara",
    "phone": "",
    "text": "",
    "notice_hours": "24",
    "offers_free": "on",
}
REGISTER = {"register_name": "A register", "register_number": "123", "register_url": "https://register.example/123"}


@pytest.fixture
def mara(cole: User) -> Specialist:
    return verified(cole)


@pytest.fixture
def desk(cole: User, mara: Specialist, as_user: AsUser) -> Client:
    return as_user(cole)


def picture(kind: str = "PNG") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(file, kind)
    file.seek(0)
    file.name = f"me.{kind.lower()}"
    return file


@pytest.mark.django_db
def test_a_visitor_reads_what_is_expected_before_signing_up(client: Client) -> None:
    answer = client.get("/practice/start/")
    assert "You are in a professional register" in page(answer)
    links = {link.get("href") for link in parse(answer.content).findall(".//main//a")}
    assert {f"/accounts/{name}/?next=%2Fpractice%2Fstart%2F" for name in ("signup", "login")} <= links
    assert client.post("/practice/start/").headers["Location"] == "/accounts/login/?next=/practice/start/"


def test_a_member_becomes_a_specialist_with_a_second_step(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Set up the second step" in page(client.get("/practice/start/"))
    assert "practice_waits" not in client.session  # a GET writes nothing to the session
    assert client.post("/practice/start/").headers["Location"] == "/accounts/2fa/"
    client.post("/practice/start/", {"name": "Mara L.", "timezone": "Europe/Lisbon"})
    assert not Specialist.objects.exists()
    add_app(ana)
    show_second_factor(client, ana)
    assert "Go to your practice" in page(client.get("/accounts/2fa/"))
    request = RequestFactory().post("/accounts/2fa/totp/activate/")
    request.session = client.session
    recovery_codes.show_once(request, ["ABCDE-FGHJK"])
    request.session.save()
    assert '<a class="btn btn-primary" href="/practice/start/">' in client.get("/accounts/2fa/recovery-codes/").text
    assert "Write the name" in page(client.post("/practice/start/", {"name": "  "}), 400)
    client.post("/practice/start/", {"name": "Mara L.", "timezone": "Europe/Lisbon"})
    assert "Go to your practice" not in page(client.get("/accounts/2fa/"))
    ana.refresh_from_db()
    made = Specialist.objects.get()
    assert (ana.is_specialist, made.slug, made.status, made.timezone) == (True, "mara-l", Status.DRAFT, "Europe/Lisbon")
    assert client.get("/practice/start/").headers["Location"] == "/practice/"


@pytest.mark.parametrize(
    ("address", "field", "longest"),
    [
        ("/practice/profile/", "name", 60),
        ("/practice/profile/", "about", 1500),
        ("/practice/register/", "register_number", 60),
    ],
)
def test_a_text_that_is_too_long_is_refused_whole_and_not_cut(
    desk: Client, address: str, field: str, longest: int
) -> None:
    assert "maxlength" not in desk.get(address).text
    refused = followed(desk.post(address, {field: "ä" * (longest + 1)}))
    assert f"{longest} characters at most, and you wrote {longest + 1}." in refused.text
    assert f": This is too long: {longest}" in refused.text  # the summary says what
    assert "ä" * (longest + 1) in refused.text


def test_a_profile_is_written_submitted_and_checked(cole: User, as_user: AsUser) -> None:
    profiles.start_practice(user=cole, name="Mara L.", now=NOW)
    client = as_user(cole)
    said = page(client.get("/practice/"))
    assert "Your profile is a draft" in said
    assert "your number in the register" in said
    client.post("/practice/submit/")
    client.post("/practice/profile/", PROFILE)
    client.post("/practice/register/", REGISTER)
    made = Specialist.objects.get()
    assert (made.status, made.formats, made.years) == (Status.DRAFT, ["video"], 14)
    addresses = unseal(cole, Specialist.LABEL, made.pk, bytes(made.sealed_addresses or b""))
    assert addresses == {"video": "https://meet.example/mara"}
    assert "Submit your profile" in page(client.get("/practice/"))
    client.post("/practice/submit/")
    made.refresh_from_db()
    assert (made.status, made.submitted_at) == (Status.SUBMITTED, NOW)
    assert "We check your entry in the register, usually within five working days" in page(client.get("/practice/"))
    assert "https://meet.example/mara" in client.get("/practice/profile/").content.decode()
    said = page(client.get("/practice/preview/"))
    assert "This is your own page" in said
    assert "Qualification checked" not in said


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Write the name people see."),
        ({"name": "\u3164\u2800"}, "Write the name people see."),
        ({"video": "http://meet.example/"}, "begins with https://"),
        ({"video": "https://"}, "begins with https://"),
        ({"video": "["}, "begins with https://"),
        ({"phone": "call me"}, "Write a number like"),
        ({"notice_hours": "0"}, "from 1 to 336"),
        ({"notice_hours": "many"}, "from 1 to 336"),
        ({"years": "999"}, "how many years you have practised"),
        ({"languages": ["xx"]}, "Please choose one of the options for “Languages”."),
        ({"about": ""}, "This can’t be empty"),
        ({"video": ""}, "Leave at least one way to meet"),
    ],
)
def test_what_cannot_be_is_said_and_kept(desk: Client, fields: dict[str, Any], words: str) -> None:
    answer = desk.post("/practice/profile/", PROFILE | fields, follow=True)
    assert words in page(answer, 400)
    assert 'value="Counsellor"' in answer.content.decode()


DETAILS = {
    "approach": "Systemic.",
    "training": "A diploma.",
    "practises_in": "Germany and Austria ",
    "access_needs": "Captions.",
    "fee_words": "50 minutes.",
    "how_to_book": "Write to me.",
    "practice_contact": "+44 20 7946 0000",
}


@pytest.mark.parametrize(
    ("fee", "kept"),
    [
        (("60", "90", "eur"), (60, 90, "EUR")),
        (("60", "", "EUR"), (60, 60, "EUR")),
        (("", "90", "EUR"), (90, 90, "EUR")),
        (("0", "", "GBP"), (0, 0, "GBP")),
        (("", "", "EUR"), (None, None, "")),
    ],
)
def test_details_of_a_profile_are_optional_and_kept(
    desk: Client, mara: Specialist, fee: tuple[str, str, str], kept: tuple[int | None, int | None, str]
) -> None:
    desk.post("/practice/profile/", PROFILE | DETAILS | dict(zip(FEE, fee, strict=True)))
    mara.refresh_from_db()
    assert (mara.fee_least, mara.fee_most, mara.fee_currency) == kept
    assert {name: getattr(mara, name) for name in DETAILS} == DETAILS | {"practises_in": "Germany and Austria"}
    desk.post("/practice/profile/", PROFILE)
    mara.refresh_from_db()
    assert not any(getattr(mara, name) for name in DETAILS)


FEE = ("fee_least", "fee_most", "fee_currency")


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (("90", "60", "EUR"), "Write the lower fee first"),
        (("60", "90", ""), "Write the three letters of the currency"),
        (("60", "90", "€"), "Write the three letters of the currency"),
        (("60", "900000000", "EUR"), "This fee is too large."),
        (("-1", "", "EUR"), "Fee from"),
    ],
)
def test_a_fee_that_cannot_be_is_said_beside_it(desk: Client, fee: tuple[str, str, str], words: str) -> None:
    answer = desk.post("/practice/profile/", PROFILE | dict(zip(FEE, fee, strict=True)), follow=True)
    assert words in page(answer, 400)


@pytest.mark.parametrize("field", Checked)
def test_what_staff_also_checked_is_checked_again_when_it_changes(desk: Client, mara: Specialist, field: str) -> None:
    Specialist.objects.update(**REGISTER, name="Mara L.", profession="Counsellor", about="Slowly.")
    desk.post("/practice/profile/", PROFILE | {field: "Before"})
    mara.refresh_from_db()
    assert mara.status == Status.VERIFIED
    Specialist.objects.update(also_checked=[field])
    desk.post("/practice/profile/", PROFILE | {field: "After"})
    mara.refresh_from_db()
    assert mara.status == Status.SUBMITTED


def test_a_new_entry_in_the_register_is_checked_before_the_profile_is_shown_again(
    desk: Client, mara: Specialist
) -> None:
    assert "If you change something here" in page(desk.get("/practice/register/"))
    desk.post("/practice/profile/", PROFILE)
    profile: tuple[str, dict[str, Any]] = ("/practice/profile/", PROFILE)
    register: tuple[str, dict[str, Any]] = ("/practice/register/", REGISTER)
    for (address, fields), change, status in [
        (profile, {"about": "I work with care."}, Status.VERIFIED),
        (profile, {"name": "Prof. Freud"}, Status.SUBMITTED),
        (profile, {"profession": "Psychiatrist"}, Status.SUBMITTED),
        (register, {}, Status.VERIFIED),
        (register, {"register_number": "124"}, Status.SUBMITTED),
        (register, {"register_number": ""}, Status.DRAFT),
    ]:
        Specialist.objects.update(**REGISTER, name="Mara L.", profession="Counsellor", status=Status.VERIFIED)
        desk.post(address, fields | change)
        mara.refresh_from_db()
        assert mara.status == status, change
    assert "begins with https://" in page(desk.post("/practice/register/", REGISTER | {"register_url": "x"}), 400)


def test_addresses_that_cannot_be_opened_are_left_alone(desk: Client, mara: Specialist) -> None:
    Specialist.objects.update(sealed_addresses=b"\x01" + bytes(64))
    assert "can't be opened. They have not been changed." in page(desk.get("/practice/profile/"))
    desk.post("/practice/profile/", PROFILE)
    mara.refresh_from_db()
    assert bytes(mara.sealed_addresses or b"") == b"\x01" + bytes(64)
    assert mara.profession == "Counsellor"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.DRAFT, "Your profile is a draft"),
        (Status.SUBMITTED, "Your profile is submitted"),
        (Status.VERIFIED, "People can find you"),
        (Status.HIDDEN, "checked again"),
        (Status.SUSPENDED, "suspended"),
    ],
)
def test_each_state_is_said_in_words(desk: Client, mara: Specialist, status: str, words: str) -> None:
    fully_booked(mara)
    Specialist.objects.update(status=status, returned_because="The number is missing.")
    said = page(desk.get("/practice/"))
    assert words in said
    assert ("The number is missing." in said) is (status in profiles.MAY_BE_SUBMITTED)


def test_whoever_has_no_times_is_told_that_nobody_finds_them(desk: Client, mara: Specialist) -> None:
    hours.change_week(specialist_id=mara.pk, week={0: [(540, 600)]}, first=NOW.date(), last=None, now=NOW)
    assert "People can find you" in page(desk.get("/practice/"))
    assert "Next step" not in page(desk.get("/practice/"))
    hours.set_dates(specialist_id=mara.pk, first=NOW.date(), last=NOW.date() + timedelta(days=40), ranges=(), now=NOW)
    said = page(desk.get("/practice/"))
    assert "You are not in the list at the moment: in the next four weeks you have no time" in said
    assert "See your hours" in said
    assert not Specialist.objects.listed().exists()


def test_a_pause_keeps_what_is_booked(desk: Client, ana: User, mara: Specialist) -> None:
    meeting = booked(ana, mara, NOW + timedelta(days=1))
    desk.post("/practice/pause/", {"action": "pause"})
    assert not Specialist.objects.listed().exists()
    assert "You are away" in page(desk.get("/practice/"))
    meeting.refresh_from_db()
    assert meeting.status == "booked"
    desk.post("/practice/pause/", {"action": "resume"})
    assert Specialist.objects.listed().exists()


def test_a_photo_is_made_anew_and_shown_to_whoever_is_logged_in(desk: Client, ben: User, mara: Specialist) -> None:
    desk.post("/practice/photo/", {"file": picture()})
    kept = Photo.objects.get()
    with Image.open(io.BytesIO(bytes(kept.webp))) as shown:
        assert (shown.format, shown.size) == ("WEBP", (512, 384))
    address = f"/specialists/photos/{kept.sha256}.webp"
    assert address in desk.get("/practice/photo/").content.decode()
    other = Client()
    assert other.get(address).status_code == 302
    other.force_login(ben)
    answer = other.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    Specialist.objects.update(status=Status.SUSPENDED)
    assert other.get(address).status_code == 404
    assert desk.get(address).status_code == 200
    desk.post("/practice/photo/", {"action": "remove"})
    assert not Photo.objects.exists()


def test_what_is_no_photo_is_refused(desk: Client) -> None:
    for content in (b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture().read()[:200], b""):
        file = io.BytesIO(content)
        file.name = "me.png"
        said = page(desk.post("/practice/photo/", {"file": file}), 400)
        assert "Choose" in said
    assert "Choose a photo." in page(desk.post("/practice/photo/"), 400)
    assert not Photo.objects.exists()


def test_the_calendars_address_is_secret_and_can_be_revoked(desk: Client, ana: User, mara: Specialist) -> None:
    booked(ana, mara, NOW + timedelta(days=1))
    page(desk.get("/practice/feed/"))
    shown = page(desk.post("/practice/feed/", {"action": "make"}))
    address = next(word for word in shown.split() if word.endswith(".ics"))
    secret = address.rpartition("/")[2].removesuffix(".ics")
    assert secret not in desk.get("/practice/feed/").content.decode()
    mara.refresh_from_db()
    assert secret not in mara.feed_hash
    calendar = Client().get(f"/feeds/{secret}.ics")
    assert calendar.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar.content.decode().count("SUMMARY:Booked") == 1
    assert not calendar.cookies
    assert "Make a new one?" in page(desk.post("/practice/feed/", {"action": "make"}))
    assert Client().get(f"/feeds/{secret}.ics").status_code == 200
    again = page(desk.post("/practice/feed/", {"action": "replace"}))
    assert Client().get(f"/feeds/{secret}.ics").status_code == 404
    newer = next(word for word in again.split() if word.endswith(".ics")).rpartition("/")[2]
    assert Client().get(f"/feeds/{newer}").status_code == 200
    desk.post("/practice/feed/", {"action": "revoke"})
    assert Client().get(f"/feeds/{newer}").status_code == 404


@pytest.mark.parametrize("name", ["", "profile/", "register/", "photo/", "preview/", "feed/", "meetings/"])
def test_a_member_is_led_to_where_one_becomes_a_specialist(ana: User, as_user: AsUser, name: str) -> None:
    assert as_user(ana).get(f"/practice/{name}").headers["Location"] == "/practice/start/"


def test_a_name_that_is_taken_gets_a_number(ana: User, ben: User, cole: User) -> None:
    made = [profiles.start_practice(user=user, name="Mara L.", now=NOW).slug for user in (ana, ben, cole)]
    assert made == ["mara-l", "mara-l-2", "mara-l-3"]
    assert profiles.start_practice(user=ana, name="Another", now=NOW).slug == "mara-l"


def steps(client: Client) -> list[str]:
    """The labels of the primary buttons."""
    html = client.get("/practice/").content.decode()
    return [words.strip() for words in re.findall(r'class="btn btn-primary"[^>]*>([^<]*)<', html)]


def test_there_is_one_next_step(desk: Client, mara: Specialist) -> None:
    assert steps(desk) == ["Enter your hours"]
    slot(mara, NOW + timedelta(days=1))
    assert steps(desk) == []
    Specialist.objects.update(offers_free=False)
    assert steps(desk) == ["Edit your profile"]
    Specialist.objects.update(paused=True, offers_free=True)
    assert steps(desk) == ["Take bookings again"]
    Specialist.objects.update(status=Status.DRAFT)
    assert steps(desk) == ["Continue"]
    profiles.save_profile(
        user=mara.user, fields={"profession": "Counsellor", "about": "Slowly."}, addresses=None, now=NOW
    )
    profiles.save_register(user=mara.user, fields=REGISTER, now=NOW)
    assert steps(desk) == ["Submit your profile"]
    Specialist.objects.update(status=Status.SUSPENDED)
    assert steps(desk) == []


@pytest.mark.parametrize(("megabytes", "status", "said"), [(5.5, 400, "at most 5 MB"), (7, 413, "a smaller file")])
def test_a_file_that_is_too_large_is_refused_in_words(desk: Client, megabytes: float, status: int, said: str) -> None:
    file = io.BytesIO(bytes(int(megabytes * 2**20)))
    file.name = "me.jpg"
    assert said in page(desk.post("/practice/photo/", {"file": file}), status)


def test_an_unknown_photo_is_not_found(desk: Client) -> None:
    assert desk.get("/specialists/photos/none.webp").status_code == 404


def test_more_bookings_cost_no_more_queries(desk: Client, mara: Specialist) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(desk.get("/practice/"))
        return len(asked)

    def more(hours: int) -> None:
        for moment in (NOW + timedelta(hours=hours), NOW - timedelta(hours=hours)):
            client = User.objects.create_user(f"{moment:%H%M}@example.org")
            booked(client, mara, moment, objected_at=NOW if moment < NOW and hours > 1 else None)

    more(1)
    more(2)
    count()
    before = count()
    more(3)
    more(4)
    assert count() == before
    assert before <= 12


def test_button_of_an_earlier_release_changes_nothing(as_user: AsUser, cole: User) -> None:
    """Pages stay open over an upgrade: what they send must not do the opposite of what their button said."""
    specialist = verified(cole, paused=True)
    answer = as_user(cole).post("/practice/pause/", {"paused": "yes"}, follow=True)
    assert "this page was out of date" in page(answer)
    specialist.refresh_from_db()
    assert specialist.paused
