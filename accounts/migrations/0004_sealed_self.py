"""Name and gentle prompts in one sealed document for every account, of one size whatever it says.

It opens and seals with the functions of `accounts/sealing.py` that know no models; the document itself is written out
here as it was when this migration was made.
"""

import json
import secrets

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import migrations, models

from accounts.sealing import CannotOpen, lock, open_document, pad, place, unwrap, wrap
from lib.keyring import KEY_BYTES

BATCH = 500
LONGEST = 274  # bytes of the JSON with 60 characters of four bytes each


def seal_all(apps, schema_editor):
    User, DataKey = apps.get_model("accounts", "User"), apps.get_model("accounts", "DataKey")
    owners = User.objects.filter(sealed_self=None).order_by("pk")
    while batch := [*owners[:BATCH]]:
        keys = DataKey.objects.in_bulk([owner.pk for owner in batch])
        new = []
        for owner in batch:
            row = keys.get(owner.pk)
            if row is None:
                key = secrets.token_bytes(KEY_BYTES)
                name, wrapped = wrap(owner.pk, key)
                new.append(DataKey(owner_id=owner.pk, wrapped_by=name, wrapped=wrapped))
            else:
                key = opened_key(row)
            owner.sealed_self = document(owner, key)
        DataKey.objects.bulk_create(new)
        User.objects.bulk_update(batch, ["sealed_self"])
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the tables have pending triggers, and are not altered


def opened_key(row):
    """None if the row is damaged, so that nothing of this person can be opened."""
    if row.wrapped_by not in settings.SEALING_KEYS:
        raise ImproperlyConfigured(f"SEALING_KEYS lacks {row.wrapped_by}, which is needed to carry people's names over.")
    try:
        return unwrap(row)
    except CannotOpen:
        return None


def document(owner, key):
    name = ""
    if owner.sealed_name is not None:
        try:
            name = open_document(key, owner, "accounts.name", owner.pk, bytes(owner.sealed_name))
        except CannotOpen:
            key = None
    content = {"name": name, "gentle_prompts": owner.gentle_prompts}
    filled = encoded(content | {"filler": " " * (LONGEST - len(encoded(content)))})
    # What could not be opened stays so, and is of the same size: a key that nobody has.
    return lock(
        key or secrets.token_bytes(KEY_BYTES), pad(filled), place("accounts.self", owner.pk.bytes, owner.pk.bytes)
    )


def encoded(content):
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_closing")]

    operations = [
        migrations.AddField("user", "sealed_self", models.BinaryField(null=True, editable=False)),
        migrations.RunPython(seal_all),
        migrations.AlterField(
            "user", "sealed_self", models.BinaryField(editable=False, verbose_name="name and gentle prompts")
        ),
        migrations.RemoveField("user", "sealed_name"),
        migrations.RemoveField("user", "gentle_prompts"),
    ]
