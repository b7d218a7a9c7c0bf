"""Sign-up, settings and the second factor in a real browser: by keyboard alone, and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from tests.accounts.factors import PASSWORD, code_from_app, code_from_mail
from tests.journeys.conftest import assert_accessible, assert_fits, log_in, sign_out
from tests.outbox import mailed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]

TODAY = re.compile(r"\d/today/$")  # and not the page that leads there, whose address ends likewise


def press_to(page: Page, words: str) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in (
            page.evaluate("document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText") or ""
        ):
            return
    pytest.fail(f"Tab never came to {words}")


def sign_up_by_keyboard(page: Page) -> None:
    page.goto("/accounts/signup/")
    press_to(page, "E-mail address")
    page.keyboard.type("eve@example.org")
    press_to(page, "Password")
    page.keyboard.type("four quiet ordinary words")
    press_to(page, "I am 18 or older")
    page.keyboard.press("Space")
    press_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code from your e-mail")
    press_to(page, "Code")
    page.keyboard.type(code_from_mail())
    page.keyboard.press("Enter")
    page.wait_for_url("**/leave-explained/?next=/today/")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_sign_up_to_second_step_by_keyboard(new_context: NewContext, script: bool) -> None:
    page = new_context(java_script_enabled=script).new_page()
    sign_up_by_keyboard(page)
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url(TODAY)

    page.goto("/account/settings/")
    press_to(page, "Name to be called by")
    page.keyboard.type("Evi")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("Name to be called by")).to_have_value("Evi")

    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill("four quiet ordinary words")
    page.get_by_role("button", name="Continue").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code from the app").fill(code_from_app(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator(".codes code")).to_have_count(10)
    recovery_code, another, *_ = page.locator(".codes code").all_inner_texts()
    press_to(page, "I have saved them")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Codes that still work: 10")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Codes that still work: 10")).to_be_visible()
    expect(page.get_by_text(recovery_code)).to_have_count(0)

    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill("eve@example.org")
    page.get_by_label("Password").fill("four quiet ordinary words")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/today/")
    assert len(mailed()) == 2  # the code, and the notice of a second factor; none about logging in

    page.goto("/accounts/2fa/recovery-codes/generate/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm that it is you")
    expect(page.get_by_label("Password")).to_have_count(0)
    page.get_by_label("Code").fill(another.lower().replace("-", " "))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Make codes").click()
    expect(page.locator(".codes code")).to_have_count(10)
    page.reload()
    expect(page.get_by_text("Codes that still work: 10")).to_be_visible()
    expect(page.locator(".codes code")).to_have_count(0)


def test_the_code_goes_to_the_address_that_was_typed(page: Page) -> None:
    """In a field of type "email", Chromium makes another domain of this one, which may be somebody else's."""
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("eve@straße.example")
    page.get_by_label("Password").fill("four quiet ordinary words")
    page.get_by_label("I am 18 or older").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("eve@straße.example")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_browser_that_was_open_before_the_set_up_is_signed_out(
    new_context: NewContext, ana: User, script: bool
) -> None:
    before, page = (new_context(java_script_enabled=script).new_page() for _ in range(2))
    log_in(before, ana.email)
    log_in(page, ana.email)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code from the app").fill(code_from_app(page.locator("code").inner_text()))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    before.goto("/accounts/2fa/totp/deactivate/")
    before.wait_for_url(re.compile(r"/accounts/login/"))
    page.goto("/account/settings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


def test_passkey_from_adding_to_logging_in(page: Page, ana: User) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    log_in(page, ana.email)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Use it instead of the password").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")

    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Used instead of the password.")).to_be_visible()
    sign_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/today/")

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No passkey yet.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_another_browser_is_signed_out_from_here(new_context: NewContext, ana: User, script: bool) -> None:
    here, there = (new_context(java_script_enabled=script).new_page() for _ in range(2))
    for page in (here, there):
        log_in(page, ana.email)
    here.goto("/accounts/sessions/")
    expect(here.get_by_text("Last used on")).to_have_count(2)
    here.get_by_role("button", name="Sign out there").click()
    expect(here.get_by_text("That browser is signed out.")).to_be_visible()
    expect(here.get_by_role("heading", name="Another browser")).to_have_count(0)
    there.goto("/today/")
    there.wait_for_url("**/accounts/login/**")
    here.get_by_role("button", name="Sign out everywhere").click()
    here.wait_for_url("**/accounts/login/")
    expect(here.get_by_text("You are signed out everywhere.")).to_be_visible()


def test_a_double_click_at_the_page_that_asks_again_signs_nobody_out(page: Page, ana: User) -> None:
    log_in(page, ana.email)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").dblclick()
    expect(page.get_by_label("Code from the app")).to_be_visible()
    page.goto("/account/settings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_account_pages_are_accessible_and_fit(new_context: NewContext, ana: User, scheme: str, width: int) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    log_in(page, ana.email)
    for path in (
        "/account/settings/",
        "/account/consents/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/2fa/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
    ):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    for path in ("/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/activate/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)
    page.get_by_label("Code from the app").fill(code_from_app(page.locator("code").inner_text()))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".codes code")).to_have_count(10)
    assert_accessible(page)
    assert_fits(page)
    for path in ("/accounts/2fa/", "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/reauthenticate/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_refused_password_is_seen_mended_and_hidden_again_by_keyboard(new_context: NewContext, script: bool) -> None:
    page = new_context(java_script_enabled=script).new_page()
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.goto("/accounts/signup/")
    field, show = page.get_by_label("Password", exact=False), page.get_by_role("button", name="Show Password")
    press_to(page, "E-mail address")
    page.keyboard.type("eve@example.org")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.type("123456789012")
    if script:
        page.keyboard.press("Tab")
        expect(show).to_be_focused()
        expect(show).to_have_attribute("aria-pressed", "false")
        page.keyboard.press("Space")
        expect(show).to_have_attribute("aria-pressed", "true")
        expect(show).to_be_focused()
        expect(field).to_have_attribute("type", "text")
    else:
        expect(show).to_have_count(0)
    press_to(page, "I am 18 or older")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#error_1_id_password1")).to_contain_text("This password is easy to guess.")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value("")

    field.fill("four quiet ordinary words")
    press_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code from your e-mail")
    assert not problems


def test_show_keeps_the_place_in_the_field_and_hides_at_submit(page: Page, ana: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(ana.email)
    field, show = page.get_by_label("Password", exact=False), page.get_by_role("button", name="Show Password")
    field.fill(PASSWORD)
    field.evaluate("field => field.setSelectionRange(4, 4)")
    show.click()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("type", "text")
    assert field.evaluate("field => field.selectionStart") == 4
    show.click()
    expect(field).to_have_attribute("type", "password")
    show.click()
    field.evaluate(
        "field => field.form.addEventListener('submit', event => { event.preventDefault(); window.sent = field.type })"
    )
    page.get_by_role("button", name="Log in").click()
    assert page.evaluate("window.sent") == "password"
    expect(show).to_have_attribute("aria-pressed", "false")


def test_both_fields_of_a_new_password_have_a_button_of_their_own(page: Page, ana: User) -> None:
    log_in(page, ana.email)
    page.emulate_media(reduced_motion="reduce")  # else axe may see the button while its colours change
    page.goto("/accounts/password/change/")
    page.get_by_role("button", name="Show New password").click()
    expect(page.locator("#id_password1")).to_have_attribute("type", "text")
    expect(page.locator("#id_oldpassword")).to_have_attribute("type", "password")
    assert_accessible(page)
