"""Pages of the waiting list."""

import re

from accounts.models import User
from consultations.models import Specialist, WaitingEntry
from consultations.services import waiting
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, first_slot, fully_booked, page, slot, verified


def test_somebody_waits_for_a_specialist_and_stops(ana: User, ben: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    page(client.get("/consultations/waiting/new/?specialist=mara"))
    client.post("/consultations/waiting/new/?specialist=mara", {"mail": "yes"})
    entry = WaitingEntry.objects.get()
    assert (entry.owner, entry.specialist, entry.mail) == (ana, mara, True)
    said = page(client.get("/consultations/waiting/"))
    assert "Mara" in said
    assert "By e-mail and on Today" in said
    other = as_user(ben)
    assert other.post(f"/consultations/waiting/{entry.pk}/stop/").status_code == 404
    client = as_user(ana)
    client.post(f"/consultations/waiting/{entry.pk}/stop/")
    assert WaitingEntry.objects.count() == 0
    assert "You are not waiting for anything at the moment." in page(client.get("/consultations/waiting/"))


def test_the_words_are_those_of_a_specialist_who_is_fully_booked(ana: User, ben: User, as_user: AsUser) -> None:
    fully_booked(row := verified(ben))
    client, address = as_user(ana), "/consultations/waiting/new/?specialist=ben"
    said = page(client.get(address))
    assert "There are no free times at the moment. We tell you when one frees up." in said
    assert "earlier" not in said
    slot(row, TOMORROW)
    assert "We tell you when a time opens that is earlier than any free now." in page(client.get(address))


def test_somebody_waits_for_a_theme_and_a_language(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Choose a topic or a language." in page(client.post("/consultations/waiting/new/", {}), 400)
    client.post("/consultations/waiting/new/", {"theme": "refusals", "language": "pt"})
    entry = WaitingEntry.objects.get()
    assert (entry.theme, entry.language, entry.mail) == ("refusals", "pt", None)
    assert "Hearing no, Português" in page(client.get("/consultations/waiting/"))
    assert client.get("/consultations/waiting/new/?specialist=nobody").status_code == 404
    assert client.get("/consultations/waiting/new/?specialist=%01").status_code == 404
    assert "Choose one of these." in page(client.post("/consultations/waiting/new/", {"theme": "x"}), 400)


def test_one_waits_for_ten_things_at_most(ana: User, as_user: AsUser) -> None:
    for code in ("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es"):
        WaitingEntry.objects.create(owner=ana, language=code, made_at=NOW)
    said = page(as_user(ana).post("/consultations/waiting/new/", {"language": "pt"}), 400)
    assert "You are already waiting for 10 things. Stop waiting for one of them first." in said


def test_a_waiting_entry_is_kept_without_e_mails(ana: User, mara: Specialist, as_user: AsUser) -> None:
    client = as_user(ana)
    for path, asked in (("?specialist=mara", {}), ("", {"theme": "refusals", "language": "pt"})):
        client.post(f"/consultations/waiting/new/{path}", {"mail": "yes", **asked})
    answer = client.get("/consultations/waiting/")
    assert page(answer).count("Stop e-mails about this") == 2
    forms = r'<form\s+method="post"\s+action="([^"]+new/[^"]*)"\s*>(.*?)</form>'
    for form in re.findall(forms, answer.content.decode(), re.DOTALL):
        fields = dict(re.findall(r'name="(theme|language)" value="([^"]*)"', form[1]))
        client.post(form[0], fields | {"mail": "no"})
    assert list(WaitingEntry.objects.values_list("mail", flat=True)) == [False, False]
    WaitingEntry.objects.update(mail=True)
    Specialist.objects.update(paused=True)
    said = page(client.get("/consultations/waiting/"))
    assert said.count("This specialist is not taking bookings at the moment.") == 1
    assert said.count("Stop e-mails about this") == 1


def test_today_names_the_first_slot_that_opened(ana: User, mara: Specialist, as_user: AsUser) -> None:
    waiting.add_waiting_entry(owner=ana, specialist_id=mara.pk, mail=None, now=NOW)
    waiting.slots_opened(mara.slots.values_list("pk", flat=True), NOW)
    assert page(as_user(ana).get("/today/")).count("An earlier time has opened.") == 1
    assert page(as_user(ana).get("/consultations/waiting/")).count("Mara") == 6


def test_slots_that_opened_stand_on_today(ana: User, mara: Specialist, as_user: AsUser) -> None:
    entry = waiting.add_waiting_entry(owner=ana, specialist_id=mara.pk, mail=None, now=NOW)
    waiting.slots_opened([first_slot(mara).pk], NOW)
    assert entry.offers.count() == 1
    client = as_user(ana)
    said = "New for you All notices An earlier time has opened. Tuesday 24 November 2026, 09:00 · Mara New ·"
    assert said in page(client.get("/today/"))
    assert "Times that have opened Tuesday 24 November 2026, 09:00" in page(client.get("/consultations/waiting/"))


def test_an_earlier_slot_can_be_waited_for_where_there_are_slots(ana: User, mara: Specialist, as_user: AsUser) -> None:
    answer = as_user(ana).get("/specialists/mara/")
    assert "Tell me when an earlier time opens" in page(answer)
    assert "/consultations/waiting/new/?specialist=mara" in answer.content.decode()
