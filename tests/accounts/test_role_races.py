"""Owners who act at the same moment, over real connections."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from accounts import role_changes, services
from accounts.models import User
from accounts.role_changes import CannotChange, give_role, take_role
from accounts.roles import Role
from tests.accounts import factors
from tests.consultations.racing import at_once
from tests.staff import staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def tried(act: Callable[..., None], **what: object) -> bool:
    """Whether it was done, rather than refused."""
    try:
        act(**what)
    except (CannotChange, services.IsStaff):
        return False
    return True


@pytest.mark.parametrize("_round", range(5))
def test_two_owners_who_remove_each_other_leave_one(_round: int) -> None:
    dana, boss = (staff(f"{name}@example.org", Role.OWNER) for name in ("dana", "boss"))
    done = at_once(
        partial(tried, take_role, person_id=boss.pk, role=Role.OWNER, by=dana.pk, now=NOW),
        partial(tried, take_role, person_id=dana.pk, role=Role.OWNER, by=boss.pk, now=NOW),
    )
    assert done.count(True) == done.count(False) == 1
    assert role_changes.owners().count() == 1


def test_two_owners_who_both_leave_do_not_both_go() -> None:
    owners = [staff(f"{name}@example.org", Role.OWNER) for name in ("dana", "boss")]
    done = at_once(
        *(partial(tried, take_role, person_id=one.pk, role=Role.OWNER, by=one.pk, now=NOW) for one in owners)
    )
    assert done.count(True) == done.count(False) == 1
    assert role_changes.owners().count() == 1


def test_nobody_is_shut_out_while_they_get_a_role() -> None:
    dana = staff("dana@example.org", Role.OWNER)
    zoe = User.objects.create_user("zoe@example.org")
    factors.add_app(zoe)
    done = at_once(
        partial(tried, give_role, person_id=zoe.pk, role=Role.EDITOR, by=dana.pk, now=NOW),
        partial(tried, services.shut_out, user_id=zoe.pk, now=NOW),
    )
    assert done.count(True) == done.count(False) == 1
    zoe.refresh_from_db()
    assert zoe.is_active == zoe.is_staff
