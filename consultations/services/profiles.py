"""Changes that specialists make to their own profile, each under the lock on their row."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts import quota
from accounts.models import User
from accounts.sealing import CannotOpen, seal, unseal
from consultations.models import Photo, Slot, Specialist
from consultations.models.profiles import Format
from consultations.rooms import PLACEHOLDER
from consultations.services import waiting
from consultations.services.changes import noted
from consultations.services.locks import lock_rows
from lib.constraints import constraint_of
from lib.slugs import slug_of

Status = Specialist.Status

SLUG_LENGTH = 60
MAY_BE_SUBMITTED = (Status.DRAFT, Status.HIDDEN)
CHECKED = ("register_name", "register_number", "register_url")  # what staff check in the register
VOUCHED_FOR = ("name", "profession", *CHECKED)  # checked for every profile; `also_checked` names the other fields
NEEDED = {  # required before a profile is submitted, in words
    "register_name": _("the name of the register"),
    "register_number": _("your number in the register"),
    "register_url": _("the link to your entry in the register"),
    "profession": _("your profession"),
    "about": _("a few words about how you work"),
    "languages": _("a language"),
    "themes": _("a topic"),
    "formats": _("a way to meet"),
}


class NotComplete(Exception):
    """The profile cannot be submitted yet; `missing` names the empty fields."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__()
        self.missing = missing


class NotAllowed(Exception):
    """The profile is not in a state that allows this. Nothing was changed."""


@transaction.atomic
def start_practice(*, user: User, name: str, timezone: str = "", now: datetime) -> Specialist:
    """Make a member a specialist with a draft profile, in their own time zone if no other is given. Idempotent.

    Whoever has ended a practice before begins again with what has stayed of it.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    found = Specialist.objects.of(user).first()
    if found and user.is_specialist:
        return found
    user.is_specialist = True
    user.save(update_fields=["is_specialist"])
    if found:  # what has stayed of a practice that had ended
        found.name, found.timezone, found.paused, found.ended_at = name, timezone or user.timezone, False, None
        return save(found, now)
    specialist = Specialist(user=user, name=name, timezone=timezone or user.timezone, created_at=now, changed_at=now)
    while True:  # two people of one name may start at the same moment
        specialist.slug = free_slug(name)
        try:
            with transaction.atomic():
                specialist.save(force_insert=True)
        except IntegrityError as error:
            if constraint_of(error) != "consultations_specialist_slug_key":
                raise
            continue
        return specialist


@transaction.atomic
def save_profile(
    *, user: User, fields: Mapping[str, Any], addresses: Mapping[str, str] | None, now: datetime
) -> Specialist:
    """Save the public fields, and the addresses by format; without `addresses` these stay as they are.

    A changed name or profession must be checked before the profile is shown again.
    """
    specialist = own(user)
    with noted(specialist, now):
        take(specialist, fields, now)
    if addresses is not None:
        given = {way: address for way, address in addresses.items() if address}
        specialist.formats = list(given)
        specialist.sealed_addresses = seal(user, Specialist.LABEL, specialist.pk, given)
    return save(specialist, now)


@transaction.atomic
def save_register(*, user: User, fields: Mapping[str, str], now: datetime) -> Specialist:
    """Save the entry in the register. A change must be checked before the profile is shown again."""
    specialist = own(user)
    with noted(specialist, now):
        take(specialist, {field: fields[field] for field in CHECKED}, now)
    return save(specialist, now)


def take(specialist: Specialist, fields: Mapping[str, Any], now: datetime) -> None:
    """Set fields of a profile; a change to what staff vouch for sends it back to be checked."""
    vouched_for = (*VOUCHED_FOR, *specialist.also_checked)
    changed = any(field in fields and getattr(specialist, field) != fields[field] for field in vouched_for)
    for field, value in fields.items():
        setattr(specialist, field, value)
    if changed and specialist.status in (Status.SUBMITTED, Status.VERIFIED, Status.HIDDEN):
        complete = not missing_in(specialist)
        specialist.status, specialist.submitted_at = (Status.SUBMITTED, now) if complete else (Status.DRAFT, None)


@transaction.atomic
def submit(*, user: User, now: datetime) -> Specialist:
    """Have the profile checked. Raises NotComplete and NotAllowed."""
    specialist = own(user)
    if specialist.status not in MAY_BE_SUBMITTED:
        raise NotAllowed
    if missing := missing_in(specialist):
        raise NotComplete(missing)
    specialist.status, specialist.submitted_at, specialist.returned_because = Status.SUBMITTED, now, ""
    return save(specialist, now)


def missing_in(specialist: Specialist) -> list[str]:
    """The required fields that are still empty."""
    return [field for field in NEEDED if not getattr(specialist, field)]


@transaction.atomic
def set_paused(*, user: User, paused: bool, now: datetime) -> None:
    """Pause or resume new bookings; existing ones stay. Raises NotAllowed after the practice has ended."""
    specialist = own(user)
    if specialist.ended_at:
        raise NotAllowed
    was_paused, specialist.paused = specialist.paused, paused
    save(specialist, now)
    if was_paused and not paused:
        waiting.slots_opened(
            list(Slot.objects.filter(specialist=specialist).open_from(now).values_list("pk", flat=True)), now
        )


@transaction.atomic
def set_photo(*, user: User, webp: bytes, now: datetime) -> None:
    """Show this photo. Raises `accounts.quota.Full`."""
    if quota.is_full(user):
        raise quota.Full
    specialist = save(own(user), now)
    sha256 = hashlib.sha256(webp).hexdigest()
    with noted(specialist, now):
        Photo.objects.update_or_create(specialist=specialist, defaults={"sha256": sha256, "webp": webp})


@transaction.atomic
def remove_photo(*, user: User, now: datetime) -> None:
    specialist = save(own(user), now)
    with noted(specialist, now):
        Photo.objects.filter(specialist=specialist).delete()


@transaction.atomic
def make_feed(*, user: User, now: datetime) -> str:
    """Create a new secret for the feed's address, which revokes the old one. Only its hash is stored."""
    specialist, secret = own(user), secrets.token_urlsafe(32)
    specialist.feed_hash = hash_of(secret)
    save(specialist, now)
    return secret


