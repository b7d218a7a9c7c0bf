"""Which release this is: said by a command, noted in RELEASES and in the changelog."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from reflect.version import revision, version
from tests.reflect.production import manage_in

ROOT = Path(settings.BASE_DIR)
RELEASED = [line.split() for line in (ROOT / "RELEASES").read_text().splitlines() if not line.startswith("#")]


def test_command_says_version_and_commit_without_any_settings() -> None:
    said = manage_in({"PATH": os.environ["PATH"], "DEMO": "1", "SECRET_KEY": "of production"}, "version")

    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    assert said.stdout == f"{version()} {head.stdout}"


def test_image_is_told_its_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVISION", "0123abc")

    assert revision() == "0123abc"


def test_version_is_the_next_release_or_the_last() -> None:
    last = tuple(map(int, RELEASED[-1][0].split(".")))
    numbers = tuple(map(int, version().removesuffix(".dev0").split(".")))

    assert numbers > last if version().endswith(".dev0") else numbers == last


def test_every_release_is_in_the_changelog_with_its_day() -> None:
    described = re.findall(r"^## \[(\d.*)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert [(number, day) for number, day, _commit in reversed(RELEASED)] == described


def test_every_release_names_a_whole_commit() -> None:
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) for _number, _day, commit in RELEASED)
