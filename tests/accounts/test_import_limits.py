"""What somebody makes to exhaust the import: measured in a process of its own, which has memory for little more."""

import io
import json
import struct
import subprocess
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.export import FORMAT, VERSION
from accounts.importing import ANOTHER, LONGEST_LINE, MOST_TOKENS, MOST_UPLOADED, TOO_LARGE, TOO_MANY, import_file
from accounts.models import User
from accounts.portable import Arrival, FileRefused
from lib.figures import MEGABYTE
from tests.accounts.portable import NOW, exported, packed
from tests.journal.written import written
from tests.processes import environment

pytestmark = pytest.mark.django_db(transaction=True)
MOST_MEMORY, LONGEST = 150 * MEGABYTE, 30  # bytes above the process at rest, seconds
TAKEN = {"objects in an unknown part", "quotes in a string", "wide characters", "wide characters in many lines"}
TAKEN |= {"an entry with a hundred versions", "long entries with versions", "short entries with versions"}
AT, AT_REST = NOW.isoformat(), "at rest"

IMPORT = """if True:
    import io, json, re, sys, time
    from pathlib import Path
    import django
    django.setup()
    from django.utils import timezone
    from accounts.importing import import_file
    from accounts.models import User
    from accounts.portable import FileRefused

    def peak():
        return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

    for name in sys.argv[2:]:
        owner, begun = User.objects.get(email=sys.argv[1]), time.monotonic()
        try:
            said = import_file(owner=owner, file=io.BytesIO(Path(name).read_bytes()), now=timezone.now()).added
        except FileRefused as refused:
            said = str(refused.words)
        print(json.dumps([Path(name).name, said, peak(), time.monotonic() - begun]), flush=True)
"""


def page(*texts: str, **changed: object) -> dict[str, Any]:
    empty: dict[str, Any] = {"prompt": "free", "theme": "", "question": "", "closing": "", "result": None}
    return empty | {"texts": texts, "steps": [], "feelings": [], "tags": []} | changed


def entry(words: str, versions: int, **changed: object) -> str:
    at = {"date": AT, "pinned": False, "page": page(words)}
    earlier = [{"id": str(uuid.uuid4()), "number": n, "made_at": AT, "beside": False, **at} for n in range(versions)]
    row = {"id": str(uuid.uuid4()), "created_at": AT, "changed_at": AT, "binned_at": None, "revision": 1, **at}
    return json.dumps(row | {"versions": earlier} | changed, ensure_ascii=False)


def data(*rows: str, part: str = "entries", more: str = "") -> bytes:
    head = f'{{"format":"{FORMAT}","version":{VERSION},{more}"parts":{{'
    return "\n".join([head, f'"{part}":[', ",\n".join(rows), "]", "}}", ""]).encode()


