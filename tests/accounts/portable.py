"""Exports as tests need them: read, changed, and made into files again."""

import io
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5
from zipfile import ZIP_DEFLATED, ZipFile

from accounts.export import DATA, export
from accounts.models import User

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def exported(owner: User) -> bytes:
    """The owner's ZIP, as a new request makes it."""
    return b"".join(export(User.objects.get(pk=owner.pk), NOW))


def read(content: bytes, name: str = DATA) -> str:
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.read(name).decode()


def parts(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read(content))["parts"]
    return found


def packed(data: str | bytes, name: str = DATA) -> bytes:
    """A ZIP with one file."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def packed_again(content: bytes, folder: str = "", beside: str = "") -> bytes:
    """A ZIP as programs make it of the unpacked files; `beside` is a folder for what Finder adds."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(folder + name, source.read(name))
            if beside:
                archive.writestr(f"{beside}{folder}._{name}", b"\0\5\x16\7")
    return out.getvalue()


def changed(content: bytes, before: str, after: str) -> bytes:
    """An export in which some text was replaced."""
    text = read(content)
    assert before in text
    return packed(text.replace(before, after))


def comparable(content: bytes, owner: UUID | None = None) -> dict[str, Any]:
    """The parts that come back; with `owner`, each id of a row as it becomes in that account."""
    found = parts(content)
    rows = {name: found[name] for name in ("questionnaires", "entries", "prompt_choices")}
    text = json.dumps(rows)
    if owner:
        for row in [*rows["questionnaires"], *rows["entries"]]:
            for one in (row, row.get("result"), *row.get("versions", ())):
                text = text.replace(one["id"], str(uuid5(owner, one["id"]))) if one else text
    back: dict[str, Any] = json.loads(text)
    for name in ("questionnaires", "entries"):
        back[name].sort(key=lambda row: row["id"])
    for row in back["entries"]:
        row["versions"].sort(key=lambda version: version["id"])
    account = found["account"][0]
    return back | {"settings": account["settings"], "name": account["name"]}
