"""Saved texts, time away, and reply times."""

import consultations.models.bookings
import django.contrib.postgres.constraints
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0010_notices_of_changes'),
        ('exchange', '0004_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReplyTime',
            fields=[
                ('specialist', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reply_time', serialize=False, to='consultations.specialist')),
                ('median', models.DurationField(verbose_name='median')),
            ],
            options={
                'verbose_name': 'reply time',
                'verbose_name_plural': 'reply times',
            },
        ),
        migrations.CreateModel(
            name='SavedText',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(verbose_name='words')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved text',
                'verbose_name_plural': 'saved texts',
            },
        ),
        migrations.CreateModel(
            name='Away',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('ends_at', models.DateTimeField(db_index=True, verbose_name='until')),
                ('note', models.TextField(blank=True, max_length=500, verbose_name='note')),
                ('specialist', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='away', to='consultations.specialist')),
            ],
            options={
                'verbose_name': 'time away',
                'verbose_name_plural': 'times away',
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='away_runs_forwards'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('specialist', '='), (consultations.models.bookings.TimeRange('starts_at', 'ends_at'), '&&')], name='away_does_not_overlap')],
            },
        ),
    ]
