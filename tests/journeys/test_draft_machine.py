"""The state machine of drafts, `static/js/draft-machine.js`, without a page: every state and every answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import AHEAD

pytestmark = pytest.mark.browser

APART = 10_000  # milliseconds between two requests
MINUTE = 60_000  # the longest pause between retries
PARTING = 3000
HARNESS = """async () => {
  const { keepDraft } = await import("/draft-machine.js");
  Object.assign(window, { words: "As it was.", most: 1000, requests: [], open: [], shown: [], left: [] });
  const ask = (request) => new Promise((done) => { requests.push(request); open.push(done); });
  const page = {
    written: () => words,
    fits: () => words.length <= most,
    post: (words) => ask(`post ${words}`),
    person: () => ask("person"),
    show: (state) => { shown.push(state); },
  };
  window.begin = (unsaved) => { window.draft = keepDraft(page, unsaved); draft.typed(); };
  window.leave = (own) => { draft.mayLeave(own).then((may) => { left.push(may); }); };
}"""


class Desk:
    """A draft whose requests the test answers, oldest first."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.route("**/*", lambda route: route.fulfill(body="<title>Desk</title>", content_type="text/html"))
        script = settings.BASE_DIR / "static/js/draft-machine.js"
        page.route("**/draft-machine.js", lambda route: route.fulfill(path=script, content_type="text/javascript"))
        page.clock.install()
        page.goto("https://desk.test/")
        page.clock.pause_at(page.evaluate("Date.now() / 1000") + AHEAD)
        page.evaluate(HARNESS)
        self.begin()

    def begin(self, *, unsaved: bool = False) -> None:
        self.page.evaluate("unsaved => begin(unsaved)", unsaved)

    def write(self, words: str) -> None:
        self.page.evaluate("more => { words += more; draft.typed(); }", f" {words}")

    def pass_by(self, milliseconds: int = APART) -> None:
        self.page.clock.run_for(milliseconds)

    def answer(self, status: int | None, *, same: bool = True) -> None:
        """Answer the oldest open request; a status of None means no connection."""
        answer: dict[str, Any] = {"same": same} if status is None else {"status": status, "same": same}
        self.page.evaluate("answer => { open.shift()(answer); }", answer)
        self.page.evaluate("Promise.resolve()")  # let the callbacks that awaited it run

    def send(self, words: str, status: int | None) -> None:
        self.write(words)
        self.pass_by()
        self.answer(status)

    def look(self) -> None:
        self.page.evaluate("draft.lookAgain()")

    def leave(self, *, own: bool = True) -> None:
        self.page.evaluate("own => leave(own)", own)
        self.pass_by(1)

    @property
    def state(self) -> str:
        return str(self.page.evaluate("draft.state"))

    @property
    def requests(self) -> list[str]:
        """The requests since this was last read."""
        return list(self.page.evaluate("requests.splice(0)"))

    @property
    def left(self) -> list[bool]:
        return list(self.page.evaluate("left.splice(0)"))


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    page = browser.new_page()
    yield Desk(page)
    page.close()


ANSWERS: dict[int | None, str] = {
    200: "saved",
    400: "refused",
    401: "out",
    404: "refused",
    409: "conflict",
    413: "long",
    429: "trouble",
    500: "trouble",
    503: "trouble",
    None: "offline",
}
# The answers that lead from a fresh page to each state in which it can rest: status, and same person or not.
WAYS: dict[str, list[tuple[int | None, bool]]] = {
    "": [],
    "saved": [(200, True)],
    "refused": [(400, True)],
    "long": [(413, True)],
    "conflict": [(409, True)],
    "trouble": [(500, True)],
    "offline": [(None, True)],
    "out": [(401, True)],
    "stranger": [(403, True), (200, False)],
}
RESENT = {"offline", "trouble", "out", "stranger"}  # a timer retries without further typing


def bring(desk: Desk, state: str) -> None:
    """Write, and give the answers that bring the draft to this state."""
    if WAYS[state]:
        desk.write("One")
        desk.pass_by()
    for status, same in WAYS[state]:
        desk.answer(status, same=same)
    assert desk.state == state
    assert len(desk.requests) == len(WAYS[state])


