"""Giving and taking roles: by owners alone, who show anew who they are, and with everybody told."""

import time
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import role_changes, roles
from accounts.erasure import ask_to_close
from accounts.models import StaffAction, User
from accounts.role_changes import CannotChange, give_role, take_role
from accounts.roles import Role
from tests.accounts import factors
from tests.conftest import AsUser, show_second_factor, with_confirmed_address
from tests.html import assert_valid_html, text_of
from tests.outbox import mailed
from tests.staff import staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
ROLES = reverse("admin:accounts_staff_changelist")
NEEDED = "not set up; needed before a role is given"


@pytest.fixture
def boss(db: None) -> User:
    """Another owner."""
    return staff("boss@example.org", Role.OWNER)


@pytest.fixture
def zoe(db: None) -> User:
    """A member who is to get a role: she has a second step."""
    zoe = with_confirmed_address(User.objects.create_user("zoe@example.org", factors.PASSWORD))
    factors.add_app(zoe)
    return zoe


def confirm(user: User, change: str) -> str:
    return reverse("admin:accounts_staff_confirm", args=[user.pk, change])


def words(page: str) -> str:
    return " ".join(text_of(assert_valid_html(page)).split())


def held_by(user: User) -> list[Role]:
    return roles.roles_of(User.objects.get(pk=user.pk))


@pytest.fixture
def danas(dana: User, as_user: AsUser) -> Client:
    """Dana has just shown anew who she is."""
    client = as_user(dana)
    show_second_factor(client, dana, again=True)
    return client


def test_a_role_is_given_and_taken_logged_and_told(danas: Client, dana: User, boss: User, zoe: User) -> None:
    zoes = Client()
    zoes.post(reverse("account_login"), {"login": zoe.email, "password": factors.PASSWORD})
    zoes.post(reverse("mfa_authenticate"), {"code": factors.code_from_app()})
    assert zoes.get(reverse("settings")).status_code == 200
    page = danas.get(confirm(zoe, "give-moderator"))
    asked = words(page.text)
    assert "zoe@example.org gets this role: Moderator. What they may do then Moderator Reads questions" in asked
    assert "They are signed out everywhere. They and all owners are told by e-mail." in asked
    assert held_by(zoe) == []
    assert danas.post(confirm(zoe, "give-moderator")).status_code == 302
    assert held_by(zoe) == [Role.MODERATOR]
    assert zoes.get(reverse("settings")).status_code == 302  # signed out
    assert [*StaffAction.objects.filter(kind="role").values_list("staff", "row", "said")] == [
        (dana.pk, str(zoe.pk), "Role given: Moderator.")
    ]
    told = {letter.to[0]: letter for letter in mailed()}
    assert set(told) == {dana.email, boss.email, zoe.email}
    assert "You were given a role: Moderator." in told[zoe.email].body
    assert "Somebody was given a role: Moderator." in told[boss.email].body
    assert "zoe" not in str(told[boss.email].body) + str(told[dana.email].body)
    assert danas.post(confirm(zoe, "give-moderator")).status_code == 302
    assert danas.post(confirm(zoe, "take-moderator")).status_code == 302
    assert held_by(zoe) == []
    assert not User.objects.get(pk=zoe.pk).is_staff
    assert "A role was taken from you: Moderator." in str(
        [letter.body for letter in mailed() if letter.to == [zoe.email]]
    )


def test_the_page_says_what_is_left_when_a_role_is_taken(danas: Client, zoe: User) -> None:
    for role in (Role.SUPPORT, Role.EDITOR):
        roles.give(zoe, role)
    asked = words(danas.get(confirm(zoe, "take-support")).text)
    assert "zoe@example.org loses this role: Support. What they may do then Editor Looks after the prompts" in asked
    assert "Answers messages to the site" not in asked
    roles.take(zoe, Role.SUPPORT)
    assert "They have no role then" in words(danas.get(confirm(zoe, "take-editor")).text)


def test_a_second_press_says_that_it_is_done(danas: Client, zoe: User) -> None:
    danas.post(confirm(zoe, "give-moderator"))
    for ask in (danas.post, danas.get):  # the button again, and Back
        page = ask(confirm(zoe, "give-moderator"), follow=True)
        assert page.redirect_chain == [(reverse("admin:accounts_staff_change", args=[zoe.pk]), 302)]
        assert "This has been done already" in page.text
    assert len([letter for letter in mailed() if letter.to == [zoe.email]]) == 1


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(("left", "page"), [(Role.EDITOR, "admin:index"), (None, "today")])
def test_whoever_takes_their_own_role_goes_on_where_they_may_be(
    danas: Client, dana: User, left: Role | None, page: str
) -> None:
    if left:
        roles.give(dana, left)
    asked = words(danas.get(confirm(dana, "take-owner")).text)
    assert "This is your own account. You stay signed in." in asked
    assert danas.post(confirm(dana, "take-owner"))["Location"] == reverse(page)
    assert danas.get(reverse(page)).status_code == 200


