"""What valid HTML means here: a strict parse, and rules that a parser does not check.

Every test that gets a page should call `assert_valid_html(html)`.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PHRASING_ONLY = {*HEADINGS, "p", "span", "strong", "em", "small", "label", "button", "legend", "summary", "time"}
BLOCKS = {
    *("address", "article", "aside", "blockquote", "details", "dl", "div", "fieldset", "figure", "footer", "form"),
    *("header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"),
}
HEADINGS_ALLOWED_IN = {"legend", "summary"}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "details", "label"}
LIST_PARENTS = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}}
UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("for", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "headers")


def followed(answer: Any) -> Any:
    """The page that a POST leads to where it did not do what was asked (`PostRedirectGet`), or the answer itself."""
    return answer.client.get(answer.headers["Location"]) if answer.status_code == 303 else answer


def parse(html: str | bytes) -> Element:
    """Return the root element. Raises AssertionError with the position of the error."""
    text = html.decode() if isinstance(html, bytes) else html
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        root: Element = parser.parse(text)
    except ParseError as error:
        (line, column), name, data = parser.errors[-1]
        near = text.splitlines()[line - 1][max(0, column - 80) : column + 40]
        raise AssertionError(f"{name} {data} at line {line}, column {column}: {near}") from error
    return root


def assert_valid_html(html: str | bytes) -> Element:
    """Check a whole page, and return its root element for further assertions."""
    root = parse(html)
    problems = [
        *document_problems(root),
        *reference_problems(root),
        *heading_problems(root),
        *control_problems(root),
        *cutting_problems(root),
        *nesting_problems(root),
    ]
    assert not problems, "\n".join(problems)
    return root


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def document_problems(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "html has no lang"
    if not text_of(next(root.iter("title"), Element("title"))):
        yield "the title is empty"
    for name in ("h1", "main"):
        if (found := len(list(root.iter(name)))) != 1:
            yield f"{found} elements {name} instead of one"
    for identifier, count in Counter(e.get("id") for e in root.iter() if e.get("id") is not None).items():
        if count > 1 or not identifier or " " in identifier:
            yield f"id {identifier!r} is used {count} times"
    for element in elements(root):
        for attribute in element.attrib:
            if attribute == "style" or attribute.startswith("on"):
                yield f"inline {attribute} on {element.tag}"
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"inline {element.tag}"


def elements(root: Element) -> Iterator[Element]:
    """All elements, without comments."""
    return (element for element in root.iter() if isinstance(element.tag, str))


def reference_problems(root: Element) -> Iterator[str]:
    ids = {element.get("id") for element in root.iter()}
    for element in elements(root):
        for attribute in REFERENCES:
            for identifier in (element.get(attribute) or "").split():
                if identifier not in ids:
                    yield f"{element.tag} {attribute}={identifier!r} leads nowhere"
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and href[1:] not in ids:
            yield f"the link {href!r} leads nowhere"


def heading_problems(root: Element) -> Iterator[str]:
    level = 0
    for element in elements(root):
        if element.tag in HEADINGS:
            depth = int(element.tag[1])
            if depth > level + 1:
                yield f"{element.tag} {text_of(element)!r} follows h{level}"
            level = depth
            if not text_of(element):
                yield f"an empty {element.tag}"


def control_problems(root: Element) -> Iterator[str]:
    labelled = {e.get("for") for e in root.iter("label")} | {
        id(control) for label in root.iter("label") for control in label.iter() if control is not label
    }
    for element in elements(root):
        named = element.get("aria-label") or element.get("aria-labelledby") or element.get("title")
        match element.tag:
            case "input" | "select" | "textarea" if element.get("type") not in UNLABELLED_INPUTS:
                if not (named or element.get("id") in labelled or id(element) in labelled):
                    yield f"{element.tag} {element.get('name')!r} has no label"
            case "a" | "button" if not (named or text_of(element)):
                yield f"{element.tag} {element.get('href') or ''!r} has no name"
            case "img" if element.get("alt") is None:
                yield f"img {element.get('src')!r} has no alt"
            case "time" if not element.get("datetime"):
                yield f"time {text_of(element)!r} has no datetime"
            case "th" | "legend" | "label" | "summary" if not (named or text_of(element)):
                yield f"an empty {element.tag}"
            case "form" if element.get("novalidate") is None and any(
                "required" in one.attrib for one in element.iter()
            ):
                yield f"form {element.get('action') or ''!r} leaves its errors to the browser's own words"


def cutting_problems(root: Element) -> Iterator[str]:
    """With `maxlength`, browsers cut what is pasted in silence. The admin's forms are Django's."""
    if root.find("body[@data-admin-utc-offset]") is None:
        for element in elements(root):
            if int(element.get("maxlength") or 0):
                yield f"{element.tag} {element.get('name')!r} cuts what is pasted"


def nesting_problems(root: Element) -> Iterator[str]:
    for parent in elements(root):
        children = {child.tag for child in parent if isinstance(child.tag, str)}
        if allowed := LIST_PARENTS.get(parent.tag):
            for child in sorted(children - allowed - {"script", "template"}):
                yield f"{child} directly in {parent.tag}"
        inside = {element.tag for element in elements(parent) if element is not parent}
        if parent.tag in PHRASING_ONLY:
            headings = set() if parent.tag in HEADINGS_ALLOWED_IN else set(HEADINGS)
            for child in sorted(inside & (BLOCKS | headings)):
                yield f"{child} in {parent.tag}"
        if parent.tag in {"a", "button"}:
            for child in sorted(inside & INTERACTIVE):
                yield f"{child} in {parent.tag}"
