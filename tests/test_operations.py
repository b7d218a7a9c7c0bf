"""The pages for operators name what is there, and each fits on a screen."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs/operations").glob("*.md"))
OURS = get_commands()


def name(page: Path) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_for_operators_fits_on_a_screen(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_with_its_options_is_there(page: Path) -> None:
    for command, rest in re.findall(r"(?:manage|manage\.py) ([a-z_]+)([^`\n]*)", page.read_text(encoding="utf-8")):
        assert command in OURS, command
        known = load_command_class(OURS[command], command).create_parser("manage.py", command).format_help()
        assert [option for option in re.findall(r"--[a-z-]+", rest.split("'")[0]) if option not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[a-z-]+)?\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target
