"""Notices that are written and opened at the same moment over real connections: the count is that of the rows."""

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from accounts.models import Mail, Notice, Unread, User
from accounts.notices import Kind, notify, open_all, open_notice
from accounts.self_document import change
from accounts.services import erase_account
from tests.consultations.cast import NOW
from tests.consultations.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


def writes(owner: User, target: UUID) -> Callable[[], None]:
    return partial(notify, owner=User.objects.get(pk=owner.pk), kind=Kind.MESSAGE, target=target, now=NOW)


def opens(owner: User, notice: Notice) -> Callable[[], None]:
    return partial(open_notice, owner=owner, notice_id=notice.pk, now=NOW)


def assert_counted(owner: User, new: int | None = None) -> None:
    rows = Notice.objects.visible_to(owner).new().count()
    assert Unread.objects.get(owner=owner).notices == rows
    assert new is None or rows == new


def test_many_write_to_one_person_for_the_first_time(ana: User) -> None:
    assert at_once(*(writes(ana, uuid4()) for _ in range(MANY))) == [None] * MANY
    assert_counted(ana, MANY)


def test_many_write_about_one_thing_and_one_mail_goes(ana: User) -> None:
    with transaction.atomic():
        change(ana, mail_is_safe=True)
    target = uuid4()
    assert at_once(*(writes(ana, target) for _ in range(MANY))) == [None] * MANY
    assert_counted(ana, 1)
    assert Mail.objects.count() == 1


def test_one_opens_while_others_write(ana: User) -> None:
    target = uuid4()
    writes(ana, target)()
    notice = Notice.objects.get()
    for _ in range(5):
        at_once(
            opens(ana, notice),
            writes(ana, target),
            writes(ana, uuid4()),
            partial(open_all, owner=ana, until=NOW, now=NOW),
        )
        assert_counted(ana)


def test_a_double_open_counts_once(ana: User) -> None:
    for target in (uuid4(), uuid4()):
        writes(ana, target)()
    notice = Notice.objects.all()[0]
    at_once(*[opens(ana, notice)] * MANY)
    assert_counted(ana, 1)


def test_an_account_that_goes_takes_what_is_just_written(ana: User) -> None:
    writes(ana, uuid4())()
    [erased, *_] = at_once(partial(erase_account, owner=ana, now=NOW), partial(outcome, writes(ana, uuid4())))
    assert erased is None
    assert not Notice.objects.exists()
    assert not Unread.objects.exists()


def outcome(call: Callable[[], None]) -> str:
    try:
        call()
    except Exception as error:  # the account is gone
        return type(error).__name__
    return ""
