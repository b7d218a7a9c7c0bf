"""Keeping what staff last saw of a profile while its specialist changes it, and showing what is different."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from consultations.models import Photo, ProfileChange, Specialist
from consultations.models.changes import TEXTS
from lib.comparing import Change, compare


@dataclass(frozen=True, slots=True)
class Shown:
    """What staff look at: texts by field, and the photo."""

    texts: Mapping[str, Any]
    photo: bytes | None

    @classmethod
    def of(cls, specialist: Specialist) -> Self:
        photo = Photo.objects.filter(specialist=specialist).values_list("webp", flat=True).first()
        return cls({name: getattr(specialist, name) for name in TEXTS}, bytes(photo) if photo else None)


@contextmanager
def noted(specialist: Specialist, now: datetime) -> Iterator[None]:
    """Note what changes in a profile that staff may have looked at. The caller holds its lock."""
    if specialist.status == Specialist.Status.DRAFT and not (specialist.verified_at or specialist.returned_because):
        yield
        return
    before = Shown.of(specialist)
    yield
    after = Shown.of(specialist)
    if after == before:
        return
    as_it_was = {"since": now, "changed_at": now, "texts": before.texts, "photo": before.photo}
    row, is_new = ProfileChange.objects.get_or_create(specialist=specialist, defaults=as_it_was)
    if is_new:
        return
    if after == Shown(row.texts, bytes(row.photo) if row.photo else None):  # changed back
        row.delete()
    else:
        row.changed_at = now
        row.save(update_fields=["changed_at"])


def differences(row: ProfileChange, specialist: Specialist) -> list[tuple[str, list[Change]]]:
    """The texts that have changed, each with its name and what is gone and new in it."""
    found = []
    for name in TEXTS:
        was, now = (as_text(value) for value in (row.texts.get(name), getattr(specialist, name)))
        if was != now:
            [pieces] = compare([was], [now])
            found.append((label_of(name), pieces))
    return found


def label_of(name: str) -> str:
    """What a field of the profile is called."""
    return str(getattr(Specialist._meta.get_field(name), "verbose_name", name))


def as_text(value: object) -> str:
    return "" if value is None else str(value)
