"""Stores a next step as it is typed: versions of it, with the writer of each, and counted in the account's quota."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0014_going_on'),
        ('meetings', '0002_next_step'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name='nextstep', name='next_step_of_owner'),
        migrations.RenameField(model_name='nextstep', old_name='written_at', new_name='changed_at'),
        migrations.AlterField(
            model_name='nextstep',
            name='changed_at',
            field=models.DateTimeField(verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='nextstep',
            name='revision',
            field=models.PositiveIntegerField(default=1, verbose_name='revision'),
        ),
        migrations.AddField(
            model_name='nextstep',
            name='client',
            field=models.UUIDField(default=uuid.uuid4, verbose_name='last writer'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='nextstep',
            name='sequence',
            field=models.PositiveIntegerField(default=0, verbose_name='number of the last write'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='nextstep',
            name='booking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='next_steps', to='consultations.booking'),
        ),
        migrations.AddIndex(
            model_name='nextstep',
            index=models.Index(fields=['owner', '-changed_at', 'id'], name='next_step_of_owner'),
        ),
        migrations.RunSQL(
            "SELECT accounts_count_stored_in('meetings_nextstep')",
            "SELECT accounts_stop_counting_in('meetings_nextstep')",
        ),
    ]
