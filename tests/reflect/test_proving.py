"""What the privacy page promises, each check broken once, and the page on which staff see it turn red."""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from pytest_django import Settings

from accounts import erasures, sealed_sample
from accounts.models import Erased, User
from accounts.privacy import ERASED
from consultations.models import FailedCheck, Slot
from reflect import proving, publishing, tasks, views
from reflect.admin import status
from reflect.gauges import promises_kept
from reflect.helplines import helplines, shipped
from reflect.models import CheckRun, HelplineRecord
from reflect.promises import ABOUT, IN_CI, PROMISES, WITHIN, Check, Release, State, state_in_ci, state_of
from reflect.proving import Outcome, record
from tests.conftest import AsUser
from tests.consultations.cast import slot, verified
from tests.html import assert_valid_html, text_of
from tests.journal.written import written

NOW = datetime(2026, 11, 28, 5, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
STATUS = "/admin/status/"
RELEASE, BETWEEN = Release("0.2.0", "852eb62b4f37"), Release("0.3.0.dev0", "852eb62b4f37")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def shopped(at: datetime) -> None:
    """The job of the secret shopper succeeded then."""
    pk = app.configure_task(proving.SHOPPER, allow_unknown=True).defer()
    with connection.cursor() as cursor:
        for state in ("doing", "succeeded"):
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [state, pk])
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [at, pk])


@pytest.fixture
def sound(ana: User, cole: User, settings: Settings, tmp_path: Path) -> None:
    """A site on which every check holds, with something for each to look at."""
    settings.ERASED_LIST = str(tmp_path / "erased")
    settings.PAGES_FOLDER = tmp_path / "pages"
    (tmp_path / "pages" / "proxy").mkdir(parents=True)
    written(ana)
    slot(verified(cole), NOW + timedelta(days=3), is_open=True)
    Erased.objects.create(account="00000000-0000-0000-0000-000000000007", at=NOW - HOUR)
    erasures.write(tmp_path / "erased", now=NOW)
    HelplineRecord.objects.bulk_create(
        HelplineRecord(key=line.key, checked_on=NOW.date(), checked_as=line.facts) for line in shipped()
    )
    publishing.publish_helplines()
    shopped(NOW - 3 * HOUR)


def test_a_part_of_a_sentence_is_marked_as_one() -> None:
    assert status.in_words("so that it stays deleted") == "… so that it stays deleted …"
    assert status.in_words("There are no adverts.") == "There are no adverts."


def test_each_sentence_stands_on_the_privacy_page(settings: Settings) -> None:
    page = (settings.PAGES / "privacy.md").read_text(encoding="utf-8")
    assert [sentence for sentence in PROMISES if sentence not in page] == []


def test_each_check_shows_something_says_what_it_does_and_is_run() -> None:
    assert {check for used in PROMISES.values() for check in used} == set(Check) == set(ABOUT)
    assert {*proving.CHECKS, Check.DRILL, Check.KEPT} == set(WITHIN) == set(Check) - IN_CI
    for check in IN_CI:
        [file] = re.findall(r"tests/\w+\.py", str(ABOUT[check]))
        assert Path(__file__).parents[2].joinpath(file).is_file()


@pytest.mark.usefixtures("sound")
def test_every_check_of_the_night_holds_on_a_sound_site() -> None:
    tasks.prove_promises(timestamp=int(NOW.timestamp()))
    runs = {run.name: run for run in CheckRun.objects.all()}
    assert {name: run.said for name, run in runs.items() if not run.holds} == {}
    assert set(runs) == {check.value for check in proving.CHECKS}
    assert {run.at for run in runs.values()} == {NOW}
    assert re.fullmatch(r"Encrypted rows that were opened: [1-9]\d*\.", runs["sealed"].said)
    assert re.fullmatch(r"Numbers on the help page: [1-9]\d*\.", runs["help"].said)


def test_a_site_that_has_erased_nobody_holds_a_year_later(settings: Settings, tmp_path: Path) -> None:
    settings.ERASED_LIST = str(tmp_path / "erased")
    later = NOW + timedelta(days=400)
    assert erasures.write(tmp_path / "erased", now=later) == 0
    assert proving.prove(Check.ERASED, later).holds


