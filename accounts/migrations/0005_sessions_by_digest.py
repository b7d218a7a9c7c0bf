"""Sessions and records of log-ins are found by a digest of the session's key. Everybody logs in again once."""

from hashlib import sha256

from django.db import migrations


def end_sessions(apps, schema_editor):
    """What is in these rows was signed, not sealed, and their keys still open them for an old process."""
    apps.get_model("sessions", "Session").objects.all().delete()


def digest_keys(apps, schema_editor):
    """Keep the records of log-ins, and none of their keys."""
    UserSession = apps.get_model("usersessions", "UserSession")
    batch = []
    for record in UserSession.objects.only("session_key").iterator():
        record.session_key = sha256(record.session_key.encode()).hexdigest()[:40]
        batch.append(record)
        if len(batch) == 1000:
            UserSession.objects.bulk_update(batch, ["session_key"])
            batch = []
    UserSession.objects.bulk_update(batch, ["session_key"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_sealed_self"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(end_sessions, migrations.RunPython.noop),
        migrations.RunPython(digest_keys, migrations.RunPython.noop),
    ]
