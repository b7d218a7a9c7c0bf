"""The cast, and fixtures for every test."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from datetime import timedelta
from uuid import uuid4

import hypothesis
import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from accounts.export import downloads
from accounts.models import User

type AsUser = Callable[[User], Client]

# A busy machine must not fail a test.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shift-days", type=int, default=0, help="run the tests as if it were this many days later")
    parser.addoption(
        "--slow-pages",
        type=int,
        default=0,
        metavar="MS",
        help="run journeys as on a slow machine: every request takes up to this many milliseconds longer",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the image out unless it is asked for, and the proxy where nginx is not installed; `.ci/run` tests both."""
    unwanted = {"image"} - set(config.option.markexpr.split())
    if not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        unwanted.add("nginx")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in unwanted)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Shift the clock around the whole test, so that fixtures of every scope and a clock set by the test are inside.

    Tests in a browser and those marked `own_clock` run unshifted: they read clocks that cannot be moved.
    """
    days = item.config.getoption("shift_days")
    if not days or item.get_closest_marker("own_clock") or item.get_closest_marker("browser"):
        return (yield)
    with time_machine.travel(timedelta(days=days)):
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let transactional tests truncate what is only added to, as they do every other table."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_consent DISABLE TRIGGER consents_are_never_truncated")
        cursor.execute("ALTER TABLE accounts_staffaction DISABLE TRIGGER staff_log_is_never_truncated")


@pytest.fixture(autouse=True)
def fast_and_local(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A fast password hasher, static files without a manifest, mail kept in memory, no record of helplines.

    Nothing that the process kept for its pages is of the test before.
    """
    caches["fragments"].clear()
    settings.PAGES_FOLDER = tmp_path_factory.getbasetemp() / f"pages-{uuid4()}"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture(autouse=True)
def no_download_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A download that is begun and not read keeps its place until Python collects it, perhaps in another test."""
    yield
    if not request.node.get_closest_marker("browser"):
        assert not downloads.taken


def with_confirmed_address(user: User) -> User:
    """Confirm the e-mail address and log in once, as sign-up does."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    user.last_login = user.created_at
    user.save(update_fields=["last_login"])
    return user


@pytest.fixture
def ana(db: None) -> User:
    """A member."""
    return with_confirmed_address(User.objects.create_user("ana@example.org", "look-at-the-balance"))


@pytest.fixture
def ben(db: None) -> User:
    """Another member."""
    return with_confirmed_address(User.objects.create_user("ben@example.org", "look-at-the-balance"))


@pytest.fixture
def cole(db: None) -> User:
    """A specialist."""
    cole = User.objects.create_user("cole@example.org", "look-at-the-balance", is_specialist=True)
    return with_confirmed_address(cole)


@pytest.fixture
def dana(db: None) -> User:
    """Staff, with all rights."""
    return with_confirmed_address(User.objects.create_superuser("dana@example.org", "look-at-the-balance"))


def show_second_factor(client: Client, user: User, *, again: bool = False) -> None:
    """Store in the session what logging in with an authenticator app stores, or showing it `again` on request."""
    session = client.session
    record = {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": again}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture
def as_user(client: Client) -> AsUser:
    """Logs the test client in as a user, in a new session even if the last one was theirs."""

    def log_in(user: User) -> Client:
        client.logout()
        client.force_login(user)
        if user.needs_second_factor:
            show_second_factor(client, user)
        return client

    return log_in
