"""Seeds the demo: people to log in as, with their history, and specialists to book."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, override
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import consents, roles
from accounts.models import User
from accounts.roles import Role
from accounts.self_document import change
from assessments import services
from assessments.answering import Posted
from assessments.models import InstrumentVersion
from assessments.scoring import Answer
from journal.content import FREE, Content
from journal.forms import frame_of
from journal.prompts import asked
from journal.services import Write, save_entry
from reflect import daily_figures
from reflect.management.demo_consultations import seed_consultations
from reflect.management.demo_contact import seed_contact
from reflect.management.demo_database import claim
from reflect.management.demo_meetings import seed_meetings, seed_next_step, seed_note, seed_proposal
from reflect.management.demo_messages import seed_messages
from reflect.management.demo_questions import seed_questions
from reflect.management.demo_verification import seed_verification

PASSWORD = "look-at-the-balance"  # noqa: S105  # public, so the accounts are only created with DEMO=1
RESPONSES = Path(__file__).with_name("demo_responses.toml")
ENTRIES = Path(__file__).with_name("demo_entries.toml")
COUNTS = 8  # of figures over time, of some days each


@dataclass(frozen=True)
class Person:
    """Somebody to log in as."""

    name: str
    about: str
    is_specialist: bool = False
    role: Role | None = None

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"


CAST = (
    Person("ana", "a member with four results, a journal and some meetings"),
    Person("ben", "a member who has just arrived, and has a meeting"),
    Person("cole", "a specialist with meetings", is_specialist=True),
    Person("dora", "a specialist", is_specialist=True),
    Person("dana", "an owner of the site, at /admin/, who gives roles there", role=Role.OWNER),
    Person("vera", "checks specialists, at /admin/", role=Role.VERIFIER),
    Person("mira", "reads questions before members do, and reports", role=Role.MODERATOR),
    Person("sam", "answers messages to the site, and settles objections", role=Role.SUPPORT),
    Person("edda", "looks after prompts and helplines", role=Role.EDITOR),
)


class Command(BaseCommand):
    help = "Create the demo's people and what they have done. Whoever is there already is left as they are."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's people have a public password: they are made only where DEMO=1 is set.")
        claim()
        now = timezone.now()
        seed_people(now=now)
        retire_superseded(now=now)
        seed_consultations(now=now)
        seed_contact(now=now)
        seed_messages(now=now)
        seed_verification(now=now)
        seed_meetings(now=now)
        seed_next_step(now=now)
        seed_note(now=now)
        seed_proposal(now=now)
        seed_questions(now=now)
        count_the_past(now=now)


def count_the_past(*, now: datetime) -> None:
    """The figures over time that the nights of the last weeks would have counted."""
    for back in range(COUNTS, -1, -1):
        daily_figures.count(now=now - back * daily_figures.RECOUNTED)


@transaction.atomic
def seed_people(*, now: datetime) -> None:
    """Create those of the cast who are missing, with their history."""
    present = set(User.objects.values_list("email", flat=True))
    for person in CAST:
        if person.email not in present:
            user = create_person(person, now=now)
            if person.name == "ana":
                answer_questionnaires(user, now=now)
                write_entries(user, now=now)


def create_person(person: Person, *, now: datetime) -> User:
    """Create an account with a confirmed address and the statement of being 18 or older."""
    user = User.objects.create_user(
        person.email,
        PASSWORD,
        is_specialist=person.is_specialist,
        last_login=now,
    )
    if person.role:
        roles.give(user, person.role)
    change(user, name=person.name.title())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    consents.give(owner=user, purpose=consents.ADULT.purpose, now=now)
    return user


def answer_questionnaires(owner: User, *, now: datetime) -> None:
    """Answer the questionnaires of `demo_responses.toml` at their times, as the pages would."""
    versions = {version.version: version for version in InstrumentVersion.objects.published().filter(slug="balance")}
    for version in versions.values():
        services.publish_version(version=version, now=now)  # a retired one takes no answers
    for row in tomllib.loads(RESPONSES.read_text(encoding="utf-8"))["responses"]:
        then = now - timedelta(days=row["days_ago"])
        if row["version"] not in versions:
            raise CommandError(f"Version {row['version']} is not published yet: run load_instrument first.")
        version = versions[row["version"]]
        consents.give(owner=owner, purpose=consents.QUESTIONNAIRE.purpose, now=then)
        response = services.start_response(
            owner=owner,
            version=version,
            form=row["form"],
            partnered=True,
            same_relationship=row.get("same_relationship"),
            now=then,
        )
        services.save_part(owner=owner, response_id=response.pk, posted=posted(row), now=then)
        if row["submitted"]:
            services.submit_response(owner=owner, response_id=response.pk, now=then)


def retire_superseded(*, now: datetime) -> None:
    """Offer the newest questionnaire only, unless somebody is in the middle of an earlier one."""
    current = InstrumentVersion.objects.current()
    if current:
        services.retire_superseded(by=current, now=now)


def write_entries(owner: User, *, now: datetime) -> None:
    """Write the entries of `demo_entries.toml`, leaving out those on a question that is not loaded."""
    for row in tomllib.loads(ENTRIES.read_text(encoding="utf-8"))["entries"]:
        then = now - timedelta(days=row["days_ago"])
        prompt = asked(row["prompt"])
        if prompt is None and row["prompt"] != FREE:
            continue
        frame = frame_of(prompt) if prompt else Content()
        words: dict[str, Any] = {key: tuple(row.get(key, ())) for key in ("texts", "feelings", "tags")}
        content = replace(frame, closing=row.get("closing", ""), **words)
        save_entry(owner=owner, entry_id=uuid4(), write=Write(content=content, pinned=row.get("pinned")), now=then)


def posted(row: Mapping[str, Any]) -> Posted:
    """The answers of one response of the file, by their keys."""
    answers: dict[str, Answer] = {}
    for area, (give, receive) in row["areas"].items():
        answers |= {f"{area}_give": give, f"{area}_receive": receive}
    for subscale, statements in row["statements"].items():
        answers |= {f"{subscale}{number}": answer for number, answer in enumerate(statements, start=1)}
    return Posted(answers=answers, importance=row.get("importance", {}))
