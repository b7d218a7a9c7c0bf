"""A change that a client had not seen, and a time that had opened for them, become notices.

It seals with the functions of `accounts/sealing.py` that know no models.
"""

import hmac
import json
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import migrations
from django.utils import timezone

from accounts.sealing import CannotOpen, lock, pad, place, unwrap
from lib.keyring import KEY_BYTES

LABEL = "accounts.notice"
BATCH = 500


def write_notices(apps, schema_editor):
    now = timezone.now()
    Booking, Offer = apps.get_model("consultations", "Booking"), apps.get_model("consultations", "Offer")
    changed = Booking.objects.filter(unseen=True, client__isnull=False)
    write(apps, "meeting_changed", changed.values_list("client_id", "id", "changed_at"))
    opened = Offer.objects.filter(slot__is_open=True, slot__starts_at__gt=now, told_at__gt=now - timedelta(weeks=6))
    write(apps, "time_freed", opened.values_list("waiting_entry__owner_id", "waiting_entry_id", "told_at"))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table has pending triggers, and is not altered


def write(apps, kind, news):
    DataKey, Notice = apps.get_model("accounts", "DataKey"), apps.get_model("accounts", "Notice")
    latest = {}
    for owner, target, at in news.iterator():
        latest[owner, target] = max(at, latest.get((owner, target), at))
    found = [*latest.items()]
    for first in range(0, len(found), BATCH):
        batch = found[first : first + BATCH]
        keys = DataKey.objects.in_bulk({owner for (owner, _target), _at in batch})
        notices = [notice(Notice, keys.get(owner), kind, target, at) for (owner, target), at in batch]
        Notice.objects.bulk_create([one for one in notices if one], ignore_conflicts=True)


def notice(Notice, row, kind, target, at):
    """None for somebody whose key is damaged: they could not read it."""
    if row is None:
        return None
    if row.wrapped_by not in settings.SEALING_KEYS:
        raise ImproperlyConfigured(f"SEALING_KEYS lacks {row.wrapped_by}, which is needed to seal notices.")
    try:
        key = unwrap(row)
    except CannotOpen:
        return None
    own = HKDF(SHA256(), KEY_BYTES, salt=None, info=LABEL.encode()).derive(key)
    pk = UUID(bytes=hmac.digest(own, f"{kind}:{target}".encode(), "sha256")[:16])
    document = json.dumps({"kind": kind, "target": str(target)}, separators=(",", ":")).encode()
    sealed = lock(key, pad(document), place(LABEL, row.owner_id.bytes, pk.bytes))
    return Notice(id=pk, owner_id=row.owner_id, at=at, sealed=sealed)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_notices"), ("consultations", "0009_shown_to_visitors")]

    operations = [
        migrations.RunPython(write_notices, migrations.RunPython.noop),
        migrations.RemoveField("booking", "unseen"),
    ]
