"""Who answers what people write to the site, and reads reports and questions: staff in groups, and superusers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from accounts.models import User
from exchange.mails import post_waiting, what_waits

GROUP, QUESTIONS = "Contact", "Questions"
MAY: Mapping[str, Collection[str]] = {
    GROUP: (
        *("view_contact", "change_contact"),
        *("view_report", "change_report"),
        *("view_answertemplate", "add_answertemplate", "change_answertemplate", "delete_answertemplate"),
    ),
    QUESTIONS: (
        *("view_submission", "change_submission"),
        *("view_answertemplate", "add_answertemplate", "change_answertemplate"),
    ),
}


def team(*groups: str) -> QuerySet[User]:
    """The accounts, in the order of their addresses: those who answer messages, or those of other groups."""
    in_group = Q(groups__name__in=groups or [GROUP])
    staff = User.objects.filter(in_group | Q(is_superuser=True), is_active=True, is_staff=True)
    return staff.order_by("email").distinct()


def tell_team(*, now: datetime) -> None:
    """Tell staff by e-mail, once a day, that something waits which they may see to."""
    if waits := what_waits(now):
        staff = User.objects.filter(is_active=True, is_staff=True).order_by("email")
        post_waiting([one for one in staff if any(map(one.has_perm, waits))], now=now)


def make_groups(sender: AppConfig, using: str, verbosity: int, **_: Any) -> None:
    """Give the groups their permissions (receiver of `post_migrate`, which may come before those are there)."""
    create_permissions(sender, verbosity=0, using=using)
    for name, may in MAY.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        allowed = Permission.objects.using(using).filter(content_type__app_label=sender.label, codename__in=may)
        group.permissions.add(*allowed)
