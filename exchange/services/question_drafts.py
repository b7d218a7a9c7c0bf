"""Drafts of questions and answers. One row holds all of a person's, by what they are about: without any time."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.sealing import CannotOpen, seal, unseal
from exchange.models import QuestionDraft

MOST_DRAFTS = 20  # the oldest make room

# What a draft is about: a new question, the id of one that was asked, or an answer. What is about the same has BESIDE
# behind it, and its `client` if another page wrote it at the same time, or what it is: one thing more, or a change.
NEW, ANSWER, BESIDE = "", "answer:", "+"


def answer_to(question_id: UUID) -> str:
    """What the draft of an answer is about."""
    return f"{ANSWER}{question_id}"


def change_of(question_id: UUID) -> str:
    """What the draft is about that changes a published answer. It stays in sight when the answer is not there."""
    return f"{answer_to(question_id)}{BESIDE}change"


def more_about(question_id: UUID) -> str:
    """What the draft of one thing more is about."""
    return f"{question_id}{BESIDE}more"


def answers_begun(owner: User) -> list[UUID]:
    """The questions to which drafts are answers, the latest last."""
    begun = (about.removeprefix(ANSWER) for about in drafts_of(owner) if about.startswith(ANSWER))
    return [UUID(one) for one in dict.fromkeys(one.partition(BESIDE)[0] for one in begun)]


@dataclass(frozen=True, slots=True)
class Typed:
    """A write by the script of a page: its `client`, one open tab, numbers its own, and names the revision it read."""

    client: UUID
    sequence: int
    base_revision: int


@transaction.atomic
def keep_draft(*, owner: User, about: str, fields: Mapping[str, str], typed: Typed | None = None) -> tuple[bool, int]:
    """Store what stands in a form, in the place of what stood there before; return True and its revision.

    `typed`: if another page has written there meanwhile, it is stored beside, and False returned: both are kept.
    """
    blank = QuestionDraft(owner=owner, sealed=seal(owner, QuestionDraft.LABEL, owner.pk, {}))
    QuestionDraft.objects.bulk_create([blank], ignore_conflicts=True)
    drafts = drafts_of(owner, lock=True)
    is_next = typed is None or follows(drafts.get(about), fields, typed)
    key = about if typed is None or is_next else f"{about}{BESIDE}{typed.client}"
    before = drafts.pop(key, {})
    revision = int(before.get("revision", 0))
    if typed and is_over(before, typed):
        return is_next, revision
    written = {"client": str(typed.client), "sequence": str(typed.sequence)} if typed else {}
    drafts[key] = dict(fields) | written | {"revision": str(revision + 1)}
    store_drafts(owner, dict([*drafts.items()][-MOST_DRAFTS:]))
    return is_next, revision + 1


def follows(draft: Mapping[str, str] | None, fields: Mapping[str, str], typed: Typed) -> bool:
    """Whether a page has seen what is stored, or has written it itself."""
    return (
        not draft
        or draft.get("client") == str(typed.client)
        or int(draft.get("revision", 0)) == typed.base_revision
        or all(draft.get(name, "") == value for name, value in fields.items() if name != "stamp")
    )


def is_over(draft: Mapping[str, str], typed: Typed) -> bool:
    """Whether this page has written this or something later."""
    return draft.get("client") == str(typed.client) and int(draft.get("sequence", 0)) >= typed.sequence


@transaction.atomic
def forget_draft(*, owner: User, about: str) -> None:
    drafts = drafts_of(owner, lock=True)
    if drafts.pop(about, None) is not None:
        store_drafts(owner, drafts)


@transaction.atomic
def forget_all(*, owner: User, about: str) -> None:
    """Delete a draft, with those beside it."""
    drafts = drafts_of(owner, lock=True)
    for one in [about, *beside(drafts, about)]:
        drafts.pop(one, None)
    store_drafts(owner, drafts)


@transaction.atomic
def forget_sent(owner: User, stamp: UUID) -> None:
    """Delete the draft that has been sent: that of this form, or of none."""
    drafts = drafts_of(owner, lock=True)
    for about in [NEW, *beside(drafts, NEW)]:
        if drafts.get(about, {}).get("stamp", "") in {"", str(stamp)}:
            drafts.pop(about, None)
    store_drafts(owner, drafts)


def beside(drafts: Mapping[str, Mapping[str, str]], about: str) -> list[str]:
    """What stands beside a draft, as another page wrote it."""
    return [one for one in drafts if one.startswith(f"{about}{BESIDE}")]


def drafts_beside(owner: User, about: str, *, shown: str = "") -> list[tuple[str, Mapping[str, str]]]:
    """The same with their words, for a page that shows them; without the one that stands in its form (`shown`)."""
    drafts = drafts_of(owner)
    return [(one, drafts[one]) for one in beside(drafts, about) if one != shown]


def draft_of(owner: User, about: str) -> dict[str, str]:
    """What stood in a form; nothing if there is no draft of it, or it cannot be opened."""
    return drafts_of(owner).get(about, {})


def drafts_of(owner: User, *, lock: bool = False) -> dict[str, dict[str, str]]:
    rows = QuestionDraft.objects.filter(owner=owner)
    row = (rows.select_for_update(no_key=True) if lock else rows).first()
    try:
        return unseal(owner, QuestionDraft.LABEL, owner.pk, bytes(row.sealed)) if row else {}
    except CannotOpen:
        return {}


def store_drafts(owner: User, drafts: Mapping[str, Mapping[str, str]]) -> None:
    rows = QuestionDraft.objects.filter(owner=owner)
    if drafts:
        rows.update(sealed=seal(owner, QuestionDraft.LABEL, owner.pk, drafts))
    else:
        rows.delete()