@pytest.mark.parametrize("start", WAYS)
def test_every_answer_in_every_state(desk: Desk, start: str) -> None:
    for status, end in ANSWERS.items():
        desk.page.evaluate("words = 'As it was.'")
        desk.begin()
        bring(desk, start)
        desk.write("Two")
        desk.pass_by()
        words = "post As it was. One Two" if WAYS[start] else "post As it was. Two"
        if start in {"out", "stranger"}:
            assert desk.requests == ["person"]
            desk.answer(200)
        assert desk.requests == [words]
        assert desk.state == (start if start in {"conflict", "offline", "trouble"} else "saving")
        desk.answer(status)
        assert desk.state == end, (start, status)
        desk.pass_by(MINUTE)
        assert bool(desk.requests) == (end in RESENT), (start, status)
        desk.page.evaluate("open.length = 0")


@pytest.mark.parametrize(
    ("answers", "end", "asked"),
    [
        ([(403, True), (200, True), (200, True)], "saved", ["post", "person", "post"]),  # only the CSRF token was stale
        ([(403, True), (200, True), (403, True)], "out", ["post", "person", "post"]),
        ([(403, True), (200, True), (409, True)], "conflict", ["post", "person", "post"]),
        ([(403, True), (200, False)], "stranger", ["post", "person"]),
        ([(403, True), (401, True)], "out", ["post", "person"]),
        ([(403, True), (502, True)], "trouble", ["post", "person"]),
        ([(403, True), (None, True)], "offline", ["post", "person"]),
    ],
)
def test_refused_token(desk: Desk, answers: list[tuple[int | None, bool]], end: str, asked: list[str]) -> None:
    desk.write("One")
    desk.pass_by()
    for status, same in answers:
        desk.answer(status, same=same)
    assert desk.state == end
    assert [request.split()[0] for request in desk.requests] == asked


@pytest.mark.parametrize("state", ["out", "stranger"])
def test_nothing_is_sent_before_the_writer_is_back(desk: Desk, state: str) -> None:
    bring(desk, state)
    answers: list[tuple[int | None, bool, str]] = [
        (200, False, "stranger"),
        (401, True, "out"),
        (500, True, "trouble"),
        (None, True, "offline"),
    ]
    for status, same, end in answers:
        desk.write("More")
        desk.pass_by(MINUTE)
        desk.answer(status, same=same)
        assert (desk.state, desk.requests) == (end, ["person"])
    desk.look()
    desk.answer(200)
    assert desk.requests == ["person", "post As it was. One More More More More"]


def test_a_page_that_came_back_unsaved_is_sent_without_a_key(desk: Desk) -> None:
    desk.begin(unsaved=True)
    desk.pass_by(1500)
    assert desk.requests == ["post As it was."]


def test_requests_wait_for_a_pause_and_keep_apart(desk: Desk) -> None:
    desk.send("One", 200)
    assert desk.requests == ["post As it was. One"]
    for _key in range(9):
        desk.write("x")
        desk.pass_by(1000)
    assert not desk.requests
    desk.pass_by(1000)
    assert desk.requests == ["post As it was. One" + " x" * 9]


def test_someone_who_never_pauses_is_not_forgotten(desk: Desk) -> None:
    for _key in range(10):
        desk.write("x")
        desk.pass_by(1000)
    assert desk.requests == ["post As it was." + " x" * 10]


def refuse(desk: Desk, words: str, status: int) -> None:
    """Write where there is room for 20 characters, and refuse it as soon as it is sent."""
    desk.page.evaluate("() => { most = 20; }")
    desk.write(words)
    desk.pass_by(1500)
    desk.answer(status)


SHORTEN = "() => { words = 'As it was. On'; draft.typed(); }"


@pytest.mark.parametrize(("status", "state"), [(400, "refused"), (413, "long")])
def test_what_is_short_enough_again_is_said_and_sent_without_waiting(desk: Desk, status: int, state: str) -> None:
    refuse(desk, "One and more", status)
    assert desk.state == state
    desk.page.evaluate("() => { words = words.slice(0, -1); draft.typed(); }")
    assert desk.state == state  # still too long
    desk.page.evaluate(SHORTEN)
    assert desk.state == ""
    desk.page.evaluate("requests.length = 0")
    desk.pass_by(1499)
    assert not desk.requests
    desk.pass_by(1)
    assert desk.requests == ["post As it was. On"]
    desk.answer(200)
    assert desk.state == "saved"


