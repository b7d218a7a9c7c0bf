"""What staff do to helplines and banners. Each change is published by a job that belongs to its transaction."""

from datetime import date
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from accounts.models import User
from reflect.helplines import Helpline, is_kept, shipped
from reflect.models import Banner, HelplineRecord

PUBLISH, PUBLISH_BANNERS = "reflect.tasks.publish_helplines", "reflect.tasks.publish_banners"


class Kept(Exception):
    """The line may not be hidden."""


def record_check(*, line: Helpline, staff: User, today: date) -> HelplineRecord:
    """Record that a line was checked, as it stands in the file now."""
    return record(line, checked_on=today, checked_by=staff, checked_as=line.facts)


def take_back_check(*, line: Helpline) -> HelplineRecord:
    return record(line, checked_on=None, checked_by=None, checked_as="")


@transaction.atomic
def hide(*, line: Helpline) -> HelplineRecord:
    """Take a line off the help page. Raises Kept for emergency numbers, and for the last line of a list."""
    rows = HelplineRecord.objects.select_for_update().order_by("pk")
    if is_kept(line, shipped(), {row.key for row in rows if row.hidden}):
        raise Kept
    return record(line, hidden=True)


def show(*, line: Helpline) -> HelplineRecord:
    return record(line, hidden=False)


@transaction.atomic
def record(line: Helpline, **changes: Any) -> HelplineRecord:
    row, _created = HelplineRecord.objects.update_or_create(key=line.key, defaults=changes)
    app.configure_task(PUBLISH).defer()
    return row


@transaction.atomic
def save_banner(banner: Banner) -> None:
    banner.save()
    app.configure_task(PUBLISH_BANNERS).defer()


@transaction.atomic
def delete_banner(banner: Banner) -> None:
    banner.delete()
    app.configure_task(PUBLISH_BANNERS).defer()
