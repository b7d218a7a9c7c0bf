"""Every address of the administration, asked for by every role. An address or a model without a line fails."""

import re
from collections import Counter
from collections.abc import Mapping, Set
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urljoin
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from consultations.models import FailedCheck, Specialist
from exchange.models import AnswerTemplate, ProfileReport
from exchange.services import profile_reports
from guide.models import Prompt
from lib.admin import ChangesAdmin
from reflect.models import HelplineRecord
from tests.accounts import factors
from tests.addresses import Address, addresses
from tests.answered import NOW
from tests.conftest import show_second_factor
from tests.consultations.cast import booked, verified
from tests.exchange.messaging import reply, reported, thread
from tests.exchange.waiting import waiting
from tests.exchange.written import written
from tests.html import parse, text_of
from tests.staff import staff

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]

DAY = timedelta(days=1)
VERIFIER, MODERATOR, SUPPORT, EDITOR, OWNER = ({role} for role in Role)
EVERYBODY = set(Role)
NOBODY: Set[Role] = set()


class May(NamedTuple):
    """Which roles see the rows of a model, make the change named `confirm` after being asked, and edit, add, delete."""

    see: Set[Role]
    confirm: Set[Role] = NOBODY
    edit: Set[Role] = NOBODY
    add: Set[Role] = NOBODY
    delete: Set[Role] = NOBODY


# By app and model. What nobody may is refused to owners, too.
ROWS: Mapping[str, May] = {
    "accounts_staff": May(see=OWNER, confirm=OWNER),
    "accounts_staffaction": May(see=OWNER),
    "accounts_user": May(see=SUPPORT | OWNER, confirm=SUPPORT | OWNER),
    "assessments_errorestimate": May(see=OWNER, confirm=OWNER),
    "assessments_groupfigures": May(see=OWNER),
    "assessments_instrumentversion": May(see=OWNER),
    "assessments_publishedconstants": May(see=OWNER),
    "consultations_booking": May(see=SUPPORT | OWNER),
    "consultations_failedcheck": May(see=VERIFIER | OWNER),
    "consultations_specialist": May(see=VERIFIER | OWNER, confirm=VERIFIER | OWNER),
    "exchange_answertemplate": May(
        see=MODERATOR | SUPPORT | OWNER,
        edit=MODERATOR | SUPPORT | OWNER,
        add=MODERATOR | SUPPORT | OWNER,
        delete=SUPPORT | OWNER,
    ),
    "exchange_contact": May(see=SUPPORT | OWNER, confirm=SUPPORT | OWNER),
    "exchange_objection": May(see=SUPPORT | OWNER, confirm=SUPPORT | OWNER),
    "exchange_profilereport": May(see=VERIFIER | MODERATOR | OWNER, confirm=VERIFIER | MODERATOR | OWNER),
    "exchange_report": May(see=MODERATOR | OWNER, confirm=MODERATOR | OWNER),
    "exchange_submission": May(see=MODERATOR | OWNER, confirm=MODERATOR | OWNER),
    "guide_prompt": May(see=EDITOR | OWNER, edit=EDITOR | OWNER, add=EDITOR | OWNER, delete=EDITOR | OWNER),
    "reflect_banner": May(see=EDITOR | OWNER, edit=EDITOR | OWNER, add=EDITOR | OWNER, delete=EDITOR | OWNER),
    "reflect_dailyfigure": May(see=OWNER),
    "reflect_failedjob": May(see=OWNER, confirm=OWNER),
    "reflect_helplinerecord": May(see=EDITOR | OWNER),
}

# Addresses that belong to no model.
PAGES: Mapping[str, Set[Role]] = {
    "admin:index": EVERYBODY,
    "admin:login": EVERYBODY,
    "admin:logout": EVERYBODY,
    "admin:password_change": EVERYBODY,
    "admin:password_change_done": EVERYBODY,
    "admin_password": EVERYBODY,
    "admin:jsi18n": EVERYBODY,
    "admin:autocomplete": NOBODY,  # no field asks it for names
    "journal_counts": OWNER,
    "admin_status": EVERYBODY,
    "assessments_version_confirm": OWNER,
}
# What leads on: to an app's part of the index, to a page with a slash, and to pages of objects, which none here has.
NO_PAGE = {"admin:reflect_dailyfigure_change"}  # a 404, also to owners
LEADING = {"admin:app_list", "admin:None", "admin:view_on_site"}
ADMIN = [one for one in addresses() if one.name.startswith("admin") or one.name == "journal_counts"]


def split(address: Address) -> tuple[str, str]:
    """The model of an address, and what it does there."""
    found = re.fullmatch(rf"admin:({'|'.join(ROWS)})_(\w+)", address.name)
    return (found[1], found[2]) if found else ("", "")


