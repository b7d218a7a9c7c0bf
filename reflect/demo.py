"""Makes the environment of a newcomer's checkout: `python -m reflect.demo` writes it once, with keys of its own.

Standard library only: it runs before anything else can. Production never has this file (see `reflect/settings.py`).
"""

import base64
import secrets
import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent.parent / ".state" / "demo.env"


def write_environment(path: Path = ENVIRONMENT) -> None:
    """Write the demo's settings to `path`, readable by its owner alone; an existing file is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    lines = ["DEMO=1", f"SECRET_KEY={secrets.token_urlsafe(50)}", f"SEALING_KEYS=demo:{key}"]
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write("\n".join(lines) + "\n")
    except FileExistsError:
        return


if __name__ == "__main__":
    try:
        write_environment()
    except OSError as error:
        sys.exit(f"The folder for the demo's own files could not be written: {error.strerror}.")
