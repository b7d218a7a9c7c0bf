"""What a moderator does in the administration, as tests need it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from exchange.models import Submission
from tests.html import assert_valid_html, parse, text_of


def page_of(row: Submission) -> str:
    return reverse("admin:exchange_submission_change", args=[row.pk])


def confirm(row: Submission, change: str) -> str:
    return reverse("admin:exchange_submission_confirm", args=[row.pk, change])


def seen(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return text_of(assert_valid_html(response.content))


def hidden(response: Any) -> dict[str, str]:
    """The hidden fields of the page's form."""
    fields = {
        one.get("name", ""): one.get("value", "")
        for one in parse(response.text).iter("input")
        if one.get("type") == "hidden"
    }
    del fields["csrfmiddlewaretoken"]
    return fields


def decide(client: Client, row: Submission, change: str, **values: str) -> Any:
    """Open the page of a decision, and send its form."""
    page = client.get(confirm(row, change))
    assert_valid_html(page.content)
    return client.post(confirm(row, change), hidden(page) | values)
