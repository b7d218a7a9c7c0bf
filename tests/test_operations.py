"""The pages for operators name what is there, and each fits on a screen."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from reflect.settings import PRODUCTIONS_OWN

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs/operations").glob("*.md"))
OURS = get_commands()
README = ROOT / "README.md"
CHECKOUT = {"DEMO", "DEBUG", "REFLECT_TEST_DB", "SERVES_WEB"}  # no operator sets these


def name(page: Path) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_for_operators_fits_on_a_screen(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 60


def test_production_fits_on_a_screen_and_leads_to_every_page() -> None:
    production = README.read_text(encoding="utf-8").partition("\n## Production\n")[2].partition("\n## ")[0]
    assert 10 < len(production.splitlines()) <= 30
    assert {*re.findall(r"\]\((docs/operations/[a-z]+\.md)\)", production)} == {
        f"docs/operations/{p.name}" for p in PAGES
    }


def asked_for() -> set[str]:
    """The variables that the settings read, by the calls that do."""
    source = (ROOT / "reflect/settings.py").read_text(encoding="utf-8")
    return {*re.findall(r'\b(?:env\.\w+|required|number)\("([A-Z_]+)"', source), *PRODUCTIONS_OWN}


def test_every_setting_is_explained_and_none_that_nothing_reads() -> None:
    lines = (ROOT / "docs/operations/settings.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ")[0] for line in lines if line.startswith("| `")]
    assert {word for row in rows for word in re.findall(r"`([A-Z_]+)`", row)} == asked_for() - CHECKOUT


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_with_its_options_is_there(page: Path) -> None:
    for command, rest in re.findall(r"(?:manage|manage\.py) ([a-z_]+)([^`\n]*)", page.read_text(encoding="utf-8")):
        if command == "version":  # answered by manage.py itself
            continue
        assert command in OURS, command
        known = load_command_class(OURS[command], command).create_parser("manage.py", command).format_help()
        assert [option for option in re.findall(r"--[a-z-]+", rest.split("'")[0]) if option not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[a-z-]+)?\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target
