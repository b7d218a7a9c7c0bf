from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_reminder"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("pinned", True)), fields=["owner", "-date", "id"], name="entry_pinned_of_owner"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("binned_at__isnull", False)),
                fields=["owner", "-binned_at", "id"],
                name="entry_binned_of_owner",
            ),
        ),
    ]
