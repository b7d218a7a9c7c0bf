"""Our own export comes back whole, once, and into nobody else's account; a broken file changes nothing."""

import io
import re
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid5
from zipfile import ZIP_BZIP2, ZipFile
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from accounts import consents, importing
from accounts.consents import QUESTIONNAIRE
from accounts.data_views import adding
from accounts.importing import FOREIGN, NEWER, TOO_LARGE, TOO_MANY, import_file, lines_of
from accounts.models import Consent, User
from accounts.portable import BROKEN, Arrival, FileRefused
from accounts.preferences import save_settings
from accounts.self_document import name_of
from assessments import scoring
from assessments import services as questionnaire
from assessments.algorithms import Versions
from assessments.models import Response, Result
from assessments.portable import NO_VERSION
from journal.content import Content
from journal.models import Entry, Reminder, Revision
from journal.reminders import set_reminder
from journal.services import bin_entry, hide_prompt
from tests.accounts.portable import NOW, changed, comparable, exported, packed, packed_again, parts, read
from tests.answered import begun, finished
from tests.assessments.vectors import SOURCE
from tests.conftest import AsUser
from tests.html import assert_valid_html, parse
from tests.journal.written import written, written_twice

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def full(ana: User) -> bytes:
    """What Ana exports who has used everything."""
    version, _ = questionnaire.load_version(source=SOURCE, publish=True, now=NOW)
    consents.give(owner=ana, purpose="questionnaire", now=NOW)
    ana.timezone, ana.theme = "Europe/Lisbon", "dark"
    save_settings(user=ana, now=NOW, name="Ani", gentle_prompts=True)
    result = finished(ana, version)
    begun(ana, version)
    written_twice(ana)
    steps = ("First", "Then")
    written(
        ana,
        content=Content(
            prompt="level", theme="balance", question="Level?", steps=steps, texts=("Ça va  \n\tok", "🙂"),
            closing="So.", tags=("home", "us two"), feelings=("calm",), result=str(result.pk),
        ),
    )  # fmt: skip
    binned = written(ana, "Into the bin.")
    bin_entry(owner=ana, entry_id=binned.pk, now=NOW)
    hide_prompt(owner=ana, prompt="level")
    return exported(ana)


def take(owner: User, content: bytes, *, agrees: bool = True, settings: bool = True) -> Arrival:
    purposes = ["questionnaire"] if agrees else []
    return import_file(
        owner=User.objects.get(pk=owner.pk),
        file=io.BytesIO(content),
        now=NOW,
        agrees=purposes,
        takes_settings=settings,
    )


def refused(owner: User, content: bytes) -> object:
    """Why a file is refused; nothing of it may have stayed."""
    before = exported(owner)
    with pytest.raises(FileRefused) as caught:
        take(owner, content)
    assert parts(exported(owner)) == parts(before)
    return caught.value.words


def test_round_trip_into_an_empty_account_is_equal(full: bytes, ben: User) -> None:
    arrival = take(ben, full)
    assert comparable(exported(ben)) == comparable(full, ben.pk)
    assert arrival.left == 0
    assert name_of(User.objects.get(pk=ben.pk)) == "Ani"


def test_the_same_file_twice_makes_no_doubles(full: bytes, ben: User) -> None:
    take(ben, full)
    once = exported(ben)
    arrival = take(ben, full)
    assert arrival.added == 0
    assert arrival.left == 6
    assert comparable(exported(ben)) == comparable(once)


def test_into_the_account_that_it_came_from_changes_nothing(full: bytes, ana: User) -> None:
    assert take(ana, full).added == 0
    assert parts(exported(ana))["entries"] == parts(full)["entries"]


def test_what_was_deleted_since_comes_back_and_what_is_here_stays(full: bytes, ana: User) -> None:
    gone, *others = Entry.objects.of(ana).values_list("pk", flat=True)
    Entry.objects.filter(pk=gone).delete()
    Entry.objects.filter(pk=others[0]).update(pinned=True)
    assert take(ana, full).added == 1
    assert set(Entry.objects.of(ana).values_list("pk", flat=True)) == {uuid5(ana.pk, str(gone)), *others}
    assert Entry.objects.get(pk=others[0]).pinned


def test_versions_of_older_downloads_have_the_date_of_their_entry(ana: User, ben: User) -> None:
    entry = written(ana, "One.")
    older = re.sub(r'"beside":false,"date".*?"pinned":false,', '"beside":false,', read(exported(ana)))
    assert older.count('"pinned"') == 1
    take(ben, packed(older))
    version = Revision.objects.visible_to(ben).get()
    assert (version.date, version.pinned) == (entry.date, entry.pinned)


