"""The direction of dependence, held by import-linter (contracts in pyproject.toml)."""

import subprocess
import sys
from pathlib import Path


def test_imports_go_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
