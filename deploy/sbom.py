"""Writes the packages of the image that this runs in, as CycloneDX: Debian's from dpkg, Python's from their metadata.

Standard library only, and started inside the image (`reflect sbom`), so that it lists what is there, and nothing else.
Of an image without Python, named by the argument, it reads what dpkg says there (in the format DEBIAN) from its input.
"""

import json
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
DEBIAN = "${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\n"


def of_dpkg() -> str:
    query = ["/usr/bin/dpkg-query", "--show", "--showformat", DEBIAN]
    return subprocess.run(query, capture_output=True, text=True, check=True).stdout  # noqa: S603  # a fixed command


def debian(listed: str) -> list[tuple[str, str, str]]:
    """Name, version and package URL of each package that dpkg has installed."""
    rows = (line.split("\t") for line in listed.splitlines())
    return [
        (name, version, f"pkg:deb/debian/{quote(name)}@{quote(version)}?arch={architecture}")
        for status, name, version, architecture in rows
        if status.startswith("ii")
    ]


def python() -> list[tuple[str, str, str]]:
    """Name, version and package URL of each distribution of this interpreter's environment."""
    found = sorted((each.name.lower().replace("_", "-"), each.version) for each in distributions())
    return [(name, version, f"pkg:pypi/{quote(name)}@{quote(version)}") for name, version in found]


def bill(image: str, packages: list[tuple[str, str, str]]) -> dict[str, object]:
    """The whole document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {"type": "application", "name": image or project["name"], "version": project["version"]},
        },
        "components": [
            {"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url}
            for name, version, url in packages
        ],
    }


if __name__ == "__main__":
    [image] = sys.argv[1:] or [""]
    packages = debian(sys.stdin.read()) if image else [*debian(of_dpkg()), *python()]
    if not packages:
        sys.exit("There is no package to list.")
    json.dump(bill(image, packages), sys.stdout, indent=1)
