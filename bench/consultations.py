"""Consultations among 10,000 specialists: the list, one profile, booking, and contention for the same slots."""

import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from itertools import batched, cycle
from statistics import median, quantiles
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sealing import seal
from bench.goals import Kind, Line, count_queries, in_turns, run_together
from bench.http import Visitor
from bench.site import Answered, connect, somebody
from consultations import listing, shopper
from consultations.models import Booking, FailedCheck, Slot, Specialist, WeeklyHours
from consultations.models.bookings import OCCUPYING
from consultations.services import bookings
from consultations.services.slots import generate

SPECIALISTS, SLOTS, BOOKINGS = 10_000, 84, 100
FEW = 10  # specialists in the small data set
WANTED, TRIES, CLIENTS = 40, 1_000, 50
BESIDE = 150  # members who book before the shopper runs, and as many who do while it does
GENERATED = 500  # specialists whose slots are generated
SECONDS = 10.0


def consultations(_ana: Answered) -> Iterator[Line]:
    """The consultations' part of goals 1 to 7."""
    ben = client_number(0)
    seed(FEW, BOOKINGS)
    few = page_times(ben)
    forget()
    start = time.perf_counter()
    seed(SPECIALISTS, BOOKINGS)
    yield Line("seed_scale", f"{time.perf_counter() - start:.0f} s", "", "", None)
    many = page_times(ben)
    yield from against_the_anchor(few, many)
    yield from queries(ben)
    yield soonest()
    yield from booking(ben)
    yield from one_slot()
    yield from contention()
    yield generation()
    yield agreement()


def seed(specialists: int, bookings: int) -> None:
    call_command("seed_scale", specialists=specialists, slots=SLOTS, bookings=bookings, stdout=StringIO())


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE consultations_booking, consultations_slot, consultations_specialist CASCADE")
    User.objects.filter(email__endswith="@scale.invalid").delete()


def client_number(number: int) -> User:
    """A member with a confirmed e-mail address."""
    user = somebody(f"books-{number}")
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def page_times(ben: User) -> list[dict[str, float]]:
    """Seconds per round of the list, a profile with free slots and one without, in turns with the anchor."""
    free, full = Specialist.objects.order_by("slug")[:2]
    Slot.objects.filter(specialist=full).update(is_open=False)
    by = Visitor.signed_in(ben)
    pages = {"list": "/specialists/", "profile": f"/specialists/{free.slug}/", "full": f"/specialists/{full.slug}/"}
    kinds = {name: Kind(cycle([by.get(path)]), 200) for name, path in pages.items()}
    rounds = in_turns({"anchor page": Kind(cycle([by.get("/anchor/page/")]), 200)} | kinds)
    Slot.objects.filter(specialist=full).update(is_open=True)
    return rounds


def against_the_anchor(few: list[dict[str, float]], many: list[dict[str, float]]) -> Iterator[Line]:
    """Goals 3, 4 and 6. Growth compares ratios to the anchor, as the two sizes were measured at different times."""
    for goal, name, wanted in (("4 list of 10,000", "list", 2.0), ("3 times of one", "profile", 1.5)):
        ratio = median(found[name] / found["anchor page"] for found in many)
        yield Line(goal, f"{ratio:.2f} × the anchor page's time", f"≤ {wanted} ×", "56 × at 500", ratio <= wanted)
    ratio = median(found["full"] / found["profile"] for found in many)
    yield Line("3 fully booked", f"{ratio:.2f} × free", "≤ 1.2 ×", "255 × anchor", ratio <= 1.2)
    for name in ("list", "profile"):
        grown, small = (median(found[name] / found["anchor page"] for found in rounds) for rounds in (many, few))
        figure = f"{grown / small:.2f} × from {FEW * BOOKINGS:,} to {SPECIALISTS * BOOKINGS:,} bookings"
        yield Line(f"6 {name}", figure, "≤ 1.3 ×", "", grown / small <= 1.3)


def queries(ben: User) -> Iterator[Line]:
    """Goal 2: queries of the list and of a profile."""
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(ben)
    slug = Specialist.objects.order_by("slug")[0].slug
    for name, path, wanted in (("list", "/specialists/", 4), ("slot page", f"/specialists/{slug}/", 5)):
        count = count_queries(partial(client.get, path))
        yield Line(f"2 {name}", f"{count} queries", f"≤ {wanted}", "56 to 506", count <= wanted)


def soonest() -> Line:
    """Goal 7: the list's query alone, without a page around it."""
    now, times = timezone.now(), []
    viewer = client_number(1)
    for _ in range(7):
        start = time.perf_counter()
        listing.list_specialists(viewer, listing.Wanted(), now, after=None)
        times.append(time.perf_counter() - start)
    taken = median(times)
    return Line("7 the soonest", f"{taken * 1000:.0f} ms of {SPECIALISTS:,}", "≤ 100 ms", "22.5 s", taken <= 0.1)