@transaction.atomic
def revoke_feed(*, user: User, now: datetime) -> None:
    specialist = own(user)
    specialist.feed_hash = ""
    save(specialist, now)


def owner_of_feed(secret: str) -> Specialist | None:
    """The specialist whose calendar this secret opens, if any."""
    shown = Specialist.objects.filter(user__is_active=True).exclude(status=Status.SUSPENDED)
    return shown.filter(feed_hash=hash_of(secret)).first()


def addresses_of(specialist: Specialist, user: User) -> dict[str, str]:
    """Addresses by format; `user` is the specialist's account. Raises `accounts.sealing.CannotOpen`."""
    if specialist.sealed_addresses is None:
        return {}
    addresses: dict[str, str] = unseal(user, Specialist.LABEL, specialist.pk, bytes(specialist.sealed_addresses))
    return addresses


def shares_a_room(specialist: Specialist, user: User, now: datetime) -> bool:
    """Whether a client who is early may walk into the meeting before: one address for all, and no break between."""
    if specialist.buffer_before or specialist.buffer_after:
        return False
    try:
        rooms = [address for way, address in addresses_of(specialist, user).items() if way != Format.PHONE]
    except CannotOpen:
        return False
    if all(PLACEHOLDER in room for room in rooms):
        return False
    slots = Slot.objects.filter(specialist=specialist, starts_at__gt=now, closed=False)
    return slots.filter(Exists(slots.filter(starts_at=OuterRef("ends_at")))).exists()


def own(user: User) -> Specialist:
    """Lock the person's own profile. Raises Specialist.DoesNotExist."""
    return lock_rows(Specialist.objects.of(user)).get()


def save(specialist: Specialist, now: datetime) -> Specialist:
    specialist.changed_at = now
    specialist.save()
    return specialist


def free_slug(name: str) -> str:
    """An unused slug for this name, with a number where the name is taken."""
    base = slug_of(name)[:SLUG_LENGTH] or "specialist"
    taken = set(Specialist.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
