"""The guide's pages: there for everybody, beside a member's questions, and the same for every visitor."""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.erasure import ask_to_close
from accounts.models import User
from accounts.self_document import change
from guide import themes
from guide.chapters import chapters
from guide.models import Prompt
from journal.content import Content
from journal.models import Entry
from journal.services import bin_entry
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of
from tests.journal.written import NOW, written

pytestmark = pytest.mark.time_machine(NOW, tick=False)

PAGES = ["/guide/", *(f"/guide/{theme}/" for theme in themes.KEYS)]


def page(client: Client, path: str) -> Element:
    response = client.get(path)
    assert response.status_code == 200
    return assert_valid_html(response.content)


def headings(root: Element) -> list[str]:
    return [text_of(heading) for heading in root.iter("h2")]


def turns(root: Element) -> dict[str | None, str | None]:
    return {link.get("rel"): link.get("href") for link in root.iter("a") if link.get("rel") in {"prev", "next"}}


@pytest.fixture
def prompts(db: None) -> None:
    """Three questions on the first theme, one of them not for everybody and one not published; one on another theme."""
    shared = {"why": "It helps.", "minutes": 5}
    Prompt.objects.create(key="balance-1", theme="balance", title="What reached me?", order=1, **shared)
    Prompt.objects.create(
        key="balance-2", theme="balance", title="Where do I lean?", order=2, suppressed_if_unsafe=True, **shared
    )
    Prompt.objects.create(key="balance-3", theme="balance", title="A draft", order=3, published=False, **shared)
    Prompt.objects.create(key="illusions-1", theme="illusions", title="Another theme", order=4, **shared)


@pytest.mark.parametrize("path", PAGES)
def test_visitor_reads_without_a_single_query(client: Client, path: str) -> None:
    """No database is there: a query would fail the test."""
    response = client.get(path)
    assert_valid_html(response.content)
    assert not response.cookies
    assert "no-store" not in response.headers.get("Cache-Control", "")
    assert len(response.content) < 14_000


def test_contents_name_every_chapter_in_order(client: Client) -> None:
    root = page(client, "/guide/")
    shown = [text_of(heading) for heading in root.iter("h3")]
    assert shown == [chapter.title for chapter in chapters().values()]
    assert "about 3 minutes" in text_of(root)
    assert "About 30 minutes of reading in all." in text_of(root)


@pytest.mark.parametrize("theme", themes.KEYS)
def test_chapter_is_whole(client: Client, theme: str) -> None:
    chapter = chapters()[theme]
    root = page(client, f"/guide/{theme}/")
    assert [text_of(heading) for heading in root.iter("h1")] == [chapter.title]
    written = [line.removeprefix("## ") for line in chapter.text.splitlines() if line.startswith("## ")]
    assert [heading for heading in headings(root) if heading in written] == written
    for source in chapter.sources:
        assert " ".join(source.split()) in text_of(root)


def test_tab_never_names_the_theme(client: Client) -> None:
    root = page(client, "/guide/self-worth/")
    assert text_of(next(root.iter("title"))) == "Guide 3 of 10 | Reflect"
    named = {meta.get("property"): meta.get("content") for meta in root.iter("meta")}
    assert named["og:title"] == chapters()["self-worth"].title


@pytest.mark.parametrize("theme", themes.KEYS)
def test_exercise_and_care_are_set_apart(client: Client, theme: str) -> None:
    root = page(client, f"/guide/{theme}/")
    apart = {
        section.get("aria-labelledby"): [div.get("class") for div in section.iter("div")]
        for section in root.iter("section")
    }
    assert "notice" in apart["try-this"]
    assert "notice notice-safety" in apart["be-careful"]


def test_chapters_lead_to_one_another(client: Client) -> None:
    path, walked = "/guide/balance/", []
    while path:
        walked.append(path)
        path = turns(page(client, path)).get("next") or ""
    assert walked == PAGES[1:]
    assert "prev" not in turns(page(client, walked[0]))
    assert turns(page(client, walked[-1])) == {"prev": walked[-2]}


