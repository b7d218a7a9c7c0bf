"""What people write goes in the direction of its own script on every page, and disturbs nothing around it."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.addresses import stored
from accounts.models import User
from accounts.preferences import save_settings
from accounts.sealing import seal
from accounts.templatetags import entrance
from consultations.calendars import booking_file
from consultations.models import Booking, Specialist
from consultations.templatetags import specialist_words
from journal import services
from journal.content import Content
from journal.models import Revision
from journal.portable import paragraphs
from journal.services import Conflict, Write
from tests.accounts.factors import PASSWORD
from tests.conftest import show_second_factor
from tests.consultations.cast import booked, slot, verified
from tests.html import parse
from tests.journal.written import written
from tests.staff import press
from tests.test_canary import LAST
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db

WORD = "שלום (1)!"  # what stands at its end moves to the other side where the direction is not its own
UNSHOWN = {"hidden", "submit", "url"}  # kinds of input; an address on the web goes from left to right
CSS = Path(__file__).resolve().parents[1] / "static/css/admin.css"
SPOKEN = ("aria-label", "title", "alt", "placeholder")


def astray(element: Element, by_css: Callable[[Element], bool], *, held: bool = False) -> Iterator[str]:
    """Where the word stands without a direction of its own."""
    held = held or element.tag == "bdi" or element.get("dir") == "auto" or by_css(element)
    shown = element.get("value") if element.tag == "input" and element.get("type") not in UNSHOWN else ""
    places = [(f"<{element.tag}>", element.text), (f"<{element.tag} name={element.get('name')}>", shown)]
    places += [(f"<{element.tag} {name}>", element.get(name)) for name in SPOKEN]
    places += [(f"<{element.tag}>", child.tail) for child in element]
    for place, text in places:
        if not held and WORD in re.sub("\u2068[^\u2069]*\u2069", "", text or ""):
            yield f"{place} {text}"
    for child in element:
        if isinstance(child.tag, str) and child.tag != "script":
            yield from astray(child, by_css, held=held)


def nothing(_: Element) -> bool:
    return False


def adrift(client: Client, *paths: str, by_css: Callable[[Element], bool] = nothing) -> dict[str, list[str]]:
    """Where the word stands so, by page; each page shows it somewhere."""
    found = {}
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200, path
        assert WORD in page.text, path
        found[path] = list(astray(html5lib.parse(page.text, namespaceHTMLElements=False), by_css))
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


def test_wherever_somebody_comes(settings: Settings, ana: User, ben: User, cole: User) -> None:
    """A specialist, who is a member as well, writes the word into every field of the site and reads every page."""
    settings.ACCOUNT_RATE_LIMITS = False
    now, client = timezone.now(), Client()
    host = verified(cole, name=WORD, status=Specialist.Status.DRAFT, returned_because=WORD)
    somebody = verified(ben, name=WORD, profession=WORD, about=WORD)
    for day in range(2, 9):
        slot(somebody, now + timedelta(days=day))
    booking = booked(ana, host, now + timedelta(days=10))
    sealed = seal(ana, Booking.LABEL, booking.pk, {"name": WORD, "note": WORD, "address": "", "summary": ""})
    Booking.objects.filter(pk=booking.pk).update(sealed=sealed)

    def stay() -> None:
        if client.session.get("_auth_user_id") != str(cole.pk):
            client.force_login(cole)
            show_second_factor(client, cole, again=True)

    visitor = Visitor(client, WORD, {"password": PASSWORD, "number": "1"}, stay, nullcontext, LAST)
    visitor.go(*map(reverse, ("today", "settings", "practice:profile", "specialists")))
    assert visitor.sent.keys() >= {"book", "entry_new", "journal_search", "mfa_add_webauthn", "practice", "settings"}
    pages = [(path, answer) for path, _, answer in visitor.answers if "text/html" in answer.headers["Content-Type"]]
    found = {path: list(astray(parse(answer.text), nothing)) for path, answer in pages if answer.content}
    assert {path: places for path, places in found.items() if places} == {}


def in_the_admins_css(element: Element) -> bool:
    """What `admin.css` holds; the tables and fields are Django's own."""
    return element.tag in {"td", "th"} or element.get("class") == "readonly"


def test_in_the_admin(client: Client, ana: User, cole: User, dana: User) -> None:
    written = dict.fromkeys(("name", "profession", "about", "register_name", "register_number", "training"), WORD)
    submitted = {"status": Specialist.Status.SUBMITTED, "submitted_at": timezone.now()}
    specialist = verified(cole, **written, **submitted)
    booking = booked(ana, specialist, timezone.now() + timedelta(days=2))
    client.force_login(dana)
    show_second_factor(client, dana)
    of_one = [reverse(f"admin:consultations_specialist_{page}", args=[cole.pk]) for page in ("change", "history")]
    confirm = [
        reverse("admin:consultations_specialist_confirm", args=[cole.pk, name]) for name in ("approve", "return")
    ]
    assert press(client, confirm[1], {"reason": WORD}).status_code == 302
    specialist.refresh_from_db()
    assert specialist.returned_because == WORD
    Specialist.objects.filter(pk=cole.pk).update(**submitted)
    lists = [reverse(f"admin:consultations_{name}_changelist") for name in ("specialist", "booking")]
    prompts = f"{reverse('admin:guide_prompt_changelist')}?{urlencode({'q': WORD})}"
    of_booking = reverse("admin:consultations_booking_change", args=[booking.pk])
    paths = [*of_one, *confirm, *lists, prompts, of_booking, reverse("admin:index")]
    assert adrift(client, *paths, by_css=in_the_admins_css) == {}
    assert "admin.css" in client.get(of_booking).text
    assert re.search(r"^td, th, \.readonly \{ unicode-bidi: plaintext; \}", CSS.read_text(), re.MULTILINE)


def test_in_sentences_and_files(ana: User) -> None:
    held = "\u2068{}\u2069".format
    assert specialist_words.language_names(["en", "he", "ar"]) == f"English, {held('עברית')}, {held('العربية')}"
    assert entrance.shown(stored("ana@שלום.example")) == held("ana@שלום.example")
    content = Content(texts=(WORD,), tags=(WORD, "plain"))
    assert f"Tags: {held(WORD)}, plain" in "".join(paragraphs(content))


def test_calendars_get_the_words_as_they_are(ana: User, cole: User) -> None:
    """A title stands alone there, and marks in it would be searched and compared."""
    file = booking_file(booked(ana, verified(cole), timezone.now()), WORD, now=timezone.now())
    assert f"SUMMARY:{WORD}" in file.decode()
