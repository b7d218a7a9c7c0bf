"""The prompts: loaded from their file, edited by admins, found by others through their querysets."""

import tomllib
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.urls import reverse

from accounts.models import User
from guide import themes
from guide.admin import PromptForm
from guide.chapters import CONTENT
from guide.models import Prompt
from guide.services import add_missing_prompts
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db


def prompt(key: str, **fields: object) -> Prompt:
    return Prompt.objects.create(
        **{"key": key, "theme": "balance", "title": key, "why": "A reason.", "minutes": 5} | fields
    )


def test_the_file_holds_six_prompts_a_theme_and_a_free_entry() -> None:
    call_command("load_prompts", verbosity=0)
    assert Prompt.objects.count() == 61
    assert all(Prompt.objects.filter(theme=key).count() == 6 for key in themes.KEYS)
    assert Prompt.objects.get(theme="").steps == []
    first = Prompt.objects.all()[0]
    assert (first.key, first.order) == ("free", 0)


def test_loading_again_keeps_what_was_edited_and_adds_what_is_missing() -> None:
    call_command("load_prompts", verbosity=0)
    Prompt.objects.filter(key="balance-1").update(title="Edited")
    Prompt.objects.filter(key="balance-2").delete()
    call_command("load_prompts", verbosity=0)
    assert Prompt.objects.get(key="balance-1").title == "Edited"
    assert Prompt.objects.filter(key="balance-2").exists()
    assert Prompt.objects.count() == 61


def test_shipped_prompts_get_their_plainer_words_and_edited_ones_stay() -> None:
    migration = import_module("guide.migrations.0002_prompts_in_plainer_words")
    reworded = {"title": "Which no did I get through lately?", "steps": ["Whom could I tell about it?", "Mine."]}
    prompt("shipped", **reworded)
    prompt("edited", title="Which no did I get through?")
    migration.reword(apps, connection.schema_editor())
    shipped = Prompt.objects.get(key="shipped")
    assert (shipped.title, shipped.why) == ('Which "no" did I live through lately?', "A reason.")
    assert shipped.steps == ["Who could I tell about it?", "Mine."]
    assert Prompt.objects.get(key="edited").title == "Which no did I get through?"


def test_the_shipped_prompts_are_the_plainer_ones() -> None:
    migration = import_module("guide.migrations.0002_prompts_in_plainer_words")
    call_command("load_prompts", verbosity=0)
    texts = {text for prompt in Prompt.objects.all() for text in (prompt.title, prompt.why, *prompt.steps)}
    assert not texts & migration.PLAINER.keys()
    assert texts.issuperset(migration.PLAINER.values())


def test_a_broken_prompt_adds_nothing() -> None:
    good = '[[prompts]]\nkey = "a"\ntheme = "balance"\ntitle = "A"\nwhy = "B."\nminutes = 5\n'
    with pytest.raises(ValidationError, match="balance"):
        add_missing_prompts(source=good + good.replace('"a"', '"b"').replace('"balance"', '"unbalance"'))
    with pytest.raises(tomllib.TOMLDecodeError):
        add_missing_prompts(source=good + "]")
    assert not Prompt.objects.exists()


def test_unpublished_and_unsuitable_ones_are_left_out() -> None:
    prompt("draft", published=False)
    prompt("for two", suppressed_if_unsafe=True)
    prompt("plain")
    assert {found.key for found in Prompt.objects.published()} == {"for two", "plain"}
    assert [found.key for found in Prompt.objects.published().gentle()] == ["plain"]


@pytest.mark.parametrize("fields", [{"minutes": 2}, {"minutes": 16}, {"theme": "money"}])
def test_the_database_refuses_what_breaks_a_rule(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        prompt("a", **fields)


def test_an_admin_writes_steps_one_a_line() -> None:
    posted = {"key": "a", "theme": "balance", "title": "A", "why": "B.", "minutes": "5", "order": "1"}
    form = PromptForm(posted | {"steps": "One thing.\r\nAnother thing.\r\n"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["steps"] == ["One thing.", "Another thing."]
    assert PromptForm(instance=prompt("b", steps=["One.", "Two."]))["steps"].value() == "One.\nTwo."


def test_a_shipped_prompt_is_unpublished_and_not_deleted(as_user: AsUser, dana: User) -> None:
    add_missing_prompts(source=(CONTENT / "prompts.toml").read_text())
    client = as_user(dana)
    shipped = Prompt.objects.exclude(theme="")[0]
    own = Prompt.objects.create(key="own", title="What did I like today?", why="For a smile.", minutes=5)
    for prompt, status in ((shipped, 403), (own, 302)):
        answer = client.post(reverse("admin:guide_prompt_delete", args=[prompt.pk]), {"post": "yes"})
        assert answer.status_code == status
    change = reverse("admin:guide_prompt_change", args=[shipped.pk])
    assert 'name="key"' not in client.get(change).text  # the next deploy would bring back one of another name
    assert 'name="key"' in client.get(reverse("admin:guide_prompt_add")).text
    many = {"action": "delete_selected", "_selected_action": [shipped.pk], "post": "yes"}
    client.post(reverse("admin:guide_prompt_changelist"), many)
    assert Prompt.objects.filter(pk=shipped.pk).exists()
    assert not Prompt.objects.filter(pk=own.pk).exists()
