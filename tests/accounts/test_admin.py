"""The administration sees that accounts exist, and nothing of their people."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts import second_factor, services
from accounts.models import Consent, DataKey, User
from accounts.roles import Role
from accounts.self_document import change
from tests.accounts import factors
from tests.conftest import AsUser, show_second_factor
from tests.staff import staff

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


def confirm(user: User, change: str) -> str:
    return reverse("admin:accounts_user_confirm", args=[user.pk, change])


def again(as_user: AsUser, user: User) -> Client:
    """Somebody who has just shown anew who they are."""
    client = as_user(user)
    show_second_factor(client, user, again=True)
    return client


def test_an_account_is_shut_out_and_let_in_again(as_user: AsUser, dana: User, ana: User) -> None:
    anas = Client()
    anas.post(reverse("account_login"), {"login": ana.email, "password": factors.PASSWORD})
    assert anas.get(reverse("settings")).status_code == 200
    client = again(as_user, dana)
    assert client.post(confirm(ana, "shut-out")).status_code == 302
    assert not User.objects.get(pk=ana.pk).is_active
    assert client.post(confirm(ana, "let-in")).status_code == 302
    assert User.objects.get(pk=ana.pk).is_active
    assert anas.get(reverse("settings")).status_code == 302  # a session from before does not come back to life
    assert client.post(confirm(ana, "let-in")).status_code == 302


def test_whoever_has_a_role_is_not_shut_out(as_user: AsUser, dana: User) -> None:
    """They would lose the eyes that watch them: first the role is taken, which all owners are told."""
    sam, boss = staff("sam@example.org", Role.SUPPORT), staff("boss@example.org", Role.OWNER)
    client = again(as_user, dana)
    for user in (sam, boss):
        assert client.post(confirm(user, "shut-out")).status_code == 302
        with pytest.raises(services.IsStaff):
            services.shut_out(user_id=user.pk, now=timezone.now())
    assert client.post(confirm(dana, "shut-out")).status_code == 403
    assert User.objects.filter(is_active=True).count() == 3


def test_support_removes_the_second_step_of_members_alone(as_user: AsUser, dana: User, ana: User, cole: User) -> None:
    sam, other = staff("sam@example.org", Role.SUPPORT), staff("other@example.org", Role.SUPPORT)
    for user in (ana, cole, dana, sam, other):
        factors.add_app(user)
    client = again(as_user, sam)
    for user, status in ((ana, 302), (cole, 302), (dana, 403), (other, 403), (sam, 403)):
        assert client.post(confirm(user, "second-step")).status_code == status
        assert second_factor.is_set_up(user) == (status == 403)
    for name in ("shut-out", "let-in"):
        assert client.post(confirm(ana, name)).status_code == 403
    client = again(as_user, dana)
    assert client.post(confirm(dana, "second-step")).status_code == 403
    assert client.post(confirm(other, "second-step")).status_code == 302


def test_support_finds_an_account_by_its_whole_address_alone(as_user: AsUser, ana: User, ben: User) -> None:
    client = as_user(staff("sam@example.org", Role.SUPPORT))
    page = reverse("admin:accounts_user_changelist")
    for term, found in (("", False), ("ana@", False), ("example.org", False), (" ANA@example.org", True)):
        shown = client.get(page, {"q": term})
        assert shown.status_code == 200
        assert (f"/{ana.pk}/" in shown.text) == found
        assert f"/{ben.pk}/" not in shown.text


def test_every_change_of_an_account_asks_who_it_is(as_user: AsUser, dana: User, ana: User) -> None:
    client = as_user(dana)
    asked = client.get(confirm(ana, "shut-out"))
    assert asked["Location"].startswith((reverse("account_reauthenticate"), reverse("mfa_reauthenticate")))
    assertRedirects(client.post(confirm(ana, "shut-out")), confirm(ana, "shut-out"), fetch_redirect_response=False)
    ana.refresh_from_db()
    assert ana.is_active


@pytest.mark.parametrize("page", ["add", "delete"])
def test_accounts_are_neither_made_nor_deleted_here(as_user: AsUser, dana: User, ana: User, page: str) -> None:
    args = [ana.pk] if page == "delete" else []
    assert as_user(dana).post(reverse(f"admin:accounts_user_{page}", args=args)).status_code == 403
    assert User.objects.count() == 2
