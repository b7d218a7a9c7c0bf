"""Entries and versions keep the day and time of the zone that their account has now."""

from datetime import UTC
from itertools import batched
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import migrations, models

BATCH = 500
ORDER = ["owner", "-day", "-date", "id"]


def fill(apps, _editor):
    for name in ("entry", "revision"):
        model = apps.get_model("journal", name)
        rows = model.objects.select_related("owner").only("date", "owner__timezone")
        for batch in batched(rows.iterator(chunk_size=BATCH), BATCH):
            for row in batch:
                local = row.date.astimezone(zone(row.owner.timezone))
                row.day, row.clock = local.date(), local.time()
            model.objects.bulk_update(batch, ["day", "clock"])


def zone(name):
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_count_what_is_stored"), ("accounts", "0001_initial")]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model in ("entry", "revision")
            for name, field in (
                ("day", models.DateField(verbose_name="day", null=True)),
                ("clock", models.TimeField(verbose_name="time of day", null=True)),
            )
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(
            migrations.AlterField(model, name, field)
            for model in ("entry", "revision")
            for name, field in (
                ("day", models.DateField(verbose_name="day")),
                ("clock", models.TimeField(verbose_name="time of day")),
            )
        ),
        migrations.RemoveIndex("entry", "entry_of_owner"),
        migrations.RemoveIndex("entry", "entry_pinned_of_owner"),
        migrations.AddIndex("entry", models.Index(fields=ORDER, name="entry_of_owner")),
        migrations.AddIndex(
            "entry", models.Index(fields=ORDER, condition=models.Q(("pinned", True)), name="entry_pinned_of_owner")
        ),
    ]
