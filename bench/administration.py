"""The lists of staff, and those of a busy specialist, on a small site and on a large one."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from io import StringIO
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAction, User
from accounts.sealing import seal
from bench import exchange
from bench.consultations import forget
from bench.goals import Kind, Line, count_queries, in_turns
from bench.http import Visitor
from bench.site import Answered, somebody
from consultations.models import Booking, Specialist
from exchange.models import Submission
from exchange.models.questions import Asked, Words
from guide import themes
from lib.admin import MOST_ROWS

ROWS = Path(__file__).with_suffix(".sql").read_text()
TABLES = (
    *("exchange_report", "exchange_profilereport", "exchange_contact", "exchange_submission", "exchange_question"),
    *("exchange_thread", "procrastinate_jobs", "reflect_dailyfigure", "reflect_banner"),
    *("assessments_response", "journal_entry"),
)
NOBODY = str(uuid.UUID(int=0))
LAST = f"p={MOST_ROWS // 100}"
AHEAD, OPENED = 180, 80  # meetings of the busy specialist to come; sealed ones before now and after
EACH = 6  # requests of each address in a round
MOST, GROWTH = 15.0, 2.0  # wanted of each; a page that is longer on the large site may take as much longer


@dataclass(frozen=True, slots=True)
class Size:
    """`rows` of each thing that waits for staff or has waited; `meetings` are the busy specialist's."""

    specialists: int
    bookings: int  # of each specialist
    rows: int
    log: int
    waiting: int  # questions
    members: int
    meetings: int


# Small is what fills the first page of nearly every list.
SMALL = Size(2_000, bookings=10, rows=2_000, log=2_000, waiting=1_000, members=2_000, meetings=400)
LARGE = Size(10_000, bookings=100, rows=10_000, log=100_000, waiting=2_000, members=200_000, meetings=12_000)


def administration(_ana: Answered) -> Iterator[Line]:
    """Queries and time of every list, on both sites, in turns with the anchor page."""
    owner, found = staff(), []
    for size in (SMALL, LARGE):
        empty()
        busy = fill(size, owner)
        asked = pages(owner, busy) | {name: (busy, path) for name, path in practice(busy).items()}
        found.append(({name: page(*one) for name, one in asked.items()}, times(owner, asked)))
    (few_pages, few), (many_pages, many) = found
    for name, (queries, length) in many_pages.items():
        ratio, small = (median(one[name] / one["anchor page"] for one in rounds) for rounds in (many, few))
        queries_before, length_before = few_pages[name]
        growth, longer = ratio / small, max(1.0, length / length_before)
        number = f"{queries}" if queries == queries_before else f"{queries_before} and {queries}"
        figure = f"{number} queries, {ratio:.1f} × the anchor page, {growth:.2f} × small"
        met = queries == queries_before and ratio <= MOST and growth <= GROWTH * longer
        yield Line(name, figure, f"same, ≤ {MOST:.0f} ×, ≤ {GROWTH * longer:.1f} ×", "", met)


def staff() -> User:
    owner = somebody("dana")
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return owner


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_staffaction DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}, accounts_staffaction CASCADE")
        cursor.execute("ALTER TABLE accounts_staffaction ENABLE TRIGGER USER")
    forget()