def test_every_address_has_its_line() -> None:
    unnamed = set()
    for address in ADMIN:
        model, _action = split(address)
        if not model and address.name not in {*PAGES, *LEADING, "admin:assessments_version_confirm"}:
            unnamed.add(address.name)
    assert unnamed == set()
    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert registered == set(ROWS)


@pytest.fixture
def clients(db: None) -> dict[Role | None, Client]:
    """One browser for each role, of somebody who has just shown anew who they are; and one without any role."""
    found: dict[Role | None, Client] = {}
    for role in (*Role, None):
        user = staff(f"{role or 'none'}@example.org", *([role] if role else []))
        found[role] = Client()
        found[role].force_login(user)
        show_second_factor(found[role], user, again=True)
    return found


@pytest.fixture
def parameters(ana: User, cole: User) -> dict[str, dict[str, object]]:
    """By model: the id of a row, and a change that applies to it."""
    factors.add_app(ana)
    specialist = verified(cole)
    side, theirs = thread(ana, specialist, now=NOW)
    reply(theirs, now=NOW)
    message, _code = written(ana, now=NOW)
    meeting = booked(ana, specialist, NOW - DAY, status="client_no_show", objected_at=NOW)
    profile_reports.report(report_id=uuid4(), owner=ana, specialist=specialist, reason="x", now=NOW)
    prompt = Prompt.objects.create(key="ours", theme="balance", title="One", why="x", steps=["a"], minutes=5, order=1)
    rows: dict[str, tuple[object, str]] = {
        "accounts_staff": (ana.pk, "give-editor"),
        "accounts_user": (ana.pk, "second-step"),
        "consultations_booking": (meeting.pk, ""),
        "consultations_specialist": (specialist.pk, "hide"),
        "exchange_answertemplate": (AnswerTemplate.objects.create(title="One", text="x").pk, ""),
        "exchange_contact": (message.pk, "close"),
        "exchange_objection": (meeting.pk, "settle"),
        "exchange_profilereport": (ProfileReport.objects.get().pk, "settle"),
        "exchange_report": (reported(side).pk, "settle"),
        "exchange_submission": (waiting(ana).pk, "publish"),
        "guide_prompt": (prompt.pk, ""),
    }
    return {model: {"pk": pk, "change": change} for model, (pk, change) in rows.items()}


def allowed(model: str, action: str) -> Set[Role]:
    may = ROWS[model]
    return {"add": may.add, "delete": may.delete, "confirm": may.confirm}.get(action, may.see)


@pytest.mark.parametrize("model", ROWS)
def test_rows_are_for_those_of_the_table(
    model: str, clients: dict[Role | None, Client], parameters: dict[str, dict[str, object]]
) -> None:
    given = parameters.get(model, {"pk": 1, "change": "none"})
    for address in ADMIN:
        of, action = split(address)
        if of != model or address.name in NO_PAGE:
            continue
        wanted = {"pk": given["pk"], "object_id": given["pk"], "change": given["change"]}
        path = reverse(address.name, kwargs={name: wanted[name] for name in address.parameters})
        for role, client in clients.items():
            found = client.get(path).status_code
            if role in allowed(model, action):
                assert found in {200, 302, 404}, (path, role)
            else:
                assert found == 403, (path, role)
                assert client.post(path).status_code in {403, 405}, (path, role)
            if action == "change" and model in parameters and role not in ROWS[model].edit:
                assert client.post(path).status_code == 403, (path, role)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_those_of_the_table(name: str, clients: dict[Role | None, Client]) -> None:
    prefix = "admin:" if name == "assessments_version_confirm" else ""
    path = reverse(prefix + name, kwargs={"pk": 1, "change": "publish"} if prefix else None)
    for role, client in clients.items():
        found = client.get(path)
        if role in PAGES[name] or (role is None and PAGES[name] == EVERYBODY):
            assert found.status_code in {200, 302, 404, 405}, role
        else:
            assert found.status_code == 403, role
            assert client.post(path).status_code in {403, 405}, role


def test_the_index_names_what_a_role_sees_and_nothing_else(clients: dict[Role | None, Client]) -> None:
    for role, client in clients.items():
        page = client.get(reverse("admin:index")).text
        for model, may in ROWS.items():
            path = reverse(f"admin:{model}_changelist")
            assert (f'href="{path}"' in page) == (role in may.see), (role, model)
        assert (reverse("journal_counts") in page) == (role is Role.OWNER), role
        assert reverse("admin_status") in page, role


