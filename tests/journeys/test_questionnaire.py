"""From the first question to a result and its comparison, in a real browser."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts import consents
from accounts.models import User
from accounts.self_document import gentle_prompts
from assessments import services
from assessments.models import InstrumentVersion, Response, Result
from assessments.services import load_version
from guide.services import add_missing_prompts
from tests.answered import finished
from tests.assessments.vectors import ROOT, SOURCE, SOURCE_2
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_account import TODAY, press_to, sign_up_by_keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]

SHORT_FORM_PARTS = 18


@pytest.fixture(autouse=True)
def questionnaire(transactional_db: None) -> InstrumentVersion:
    """The questionnaire and the guide's prompts, as `make demo` loads them."""
    add_missing_prompts(source=(ROOT / "guide" / "content" / "prompts.toml").read_text(encoding="utf-8"))
    version, _ = load_version(source=SOURCE, publish=True, now=datetime.now(UTC))
    return version


def begin(page: Page, form: str = "Short form", same: str | None = None) -> None:
    page.goto("/balance/start/")
    page.get_by_label(re.compile(form)).check()
    page.get_by_role("group", name="Are you in this relationship now?").get_by_label("Yes", exact=True).check()
    if same:
        page.get_by_role("group", name="Is this about the same relationship").get_by_label(same, exact=True).check()
    agree = page.get_by_label(re.compile("I agree that my answers about"))
    if agree.count():
        agree.check()
    go_on(page)
    expect(page.locator(".progress")).to_contain_text("Part 1 of")


def go_on(page: Page) -> None:
    """To the next page, which looks much like this one."""
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()


def answer_part(page: Page, give: int = 3, receive: int = 1) -> None:
    """Answer the open part: `give` and `receive` by their index on the scale, the rest in the middle."""
    for fieldset in page.locator("fieldset.scale").all():
        kind = fieldset.get_attribute("class") or ""
        stop = give if "scale-give" in kind else receive if "scale-receive" in kind else 2
        fieldset.locator(".stops input").nth(stop).check()


def answer_all(page: Page, **sides: int) -> None:
    for number in range(1, SHORT_FORM_PARTS + 1):
        last = number == SHORT_FORM_PARTS
        expect(page.locator(".progress")).to_contain_text("Last part" if last else f"Part {number} of")
        answer_part(page, **sides)
        go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you see your result")


def see_result(page: Page) -> None:
    page.get_by_role("button", name="See my result").click()
    page.wait_for_url("**/balance/results/**")


