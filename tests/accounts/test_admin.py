"""The administration sees that accounts exist, and nothing of their people."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from accounts.models import Consent, DataKey, User
from accounts.self_document import change
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db


def test_log_in_goes_through_ours(client: Client) -> None:
    answer = client.get(reverse("admin:login"))
    assertRedirects(answer, f"{reverse('account_login')}?next={reverse('admin:login')}", fetch_redirect_response=False)


def test_members_do_not_get_in(as_user: AsUser, ana: User, cole: User) -> None:
    for person in (ana, cole):
        client = as_user(person)
        assert client.get(reverse("admin:login")).status_code == 403
        assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302


@pytest.mark.parametrize("model", [Group, EmailAddress, Authenticator, UserSession, Session, DataKey, Consent])
def test_secrets_and_ledgers_have_no_page(model: type[Model]) -> None:
    assert not admin.site.is_registered(model)


def test_accounts_are_found_by_address(as_user: AsUser, dana: User, ana: User, ben: User) -> None:
    page = as_user(dana).get(reverse("admin:accounts_user_changelist"), {"q": "ana@"})
    assert ana.email in page.text
    assert ben.email not in page.text


def test_page_of_an_account_shows_nothing_that_was_written(as_user: AsUser, dana: User, ana: User) -> None:
    change(ana, name="Ani")
    page = as_user(dana).get(reverse("admin:accounts_user_change", args=[ana.pk]))
    assert page.status_code == 200
    for hidden in ("Ani", "sealed_self", "md5$", "gentle", "exit_destination"):
        assert hidden not in page.text


def test_role_is_changed_by_a_superuser(as_user: AsUser, dana: User, ana: User) -> None:
    change = reverse("admin:accounts_user_change", args=[ana.pk])
    as_user(dana).post(change, {"is_active": "on", "is_specialist": "on"})
    ana.refresh_from_db()
    assert (ana.is_active, ana.is_specialist, ana.is_staff) == (True, True, False)


def test_staff_shut_out_members_but_no_staff(as_user: AsUser, dana: User, ana: User) -> None:
    boss = User.objects.create_superuser("boss@example.org", "look-at-the-balance")
    User.objects.filter(pk=dana.pk).update(is_superuser=False)
    dana.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    for user in (ana, boss):
        as_user(dana).post(reverse("admin:accounts_user_change", args=[user.pk]), {})
    ana.refresh_from_db()
    boss.refresh_from_db()
    assert (ana.is_active, boss.is_active) == (False, True)


def test_nobody_changes_their_own_role(as_user: AsUser, dana: User) -> None:
    as_user(dana).post(reverse("admin:accounts_user_change", args=[dana.pk]), {})
    dana.refresh_from_db()
    assert dana.is_active
    assert dana.is_staff


@pytest.mark.parametrize("page", ["add", "delete"])
def test_accounts_are_neither_made_nor_deleted_here(as_user: AsUser, dana: User, ana: User, page: str) -> None:
    args = [ana.pk] if page == "delete" else []
    assert as_user(dana).post(reverse(f"admin:accounts_user_{page}", args=args)).status_code == 403
    assert User.objects.count() == 2