def test_no_link_leads_anybody_to_a_page_that_they_are_refused(
    clients: dict[Role | None, Client], parameters: dict[str, dict[str, object]], cole: User
) -> None:
    """Also not to a row that names somebody else: who verified a profile, whose meeting was missed."""
    checker = User.objects.get(email="verifier@example.org")
    Specialist.objects.update(verified_by=checker)
    HelplineRecord.objects.create(key="uk-one", checked_on=NOW, checked_by=checker, checked_as="x")
    FailedCheck.objects.create(
        specialist=cole.specialist,
        which="last",
        starts_at=NOW,
        reason="taken",
        found_at=NOW,
    )
    booked(User.objects.create_user("una@example.org"), cole.specialist, NOW - 2 * DAY, status="specialist_no_show")
    rows = [reverse(f"admin:{model}_change", args=[given["pk"]]) for model, given in parameters.items()]
    rows.append(reverse("admin:reflect_helplinerecord_change", args=["uk-one"]))
    ids = re.compile("|".join(str(given["pk"]) for given in parameters.values() if len(str(given["pk"])) == 36))
    for role, client in clients.items():
        waiting, known = [reverse("admin:index"), *(row for row in rows if client.get(row).status_code == 200)], set()
        while waiting:
            path = waiting.pop()
            answer = client.get(path)
            if answer.status_code == 302:  # is done already, or asks who it is
                continue
            assert answer.status_code == 200, (role, path)
            if "text/html" not in answer["Content-Type"]:
                continue
            main = parse(answer.text).find(".//main")
            assert main is not None
            trail, title = main.find(".//nav[@class='crumbs']"), main.find(".//h1")
            if path.startswith("/admin/") and path != reverse("admin:index") and "/preview/" not in path:
                assert trail is not None, path
                assert title is not None, path
                assert text_of(trail).split("\n")[0].strip().startswith("What waits"), path
                assert not ids.search(text_of(trail) + text_of(title)), path
            for link in main.iter("a"):
                to = urljoin(path, link.get("href", "")).partition("?")[0]  # filters show the same rows
                if to.startswith("/admin/") and to not in known:
                    known.add(to)
                    waiting.append(to)


def test_nothing_else_here_leads_to_a_row(clients: dict[Role | None, Client]) -> None:
    for client in clients.values():
        assert client.get("/admin/r/1/1/").status_code == 404
        assert client.get("/admin/autocomplete/", {"term": "a", "app_label": "accounts"}).status_code in {403, 404}


def test_nobody_decides_about_themselves(parameters: dict[str, dict[str, object]], ana: User, cole: User) -> None:
    """Staff may be members and specialists, too: they see no words about themselves that are not meant for them."""
    for person, roles_of_theirs in ((cole, (Role.VERIFIER, Role.SUPPORT, Role.MODERATOR)), (ana, (Role.OWNER,))):
        for role in roles_of_theirs:
            roles.give(person, role)
        client = Client()
        client.force_login(person)
        show_second_factor(client, person, again=True)
        about = ("exchange_objection", "exchange_report", "exchange_profilereport")
        for model in about[: 3 if person == cole else 2]:
            wanted = parameters[model]
            assert str(wanted["pk"]) not in client.get(reverse(f"admin:{model}_changelist")).text
            assert client.get(reverse(f"admin:{model}_change", args=[wanted["pk"]])).status_code == 302
            assert client.post(reverse(f"admin:{model}_confirm", kwargs=wanted)).status_code == 302
        hide = reverse("admin:consultations_specialist_confirm", args=[cole.pk, "hide"])
        assert client.get(hide).status_code == (403 if person == cole else 200)
        assert client.post(reverse("admin:accounts_user_confirm", args=[person.pk, "second-step"])).status_code == 403


NOTES = {(model, "note") for model in ("exchange_contact", "exchange_report", "exchange_profilereport")}  # undo nothing


def test_what_applies_to_several_states_carries_the_one_that_was_shown(
    parameters: dict[str, dict[str, object]],
) -> None:
    """Else it would undo, unseen, what a colleague has done since the page was opened."""
    found = set()
    for model, here in admin.site._registry.items():
        name = model._meta.label_lower.replace(".", "_")
        if not isinstance(here, ChangesAdmin) or name not in parameters:
            continue
        row, states = model._default_manager.get(pk=parameters[name]["pk"]), {}
        for field in model._meta.fields:
            if field.name in {"state", "status"}:
                states = {state: field.name for state, _label in field.choices or ()}
        offered: Counter[str] = Counter()
        for state, field_name in states.items():
            with suppress(IntegrityError), transaction.atomic():
                model._default_manager.filter(pk=row.pk).update(**{field_name: state})
                offered.update([*here.offered(row)])
                transaction.set_rollback(True)
        for change in (change for change, times in offered.items() if times > 1):
            found.add((name, change))
            known = here.changes[change]
            carries = known.stands or "shown" in known.form.base_fields
            assert carries or (name, change) in NOTES, (name, change)
    assert {("consultations_specialist", "approve"), ("exchange_contact", "answer")} <= found