@pytest.mark.parametrize("path", ["/guide/money/", "/guide/Balance/", "/guide/01-balance/"])
def test_unknown_theme_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_guide_is_the_first_link_for_a_visitor(client: Client, db: None) -> None:
    for path, current in [("/", None), ("/guide/", "page"), ("/guide/balance/", "true")]:
        first = next(next(page(client, path).iter("nav")).iter("a"))
        assert (first.get("href"), first.get("aria-current")) == ("/guide/", current)


def test_landing_leads_to_the_guide(client: Client, db: None) -> None:
    links = {text_of(link): link.get("href") for link in page(client, "/").iter("a")}
    assert links["Read the guide first"] == "/guide/"


@pytest.mark.usefixtures("prompts")
@pytest.mark.parametrize(
    ("gentle", "shown"), [(False, ["What reached me?", "Where do I lean?"]), (True, ["What reached me?"])]
)
def test_member_sees_the_questions_of_the_theme(ana: User, as_user: AsUser, gentle: bool, shown: list[str]) -> None:
    change(ana, gentle_prompts=gentle)
    root = page(as_user(ana), "/guide/balance/")
    assert [text_of(p) for p in root.iter("p") if p.get("class") == "prompt"] == shown


@pytest.mark.usefixtures("prompts")
def test_visitor_sees_no_questions(client: Client) -> None:
    assert "Questions on this topic" not in headings(page(client, "/guide/balance/"))


