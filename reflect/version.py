"""Which release of Reflect this is, and of which commit."""

import os
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def version() -> str:
    """The release, like "0.2.0"; with "dev" in it on the way there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def revision() -> str:
    """The commit: what the image was given when it was built, or else git's answer; "unknown" without either."""
    if given := os.environ.get("REVISION"):
        return given
    if (ROOT / ".git").exists():
        command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  # a fixed command
        except (OSError, subprocess.CalledProcessError):
            pass
    return "unknown"
