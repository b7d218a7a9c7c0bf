"""Export and import of the journal's data, and the journal as Markdown."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, time
from functools import partial
from itertools import batched, groupby
from operator import attrgetter
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, QuerySet, UUIDField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from accounts.portable import (
    Arrival,
    Document,
    FileRefused,
    Portable,
    count,
    flag,
    listed,
    moment,
    reading,
    slug,
    text,
)
from accounts.sealing import CannotOpen, seal
from guide.themes import KEYS
from journal.content import (
    LONGEST_TAG,
    MOST_CHARACTERS,
    MOST_STEPS,
    MOST_TAGS,
    Content,
    checked,
    known_feelings,
    tidy,
    unique_tags,
)
from journal.models import Dated, Entry, PromptChoice, Reminder, Revision
from journal.months import day_of
from journal.words import FEELING_WORDS
from lib.direction import isolated
from lib.zones import zone

CHUNK, VERSIONS_CHUNK = 100, 20  # rows held at once
ENTRY_KEYS = (
    *("id", "date", "day", "clock", "created_at", "changed_at", "binned_at", "pinned", "revision"),
    *("page", "cannot_be_opened", "versions"),
)
LONGEST_KEY = 40
LONGEST_STEP = 1_000
MOST_WRITES = 10**6  # to one entry
MOST_VERSIONS = 100  # of one entry: MOST_REVISIONS are kept, and unsettled conflicts add to them


def entries(owner: User) -> Iterator[Document]:
    """Every entry with its versions, by date, including those in the bin."""
    for entry, versions in with_versions(Entry.objects.of(owner).order_by("day", "date", "id")):
        yield {
            "id": str(entry.pk),
            **date_of(entry),
            "created_at": entry.created_at.isoformat(),
            "changed_at": entry.changed_at.isoformat(),
            "binned_at": entry.binned_at and entry.binned_at.isoformat(),
            "pinned": entry.pinned,
            "revision": entry.revision,
            **words_of(owner, entry),
            "versions": [
                {
                    "id": str(version.pk),
                    "number": version.number,
                    "made_at": version.made_at.isoformat(),
                    "beside": version.beside,
                    **date_of(version),
                    "pinned": version.pinned,
                    **words_of(owner, version),
                }
                for version in versions
            ],
        }


def with_versions(rows: QuerySet[Entry]) -> Iterator[tuple[Entry, Iterable[Revision]]]:
    """Each entry with its versions, oldest first; use them before asking for the next entry.

    They are not prefetched: those of a chunk of entries may be all that an account can store.
    """
    for chunk in batched(rows.iterator(chunk_size=CHUNK), CHUNK):  # the last may be shorter
        order = Value([entry.pk for entry in chunk], ArrayField(UUIDField()))
        place = Func(order, F("entry_id"), function="array_position")
        versions = Revision.objects.filter(entry__in=chunk).order_by(place, "made_at", "pk")
        groups = groupby(versions.iterator(chunk_size=VERSIONS_CHUNK), key=attrgetter("entry_id"))
        pk, own = next(groups, (None, iter(())))
        for entry in chunk:
            if entry.pk == pk:
                yield entry, own
                pk, own = next(groups, (None, iter(())))
            else:
                yield entry, ()


def date_of(row: Dated) -> Document:
    """The moment, then day and time as they were where it was written."""
    return {"date": row.date.isoformat(), "day": row.day.isoformat(), "clock": row.clock.isoformat()}


def take_date(made: Dated, row: Document) -> None:
    """Set the date from an exported row; older downloads have the moment alone (see `give_days`)."""
    made.set_date(moment(row["date"]), UTC)
    if "day" in row:
        made.day, made.clock = day_of(text(row["day"], 10)), clock_of(text(row["clock"], 15))


def give_days(arrival: Arrival, entries: Sequence[UUID]) -> None:
    """Give entries of an older download, and their versions, the days of the zone of its account."""
    where = zone(arrival.timezone or arrival.owner.timezone)
    dated = list(Entry.objects.filter(pk__in=entries).only("date"))
    versions = list(Revision.objects.filter(entry__in=entries).only("date"))
    for row in (*dated, *versions):
        row.set_date(row.date, where)
    Entry.objects.bulk_update(dated, ["day", "clock"])
    Revision.objects.bulk_update(versions, ["day", "clock"])


def clock_of(value: str) -> time:
    """A time of day without a zone. Raises ValueError."""
    found = time.fromisoformat(value)
    if found.tzinfo:
        raise ValueError("Not a time of day.")
    return found


def words_of(owner: User, row: Entry | Revision) -> Document:
    try:
        return {"page": row.content(owner).to_document()}
    except CannotOpen:
        return {"cannot_be_opened": True}


def take_entries(arrival: Arrival, rows: Sequence[Document]) -> None:
    """Add the entries that the owner does not have, with their versions; existing ones are left as they are."""
    made, versions, undated = [], [], []
    for pk, row in arrival.new_rows(Entry.objects.of(arrival.owner), rows):
        entry = read_entry(arrival, pk, row)
        made.append(entry)
        versions += [read_version(arrival, entry, version) for version in versions_of(row)]
        if "day" not in row:
            undated.append(pk)
    Entry.objects.bulk_create(made)
    Revision.objects.bulk_create(versions)
    if undated:
        arrival.at_the_end.append(partial(give_days, arrival, undated))
    arrival.came["entries"] += len(made)


def versions_of(row: Document) -> list[Document]:
    with reading():
        return [version for version in listed(row["versions"], MOST_VERSIONS) if not version.get("cannot_be_opened")]


def read_entry(arrival: Arrival, pk: UUID, row: Document) -> Entry:
    """An unsaved entry made from its exported row. Raises FileRefused."""
    with reading():
        changed_at = arrival.done_at(row["changed_at"])
        entry = Entry(
            id=pk,
            owner=arrival.owner,
            created_at=arrival.done_at(row["created_at"]),
            changed_at=changed_at,
            kept_at=changed_at,
            binned_at=arrival.done_at_or_none(row["binned_at"]),
            pinned=flag(row["pinned"]),
            revision=count(row["revision"], 1, MOST_WRITES),
            client=uuid.uuid4(),
            sequence=0,
        )
        take_date(entry, row)
        content = read_content(arrival, row["page"])
    entry.sealed = seal(arrival.owner, Entry.LABEL, pk, content.to_document())
    return entry


def read_version(arrival: Arrival, entry: Entry, row: Document) -> Revision:
    """An unsaved version of an unsaved entry. Raises FileRefused."""
    with reading():
        version = Revision(
            id=arrival.new_id(UUID(row["id"])),
            owner=arrival.owner,
            entry=entry,
            number=count(row["number"]),
            made_at=arrival.done_at(row["made_at"]),
            beside=flag(row["beside"]),
            pinned=flag(row.get("pinned", entry.pinned)),  # older downloads have neither pin nor date
            client=uuid.uuid4(),
            sequence=0,
        )
        version.take_date(entry)
        if "date" in row:
            take_date(version, row)
        content = read_content(arrival, row["page"])
    version.sealed = seal(arrival.owner, Revision.LABEL, version.pk, content.to_document())
    return version


def read_content(arrival: Arrival, document: Document) -> Content:
    """The content of an exported document, within the limits of the form. Raises FileRefused, or what becomes one."""
    result = document["result"] and UUID(document["result"])
    theme = text(document["theme"], LONGEST_KEY)
    if theme and theme not in KEYS:
        raise FileRefused
    return checked(
        Content(
            prompt=slug(document["prompt"], LONGEST_KEY),
            theme=theme,
            question=tidy(text(document["question"], LONGEST_STEP)),
            steps=tuple(tidy(text(step, LONGEST_STEP)) for step in listed(document["steps"], MOST_STEPS)),
            texts=tuple(tidy(text(part, MOST_CHARACTERS)) for part in listed(document["texts"], MOST_STEPS)) or ("",),
            closing=tidy(text(document["closing"], MOST_CHARACTERS)),
            feelings=known_feelings(listed(document["feelings"], len(FEELING_WORDS))),
            tags=unique_tags(text(tag, LONGEST_TAG) for tag in listed(document["tags"], MOST_TAGS)),
            second=flag(document.get("second", False)),  # not in older downloads
            result=str(arrival.results.get(result, result)) if result else None,
        )
    )


def journal_text(owner: User) -> Iterator[str]:
    """The journal as Markdown, oldest entry first; the bin is only in `data.json`."""
    yield "# {}\n".format(_("Journal"))
    for entry in Entry.objects.visible_to(owner).order_by("day", "date", "id").iterator(chunk_size=CHUNK):
        yield f"\n## {entry.local:%Y-%m-%d, %H:%M}\n"
        try:
            yield from paragraphs(entry.content(owner))
        except CannotOpen:
            yield "\n{}\n".format(_("This entry can’t be opened. It has not been changed."))


def paragraphs(content: Content) -> Iterator[str]:
    """One entry as Markdown, its question first."""
    if content.question:
        yield f"\n*{content.question}*\n"
    for step, words in content.parts:
        if step:
            yield f"\n### {step}\n"
        if words.strip():
            yield f"\n{words}\n"
    if content.closing.strip():
        yield f"\n{content.closing}\n"
    if content.feelings:
        yield "\n{}: {}\n".format(_("Feelings"), ", ".join(str(FEELING_WORDS[key]) for key in content.feelings))
    if content.tags:
        yield "\n{}: {}\n".format(_("Tags"), ", ".join(map(isolated, content.tags)))


def prompt_choices(owner: User) -> Iterator[Document]:
    for choice in PromptChoice.objects.visible_to(owner).order_by("prompt"):
        yield {"prompt": choice.prompt, "choice": choice.choice}


def take_prompt_choices(arrival: Arrival, rows: Sequence[Document]) -> None:
    """Add the choices about prompts for which the owner has none."""
    with reading():
        choices = [(slug(row["prompt"], LONGEST_KEY), PromptChoice.Choice(row["choice"])) for row in rows]
    mine = PromptChoice.objects.visible_to(arrival.owner).filter(prompt__in=[prompt for prompt, _choice in choices])
    decided = set(mine.values_list("prompt", flat=True))
    made = []
    for prompt, choice in choices:
        if prompt in decided:
            arrival.left += 1
            continue
        decided.add(prompt)
        made.append(PromptChoice(owner=arrival.owner, prompt=prompt, choice=choice))
    PromptChoice.objects.bulk_create(made)
    arrival.came["prompt_choices"] += len(made)


def reminders(owner: User) -> Iterator[Document]:
    """The owner's reminder. It is never imported: e-mails start only where somebody asks for them."""
    for reminder in Reminder.objects.visible_to(owner):
        yield {"weekday": reminder.weekday, "hour": reminder.hour, "next_at": reminder.next_at.isoformat()}


ENTRIES = Portable(
    entries,
    take_entries,
    ENTRY_KEYS,
    readable=("journal.md", journal_text),
    kinds={"entries": ngettext_lazy("%(count)d entry", "%(count)d entries", "count")},
)
PROMPT_CHOICES = Portable(
    prompt_choices,
    take_prompt_choices,
    ("prompt", "choice"),
    kinds={
        "prompt_choices": ngettext_lazy(
            "%(count)d saved or hidden prompt", "%(count)d saved or hidden prompts", "count"
        )
    },
)
REMINDERS = Portable(reminders)