def test_sign_up_short_form_result(page: Page) -> None:
    sign_up_by_keyboard(page)
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url(TODAY)
    begin(page)
    answer_all(page)
    expect(page.get_by_text("You have answered every question.")).to_be_visible()
    see_result(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("In your answers, you give more than you receive.")
    expect(page.get_by_role("img", name=re.compile("You give 3.0 of 4"))).to_be_visible()
    page.get_by_text("Every question with your answer").click()
    expect(page.get_by_text("How much I listened when something mattered to my partner.")).to_be_visible()
    page.goto("/today/")
    expect(page.locator("main")).to_contain_text("give more")
    expect(page.locator("main")).to_contain_text("I give 3.0 of 4")


def test_a_result_leads_to_its_parts_and_to_the_answers_behind_a_text(
    page: Page, ana: User, questionnaire: InstrumentVersion
) -> None:
    result = finished(ana, questionnaire, now=datetime.now(UTC))
    log_in(page, ana.email)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/balance/results/{result.pk}/")
    contents = page.get_by_role("navigation", name="On this page")
    for link in contents.get_by_role("link").all():
        link.click()
        expect(page.get_by_role("heading", name=link.inner_text(), exact=True)).to_be_in_viewport()
    page.get_by_role("link", name="What you answered").nth(1).click()
    expect(page.get_by_text("I can say plainly which parts of our relationship are uneven.")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(contents).to_be_hidden()


def test_a_printed_result_is_open_and_takes_three_sheets(
    page: Page, ana: User, questionnaire: InstrumentVersion
) -> None:
    for vector in ("worked-2", "worked-1"):
        result = finished(ana, questionnaire, vector, datetime.now(UTC))
    log_in(page, ana.email)
    page.goto(f"/balance/results/{result.pk}/")
    answer = page.get_by_text("I had someone else to talk to when I needed support.")
    expect(answer).to_be_hidden()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, format="A4"))
    assert 1 < len(sheets) <= 3
    page.emulate_media(media="print")
    expect(answer).to_be_visible()
    expect(page.locator(".exit")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_whole_journey_by_keyboard(new_context: NewContext, ana: User, script: bool) -> None:
    context = new_context(java_script_enabled=script)
    page = context.new_page()
    log_in(page, ana.email)
    begin(page)
    for number in range(1, SHORT_FORM_PARTS + 1):
        here = "Last part" if number == SHORT_FORM_PARTS else f"Part {number} of {SHORT_FORM_PARTS}"
        expect(page.locator(".progress")).to_contain_text(here)
        for fieldset in page.locator("fieldset.scale").all():
            fieldset.locator(".stops input").first.focus()
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you see your result")
    page.get_by_role("button", name="See my result").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/balance/results/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("about level, as far as this can tell")


def test_keyboard_finds_every_control_of_a_part_in_order(page: Page, ana: User) -> None:
    log_in(page, ana.email)
    begin(page)
    go_on(page)
    page.goto(page.url)
    press_to(page, "None")
    press_to(page, "Continue")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Back", exact=True)).to_be_focused()


def test_second_version_by_keyboard_with_what_did_not_come_up(page: Page, ana: User) -> None:
    """The short form, in which comfort and a no had no occasion."""
    services.load_version(source=SOURCE_2, publish=True, now=datetime.now(UTC))
    log_in(page, ana.email)
    begin(page)
    did_not_come_up = {"emotional_give", "emotional_receive", "ref2", "ref5"}
    for number in range(SHORT_FORM_PARTS):
        for fieldset in page.locator("fieldset.scale").all():
            first = fieldset.locator(".stops input").first
            first.focus()
            page.keyboard.press("Space")
            if first.get_attribute("name") in did_not_come_up:
                for _way in range(3):  # back from the first answer, past the last ways not to answer
                    page.keyboard.press("ArrowLeft")
                expect(fieldset.get_by_label("It did not come up")).to_be_checked()
            else:
                page.keyboard.press("ArrowRight")
        if number == 1:
            assert_accessible(page)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_text("You have answered every question.")).to_be_visible()
    answers = Response.objects.get().answers(ana).answers
    assert {key for key, answer in answers.items() if answer == "no_occasion"} == did_not_come_up


def test_begun_in_one_browser_and_gone_on_with_in_another(new_context: NewContext, ana: User) -> None:
    first, second = new_context().new_page(), new_context().new_page()
    log_in(first, ana.email)
    begin(first)
    for _part in range(3):
        answer_part(first)
        go_on(first)
    answer_part(first)
    first.get_by_role("button", name="Save and stop for now").click()
    expect(first.locator("main")).to_contain_text("Your answers are saved.")

    log_in(second, ana.email)
    second.goto("/balance/")
    second.get_by_role("link", name="Continue").click()
    expect(second.locator(".progress")).to_contain_text("Part 5 of 18")
    second.get_by_role("button", name="Back", exact=True).click()
    expect(second.locator(".progress")).to_contain_text("Part 4 of 18")
    expect(second.locator("fieldset.scale-give .stops input").nth(3)).to_be_checked()


