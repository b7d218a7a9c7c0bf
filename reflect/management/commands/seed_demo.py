"""Fills the demo: five people to log in as, and what they have done so far."""

from dataclasses import dataclass
from typing import Any, override

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User

PASSWORD = "look-at-the-balance"  # noqa: S105  # known to everybody, and made only where DEMO=1 is set


@dataclass(frozen=True)
class Person:
    """Somebody to log in as."""

    name: str
    about: str
    is_specialist: bool = False
    is_staff: bool = False

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"


CAST = (
    Person("ana", "a member with two results and a questionnaire begun"),
    Person("ben", "a member who has just arrived"),
    Person("cole", "a specialist", is_specialist=True),
    Person("dora", "a specialist", is_specialist=True),
    Person("dana", "the site's admin, at /admin/", is_staff=True),
)


class Command(BaseCommand):
    help = "Create the demo's people and what they have done. Doing it again changes nothing."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's people have a public password: they are made only where DEMO=1 is set.")
        with transaction.atomic():
            for person in CAST:
                seed_person(person)


def seed_person(person: Person) -> User:
    """The person's account with a confirmed address; made if it is missing, else left as it is."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            PASSWORD,
            is_specialist=person.is_specialist,
            is_staff=person.is_staff,
            is_superuser=person.is_staff,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
