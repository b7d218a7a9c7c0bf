"""The demo's specialists with their hours, and the meetings that Ana and Ben have had, cancelled and booked."""

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef

from accounts.models import Notice, User
from accounts.notices import notify
from accounts.sealing import seal, unseal
from accounts.self_document import name_of
from consultations.models import Booking, Slot, Specialist, WaitingEntry, WeeklyHours
from consultations.models.bookings import Fit, Side, Status
from consultations.models.slots import SlotQuerySet
from consultations.services.slots import generate
from consultations.times import DURATION, NOTE_KEPT
from lib.slugs import slug_of

FILE = Path(__file__).parent / "commands" / "demo_specialists.toml"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
DETAILS = ("approach", "training", "practises_in", "access_needs", "also_checked", "how_to_book", "practice_contact")
FEE = ("fee_least", "fee_most", "fee_currency", "fee_words")


@dataclass(frozen=True)
class DemoBooking:
    """One of the demo's meetings. With `days` of the past it was so many days ago; otherwise it is at the first free
    time after so many days.
    """

    client: str
    specialist: str
    days: int
    status: Status = Status.BOOKED
    side: Side = Side.CLIENT
    note: str = ""
    fit: str = ""
    objected: bool = False
    name: str = ""  # that the client chose, if not their own
    read: bool = False  # the notice that somebody has of it


BOOKINGS = (
    DemoBooking("ana", "cole", 3, note="I find it hard to say no, and I would like to talk about that.", read=True),
    DemoBooking("ana", "claire.dubois", 6, Status.CANCELLED_BY_CLIENT),
    DemoBooking("ana", "jakob.brandt", 4, Status.CANCELLED_BY_SPECIALIST, Side.SPECIALIST),
    DemoBooking("ana", "dora", -40, Status.COMPLETED, Side.SPECIALIST, fit=Fit.YES),
    DemoBooking("ana", "marek.nowak", -5, Status.CLIENT_NO_SHOW, Side.SPECIALIST, objected=True, read=True),
    DemoBooking("ana", "daniel.abrams", -12, Status.SPECIALIST_NO_SHOW, Side.CLIENT),
    DemoBooking("ben", "cole", 2, note="My first time. I do not know where to begin."),
    DemoBooking("ben", "dora", -1),
    DemoBooking("amara.okafor", "cole", -1, name="Wren", read=True),
    DemoBooking("jakob.brandt", "cole", -2, name="Ivo", read=True),
    DemoBooking("marek.nowak", "cole", -3, name="Juniper", read=True),
    DemoBooking("ben", "amara.okafor", -20, Status.COMPLETED, Side.SITE, fit=Fit.UNSURE),
)


def seed_consultations(*, now: datetime) -> None:
    """Create the specialists who have no profile yet, bring their times up to date, and book once."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["specialists"]
    for number, row in enumerate(rows):
        user = account(row["account"])
        if not Specialist.objects.of(user).exists():
            create_practice(user, row, number, now=now)
    for pk in Specialist.objects.values_list("pk", flat=True):
        generate(specialist_id=pk, now=now)
    if not Booking.objects.exists():
        for planned in BOOKINGS:
            create_booking(planned, now=now)
        open_times(now=now)
        for specialist in Specialist.objects.filter(status=Specialist.Status.VERIFIED).select_related("user"):
            is_read = specialist.user.email == "cole@example.org"
            tell(specialist.user, Notice.Kind.PROFILE_CHECKED, specialist.pk, at=now - 3 * DAY, is_read=is_read)


def account(name: str) -> User:
    """A specialist's account; one that is made here has no password."""
    email = f"{name}@example.org"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, is_specialist=True)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def create_practice(user: User, row: Mapping[str, Any], number: int, *, now: datetime) -> None:
    """A profile with its hours, verified three months ago unless it waits to be."""
    waits, slug = row.get("waits", False), slug_of(row["name"])
    addresses = {
        "video": f"https://meet.example.org/{slug}",
        "phone": f"+44 20 7946 0{number:03}",  # a range that is kept for made-up numbers
        "text": f"https://chat.example.org/{slug}",
    }
    specialist = Specialist.objects.create(
        user=user,
        slug=slug,
        **{
            key: row[key]
            for key in ("name", "profession", "years", "about", "languages", "themes", "formats", "timezone")
        },
        **{key: row[key] for key in DETAILS if key in row},
        **dict(zip(FEE, row.get("fee", ()), strict=False)),
        sealed_addresses=seal(user, Specialist.LABEL, user.pk, {key: addresses[key] for key in row["formats"]}),
        register_name="Register of the demo",
        register_number=f"D-{1000 + number}",
        register_url=f"https://register.example.org/{1000 + number}",
        status=Specialist.Status.SUBMITTED if waits else Specialist.Status.VERIFIED,
        submitted_at=now - (2 if waits else 91) * DAY,
        verified_at=None if waits else now - 90 * DAY,
        check_again_on=None if waits else (now + 275 * DAY).date(),
        created_at=now - 92 * DAY,
        changed_at=now - 90 * DAY,
        shown_to_visitors=row.get("visitors", False),
    )
    since = (now - 92 * DAY).date()
    WeeklyHours.objects.bulk_create(hours(specialist, row["hours"], since))