def test_who_is_past_the_retention_is_missing_in_the_list_at_once_and_in_the_table_at_night(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ERASED_LIST = str(tmp_path / "erased")
    Erased.objects.create(account="00000000-0000-0000-0000-000000000008", at=ERASED.cutoff(NOW) - HOUR)
    assert erasures.write(tmp_path / "erased", now=NOW) == 0
    assert proving.prove(Check.ERASED, NOW).holds


type Break = Callable[[Settings, pytest.MonkeyPatch], object]


def lose_the_keys(settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    settings.SEALING_KEYS = {"lost": secrets.token_bytes(32)}


def write_nothing(_settings: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sealed_sample, "sample", lambda _size: [sealed_sample.Tried("journal.Entry.sealed", 0, 0)])


def bring_back(_settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    Erased.objects.create(account=User.objects.get(email="ana@example.org").pk, at=NOW - HOUR)


def list_nobody(settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    Path(settings.ERASED_LIST).write_text("")


def damage_the_list(settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    Path(settings.ERASED_LIST).write_text("half a li")


def ask_the_database_for_help(_settings: Settings, patch: pytest.MonkeyPatch) -> None:
    lines = helplines
    patch.setattr(views, "helplines", lambda: [*lines()] if User.objects.exists() else [])


def leave_numbers_out(_settings: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(views, "by_country", lambda _lines: [])


def lose_the_copy(settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    Path(settings.PAGES_FOLDER, "proxy", "help_now.html").unlink()


def let_the_copy_grow_old(settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    Path(settings.PAGES_FOLDER, "proxy", "help_now.html").write_text("<p>Soon.</p>")


def check_no_helpline(_settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    HelplineRecord.objects.update(checked_on=NOW.date() - timedelta(days=181))


def allow_others(settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    settings.SECURE_CSP = settings.SECURE_CSP | {"img-src": ["'self'", "https://pictures.example"]}


def allow_everything(settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    settings.SECURE_CSP = {}


def name_others(_settings: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(views, "render", lambda *_: HttpResponse('<script defer src="//counts.example/x.js"></script>'))


def skip_a_night(_settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = %s", [NOW - 27 * HOUR])


def offer_what_is_refused(_settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    specialist = User.objects.get(email="cole@example.org").specialist
    FailedCheck.objects.create(specialist=specialist, which="last", starts_at=NOW, reason="taken", found_at=NOW)


def close_a_free_time(_settings: Settings, _patch: pytest.MonkeyPatch) -> None:
    Slot.objects.update(is_open=False)


def fail(_settings: Settings, patch: pytest.MonkeyPatch) -> None:
    def nothing(_now: datetime) -> Outcome:
        raise ValueError("ana@example.org")

    patch.setattr(proving, "CHECKS", {**proving.CHECKS, Check.SLOTS: nothing})


BROKEN: list[tuple[Check, Break, str]] = [
    (Check.SEALED, lose_the_keys, r"Of (\d+) encrypted rows, [1-9]\d* do not open\."),
    (Check.SEALED, write_nothing, r"Nothing is encrypted here, so nothing is shown\."),
    (Check.ERASED, bring_back, r"Accounts or keys of deleted accounts that are here: 2\."),
    (Check.ERASED, list_nobody, r"Nothing is left, but the list for a restore lacks 1 deleted accounts\."),
    (Check.ERASED, damage_the_list, r"Nothing is left, but the list for a restore cannot be read \(ERASED_LIST\)\."),
    (Check.HELP, ask_the_database_for_help, r"The help page asks the database\."),
    (Check.HELP, leave_numbers_out, r"Numbers that the help page lacks: [1-9]\d*\."),
    (Check.HELP, lose_the_copy, r"The proxy has no copy of the help page\."),
    (Check.HELP, let_the_copy_grow_old, r"Numbers that the help page lacks: [1-9]\d*\."),
    (Check.HELPLINES, check_no_helpline, r"Helplines that are due for a check: [1-9]\d* of \d+\."),
    (Check.OTHERS, allow_others, r"Pages that may ask another site: 7 of 7\."),
    (Check.OTHERS, allow_everything, r"Pages that may ask another site: 7 of 7\."),
    (Check.OTHERS, name_others, r"Pages that may ask another site: [1-9] of 7\."),
    (Check.SHOPPER, skip_a_night, r"It did not finish last night\."),
    (Check.SHOPPER, offer_what_is_refused, r"Times that are offered and cannot be booked: 1\."),
    (Check.SLOTS, close_a_free_time, r"Times that differ from the bookings: 1\."),
    (Check.SLOTS, fail, r"The check itself failed \(ValueError\)\."),
]


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize(("check", "broken", "says"), BROKEN, ids=[broken.__name__ for _, broken, _ in BROKEN])
def test_what_is_broken_turns_red(
    check: Check,
    broken: Break,
    says: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert proving.prove(check, NOW).holds
    broken(settings, monkeypatch)
    with pytest.raises(CommandError, match="Checks that do not hold: 1"):
        call_command("prove", f"--only={check}")
    assert re.fullmatch(rf"RED {check}: {says}\n", capsys.readouterr().out)
    run = CheckRun.objects.get(name=check)
    assert not run.holds
    assert re.fullmatch(says, run.said)
    assert state_of(check, run, NOW) is State.FAILED


def test_every_check_of_the_night_was_broken() -> None:
    assert {check for check, _broken, _says in BROKEN} == set(proving.CHECKS)


@pytest.mark.parametrize("check", WITHIN)
def test_what_was_shown_too_long_ago_or_never_is_red(check: Check) -> None:
    record(check, Outcome(True, "x"), NOW)
    run = CheckRun.objects.get(name=check)
    assert state_of(check, run, NOW + WITHIN[check]) is State.HOLDS
    assert state_of(check, run, NOW + WITHIN[check] + timedelta(seconds=1)) is State.OLD
    assert state_of(check, None, NOW) is State.NEVER


def test_what_ci_shows_is_known_of_a_release_alone() -> None:
    assert state_in_ci(RELEASE) is State.HOLDS
    for other in (BETWEEN, Release("0.2.0", "unknown"), Release("0.2.0", "852eb62b4f37-changed")):
        assert state_in_ci(other) is State.NO_RELEASE


@pytest.fixture
def all_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release on which every check has just held."""
    monkeypatch.setattr(status, "version", lambda: RELEASE.version)
    monkeypatch.setattr(status, "revision", lambda: RELEASE.revision)
    for check in WITHIN:
        record(check, Outcome(True, f"{check} was done."), NOW)


def reds(page: bytes) -> tuple[set[str], set[str]]:
    """The sentences, and the checks, that are marked red."""
    found: tuple[set[str], set[str]] = set(), set()
    for table, into in zip(assert_valid_html(page).iter("table"), found, strict=True):
        for row in table.iter("tr"):
            if row.find(".//strong[@class='red']") is not None and (head := row.find("./th")) is not None:
                into.add(row.get("id") or text_of(head).strip())
    return found


@pytest.mark.usefixtures("all_shown")
def test_the_page_names_each_promise_its_checks_and_their_last_runs(as_user: AsUser, dana: User) -> None:
    page = as_user(dana).get(STATUS)
    words = " ".join(text_of(assert_valid_html(page.content)).split())
    assert reds(page.content) == (set(), set())
    assert "Every promise below was shown to hold." in words
    assert all(status.in_words(sentence) in words for sentence in PROMISES)
    assert "{{" not in words
    assert all(f"{check} was done." in words for check in WITHIN)
    assert "28 November 2026, 05:17" in words
    assert words.count("Version 0.2.0, commit 852eb62b4f37.") == len(IN_CI)


@pytest.mark.usefixtures("all_shown")
@pytest.mark.parametrize("check", WITHIN)
def test_a_check_that_does_not_hold_turns_its_promises_red(as_user: AsUser, dana: User, check: Check) -> None:
    record(check, Outcome(False, "It does not."), NOW)
    sentences, checks = reds(as_user(dana).get(STATUS).content)
    assert checks == {check.value}
    assert sentences == {f"“{status.in_words(sentence)}”" for sentence, used in PROMISES.items() if check in used}


@pytest.mark.usefixtures("all_shown")
def test_a_release_in_between_says_that_nobody_knows(
    as_user: AsUser, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "version", lambda: BETWEEN.version)
    page = as_user(dana).get(STATUS)
    assert reds(page.content)[1] == {check.value for check in IN_CI}
    assert "Not known: this is no release" in page.text


def test_a_site_on_which_nothing_was_checked_is_red(as_user: AsUser, dana: User) -> None:
    page = as_user(dana).get(STATUS)
    assert {check.value for check in WITHIN} <= reds(page.content)[1]
    assert f"{len(PROMISES)} promises of the privacy page are not shown to hold." in text_of(
        assert_valid_html(page.content)
    )


@pytest.mark.usefixtures("all_shown")
def test_the_runs_are_read_by_one_query(as_user: AsUser, dana: User) -> None:
    client = as_user(dana)
    client.get(STATUS)
    with CaptureQueriesContext(connection) as captured:
        client.get(STATUS)
    assert len([one for one in captured if "reflect_checkrun" in one["sql"]]) == 1


@pytest.mark.usefixtures("all_shown")
def test_the_first_page_and_the_metrics_tell_how_many_are_red(as_user: AsUser, dana: User) -> None:
    client = as_user(dana)
    assert "Promises not shown to hold" not in headings(client.get("/admin/"))
    CheckRun.objects.filter(name=Check.DRILL).delete()
    record(Check.HELP, Outcome(False, "x"), NOW - HOUR)
    assert headings(client.get("/admin/"))["Promises not shown to hold"] == "2"
    [gauge] = promises_kept()
    assert {one.labels["check"]: one.value for one in gauge.samples} == {
        check.value: float(check not in {Check.DRILL, Check.HELP}) for check in WITHIN
    }


def headings(page: Any) -> dict[str, str]:
    """What waits on the first page, with its number."""
    found = {}
    for row in assert_valid_html(page.content).iter("li"):
        if (heading := row.find(".//h3")) is not None:
            found[text_of(heading)] = text_of(row.findall("./p")[0])
    return found
