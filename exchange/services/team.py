"""Who answers what people write to the site, and reads what they report: a group of the staff, and superusers."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from accounts.models import User

GROUP = "Contact"
MAY = (
    *("view_contact", "change_contact"),
    *("view_report", "change_report"),
    *("view_answertemplate", "add_answertemplate", "change_answertemplate", "delete_answertemplate"),
)


def team() -> QuerySet[User]:
    """The accounts, in the order of their addresses."""
    staff = User.objects.filter(Q(groups__name=GROUP) | Q(is_superuser=True), is_active=True, is_staff=True)
    return staff.order_by("email").distinct()


def make_group(sender: AppConfig, using: str, verbosity: int, **_: Any) -> None:
    """Give the group its permissions (receiver of `post_migrate`, which may come before those are there)."""
    create_permissions(sender, verbosity=0, using=using)
    group, _created = Group.objects.using(using).get_or_create(name=GROUP)
    allowed = Permission.objects.using(using).filter(content_type__app_label=sender.label, codename__in=MAY)
    group.permissions.add(*allowed)
