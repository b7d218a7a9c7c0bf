"""The admin counts entries, shows none of them, and has no page for a table of sealed text."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.privacy import Category, registry
from consultations.models import Booking, Specialist
from exchange.models import Contact, ProfileReport, Report, Submission
from journal.content import Content
from journal.models import Entry
from reflect.daily_figures import count
from tests.conftest import AsUser
from tests.journal.written import NOW, written

pytestmark = pytest.mark.django_db


def test_no_page_holds_sealed_words(dana: User) -> None:
    """Of all models with people's words, only these have admin pages, and no sealed column is shown: the words of a
    contact, a report and a question are for staff, and opened one at a time (`tests/exchange/test_admin.py`).
    """
    for_staff = {Booking, Contact, ProfileReport, Report, Specialist, Submission}
    request = HttpRequest()
    request.user = dana
    for model, page in admin.site._registry.items():
        table = model._meta.concrete_model or model
        assert registry.declarations[table].category is not Category.WORDS or table in for_staff
        assert model._meta.app_label != "journal"
        shown = {*map(str, page.list_display), *flatten_fieldsets(page.get_fieldsets(request))}
        assert not {name for name in shown if "sealed" in name}, model


@pytest.mark.time_machine(NOW + timedelta(days=1), tick=False)
def test_only_numbers_are_shown(as_user: AsUser, ana: User, ben: User, dana: User) -> None:
    content = Content(texts=("A marked text.",), tags=("marked-tag",))
    for owner, at in ((ana, NOW), (ana, NOW), (ben, NOW), (ana, NOW - timedelta(days=40))):
        written(owner, at=at, content=content)
    for days in range(70, -1, -7):
        count(now=NOW + timedelta(days=1 - days))
    client = as_user(dana)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("journal_counts"))
    assert not [one for one in asked if "journal_entry" in one["sql"]]  # however many there are
    assert '<th scope="row">March 2026</th><td>3</td><td>2</td>' in page.text
    assert '<th scope="row">January 2026</th><td>1</td><td>1</td>' in page.text
    for hidden in ("marked", '<form method="post" action="/admin/journal'):
        assert hidden not in page.text
    Entry.objects.all().delete()
    assert "<td>3</td><td>2</td>" in client.get(reverse("journal_counts")).text  # as the night found it
    assert client.post(reverse("journal_counts")).status_code == 405
    assert reverse("journal_counts") in client.get(reverse("admin:index")).text
