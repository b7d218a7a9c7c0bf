"""Reading the journal: its pages against the anchor, and what a search costs for each page that is looked through."""

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from statistics import median

from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sealing import seal
from bench.goals import EACH, ROUNDS, Kind, Line, count_queries
from bench.http import Visitor
from bench.site import Answered, connect, seconds, somebody
from journal.content import Content
from journal.models import Entry

SENTENCES = {
    "English": "the day was long and I cooked while somebody came home late; it\u2019s fine, nobody asked about it",
    "accented": "é très déçue mañana às vezes ça señor où être größe überall naïve cœur",
}
ASKED = Content(
    prompt="balance-1", theme="balance", question="A question", steps=("A step",), texts=("A short answer.",)
)
LENGTH = 2_000  # characters of a page
MOST = 5_000
SEARCHES = 7


def reading(_ana: Answered) -> Iterator[Line]:
    """Goals 1, 2 and 6 for list, entry and search."""
    small, large = writer("writes-100", 100), writer("writes-5000", MOST)
    yield from pages_against_the_anchor(large)
    client = Client(headers={"Host": "127.0.0.1"})
    client.cookies.load(Visitor.signed_in(large).cookies)
    count = count_queries(lambda: client.get("/journal/"))
    yield Line("2 journal list", f"{count} queries", "≤ 5", "", count <= 5)
    yield from search_by_length(small, writer("writes-1000", 1_000), large)
    accented = search_time(writer("writes-accents", MOST, "accented"))
    yield Line(f"search {MOST} accented", f"{accented * 1000:.0f} ms", "", "", None)


def writer(name: str, pages: int, language: str = "English") -> User:
    """A member with so many pages of 2 kB, one every nine hours back from now."""
    owner, now, chance = somebody(name), timezone.now(), random.Random(pages)
    rows = []
    for number in range(pages):
        text = " ".join(chance.choices(SENTENCES[language].split(), k=LENGTH // 4))[:LENGTH]
        row = Entry(owner=owner, date=now - timedelta(hours=9 * number))
        row.created_at = row.changed_at = row.kept_at = row.date
        row.client, row.sequence = uuid.UUID(int=0), 1
        row.sealed = seal(owner, Entry.LABEL, row.pk, (ASKED if number == 0 else Content(texts=(text,))).to_document())
        rows.append(row)
    Entry.objects.bulk_create(rows, batch_size=500)
    return owner


def pages_against_the_anchor(owner: User) -> Iterator[Line]:
    """Goal 1 for reading: list and one page at least half as fast as the anchor page, among 5,000 pages."""
    by = Visitor.signed_in(owner)
    newest = Entry.objects.visible_to(owner).newest_first()[0]
    every = {
        "anchor page": Kind(cycle([by.get("/anchor/page/")]), 200),
        "journal list": Kind(cycle([by.get("/journal/")]), 200),
        "journal page": Kind(cycle([by.get(f"/journal/{newest.pk}/")]), 200),
    }
    taken: dict[str, list[float]] = {name: [] for name in every}
    with connect() as http:
        for _ in range(ROUNDS * EACH):
            for name, kind in every.items():
                taken[name].append(seconds(http, next(kind.requests), kind.status))
    for name in ("journal list", "journal page"):
        ratio = median(taken["anchor page"]) / median(taken[name])
        yield Line(f"1 {name}", f"{ratio:.2f} ×", "≥ 0.5 × anchor page", "", ratio >= 0.5)


def search_by_length(small: User, middle: User, large: User) -> Iterator[Line]:
    """Goal 6 for search: what a page more costs, and a search through 5,000 pages under 0.3 s."""
    times = {pages: search_time(owner) for pages, owner in ((100, small), (1_000, middle), (MOST, large))}
    for pages, time in times.items():
        wanted = "≤ 300 ms" if pages == MOST else ""
        yield Line(f"search {pages}", f"{time * 1000:.0f} ms", wanted, "", time <= 0.3 if wanted else None)
    first = (times[1_000] - times[100]) / 900
    then = (times[MOST] - times[1_000]) / (MOST - 1_000)
    figure = f"{first * 1e6:.0f}, then {then * 1e6:.0f} µs a page"
    yield Line("6 search growth", figure, "≤ 1.3 ×", "", then <= 1.3 * first)


def search_time(owner: User) -> float:
    """Seconds of a search that has to look through every page, because nothing has its words."""
    request = Visitor.signed_in(owner).post("/journal/search/", words="cooked+zebra")
    with connect() as http:
        return median(seconds(http, request, 200) for _ in range(SEARCHES))