def fill(size: Size, staff: User) -> User:
    """Returns the busy specialist's account."""
    now = timezone.now()
    call_command("seed_scale", specialists=size.specialists, slots=14, bookings=size.bookings, stdout=StringIO())
    exchange.seed_threads(size.rows, first=0)
    exchange.seed_questions(size.rows)
    busy = busy_specialist()
    about: dict[str, Any] = {
        "now": now,
        "today": now.date(),
        "staff": staff.pk,
        "busy": busy.pk,
        "ahead": AHEAD,
        "rows": size.rows,
        "log": size.log,
        "members": size.members,
        "meetings": size.meetings,
        "clients": size.specialists,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers, each of which looks for something
        cursor.execute(ROWS, about)
        cursor.execute("RESET session_replication_role")
    seal_questions(size.waiting)
    seal_meetings(busy)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return busy


def busy_specialist() -> User:
    user, now = User.objects.filter(email__startswith="busy@").first() or somebody("busy"), timezone.now()
    user.is_specialist = True
    user.save()
    Specialist.objects.create(
        user=user,
        slug="busy",
        name="Marisol Abernathy",
        profession="Counsellor",
        languages=["en"],
        themes=[themes.KEYS[0]],
        formats=["video"],
        status=Specialist.Status.VERIFIED,
        register_name="Register of counsellors",
        register_number="Q-1",
        verified_at=now,
        check_again_on=(now + timedelta(days=365)).date(),
        created_at=now,
        changed_at=now,
    )
    return user


def seal_questions(number: int) -> None:
    """Questions that wait for moderators, who open them for their order."""
    today, rows = timezone.now().date(), []
    for turn in range(number):
        row = Submission(id=uuid.uuid4(), author="x" * 400)
        row.tag = sha256(row.pk.bytes).digest()
        asked = Asked("A title of ordinary length", "A question of ordinary length. " * 20, themes.KEYS[turn % 10])
        row.seal(Words(asked=asked, asked_on=today - timedelta(days=turn % 30)))
        rows.append(row)
    Submission.objects.bulk_create(rows)


def seal_meetings(busy: User) -> None:
    """The words of those that a first page shows."""
    now, rows = timezone.now(), Booking.objects.of_specialist(busy).select_related("client__data_key")
    found = [*rows.upcoming(now)[:OPENED], *rows.past(now)[:OPENED]]
    for row in found:
        assert row.client
        words = {"name": "Noor", "note": "A note of one line.", "address": "https://room.example", "summary": ""}
        row.sealed = seal(row.client, Booking.LABEL, row.pk, words)
    Booking.objects.bulk_update(found, ["sealed"])


def pages(owner: User, busy: User) -> dict[str, tuple[User, str]]:
    """The address of every list of the administration, and of its filters, searches and last pages."""
    found = {"what waits": reverse("admin:index"), "journal": reverse("journal_counts")}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}.{model._meta.model_name}"
        found[name] = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    of = found.copy()
    log = StaffAction.objects.order_by("pk")[0]
    for name, asked in {
        "consultations.specialist": (
            *("status__exact=submitted", "status__exact=suspended", "changed=yes", "missed=several", LAST),
            *("q=Abernathy", "q=bruno", "q=ana+marber", "q=qu", "q=Q-1", "q=busy", "q=nobody-at-all"),
            *("q=R-000123", "q=specialist-7@scale.invalid", "q=ana&status__exact=suspended"),
        ),
        "consultations.booking": (
            *("when=7", "when=30", "when=-7", "when=-30", LAST, "status__exact=booked"),
            *("status__exact=completed", "status__exact=specialist_no_show", "status__exact=cancelled_by_specialist"),
            *("status__exact=cancelled_by_specialist&when=-30", "q=busy", f"q={busy.email}"),
            *(f"q={NOBODY}", "q=busy&status__exact=client_no_show"),
        ),
        "consultations.failedcheck": (LAST,),
        "exchange.objection": ("objections=open", "p=2"),
        "exchange.report": ("state__exact=new", "state__exact=settled", LAST),
        "exchange.profilereport": ("state__exact=new", "state__exact=settled", LAST),
        "exchange.contact": (
            *("state__exact=new", "state__exact=closed", "topic__exact=press", "assigned=me", "assigned=nobody"),
            LAST,
        ),
        "exchange.submission": ("list=flagged", "list=all"),
        "accounts.user": (
            *("is_active__exact=0", "is_specialist__exact=1", "is_staff__exact=1", LAST),
            *("q=member-7", "q=dana", "q=nobody@example.org"),
        ),
        "accounts.staff": ("q=member-77@scale.invalid",),
        "accounts.staffaction": (
            *(f"staff={owner.pk}", "kind__exact=role", "kind__exact=deleted", "model=consultations.specialist"),
            *("model=guide.prompt", f"q={log.at:%Y-%m-%d}", f"q={owner.pk}", f"q={log.row}", "q=nothing", LAST),
            *("q=ana+marber", "q=bruno"),
        ),
        "reflect.failedjob": (LAST,),
        "reflect.dailyfigure": ("by=week",),
    }.items():
        found |= {f"{name} {query}": f"{of[name]}?{query}" for query in asked}
    words = {LAST: "last page", str(owner.pk): "me", log.row: "row", f"{log.at:%Y-%m-%d}": "day", NOBODY: "no row"}
    return {in_short(name, words): (owner, path) for name, path in found.items()}


def in_short(name: str, words: Mapping[str, str]) -> str:
    """A name that is the same on every site, without what goes without saying."""
    for long, short in {**words, "__exact": "", "consultations.": "", "exchange.": ""}.items():
        name = name.replace(long, short)
    return name


def practice(busy: User) -> dict[str, str]:
    meetings, past = reverse("practice:meetings"), reverse("practice:past_bookings")
    rows, now = Booking.objects.of_specialist(busy), timezone.now()
    late = rows.upcoming(now)[100]
    early = rows.past(now).reverse()[20]
    return {
        "practice: week": reverse("practice:overview"),
        "practice: next week": f"{reverse('practice:overview')}?week={now.date() + timedelta(days=7)}",
        "practice: early week": f"{reverse('practice:overview')}?week={now.date() - timedelta(days=21)}",
        "practice: meetings": meetings,
        "practice: meetings, last page": f"{meetings}?after={late.pk}",
        "practice: past": past,
        "practice: past, last page": f"{past}?after={early.pk}",
        "practice: figures": reverse("practice:figures"),
        "practice: questions": reverse("practice:questions"),
        "practice: slots": reverse("practice:slots"),
    }


def page(user: User, path: str) -> tuple[int, int]:
    """How many queries a page takes, and its bytes."""
    client = Client(headers={"Host": "127.0.0.1"})
    client.cookies.load(Visitor.signed_in(user).cookies)
    return count_queries(partial(client.get, path)), len(client.get(path).content)


def times(owner: User, asked: dict[str, tuple[User, str]]) -> list[dict[str, float]]:
    by = {user.pk: Visitor.signed_in(user) for user, _path in asked.values()}
    kinds = {name: Kind(cycle([by[user.pk].get(path)]), 200) for name, (user, path) in asked.items()}
    return in_turns({"anchor page": Kind(cycle([by[owner.pk].get("/anchor/page/")]), 200)} | kinds, EACH)
