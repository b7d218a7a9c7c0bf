"""Giving and taking roles. Everybody whom it concerns is told by e-mail, and nobody takes the last owner's role."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import logins, roles
from accounts.mails import post_role_changed
from accounts.models import User
from accounts.roles import Role, holds
from accounts.second_factor import FACTORS


class CannotChange(Exception):
    """The role cannot be given or taken any more, or whoever wants to is no owner any more."""


def may_get(role: Role) -> Q:
    """Accounts that can be given a role: in use, with a second step of their own (the demo asks nobody for one)."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    guarded = Q() if settings.DEMO else Q(Exists(factors))
    return Q(is_active=True, closes_at=None) & ~holds(role) & guarded


def may_lose(role: Role) -> Q:
    """Accounts from which a role can be taken; that of an owner, if another one stays."""
    return holds(role) & Q(Exists(who_stay(OuterRef("pk")))) if role is Role.OWNER else holds(role)


def who_stay(owner: Any) -> QuerySet[User]:
    """The other owners, but for those whose account is closing."""
    return owners().filter(closes_at=None).exclude(pk=owner)


def is_last_owner(user: User) -> bool:
    return user.is_superuser and not who_stay(user.pk).exists()


def owners() -> QuerySet[User]:
    return User.objects.filter(holds(Role.OWNER), is_active=True, is_staff=True)


@transaction.atomic
def give_role(*, person_id: UUID, role: Role, by: UUID, now: datetime) -> None:
    """Raises CannotChange."""
    person = locked(person_id, by, may_get(role))
    roles.give(person, role)
    follow_up(person, role, given=True, by=by, told={*owners()}, now=now)


@transaction.atomic
def take_role(*, person_id: UUID, role: Role, by: UUID, now: datetime) -> None:
    """Raises CannotChange."""
    person = locked(person_id, by, may_lose(role))
    told = {*owners()}
    roles.take(person, role)
    follow_up(person, role, given=False, by=by, told=told, now=now)


def locked(person_id: UUID, by: UUID, condition: Q) -> User:
    """Lock all owners and the person, then look again: two owners may be taking each other's role at this moment."""
    list(User.objects.select_for_update(no_key=True).filter(Q(pk=person_id) | holds(Role.OWNER)).order_by("pk"))
    person = User.objects.filter(condition, pk=person_id).first()
    if person is None or not owners().filter(pk=by).exists():
        raise CannotChange
    return person


def follow_up(person: User, role: Role, *, given: bool, by: UUID, told: set[User], now: datetime) -> None:
    """End the person's sessions, which began with other rights, and tell them and every owner."""
    if person.pk != by:
        logins.end_all(user=person)
    for one in sorted(told | {person}, key=lambda user: user.pk):
        post_role_changed(one, role=role, given=given, theirs=one == person, now=now)
