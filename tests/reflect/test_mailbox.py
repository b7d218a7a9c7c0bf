"""The demo's mail is kept in files and shown on a page, in the demo alone."""

import io
import runpy
from pathlib import Path

import pytest
from django.contrib import admin
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from reflect import mailbox, urls
from tests.html import assert_valid_html

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.STATE_DIR = tmp_path
    settings.MAILERS = {"default": {"BACKEND": "reflect.mailbox.Mailbox"}}
    return tmp_path / "mailbox"


def send(subject: str = "Your code", body: str = "BCDF-GHJK\nü <b>") -> None:
    message = EmailMultiAlternatives(subject, body, to=["ana@example.org"])
    message.attach_alternative("<p>html</p>", "text/html")
    message.send()


def test_message_is_printed_and_shown(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    send()
    printed = capsys.readouterr().out
    assert "To: ana@example.org" in printed
    assert "BCDF-GHJK" in printed
    page = client.get(reverse("mailbox"))
    assert_valid_html(page.content)
    assert "Your code" in page.text
    letter = client.get(reverse("letter", args=[mailbox.names()[0]]))
    assert_valid_html(letter.content)
    assert "BCDF-GHJK<br>ü &lt;b&gt;" in letter.text


def test_newest_comes_first_and_the_oldest_go(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    for number in range(5):
        send(f"Number {number}")
    assert [letter.subject for letter in map(mailbox.read, mailbox.names()) if letter] == [
        "Number 4",
        "Number 3",
        "Number 2",
    ]


def test_empty_mailbox_says_what_would_be_here(client: Client) -> None:
    page = client.get(reverse("mailbox"))
    assert_valid_html(page.content)
    assert "No e-mail yet." in page.text


@pytest.mark.parametrize("name", ["1234567890123456789-00000000", "..", "demo.env", "%2e%2e"])
def test_nothing_else_is_read(client: Client, name: str, folder: Path) -> None:
    (folder.parent / "demo.env").write_text("SECRET_KEY=x")
    assert client.get(f"/demo/mailbox/{name}/").status_code == 404
    assert mailbox.read(name) is None


def test_half_written_message_is_not_listed(folder: Path) -> None:
    folder.mkdir()
    (folder / "1234567890123456789-00000000.new").write_bytes(b"")
    assert mailbox.names() == []


def test_stream_of_the_backend_can_be_given() -> None:
    stream = io.StringIO()
    mailbox.Mailbox(stream=stream).send_messages([mail.EmailMessage("Your code", "words", to=["ana@example.org"])])
    assert "Subject: Your code" in stream.getvalue()


@pytest.mark.parametrize("demo", [True, False])
def test_only_the_demo_has_the_addresses(settings: Settings, monkeypatch: pytest.MonkeyPatch, demo: bool) -> None:
    settings.DEMO = demo
    monkeypatch.setattr(admin.site, "login", admin.site.login)  # which urls.py replaces
    site = runpy.run_path(urls.__file__)["urlpatterns"]
    assert any("mailbox" in str(address.pattern) for address in site) is demo
