"""The journal: reading and writing against the anchor, the cost of search per entry, and the cost of sealing."""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, timedelta
from functools import partial
from itertools import cycle
from statistics import median
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sealing import seal, to_json, unseal_many
from bench.goals import EACH, Kind, Line, count_queries, in_turns
from bench.http import Connection, Visitor
from bench.site import Answered, connect, seconds, somebody
from journal.content import Content
from journal.models import Entry
from journal.reading import PAGE

SENTENCES = {
    "English": "the day was long and I cooked while somebody came home late; it\u2019s fine, nobody asked about it",
    "accented": "é très déçue mañana às vezes ça señor où être größe überall naïve cœur",
}
ASKED = Content(
    prompt="balance-1", theme="balance", question="A question", steps=("A step",), texts=("A short answer.",)
)
LENGTH = 2_000  # characters of an entry
LONG, LONG_ENTRIES = "é" * 49_000, 130  # near the longest entry, without a space
FEW, SOME, MANY, MOST = 100, 1_000, 5_000, 100_000
SEARCHES = 7
type Sealed = tuple[uuid.UUID, bytes, None]
KINDS = {"list": "page", "entry": "page", "save": "post", "autosave": "post"}


def journal(_ana: Answered) -> Iterator[Line]:
    """Goals 1, 2, 6 and 8."""
    few, some, many, most = (writer(f"writes-{pages}", pages) for pages in (FEW, SOME, MANY, MOST))
    yield from against_the_anchor(few, many, most)
    yield from queries(few, many)
    yield from search_by_length({FEW: few, SOME: some, MANY: many})
    accented = search_time(writer("writes-accents", MANY, "accented"))
    yield Line(f"search {MANY:,} accented", f"{accented * 1000:.0f} ms", "", "", None)
    yield search_of_long_entries(writer("writes-long", LONG_ENTRIES, text=LONG))
    yield from sealing(many)


