"""`python -m reflect.demo` writes the environment file of a newcomer's checkout once, with freshly generated keys.

Standard library only, since settings need the file to load. Production never has it (see `reflect/settings.py`).
"""

import base64
import secrets
import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent.parent / ".state" / "demo.env"


def write_environment(path: Path = ENVIRONMENT) -> None:
    """Write the demo's settings to `path`, readable only by its owner. An existing file is left unchanged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    lines = ["DEMO=1", f"SECRET_KEY={secrets.token_urlsafe(50)}", f"SEALING_KEYS=demo:{key}"]
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write("\n".join(lines) + "\n")
    except FileExistsError:
        return


def read_environment(path: Path = ENVIRONMENT) -> dict[str, str]:
    """The demo's settings; none where the file was never written."""
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _equals, value in pairs}


if __name__ == "__main__":
    try:
        write_environment()
    except OSError as error:
        sys.exit(f"The folder for the demo's own files could not be written: {error.strerror}.")