def test_what_is_as_it_was_again_is_not_called_too_long(desk: Desk) -> None:
    refuse(desk, "One and more", 400)
    desk.page.evaluate("() => { words = 'As it was.'; draft.typed(); }")
    assert desk.state == ""
    desk.page.evaluate("requests.length = 0")
    desk.pass_by(MINUTE)
    assert not desk.requests


def test_words_made_short_enough_during_a_request_go_after_it(desk: Desk) -> None:
    desk.page.evaluate("() => { most = 20; }")
    desk.write("One and more")
    desk.pass_by()
    desk.page.evaluate(SHORTEN)
    desk.answer(400)
    assert desk.state == ""
    desk.page.evaluate("requests.length = 0")
    desk.pass_by(1500)
    assert desk.requests == ["post As it was. On"]


def test_what_is_refused_for_another_reason_stays_said(desk: Desk) -> None:
    refuse(desk, "One", 400)
    desk.page.evaluate("requests.length = 0")
    desk.write("Two")
    desk.pass_by(1500)
    assert desk.state == "refused"
    assert not desk.requests


@pytest.mark.parametrize(("status", "end"), [(200, "saved"), (400, "refused"), (409, "conflict"), (413, "long")])
def test_words_written_during_a_request_are_sent_after_it(desk: Desk, status: int, end: str) -> None:
    desk.write("One")
    desk.pass_by()
    desk.write("Two")
    desk.pass_by(MINUTE)
    assert desk.requests == ["post As it was. One"]
    desk.answer(status)
    assert desk.state == end
    desk.pass_by(1500)
    assert desk.requests == ["post As it was. One Two"]
    desk.answer(200)
    assert desk.state == "saved"
    desk.pass_by(MINUTE)
    assert not desk.requests


@pytest.mark.parametrize("status", [None, 503])
def test_tries_come_slower_and_start_afresh_after_a_success(desk: Desk, status: int | None) -> None:
    desk.write("One")
    desk.pass_by()
    for pause in (2000, 4000, 8000, 16_000, 32_000, MINUTE, MINUTE):
        desk.answer(status)
        desk.write("More")  # does not bring the retry forward
        desk.page.evaluate("requests.length = 0")
        desk.pass_by(pause - 1)
        assert not desk.requests
        desk.pass_by(1)
        assert len(desk.requests) == 1
    desk.answer(200)
    desk.send("Two", status)
    desk.page.evaluate("requests.length = 0")
    desk.pass_by(2000)
    assert len(desk.requests) == 1


def test_tries_start_afresh_once_the_writer_is_back(desk: Desk) -> None:
    bring(desk, "out")
    for status in (401, 401, 200):
        desk.pass_by(MINUTE)
        desk.answer(status)
    desk.answer(503)
    desk.page.evaluate("requests.length = 0")
    desk.pass_by(2000)
    assert desk.requests == ["post As it was. One"]


def test_typing_while_signed_out_neither_hastens_nor_delays(desk: Desk) -> None:
    bring(desk, "out")
    desk.write("Two")
    desk.pass_by(1999)
    assert not desk.requests
    desk.pass_by(1)
    assert desk.requests == ["person"]


