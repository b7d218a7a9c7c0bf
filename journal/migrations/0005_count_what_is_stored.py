from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_revision_date_and_pinned"), ("accounts", "0010_usage")]

    operations = [
        migrations.RunSQL(
            f"SELECT accounts_count_stored_in('{table}')", f"SELECT accounts_stop_counting_in('{table}')"
        )
        for table in ("journal_entry", "journal_revision")
    ]