def form(user: User, slot: Slot, way: str) -> dict[str, Any]:
    return {"slot": slot.pk, "token": uuid.uuid4(), "writer": user.pk, "name": "Noor", "format": way, "note": ""}


def with_addresses(specialist: Specialist) -> Specialist:
    """Seal an address for meeting, which booking needs: `seed_scale` seals none."""
    way = specialist.formats[0]
    specialist.sealed_addresses = seal(specialist.user, Specialist.LABEL, specialist.pk, {way: "https://room.example"})
    specialist.save(update_fields=["sealed_addresses"])
    return specialist


def booking(ben: User) -> Iterator[Line]:
    """Bookings one after another, each by another client, in turns with the anchor's POST."""
    hosts = [with_addresses(one) for one in Specialist.objects.select_related("user").order_by("slug")[100 : 100 + 400]]
    people = [client_number(100 + number) for number in range(len(hosts))]
    visitors = [Visitor.signed_in(user) for user in people]
    requests = [
        visitor.post(f"/specialists/{host.slug}/book/", **form(user, far_slot(host), host.formats[0]))
        for user, visitor, host in zip(people, visitors, hosts, strict=True)
    ]
    anchor = Visitor.signed_in(ben).post("/anchor/post/", text="x")
    rounds = in_turns({"anchor": Kind(cycle([anchor]), 302), "booking": Kind(iter(requests), 302)})
    ratio = median(found["anchor"] / found["booking"] for found in rounds)
    yield Line("1 booking", f"{ratio:.2f} ×", "≥ 0.25 × anchor post", "", ratio >= 0.25)


def shopper_alone(_ana: Answered) -> Iterator[Line]:
    """The shopper among 10,000 specialists, while people book."""
    seed(SPECIALISTS, 0)
    yield from shopping()


def shopping() -> Iterator[Line]:
    """The secret shopper visits everybody who is listed, while members book whomever it is just visiting."""
    seal_addresses()
    hosts = {one.pk: one for one in Specialist.objects.all()}
    people = [client_number(5_000 + number) for number in range(2 * BESIDE)]  # each of them books once
    waits: list[float] = []
    alone = [booked_in(user, host) for user, host in zip(people[:BESIDE], hosts.values(), strict=False)]
    visits, visiting, visit = list[float](), list[Specialist](), shopper.visit

    def watched(specialist_id: uuid.UUID, now: datetime) -> list[FailedCheck]:
        visiting.append(hosts[specialist_id])
        start = time.perf_counter()
        found = visit(specialist_id, now)
        visits.append(time.perf_counter() - start)
        return found

    def shop() -> None:
        results.append(shopper.shop(now=timezone.now()))
        connection.close()

    def book_whom_it_visits() -> None:
        for user in people[BESIDE:]:
            while not results and (not visiting or visiting[-1] in booked):
                time.sleep(0.001)
            if results:
                break
            booked.append(host := visiting[-1])
            waits.append(booked_in(user, host))
        connection.close()

    results, booked = list[shopper.Result](), list(hosts.values())[:BESIDE]
    shopper.visit = watched
    start = time.perf_counter()
    run_together([shop, book_whom_it_visits])
    shopper.visit = visit
    [result], failed = results, FailedCheck.objects.count()
    figure = f"{result.visited:,} in {time.perf_counter() - start:.0f} s, {result.skipped} skipped, {failed} failed"
    yield Line("shopper", figure, "all, none failed", "", not result.skipped and not failed)
    p99 = quantiles(visits, n=100)[98]
    yield Line("shopper holds locks", f"median {median(visits) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms", "", "", None)
    longest, usual = max(waits), median(alone)
    figure = f"{len(waits)} bookings: longest {longest * 1000:.0f} ms, alone {usual * 1000:.0f} ms (median)"
    yield Line("shopper beside bookings", figure, "wait ≤ 200 ms", "", longest - usual <= 0.2)


def booked_in(user: User, host: Specialist) -> float:
    """The seconds that a booking takes, in this process."""
    slot, details = far_slot(host), bookings.Details(host.formats[0], "Noor", "", mail=None)
    start = time.perf_counter()
    bookings.book(
        client=user, specialist_id=host.pk, slot_id=slot.pk, details=details, token=uuid.uuid4(), now=timezone.now()
    )
    return time.perf_counter() - start


