"""The public text of a specialist's profile, the entry in the register, and the photo."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.sealing import unseal
from consultations.models import Photo, Specialist
from consultations.models.profiles import Checked
from consultations.services import profiles
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, books, page, slot, verified
from tests.html import followed

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
    assert f"{longest:,} characters at most, and you wrote {longest + 1:,}." in refused.text
    assert f": This is too long: {longest:,}" in refused.text  # the summary says what
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


def test_meetings_that_are_booked_keep_their_address_and_the_page_says_so(
    desk: Client, mara: Specialist, ana: User
) -> None:
    Specialist.objects.filter(pk=mara.pk).update(name=PROFILE["name"], profession=PROFILE["profession"])
    desk.post("/practice/profile/", PROFILE)
    booking = books(ana, slot(mara, TOMORROW))
    desk.post("/practice/profile/", PROFILE | {"video": "https://meet.example/another"})
    booking.refresh_from_db()
    assert booking.document(ana)["address"] == "https://meet.example/mara"
    assert "meetings that are booked already keep theirs" in page(desk.get("/practice/profile/"))


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
    assert "can’t be opened. They have not been changed." in page(desk.get("/practice/profile/"))
    desk.post("/practice/profile/", PROFILE)
    mara.refresh_from_db()
    assert bytes(mara.sealed_addresses or b"") == b"\x01" + bytes(64)
    assert mara.profession == "Counsellor"


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


@pytest.mark.parametrize(("megabytes", "status", "said"), [(5.5, 400, "at most 5 MB"), (7, 413, "a smaller file")])
def test_a_file_that_is_too_large_is_refused_in_words(desk: Client, megabytes: float, status: int, said: str) -> None:
    file = io.BytesIO(bytes(int(megabytes * 2**20)))
    file.name = "me.jpg"
    assert said in page(desk.post("/practice/photo/", {"file": file}), status)


def test_an_unknown_photo_is_not_found(desk: Client) -> None:
    assert desk.get("/specialists/photos/none.webp").status_code == 404
