"""Every page on a small screen: nothing scrolls sideways or is cut, and answers and words stay in view."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.urls import resolve
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessments.models import Result
from assessments.services import load_version
from consultations.models import Booking
from tests.assessments.vectors import SOURCE, SOURCE_2
from tests.conftest import show_second_factor
from tests.journeys.conftest import assert_accessible, log_in
from tests.journeys.test_questionnaire import begin, go_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]

SMALL, COMMON = {"width": 320, "height": 640}, {"width": 390, "height": 844}
WITH_KEYBOARD = [{"width": 320, "height": 340}, {"width": 390, "height": 508}]

# Not pages of ours, or not to be opened by a walk.
LEFT_OUT = re.compile(r"^/(admin|leave|static|feeds|demo)/|\.(ics|webp)$")

# Text spacing as WCAG 1.4.12 puts it.
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } \
    p { margin-block-end: 2em !important }"
LARGE = ":root { font-size: 200% !important }"

# What a person cannot read: text beyond the edge of the window, or of a box that does not grow with it.
MEASURE = """(rules) => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
  const name = ({ localName, textContent }) => `${localName} "${textContent.trim().slice(0, 40)}"`;
  const found = new Set();
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.add(`scrolls sideways to ${root.scrollWidth}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    if (!texts.currentNode.data.trim()) continue;
    let box = texts.currentNode.parentElement;
    if (!box.checkVisibility() || box.closest(".visually-hidden, .skip-link, option, svg, title, pre")) continue;
    range.selectNodeContents(texts.currentNode);
    const text = range.getBoundingClientRect();
    if (text.right > innerWidth + 1 || text.left < -1) found.add(`beyond the edge: ${name(box)}`);
    while (["inline", "contents"].includes(getComputedStyle(box).display)) box = box.parentElement;
    const around = box.getBoundingClientRect();
    if (text.right > around.right + 2 || text.bottom > around.bottom + 6) found.add(`out of its box: ${name(box)}`);
  }
  for (const box of document.querySelectorAll("body *")) {
    if (!box.checkVisibility() || box.closest(".visually-hidden, .skip-link, input, textarea, select, svg")) continue;
    if (getComputedStyle(box).overflow === "visible") continue;
    const isCut = box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    if (isCut) found.add(`cut: ${name(box)}`);
  }
  const [mark, menu] = [".wordmark", ".menu > summary"].map((place) => document.querySelector(place));
  if (menu) {
    const [one, other] = [mark.getBoundingClientRect(), menu.getBoundingClientRect()];
    if (one.right > other.left && one.bottom > other.top) found.add("the menu lies over the wordmark");
  }
  document.adoptedStyleSheets = [];
  return [...found].slice(0, 4);
}"""


# Words on two lines, though none of these is longer than a line.
BROKEN = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
  const found = new Set();
  const range = document.createRange();
  for (const part of document.querySelectorAll("main :is(.readout, .ends, .profile, .btn, .calendar)")) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (!node.parentElement.checkVisibility() || node.parentElement.closest(".visually-hidden")) continue;
      for (const { index, 0: word } of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) found.add(word);
      }
    }
  }
  return [...found];
}"""


@pytest.fixture
def demo(transactional_db: None) -> None:
    """What `make demo` shows."""
    call_command("load_prompts", verbosity=0)
    for source in (SOURCE, SOURCE_2):
        load_version(source=source, publish=True, now=datetime.now(UTC))
    call_command("seed_demo", verbosity=0)


def as_person(context: BrowserContext, live_server: LiveServer, email: str) -> None:
    """A session as if the person had logged in with all that is asked of them."""
    user, client = User.objects.get(email=email), Client()
    client.force_login(user)
    show_second_factor(client, user, again=True)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def pages(page: Page, *starts: str) -> Iterator[str]:
    """Follow the links from these pages, and open one page of each kind."""
    waiting, known = [*starts], {resolve(urlsplit(start).path).view_name for start in starts}
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(path)
        assert answer, path
        assert answer.status in {200, 409}, path  # 409: a time that is no longer free
        yield urlsplit(page.url).path
        for link in page.locator("a[href]").evaluate_all("links => links.map((link) => link.href)"):
            parts = urlsplit(link)
            if not page.url.startswith(f"{parts.scheme}://{parts.netloc}/") or LEFT_OUT.search(parts.path):
                continue
            kind = resolve(parts.path).view_name
            if kind not in known:
                known.add(kind)
                waiting.append(f"{parts.path}?{parts.query}")


def measured(page: Page) -> list[str]:
    """What cannot be read on the page as it is, with large text, or with wide spacing."""
    aspects = {"as it is": "", "at 200 %": LARGE, "spaced": SPACED}
    return [
        f"{page.url} {aspect}: {problem}"
        for aspect, rules in aspects.items()
        for problem in page.evaluate(MEASURE, rules)
    ]


def box_of(found: Locator) -> FloatRect:
    box = found.bounding_box()
    assert box
    return box


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("email", "start", "least"),
    [(None, "/", 8), ("ana@example.org", "/today/", 30), ("cole@example.org", "/practice/", 30)],
    ids=["visitor", "member", "specialist"],
)
def test_large_and_spaced_text_is_read_whole(
    new_context: NewContext, live_server: LiveServer, email: str | None, start: str, least: int
) -> None:
    context = new_context(viewport=SMALL)
    if email:
        as_person(context, live_server, email)
    next_meeting = Booking.objects.filter(client__email=email, status="booked").values_list("pk", flat=True)[:1]
    changes = [f"/consultations/{pk}/{step}/" for pk in next_meeting for step in ("move", "cancel")]
    results = Result.objects.filter(owner__email=email).order_by("created_at")
    results_of = [f"/balance/results/{result.pk}/" for result in results]  # each looks different
    compared = [
        f"/balance/compare/?first={one.pk}&second={other.pk}"
        for one, other in pairwise(results)
        if one.version_id == other.version_id
    ]
    page, walked, found = context.new_page(), 0, []
    for _path in pages(page, start, *changes, *results_of, *compared):
        walked += 1
        found += measured(page)
    assert not found, "\n".join(found)
    assert walked >= least


@pytest.mark.usefixtures("demo")
def test_large_text_is_not_broken_within_words(new_context: NewContext, live_server: LiveServer) -> None:
    context = new_context(viewport=COMMON)
    as_person(context, live_server, "ana@example.org")
    page = context.new_page()
    found = {}
    for path in ("/today/", "/journal/", "/account/data/", "/specialists/dora-lindqvist/", "/balance/"):
        page.goto(path)
        found[path] = page.evaluate(BROKEN, LARGE)
    page.locator("main a[href*='/results/']").first.click()
    expect(page.get_by_role("heading", name="How sure is this?")).to_be_visible()
    page.wait_for_load_state()
    found["result"] = page.evaluate(BROKEN, LARGE)
    assert not any(found.values()), found


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("form", ["Short form", "Full form"])
def test_the_first_answer_of_every_part_stands_above_the_fold(new_context: NewContext, form: str) -> None:
    """Above the bar of the exit, that is. Without scripts, which this needs none of."""
    ben = User.objects.get(email="ben@example.org")
    page = new_context(viewport=COMMON, java_script_enabled=False).new_page()
    log_in(page, ben.email)
    begin(page, form)
    found, reminders = [], []
    while page.locator(".progress").count():
        title = page.get_by_role("heading", level=1).inner_text()
        for viewport in (SMALL, COMMON):
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            answer, bar = (box_of(page.locator(place).first) for place in (".stops .form-check", ".exit"))
            if answer["y"] + answer["height"] > bar["y"]:
                found.append(f"{title}: {answer['y'] + answer['height']:.0f} of {bar['y']:.0f} at {viewport}")
        if page.get_by_text("Think of ordinary days").count():
            reminders.append(title)
        page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        found += measured(page)
        go_on(page)
    assert not found, "\n".join(found)
    assert len(reminders) == 3


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("viewport", WITH_KEYBOARD, ids=lambda viewport: str(viewport["width"]))
@pytest.mark.parametrize("words", ["Saved 12:30", "Not saved: no connection. Keep this page open."])
def test_the_status_leaves_the_words_in_view_while_the_keyboard_is_open(
    new_context: NewContext, live_server: LiveServer, viewport: dict[str, int], words: str
) -> None:
    context = new_context(viewport=viewport)
    as_person(context, live_server, "ben@example.org")
    page = context.new_page()
    page.goto("/journal/new/")
    area, status, way_out = page.locator("textarea").first, page.locator(".draft-status"), page.locator(".exit")
    area.click()
    status.evaluate("(status, words) => { status.textContent = words }", words)
    for _ in range(30):
        page.keyboard.type("word ")
        page.keyboard.press("Enter")
    status.evaluate("(status, words) => { status.textContent = words }", words)
    page.keyboard.type("last")
    line = area.evaluate(
        """(area) => {
          const { lineHeight, paddingBottom } = getComputedStyle(area);
          const bottom = area.getBoundingClientRect().top + area.clientTop + area.scrollHeight - area.scrollTop;
          return [bottom - parseFloat(paddingBottom) - parseFloat(lineHeight), bottom - parseFloat(paddingBottom)];
        }"""
    )
    below, beside = box_of(status), box_of(way_out)
    assert line[0] >= 0
    assert line[1] <= min(below["y"], beside["y"])
    assert viewport["height"] - min(below["y"], beside["y"]) <= 100  # most of what is left is for the words
    expect(way_out).to_be_in_viewport(ratio=1)
    says = status.evaluate(
        """(status) => { const range = document.createRange(); range.selectNodeContents(status);
        return range.getBoundingClientRect().right }"""
    )
    assert says <= beside["x"] or below["y"] + below["height"] <= beside["y"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("viewport", [SMALL, COMMON], ids=lambda viewport: str(viewport["width"]))
def test_the_navigation_is_one_line_that_opens_by_keyboard(
    new_context: NewContext, viewport: dict[str, int], script: bool
) -> None:
    page = new_context(viewport=viewport, java_script_enabled=script).new_page()
    log_in(page, "ben@example.org")
    page.goto("/consultations/")
    header, menu = page.locator(".site-header"), page.locator(".menu > summary")
    assert box_of(header)["height"] < 60
    assert box_of(menu)["height"] < 60
    expect(menu).to_have_text("Menu: Specialists , 1 new")  # the demo's specialist has proposed other times
    expect(page.get_by_role("link", name="Journal", exact=True)).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Journal", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation").get_by_role("link", name="Specialists")).to_have_attribute(
        "aria-current", "true"
    )
    expect(page.locator(".exit")).to_be_in_viewport(ratio=1)
    if script:
        assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")


@pytest.mark.usefixtures("demo")
def test_the_navigation_lies_open_on_wide_screens_and_is_left_out_in_print(new_context: NewContext) -> None:
    page = new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False).new_page()
    log_in(page, "ben@example.org")
    expect(page.locator(".menu > summary")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text(
        ["Today", "Balance", "Journal", "Specialists", "Messages", "Guide", "Notices, 1 new", "Settings"]
    )
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


@pytest.mark.usefixtures("demo")
def test_three_specialists_stand_on_one_screen(new_context: NewContext, live_server: LiveServer) -> None:
    context = new_context(viewport=COMMON)
    as_person(context, live_server, "ben@example.org")
    page = context.new_page()
    page.goto("/specialists/")
    bar = box_of(page.locator(".exit"))
    boxes = [box_of(card) for card in page.locator(".card").all()]
    for first, third in zip(boxes, boxes[2:], strict=False):
        assert third["y"] + third["height"] - first["y"] <= bar["y"]
    expect(page.get_by_label("Language")).to_be_hidden()
    page.get_by_text("Filter", exact=True).click()
    spoken = page.get_by_label("Language").locator("option").nth(1).inner_text()
    page.get_by_label("Language").select_option(spoken)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text(f"Filter: {spoken}")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_label("Language")).to_be_visible()


def test_the_way_to_help_has_room_beside_the_links(new_context: NewContext, ana: User) -> None:
    page = new_context(viewport={"width": 768, "height": 1024}).new_page()
    log_in(page, ana.email)
    box = page.locator(".site-footer .help p").bounding_box()
    assert box
    assert box["width"] >= 300
