"""The database has no room, or has stopped: whoever was writing gets their words back, and can send them again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone

from accounts.models import User
from consultations.models import Booking
from journal.models import Entry
from reflect.views import failure
from tests.conftest import AsUser
from tests.consultations.cast import posted, slot, verified
from tests.html import assert_valid_html
from tests.journal.test_writing import NEW, opened, texts

WORDS = "\n  A line.\n\n<b>Another</b>, & “more”."
FULL = """
CREATE OR REPLACE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table}
WHEN (current_setting('reflect.disk') = 'full') EXECUTE FUNCTION pg_temp.refuse();
"""


def disk(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reflect.disk', %s, false)", [state])


@pytest.fixture
def full_disk(db: None) -> None:
    """Nothing more can be written into the two tables of what people write."""
    disk("full")
    with connection.cursor() as cursor:
        for table in (Entry._meta.db_table, Booking._meta.db_table):
            cursor.execute(FULL.format(table=table))


def given_back(answer: Any) -> dict[str, list[str]]:
    """The fields of the form that sends it again, as a browser would read them."""
    root = assert_valid_html(answer.content)
    [form] = root.iter("form")
    assert form.get("method") == "post"
    fields: dict[str, list[str]] = {}
    for field in form.iter():
        if field.tag in {"input", "textarea"}:
            value = field.get("value") if field.tag == "input" else field.text
            fields.setdefault(field.get("name", ""), []).append(value or "")
    return fields


@pytest.mark.usefixtures("full_disk")
def test_words_come_back_from_a_full_disk_and_are_sent_again(as_user: AsUser, ana: User) -> None:
    as_user(ana)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(ana)
    written = {"text_0": WORDS, "feelings": ["calm", "tired"], "day": "2026-02-01", "time": "21:15"}
    answer = client.post(NEW, opened(client) | written)
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "What you sent is still on this page." in answer.content.decode()
    assert "unpost.js" in answer.content.decode()
    fields = given_back(answer)
    assert fields["text_0"] == [WORDS]
    assert fields["feelings"] == ["calm", "tired"]
    assert not Entry.objects.exists()
    disk("free")
    assert client.post(NEW, fields).status_code == 302
    assert texts(ana) == [(WORDS,)]


@pytest.mark.usefixtures("full_disk")
def test_a_note_comes_back_from_a_full_disk(as_user: AsUser, ana: User, cole: User) -> None:
    free = slot(verified(cole), timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3))
    client = as_user(ana)
    client.raise_request_exception = False
    fields = given_back(client.post(f"/specialists/{free.specialist.slug}/book/", posted(ana, free)))
    assert fields["note"] == ["marker words"]
    assert "csrfmiddlewaretoken" in fields


@pytest.mark.usefixtures("stopped_database")
def test_words_come_back_from_a_stopped_database(client: Client) -> None:
    client.raise_request_exception = False
    client.cookies["sessionid"] = "a" * 32
    assert given_back(client.post(NEW, {"text_0": WORDS}))["text_0"] == [WORDS]


@pytest.mark.usefixtures("stopped_database")
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_has_posted_is_not_given_back(client: Client, site: str) -> None:
    client.raise_request_exception = False
    client.cookies["sessionid"] = "a" * 32
    answer = client.post(NEW, {"text_0": WORDS}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 500
    assert "Another" not in answer.content.decode()


@pytest.mark.usefixtures("stopped_database")
def test_a_password_is_never_given_back(client: Client) -> None:
    client.raise_request_exception = False
    client.cookies["sessionid"] = "a" * 32
    answer = client.post("/accounts/login/", {"login": "ana@example.org", "password": "a secret one"})
    assert answer.status_code == 500
    assert "a secret one" not in answer.content.decode()


def test_nobody_else_is_shown_the_words(rf: RequestFactory, ana: User, ben: User) -> None:
    for who, shown in ((ana, True), (ben, False)):
        request = rf.post(NEW, {"text_0": WORDS, "writer": str(ana.pk)})
        request.resolver_match = resolve(NEW)
        request._cached_user = who  # type: ignore[attr-defined]
        assert ("Another" in failure(request).content.decode()) is shown
