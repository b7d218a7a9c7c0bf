from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_retired_and_published_again"), ("accounts", "0010_usage")]

    operations = [
        migrations.RunSQL(
            f"SELECT accounts_count_stored_in('{table}')", f"SELECT accounts_stop_counting_in('{table}')"
        )
        for table in ("assessments_response", "assessments_result")
    ]