def test_a_day_comes_back_as_it_was_and_one_of_an_older_download_in_its_accounts_zone(ana: User, ben: User) -> None:
    User.objects.filter(pk=ana.pk).update(timezone="Asia/Tokyo")
    ana.refresh_from_db()
    entry = written(ana, at=datetime(2026, 3, 1, 20, tzinfo=UTC))
    User.objects.filter(pk=ana.pk).update(timezone="Asia/Kolkata")
    User.objects.filter(pk=ben.pk).update(timezone="America/Lima")
    take(ben, exported(ana))
    [mine] = Entry.objects.of(ben)
    assert (mine.date, mine.local) == (entry.date, entry.local)
    older = re.sub(r'"day":"2026-03-02","clock":"05:00:00",', "", read(exported(ana)))
    assert '"day"' not in older
    mine.delete()
    take(ben, packed(older))
    [mine] = Entry.objects.of(ben)
    assert mine.local == datetime(2026, 3, 2, 1, 30)  # noqa: DTZ001


def test_an_entry_still_names_its_result(full: bytes, ben: User) -> None:
    take(ben, full)
    named = {entry.content(ben).result for entry in Entry.objects.of(ben)} - {None}
    assert named == {str(Result.objects.visible_to(ben).get().pk)}


def test_results_are_scored_again(full: bytes, ana: User, ben: User) -> None:
    score = Result.objects.visible_to(ana).get().score(ana)
    take(ben, changed(full, f'"B":{score["balance"]["B"]}', '"B":99.0'))
    assert Result.objects.visible_to(ben).get().score(ben) == score


@pytest.mark.parametrize("written", ['"constants":1,"algorithm":1,', ""])
def test_an_old_result_keeps_its_algorithm(written: str, full: bytes, ben: User) -> None:
    """Also one from a file of a release that did not write it down."""
    take(ben, changed(full, '"constants":2,"algorithm":2,"figures"', f'{written}"figures"'))
    result = Result.objects.visible_to(ben).select_related("response").get()
    assert result.versions == Versions(1, 1, 1)
    scored = scoring.score(result.instrument, result.response.answers(ben))
    found = result.score(ben)
    del found["compared"]  # beside the score
    assert found == {"versions": Versions(1, 1, 1)._asdict(), **scored}


def test_consents_and_sessions_never_come_back(full: bytes, ben: User) -> None:
    take(ben, full)
    assert [line.at for line in Consent.objects.visible_to(ben)] == [NOW]  # given with the import itself
    assert parts(exported(ben))["sessions"] == []


def test_settings_and_name_come_only_if_asked_for(full: bytes, ben: User) -> None:
    ben.theme = "light"
    save_settings(user=ben, name="Benno", now=NOW)
    assert not take(ben, full, settings=False).has_settings
    ben = User.objects.get(pk=ben.pk)
    assert (ben.theme, ben.timezone, name_of(ben)) == ("light", "UTC", "Benno")
    assert take(ben, full).has_settings
    ben = User.objects.get(pk=ben.pk)
    assert (ben.theme, ben.timezone, name_of(ben)) == ("dark", "Europe/Lisbon", "Ani")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("dated-1900-01-01-Asia-Tokyo.zip", date(1900, 1, 1)),
        ("dated-2100-12-31-America-New_York.zip", date(2100, 12, 31)),
    ],
)
def test_the_first_and_the_last_day_come_back_in_every_zone(client: Client, ben: User, name: str, day: date) -> None:
    assert take(ben, Path(__file__).with_name("downloads").joinpath(name).read_bytes()).added == 2
    here = ZoneInfo(User.objects.get(pk=ben.pk).timezone)
    found = {entry.day: entry for entry in Entry.objects.of(ben)}
    assert day in found
    for zone in (str(here), "UTC", "Pacific/Kiritimati", "Etc/GMT+12"):
        User.objects.filter(pk=ben.pk).update(timezone=zone)
        assert client.get(reverse("entry", args=[found[day].pk])).status_code == 200
        assert "edge day" in client.get(reverse("journal")).text
    assert parts(exported(ben))["entries"]


def test_a_time_far_from_utc_is_the_same_moment(ana: User, ben: User) -> None:
    """PostgreSQL takes no such offset."""
    written(ana)
    at = '"date":"2026-03-01T12:00:00+00:00"'
    take(ben, changed(exported(ana), at, at.replace("+00:00", "+23:59")))
    assert Entry.objects.get(owner=ben).date == datetime(2026, 2, 28, 12, 1, tzinfo=UTC)