def test_no_heading_stands_over_no_questions(ana: User, as_user: AsUser) -> None:
    assert "Questions on this topic" not in headings(page(as_user(ana), "/guide/balance/"))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_questions(
    ana: User, as_user: AsUser, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        Prompt.objects.create(key=f"balance-{number}", theme="balance", title=f"Question {number}", why="-", minutes=5)
    client = as_user(ana)
    client.get("/guide/balance/")  # the session notes that it is in use
    with django_assert_num_queries(4):  # the session, the account with its data key, the questions, the entries
        client.get("/guide/balance/")


def on(theme: str, text: str, **more: Any) -> Content:
    return Content(prompt=f"{theme}-1", theme=theme, texts=(text,), **more)


def written_shown(root: Element) -> list[str]:
    """The text of each entry shown beside a chapter."""
    sections = [section for section in root.iter("section") if section.get("aria-labelledby") == "written"]
    return [text_of(item) for section in sections for item in section.iter("li")]


def test_member_sees_their_newest_entries_on_the_theme(ana: User, ben: User, as_user: AsUser) -> None:
    for number in range(1, 5):
        written(ana, content=on("balance", f"Line {number}."), at=NOW + timedelta(days=number))
    asked = on("balance", "Because.", question="What reached me?", steps=("Why?",))
    latest = written(ana, content=asked, at=NOW + timedelta(days=9))
    written(ana, content=on("illusions", "Another theme."))
    written(ana, "A free entry.")
    written(ben, content=on("balance", "Of Ben."))
    binned = written(ana, content=on("balance", "Into the bin."), at=NOW + timedelta(days=10))
    bin_entry(owner=ana, entry_id=binned.pk, now=NOW)
    root = page(as_user(ana), "/guide/balance/")
    assert written_shown(root) == [
        "Tuesday 10 March 2026 What reached me? Because.",
        "Thursday 5 March 2026 Line 4.",
        "Wednesday 4 March 2026 Line 3.",
    ]
    assert f"/journal/{latest.pk}/" in {link.get("href") for link in root.iter("a")}
    assert written_shown(page(as_user(ana), "/guide/refusals/")) == []


def test_an_entry_that_cannot_be_opened_hides_none_of_the_others(ana: User, as_user: AsUser) -> None:
    written(ana, content=on("balance", "Whole."))
    broken = written(ana, content=on("balance", "Broken."), at=NOW + timedelta(days=1))
    Entry.objects.filter(pk=broken.pk).update(sealed=bytes(broken.sealed)[::-1])
    [shown] = written_shown(page(as_user(ana), "/guide/balance/"))
    assert "Whole." in shown


def test_nobody_else_finds_a_members_entries_there(client: Client, ana: User, ben: User, as_user: AsUser) -> None:
    written(ana, content=on("balance", "Of Ana."))
    assert b"Of Ana." in as_user(ana).get("/guide/balance/").content
    assert b"Of Ana." not in as_user(ben).get("/guide/balance/").content
    client.logout()
    assert b"Of Ana." not in client.get("/guide/balance/").content


def test_nothing_private_stands_there_while_the_account_closes(ana: User, as_user: AsUser) -> None:
    written(ana, content=on("balance", "Of Ana."))
    ask_to_close(owner=ana, now=timezone.now())
    assert written_shown(page(as_user(ana), "/guide/balance/")) == []


def test_a_printed_or_shared_chapter_holds_nothing_of_its_reader(ana: User, as_user: AsUser) -> None:
    Prompt.objects.create(key="balance-1", theme="balance", title="What reached me?", why="-", minutes=5)
    written(ana, content=on("balance", "Of Ana."))
    root = page(as_user(ana), "/guide/balance/")
    private = [section for section in root.iter("section") if section.get("aria-labelledby") in {"prompts", "written"}]
    assert len(private) == 2
    assert all("no-print" in str(section.get("class")).split() for section in private)
    head = " ".join(f"{element.attrib}" for element in next(root.iter("head")).iter())
    mail = " ".join(str(link.get("href")) for link in root.iter("a") if str(link.get("href")).startswith("mailto:"))
    assert "Ana" not in head + mail


@pytest.mark.parametrize("count", [1, 210])
def test_queries_do_not_grow_with_the_entries(
    ana: User, as_user: AsUser, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        written(ana, content=on("balance", "A line."), at=NOW + timedelta(hours=number))
    client = as_user(ana)
    client.get("/guide/balance/")  # the session notes that it is in use
    with django_assert_num_queries(4):  # the session, the account with its key, the questions, the entries
        assert len(written_shown(page(client, "/guide/balance/"))) == min(count, 3)


@pytest.mark.parametrize("path", PAGES[:2])
def test_member_page_is_kept_nowhere(ana: User, as_user: AsUser, path: str) -> None:
    response = as_user(ana).get(path)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_message_to_share_is_neutral(client: Client) -> None:
    links = [str(link.get("href")) for link in page(client, "/guide/refusals/").iter("a")]
    [message] = [link for link in links if link.startswith("mailto:")]
    assert message == "mailto:?subject=A%20page%20to%20read&body=http%3A%2F%2Ftestserver%2Fguide%2Frefusals%2F"


def test_sharing_stays_on_the_chapters(client: Client, ana: User, as_user: AsUser) -> None:
    assert b"share.js" in client.get("/guide/balance/").content
    for path in ["/today/", "/balance/", "/account/settings/"]:
        content = as_user(ana).get(path).content
        assert b"share.js" not in content
        assert b"mailto:" not in content


@pytest.mark.usefixtures("prompts")
def test_gentle_prompts_do_not_offer_the_chapter_on_illusions(ana: User, as_user: AsUser) -> None:
    change(ana, gentle_prompts=True)
    client = as_user(ana)
    assert "/guide/illusions/" not in {a.get("href") for a in page(client, "/guide/").iter("a")}
    assert "A guide in nine short chapters" in text_of(page(client, "/guide/"))
    assert turns(page(client, "/guide/balance/"))["next"] == "/guide/self-worth/"
    assert "Guide 2 of 9" in text_of(page(client, "/guide/self-worth/"))
    assert "Another theme" not in text_of(page(client, "/guide/illusions/"))  # the address stays; its questions do not
