"""Who may send a file, how large a body may be, and that nothing more of it is read than it takes to know."""

import re
import tempfile
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from accounts.models import User
from lib.figures import MEGABYTE
from tests.accounts.factors import PASSWORD
from tests.addresses import addresses
from tests.conftest import AsUser
from tests.consultations.cast import verified
from tests.html import assert_valid_html

HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
CHUNK = 64 * 2**10  # what Django reads at once
CONF = Path(project.BASE_DIR, "deploy", "nginx", "reflect.conf")


class Endless:
    """A body that begins with a file and goes on for as long as somebody reads."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int) -> bytes:
        part = (HEAD if not self.given else b"").ljust(size, b"a")
        self.given += size
        return part

    readline = read


def send(client: Client, address: str, size: int) -> tuple[HttpResponse, int]:
    """Post a file in a body of this size; the answer, and how much of the body was read."""
    body, kind = Endless(), "multipart/form-data; boundary=x"
    extra = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": kind, "wsgi.input": body}
    answer = client.post(address, **extra)  # type: ignore[arg-type]
    return answer, body.given  # type: ignore[return-value]


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was written into temporary files."""
    made: list[object] = []
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *args, **kwargs: made.append(args))
    return made


@pytest.mark.parametrize("size", [1000, 300 * MEGABYTE])
@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/signup/", "/journal/new/", "/balance/start/", "/admin/login/"]
)
def test_a_file_is_refused_where_none_is_taken(ana: User, spooled: list[object], address: str, size: int) -> None:
    visitor, member = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    member.force_login(ana)
    for client in (visitor, member):
        client.cookies[project.CSRF_COOKIE_NAME] = "a" * 32  # the check looks for its token among the fields
        answer, read = send(client, address, size)
        assert answer.status_code == 413
        assert read <= CHUNK
        assert_valid_html(answer.content)
        assert "too much to send" in answer.text
    assert not spooled


@pytest.mark.django_db
def test_visitors_are_led_to_the_login_before_a_file_of_theirs_is_read(client: Client) -> None:
    for address in ("/account/data/add/", "/practice/photo/"):
        answer, read = send(client, address, 40 * MEGABYTE)
        assert (answer.status_code, read) == (302, 0)


@pytest.mark.parametrize(("address", "most"), [("/account/data/add/", 50), ("/practice/photo/", 5)])
def test_a_form_with_a_file_takes_one_of_its_own_size(
    cole: User, as_user: AsUser, spooled: list[object], address: str, most: int
) -> None:
    client = as_user(verified(cole).user)
    answer, read = send(client, address, (most + 1) * MEGABYTE + 1)
    assert (answer.status_code, read) == (413, 0)
    answer, read = send(client, address, 10_000)
    assert read == 10_000
    two = [SimpleUploadedFile(name, b"a" * 100) for name in "ab"]
    assert client.post(address, {"file": two}).status_code == 413
    page = client.post(address, {"file": SimpleUploadedFile("a", b"a" * 3 * MEGABYTE)}, follow=True)
    assert "form" in page.text
    assert not spooled


def test_a_member_without_a_practice_sends_no_photo(ana: User, as_user: AsUser) -> None:
    answer, read = send(as_user(ana), "/practice/photo/", MEGABYTE)
    assert (answer.status_code, read) == (302, 0)


@pytest.mark.parametrize("address", ["/account/data/add/", "/practice/photo/"])
def test_a_forged_file_is_refused(cole: User, address: str) -> None:
    verified(cole)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cole)
    assert client.post(address, {"file": SimpleUploadedFile("a", b"a")}, follow=True).status_code == 403


def test_fields_may_come_as_multipart(client: Client, ana: User) -> None:
    answer = client.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/today/"


@pytest.mark.django_db
def test_every_body_has_a_limit(client: Client) -> None:
    body = urlencode({"login": "a" * project.DATA_UPLOAD_MAX_MEMORY_SIZE})
    answer = client.post("/accounts/login/", body, "application/x-www-form-urlencoded")
    assert answer.status_code == 413


def test_the_proxy_lets_pass_what_the_pages_take() -> None:
    found = re.findall(r"location (?:= )?(\S+) \{[^}]*client_max_body_size (\d+)m;", CONF.read_text())
    sizes = {address: int(size) * MEGABYTE for address, size in found}
    assert sizes.pop("/") == project.DATA_UPLOAD_MAX_MEMORY_SIZE
    routes = {f"/{address.route}" for address in addresses() if not address.parameters and "^" not in address.route}
    taken = {route: getattr(resolve(route).func, "largest_body", None) for route in routes}
    assert sizes == {route: size for route, size in taken.items() if size}
