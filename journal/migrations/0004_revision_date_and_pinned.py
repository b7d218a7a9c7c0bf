from django.db import migrations, models

# Existing versions get the present date and pin of their entry.
DATES = """
    UPDATE journal_revision SET date = journal_entry.date, pinned = journal_entry.pinned
    FROM journal_entry WHERE journal_entry.id = journal_revision.entry_id
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_entry_reading_indexes")]

    operations = [
        migrations.AddField(
            model_name="revision", name="date", field=models.DateTimeField(verbose_name="date", null=True)
        ),
        migrations.AddField(
            model_name="revision", name="pinned", field=models.BooleanField(default=False, verbose_name="pinned")
        ),
        migrations.RunSQL(DATES, migrations.RunSQL.noop),
        migrations.AlterField(model_name="revision", name="date", field=models.DateTimeField(verbose_name="date")),
    ]
