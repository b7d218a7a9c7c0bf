"""Every change to the journal: writing, the bin, earlier versions, and the choice of prompts.

Each write names the revision that it is based on, and changes the row only while it has that revision. If another
writer came first, the row is locked and the text that came second is kept beside the entry (`Conflict`). Nothing that
was written is ever dropped. An account that is full (`accounts/quota.py`) begins no entry; one that is begun can grow a
little more.
"""

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum, Window

from accounts import quota
from accounts.models import User
from accounts.sealing import CannotOpen, seal
from journal.content import Content, checked
from journal.models import Entry, EntryQuerySet, PromptChoice, Revision
from lib.zones import zone

KEEP_EVERY = timedelta(minutes=10)
MOST_REVISIONS = 20
# Asked with every save; by the ORM, it takes six times as long.
ONE_MORE = "SELECT FROM journal_revision WHERE entry_id = %s AND NOT beside OFFSET %s LIMIT 1"
DATED = ("date", "day", "clock")
WRITTEN = ("sealed", "client", "sequence", "revision", "changed_at", "kept_at", "binned_at", "pinned", *DATED)


@dataclass(frozen=True, slots=True)
class Saved:
    """The entry as it is now, whether this request wrote it or an earlier copy of the request did."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another writer has changed the entry meanwhile; what this one wrote is kept beside it, as `other`."""

    entry: Entry
    other: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write to an entry: its new content, the revision that this is based on (0 for a new entry), and the writer.

    A `client` is one open browser tab, and `sequence` numbers its writes. With `keep` (on Save) the new state is also
    kept as a version; otherwise one is kept every KEEP_EVERY. A `date` or `pinned` of None changes nothing. A `date`
    gets the day and time that it has in the owner's zone.
    """

    content: Content
    base_revision: int = 0
    client: uuid.UUID = field(default_factory=uuid.uuid4)
    sequence: int = 1
    keep: bool = True
    date: datetime | None = None
    pinned: bool | None = None


@transaction.atomic
def save_entry(
    *, owner: User, entry_id: uuid.UUID, write: Write, now: datetime, found: Entry | None = None
) -> Saved | Conflict:
    """Write an entry, creating it on the first write or if it was deleted meanwhile.

    An entry in the bin comes out of it. `found` is the owner's entry as this request has read it, to avoid reading it
    again unless somebody else has written since. Raises TooLongError, `accounts.quota.Full`,
    `accounts.sealing.CannotSeal`, and `Entry.DoesNotExist` if the id is another person's.
    """
    checked(write.content)
    if found and (saved := _go_on(owner, found, write, now)):
        return saved
    entry = _locked(owner, entry_id)
    if entry is None:
        new = Entry(id=entry_id, owner=owner, pinned=bool(write.pinned), created_at=now)
        new.set_date(write.date or now, zone(owner.timezone))
        if _insert(owner, new, write, now):
            return Saved(new)
        entry = _locked(owner, entry_id)
        if entry is None:
            raise Entry.DoesNotExist
    return _go_on(owner, entry, write, now) or Conflict(entry, _keep_beside(owner, entry, write, now))


@transaction.atomic
def bin_entry(*, owner: User, entry_id: uuid.UUID, now: datetime) -> bool:
    return bool(Entry.objects.visible_to(owner).filter(pk=entry_id).update(binned_at=now))


@transaction.atomic
def restore_entry(*, owner: User, entry_id: uuid.UUID) -> bool:
    return bool(Entry.objects.in_bin_of(owner).filter(pk=entry_id).update(binned_at=None))


@transaction.atomic
def delete_entry(*, owner: User, entry_id: uuid.UUID) -> bool:
    """Permanently delete an entry that is in the bin, with its versions; return whether there was one."""
    return bool(_delete(Entry.objects.in_bin_of(owner).filter(pk=entry_id)))


@transaction.atomic
def empty_bin(*, owner: User) -> None:
    _delete(Entry.objects.in_bin_of(owner))


@transaction.atomic
def restore_revision(*, owner: User, entry_id: uuid.UUID, revision_id: uuid.UUID, now: datetime) -> Entry:
    """Make a version current: an earlier one, or one beside the entry. The state before becomes an earlier version.

    Raises DoesNotExist (of Entry or Revision) and CannotOpen; then nothing has changed.
    """
    entry = _locked(owner, entry_id)
    if entry is None:
        raise Entry.DoesNotExist
    version = Revision.objects.visible_to(owner).get(pk=revision_id, entry=entry)
    write = Write(content=version.content(owner), sequence=0)
    if entry.changed_at > entry.kept_at:
        _keep(owner, entry, entry.content(owner), entry.changed_at)
    if version.beside:
        version.delete()
    entry.take_date(version)
    entry.pinned = version.pinned
    _write(owner, entry, write, now, keep=True)
    return entry


@transaction.atomic
def put_aside(*, owner: User, entry_id: uuid.UUID, revision_id: uuid.UUID, now: datetime) -> bool:
    """Keep the entry as it is: the text beside it becomes an earlier version, dated `now`. False if either is gone."""
    entry = _locked(owner, entry_id)
    beside = Revision.objects.visible_to(owner).beside().filter(pk=revision_id, entry_id=entry_id)
    if entry is None or not beside.update(beside=False, made_at=now):
        return False
    _keep_as_chosen(owner, entry)
    _drop_oldest(entry)
    return True


@transaction.atomic
def keep_both(*, owner: User, entry_id: uuid.UUID, revision_id: uuid.UUID, now: datetime) -> Entry:
    """Make the text beside an entry an entry of its own, marked as the second. Raises DoesNotExist and CannotOpen."""
    entry = _locked(owner, entry_id)
    if entry is None:
        raise Entry.DoesNotExist
    version = Revision.objects.visible_to(owner).beside().get(pk=revision_id, entry=entry)
    new = Entry(owner=owner, pinned=version.pinned, created_at=now)
    new.take_date(version)
    content = replace(version.content(owner), second=True)
    write = Write(content=content, client=version.client, sequence=version.sequence)
    _insert(owner, new, write, now, begun=True)
    version.delete()
    _keep_as_chosen(owner, entry)
    return new


@transaction.atomic
def keep_prompt(*, owner: User, prompt: str) -> None:
    _choose(owner, prompt, PromptChoice.Choice.KEPT)


@transaction.atomic
def hide_prompt(*, owner: User, prompt: str) -> None:
    _choose(owner, prompt, PromptChoice.Choice.HIDDEN)


@transaction.atomic
def forget_prompt_choice(*, owner: User, prompt: str) -> None:
    """Undo either choice: neither kept for later nor hidden."""
    PromptChoice.objects.visible_to(owner).filter(prompt=prompt).delete()


@transaction.atomic
def delete_binned(*, before: datetime) -> int:
    """Delete the entries binned before a time, with their versions; return the number of entries."""
    return _delete(Entry.objects.filter(binned_at__lt=before))


@transaction.atomic
def delete_old_revisions(*, before: datetime) -> int:
    """Delete earlier versions made before a time; return how many. Texts of unsettled conflicts stay."""
    old = Revision.objects.kept().filter(made_at__lt=before)
    quota.lock_all(old.order_by().values("owner"))
    deleted, _rows = old.delete()
    return deleted


def drop_oldest_versions(owner: User, size: int) -> None:
    """Delete so many bytes of earlier versions, the oldest of all entries first, to make room in an account."""
    up_to_here = Window(Sum(quota.Size("sealed")), order_by=[F("made_at"), F("id")])
    kept = Revision.objects.visible_to(owner).kept().annotate(before=up_to_here - quota.Size("sealed"))
    oldest = kept.filter(before__lt=size).order_by().values_list("pk", flat=True)
    Revision.objects.filter(pk__in=list(oldest)).delete()


def belongs_to_another(*, owner: User, entry_id: uuid.UUID) -> bool:
    """Whether the id is taken by somebody else's entry, about which the owner may learn nothing more."""
    return Entry.objects.filter(pk=entry_id).exclude(owner=owner).exists()


