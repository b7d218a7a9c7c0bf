"""Also a look at pairs that finds too few is noted: it is not repeated each night."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0008_measured_errors'),
    ]

    operations = [
        migrations.AlterField(
            model_name='errorestimate',
            name='figures',
            field=models.JSONField(null=True, verbose_name='figures'),
        ),
    ]
