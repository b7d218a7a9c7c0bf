"""What people write goes in the direction of its own script on every page, and disturbs nothing around it."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.preferences import save_settings
from accounts.sealing import seal
from consultations.models import Booking
from journal import services
from journal.content import Content
from journal.models import Revision
from journal.services import Conflict, Write
from tests.consultations.cast import booked, slot, verified
from tests.html import parse
from tests.journal.written import written

pytestmark = pytest.mark.django_db

WORD = "שלום"
UNSHOWN = {"hidden", "submit"}  # kinds of input


def astray(element: Element, *, held: bool = False) -> Iterator[str]:
    """Where the word stands without a direction of its own."""
    held = held or element.tag == "bdi" or element.get("dir") == "auto"
    shown = element.get("value") if element.tag == "input" and element.get("type") not in UNSHOWN else ""
    for text in (element.text, shown):
        if WORD in (text or "") and not held and f"\u2068{WORD}" not in (text or ""):
            yield f"<{element.tag}> {text}"
    for child in element:
        if isinstance(child.tag, str) and child.tag not in {"title", "script"}:
            yield from astray(child, held=held)
        if WORD in (child.tail or "") and not held:
            yield f"<{element.tag}> {child.tail}"


def adrift(client: Client, *paths: str) -> dict[str, list[str]]:
    """Where the word stands so, by page; each page shows it somewhere."""
    found = {}
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200, path
        assert WORD in page.text, path
        found[path] = list(astray(parse(page.text)))
    return {path: places for path, places in found.items() if places}


@pytest.fixture
def pages_of_the_journal(ana: User) -> list[str]:
    """The addresses of all pages that show an entry."""
    now, steps = timezone.now(), ("Then", "Now")
    content = Content(prompt="level", question="Level?", steps=steps, texts=(WORD, f"{WORD} two"), closing=WORD)
    written(ana, content=content, at=now - timedelta(days=1))
    entry = written(ana, content=content, at=now)
    tab = uuid.uuid4()
    for revision in (1, 2):
        write = Write(content=Content(texts=(WORD * revision,), tags=(WORD,)), base_revision=revision, client=tab)
        services.save_entry(owner=ana, entry_id=entry.pk, write=write, now=now)
    other = services.save_entry(owner=ana, entry_id=entry.pk, write=Write(content=content), now=now)
    assert isinstance(other, Conflict)
    services.bin_entry(owner=ana, entry_id=written(ana, WORD, at=now).pk, now=now)
    free = written(ana, content=Content(texts=(f"{WORD}\nMore {WORD}",), tags=(WORD,)), at=now)
    first, second = Revision.objects.kept().filter(entry=entry).values_list("pk", flat=True)[:2]
    return [
        *(reverse("journal"), reverse("journal_bin")),
        *(reverse(name, args=[pk]) for name in ("entry", "entry_edit") for pk in (entry.pk, free.pk)),
        reverse("versions", args=[entry.pk, other.other.pk]),
        reverse("revision", args=[entry.pk, first]),
        f"{reverse('revisions', args=[entry.pk])}?first={first}&second={second}",
    ]


def test_in_the_journal(client: Client, ana: User, pages_of_the_journal: list[str]) -> None:
    client.force_login(ana)
    found = client.post(reverse("journal_search"), {"words": WORD}).headers["Location"]
    assert adrift(client, *pages_of_the_journal, found) == {}


def test_between_members_and_specialists(client: Client, ana: User, ben: User) -> None:
    now = timezone.now()
    save_settings(user=ana, now=now, name=WORD)
    specialist = verified(ben, name=WORD, profession=WORD, about=f"{WORD}, {WORD}")
    free = slot(specialist, now + timedelta(days=3))
    client.force_login(ana)
    plain = [reverse(name) for name in ("settings", "today", "specialists")]
    of_one, booking_page = (reverse(name, args=[specialist.slug]) for name in ("specialist", "book"))
    assert adrift(client, *plain, of_one, f"{booking_page}?slot={free.pk}") == {}
    booking = booked(ana, specialist, now + timedelta(days=2))
    sealed = seal(ana, Booking.LABEL, booking.pk, {"name": WORD, "note": WORD, "address": "", "summary": ""})
    Booking.objects.filter(pk=booking.pk).update(sealed=sealed)
    of_booking = [reverse(name, args=[booking.pk]) for name in ("booking", "booking_move", "booking_cancel")]
    assert adrift(client, reverse("today"), reverse("consultations"), *of_booking) == {}
    client.force_login(ben)
    of_practice = [reverse(f"practice:{name}") for name in ("profile", "preview")]
    assert adrift(client, *of_practice, reverse("practice:booking", args=[booking.pk])) == {}