def _locked(owner: User, entry_id: uuid.UUID) -> Entry | None:
    entry = Entry.objects.of(owner).select_for_update().find(entry_id)
    quota.lock(owner)
    return entry


def _delete(entries: EntryQuerySet) -> int:
    """Delete entries with their versions; return how many. Locks in the order that `accounts.quota` asks for."""
    rows = dict(entries.order_by("pk").select_for_update().values_list("pk", "owner"))
    quota.lock_all(User.objects.filter(pk__in=set(rows.values())).values("pk"))
    _all, deleted = Entry.objects.filter(pk__in=rows).delete()
    return deleted.get(Entry._meta.label, 0)


def _go_on(owner: User, entry: Entry, write: Write, now: datetime) -> Saved | None:
    """Write an entry if the write is based on its current state; None if somebody else has written since."""
    if _is_superseded(owner, entry, write):
        return Saved(entry)
    if not _follows(entry, write):
        return None
    if write.date:
        entry.set_date(write.date, zone(owner.timezone))
    entry.pinned = entry.pinned if write.pinned is None else write.pinned
    keep = write.keep or now - entry.kept_at >= KEEP_EVERY
    return Saved(entry) if _write(owner, entry, write, now, keep=keep) else None


def _is_superseded(owner: User, entry: Entry, write: Write) -> bool:
    """Whether this writer has already written this or something later: a repeated request changes nothing."""
    if write.client == entry.client and write.sequence < entry.sequence:
        return True
    return write.client == entry.client and write.sequence == entry.sequence and _reads(owner, entry, write.content)