def long(piece: str, size: int = LONGEST_LINE - 2_000) -> str:
    return (piece * (size // len(piece.encode())))[: -1 if piece.endswith(",") else None]


def with_key(key: str, value: str) -> str:
    return entry("Words.", 0, **{key: "HERE"}).replace('"HERE"', value)


def directory(entries: int) -> bytes:
    """A ZIP whose directory names one empty file as many times; its end record has 16 bits for their number."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        archive.writestr("a", b"")
    start = out.getvalue().index(b"PK\1\2")
    one, end = out.getvalue()[start:-22], bytearray(out.getvalue()[-22:])
    end[8:16] = (entries % 2**16).to_bytes(2, "little") * 2 + (entries * len(one)).to_bytes(4, "little")
    return out.getvalue()[:start] + one * entries + bytes(end)


def hidden(many: bytes) -> bytes:
    """The same ZIP with its directory in records of ZIP64, and an end record that tells of one file."""
    start, end = many.index(b"PK\1\2"), bytearray(many[-22:])
    size = len(many) - 22 - start
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(many) - 22, 1)
    end[8:16] = b"\1\0\1\0" + (47).to_bytes(4, "little")
    return many[:-22] + record + locator + bytes(end)


LARGE: dict[str, Callable[[], bytes]] = {
    "objects in an unknown key": lambda: data(with_key("unknown", f"[{long('{},')}]")),
    "objects in a known key": lambda: data(with_key("page", f"[{long('{},')}]")),
    "objects in an answer": lambda: data(f'{{"id":"{uuid.uuid4()}","answers":[{long("[],")}]}}', part="questionnaires"),
    "objects in an unknown part": lambda: data(*[f"[{long('{},')}]"] * 5, part="unknown"),
    "objects at the head": lambda: data(more=f'"more":[{long("{},")}],'),
    "objects in many rows": lambda: data(
        *(with_key("page", f"[{long('{"":{}},', MOST_TOKENS * 2)}]") for _ in range(400))
    ),
    "empty strings": lambda: data(with_key("page", f"[{long('"",')}]")),
    "quotes in a string": lambda: data(with_key("unknown", f'"{long('\\"')}"')),
    "wide characters": lambda: data(with_key("unknown", f'"🙂{long("x")}"')),
    "wide characters in many lines": lambda: data(*(with_key("unknown", f'"🙂{long("x")}"') for _ in range(9))),
    "objects in UTF-16": lambda: data("HERE").replace(
        b"HERE", with_key("∀", f'[{long("{},", LONGEST_LINE // 2 - 1_000)}],"":0').encode("utf-16-le")
    ),
    "brackets": lambda: data(long("[")),
    "no line ends": lambda: b'{"format":"reflect"' + b" " * (MOST_UPLOADED - 100),
    "line ends": lambda: data("\n" * (MOST_UPLOADED - 1_000), part="unknown"),
    "a million files": lambda: directory(2**20 + 1),
    "a million hidden files": lambda: hidden(directory(2**20)),
    "a ZIP of line ends": lambda: packed(data() + b"\n" * 150 * MEGABYTE),
    "long entries with versions": lambda: data(*(entry("🙂" * 50_000, versions=20) for _ in range(10))),
    "an entry with a hundred versions": lambda: data(entry("x" * 50_000, versions=100)),
    "short entries with versions": lambda: data(*(entry("x", versions=100) for _ in range(50))),
}


def test_no_file_takes_much_memory_or_time(ana: User, ben: User, tmp_path: Path) -> None:
    written(ana)
    Path(tmp_path, AT_REST).write_bytes(exported(ana))
    for name, make in LARGE.items():
        Path(tmp_path, name).write_bytes(make())
    command = [sys.executable, "-c", IMPORT, ben.email, *(str(tmp_path / name) for name in (AT_REST, *LARGE))]
    setting = environment(1) | {"DJANGO_SETTINGS_MODULE": "reflect.settings"}
    done = subprocess.run(command, env=setting, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    (_first, _added, rest, _seconds), *others = map(json.loads, done.stdout.splitlines())
    assert [name for name, *_ in others] == [*LARGE]
    assert [name for name, _said, peak, _seconds in others if peak - rest > MOST_MEMORY] == []
    assert [name for name, _said, _peak, seconds in others if seconds > LONGEST] == []
    said = {name: words for name, words, *_ in others}
    assert {name for name, words in said.items() if type(words) is int} == TAKEN
    assert said["a million files"] == TOO_MANY
    assert said["a ZIP of line ends"] == said["line ends"] == TOO_LARGE


def test_a_second_file_at_the_same_time_is_refused(ana: User, ben: User) -> None:
    """The first is still being added over another connection, and nobody waits for it."""
    written(ana)
    content = exported(ana)

    def refusal() -> object:
        try:
            return import_file(owner=ben, file=io.BytesIO(content), now=NOW)
        except FileRefused as refused:
            return refused.words
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            import_file(owner=ben, file=io.BytesIO(content), now=NOW)
            import_file(owner=ana, file=io.BytesIO(content), now=NOW)
            assert pool.submit(refusal).result(timeout=60) == ANOTHER
        arrival = pool.submit(refusal).result(timeout=60)
    assert isinstance(arrival, Arrival)
    assert (arrival.added, arrival.left) == (0, 1)


def test_an_account_that_has_just_ended_takes_nothing(ana: User, ben: User) -> None:
    content = exported(ana)
    User.objects.filter(pk=ben.pk).delete()
    with pytest.raises(FileRefused):
        import_file(owner=ben, file=io.BytesIO(content), now=NOW)
