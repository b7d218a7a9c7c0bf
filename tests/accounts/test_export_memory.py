"""The download takes little memory, however much there is: measured in a process of its own."""

import json
import subprocess
import sys
import uuid
from random import Random

import pytest
from django.conf import settings

from accounts.models import User
from accounts.sealing import seal
from journal.content import MOST_CHARACTERS, Content
from journal.models import Entry, Revision
from lib.figures import MEGABYTE
from tests.accounts.portable import NOW
from tests.processes import environment

MOST_MEMORY = 60 * MEGABYTE  # above a download of nearly nothing

EXPORT = """if True:
    import json, re, sys
    from pathlib import Path
    import django
    django.setup()
    from django.utils import timezone
    from accounts.export import export
    from accounts.models import User

    for address in sys.argv[1:]:
        sent = sum(map(len, export(User.objects.get(email=address), timezone.now())))
        peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
        print(json.dumps([sent, 1024 * int(peak)]), flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_long_entries_with_versions_are_never_held_together(ana: User, ben: User) -> None:
    common = {"owner": ana, "date": NOW, "day": NOW.date(), "clock": NOW.time(), "pinned": False, "sequence": 0}
    words = "".join(Random(1).choices([chr(0x1F300 + number) for number in range(256)], k=MOST_CHARACTERS))
    content = Content(texts=(words,)).to_document()
    for _number in range(10):
        pk, versions = uuid.uuid4(), [uuid.uuid4() for _ in range(20)]
        at = {"created_at": NOW, "changed_at": NOW, "kept_at": NOW}
        sealed = seal(ana, Entry.LABEL, pk, content)
        entry = Entry.objects.create(id=pk, client=uuid.uuid4(), revision=1, sealed=sealed, **at, **common)
        Revision.objects.bulk_create(
            Revision(
                id=version,
                entry=entry,
                number=number,
                made_at=NOW,
                beside=False,
                client=uuid.uuid4(),
                sealed=seal(ana, Revision.LABEL, version, content),
                **common,
            )
            for number, version in enumerate(versions)
        )
    command = [sys.executable, "-c", EXPORT, ben.email, ana.email]
    setting = environment(1) | {"DJANGO_SETTINGS_MODULE": "reflect.settings"}
    done = subprocess.run(command, env=setting, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    (_little, rest), (sent, peak) = map(json.loads, done.stdout.splitlines())
    assert sent > MEGABYTE
    assert peak - rest < MOST_MEMORY