def test_whoever_is_back_is_noticed_within_half_a_minute(desk: Desk) -> None:
    """A hidden page wakes up once a minute: no pause may add to that."""
    bring(desk, "out")
    for _try in range(8):
        desk.page.evaluate("requests.length = 0")
        desk.pass_by(MINUTE // 2)
        assert desk.requests == ["person"]
        desk.answer(401)
    desk.pass_by(MINUTE // 2)
    desk.answer(200)
    desk.answer(200)
    assert desk.state == "saved"


@pytest.mark.parametrize("hours", [-25, 25])
def test_a_clock_that_is_set_changes_nothing(desk: Desk, hours: int) -> None:
    desk.send("One", 200)
    now = "hours => new Date(Date.now() + hours * 3_600_000).toISOString()"
    desk.page.clock.set_system_time(desk.page.evaluate(now, hours))
    desk.page.evaluate("requests.length = 0")
    desk.write("Two")
    desk.pass_by()
    assert desk.requests == ["post As it was. One Two"]


def test_words_taken_back_without_a_connection_are_no_trouble_any_more(desk: Desk) -> None:
    desk.send("One", None)
    desk.page.evaluate("words = 'As it was.'; draft.typed()")
    desk.pass_by(MINUTE)
    assert desk.state == ""
    assert desk.requests == ["post As it was. One"]


def test_looking_at_the_page_again_asks_who_is_there(desk: Desk) -> None:
    desk.look()
    desk.answer(200)
    assert (desk.state, desk.requests) == ("", ["person"])
    desk.write("One")
    desk.look()
    desk.answer(200)
    assert desk.requests == ["person", "post As it was. One"]  # at once: there may be no later chance


def test_looking_at_the_page_during_a_request_asks_after_it(desk: Desk) -> None:
    desk.write("One")
    desk.pass_by()
    desk.look()
    assert desk.requests == ["post As it was. One"]
    desk.answer(200)
    assert desk.requests == ["person"]
    desk.answer(200, same=False)
    assert desk.state == "stranger"


@pytest.mark.parametrize("state", ["saved", "conflict"])
def test_what_was_said_stays_when_the_page_is_looked_at(desk: Desk, state: str) -> None:
    bring(desk, state)
    desk.look()
    desk.answer(200)
    assert (desk.state, desk.requests) == (state, ["person"])
    assert desk.page.evaluate("shown") == ["saving", state]


def test_last_words_go_beside_a_request_once(desk: Desk) -> None:
    flush = "() => { draft.flush(); }"
    desk.page.evaluate(flush)
    assert not desk.requests
    desk.write("One")
    desk.pass_by()
    desk.page.evaluate(flush)
    assert desk.requests == ["post As it was. One"]
    desk.write("Two")
    desk.page.evaluate(flush)
    desk.page.evaluate(flush)
    assert desk.requests == ["post As it was. One Two"]
    desk.answer(200)
    desk.answer(200)
    assert desk.state == "saved"
    assert desk.page.evaluate("draft.unsent") is False


def test_last_words_that_did_not_arrive_go_again(desk: Desk) -> None:
    desk.send("One", None)
    desk.page.evaluate("() => { draft.flush(); }")
    assert desk.requests == ["post As it was. One"] * 2


def test_last_words_are_for_nobody_else(desk: Desk) -> None:
    bring(desk, "stranger")
    desk.page.evaluate("() => { draft.flush(); }")
    assert not desk.requests


@pytest.mark.parametrize("status", ANSWERS)
def test_save_leaves_the_page_only_with_its_words(desk: Desk, status: int | None) -> None:
    desk.write("One")
    desk.leave()
    assert desk.requests == ["post As it was. One"]
    assert not desk.left
    desk.answer(status)
    assert desk.left == [status in {200, 400, 404}]  # the form's own POST then shows what is refused


def test_save_with_nothing_new_leaves_at_once(desk: Desk) -> None:
    desk.leave()
    assert desk.left == [True]
    assert not desk.requests


def test_save_during_a_request_waits_for_it_and_for_newer_words(desk: Desk) -> None:
    desk.write("One")
    desk.pass_by()
    desk.leave()
    desk.write("Two")
    desk.answer(200)
    assert desk.requests == ["post As it was. One", "post As it was. One Two"]
    assert not desk.left
    desk.answer(200)
    assert desk.left == [True]
    desk.pass_by(MINUTE)
    assert not desk.requests


def test_nothing_is_sent_after_the_form_has_left(desk: Desk) -> None:
    desk.write("One")
    desk.leave()
    desk.write("Two")
    desk.answer(400)
    assert desk.left == [True]
    desk.pass_by(MINUTE)
    assert desk.requests == ["post As it was. One"]


def test_another_form_waits_a_moment_for_the_words(desk: Desk) -> None:
    desk.write("One")
    desk.leave(own=False)
    desk.pass_by(PARTING - 2)
    assert not desk.left
    desk.pass_by(2)
    assert desk.left == [True]


def test_two_tabs(browser: Browser) -> None:
    """The other tab saved first: both texts are kept, and further typing goes on in the same one of the two."""
    with browser.new_context() as context:
        one, two = Desk(context.new_page()), Desk(context.new_page())
        one.send("From one", 200)
        two.send("From two", 409)
        assert (one.state, two.state) == ("saved", "conflict")
        assert two.page.evaluate("draft.unsent") is False
        two.send("and on", 409)
        assert two.requests == ["post As it was. From two", "post As it was. From two and on"]
        assert "saving" not in two.page.evaluate("shown.slice(1)")
        one.look()
        one.answer(401)  # logged out in the other tab
        assert one.state == "out"
