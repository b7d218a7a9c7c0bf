"""A crawler of the whole site: follows each link, fills in each form, and first meets an error at each of them."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

FREE_TEXT = {"text", "search", "url", "tel", ""}
FEW, SENT = 3, 2


def kind_of_input(control: Element) -> str:
    """Its type; "email" also where only the keyboard of a phone is told, by `inputmode`."""
    return "email" if control.get("inputmode") == "email" else control.get("type", "")


@dataclass(frozen=True)
class Form:
    """One form as a browser reads it."""

    page: str
    element: Element

    @property
    def method(self) -> str:
        return self.element.get("method", "get").lower()

    @property
    def action(self) -> str:
        return urljoin(self.page, self.element.get("action") or self.page)

    def controls(self) -> Iterator[Element]:
        """The named controls that are sent when the form's first button is pressed."""
        pressed = False
        for control in self.element.iter():
            if control.tag == "button" or control.get("type") == "submit":
                if pressed:
                    continue
                pressed = True
            if control.get("name") and control.tag in {"input", "select", "textarea", "button"}:
                yield control

    def key(self) -> tuple[str, ...]:
        return (kind_of(self.action), *sorted({control.get("name", "") for control in self.controls()}))

    def takes_words(self) -> bool:
        return any(c.tag == "textarea" or (c.tag == "input" and kind_of_input(c) in FREE_TEXT) for c in self.controls())

    def filled(self, words: str, known: dict[str, str], uploads: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
        """The data of somebody who writes `words` wherever text fits, and makes the first choice elsewhere.

        `known` gives values by input type (`email`, `password`), `uploads` files by the `accept` of a file input.
        """
        data: dict[str, Any] = {}
        for control in self.controls():
            name, kind = control.get("name", ""), kind_of_input(control)
            if control.tag == "select":
                options = [option.get("value", "") for option in control.iter("option")]
                data[name] = next((option for option in options if option), "")
            elif control.tag == "textarea" or (control.tag == "input" and kind in FREE_TEXT):
                longest = control.get("maxlength") or control.get("data-longest") or len(words)
                data[name] = words[: int(longest)]
            elif kind == "radio":
                data.setdefault(name, control.get("value", "on"))
            elif kind in {"email", "password", "number"}:
                data[name] = known.get(kind, control.get("min", "1"))
            elif kind == "file":
                if upload := uploads.get(control.get("accept", "")):
                    data[name] = upload()
            else:
                data[name] = control.get("value", "on" if kind == "checkbox" else "")
        return data

    def tampered(self, words: str) -> dict[str, Any]:
        """`words` in every field, whatever belongs there."""
        return {control.get("name", ""): words for control in self.controls()}


@dataclass
class Visitor:
    """Crawls the site by its own links. `stay` is called before each request, and may log in again.

    Of URLs and forms that differ only in ids and query values, the first few are taken (`FEW`, `SENT`); the page that a
    form leads to is always read.

    `trouble` breaks the next request from within; each page and form is requested once with trouble before the real
    request. `last` names the URLs whose forms end something; these are sent after all others. `never` names those whose
    forms are not sent.
    """

    client: Client
    words: str
    known: dict[str, str]
    stay: Callable[[], None]
    FINAL: ClassVar[str] = "data_delete_now"  # nothing can be sent after it
    trouble: Callable[[], AbstractContextManager[None]]
    last: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    uploads: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    sent: dict[str, int] = field(default_factory=dict)  # forms sent, by URL name
    answers: list[tuple[str, bool, HttpResponse]] = field(default_factory=list)  # path, in trouble, answer
    seen: Counter[tuple[str, ...]] = field(default_factory=Counter)  # kinds of forms
    kinds: Counter[str] = field(default_factory=Counter)  # kinds of URLs
    forms: deque[Form] = field(default_factory=deque)
    closing: deque[Form] = field(default_factory=deque)

    def go(self, *paths: str) -> None:
        """Visit these paths and all that can be reached from them, but keep the closing forms for later.

        This is done twice, as pages show more once something has been written.
        """
        for _ in range(2 if paths else 1):
            if paths:
                self.visited.clear()
                self.kinds.clear()
            for path in paths:
                self.visit(path)
            while self.forms:
                self.send(self.forms.popleft())

    def close(self) -> None:
        """Send the forms that end something."""
        while self.closing:
            form = next((one for one in self.closing if name_of(one.action) != self.FINAL), self.closing[0])
            self.closing.remove(form)
            self.send(form)
            self.go()

    def visit(self, path: str) -> None:
        """Read a page and all that it links to, each URL once."""
        waiting = deque([path])
        while waiting:
            here = waiting.popleft()
            if here in self.visited or not is_ours(here) or (here != path and self.kinds[kind_of(here)] >= FEW):
                continue
            self.visited.add(here)
            self.kinds[kind_of(here)] += 1
            self.ask("get", here, {}, trouble=True)
            waiting.extend(self.read(here, self.ask("get", here, {})))

    def read(self, here: str, answer: HttpResponse) -> Iterator[str]:
        """Yield the URLs that an answer leads to, and queue its forms."""
        if location := answer.headers.get("Location"):
            yield urljoin(here, location)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return
        root = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
        for element in [*drafts(root), *root.iter("form")]:
            form = Form(here, element)
            if name_of(form.action) in self.never:
                continue
            if form.method == "get":
                assert not form.takes_words(), f"{here} would put words into an address"
            elif (form.action, *form.key()) not in self.seen and self.seen[form.key()] < SENT:
                self.seen.update([form.key(), (form.action, *form.key())])
                (self.closing if name_of(form.action) in self.last else self.forms).append(form)
        for link in root.iter("a"):
            yield urldefrag(urljoin(here, link.get("href", "")))[0]

    def send(self, form: Form) -> None:
        name = name_of(form.action)
        filled = form.filled(self.words, self.known, self.uploads)
        self.ask("post", form.action, form.tampered(self.words))
        self.ask("post", form.action, filled, trouble=True)
        filled = form.filled(self.words, self.known, self.uploads)  # again: an uploaded file can be read only once
        answer = self.ask("post", form.action, filled)
        self.sent[name] = self.sent.get(name, 0) + 1
        for path in [*self.read(form.action, answer)]:
            if answer.has_header("Location"):
                self.visited.discard(path)  # it may have changed
            self.visit(path)

    def ask(self, method: str, path: str, data: dict[str, Any], *, trouble: bool = False) -> HttpResponse:
        self.stay()
        with self.trouble() if trouble else nullcontext():
            answer: HttpResponse = getattr(self.client, method)(path, data)
            if answer.streaming:
                b"".join(answer)
        self.answers.append((path, trouble, answer))
        return answer


def drafts(root: Element) -> Iterator[Element]:
    """The forms as the script sends them to save drafts."""
    for element in root.iter("form"):
        if address := element.get("data-draft"):
            draft = deepcopy(element)
            draft.set("action", address)
            yield draft


def is_ours(address: str) -> bool:
    """Whether a URL belongs to the site outside the admin."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and name_of(parts.path) not in {"", "admin"}


def name_of(path: str) -> str:
    """The URL's namespace or name, `admin` for the whole admin; empty if it does not resolve."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return ""
    return "admin" if match.route.startswith("admin/") else match.namespace or match.url_name or ""


def kind_of(address: str) -> str:
    """The URL's route without ids, and the names in its query: equal for URLs that the same code answers."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return parts.path
    chosen = [f"{name}={value}" for name, value in match.kwargs.items() if not isinstance(value, UUID)]
    return " ".join([match.route, *chosen, "?", *sorted({name for name, _ in parse_qsl(parts.query)})])