def test_two_tabs_answer_different_parts_and_submit_twice(new_context: NewContext, ana: User) -> None:
    context = new_context()
    one = context.new_page()
    log_in(one, ana.email)
    begin(one)
    answer_all(one)
    two = context.new_page()
    two.goto(one.url.replace("/check/", "/2/"))
    answer_part(two, give=1, receive=3)
    two.get_by_role("button", name="Save and stop for now").click()
    expect(two.locator("main")).to_contain_text("Your answers are saved.")
    one.bring_to_front()
    one.reload()
    see_result(one)
    two.bring_to_front()
    two.goto(one.url)
    assert Response.objects.count() == Result.objects.count() == 1
    saved = Response.objects.get().answers(ana)
    assert (saved.answers["attention_give"], saved.answers["practical_give"]) == (1, 3)


def test_unanswered_parts_are_listed_and_lead_back(page: Page, ana: User) -> None:
    log_in(page, ana.email)
    begin(page)
    for _part in range(SHORT_FORM_PARTS):
        go_on(page)
    expect(page.get_by_role("heading", name="Not enough for the balance yet")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Part 2: Attention and listening").click()
    answer_part(page)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you see your result")
    see_result(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("There are not enough answers for the balance.")


def test_two_results_are_compared_and_one_deleted(page: Page, ana: User, questionnaire: InstrumentVersion) -> None:
    vectors = ("extreme-receive", "extreme-give")
    _first, result = (finished(ana, questionnaire, vector, datetime.now(UTC)) for vector in vectors)
    log_in(page, ana.email)
    page.goto(f"/balance/results/{result.pk}/")
    expect(page.locator("main")).to_contain_text("Your balance has probably moved towards giving.")
    page.get_by_role("link", name="Delete this result").click()
    page.get_by_role("button", name=re.compile("Delete")).click()
    page.wait_for_url("**/balance/")
    assert Result.objects.count() == Response.objects.count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_ana_answers_a_third_time_about_another_relationship_and_sees_no_change(
    new_context: NewContext, ana: User, questionnaire: InstrumentVersion, script: bool
) -> None:
    now = datetime.now(UTC)
    for days, vector in ((60, "extreme-receive"), (30, "extreme-give")):
        finished(ana, questionnaire, vector, now - timedelta(days=days))
    page = new_context(java_script_enabled=script).new_page()
    log_in(page, ana.email)
    page.goto("/balance/start/")
    go_on(page)
    error = page.get_by_role("link", name="Choose whether this is about the same relationship.")
    expect(error).to_be_visible()
    begin(page, same="No")
    answer_all(page)
    see_result(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="What changed")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("Before:")
    page.goto("/balance/")
    expect(page.get_by_text("the results below are about another relationship")).to_have_count(1)
    page.get_by_role("button", name="Show the comparison").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No comparison to show.")
    expect(page.locator("main")).to_contain_text("These two results are about different relationships")
    page.get_by_role("link", name="All results").click()
    page.get_by_label("Earlier").select_option(index=2)
    page.get_by_label("Later").select_option(index=1)
    page.get_by_role("button", name="Show the comparison").click()
    expect(page.locator(".lede")).to_have_text("Your balance has probably moved towards giving.")
    page.locator("summary", has_text="Both answers, both times").click()
    expect(page.get_by_role("cell", name="0, then 4").first).to_be_visible()


def test_safety_answers_change_the_page_and_nothing_else(
    page: Page, ana: User, questionnaire: InstrumentVersion
) -> None:
    result = finished(ana, questionnaire, now=datetime.now(UTC))
    log_in(page, ana.email)
    page.goto(f"/balance/results/{result.pk}/")
    page.get_by_label("Yes").first.check()
    page.locator("form", has_text="Three more questions").get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your safety comes before balance")).to_be_visible()
    assert_accessible(page)
    ana.refresh_from_db()
    assert not gentle_prompts(ana)
    page.get_by_role("button", name=re.compile("gentle prompts", re.IGNORECASE)).click()
    page.wait_for_url("**/account/settings/")
    ana.refresh_from_db()
    assert gentle_prompts(ana)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible_and_fits(
    new_context: NewContext, ana: User, questionnaire: InstrumentVersion, scheme: str, width: int
) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()

    def look(path: str | None = None) -> None:
        if path:
            page.goto(path)
        assert_accessible(page)
        assert_fits(page)

    log_in(page, ana.email)
    for path in ("/today/", "/balance/", "/balance/start/"):
        look(path)
    begin(page, "Full form")
    look()
    for _part in range(3):
        answer_part(page)
        go_on(page)
        look()
    page.goto(re.sub(r"/\d+/$", "/12/", page.url))
    look()
    page.goto(page.url.replace("/12/", "/restart/"))
    look()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Delete|Start again")).click()
    for vector in ("worked-partner", "worked-2", "worked-1"):
        result = finished(ana, questionnaire, vector, datetime.now(UTC))
    look(f"/balance/results/{result.pk}/")
    page.locator("main details summary").first.click()
    look()
    look("/balance/")
    look("/today/")


def test_question_can_be_read_with_large_text_and_in_print(page: Page, ana: User) -> None:
    log_in(page, ana.email)
    begin(page)
    page.set_viewport_size({"width": 320, "height": 256})
    assert_fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".exit")).to_be_hidden()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_who_agreed_to_earlier_words_is_asked_once_and_may_refuse(
    new_context: NewContext, ana: User, questionnaire: InstrumentVersion, script: bool
) -> None:
    """Each of the two consents was given to its first version, in the middle of a questionnaire."""
    services.start_response(owner=ana, version=questionnaire, form="short", partnered=True, now=datetime.now(UTC))
    for purpose in ("questionnaire", "group_statistics"):
        consents.write(ana, consents.WORDINGS[purpose, 1], given=True, now=datetime.now(UTC))
    changed = "We have changed the words of something you agreed to."
    page = new_context(java_script_enabled=script).new_page()
    log_in(page, ana.email)
    page.goto("/balance/")
    expect(page.get_by_text(changed)).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your agreement")
    expect(page.get_by_text("What is new: these words also say that results are compared")).to_be_visible()
    if script:
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("link", name="Not now").click()
    expect(page.get_by_text("You began on")).to_be_visible()

    page.get_by_role("link", name="Read them and decide").click()
    answers = page.get_by_role("region", name="Your answers")
    answers.get_by_role("button", name="I do not agree").click()
    expect(answers).to_contain_text("What is stored stays until you delete it")
    expect(answers.get_by_role("button", name="I do not agree")).to_have_count(0)
    answers.locator("summary").click()
    expect(answers.get_by_text("are stored encrypted and are used to work out my result")).to_be_visible()
    if script:
        assert_accessible(page)
    answers.get_by_role("button", name="I agree to this").click()
    expect(answers.get_by_role("button", name="Take it back")).to_be_visible()
    figures = page.get_by_role("region", name="Group figures")
    figures.get_by_role("button", name="I do not agree").click()
    expect(figures.get_by_role("button", name="I agree to this")).to_be_visible()
    expect(figures.get_by_role("button", name="I do not agree")).to_have_count(0)

    page.goto("/balance/")
    expect(page.get_by_role("link", name="Continue")).to_be_visible()
    expect(page.get_by_text(changed)).to_have_count(0)
    page.get_by_role("link", name="Continue").click()
    expect(page.locator(".progress")).to_contain_text("Part 1 of")


def test_on_paper_no_heading_is_smaller_than_one_below_it(
    page: Page, ana: User, questionnaire: InstrumentVersion
) -> None:
    """Sizes as they are seen: a sans letter is about a twelfth larger than a serif one of the same size."""
    consents.give(owner=ana, purpose="questionnaire", now=datetime.now(UTC))
    result = finished(ana, questionnaire, "worked-2")
    log_in(page, ana.email)
    page.goto(f"/balance/results/{result.pk}/")
    page.emulate_media(media="print")
    size = "heading => parseFloat(getComputedStyle(heading).fontSize)"
    title, line = (page.locator(f".result .dotline > {level}").first.evaluate(size) for level in ("h3", "h4"))
    assert line * 13 / 12 < title
