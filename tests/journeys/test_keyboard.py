"""With the keyboard alone: Tab reaches everything, what has the focus is seen, and forms lead it where it is of use."""

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from consultations.models import Booking
from tests.journeys.test_phones import SMALL, NewContext, as_person, demo, pages  # noqa: F401  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"width": 1280, "height": 800}
MOST = 400  # presses on a page

FROM_THE_TOP = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  document.activeElement.blur();
  scrollTo(0, 0);
  window.walked = [];
}"""

# What has the focus, and what is wrong with how it is shown: no outline, beyond the window, or under something else.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const inside = window.walked.at(-1) === one; // a date has three places of its own
  const first = !inside && window.walked[0] === one;
  const again = !inside && window.walked.includes(one);
  window.walked.push(one);
  const name = `${one.localName}${one.id && "#" + one.id} "${(one.textContent || one.name || "").trim().slice(0, 30)}"`;
  const wrong = [];
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) wrong.push("has no outline");
  const middle = (box) => (box.top + box.bottom) / 2; // of a long text, where writing begins is enough
  const { left, right, top, bottom } = one.getBoundingClientRect();
  if (left < 0 || right > innerWidth || (bottom - top < innerHeight / 2 && (top < 0 || bottom > innerHeight)))
    wrong.push(`lies beyond the window, ${Math.round(top)} to ${Math.round(bottom)} of ${innerHeight}`);
  for (const box of one.getClientRects()) {
    for (const x of [box.left + 2, (box.left + box.right) / 2, box.right - 2]) {
      for (const y of one.localName === "textarea" ? [box.top + 2] : [box.top + 2, middle(box), box.bottom - 2]) {
        if (y < 0 || y > innerHeight || x < 0 || x > innerWidth) continue;
        const above = document.elementFromPoint(x, y);
        if (!above || one.contains(above) || above.contains(one)) continue;
        if (above.closest("label")?.control === one) continue;
        wrong.push(`lies under ${above.localName}.${above.className} at ${Math.round(x)}, ${Math.round(y)}`);
      }
    }
  }
  return { first, again, name, wrong: wrong.slice(0, 2) };
}"""

# Everything that Tab should reach: of radio buttons one of each group.
MISSED = """() => {
  const groups = new Set(window.walked.filter((one) => one.type === "radio").map((one) => one.name));
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.matches(":enabled, a, summary") && one.type !== "hidden" && one.checkVisibility())
    .filter((one) => !window.walked.includes(one))
    .filter((one) => getComputedStyle(one).visibility === "visible")
    .filter((one) => !(one.type === "radio" && groups.has(one.name)))
    .map((one) => `${one.localName}${one.id && "#" + one.id} "${one.textContent.trim().slice(0, 20)}" is not reached`);
}"""


def walked(page: Page, key: str) -> list[str]:
    """What is wrong on the page as this key goes through it once."""
    found: list[str] = []
    page.evaluate(FROM_THE_TOP)
    for press in range(MOST):
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        if focused is None or (press and focused["first"]):
            return [f"{page.url}: {problem}" for problem in [*found, *page.evaluate(MISSED)]]
        if focused["again"]:
            return [f"{page.url}: {focused['name']} is a trap"]
        found += [f"{focused['name']} {wrong}" for wrong in focused["wrong"]]
    return [f"{page.url}: no end after {MOST} presses"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("email", "start", "viewport"),
    [
        (None, "/", SMALL),
        ("ana@example.org", "/today/", SMALL),
        ("ana@example.org", "/today/", WIDE),
        ("cole@example.org", "/practice/", SMALL),
    ],
    ids=["visitor", "member", "member-wide", "specialist"],
)
def test_what_has_the_focus_is_seen(
    new_context: NewContext, live_server: LiveServer, email: str | None, start: str, viewport: dict[str, int]
) -> None:
    context = new_context(viewport=viewport)
    if email:
        as_person(context, live_server, email)
    next_meeting = Booking.objects.filter(client__email=email, status="booked").values_list("pk", flat=True)[:1]
    changes = [f"/consultations/{pk}/{step}/" for pk in next_meeting for step in ("move", "cancel")]
    page, found = context.new_page(), []
    for _path in pages(page, start, *changes):
        found += walked(page, "Tab")
        if viewport is WIDE:  # the exit lies above, where Shift and Tab scroll to
            found += walked(page, "Shift+Tab")
    assert not found, "\n".join(found)


def tab_to(page: Page, control: Locator) -> None:
    """Press Tab until this control has the focus."""
    for _ in range(MOST):
        if control.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"never reached: {control}")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("viewport", [SMALL, WIDE], ids=["small", "wide"])
def test_the_focus_lands_where_a_form_has_led(
    new_context: NewContext, live_server: LiveServer, viewport: dict[str, int], script: bool
) -> None:
    """On what was done, with Undo next; on what is wrong, which leads to its field; past the navigation, if skipped."""
    context = new_context(viewport=viewport, java_script_enabled=script)
    as_person(context, live_server, "ana@example.org")
    page = context.new_page()

    page.goto("/journal/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tab_to(page, page.locator(".entries h3 a").first)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Delete"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Delete this entry"))
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The entry is back.")).to_be_visible()
    expect(page.locator(".messages")).to_be_focused()

    page.goto("/journal/search/")
    field = page.get_by_label("One of your tags")
    tab_to(page, field)
    page.keyboard.type(",")
    page.keyboard.press("Enter")
    summary = page.locator(".alert-danger")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    expect(summary.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport(ratio=1)


@pytest.mark.usefixtures("demo")
def test_the_focus_lands_on_what_a_practice_is_told(new_context: NewContext, live_server: LiveServer) -> None:
    """What a change of hours does, and the address of the calendar: both stand further down on a page they know."""
    context = new_context(viewport=SMALL)
    as_person(context, live_server, "cole@example.org")
    page = context.new_page()
    page.goto("/practice/hours/")
    tab_to(page, page.get_by_label("Monday"))
    page.keyboard.type("8-12")
    page.keyboard.press("Enter")
    told = page.get_by_text("Nothing is saved yet.")
    expect(page.locator(".section-head", has=told)).to_be_focused()
    expect(told).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
    page.goto("/practice/feed/")
    tab_to(page, page.get_by_role("button", name="Make an address"))
    page.keyboard.press("Enter")
    expect(page.locator(".notice", has_text="This is your address.")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Open in a calendar app")).to_be_focused()
