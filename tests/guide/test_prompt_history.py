"""Prompts in the administration: a preview that saves nothing, and what each version changed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from guide import history
from guide.models import Prompt, PromptVersion
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of
from tests.staff import staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def walk(db: None) -> Prompt:
    return Prompt.objects.create(
        key="walk", theme="balance", title="A walk?", why="To rest.", steps=["Put on shoes."], minutes=5
    )


@pytest.fixture
def editor(as_user: AsUser) -> Client:
    return as_user(staff("edi@example.org", Role.EDITOR))


def fields(**changed: str) -> dict[str, str]:
    return {
        "theme": "balance",
        "title": "A walk?",
        "why": "To rest.",
        "steps": "Put on shoes.",
        "minutes": "5",
        "order": "0",
        "published": "on",
    } | changed


def page(prompt: Prompt, name: str) -> str:
    return reverse(f"admin:guide_prompt_{name}", args=[prompt.pk])


def test_a_preview_shows_what_was_typed_and_saves_nothing(editor: Client, walk: Prompt) -> None:
    assert page(walk, "preview") in editor.get(page(walk, "change")).text
    answer = editor.post(page(walk, "preview"), fields(title="A <b>run</b>?", care="on"), follow=True)
    shown = text_of(assert_valid_html(answer.content))
    for words in ("A <b>run</b>?", "To rest.", "Put on shoes.", "About 5 minutes.", "strong feelings"):
        assert words in shown
    walk.refresh_from_db()
    assert (walk.title, walk.care) == ("A walk?", False)
    assert not PromptVersion.objects.exists()


def test_a_new_prompt_has_a_preview_too(editor: Client) -> None:
    new = reverse("admin:guide_prompt_preview_new")
    assert new in editor.get(reverse("admin:guide_prompt_add")).text
    answer = editor.post(new, fields(key="new", title="Something new?"), follow=True)
    assert "Something new?" in text_of(assert_valid_html(answer.content))
    assert not Prompt.objects.exists()


def test_a_preview_says_what_is_to_be_corrected(editor: Client, walk: Prompt) -> None:
    answer = editor.post(page(walk, "preview"), fields(minutes="40"), follow=True)
    assert "something to correct" in text_of(assert_valid_html(answer.content))


def test_each_version_says_what_it_changed(editor: Client, walk: Prompt) -> None:
    assert "It has not been changed yet." in editor.get(page(walk, "history")).text
    editor.post(page(walk, "change"), fields(title="A short walk?", steps="Put on shoes.\r\nBreathe."))
    editor.post(page(walk, "change"), fields(title="A short walk?", steps="Put on shoes.\r\nBreathe.", published=""))
    answer = editor.get(page(walk, "history"))
    assert_valid_html(answer.content)
    assert "A<ins> short</ins> walk?" in answer.text
    assert "Before the first change" in answer.text
    latest, earlier, first = history.versions(walk)
    assert [label for label, _changes in latest.differs] == ["published"]
    assert [label for label, _changes in earlier.differs] == ["question", "steps"]
    assert (first.at, first.differs) == (None, ())


def test_only_the_latest_versions_are_shown(walk: Prompt) -> None:
    for number in range(history.MOST_SHOWN + 3):
        before = history.said_by(walk)
        walk.minutes = 3 + number % 2
        walk.save()
        history.keep(walk, before, NOW + timedelta(minutes=number))
    shown = list(history.versions(walk))
    assert len(shown) == history.MOST_SHOWN
    assert all(version.differs for version in shown)


def test_others_have_no_preview_and_no_history(as_user: AsUser, ana: User, walk: Prompt) -> None:
    for user in (staff("vera@example.org", Role.VERIFIER), ana):
        client = as_user(user)
        assert client.get(page(walk, "history")).status_code in {302, 403}
        assert client.post(page(walk, "preview"), fields()).status_code in {302, 403}
    client = as_user(staff("edi@example.org", Role.EDITOR))
    assert client.get(page(walk, "preview"))["Location"] == page(walk, "change")
    assert client.post(reverse("admin:guide_prompt_preview", args=[walk.pk + 1]), fields()).status_code == 404
    assert client.get(reverse("admin:guide_prompt_history", args=[walk.pk + 1])).status_code == 404
