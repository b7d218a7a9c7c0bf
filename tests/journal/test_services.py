"""Writing a page, its earlier versions, two writers at once, the bin, and the choice of prompts."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.sealing import CannotOpen
from journal import services
from journal.content import MOST_CHARACTERS, Content, TooLongError
from journal.models import Entry, PromptChoice, Revision
from journal.services import Conflict, Saved, Write

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = uuid.UUID(int=1)
TAB, OTHER_TAB = uuid.UUID(int=2), uuid.UUID(int=3)


def write(
    owner: User,
    text: str = "One.",
    *,
    base: int = 0,
    client: uuid.UUID = TAB,
    sequence: int = 1,
    at: datetime = NOW,
    keep: bool = True,
    entry_id: uuid.UUID = ENTRY,
) -> Saved | Conflict:
    content = Content(texts=(text,))
    new = Write(content=content, base_revision=base, client=client, sequence=sequence, keep=keep)
    return services.save_entry(owner=owner, entry_id=entry_id, write=new, now=at)


def entry_of(owner: User) -> Entry:
    return Entry.objects.visible_to(owner).get()


def text_of(owner: User) -> str:
    return entry_of(owner).content(owner).texts[0]


def kept_texts(owner: User) -> list[str]:
    return [version.content(owner).texts[0] for version in Revision.objects.visible_to(owner).kept()]


def test_the_first_write_makes_the_entry_and_the_next_changes_it(ana: User) -> None:
    assert isinstance(write(ana), Saved)
    assert (entry_of(ana).revision, text_of(ana), entry_of(ana).date) == (1, "One.", NOW)
    saved = write(ana, "Two.", base=1, sequence=2)
    assert saved.entry.revision == 2
    assert text_of(ana) == "Two."


def test_the_same_request_gets_the_same_answer(ana: User) -> None:
    for _time in range(2):
        assert write(ana).entry.revision == 1
    for _time in range(2):
        saved = write(ana, "Two.", base=1, sequence=2)
        assert isinstance(saved, Saved)
        assert saved.entry.revision == 2
    assert Revision.objects.count() == 2


def test_a_writer_that_missed_its_answer_is_not_in_conflict_with_itself(ana: User) -> None:
    write(ana)
    assert isinstance(write(ana, "One. Two.", base=0, sequence=2), Saved)
    late = write(ana, "One.", base=0, sequence=1)
    assert isinstance(late, Saved)
    assert text_of(ana) == "One. Two."


def test_who_comes_second_has_the_words_kept_beside_the_first(ana: User) -> None:
    write(ana)
    write(ana, "First.", base=1, sequence=2)
    second = write(ana, "Second.", base=1, client=OTHER_TAB)
    assert isinstance(second, Conflict)
    assert text_of(ana) == "First."
    assert second.other.content(ana).texts == ("Second.",)
    again = write(ana, "Second.", base=1, client=OTHER_TAB)
    more = write(ana, "Second and more.", base=1, client=OTHER_TAB, sequence=2)
    assert isinstance(again, Conflict)
    assert isinstance(more, Conflict)
    assert again.other == more.other == second.other
    write(ana, "Second.", base=1, client=OTHER_TAB, sequence=1)  # an older request arrives late
    assert [row.content(ana).texts[0] for row in Revision.objects.visible_to(ana).beside()] == ["Second and more."]


def test_the_same_number_with_other_words_is_a_conflict_and_nothing_is_lost(ana: User) -> None:
    write(ana)
    assert isinstance(write(ana, "Other words."), Conflict)
    assert text_of(ana) == "One."


@pytest.mark.parametrize("way", ["restore", "both"])
def test_the_date_of_the_second_text_and_whether_it_is_pinned_are_kept_with_it(ana: User, way: str) -> None:
    write(ana)
    other = Write(content=Content(texts=("Second.",)), client=OTHER_TAB, date=NOW - timedelta(days=3), pinned=True)
    second = services.save_entry(owner=ana, entry_id=ENTRY, write=other, now=NOW)
    assert isinstance(second, Conflict)
    settle = services.restore_revision if way == "restore" else services.keep_both
    entry = settle(owner=ana, entry_id=ENTRY, revision_id=second.other.pk, now=NOW)
    assert (entry.date, entry.pinned) == (NOW - timedelta(days=3), True)
    first = Revision.objects.visible_to(ana).kept().get(number=1, entry_id=ENTRY)
    assert (first.date, first.pinned) == (NOW, False)


@pytest.mark.parametrize("way", ["restore", "aside", "both"])
def test_a_conflict_is_settled_in_one_of_three_ways(ana: User, way: str) -> None:
    write(ana)
    second = write(ana, "Second.", client=OTHER_TAB)
    assert isinstance(second, Conflict)
    settle = {"entry_id": ENTRY, "revision_id": second.other.pk}
    if way == "restore":
        services.restore_revision(owner=ana, now=NOW, **settle)
        assert text_of(ana) == "Second."
    elif way == "aside":
        assert services.put_aside(owner=ana, now=NOW, **settle)
        assert set(kept_texts(ana)) == {"One.", "Second."}
    else:
        new = services.keep_both(owner=ana, now=NOW, **settle)
        assert new.content(ana).texts == ("Second.",)
        assert Entry.objects.visible_to(ana).count() == 2
    assert not Revision.objects.visible_to(ana).beside().exists()


@pytest.mark.parametrize("way", ["restore", "aside", "both"])
def test_who_has_chosen_between_two_versions_has_begun_nothing(ana: User, way: str) -> None:
    write(ana)
    write(ana, "First.", base=1, sequence=2, keep=False, at=NOW + timedelta(minutes=1))
    at = NOW + timedelta(minutes=2)
    second = write(ana, "Second.", base=1, client=OTHER_TAB, keep=False, at=at)
    assert isinstance(second, Conflict)
    assert Entry.objects.visible_to(ana).unfinished(NOW).exists()
    settle = {"restore": services.restore_revision, "aside": services.put_aside, "both": services.keep_both}[way]
    settle(owner=ana, entry_id=ENTRY, revision_id=second.other.pk, now=at)
    assert not Entry.objects.visible_to(ana).unfinished(NOW).exists()
    assert "First." in kept_texts(ana)


def test_writing_to_an_entry_that_was_deleted_or_binned_brings_it_back(ana: User) -> None:
    write(ana)
    services.bin_entry(owner=ana, entry_id=ENTRY, now=NOW)
    write(ana, "Two.", base=1, sequence=2)
    assert text_of(ana) == "Two."
    Entry.objects.all().delete()
    assert isinstance(write(ana, "Three.", base=2, sequence=3), Saved)
    assert text_of(ana) == "Three."


def test_another_persons_entry_is_not_there(ana: User, ben: User) -> None:
    write(ana)
    with pytest.raises(Entry.DoesNotExist):
        write(ben, "Not mine.")
    assert not services.bin_entry(owner=ben, entry_id=ENTRY, now=NOW)
    version = Revision.objects.get()
    with pytest.raises(Entry.DoesNotExist):
        services.restore_revision(owner=ben, entry_id=ENTRY, revision_id=version.pk, now=NOW)
    assert text_of(ana) == "One."


def test_an_entry_that_was_read_too_early_is_never_written_over(ana: User) -> None:
    write(ana)
    early = entry_of(ana)
    write(ana, "From the other tab.", base=1, client=OTHER_TAB)
    late = Write(content=Content(texts=("From this tab.",)), base_revision=1, client=TAB, sequence=2)
    done = services.save_entry(owner=ana, entry_id=ENTRY, write=late, now=NOW, found=early)
    assert isinstance(done, Conflict)
    assert done.other.content(ana).texts == ("From this tab.",)
    assert text_of(ana) == "From the other tab."
    assert "From this tab." not in kept_texts(ana)


def test_an_entry_that_was_read_just_now_is_neither_read_nor_locked_again(
    ana: User, django_assert_num_queries: Any
) -> None:
    write(ana)
    entry = entry_of(ana)
    new = Write(content=Content(texts=("Two.",)), base_revision=1, client=TAB, sequence=2, keep=False)
    with django_assert_num_queries(3):  # one write inside a savepoint
        services.save_entry(owner=ana, entry_id=ENTRY, write=new, now=NOW, found=entry)
    assert text_of(ana) == "Two."


def test_versions_are_kept_at_save_or_ten_minutes_apart_and_twenty_at_most(ana: User) -> None:
    write(ana)
    write(ana, "Two.", base=1, sequence=2, keep=False, at=NOW + timedelta(minutes=9))
    assert kept_texts(ana) == ["One."]
    write(ana, "Three.", base=2, sequence=3, keep=False, at=NOW + timedelta(minutes=10))
    assert kept_texts(ana) == ["Three.", "One."]
    for number in range(4, 30):
        at = NOW + timedelta(minutes=10, seconds=number)
        write(ana, f"Text {number}.", base=number - 1, sequence=number, at=at)
    assert len(kept_texts(ana)) == services.MOST_REVISIONS
    assert kept_texts(ana)[0] == "Text 29."
    second = write(ana, "Beside.", base=3, client=OTHER_TAB, at=NOW + timedelta(hours=1))
    assert isinstance(second, Conflict)
    assert services.put_aside(owner=ana, entry_id=ENTRY, revision_id=second.other.pk, now=NOW + timedelta(hours=2))
    assert len(kept_texts(ana)) == services.MOST_REVISIONS
    assert kept_texts(ana)[0] == "Beside."


def test_restoring_keeps_what_was_there(ana: User) -> None:
    write(ana)
    write(ana, "Two.", base=1, sequence=2, keep=False, at=NOW + timedelta(minutes=1))
    first = Revision.objects.get()
    later = NOW + timedelta(minutes=2)
    entry = services.restore_revision(owner=ana, entry_id=ENTRY, revision_id=first.pk, now=later)
    assert (entry.revision, text_of(ana)) == (3, "One.")
    assert kept_texts(ana) == ["One.", "Two.", "One."]


def test_an_entry_that_cannot_be_opened_is_not_restored_over(ana: User) -> None:
    write(ana)
    write(ana, "Two.", base=1, sequence=2, keep=False, at=NOW + timedelta(minutes=1))
    broken = bytes(entry_of(ana).sealed) + b"\0"
    Entry.objects.all().update(sealed=broken)
    with pytest.raises(CannotOpen):
        services.restore_revision(owner=ana, entry_id=ENTRY, revision_id=Revision.objects.get().pk, now=NOW)
    assert bytes(entry_of(ana).sealed) == broken


def test_an_entry_is_as_long_as_it_may_be_and_no_longer(ana: User) -> None:
    write(ana, "x" * MOST_CHARACTERS)
    with pytest.raises(TooLongError):
        write(ana, "x" * (MOST_CHARACTERS + 1), base=1, sequence=2)
    assert entry_of(ana).revision == 1


def test_everything_of_an_entry_comes_back(ana: User) -> None:
    content = Content(
        prompt="balance-1",
        theme="balance",
        question="What did I give?",
        steps=("Three things.", "And then?"),
        texts=("\n\n  A long\twalk. 🌿\nTea.", ""),
        closing="Enough.",
        feelings=("calm", "tired"),
        tags=("ours",),
        result=str(uuid.uuid4()),
    )
    new = Write(content=content, client=TAB, date=NOW - timedelta(days=9), pinned=True)
    services.save_entry(owner=ana, entry_id=ENTRY, write=new, now=NOW)
    assert entry_of(ana).content(ana) == content
    assert (entry_of(ana).date, entry_of(ana).pinned) == (NOW - timedelta(days=9), True)
    assert content.title == "A long\twalk. 🌿"
    assert replace(content, texts=("", "")).title == "Enough."


def test_the_bin(ana: User) -> None:
    write(ana)
    assert not services.delete_entry(owner=ana, entry_id=ENTRY)
    assert services.bin_entry(owner=ana, entry_id=ENTRY, now=NOW)
    assert not Entry.objects.visible_to(ana).exists()
    assert services.restore_entry(owner=ana, entry_id=ENTRY)
    assert text_of(ana) == "One."
    services.bin_entry(owner=ana, entry_id=ENTRY, now=NOW)
    services.empty_bin(owner=ana)
    assert not Entry.objects.exists()
    assert not Revision.objects.exists()


def test_emptying_old_bins_counts_the_entries_and_not_their_versions(ana: User) -> None:
    assert services.delete_binned(before=NOW) == 0
    write(ana)
    write(ana, "Two.", base=1, sequence=2)
    services.bin_entry(owner=ana, entry_id=ENTRY, now=NOW)
    assert services.delete_binned(before=NOW) == 0
    assert Revision.objects.count() == 2
    assert services.delete_binned(before=NOW + timedelta(microseconds=1)) == 1
    assert not Revision.objects.exists()


def test_a_prompt_is_kept_or_hidden_or_neither(ana: User) -> None:
    services.keep_prompt(owner=ana, prompt="balance-1")
    services.hide_prompt(owner=ana, prompt="balance-1")
    assert PromptChoice.objects.visible_to(ana).get().choice == "hidden"
    services.forget_prompt_choice(owner=ana, prompt="balance-1")
    assert not PromptChoice.objects.exists()
