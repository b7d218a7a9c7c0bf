import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_usage")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner", "what", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(max_length=16, verbose_name="what is limited")),
                ("free_at", models.DateTimeField(verbose_name="forgotten from")),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "pace of an account", "verbose_name_plural": "paces of accounts"},
        ),
        # Written with many requests, and of no use after a crash.
        migrations.RunSQL("ALTER TABLE accounts_pace SET UNLOGGED", "ALTER TABLE accounts_pace SET LOGGED"),
    ]
