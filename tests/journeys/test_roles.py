"""An owner gives somebody a role and finds that in the log, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts import recovery_codes
from accounts.models import User
from accounts.roles import Role, roles_of
from tests.accounts import factors
from tests.journeys.conftest import assert_accessible, assert_fits
from tests.journeys.test_staff import log_in_as_staff, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "script"), [(320, True), (1280, False)])
def test_an_owner_gives_a_role_and_reads_the_log(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, dana: User, ben: User, width: int, script: bool
) -> None:
    for user in (dana, ben):
        factors.add_app(user)
    (code, *_) = recovery_codes.make(dana)
    context = new_context(java_script_enabled=script, viewport={"width": width, "height": 800}, color_scheme="dark")
    page = log_in_as_staff(context, live_server, dana)

    def look() -> None:
        assert_fits(page)
        if script:
            assert_accessible(page)

    page.goto("/admin/accounts/staff/")
    expect(page.get_by_role("link", name=dana.email, exact=True)).to_be_visible()
    look()
    page.get_by_label("Search for").fill(ben.email)
    press(page, "Search", "button")
    press(page, ben.email)
    look()
    press(page, "Give the role: Moderator")
    page.get_by_label("Code").fill(code)  # a session alone is not enough
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("They and all owners are told by e-mail.")).to_be_visible()
    look()
    press(page, "Give the role: Moderator", "button")
    expect(page.get_by_text("Role given: Moderator.")).to_be_visible()
    assert roles_of(User.objects.get(pk=ben.pk)) == [Role.MODERATOR]
    press(page, "What they did here")
    expect(page.get_by_text("Role given: Moderator.")).to_be_visible()
    look()
