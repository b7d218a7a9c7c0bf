"""Every change of the journal: writing, the bin, earlier versions, and the choice of prompts.

Each write of a page names the revision that it is based on, and happens to a row of that revision alone. Where another
writer was there first, the row is locked and the words that came second are kept beside the page (`Conflict`). Nothing
that was written is ever dropped.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.sealing import CannotOpen, seal
from journal.content import Content, checked
from journal.models import Entry, PromptChoice, Revision

KEEP_EVERY = timedelta(minutes=10)
MOST_REVISIONS = 20
WRITTEN = ("sealed", "client", "sequence", "revision", "changed_at", "kept_at", "binned_at", "date", "pinned")


@dataclass(frozen=True, slots=True)
class Saved:
    """The page as it is now, whether this request wrote it or an earlier copy of the request did."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Conflict:
    """The page was changed by another writer meanwhile; what this one wrote is kept as `other`, beside it."""

    entry: Entry
    other: Revision


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes (one open page of one browser is one client), and that client's how-manieth write it is."""

    client: uuid.UUID
    sequence: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What one write brings."""

    content: Content
    base_revision: int
    write: Write
    keep: bool
    date: datetime | None
    pinned: bool | None


@transaction.atomic
def save_entry(
    *,
    owner: User,
    entry_id: uuid.UUID,
    base_revision: int,
    content: Content,
    client: uuid.UUID,
    sequence: int,
    now: datetime,
    keep_revision: bool,
    date: datetime | None = None,
    pinned: bool | None = None,
    found: Entry | None = None,
) -> Saved | Conflict:
    """Write a page; the first write (`base_revision` 0) makes it, and so does one to a page that was deleted meanwhile.

    `keep_revision` keeps this state as an earlier version (at Save); otherwise one is kept every ten minutes. Without
    `date` and `pinned` these stay as they are. A page in the bin that is written to comes out of it. `found` is the
    owner's page as it was read for this request: while nobody else writes, it need not be read again. Raises
    TooLongError, `accounts.sealing.CannotSeal`, and `Entry.DoesNotExist` if the id is another person's.
    """
    checked(content)
    draft = Draft(content, base_revision, Write(client, sequence), keep_revision, date, pinned)
    if found and (saved := _go_on(owner, found, draft, now)):
        return saved
    entry = _locked(owner, entry_id)
    if entry is None:
        new = Entry(id=entry_id, owner=owner, date=date or now, pinned=bool(pinned), created_at=now)
        if _insert(owner, new, content, draft.write, now):
            return Saved(new)
        entry = _locked(owner, entry_id)
        if entry is None:
            raise Entry.DoesNotExist
    return _go_on(owner, entry, draft, now) or Conflict(entry, _keep_beside(owner, entry, draft, now))


@transaction.atomic
def set_pinned(*, owner: User, entry_id: uuid.UUID, pinned: bool) -> bool:
    return bool(Entry.objects.visible_to(owner).filter(pk=entry_id).update(pinned=pinned))


@transaction.atomic
def bin_entry(*, owner: User, entry_id: uuid.UUID, now: datetime) -> bool:
    return bool(Entry.objects.visible_to(owner).filter(pk=entry_id).update(binned_at=now))


@transaction.atomic
def restore_entry(*, owner: User, entry_id: uuid.UUID) -> bool:
    return bool(Entry.objects.in_bin_of(owner).filter(pk=entry_id).update(binned_at=None))


@transaction.atomic
def delete_entry(*, owner: User, entry_id: uuid.UUID) -> bool:
    """Delete a page that is in the bin, with its versions, for good."""
    deleted, _rows = Entry.objects.in_bin_of(owner).filter(pk=entry_id).delete()
    return bool(deleted)


@transaction.atomic
def empty_bin(*, owner: User) -> None:
    Entry.objects.in_bin_of(owner).delete()


@transaction.atomic
def restore_revision(*, owner: User, entry_id: uuid.UUID, revision_id: uuid.UUID, now: datetime) -> Entry:
    """Make a version the page again: an earlier one, or one beside it. The page as it was becomes an earlier version.

    Raises DoesNotExist (of the page or of the version) and CannotOpen; then nothing has changed.
    """
    entry = _locked(owner, entry_id)
    if entry is None:
        raise Entry.DoesNotExist
    version = Revision.objects.visible_to(owner).get(pk=revision_id, entry=entry)
    content = version.content(owner)
    if entry.changed_at > entry.kept_at:
        _keep(owner, entry, entry.content(owner), entry.changed_at)
    if version.beside:
        version.delete()
    entry.date, entry.pinned = version.date, version.pinned
    _write(owner, entry, content, Write(uuid.uuid4(), 0), now, keep=True)
    return entry


@transaction.atomic
def put_aside(*, owner: User, entry_id: uuid.UUID, revision_id: uuid.UUID, now: datetime) -> bool:
    """Keep the page as it is: the text beside it becomes an earlier version, kept from now on."""
    entry = _locked(owner, entry_id)
    beside = Revision.objects.visible_to(owner).beside().filter(pk=revision_id, entry_id=entry_id)
    if entry is None or not beside.update(beside=False, made_at=now):
        return False
    _drop_oldest(entry)
    return True


@transaction.atomic
def keep_both(*, owner: User, entry_id: uuid.UUID, revision_id: uuid.UUID, now: datetime) -> Entry:
    """Make a page of its own from the text beside a page. Raises DoesNotExist and CannotOpen."""
    entry = _locked(owner, entry_id)
    if entry is None:
        raise Entry.DoesNotExist
    version = Revision.objects.visible_to(owner).beside().get(pk=revision_id, entry=entry)
    new = Entry(owner=owner, date=version.date, pinned=version.pinned, created_at=now)
    _insert(owner, new, version.content(owner), Write(version.client, version.sequence), now)
    version.delete()
    return new


@transaction.atomic
def keep_prompt(*, owner: User, prompt: str) -> None:
    _choose(owner, prompt, PromptChoice.Choice.KEPT)


@transaction.atomic
def hide_prompt(*, owner: User, prompt: str) -> None:
    _choose(owner, prompt, PromptChoice.Choice.HIDDEN)


@transaction.atomic
def forget_prompt_choice(*, owner: User, prompt: str) -> None:
    """Neither kept for later nor hidden any more."""
    PromptChoice.objects.visible_to(owner).filter(prompt=prompt).delete()


@transaction.atomic
def delete_binned(*, before: datetime) -> int:
    """Delete the pages that were put into the bin before a time, and say how many."""
    found = Entry.objects.filter(binned_at__lt=before)
    _all, rows = found.delete()
    return rows.get(Entry._meta.label, 0)


@transaction.atomic
def delete_old_revisions(*, before: datetime) -> int:
    """Delete earlier versions made before a time. A text beside a page stays until its writer has decided about it."""
    deleted, _rows = Revision.objects.kept().filter(made_at__lt=before).delete()
    return deleted


def belongs_to_another(*, owner: User, entry_id: uuid.UUID) -> bool:
    """Whether somebody else has a page of this id; nobody else may learn more of it than that it is not theirs."""
    return Entry.objects.filter(pk=entry_id).exclude(owner=owner).exists()


def _locked(owner: User, entry_id: uuid.UUID) -> Entry | None:
    return Entry.objects.of(owner).select_for_update().find(entry_id)


def _go_on(owner: User, entry: Entry, draft: Draft, now: datetime) -> Saved | None:
    """Write a page, if the draft knows it as it is; not if somebody else has written since it was read."""
    if _is_superseded(owner, entry, draft.content, draft.write):
        return Saved(entry)
    if not _follows(entry, draft.base_revision, draft.write):
        return None
    entry.date = draft.date or entry.date
    entry.pinned = entry.pinned if draft.pinned is None else draft.pinned
    keep = draft.keep or now - entry.kept_at >= KEEP_EVERY
    return Saved(entry) if _write(owner, entry, draft.content, draft.write, now, keep=keep) else None


def _is_superseded(owner: User, entry: Entry, content: Content, write: Write) -> bool:
    """Whether this writer has written it, or something later, already; a repeated request changes nothing."""
    if write.client == entry.client and write.sequence < entry.sequence:
        return True
    return write.client == entry.client and write.sequence == entry.sequence and _reads(owner, entry, content)


def _follows(entry: Entry, base_revision: int, write: Write) -> bool:
    """Whether the write knows the page as it is. A writer that missed the answer to its own last write does, too."""
    own = write.client == entry.client and write.sequence > entry.sequence
    return own or entry.revision == base_revision


def _reads(owner: User, row: Entry | Revision, content: Content) -> bool:
    try:
        return row.content(owner) == content
    except CannotOpen:
        return False


def _insert(owner: User, new: Entry, content: Content, write: Write, now: datetime) -> bool:
    """Store a new page; not if its id is taken."""
    new.sealed = seal(owner, Entry.LABEL, new.pk, content.to_document())
    new.client, new.sequence = write.client, write.sequence
    new.changed_at = new.kept_at = now
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        return False
    _keep(owner, new, content, now)
    return True


def _write(owner: User, entry: Entry, content: Content, write: Write, now: datetime, *, keep: bool) -> bool:
    """Replace the words of a page, and `keep` them as a version; not if its row has another revision by now."""
    row = Entry.objects.of(owner).filter(pk=entry.pk, revision=entry.revision)
    entry.sealed = seal(owner, Entry.LABEL, entry.pk, content.to_document())
    entry.client, entry.sequence = write.client, write.sequence
    entry.revision += 1
    entry.changed_at = now
    entry.kept_at = now if keep else entry.kept_at
    entry.binned_at = None
    if not row.update(**{name: getattr(entry, name) for name in WRITTEN}):
        return False
    if keep:
        _keep(owner, entry, content, now)
    return True


def _keep(owner: User, entry: Entry, content: Content, at: datetime) -> None:
    """Keep what is written now as an earlier version."""
    version = Revision(owner=owner, entry=entry, number=entry.revision, made_at=at)
    version.date, version.pinned = entry.date, entry.pinned
    version.client, version.sequence = entry.client, entry.sequence
    version.sealed = seal(owner, Revision.LABEL, version.pk, content.to_document())
    version.save(force_insert=True)
    _drop_oldest(entry)


def _drop_oldest(entry: Entry) -> None:
    """Keep no more than the most. Asked first: it costs a third of a deletion that finds nothing, as most do."""
    over = entry.revisions.kept()[MOST_REVISIONS:]
    if over.exists():
        Revision.objects.filter(pk__in=over.values("pk")).delete()


def _keep_beside(owner: User, entry: Entry, draft: Draft, now: datetime) -> Revision:
    """Keep the words of a write that came second; they replace what the same writer has beside the page already."""
    rows = Revision.objects.visible_to(owner).beside()
    client, sequence = draft.write.client, draft.write.sequence
    version = rows.filter(entry=entry, client=client).first()
    if version is None:
        version = Revision(owner=owner, entry=entry, client=client, beside=True)
    elif sequence < version.sequence or (sequence == version.sequence and _reads(owner, version, draft.content)):
        return version
    version.number, version.sequence, version.made_at = draft.base_revision, sequence, now
    version.date = draft.date or entry.date
    version.pinned = entry.pinned if draft.pinned is None else draft.pinned
    version.sealed = seal(owner, Revision.LABEL, version.pk, draft.content.to_document())
    version.save()
    return version


def _choose(owner: User, prompt: str, choice: PromptChoice.Choice) -> None:
    PromptChoice.objects.update_or_create(owner=owner, prompt=prompt, defaults={"choice": choice})
