"""Roles of staff: what each may see and change in the administration, and who holds them.

Django's groups hold them, under the names of `Role`; owners are Django's superusers, so that this flag is seen among
the roles. The table below is the only place where a role gets a right: nobody edits groups, and each deployment sets
them to what is written here. Somebody may hold several roles.
"""

from collections.abc import Mapping, Set
from itertools import chain
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Role(TextChoices):
    VERIFIER = "verifier", _("Verifier")
    MODERATOR = "moderator", _("Moderator")
    SUPPORT = "support", _("Support")
    EDITOR = "editor", _("Editor")
    OWNER = "owner", _("Owner")


# The rights of each role, by the names of Django's permissions. An owner has all there are.
MAY: Mapping[Role, Set[str]] = {
    Role.VERIFIER: {
        "consultations.view_specialist",
        "consultations.change_specialist",
        "consultations.view_failedcheck",
        "exchange.view_profilereport",
        "exchange.change_profilereport",
    },
    Role.MODERATOR: {
        "exchange.view_submission",
        "exchange.change_submission",
        "exchange.view_report",
        "exchange.change_report",
        "exchange.view_profilereport",
        "exchange.change_profilereport",
        "exchange.view_answertemplate",
        "exchange.add_answertemplate",
        "exchange.change_answertemplate",
    },
    Role.SUPPORT: {
        "accounts.view_user",
        "accounts.remove_second_step",
        "consultations.view_booking",
        "exchange.view_objection",
        "exchange.change_objection",
        "exchange.view_contact",
        "exchange.change_contact",
        "exchange.view_answertemplate",
        "exchange.add_answertemplate",
        "exchange.change_answertemplate",
        "exchange.delete_answertemplate",
    },
    Role.EDITOR: {
        "guide.view_prompt",
        "guide.add_prompt",
        "guide.change_prompt",
        "guide.delete_prompt",
        "reflect.view_helplinerecord",
        "reflect.change_helplinerecord",
        "reflect.view_banner",
        "reflect.add_banner",
        "reflect.change_banner",
        "reflect.delete_banner",
    },
}

# What each role is for, in words for whoever gives it.
ABOUT: Mapping[Role, Any] = {
    Role.VERIFIER: _("Checks specialists against their registers, and sends back, hides or suspends their profiles."),
    Role.MODERATOR: _(
        "Reads questions before members do, and the conversations and profiles that are reported; passes on to owners "
        "what needs more."
    ),
    Role.SUPPORT: _(
        "Answers messages to the site, settles objections about meetings, finds accounts by their address, and "
        "removes a second step that a member or specialist has lost."
    ),
    Role.EDITOR: _("Looks after the prompts, the helplines and the banners."),
    Role.OWNER: _("Sees and changes everything here, and gives and takes roles."),
}


def holds(role: Role) -> Q:
    """Condition that an account holds a role itself; owners hold no other by being owners."""
    return Q(is_superuser=True) if role is Role.OWNER else Q(groups__name=role)


def holders(role: Role) -> QuerySet[User]:
    """Staff who do the work of a role, owners among them, in the order of their addresses."""
    found = User.objects.filter(holds(role) | holds(Role.OWNER), is_active=True, is_staff=True)
    return found.order_by("email").distinct()


def roles_of(user: User) -> list[Role]:
    """The roles that somebody holds, in the order of `Role`."""
    names = {group.name for group in user.groups.all()} | ({Role.OWNER} if user.is_superuser else set())
    return [role for role in Role if role in names]


def give(user: User, role: Role) -> None:
    """Make somebody staff with a role. Asks nothing and tells nobody: `role_changes.py` does."""
    user.is_staff, user.is_superuser = True, user.is_superuser or role is Role.OWNER
    user.save(update_fields=["is_staff", "is_superuser"])
    if role is not Role.OWNER:
        user.groups.add(Group.objects.get(name=role))


def take(user: User, role: Role) -> None:
    """Take a role. With the last one goes every other right that the account may have been given by hand."""
    if role is Role.OWNER:
        user.is_superuser = False
    else:
        user.groups.remove(Group.objects.get(name=role))
    user.is_staff = bool(roles_of(user))
    if not user.is_staff:
        user.groups.clear()
        user.user_permissions.clear()
    user.save(update_fields=["is_staff", "is_superuser"])


def make_groups(using: str, **_: Any) -> None:
    """Set each group's permissions to those of the table (receiver of `post_migrate`)."""
    for label in sorted({right.partition(".")[0] for right in chain(*MAY.values())}):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)  # Django's receiver may come later
    known = {right_of(one): one for one in Permission.objects.using(using).select_related("content_type")}
    for role, rights in MAY.items():
        group, _created = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(known[right] for right in rights if right in known)


def right_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"