def _follows(entry: Entry, write: Write) -> bool:
    """Whether the write is based on the current state, or its writer only missed the answer to its own last write."""
    own = write.client == entry.client and write.sequence > entry.sequence
    return own or entry.revision == write.base_revision


def _reads(owner: User, row: Entry | Revision, content: Content) -> bool:
    try:
        return row.content(owner) == content
    except CannotOpen:
        return False


def _insert(owner: User, new: Entry, write: Write, now: datetime, *, begun: bool = False) -> bool:
    """Store a new entry; False if its id is taken."""
    new.sealed = seal(owner, Entry.LABEL, new.pk, write.content.to_document())
    quota.require_room(owner, 2 * len(new.sealed), begun=begun)  # with its first version
    new.client, new.sequence = write.client, write.sequence
    new.changed_at = new.kept_at = now
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        return False
    _keep(owner, new, write.content, now)
    return True


def _write(owner: User, entry: Entry, write: Write, now: datetime, *, keep: bool) -> bool:
    """Replace an entry's content, and `keep` it as a version too; False if the row has another revision by now.

    In a full account, a version is kept only if it fits, and a content that is no longer than the last one always does.
    """
    row = Entry.objects.of(owner).filter(pk=entry.pk, revision=entry.revision)
    before, entry.sealed = entry.sealed, seal(owner, Entry.LABEL, entry.pk, write.content.to_document())
    more = len(entry.sealed) - len(before)
    if not quota.fits(owner, more + len(entry.sealed)):
        list(row.select_for_update().values_list("pk"))
        quota.make_room(owner, more + len(entry.sealed))
        if more > 0 and not quota.fits(owner, more, begun=True):
            raise quota.Full
        keep = keep and quota.fits(owner, more + len(entry.sealed), begun=True)
    entry.client, entry.sequence = write.client, write.sequence
    entry.revision += 1
    entry.changed_at = now
    entry.kept_at = now if keep else entry.kept_at
    entry.binned_at = None
    if not row.update(**{name: getattr(entry, name) for name in WRITTEN}):
        return False
    if keep:
        _keep(owner, entry, write.content, now)
    return True


def _keep(owner: User, entry: Entry, content: Content, at: datetime) -> None:
    """Keep this content as a version."""
    version = Revision(owner=owner, entry=entry, number=entry.revision, made_at=at)
    version.take_date(entry)
    version.pinned = entry.pinned
    version.client, version.sequence = entry.client, entry.sequence
    version.sealed = seal(owner, Revision.LABEL, version.pk, content.to_document())
    version.save(force_insert=True)
    _drop_oldest(entry)


def _keep_as_chosen(owner: User, entry: Entry) -> None:
    """Who chooses between versions has saved the entry, even if its last words were only stored as they were typed."""
    if entry.changed_at <= entry.kept_at:
        return
    if quota.fits(owner, len(entry.sealed), begun=True):
        _keep(owner, entry, entry.content(owner), entry.changed_at)
    entry.kept_at = entry.changed_at
    entry.save(update_fields=["kept_at"])


def _drop_oldest(entry: Entry) -> None:
    """Keep the newest MOST_REVISIONS. Whether there are more is asked first: most deletions would find nothing."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_MORE, [entry.pk, MOST_REVISIONS])
        if not cursor.rowcount:
            return
    over = entry.revisions.kept()[MOST_REVISIONS:]
    Revision.objects.filter(pk__in=over.values("pk")).delete()


def _keep_beside(owner: User, entry: Entry, write: Write, now: datetime) -> Revision:
    """Keep the text that came second, in place of what the same writer already has beside the entry."""
    rows = Revision.objects.visible_to(owner).beside()
    version = rows.filter(entry=entry, client=write.client).first()
    if version is None:
        version = Revision(owner=owner, entry=entry, client=write.client, beside=True)
    elif write.sequence < version.sequence or (
        write.sequence == version.sequence and _reads(owner, version, write.content)
    ):
        return version
    version.number, version.sequence, version.made_at = write.base_revision, write.sequence, now
    version.take_date(entry)
    if write.date:
        version.set_date(write.date, zone(owner.timezone))
    version.pinned = entry.pinned if write.pinned is None else write.pinned
    before, version.sealed = version.sealed, seal(owner, Revision.LABEL, version.pk, write.content.to_document())
    quota.require_room(owner, len(version.sealed) - len(before), begun=True)
    version.save()
    return version


def _choose(owner: User, prompt: str, choice: PromptChoice.Choice) -> None:
    PromptChoice.objects.update_or_create(owner=owner, prompt=prompt, defaults={"choice": choice})
