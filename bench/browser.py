"""Goal 10: bytes on the wire and layout shift of a first visit, in a real Chromium."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Response, sync_playwright

from bench.goals import Line
from bench.site import HOST, PORT, Answered

BASE = f"http://{HOST}:{PORT}"
KB = 1000
PUBLIC = {"landing": "/", "chapter": "/guide/balance/", "help now": "/help-now/", "log in": "/accounts/login/"}
LAYOUT_SHIFT = """() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { moved += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(moved), 500);
})"""


def first_visits(ana: Answered) -> Iterator[Line]:
    part = f"/balance/{ana.response.pk}/2/"
    private = {"today": "/today/", "area page": part, "result": f"/balance/results/{ana.result.pk}/"}
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path in PUBLIC.items():
            yield first_visit(browser, name, path, {})
        for name, path in private.items():
            yield first_visit(browser, name, path, ana.visitor.cookies)
        browser.close()


def first_visit(browser: Browser, name: str, path: str, cookies: dict[str, str]) -> Line:
    """Open a page with an empty cache and add up the body sizes of all that it requests."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    for key, value in cookies.items():
        context.add_cookies([{"name": key, "value": value, "url": BASE}])
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(BASE + path, wait_until="networkidle")
    moved = page.evaluate(LAYOUT_SHIFT)
    size = {"document": 0, "stylesheet": 0, "script": 0}
    others = 0
    for answer in answers:
        sizes, kind = answer.request.sizes(), answer.request.resource_type
        size[kind] = size.get(kind, 0) + sizes["responseBodySize"]
        others += urlsplit(answer.url).netloc != f"{HOST}:{PORT}"
    context.close()
    total, parts = sum(size.values()), (size["document"], size["stylesheet"], size["script"])
    html, css, js = (f"{part / KB:.1f}" for part in parts)
    figure = f"{total / KB:.1f} kB (HTML {html}, CSS {css}, JS {js}), {others} to other sites, moved {moved:.3f}"
    small = total <= 50 * KB and all(part <= most * KB for part, most in zip(parts, (14, 16, 5), strict=True))
    met = small and not others and moved == 0
    return Line(f"10 {name}", figure, "≤ 50 kB (14, 16, 5), 0, 0", "126 to 305 kB", met)
