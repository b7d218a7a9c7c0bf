"""Forms of the administration in which several people edit one row: nobody overwrites unseen what another has saved."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exchange.models import AnswerTemplate
from guide.models import Prompt
from lib.admin import ReadOnlyAdmin
from lib.edits import EditForm
from reflect.models import Banner
from tests.answered import NOW
from tests.conftest import AsUser
from tests.html import assert_valid_html, parse, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def rows() -> dict[str, tuple[Model, dict[str, Any]]]:
    """By the field that is changed: a row, and what its form holds."""
    times = {"starts_at": "2026-11-23T09:00", "ends_at": "2026-11-24T09:00"}
    prompt = {"theme": "balance", "why": "To rest.", "minutes": "5", "order": "0", "published": "on"}
    return {
        "title": (
            Prompt.objects.create(key="walk", title="First", steps=["a"], **{**prompt, "published": True}),
            {**prompt, "steps": "a"},
        ),
        "text": (
            Banner.objects.create(text="First", level="note", **{name: f"{at}Z" for name, at in times.items()}),
            {"level": "note", **times},
        ),
        "title of an answer": (AnswerTemplate.objects.create(title="First", text="x"), {"text": "x"}),
    }


@pytest.mark.parametrize("which", ["title", "text", "title of an answer"])
def test_an_older_page_overwrites_nothing_unseen(as_user: AsUser, dana: User, which: str) -> None:
    row, fields = rows()[which]
    name = which.partition(" ")[0]
    page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def seen(text: str) -> str:
        [one] = [one for one in parse(text).iter("input") if one.get("name") == "seen"]
        return one.get("value", "")

    def held() -> str:
        row.refresh_from_db()
        return str(getattr(row, name))

    client: Client = as_user(dana)
    older = {"seen": seen(client.get(page).text)}
    assert client.post(page, fields | older | {name: "Second"}).status_code == 302
    refused = client.post(page, fields | older | {name: "Third"})
    assert "Somebody else has saved this meanwhile." in text_of(assert_valid_html(refused.content))
    assert "Third" in refused.text
    assert held() == "Second"
    assert client.post(page, fields | {"seen": seen(refused.text), name: "Third"}).status_code == 302
    assert held() == "Third"


def test_every_row_that_is_edited_has_such_a_form() -> None:
    edited = [one for one in admin.site._registry.values() if not isinstance(one, ReadOnlyAdmin)]
    assert {one.model for one in edited} >= {Prompt, Banner, AnswerTemplate}
    assert [one for one in edited if not issubclass(one.form, EditForm)] == []