def hours(specialist: Specialist, week: Mapping[str, list[str]], since: date) -> list[WeeklyHours]:
    """Ranges such as "09:00-12:00" by weekday."""
    return [
        WeeklyHours(
            specialist=specialist,
            weekday=WEEKDAYS.index(day),
            starts=starts,
            ends=ends,
            valid_from=since,
            valid_to=None,
        )
        for day, ranges in week.items()
        for starts, ends in (map(minute, text.split("-")) for text in ranges)
    ]


def minute(clock: str) -> int:
    """ "09:30" as minutes after midnight."""
    hour, minutes = clock.split(":")
    return int(hour) * 60 + int(minutes)


def create_booking(planned: DemoBooking, *, now: datetime) -> None:
    """A meeting as it stands, with its history; a time that is to come and is not cancelled is taken."""
    client = User.objects.get(email=f"{planned.client}@example.org")
    specialist = Specialist.objects.select_related("user").get(user__email=f"{planned.specialist}@example.org")
    slot, starts_at = None, now.replace(hour=10, minute=0, second=0, microsecond=0) + planned.days * DAY
    if planned.days > 0:
        slot = free_slots(specialist, client).open_from(now + planned.days * DAY).first()
        if slot is None:
            return
        starts_at = slot.starts_at
    # What is over was booked long enough ago not to count: whoever looks at the demo can book.
    made_at = min(now, starts_at) - (2 if planned.status == Status.BOOKED else 32) * DAY
    booking = Booking(
        client=client,
        specialist=specialist,
        slot=slot,
        starts_at=starts_at,
        ends_at=starts_at + DURATION,
        format=specialist.formats[0],
        mail=True,
        remind_day=True,
        token=uuid.uuid4(),
        made_at=made_at,
        changed_at=made_at,
        client_fit=planned.fit,
        objected_at=now - DAY if planned.objected else None,
    )
    if booking.ends_at + NOTE_KEPT > now:
        booking.sealed = seal(client, Booking.LABEL, booking.pk, words(planned, client, specialist))
    booking.save()
    booking.changes.create(at=made_at, side=Side.CLIENT, status=Status.BOOKED)
    if planned.status != Status.BOOKED:
        end_booking(booking, planned, at=min(now - timedelta(hours=1), starts_at + timedelta(minutes=45)))
        if booking.objected_at:  # as it was recorded then
            booking.changes.create(at=booking.objected_at, side=Side.CLIENT, status=planned.status)
    elif slot:
        Slot.objects.filter(pk=slot.pk).update(is_open=False)
    if planned.status != Status.COMPLETED:
        owner = client if planned.side == Side.SPECIALIST else specialist.user
        tell(owner, Notice.Kind.MEETING_CHANGED, booking.pk, at=booking.changed_at, is_read=planned.read)


def free_slots(specialist: Specialist, client: User) -> SlotQuerySet:
    """The specialist's slots at which the client meets nobody else."""
    theirs = Booking.objects.occupying().in_either_role(client.pk)
    meets = theirs.filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    return Slot.objects.filter(~Exists(meets), specialist=specialist)


def open_times(*, now: datetime) -> None:
    """Ana waits for two specialists: a time of one has opened, and one of the other is taken again."""
    ana = User.objects.get(email="ana@example.org")
    for name, is_open in (("dora", True), ("amara.okafor", False)):
        specialist = Specialist.objects.get(user__email=f"{name}@example.org")
        entry = WaitingEntry.objects.create(owner=ana, specialist=specialist, made_at=now - 9 * DAY)
        slot = Slot.objects.filter(specialist=specialist).open_from(now + DAY).first()
        if slot and is_open:
            entry.offers.create(slot=slot, told_at=now - timedelta(hours=1))
        at = now - (timedelta(hours=1) if is_open else 6 * DAY)
        tell(ana, Notice.Kind.TIME_FREED, entry.pk, at=at, is_read=not is_open)


def tell(owner: User, kind: Notice.Kind, target: UUID, *, at: datetime, is_read: bool) -> None:
    notify(owner=owner, kind=kind, target=target, now=at, mails=False)
    if is_read:
        Notice.objects.visible_to(owner).new().filter(at=at).update(opened_at=at + timedelta(hours=1))


def end_booking(booking: Booking, planned: DemoBooking, *, at: datetime) -> None:
    """It took place, or did not, and somebody has said so."""
    booking.status, booking.changed_at, booking.sequence = planned.status, at, 1
    booking.save()
    booking.changes.create(at=at, side=planned.side, status=planned.status)


def words(planned: DemoBooking, client: User, specialist: Specialist) -> dict[str, str]:
    """What is sealed in a booking."""
    user = specialist.user
    addresses = unseal(user, Specialist.LABEL, user.pk, bytes(specialist.sealed_addresses or b""))
    address = addresses[specialist.formats[0]]
    return {"name": planned.name or name_of(client), "note": planned.note, "address": address, "summary": ""}
