"""Export of bookings and practices. There is no import: a booking binds two people."""

import base64
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import CannotOpen, unseal, unseal_many
from consultations.models import (
    Absence,
    Block,
    Booking,
    BusyCalendar,
    DateOverride,
    Photo,
    ProfileChange,
    Slot,
    Specialist,
    Verification,
    WaitingEntry,
    WeeklyHours,
)

CHUNK = 100
PROFILE = (
    *("slug", "status", "name", "profession", "years", "about", "approach", "training"),
    *("practises_in", "access_needs", "fee_least", "fee_most", "fee_currency", "fee_words"),
    *("how_to_book", "practice_contact"),
    *("languages", "themes", "formats", "timezone"),
    *("notice_hours", "buffer_before", "buffer_after", "most_a_day", "most_a_week"),
    *("offers_free", "paused", "allows_another", "shown_to_visitors"),
    *("agenda_mailed", "reminder"),
    *("register_name", "register_number", "register_url"),
    *("also_checked", "returned_because", "misses_seen_at"),
)


def bookings(owner: User) -> Iterator[Document]:
    """What the owner booked, with their own words; then what was booked with them, without the client's."""
    booked = Booking.objects.of_client(owner).select_related("specialist").order_by("starts_at", "id")
    rows = ((row.pk, bytes(row.sealed or b""), row) for row in booked.iterator(chunk_size=CHUNK))
    for row, words in unseal_many(owner, Booking.LABEL, rows):
        with_whom = row.specialist.name if row.specialist else None
        document = {"side": "client", "specialist": with_whom, **facts(row), "fit": row.client_fit or None}
        document |= {"mail": row.mail, "remind_day": row.remind_day, "remind_hour": row.remind_hour}
        yield document | ({"words": words} if words or row.sealed is None else {"cannot_be_opened": True})
    held = Booking.objects.of_specialist(owner).order_by("starts_at", "id")
    for row in held.iterator(chunk_size=CHUNK):
        yield {"side": "specialist", **facts(row), "fit": row.specialist_fit or None}


def facts(booking: Booking) -> Document:
    """What both sides know of a booking."""
    return {
        "id": str(booking.pk),
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "status": booking.status,
        "format": booking.format,
        "made_at": booking.made_at.isoformat(),
        "changed_at": booking.changed_at.isoformat(),
        "objected_at": iso(booking.objected_at),
        "settled_at": iso(booking.settled_at),
    }


def practice(owner: User) -> Iterator[Document]:
    """One row if the owner is a specialist: profile, addresses, photo, hours, dates, absences, slots made by hand."""
    for specialist in Specialist.objects.of(owner).select_related("photo"):
        yield {
            **{name: getattr(specialist, name) for name in PROFILE},
            **addresses(owner, specialist),
            "submitted_at": iso(specialist.submitted_at),
            "verified_at": iso(specialist.verified_at),
            "ended_at": iso(specialist.ended_at),
            "check_again_on": iso(specialist.check_again_on),
            "photo": picture(specialist),
            "hours": [
                {
                    **minutes(row),
                    "weekday": row.weekday,
                    "valid_from": iso(row.valid_from),
                    "valid_to": iso(row.valid_to),
                    "anchor": iso(row.anchor),
                }
                for row in specialist.hours.order_by("weekday", "starts", "valid_from")
            ],
            "dates": [
                {**minutes(row), "date": iso(row.date)} for row in specialist.overrides.order_by("date", "starts")
            ],
            "absences": absences(owner, specialist),
            "before_changes": before_changes(specialist),
            "checks": [*map(check, specialist.verifications.order_by("at"))],
            "times": [
                {"starts_at": iso(row.starts_at), "closed": row.closed}
                for row in Slot.objects.filter(specialist=specialist, extra=True).order_by("starts_at")
            ],
        }


def absences(owner: User, specialist: Specialist) -> list[Document]:
    """Absences, with the names that the specialist gave them."""
    rows = ((row.pk, bytes(row.sealed), row) for row in specialist.absences.order_by("first", "id"))
    return [
        {
            "first": iso(row.first),
            "last": iso(row.last),
            **({"name": words["name"]} if words else {"cannot_be_opened": True}),
        }
        for row, words in unseal_many(owner, Absence.LABEL, rows)
    ]


def before_changes(specialist: Specialist) -> Document | None:
    """What the profile said before the changes that staff have not seen."""
    row = ProfileChange.objects.filter(specialist=specialist).first()
    if row is None:
        return None
    photo = base64.b64encode(bytes(row.photo)).decode() if row.photo else None
    return {"since": iso(row.since), "changed_at": iso(row.changed_at), "photo": photo, **row.texts}


def check(row: Verification) -> Document:
    """A decision of staff about the profile. The notes of staff are left out, as in all parts."""
    grounds = row.grounds()
    return {
        "outcome": row.outcome,
        "at": iso(row.at),
        "checked": row.checked,
        "where": row.where,
        "check_again_on": iso(row.check_again_on),
        **({"reason": grounds.reason} if grounds else {"cannot_be_opened": True}),
    }


def addresses(owner: User, specialist: Specialist) -> Document:
    """Addresses by format."""
    if specialist.sealed_addresses is None:
        return {"addresses": {}}
    try:
        return {"addresses": unseal(owner, Specialist.LABEL, specialist.pk, bytes(specialist.sealed_addresses))}
    except CannotOpen:
        return {"addresses": None, "cannot_be_opened": True}


def picture(specialist: Specialist) -> str | None:
    """The photo (WebP) in base64."""
    photo: Photo | None = getattr(specialist, "photo", None)
    return base64.b64encode(bytes(photo.webp)).decode() if photo else None


def minutes(row: WeeklyHours | DateOverride) -> Document:
    """A range of hours, in minutes after midnight."""
    return {"starts": row.starts, "ends": row.ends}


def waiting_entries(owner: User) -> Iterator[Document]:
    rows = WaitingEntry.objects.visible_to(owner).select_related("specialist").prefetch_related("offers")
    for row in rows.order_by("made_at", "id"):
        yield {
            "specialist": row.specialist.name if row.specialist else None,
            "theme": row.theme,
            "language": row.language,
            "mail": row.mail,
            "made_at": iso(row.made_at),
            "told_at": sorted({offer.told_at.isoformat() for offer in row.offers.all()}),
        }


def blocks(owner: User) -> Iterator[Document]:
    """When the owner blocked somebody; not whom, because that is the other person's data."""
    for row in Block.objects.filter(owner=owner).order_by("made_at", "id"):
        yield {"made_at": iso(row.made_at)}


def calendars(owner: User) -> Iterator[Document]:
    """The owner's connected calendars, with the busy times that were read from them (seconds since 1970)."""
    for row in BusyCalendar.objects.visible_to(owner).order_by("made_at", "pk"):
        document = {"all_day": row.all_day, "made_at": iso(row.made_at), "read_at": iso(row.read_at)}
        try:
            yield document | asdict(row.words(owner)) | {"busy": row.ranges(owner)}
        except CannotOpen:
            yield document | {"cannot_be_opened": True}


def iso(moment: date | None) -> str | None:
    """A date or time in ISO format, or None."""
    return moment.isoformat() if moment else None


BOOKINGS = Portable(bookings)
PRACTICE = Portable(practice)
WAITING_ENTRIES = Portable(waiting_entries)
BLOCKS = Portable(blocks)
CALENDARS = Portable(calendars)