def test_nothing_was_done_later_than_now(full: bytes, ben: User) -> None:
    """A time to come would keep a version, or what is in the bin, for longer than is promised."""
    text = re.sub(
        r'("(?:created|changed|made|binned|started|submitted)_at":\s*)"[^"]+"', r'\1"2100-05-01T12:00:00Z"', read(full)
    )
    arrival = take(ben, packed(text))
    assert arrival.added
    for row in Entry.objects.of(ben):
        assert {row.created_at, row.changed_at, row.kept_at, row.binned_at} <= {NOW, None}
    rows = [*Revision.objects.visible_to(ben).values_list("made_at", flat=True)]
    for times in Response.objects.visible_to(ben).values_list("started_at", "changed_at", "submitted_at"):
        rows += [time for time in times if time]
    rows += Result.objects.visible_to(ben).values_list("created_at", flat=True)
    assert len(rows) > 5
    assert {*rows} == {NOW}


def test_downloads_that_were_unpacked_are_taken(full: bytes, ben: User) -> None:
    as_finder_does = packed_again(full, "my-data/", beside="__MACOSX/")
    lines = list(lines_of(io.BytesIO(full)))
    for content in (packed_again(full, "my-data/"), packed_again(full, "my-data\\"), packed_again(full)):
        assert list(lines_of(io.BytesIO(content))) == lines
    assert take(ben, as_finder_does).left == 0
    assert comparable(exported(ben)) == comparable(full, ben.pk)


def test_data_json_is_taken_alone(full: bytes, ben: User) -> None:
    take(ben, read(full).encode())
    assert comparable(exported(ben)) == comparable(full, ben.pk)


def test_two_downloads_in_one_are_not_guessed_at(full: bytes, ben: User) -> None:
    out = io.BytesIO(full)
    with ZipFile(out, "a") as archive:
        archive.writestr("another/data.json", read(full))
    assert refused(ben, out.getvalue()) == FOREIGN


def test_a_reminder_follows_the_time_zone_of_the_file(full: bytes, ben: User) -> None:
    before = set_reminder(owner=ben, weekday=4, hour=18, now=NOW).next_at
    take(ben, changed(full, '"Europe/Lisbon"', '"America/New_York"'))
    assert Reminder.objects.get(owner=ben).next_at - before == timedelta(hours=5)


def test_answers_need_agreement_and_the_rest_comes_without(full: bytes, ben: User) -> None:
    arrival = take(ben, full, agrees=False)
    assert arrival.came == Counter(entries=3, prompt_choices=1)
    assert arrival.not_agreed == Counter(results=1, unfinished=1)
    assert not Response.objects.visible_to(ben).exists()
    arrival = take(ben, full)
    assert arrival.came == Counter(results=1, unfinished=1)
    named = {entry.content(ben).result for entry in Entry.objects.of(ben)} - {None}
    assert named == {str(Result.objects.visible_to(ben).get().pk)}  # the entry that came first names it already


def test_a_second_unfinished_questionnaire_is_left_out(full: bytes, ben: User) -> None:
    begun(ben, Response.objects.all()[0].version)
    arrival = take(ben, full)
    assert arrival.left == 1
    assert Response.objects.visible_to(ben).unfinished().count() == 1


