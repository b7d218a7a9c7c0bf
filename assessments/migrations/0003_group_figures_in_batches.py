"""Group figures are published in batches, rounded. What was worked out until now is exact, and goes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_published_and_submitted_never_change"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM assessments_groupfigures", migrations.RunSQL.noop),
        migrations.RemoveField("groupfigures", "n"),
        migrations.RenameField("groupfigures", "worked_out_at", "published_at"),
        migrations.AlterField("groupfigures", "published_at", models.DateTimeField(verbose_name="published")),
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "figures",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted",
                        to="assessments.groupfigures",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "person counted in group figures",
                "verbose_name_plural": "people counted in group figures",
                "constraints": [models.UniqueConstraint(fields=("figures", "owner"), name="counted_once")],
            },
        ),
    ]
