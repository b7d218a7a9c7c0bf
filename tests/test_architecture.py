"""The directions of imports (import-linter, contracts in pyproject.toml), docs/where.md, and the length of lines."""

import re
import subprocess
import sys
from pathlib import Path

LONGEST_LINE = 160  # of a template; djade leaves long lines as they are
ROOT = Path(__file__).parent.parent


def test_imports_go_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_where_to_change_what_names_what_exists() -> None:
    """Paths are from the top, from an app, or from a folder of what stands before them in the row."""
    apps, missing = [path.parent for path in ROOT.glob("*/apps.py")], []
    for row in (ROOT / "docs/where.md").read_text(encoding="utf-8").splitlines():
        folders = [ROOT, *apps]
        for name in re.findall(r"`(\w[\w.*/-]*(?:/|/[\w.*-]+|\.(?:conf|css|html|js|md|py|toml)))`", row):
            found = [path for folder in folders for path in folder.glob(name)]
            folders += [folder for path in found for folder in (path, *path.parents) if folder.is_relative_to(ROOT)]
            missing += [] if found else [name]
    assert not missing


def test_no_line_of_a_template_is_long() -> None:
    templates = [path for folder in ("templates", "bench/templates") for path in (ROOT / folder).rglob("*.*")]
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert len(templates) > 200
    assert not long


def test_no_button_ends_in_white_space_behind_a_hidden_word() -> None:
    """There it is a flex item of its own: the gap of `.btn` stands beside it, and the words are off centre."""
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r'"visually-hidden">[^\n]*</span>\s+</(?:a|button)>', path.read_text(encoding="utf-8"))
    ]
    assert not found