def test_rows_that_could_not_be_opened_are_left_out(ana: User, ben: User) -> None:
    written(ana)
    Entry.objects.update(sealed=b"x")
    assert take(ben, exported(ana)).left == 1
    assert not Revision.objects.visible_to(ben).exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":"yesterday"'),
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":"0001-01-01T00:00:00+00:00"'),
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":"2026-03-01T12:00:00"'),
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":null'),
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":"0001-01-01T00:00:00+23:59"'),
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":"9999-12-31T00:00:00-23:59"'),
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":"1899-12-30T23:59:59+00:00"'),
        ('"date":"2026-03-01T12:00:00+00:00"', '"date":"2101-01-02T00:00:00+00:00"'),
        ('"day":"2026-03-01"', '"day":"1899-12-31"'),
        ('"day":"2026-03-01"', '"day":"2026-03-01T12:00"'),
        ('"clock":"12:00:00"', '"clock":"12:00:00+01:00"'),
        ('"clock":"12:00:00"', '"clock":"25:00:00"'),
        ('"clock":"12:00:00",', ""),
        ('"closing":"So."', '"closing":"\\ud800"'),
        ('"closing":"So."', '"closing":7'),
        ('"closing":"So."', '"closing":"' + "x" * 50_001 + '"'),
        ('"feelings":["calm"]', '"feelings":{}'),
        ('"theme":"balance"', '"theme":"another"'),
        ('"choice":"hidden"', '"choice":"loved"'),
        ('"pinned":false', '"pinned":"no"'),
        ('"revision":1', '"revision":2147483648'),
        ('"revision":1', '"revision":0'),
        ('"timezone":"Europe/Lisbon"', '"timezone":"Europe/Nowhere"'),
        ('"theme":"dark"', '"theme":"purple"'),
        ('"name":"Ani"', '"name":"A\\nB"'),
        ('"name":"Ani"', '"name":"A\\u202eB"'),
        ('"name":"Ani"', '"name":"\\ud800"'),
        ('"name":"Ani"', '"name":"' + "x" * 61 + '"'),
        ('"name":"balance"', '"name":"bal\\u0000ance"'),
        ('"partnered":true', '"partnered":"yes"'),
        ('"importance":{', '"importance":{"nowhere":1,'),
        ('"answers":{', '"answers":{"nothing":1,'),
        ('"form":"', '"form":"x'),
        ('"algorithm":2,"figures"', '"algorithm":3,"figures"'),
        ('"result":{"id":"', '"result":{"id":"x'),
        ('"id":"', '"id":"x'),
        ('"id":"', '"uid":"'),
        ('"entries":[', '"entries":[['),
        ("\n]", ""),
        ("\n}}", ""),
        ("\n}}", "\n}}\n{}"),
        ("\n{", "\n" + "[" * 100_000 + "{"),
        ('{"format"', '[{"format"'),
    ],
)  # fmt: skip
def test_a_broken_file_changes_nothing(full: bytes, ben: User, before: str, after: str) -> None:
    assert refused(ben, changed(full, before, after)) == BROKEN


def test_a_row_that_stands_twice_is_broken(full: bytes, ben: User) -> None:
    line = next(line for line in read(full).splitlines() if "versions" in line).removesuffix(",")
    assert refused(ben, changed(full, line, f"{line},\n{line}")) == BROKEN


def test_a_version_of_another_site_is_named(full: bytes, ben: User) -> None:
    assert refused(ben, changed(full, '"name":"balance","version":1', '"name":"other","version":1')) == NO_VERSION


def test_foreign_files_are_named(full: bytes, ben: User) -> None:
    for content in (b"", b"words", packed("words", "words.txt"), full[:-100], packed(b"\xff\xfe")[:60]):
        assert refused(ben, content) in {FOREIGN, BROKEN}
    assert refused(ben, packed('{"format":"another","version":1,"parts":{\n}}\n')) == FOREIGN
    assert refused(ben, changed(full, '"version":1,"made_at"', '"version":2,"made_at"')) == NEWER
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_BZIP2) as archive:
        archive.writestr("data.json", read(full))
    assert refused(ben, out.getvalue()) == FOREIGN


def test_flipped_bytes_are_noticed(full: bytes, ben: User) -> None:
    start = full.index(b"data.json") + 200
    for at in range(start, start + 400, 40):
        broken = bytearray(full)
        broken[at] ^= 0xFF
        assert refused(ben, bytes(broken)) in {FOREIGN, BROKEN, TOO_LARGE}


def test_damaged_zips_are_refused_wherever_the_damage_is(full: bytes) -> None:
    """Every byte of the directory and of the headers in turn, in three ways."""
    headers = [at.start() for at in re.finditer(rb"PK\x03\x04", full)]
    directory = range(full.index(b"PK\1\2"), len(full))
    for at in [*directory, *(start + offset for start in headers for offset in range(40))]:
        for value in (0, 0x7F, 0xFF):
            broken = bytearray(full)
            broken[at] = value
            with suppress(FileRefused):
                first, *_others = lines_of(io.BytesIO(broken))
                assert first.startswith(b'{"format"')
    for length in range(len(full) - 200, len(full)):
        with pytest.raises(FileRefused):
            list(lines_of(io.BytesIO(full[:length])))


def test_a_zip_with_something_behind_its_end_is_refused(full: bytes, ben: User) -> None:
    assert refused(ben, full + b"\0") == BROKEN


def test_what_is_unknown_of_a_row_is_passed_over(ana: User, ben: User) -> None:
    written(ana)
    take(ben, changed(exported(ana), '"pinned":false,', '"pinned":false,"mood":[{"a":[1,2]}],'))
    assert Entry.objects.of(ben).count() == 1


