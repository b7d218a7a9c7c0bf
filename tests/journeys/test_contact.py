"""Contact: without an account and by a code, by a mail through a real server, and from an account."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Mail, User
from exchange.models import Contact
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_staff import log_in_as_staff, press
from tests.processes import Postbox, free_port, mail_server, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "Marked words of a message."
PHONE = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
SCREEN = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test is as quick as a program."""
    monkeypatch.setattr("exchange.forms.contact.LEAST", timedelta(seconds=-1))


def write(page: Page, topic: str, safe: str = "", address: str = "") -> None:
    """Fill in the form by keyboard."""
    page.get_by_label("What is it about?").select_option(topic)
    page.get_by_label("Your message").focus()
    page.keyboard.type(WORDS)
    if safe:
        page.get_by_label(safe, exact=True).focus()
        page.keyboard.press("Space")
    if address:
        page.get_by_label("Your e-mail address").focus()
        page.keyboard.type(address)


def answer(page: Page, words: str) -> None:
    """Open the newest message of the inbox, and answer it, by keyboard."""
    page.goto("/admin/exchange/contact/?state__exact=new")
    link = page.locator("#result_list tbody th a")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(WORDS)).to_be_visible()
    press(page, "Answer")
    page.get_by_label("Answer").focus()
    page.keyboard.type(words)
    assert_fits(page)
    press(page, "Answer", "button")
    expect(page.get_by_text("Answered.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("options", [PHONE, SCREEN], ids=["phone", "screen"])
def test_an_answer_is_read_with_a_code(
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    dana: User,
    options: dict[str, object],
    script: bool,
) -> None:
    page = new_context(java_script_enabled=script, **options).new_page()

    def look() -> None:
        assert_fits(page)
        if script:
            assert_accessible(page)

    page.goto("/accounts/login/")
    press(page, "I can’t get in")
    expect(page.get_by_label("What is it about?")).to_have_value("access")
    expect(page.get_by_label("Leave this field empty")).to_be_hidden()
    look()
    page.get_by_label("What is it about?").select_option("")
    page.get_by_label("Your message").fill(WORDS)
    press(page, "Send", "button")
    expect(page.get_by_role("alert")).to_contain_text("Choose what it is about.")
    expect(page.get_by_label("Your message")).to_have_value(WORDS)
    look()
    page.get_by_label("Your message").fill("")
    write(page, "access", "No")
    press(page, "Send", "button")
    expect(page.get_by_role("heading", name="Your message has been sent.")).to_be_visible()
    code = page.locator("main code").inner_text()
    look()
    page.goto("/accounts/login/")
    page.go_back()
    expect(page.get_by_text(code)).to_be_hidden()

    staff = new_context(java_script_enabled=script, **options)
    answer(log_in_as_staff(staff, live_server, dana), "Marked answer.")

    page.goto("/contact/")
    press(page, "Read the answer")
    expect(page.get_by_label("Your code")).to_be_visible()
    look()
    page.get_by_label("Your code").focus()
    page.keyboard.type(code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Marked answer.")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_hidden()
    look()
    page.reload()
    expect(page.get_by_label("Your code")).to_be_visible()


def test_an_answer_goes_to_a_safe_address_once(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, dana: User
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/contact/")
    write(page, "press", "Yes", "somebody@example.org")
    press(page, "Send", "button")
    expect(page.get_by_text("The answer will come by e-mail.")).to_be_visible()
    staff = log_in_as_staff(new_context(), live_server, dana)
    answer(staff, "Marked answer.")
    postbox, port = Postbox(), free_port()
    with mail_server(postbox, port):
        for _run in range(2):
            with running("worker", "mail", "--one-shot", mail_port=port) as worker:
                _out, said = worker.communicate(timeout=60)
                assert worker.returncode == 0, said.decode()
    [letter] = postbox.letters
    assert letter["To"] == "somebody@example.org"
    assert letter["Subject"] == "You have a new message"
    assert "Marked answer." in str(letter)
    assert WORDS not in str(letter)
    assert Mail.objects.get().sealed is None
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


@pytest.mark.parametrize("script", [True, False])
def test_a_member_reads_the_answer_below_the_form(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, ana: User, dana: User, script: bool
) -> None:
    page = new_context(java_script_enabled=script, **PHONE).new_page()
    log_in(page, ana.email)
    press(page, "Contact")
    write(page, "other")
    press(page, "Send", "button")
    expect(page.get_by_text("Your message has been sent. The answer will be on this page.")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("")
    page.go_back()
    expect(page.get_by_label("Your message")).to_be_visible()
    answer(log_in_as_staff(new_context(), live_server, dana), "Marked answer.")
    page.goto("/contact/")
    expect(page.get_by_text("Marked answer.")).to_be_visible()
    assert_fits(page)
    if script:
        assert_accessible(page)
    assert Contact.objects.get().owner == ana
