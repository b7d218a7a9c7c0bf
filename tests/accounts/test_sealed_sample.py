"""A sample of everything that is sealed opens with the keys, and nothing does without them."""

import secrets

import pytest
from django.core.management import CommandError, call_command
from django.db.models import BinaryField
from pytest_django import Settings

from accounts import sealed_sample
from accounts.models import User
from accounts.privacy import registry
from accounts.rotation import SITE_SEALED
from accounts.sealing import seal
from journal.models import Entry
from tests.accounts import factors
from tests.accounts.test_rotate_keys import SITE_SEALED_ROWS
from tests.consultations.cast import absent, booked, busy_calendar, verified
from tests.journal.written import NOW, written

pytestmark = pytest.mark.time_machine(NOW, tick=False)
type Capture = pytest.CaptureFixture[str]


@pytest.fixture
def sealed(ana: User, cole: User) -> set[str]:
    """Rows of every way to find the owner, and of everything that the site seals; what they are called."""
    written(ana)
    booked(ana, verified(cole), NOW)
    absent(cole)
    row = busy_calendar(cole)
    row.seal_ranges(cole, [])
    row.save()
    factors.add_app(ana)
    for n, make in enumerate(SITE_SEALED_ROWS.values(), 1):
        make(n)
    return {
        "accounts.User.sealed_self", "journal.Entry.sealed", "consultations.Booking.sealed",
        "consultations.Absence.sealed", "consultations.BusyCalendar.sealed_ranges", "secrets of second factors",
        *(one.what for one in SITE_SEALED),
    }  # fmt: skip


def test_every_sealed_column_is_tried(sealed: set[str]) -> None:
    found = {one.what: one.opened for one in sealed_sample.sample(50)}
    assert {what for what, opened in found.items() if opened} >= sealed
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in registry.declarations
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and field.name.startswith("sealed")
    }
    assert found.keys() == columns | {one.what for one in SITE_SEALED} | {"secrets of second factors"}


def test_everything_opens_with_the_keys_and_nothing_without(sealed: set[str], capsys: Capture) -> None:
    call_command("open_sealed")
    call_command("open_sealed", "--without-keys")
    says = capsys.readouterr().out.splitlines()
    assert [line.split(" ", 1)[1] for line in says] == [
        "sealed rows open.",
        "sealed rows stay closed without the keys.",
    ]


def test_a_sample_is_no_larger_than_it_says(ana: User) -> None:
    for _ in range(3):
        written(ana)
    assert {one.what: one.opened for one in sealed_sample.sample(2)}["journal.Entry.sealed"] == 2


def test_one_row_that_does_not_open_is_told(ana: User, ben: User, capsys: Capture) -> None:
    entry = written(ana)
    Entry.objects.filter(pk=entry.pk).update(sealed=seal(ben, Entry.LABEL, entry.pk, "Of somebody else."))
    with pytest.raises(CommandError, match=r"Of \d+ sealed rows, 1 do not open"):
        call_command("open_sealed")
    assert capsys.readouterr().err == "journal.Entry.sealed: 1\n"


def test_other_keys_open_nothing(sealed: set[str], settings: Settings) -> None:
    settings.SEALING_KEYS = {name: secrets.token_bytes(32) for name in settings.SEALING_KEYS}
    with pytest.raises(CommandError, match=r"Of (\d+) sealed rows, \1 do not open"):
        call_command("open_sealed")


def test_what_opens_without_the_keys_is_told(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.sealed_sample.unseal", lambda *_: "words")
    with pytest.raises(CommandError, match="1 open without the keys"):
        call_command("open_sealed", "--without-keys")


def test_an_empty_database_proves_nothing(db: None) -> None:
    with pytest.raises(CommandError, match="Nothing is sealed here"):
        call_command("open_sealed")
