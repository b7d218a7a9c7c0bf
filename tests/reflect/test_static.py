"""Style sheets and scripts: as production serves them, and with nothing in them that no page uses."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings

type Served = Callable[[str], Path]

OURS = Path(settings.BASE_DIR, "static/css").glob("*.css")
CSS = sorted(path for path in OURS if path.stem != "admin")  # that one is for Django's own templates
STYLES = re.sub(r"/\*.*?\*/", "", "".join(path.read_text() for path in CSS), flags=re.DOTALL)


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Served:
    """The file that production serves under a name, once everything is collected."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "reflect.storage.SiteStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    paths: dict[str, str] = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    return lambda name: tmp_path / paths[name]


def test_one_sheet_holds_all_others(served: Served) -> None:
    site = served("css/site.css").read_text()
    assert "@import" not in site
    assert not [path.name for path in CSS if path.stem not in {"site", "offline"} and path.read_text() not in site]


def test_script_imports_the_hashed_file(served: Served) -> None:
    imported = re.findall(r'from "\./(.+?)"', served("js/draft.js").read_text())
    assert imported == [served("js/draft-machine.js").name]
    assert imported != ["draft-machine.js"]


def test_every_custom_property_is_used() -> None:
    assert set(re.findall(r"(--[\w-]+)\s*:", STYLES)) == set(re.findall(r"var\((--[\w-]+)", STYLES))


CLASS_ATTRIBUTE = re.compile(r'(?:class|look)="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"')
CLASS_IN_PYTHON = re.compile(r'"class": f?"([^"]*)"|css_class=f?"([^"]*)"')
CLASS_IN_SCRIPT = re.compile(r'(?:classList\.\w+\(|className = )["`]([^"`]*)["`]')


def test_every_class_is_used() -> None:
    """Some template (ours or the form pack's), script or module sets it: in full, or as `scale-` before a value."""
    ours = (path for path in Path(settings.BASE_DIR).iterdir() if path.is_dir() and path.name[0] not in "._")
    folders = [path for path in ours if path.name not in {"bench", "docs", "staticfiles", "tests"}]
    folders.append(Path(apps.get_app_config("crispy_bootstrap5").path))
    sources = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".html", ".js", ".py"}]
    found = [CLASS_ATTRIBUTE, CLASS_IN_PYTHON, CLASS_IN_SCRIPT]
    values = [match for path in sources for way in found for match in way.findall(path.read_text())]
    text = "\n".join(value if isinstance(value, str) else " ".join(value) for value in values)
    names, prefixes = set(re.findall(r"[\w-]+", text)), set(re.findall(r"([\w-]+)\{", text))
    built = re.compile("|".join(rf"{prefix}(\d+|(?<=-)\w+)" for prefix in prefixes))
    selectors = re.findall(r"([^{};]+)\{", STYLES)
    classes = {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}
    assert len(classes) > 100
    assert not {name for name in classes - names if not built.fullmatch(name)}
