"""Factories for specialists, slots and bookings."""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.sealing import seal
from consultations.models import Absence, Booking, BusyCalendar, Slot, Specialist
from consultations.models.bookings import CANCELLED
from consultations.models.calendars import Words
from consultations.models.profiles import ACCOUNT_LISTED
from consultations.services import own_calendars
from consultations.services.bookings import Details, book
from consultations.services.proposals import propose
from consultations.times import DURATION
from tests.html import assert_valid_html, followed, text_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
DETAILS = Details(format="video", name="Ana", note="marker", mail=True)

# Every way not to be reachable, and so not listed; `test_listing.py` fails for a condition that is missing here.
UNLISTED: list[dict[str, Any]] = [
    *({"status": status} for status in Specialist.Status if status != Specialist.Status.VERIFIED),
    {"offers_free": False},
    {"paused": True},
    {"is_active": False},
    {"closes_at": TOMORROW},
]


def verified(user: User, **fields: Any) -> Specialist:
    """A listed specialist."""
    user.is_specialist = True
    user.save()
    name, now = user.email.partition("@")[0], timezone.now()
    chosen = {
        "slug": name,
        "name": name.title(),
        "languages": ["en"],
        "themes": ["balance"],
        "formats": ["video"],
        "status": Specialist.Status.VERIFIED,
        "verified_at": now,
        "check_again_on": (now + timedelta(days=365)).date(),
        "created_at": now,
        "changed_at": now,
        **fields,
    }
    specialist = Specialist(user=user, **chosen)
    specialist.sealed_addresses = seal(user, Specialist.LABEL, user.pk, {"video": "https://meet.example/room"})
    specialist.save()
    return specialist


def unlist(specialist: Specialist, fields: dict[str, Any]) -> None:
    """Unlist a specialist in one of the ways of UNLISTED."""
    rows: QuerySet[Any] = Specialist.objects.filter(pk=specialist.pk)
    if fields.keys() <= ACCOUNT_LISTED.keys():
        rows = User.objects.filter(pk=specialist.pk)
    rows.update(**fields)


def slot(specialist: Specialist, starts_at: datetime, **fields: Any) -> Slot:
    """A slot made by hand: there are no hours here to produce it."""
    about = {"starts_at": starts_at, "ends_at": starts_at + DURATION, "extra": True, **fields}
    return Slot.objects.create(specialist=specialist, **about)


def absent(user: User, first: date = date(2031, 1, 1), last: date = date(2031, 1, 14), name: str = "Summer") -> Absence:
    """An absence of a specialist, whose slots are left as they are."""
    pk = uuid.uuid4()
    sealed = seal(user, Absence.LABEL, pk, {"name": name})
    return Absence.objects.create(id=pk, specialist_id=user.pk, first=first, last=last, sealed=sealed)


def fully_booked(specialist: Specialist) -> Specialist:
    """With one slot, which is taken: listed, and without a free one."""
    slot(specialist, timezone.now() + timedelta(days=27), is_open=False)
    return specialist


def booked(client: User, specialist: Specialist, starts_at: datetime, **fields: Any) -> Booking:
    """A booking with its slot, which reopens if the booking is cancelled."""
    pk, yesterday = uuid.uuid4(), timezone.now() - timedelta(days=1)
    words = {"name": "Ana", "note": "marker", "address": "https://meet.example/room", "summary": ""}
    chosen = {
        "slot": fields.get("slot") or slot(specialist, starts_at, is_open=fields.get("status") in CANCELLED),
        "format": "video",
        "token": uuid.uuid4(),
        "made_at": yesterday,
        "changed_at": yesterday,
        **fields,
    }
    return Booking.objects.create(
        id=pk,
        client=client,
        specialist=specialist,
        starts_at=starts_at,
        ends_at=starts_at + DURATION,
        sealed=seal(client, Booking.LABEL, pk, words),
        **chosen,
    )


def years_of_bookings(clients: Sequence[User], specialist: Specialist) -> None:
    """Bookings on two thousand past days, of these in turn: enough for the planner to have a choice."""
    starts = [NOW - timedelta(days=number) for number in range(1, 2_001)]
    about = {"status": "completed", "format": "video", "made_at": NOW, "changed_at": NOW}
    Booking.objects.bulk_create(
        Booking(
            client=clients[number % len(clients)],
            specialist=specialist,
            slot=None,
            starts_at=start,
            ends_at=start + DURATION,
            token=uuid.uuid4(),
            **about,
        )
        for number, start in enumerate(starts)
    )
    with connection.cursor() as cursor:
        cursor.execute("REINDEX TABLE consultations_booking")  # what other tests have left there counts as cost
        cursor.execute("ANALYZE consultations_booking")


def books(client: User, free: Slot, **changed: Any) -> Booking:
    """Submit this person's form for this slot."""
    given = {"specialist_id": free.specialist_id, "slot_id": free.pk, "details": DETAILS, "token": uuid.uuid4()}
    return book(**{"client": client, "now": NOW, **given, **changed})


def a_host(name: str, **fields: Any) -> Specialist:
    """One more specialist."""
    return verified(User.objects.create_user(f"{name}@example.org"), **fields)


def proposed(booking: Booking, *slots: Slot, words: str = "marker words", now: datetime = NOW) -> None:
    """The specialist proposes these slots for a meeting."""
    assert booking.specialist
    host, chosen = booking.specialist.user, [slot.pk for slot in slots]
    propose(booking_id=booking.pk, specialist=host, slots=chosen, words=words, now=now)


def page(response: Any, status: int = 200) -> str:
    """The text of a response, or of the page that it leads to, after checking its status and HTML."""
    response = followed(response)
    assert response.status_code == status, response.content.decode()[:2000]
    return text_of(assert_valid_html(response.content.decode()))


def posted(user: User, free_slot: Slot, **fields: Any) -> dict[str, Any]:
    """The fields of a valid booking form."""
    answers = {"name": "Noor", "format": "video", "note": "marker words"}
    return {"slot": free_slot.pk, "token": uuid.uuid4(), "writer": user.pk, **answers, **fields}


def first_slot(mara: Specialist) -> Slot:
    return mara.slots.order_by("starts_at")[0]


def busy_calendar(owner: User) -> BusyCalendar:
    """A connected calendar, which no test reads."""
    words = Words(f"https://calendar.example/{uuid.uuid4()}", "At home")
    return own_calendars.connect(owner=owner, words=words, all_day=True, now=timezone.now())