def writer(name: str, pages: int, language: str = "English", text: str = "") -> User:
    """A member with so many entries, one every nine hours back from now; the first answers a prompt.

    Each has 2 kB of words at random, or this text.
    """
    owner, now, chance = somebody(name), timezone.now(), random.Random(pages)
    words, batch = SENTENCES[language].split(), []
    for number in range(pages):
        written = text or " ".join(chance.choices(words, k=LENGTH // 4))[:LENGTH]
        row = Entry(owner=owner)
        row.set_date(now - timedelta(hours=9 * number % 600_000), UTC)
        row.created_at = row.changed_at = row.kept_at = row.date
        row.client, row.sequence = uuid.UUID(int=0), 1
        row.sealed = seal(
            owner, Entry.LABEL, row.pk, (ASKED if number == 0 else Content(texts=(written,))).to_document()
        )
        batch.append(row)
        if len(batch) == 1_000 or number == pages - 1:
            Entry.objects.bulk_create(batch)
            batch = []
    return owner


def against_the_anchor(few: User, many: User, most: User) -> Iterator[Line]:
    """Goals 1 and 6: every kind in turn with the anchor, for members with 100, 5,000 and 100,000 entries."""
    every = {
        "anchor page": Kind(cycle([Visitor.signed_in(many).get("/anchor/page/")]), 200),
        "anchor post": Kind(cycle([Visitor.signed_in(many).post("/anchor/post/", text="x")]), 302),
    }
    for pages, owner in ((FEW, few), (MANY, many), (MOST, most)):
        every |= {f"{name} {pages}": kind for name, kind in kinds(owner).items()}
    rounds = in_turns(every)
    for name, anchor in KINDS.items():
        ratio = median(found[f"anchor {anchor}"] / found[f"{name} {MANY}"] for found in rounds)
        yield Line(f"1 {name}", f"{ratio:.2f} ×", f"≥ 0.5 × anchor {anchor}", "", ratio >= 0.5)
    for name in KINDS:
        growth = median(found[f"{name} {MOST}"] / found[f"{name} {FEW}"] for found in rounds)
        yield Line(f"6 {name}", f"{growth:.2f} × from {FEW} to {MOST:,}", "≤ 1.3 ×", "", growth <= 1.3)


def kinds(owner: User) -> dict[str, Kind]:
    """Requests to one member's journal; each write posts 2 kB to one of many entries."""
    by = Visitor.signed_in(owner)
    read, *pages = Entry.objects.visible_to(owner).newest_first()[:FEW]
    return {
        "list": Kind(cycle([by.get("/journal/")]), 200),
        "entry": Kind(cycle([by.get(f"/journal/{read.pk}/")]), 200),
        "save": Kind(writes(by, "/journal/{}/write/", owner, pages[::2]), 302),
        "autosave": Kind(writes(by, "/journal/draft/", owner, pages[1::2]), 200),
    }


def writes(by: Visitor, path: str, owner: User, pages: Sequence[Entry]) -> Iterator[bytes]:
    """Writes to the entries in turn, for ever, as one client sends them: each with the next sequence number."""
    text, client = SENTENCES["English"] + "\n", uuid.uuid4()
    for number, page in enumerate(cycle(pages), start=1):
        about = {"entry": page.pk, "writer": owner.pk, "client": client, "base_revision": page.revision}
        words = f"{number} {text * (LENGTH // len(text))}"
        yield by.post(path.format(page.pk), **about, sequence=number, text_0=words, day="2026-03-01", time="12:00")


def queries(few: User, many: User) -> Iterator[Line]:
    """Goal 2, at two sizes of the journal."""
    for name, path, most in (("list", "/journal/", 5), ("entry", "", 5)):
        counts = []
        for owner in (few, many):
            client = client_of(owner)
            address = path or f"/journal/{Entry.objects.visible_to(owner).newest_first()[0].pk}/"
            counts.append(count_queries(partial(client.get, address)))
        same = len(set(counts)) == 1
        figure = f"{counts[0]} and {counts[1]} queries at {FEW} and {MANY:,}"
        yield Line(f"2 {name}", figure, f"≤ {most}, the same", "", same and counts[0] <= most)


def search_by_length(owners: dict[int, User]) -> Iterator[Line]:
    """Goal 6 for search: the cost of each further entry, and a search through 5,000 entries under 0.3 s."""
    times = {pages: search_time(owner) for pages, owner in owners.items()}
    for pages, taken in times.items():
        wanted = "≤ 300 ms" if pages == MANY else ""
        yield Line(f"search {pages:,}", f"{taken * 1000:.0f} ms", wanted, "", taken <= 0.3 if wanted else None)
    first = (times[SOME] - times[FEW]) / (SOME - FEW)
    then = (times[MANY] - times[SOME]) / (MANY - SOME)
    figure = f"{first * 1e6:.0f}, then {then * 1e6:.0f} µs a page"
    yield Line("6 search growth", figure, "≤ 1.3 ×", "", then <= 1.3 * first)


def search_time(owner: User) -> float:
    """The median seconds of a search that finds nothing, and so has to open every entry."""
    by = Visitor.signed_in(owner)
    with connect() as http:
        return median(search_seconds(http, by, "cooked zebra") for _ in range(SEARCHES))


def search_of_long_entries(owner: User) -> Line:
    """A search for one letter that every long entry holds, in turns with the anchor."""
    by = Visitor.signed_in(owner)
    anchor, ratios = by.get("/anchor/page/"), []
    with connect() as http:
        for _ in range(SEARCHES):
            page = median(seconds(http, anchor, 200) for _ in range(EACH))
            ratios.append(search_seconds(http, by, "e") / page)
    ratio = median(ratios)
    return Line(f"search {LONG_ENTRIES} long", f"{ratio:.0f} ×", "≤ 60 × anchor page", "", ratio <= 60)


def search_seconds(http: Connection, by: Visitor, words: str) -> float:
    """The seconds of a whole search: the words are posted, and what they find is at the address of the answer."""
    start = time.perf_counter()
    asked = http.send(by.post("/journal/search/", words=words))
    found = http.send(by.get(asked.location))
    taken = time.perf_counter() - start
    assert (asked.status, found.status) == (303, 200), f"A search was answered with {asked.status}, {found.status}"
    return taken


def sealing(owner: User) -> Iterator[Line]:
    """Goal 8: CPU time of opening what a page shows, key included, as a share of the whole; and stored sizes."""
    client = client_of(owner)
    rows = [(page.pk, bytes(page.sealed), None) for page in Entry.objects.visible_to(owner).newest_first()[: PAGE + 1]]
    for name, path, shown in (("list", "/journal/", rows), ("entry", f"/journal/{rows[0][0]}/", rows[:1])):
        whole = processor_time(partial(client.get, path))
        opening = processor_time(partial(opened, owner, shown))
        share = opening / whole
        yield Line(f"8 sealing, {name}", f"{share:.1%} of {whole * 1000:.1f} ms", "≤ 10 %", "", share <= 0.1)
    documents = zip(rows, opened(owner, rows), strict=True)
    longest = max(len(sealed) - len(to_json(document)) for (_pk, sealed, _none), (_none, document) in documents)
    yield Line("8 stored size", f"JSON + {longest} bytes", "≤ JSON + 300", "", longest <= 300)


def opened(owner: User, rows: Sequence[Sealed]) -> list[tuple[None, Any]]:
    """The rows' documents, with the key read and unwrapped anew, as in each request."""
    return list(unseal_many(User(pk=owner.pk), Entry.LABEL, rows))


def processor_time(do: Callable[[], object], times: int = 60) -> float:
    """The median CPU seconds of this process."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        do()
        taken.append(time.process_time() - start)
    return median(taken)


def client_of(owner: User) -> Client:
    client = Client(headers={"Host": "127.0.0.1"})
    client.cookies.load(Visitor.signed_in(owner).cookies)
    return client