def seal_addresses() -> None:
    """Of everybody, as `with_addresses` does of one."""
    for rows in batched(Specialist.objects.select_related("user__data_key").iterator(500), 500):
        for one in rows:
            found = {one.formats[0]: "https://room.example"}
            one.sealed_addresses = seal(one.user, Specialist.LABEL, one.pk, found)
        Specialist.objects.bulk_update(rows, ["sealed_addresses"])


def far_slot(host: Specialist) -> Slot:
    return host.slots.filter(is_open=True, starts_at__gt=timezone.now() + timedelta(days=3)).order_by("starts_at")[0]


def one_slot() -> Iterator[Line]:
    """Goal 5: a thousand attempts by fifty clients to book one slot."""
    host = with_addresses(Specialist.objects.select_related("user").get(slug="scale-00000"))
    slot = far_slot(host)
    people = [client_number(1_000 + number) for number in range(CLIENTS)]
    statuses: list[int] = []

    def tries(user: User) -> None:
        by = Visitor.signed_in(user)
        connection.close()
        with connect() as http:
            for _ in range(TRIES // CLIENTS):
                fields = form(user, slot, host.formats[0])
                statuses.append(http.send(by.post(f"/specialists/{host.slug}/book/", **fields)).status)

    run_together([partial(tries, user) for user in people])
    made, errors = Booking.objects.filter(slot=slot).count(), sum(status >= 500 for status in statuses)
    figure = f"{made} of {len(statuses):,} tries, {errors} errors"
    yield Line("5 one slot", figure, "1, no errors", "50 of 50", made == 1 and not errors)


def contention() -> Iterator[Line]:
    """For ten seconds, forty clients book any slot of three specialists and cancel what they got."""
    hosts = [with_addresses(one) for one in Specialist.objects.select_related("user").order_by("slug")[10:13]]
    people = [client_number(2_000 + number) for number in range(WANTED)]
    times: list[float] = []
    statuses: list[int] = []
    end = time.perf_counter() + SECONDS

    def book(number: int, user: User) -> None:
        by, turn = Visitor.signed_in(user), number
        offered = [list(host.slots.filter(starts_at__gt=timezone.now() + timedelta(days=2))) for host in hosts]
        connection.close()
        with connect() as http:
            while time.perf_counter() < end:
                host, slots = hosts[turn % 3], offered[turn % 3]
                fields = form(user, slots[turn * 7 % len(slots)], host.formats[0])
                start = time.perf_counter()
                answer = http.send(by.post(f"/specialists/{host.slug}/book/", **fields))
                times.append(time.perf_counter() - start)
                statuses.append(answer.status)
                if answer.status == 302 and "/consultations/" in answer.location:
                    http.send(by.post(answer.location + "cancel/"))
                turn += 1

    run_together([partial(book, number, user) for number, user in enumerate(people)])
    p99, errors = quantiles(times, n=100)[98], sum(status >= 500 for status in statuses)
    made = Booking.objects.filter(specialist__in=hosts, client__in=people).count()
    figure = f"{len(times) / SECONDS:.0f} tries/s, {made} booked, p99 {p99 * 1000:.0f} ms, {errors} errors"
    yield Line("5 contention", figure, "p99 ≤ 500 ms, no errors", "", p99 <= 0.5 and not errors)


def generation() -> Line:
    """The speed of generating slots from hours, as the nightly job does."""
    now, some = timezone.now(), list(Specialist.objects.order_by("-slug")[:GENERATED])
    WeeklyHours.objects.bulk_create(
        WeeklyHours(specialist=one, weekday=day, starts=540, ends=1020, valid_from=now.date())
        for one in some
        for day in range(5)
    )
    start = time.perf_counter()
    for one in some:
        generate(specialist_id=one.pk, now=now)
    rate = GENERATED / (time.perf_counter() - start)
    return Line("generation", f"{rate:.0f} specialists/s: {SPECIALISTS / rate:.0f} s for all", "", "", None)


def agreement() -> Line:
    """Goal 5, in the end: no specialist has overlapping bookings, and slots agree with bookings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM consultations_booking a JOIN consultations_booking b"
            " ON a.specialist_id = b.specialist_id AND a.id < b.id"
            " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
            " WHERE a.status = ANY(%s) AND b.status = ANY(%s) AND a.starts_at > now() AND b.starts_at > now()",
            [list(OCCUPYING), list(OCCUPYING)],
        )
        doubles = cursor.fetchone()[0]
    try:
        call_command("check_slots", stdout=StringIO())
        words = "every slot agrees"
    except CommandError as error:
        words = str(error)
    figure = f"{doubles} double bookings; {words}"
    return Line("5 at the end", figure, "0, every slot agrees", "", not doubles and words == "every slot agrees")
