"""Roles: what each may do, and that nothing but the table gives a right."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import roles
from accounts.models import User
from accounts.roles import ABOUT, MAY, Role, right_of
from tests.staff import staff

pytestmark = pytest.mark.django_db


def rights(name: str) -> set[str]:
    held = Group.objects.get(name=name).permissions.select_related("content_type")
    return {right_of(one) for one in held}


def test_each_group_has_the_rights_of_its_role_whatever_there_was() -> None:
    Group.objects.get(name=Role.EDITOR).delete()
    Group.objects.get(name=Role.SUPPORT).permissions.add(*Permission.objects.all())
    for _run in range(2):
        call_command("migrate", verbosity=0)
    for role, may in MAY.items():
        assert rights(role) == set(may)
    assert {*Group.objects.values_list("name", flat=True)} == set(Role) - {Role.OWNER}


def test_every_role_is_described() -> None:
    assert set(ABOUT) == set(Role) == {*MAY, Role.OWNER}


def test_no_role_but_the_owners_adds_accounts_or_reads_what_another_role_reads() -> None:
    words = {"exchange.view_contact", "exchange.view_submission", "exchange.view_report"}
    reading = {role: words & set(may) for role, may in MAY.items()}
    assert reading[Role.VERIFIER] == reading[Role.EDITOR] == set()
    assert not reading[Role.SUPPORT] & reading[Role.MODERATOR]
    for may in MAY.values():
        assert not {one for one in may if one.startswith(("auth.", "admin.", "sessions.", "accounts.change"))}


def test_every_right_is_of_a_page_in_the_administration() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    for may in MAY.values():
        for right in may - {"accounts.remove_second_step"}:
            label, _, codename = right.partition(".")
            assert f"{label}.{codename.partition('_')[2]}" in registered


def test_roles_add_up_and_the_last_one_taken_leaves_nothing() -> None:
    sam = staff("sam@example.org", Role.SUPPORT, Role.EDITOR)
    sam.user_permissions.add(Permission.objects.get(codename="change_specialist"))
    assert roles.roles_of(sam) == [Role.SUPPORT, Role.EDITOR]
    fresh = User.objects.get(pk=sam.pk)
    assert fresh.has_perm("exchange.view_contact")
    assert fresh.has_perm("guide.change_prompt")
    roles.take(sam, Role.SUPPORT)
    fresh = User.objects.get(pk=sam.pk)
    assert fresh.is_staff
    assert not fresh.has_perm("exchange.view_contact")
    roles.take(sam, Role.EDITOR)
    fresh = User.objects.get(pk=sam.pk)
    assert not fresh.is_staff
    assert fresh.get_all_permissions() == set()


def test_an_owner_holds_no_other_role_by_being_one(dana: User) -> None:
    assert roles.roles_of(dana) == [Role.OWNER]
    assert [*roles.holders(Role.VERIFIER)] == [dana]
    roles.take(dana, Role.OWNER)
    assert not User.objects.get(pk=dana.pk).is_staff
