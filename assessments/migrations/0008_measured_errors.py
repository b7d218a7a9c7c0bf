"""What pairs show of the errors, and the constants that staff publish from it, which never change (trigger)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


PUBLISHED = """
CREATE FUNCTION assessments_constants_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published constants are never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER constants_never_change BEFORE UPDATE OR DELETE ON assessments_publishedconstants
    FOR EACH ROW EXECUTE FUNCTION assessments_constants_never_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0007_answering_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedConstants',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('way', models.CharField(choices=[('plain', 'Plain: each pair counts alike'), ('robust', 'Robust: few pairs that changed a lot have less weight')], max_length=6, verbose_name='how it was worked out')),
                ('n', models.PositiveIntegerField(verbose_name='people, at least')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('measured_at', models.DateTimeField(verbose_name='measured')),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('toml', models.TextField(verbose_name='the file of constants')),
            ],
            options={
                'verbose_name': 'published constants',
                'verbose_name_plural': 'published constants',
                'ordering': ['-number'],
            },
        ),
        migrations.AlterField(
            model_name='counted',
            name='figures',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='counted', to='assessments.groupfigures'),
        ),
        migrations.CreateModel(
            name='ErrorEstimate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figures', models.JSONField(verbose_name='figures')),
                ('worked_out_at', models.DateTimeField(verbose_name='worked out')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='error_estimate', to='assessments.instrumentversion')),
            ],
            options={
                'verbose_name': 'measured error',
                'verbose_name_plural': 'measured errors',
                'ordering': ['version'],
            },
        ),
        migrations.AddField(
            model_name='counted',
            name='estimate',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='counted', to='assessments.errorestimate'),
        ),
        migrations.AddConstraint(
            model_name='counted',
            constraint=models.UniqueConstraint(fields=('estimate', 'owner'), name='counted_once_for_an_estimate'),
        ),
        migrations.AddConstraint(
            model_name='counted',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('estimate__isnull', False), ('figures', None)), models.Q(('estimate', None), ('figures__isnull', False)), _connector='OR'), name='counted_in_one'),
        ),
        migrations.AddField(
            model_name='publishedconstants',
            name='questionnaire',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.instrumentversion'),
        ),
        migrations.AddConstraint(
            model_name='publishedconstants',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 101)), name='constants_not_of_a_release'),
        ),
        migrations.AddConstraint(
            model_name='publishedconstants',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['plain', 'robust'])), name='constants_way_is_known'),
        ),
        migrations.AddConstraint(
            model_name='publishedconstants',
            constraint=models.CheckConstraint(condition=models.Q(('n__gt', 0), models.Q(('source', ''), _negated=True)), name='constants_say_how_they_are_known'),
        ),
        migrations.RunSQL(
            PUBLISHED,
            "DROP TRIGGER constants_never_change ON assessments_publishedconstants;"
            "DROP FUNCTION assessments_constants_never_change;",
        ),
    ]