def test_the_list_has_whoever_has_a_role_and_anybody_else_by_their_whole_address(
    danas: Client, boss: User, zoe: User, ana: User, settings: Settings
) -> None:
    shown = text_of(assert_valid_html(danas.get(ROLES).text))
    assert boss.email in shown
    assert zoe.email not in shown
    assert zoe.email not in danas.get(ROLES, {"q": "zoe"}).text
    found = danas.get(ROLES, {"q": "zoe@example.org"}).text
    assert reverse("admin:accounts_staff_change", args=[zoe.pk]) in found
    for is_demo, words in ((True, "not set up; the demo asks nobody for one"), (False, NEEDED)):
        settings.DEMO = is_demo
        found = danas.get(ROLES, {"q": ana.email}).text
        assert words in found
        assert (NEEDED in found) is not is_demo


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_nobody_but_an_owner_gets_near(as_user: AsUser, zoe: User, dana: User, role: Role) -> None:
    other = staff("other@example.org", role)
    client = as_user(other)
    show_second_factor(client, other, again=True)
    for address in (ROLES, *(confirm(who, "give-owner") for who in (zoe, other)), confirm(dana, "take-owner")):
        refused = client.get(address)
        assert refused.status_code == 403
        assert f'href="{reverse("admin:index")}"' in refused.text  # the way on
        assert client.post(address).status_code == 403
    with pytest.raises(CannotChange):
        give_role(person_id=zoe.pk, role=Role.OWNER, by=other.pk, now=NOW)
    assert (held_by(other), held_by(zoe), held_by(dana)) == ([role], [], [Role.OWNER])


def test_a_session_alone_is_not_enough(as_user: AsUser, dana: User, zoe: User) -> None:
    """Neither is the password, where there is a second step, nor what was shown a while ago."""
    factors.add_app(dana)
    client = as_user(dana)
    asked = client.get(confirm(zoe, "give-owner"))
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": factors.PASSWORD})
    assert client.post(confirm(zoe, "give-owner"))["Location"] == confirm(zoe, "give-owner")
    assert client.get(confirm(zoe, "give-owner")).status_code == 302
    show_second_factor(client, dana, again=True)
    session = client.session
    session["account_authentication_methods"][-1]["at"] = time.time() - 301
    session.save()
    assert client.post(confirm(zoe, "give-owner"))["Location"] == confirm(zoe, "give-owner")
    assert held_by(zoe) == []


def test_a_role_needs_a_second_step_and_an_account_in_use(
    danas: Client, dana: User, ana: User, zoe: User, settings: Settings
) -> None:
    """Whoever knows the password would set up a second step of their own, and have the role."""
    settings.DEMO = False
    assert danas.post(confirm(ana, "give-editor")).status_code == 302
    ask_to_close(owner=zoe, now=NOW)
    assert danas.post(confirm(zoe, "give-editor")).status_code == 302
    with pytest.raises(CannotChange):
        give_role(person_id=ana.pk, role=Role.EDITOR, by=dana.pk, now=NOW)
    assert (held_by(ana), held_by(zoe)) == ([], [])


def test_the_last_owner_stays_one(danas: Client, dana: User, boss: User) -> None:
    User.objects.filter(pk=boss.pk).update(is_active=False)
    assert danas.post(confirm(dana, "take-owner")).status_code == 302
    with pytest.raises(CannotChange):
        take_role(person_id=dana.pk, role=Role.OWNER, by=dana.pk, now=NOW)
    User.objects.filter(pk=boss.pk).update(is_active=True)
    assert danas.post(confirm(dana, "take-owner")).status_code == 302
    assert held_by(dana) == []
    assert danas.get(ROLES).status_code == 302
    with pytest.raises(CannotChange):
        give_role(person_id=dana.pk, role=Role.OWNER, by=dana.pk, now=NOW)


def test_an_owner_who_was_one_is_told_as_well(dana: User, boss: User) -> None:
    take_role(person_id=boss.pk, role=Role.OWNER, by=dana.pk, now=NOW)
    assert {letter.to[0]: "from you" in str(letter.body) for letter in mailed()} == {
        dana.email: False,
        boss.email: True,
    }


def test_what_is_taken_is_gone_at_the_next_page(as_user: AsUser, dana: User) -> None:
    sam = staff("sam@example.org", Role.SUPPORT, Role.EDITOR)
    client = as_user(sam)
    inbox = reverse("admin:exchange_contact_changelist")
    assert client.get(inbox).status_code == 200
    roles.take(sam, Role.SUPPORT)
    assert client.get(inbox).status_code == 403
    roles.take(sam, Role.EDITOR)
    assert client.get(inbox).status_code == 302


def test_every_owner_counts(dana: User, boss: User) -> None:
    assert [*role_changes.owners().order_by("email")] == [boss, dana]


@pytest.mark.parametrize("page", ["data_delete", "data_delete_now"])
def test_the_last_owner_does_not_leave_by_deleting_their_account(
    danas: Client, dana: User, boss: User, page: str
) -> None:
    ask_to_close(owner=boss, now=NOW)
    answer = danas.post(reverse(page), follow=True)
    assert "You are the only owner of this site." in answer.text
    dana.refresh_from_db()
    assert dana.closes_at is None
    assert danas.post(confirm(dana, "take-owner")).status_code == 302
    User.objects.filter(pk=boss.pk).update(closes_at=None)
    danas.post(reverse(page))
    assert not User.objects.filter(pk=dana.pk, closes_at=None).exists()