def test_bombs_are_refused_unopened(full: bytes, ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(ben, packed(b" " * 3_000_000)) == TOO_LARGE  # a thousand times its size
    many = io.BytesIO()
    with ZipFile(many, "w") as archive:
        for number in range(41):
            archive.writestr(f"{number}.txt", "")
        archive.writestr("data.json", "{}")
    assert refused(ben, many.getvalue()) == TOO_MANY
    for limit in ("MOST_UNPACKED", "MOST_LINES", "MOST_ROWS"):
        with monkeypatch.context() as patch:
            patch.setattr(importing, limit, 2)
            assert refused(ben, full) == TOO_LARGE
    monkeypatch.setattr(importing, "LONGEST_LINE", 100)
    assert refused(ben, full) == BROKEN


def test_parts_that_this_site_does_not_know_are_passed_over(ana: User, ben: User) -> None:
    written(ana)
    take(ben, changed(exported(ana), '"consents":[', '"meetings":['))
    assert Entry.objects.of(ben).count() == 1


@pytest.fixture
def client(as_user: AsUser, ben: User) -> Client:
    return as_user(ben)


def test_page_takes_a_file_and_says_what_came_of_it(client: Client, full: bytes, ben: User) -> None:
    address = reverse("data_add")
    page = client.get(address)
    assert_valid_html(page.content)
    assert str(consents.QUESTIONNAIRE.words) in page.text
    boxes = parse(page.content).findall(".//main//input[@type='checkbox']")
    assert [box.get("name") for box in boxes if "checked" not in box.attrib] == ["takes_settings", "agree"]
    upload = SimpleUploadedFile("my-data.zip", full)
    page = client.post(address, {"file": upload}, follow=True)
    assert_valid_html(page.content)
    assert "Added from the file: 3 entries, 1 saved or hidden prompt." in page.text
    assert "are stored: 1 result, 1 unfinished questionnaire." in page.text
    assert name_of(User.objects.get(pk=ben.pk)) == ""
    upload.seek(0)
    response = client.post(
        address, {"file": upload, "agree": QUESTIONNAIRE.version, "takes_settings": "on"}, follow=True
    )
    assertRedirects(response, reverse("data"))
    assert "Added from the file: 1 result, 1 unfinished questionnaire." in response.text
    assert "The settings in the file are now those of this account." in response.text
    assert "Already here, or cannot be opened: 4." in response.text
    assert name_of(User.objects.get(pk=ben.pk)) == "Ani"
    assert Entry.objects.of(ben).count() == 3
    assert str(consents.QUESTIONNAIRE.words) not in client.get(address).text


def test_page_answers_what_is_no_file(client: Client) -> None:
    for data in ({}, {"file": "words"}, {"file": SimpleUploadedFile("x.zip", b"")}):
        page = client.post(reverse("data_add"), data, follow=True)
        assert_valid_html(page.content)
        assert "needs another look" in page.text
    page = client.post(reverse("data_add"), {"file": SimpleUploadedFile("x.zip", b"words")}, follow=True)
    assert str(FOREIGN) in page.text


def test_uploads_stay_in_memory_and_have_a_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: list[type] = []

    def import_nothing(**given: object) -> None:
        kinds.append(type(given["file"]))
        raise FileRefused

    monkeypatch.setattr("accounts.data_views.import_file", import_nothing)
    client.post(
        reverse("data_add"), {"file": SimpleUploadedFile("x.zip", b"x" * 3_000_000)}
    )  # Django's limit is 2.5 MB
    assert kinds == [InMemoryUploadedFile]
    for module in ("accounts.importing", "accounts.data_views"):
        monkeypatch.setattr(f"{module}.MOST_UPLOADED", 1_000)
    page = client.post(reverse("data_add"), {"file": SimpleUploadedFile("x.zip", b"x" * 2_000)}, follow=True)
    assert str(TOO_LARGE) in page.text
    assert len(kinds) == 1


def test_page_is_protected_against_forged_requests(ben: User, full: bytes) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben)
    assert client.post(reverse("data_add"), {"file": SimpleUploadedFile("x.zip", full)}, follow=True).status_code == 403


def test_files_of_all_accounts_take_a_quarter_of_the_threads(client: Client, settings: Settings) -> None:
    """The largest takes half a minute."""
    settings.WEB_THREADS = 4
    file = {"file": SimpleUploadedFile("x.zip", b"words")}
    with adding.one("somebody else", each=1):
        page = client.post(reverse("data_add"), file, follow=True)
    assert "Other files are being added at the moment. Choose yours again in a little while." in page.text
    file["file"].seek(0)
    assert str(FOREIGN) in client.post(reverse("data_add"), file, follow=True).text
