"""The pages for reading, earlier versions, the bin and prompts, and the nightly jobs."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from accounts.models import User
from accounts.sealing import seal
from accounts.self_document import change
from guide.models import Prompt
from guide.services import add_missing_prompts
from journal import reading, services, tasks
from journal.content import Content
from journal.models import Entry, PromptChoice, Revision
from journal.prompts import prompt_of_the_day
from journal.services import Write
from lib.comparing import Change, compare
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of
from tests.journal.written import NOW, written, written_twice

PROMPTS = Path(__file__).parents[2] / "guide" / "content" / "prompts.toml"


@pytest.fixture
def prompts(db: None) -> None:
    add_missing_prompts(source=PROMPTS.read_text(encoding="utf-8"))


def rewritten(owner: User, entry: Entry, text: str, minutes: int) -> None:
    write = Write(content=Content(texts=(text,)), client=entry.client, sequence=minutes + 1)
    services.save_entry(owner=owner, entry_id=entry.pk, write=write, now=NOW + timedelta(minutes=minutes))


def test_paragraphs_stay_and_markup_is_text(ana: User, as_user: AsUser) -> None:
    entry = written(ana, "One <b>line</b>\nand another.\n\nA paragraph. https://example.org")
    page = as_user(ana).get(reverse("entry", kwargs={"pk": entry.pk})).content.decode()
    assert "<p>One &lt;b&gt;line&lt;/b&gt;<br>and another.</p>" in page
    assert "<p>A paragraph. https://example.org</p>" in page
    assert "<title>Page" in page


def test_two_versions_are_compared_and_one_is_restored(ana: User, as_user: AsUser) -> None:
    entry = written(ana, "Tea and bread.")
    rewritten(ana, entry, "Tea and warm bread.", 1)
    client = as_user(ana)
    address = reverse("revisions", kwargs={"pk": entry.pk})
    last, first = Revision.objects.visible_to(ana).kept()
    one_id, other_id = str(last.pk), str(first.pk)
    page = client.get(address, {"first": one_id, "second": other_id}).content.decode()
    assert_valid_html(page)
    assert "<ins> warm</ins>" in page
    for query in ({"first": one_id}, {"first": one_id, "second": one_id}, {"first": "x", "second": "y"}):
        assert client.get(address, query).status_code == 200
    one = reverse("revision", kwargs={"pk": entry.pk, "version": first.pk})
    assert "Tea and bread." in client.get(one).content.decode()
    client.post(one)
    assert Entry.objects.get().content(ana).texts == ("Tea and bread.",)


def test_versions_that_differ_around_the_words_alone_do_not_look_the_same(ana: User, as_user: AsUser) -> None:
    entry = written(ana, "Tea and bread.")
    rewritten(ana, entry, "Tea and bread.", 1)
    last, first = Revision.objects.visible_to(ana).kept()
    tagged = replace(last.content(ana), tags=("sundays",), feelings=("calm",))
    last.sealed = seal(ana, Revision.LABEL, last.pk, tagged.to_document())
    last.pinned = True
    last.save()
    address = reverse("revisions", kwargs={"pk": entry.pk})
    page = as_user(ana).get(address, {"first": str(first.pk), "second": str(last.pk)}).content.decode()
    assert re.search("<ins>[^<]*How it felt: calm[^<]*Tags: sundays[^<]*Pinned</ins>", page)
    one = as_user(ana).get(reverse("revision", kwargs={"pk": entry.pk, "version": last.pk})).content.decode()
    assert "Tags: sundays" in one


@pytest.mark.parametrize(
    ("old", "new", "smallest"),
    [
        ("Tea and bread.\n\nA walk.", "Tea, and warm bread.\n\nA long walk", "Tea"),
        ("word " * 2_001 + "\nTea.", "word " * 2_001 + "\nTea, warm.", "Tea."),
        ("a\n" * 25_000, "a\n" * 24_999 + "b", "a\n" * 25_000),  # as lines, a minute of work
    ],
)
def test_changes_make_both_texts_again(old: str, new: str, smallest: str) -> None:
    [found] = compare([old], [new])
    assert "".join(change.text for change in found if change.kind != "new") == old
    assert "".join(change.text for change in found if change.kind != "gone") == new
    assert smallest in {change.text for change in found}
    assert compare([old], [old]) == [[Change("same", old)]]


def test_texts_of_an_entry_are_compared_within_one_bound() -> None:
    """Each of them would be compared by word if it stood alone."""
    old, new = ["a " * 1_900] * 5, ["a " * 1_899 + "b"] * 5
    assert [len(one) for one in compare(old, new)] == [3, 2, 2, 2, 2]


def test_an_entry_goes_to_the_bin_and_back_and_away(ana: User, as_user: AsUser) -> None:
    entry = written(ana)
    client = as_user(ana)
    address = reverse("entry_delete", kwargs={"pk": entry.pk})
    assert "30 days" in client.get(address).content.decode()
    for _twice in range(2):  # from two tabs: only "Delete now" deletes an entry for good
        client.post(address, {"go": "bin"})
    page = client.get(reverse("journal_bin")).content.decode()
    assert_valid_html(page)
    assert "A quiet evening." in page
    for _twice in range(2):
        client.post(address, {"go": "restore"})
    assert Entry.objects.visible_to(ana).exists()
    for_good = reverse("entry_delete_now", kwargs={"pk": entry.pk})
    client.post(address)
    client.post(for_good)
    assert Entry.objects.visible_to(ana).exists()
    client.post(address, {"go": "bin"})
    client.post(address, {"go": "delete"})
    assert Entry.objects.exists()
    assert_valid_html(client.get(for_good).content)
    client.post(for_good)
    assert not Entry.objects.exists()
    assert "The bin is empty." in client.get(reverse("journal_bin")).content.decode()


def test_an_entry_in_the_bin_has_undo_and_back_leads_to_nothing_final(ana: User, as_user: AsUser) -> None:
    entry = written(ana)
    client = as_user(ana)
    address = reverse("entry_delete", kwargs={"pk": entry.pk})
    page = assert_valid_html(client.post(address, {"go": "bin"}, follow=True).content)
    [undo] = page.findall(f".//form[@action='{address}']")
    button = undo.find("button")
    assert button is not None
    assert button.text == "Undo"
    assertRedirects(client.get(address), reverse("entry", kwargs={"pk": entry.pk}))  # as after Back
    for_good = reverse("entry_delete_now", kwargs={"pk": entry.pk})
    assert client.get(for_good).status_code == 200
    client.handler.enforce_csrf_checks = True
    fields = {field.attrib["name"]: field.attrib["value"] for field in [*undo.findall("input"), button]}
    client.post(address, fields)
    assert Entry.objects.visible_to(ana).exists()
    assertRedirects(client.get(for_good), reverse("entry", kwargs={"pk": entry.pk}))


def test_the_bin_goes_on_by_key_to_its_last_entry(ana: User, ben: User, as_user: AsUser) -> None:
    size = reading.PAGE
    for number in range(2 * size + 1):
        entry = written(ana, f"Page {number}.", at=NOW - timedelta(days=number))
        services.bin_entry(owner=ana, entry_id=entry.pk, now=NOW - timedelta(hours=number // 3))
    services.bin_entry(owner=ben, entry_id=written(ben, "Not hers.").pk, now=NOW)
    client, address, seen = as_user(ana), reverse("journal_bin"), []
    client.get(address)
    for shown in (size, size, 1):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address).content.decode()
        assert len(captured) <= 4
        assert_valid_html(page)
        titles = re.findall(r">(Page \d+\.)</a>", page)
        assert len(titles) == shown
        seen += titles
        if link := re.search(r'href="(\?after=[^"]+)"', page):
            address = reverse("journal_bin") + link[1]
    assert link is None
    assert sorted(seen) == sorted(f"Page {number}." for number in range(2 * size + 1))
    services.empty_bin(owner=ana)
    assert client.get(address).headers["Location"] == reverse("journal_bin")
    assert client.get(reverse("journal_bin") + "?after=x").status_code == 404


def test_emptying_the_bin_leaves_everything_else(ana: User, ben: User, as_user: AsUser) -> None:
    for owner in (ana, ana, ben):
        services.bin_entry(owner=owner, entry_id=written(owner).pk, now=NOW)
    stays = written(ana)
    as_user(ana).post(reverse("empty_bin"))
    assert Entry.objects.of(ana).get() == stays
    assert Entry.objects.of(ben).exists()


def test_the_bin_is_emptied_after_thirty_days_to_the_second(ana: User) -> None:
    services.bin_entry(owner=ana, entry_id=written(ana).pk, now=NOW)
    written(ana)
    tasks.empty_bins(int((NOW + timedelta(days=30)).timestamp()))
    assert Entry.objects.count() == 2
    tasks.empty_bins(int((NOW + timedelta(days=30, seconds=1)).timestamp()))
    assert Entry.objects.get().binned_at is None


def test_earlier_versions_go_after_ninety_days_and_what_is_undecided_stays(ana: User) -> None:
    written_twice(ana)
    tasks.forget_old_revisions(int((NOW + timedelta(days=90)).timestamp()))
    assert Revision.objects.count() == 2
    tasks.forget_old_revisions(int((NOW + timedelta(days=90, seconds=1)).timestamp()))
    assert Revision.objects.get().beside


@pytest.mark.usefixtures("prompts")
def test_prompts_stand_by_theme_and_the_first_one_leads(ana: User, as_user: AsUser) -> None:
    root = assert_valid_html(as_user(ana).get(reverse("prompts")).content)
    shown = [text_of(p) for p in root.iter("p") if p.get("class") == "prompt"]
    assert shown[0] == "Am I projecting unmet needs?"
    assert sorted(shown) == sorted(Prompt.objects.values_list("title", flat=True))


@pytest.mark.usefixtures("prompts")
def test_a_question_is_itself_the_one_link(ana: User, as_user: AsUser) -> None:
    root = assert_valid_html(as_user(ana).get(reverse("prompts")).content)
    questions = [item for item in root.iter("li") if any(p.get("class") == "prompt" for p in item.iter("p"))]
    assert len(questions) == Prompt.objects.count()
    assert {len([*item.iter("a")]) for item in questions} == {1}


@pytest.mark.usefixtures("prompts")
def test_a_prompt_is_kept_hidden_and_shown_again(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    choose = reverse("choose_prompt")
    client.post(choose, {"keep": "balance-1"})
    assert "Kept for later" in client.get(reverse("prompts")).content.decode()
    client.post(choose, {"hide": "balance-2"})
    page = client.get(reverse("prompts")).content.decode()
    assert "?prompt=balance-2" not in page
    assert "Hidden questions: 1" in page
    client.post(choose, {"forget": "balance-2"})
    assert PromptChoice.objects.visible_to(ana).get().prompt == "balance-1"
    for bad in ({"keep": "nothing"}, {"keep": "a\x00"}, {}):
        assert client.post(choose, bad).status_code == 404


@pytest.mark.usefixtures("prompts")
def test_gentle_prompts_and_unpublished_ones_are_offered_nowhere(ana: User, as_user: AsUser) -> None:
    Prompt.objects.filter(key="balance-1").update(published=False)
    change(ana, gentle_prompts=True)
    left_out = set(Prompt.objects.filter(suppressed_if_unsafe=True).values_list("key", flat=True)) | {"balance-1"}
    client = as_user(ana)
    page = client.get(reverse("prompts")).content.decode()
    assert [key for key in left_out if f"?prompt={key}" in page] == []
    suggested = {prompt_of_the_day(ana, (NOW + timedelta(days=day)).date()) for day in range(70)}
    assert len(suggested) == Prompt.objects.published().gentle().exclude(key="free").count()
    assert not {prompt.key for prompt in suggested if prompt} & left_out
    assert prompt_of_the_day(ana, NOW.date()) == prompt_of_the_day(ana, NOW.date())
    assert client.post(reverse("choose_prompt"), {"keep": next(iter(left_out))}).status_code == 404


@pytest.mark.usefixtures("prompts")
def test_hidden_prompts_are_not_suggested(ana: User, as_user: AsUser) -> None:
    Prompt.objects.exclude(key__in=["balance-1", "balance-2"]).delete()
    services.hide_prompt(owner=ana, prompt="balance-1")
    for day in range(3):
        prompt = prompt_of_the_day(ana, (NOW + timedelta(days=day)).date())
        assert prompt
        assert prompt.key == "balance-2"
    assert "?prompt=balance-2" in as_user(ana).get("/today/").content.decode()
    services.hide_prompt(owner=ana, prompt="balance-2")
    assert prompt_of_the_day(ana, NOW.date()) is None


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


@pytest.mark.usefixtures("prompts")
def test_no_page_asks_more_as_the_journal_grows(ana: User, as_user: AsUser) -> None:
    entry = written(ana)
    services.bin_entry(owner=ana, entry_id=written(ana).pk, now=NOW)
    client = as_user(ana)
    client.get("/today/")
    pages = [reverse(name, kwargs={"pk": entry.pk}) for name in ("entry", "entry_edit", "revisions")]
    pages += [reverse(name) for name in ("prompts", "entry_new", "journal_bin")]
    client.get(pages[0])
    few = {address: queries(client, address) for address in pages}
    for number in range(1, 12):
        services.bin_entry(owner=ana, entry_id=written(ana).pk, now=NOW)
        rewritten(ana, entry, f"Text {number}.", number)
    assert {address: queries(client, address) for address in pages} == few
    assert max(few.values()) <= 6
