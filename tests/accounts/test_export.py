"""Everything of a person leaves in one file, and only theirs."""

import json
import math
import time
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts import consents
from accounts.export import AFTER, PRESSED, SLOWEST, TooSlow, downloads, export, in_turn
from accounts.models import DataKey, User
from accounts.preferences import save_settings
from accounts.privacy import Erasure, registry
from assessments import services
from assessments.models import Result
from assessments.reading import read as read_1
from assessments.reading_2 import Reading
from assessments.reading_2 import read as read_in_words
from journal.content import Content
from journal.models import Revision
from lib.places import NoPlace
from tests.accounts import factors
from tests.accounts.portable import NOW, exported, parts, read
from tests.answered import begun, finished
from tests.assessments.vectors import SOURCE
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.journal.written import written, written_twice

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def read_result(owner: User, result: Result) -> Reading:
    return read_in_words(result.instrument, result.score(owner), result.response.answers(owner))


def show_again(client: Client, user: User) -> None:
    """Note in the session what showing the password once more notes there."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def test_every_part_that_is_declared_is_written_once() -> None:
    declared = {declaration.export for declaration in registry.declarations.values()} - {None}
    assert set(registry.parts()) == declared


def test_what_goes_with_the_account_is_exported_or_only_machinery() -> None:
    kept_back = {
        declaration.model._meta.label
        for declaration in registry.declarations.values()
        if declaration.erasure is Erasure.CASCADE and not declaration.export
    }
    assert kept_back == {
        "accounts.DataKey",
        "accounts.Held",  # for a quarter of an hour
        "accounts.Pace",  # for some minutes
        "accounts.Unread",  # the number of what is exported
        "accounts.Usage",  # the size of what is exported
        "account.EmailConfirmation",
        "accounts.User_groups",
        "accounts.User_user_permissions",
        "admin.LogEntry",
        "exchange.Answering",  # for some minutes
        "consultations.FailedCheck",  # of our own nightly check, until the next night
    }


def test_holds_everything_of_the_person(ana: User) -> None:
    version, _ = services.load_version(source=SOURCE, publish=True, now=NOW)
    consents.give(owner=ana, purpose="questionnaire", now=NOW)
    save_settings(user=ana, name="Ani", now=NOW)
    factors.add_app(ana)
    result, unfinished = finished(ana, version), begun(ana, version)
    entry, kept, beside = written_twice(ana)
    found = parts(exported(ana))
    account = found["account"][0]
    assert (account["email"], account["name"]) == (ana.email, "Ani")
    assert {row["id"] for row in found["questionnaires"]} == {str(result.response_id), str(unfinished.pk)}
    first = next(row for row in found["questionnaires"] if row["result"])
    assert first["result"]["figures"] == result.score(ana)
    assert first["answers"] == dict(result.response.answers(ana).answers)
    assert found["entries"][0]["id"] == str(entry)
    assert {row["id"] for row in found["entries"][0]["versions"]} == {str(kept), str(beside)}
    assert found["consents"][0]["words"] == str(consents.QUESTIONNAIRE.words)
    assert found["second_factors"][0]["type"] == "totp"
    assert "secret" not in json.dumps(found["second_factors"])


def test_holds_nothing_of_anybody_else(ana: User, ben: User) -> None:
    written(ben, "Of Ben alone.")
    assert "Ben" not in read(exported(ana))
    assert "ben@" not in read(exported(ana))


def test_journal_can_be_read_as_text(ana: User) -> None:
    ana.timezone = "Europe/Lisbon"
    ana.save()
    steps = ("First", "Then")
    content = Content(
        question="What is level?", steps=steps, texts=("One.", "Two."), tags=("home",), feelings=("calm",)
    )
    written(ana, content=content)
    text = read(exported(ana), "journal.md")
    for words in ("## 2026-03-01, 12:00", "*What is level?*", "### First\n\nOne.", "Feelings: calm", "Tags: home"):
        assert words in text


def test_results_can_be_read_as_text(ana: User) -> None:
    version, _ = services.load_version(source=SOURCE, publish=True, now=NOW)
    reading = read_result(ana, finished(ana, version))
    text = read(exported(ana), "results.md")
    assert "## 2026-03-01, " in text
    assert reading.balance
    for words in (reading.heading, reading.text, reading.balance.range, reading.areas[0].label, reading.lines[0].title):
        assert words in text
    assert "I give 3.2 of 4, I receive 2.0 of 4." in text


def test_an_old_result_is_read_in_its_own_words(ana: User) -> None:
    version, _ = services.load_version(source=SOURCE, publish=True, now=NOW)
    with patch("assessments.algorithms.IN_USE", 1):
        result = finished(ana, version)
    reading = read_1(result.instrument, result.score(ana), result.response.answers(ana))
    text = read(exported(ana), "results.md")
    assert reading.balance
    for words in (reading.balance.range, reading.gap, reading.areas[0].difference):
        assert words in text
    assert "I give 81 of 100, I receive 50 of 100." in text


def test_what_cannot_be_opened_is_named_and_stops_nothing(ana: User) -> None:
    version, _ = services.load_version(source=SOURCE, publish=True, now=NOW)
    save_settings(user=ana, name="Ani", now=NOW)
    finished(ana, version)
    written(ana)
    DataKey.objects.all().delete()
    found = parts(exported(ana))
    assert found["account"][0]["cannot_be_opened"]
    assert found["questionnaires"][0]["cannot_be_opened"]
    assert "This result can’t be opened." in read(exported(ana), "results.md")
    assert found["entries"][0]["cannot_be_opened"]


def test_is_sent_in_pieces_before_it_is_whole(ana: User) -> None:
    words = " ".join(str(number * 7919 % 10007) for number in range(9_000))
    for _ in range(8):
        written(ana, words)
    pieces = export(User.objects.get(pk=ana.pk), NOW)
    assert next(pieces).startswith(b"PK")
    assert len(list(pieces)) > 1


def test_versions_stand_with_their_entries(ana: User) -> None:
    """They are read beside the entries, some of which have none."""
    written_twice(ana)
    written(ana, "One.").revisions.all().delete()
    written(ana, "Two.")
    versions = dict(Revision.objects.order_by("made_at", "pk").values_list("pk", "entry"))
    found = {version["id"]: row["id"] for row in parts(exported(ana))["entries"] for version in row["versions"]}
    assert found == {str(pk): str(entry) for pk, entry in versions.items()}


def test_queries_do_not_grow_with_the_entries(ana: User, django_assert_num_queries: Callable) -> None:
    def queries() -> int:
        owner = User.objects.get(pk=ana.pk)
        with django_assert_num_queries(40, exact=False) as counted:
            b"".join(export(owner, NOW))
        return len(counted)

    written(ana)
    one = queries()
    for _ in range(5):
        written(ana)
    assert queries() == one


def test_download_asks_who_it_is_and_then_is_sent_as_it_is_made(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    address = reverse("data_download")
    asked = client.get(address)
    assertRedirects(asked, f"{reverse('account_reauthenticate')}?next={address}")
    assertRedirects(client.post(address), address, fetch_redirect_response=False)
    assert "account_reauthentication_state" not in client.session  # nothing that was sent is kept
    client.post(asked.headers["Location"], {"password": "look-at-the-balance"})
    assert_valid_html(client.get(address).content)
    response = client.post(address)
    assert response.streaming
    assert response.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in response.headers["Cache-Control"]
    assert parts(b"".join(response))["account"][0]["email"] == ana.email


def test_a_person_has_one_download_at_a_time(as_user: AsUser, ana: User, ben: User) -> None:
    """Whoever reads slowly keeps a thread of the web server."""
    client, address = as_user(ana), reverse("data_download")
    show_again(client, ana)
    first = client.post(address)
    assertRedirects(client.post(address), address, fetch_redirect_response=False)
    assert "Another download is being made" in client.get(address).text
    assert b"".join(in_turn(ben, [b"x"])) == b"x"
    assert b"".join(first).startswith(b"PK")
    assert b"".join(client.post(address)).startswith(b"PK")


def test_a_download_that_nobody_reads_gives_its_place_back(ana: User) -> None:
    for _ in range(3):
        in_turn(ana, [b"x"]).close()


def test_downloads_leave_half_the_threads(settings: Settings, ana: User, ben: User) -> None:
    settings.WEB_THREADS = 2
    first = in_turn(ana, [b"x"])
    with pytest.raises(NoPlace):
        in_turn(ben, [b"x"])
    assert b"".join(first) == b"x"
    assert b"".join(in_turn(ben, [b"y"])) == b"y"


def test_a_download_of_which_hardly_anything_is_read_ends(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "refused_at", -math.inf)
    passed = iter([0, AFTER, AFTER + 3, AFTER + 5])
    monkeypatch.setattr("accounts.export.time.monotonic", lambda: next(passed))
    with pytest.raises(TooSlow):
        [*in_turn(ana, [b"", bytes(4 * SLOWEST), b""])]
    monkeypatch.undo()
    assert b"".join(in_turn(ana, [b"x"])) == b"x"


def test_whoever_reads_slowly_gives_way_when_somebody_waits(
    settings: Settings, ana: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEB_THREADS = 2
    monkeypatch.setattr(downloads, "refused_at", -math.inf)
    now = 1_000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    monkeypatch.setattr("lib.places.monotonic", lambda: now)
    slow = in_turn(ana, [bytes(20 * SLOWEST)] * 9)
    now += AFTER + 2
    assert len(next(slow)) == len(next(slow)) == 20 * SLOWEST  # nobody waits
    with pytest.raises(NoPlace):
        in_turn(ben, [b"x"])
    with pytest.raises(TooSlow):
        next(slow)
    assert b"".join(in_turn(ben, [b"x"])) == b"x"
    fast = in_turn(ana, [bytes(2 * PRESSED)] * 3)
    now += AFTER + 1
    assert len([*fast]) == 3


def test_an_account_downloads_a_few_times_an_hour(as_user: AsUser, ana: User, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"download": (1, 3_600, 10_000)}
    client, address = as_user(ana), reverse("data_download")
    show_again(client, ana)
    assert b"".join(client.post(address)).startswith(b"PK")
    assertRedirects(client.post(address), address, fetch_redirect_response=False)
    assert "many tries in a short time" in client.get(address).text
    assert b"".join(in_turn(ana, [b"x"])) == b"x"  # it kept no place


def test_a_get_downloads_nothing(as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    show_again(client, ana)
    assert client.get(reverse("data_download")).headers["Content-Type"].startswith("text/html")


def test_page_says_what_can_be_done(as_user: AsUser, ana: User) -> None:
    page = as_user(ana).get(reverse("data"))
    assert_valid_html(page.content)
    for name in ("data_download", "data_add", "data_delete"):
        assert reverse(name) in page.text
    assert reverse("data") in client_page(as_user(ana), "settings")


def client_page(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()
