"""Exporting everything, importing it again and deleting the account, with and without JavaScript."""

import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from journal.models import Entry
from tests.journal.written import written
from tests.journeys.conftest import PASSWORD, assert_accessible, assert_fits, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]

BROWSERS = pytest.mark.parametrize(
    "options",
    [{}, {"java_script_enabled": False, "color_scheme": "dark", "viewport": {"width": 320, "height": 640}}],
    ids=["scripts", "no scripts, dark, 320"],
)


def follow(page: Page, link: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=link).click()
    show_again(page)


def show_again(page: Page) -> None:
    """Confirm the password if the page asks for it."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Continue").click()


def look(page: Page, options: dict[str, object]) -> None:
    assert_fits(page)
    if options.get("java_script_enabled", True):
        assert_accessible(page)


def texts(owner: User) -> list[str]:
    return sorted(entry.content(owner).texts[0] for entry in Entry.objects.of(owner))


@BROWSERS
def test_everything_goes_along_and_comes_back(
    new_context: NewContext, ana: User, ben: User, tmp_path: Path, options: dict[str, object]
) -> None:
    for n in range(3):
        written(ana, f"Page {n}: ça va, 🙂.", at=timezone.now())
    page = new_context(**options).new_page()
    log_in(page, ana.email)
    page.goto("/account/data/")
    look(page, options)
    follow(page, "Download everything")
    look(page, options)
    page.get_by_role("button", name="Download everything").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    with ZipFile(io.BytesIO(saved.read_bytes())) as archive:
        assert archive.testzip() is None
        assert "Page 2: ça va, 🙂." in archive.read("journal.md").decode()

    nothing = "Nothing was added."
    for owner, said in ((ana, nothing), (ben, "Added from the file: 3 entries."), (ben, nothing)):
        theirs = new_context(**options).new_page()
        log_in(theirs, owner.email)
        theirs.goto("/account/data/")
        theirs.get_by_role("link", name="Import a file").click()
        look(theirs, options)
        theirs.get_by_label("The file that you downloaded").set_input_files(saved)
        theirs.get_by_role("button", name="Import").focus()
        theirs.keyboard.press("Enter")
        expect(theirs.get_by_text(said)).to_be_visible()
        look(theirs, options)
        assert texts(owner) == texts(ana)


@BROWSERS
def test_a_file_of_something_else_is_named(new_context: NewContext, ana: User, options: dict[str, object]) -> None:
    page = new_context(**options).new_page()
    log_in(page, ana.email)
    page.goto("/account/data/add/")
    file = {"name": "holiday.zip", "mimeType": "application/zip", "buffer": b"PK not a zip"}
    page.get_by_label("The file that you downloaded").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("this is not a file that was downloaded here").first).to_be_visible()
    look(page, options)


@BROWSERS
def test_an_account_is_deleted_kept_and_deleted_at_once(
    new_context: NewContext, ana: User, options: dict[str, object]
) -> None:
    written(ana, at=timezone.now())
    page = new_context(**options).new_page()
    log_in(page, ana.email)
    page.goto("/account/data/")
    follow(page, "Delete my account")
    look(page, options)
    page.get_by_role("button", name="Delete my account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("deleted in 7 days")).to_be_visible()
    look(page, options)
    page.goto("/journal/")
    page.wait_for_url("**/accounts/login/**")

    page.get_by_label("E-mail address").fill(ana.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/closing/")
    look(page, options)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Your account will not be deleted. Everything is as it was.")).to_be_visible()
    assert Entry.objects.of(ana).exists()

    page.goto("/account/data/delete/")
    show_again(page)
    page.get_by_role("link", name="Delete everything at once").click()
    page.wait_for_url("**/delete/now/")
    look(page, options)
    page.get_by_role("button", name="Delete now").click()
    expect(page.get_by_text("Your account is deleted. Locked copies in backups will disappear too.")).to_be_visible()
    assert not User.objects.exists()
    assert not Entry.objects.exists()
    log_in_again = new_context(**options).new_page()
    log_in_again.goto("/accounts/login/")
    log_in_again.get_by_label("E-mail address").fill("ana@example.org")
    log_in_again.get_by_label("Password").fill(PASSWORD)
    log_in_again.get_by_role("button", name="Log in").click()
    expect(log_in_again.get_by_text("the password is not right").first).to_be_visible()


def test_long_work_is_shown_and_begun_once(new_context: NewContext, ana: User) -> None:
    page = new_context().new_page()
    log_in(page, ana.email)
    page.goto("/account/data/add/")
    show_again(page)
    page.evaluate(
        """() => {
          window.sent = 0;
          addEventListener("submit", (event) => {
            if (!event.defaultPrevented) window.sent += 1;
            event.preventDefault();
          });
        }"""
    )
    button = page.get_by_role("button", name="Import")
    button.click()
    expect(page.get_by_text("Your file is being read and encrypted.")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Importing")).to_be_visible()
    assert_accessible(page)
    button.click()
    assert page.evaluate("window.sent") == 1
