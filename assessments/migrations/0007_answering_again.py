"""Two results of one person, about two weeks apart, with what they say of the time between.

The trigger: both are the owner's, of one version of the questions and in the right order; what was said never changes.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


RETEST = """
CREATE FUNCTION assessments_retest_is_a_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sealed IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'what was said of two results is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT FROM assessments_result WHERE id IN (NEW.first_id, NEW.second_id) AND owner_id <> NEW.owner_id
    ) THEN
        RAISE EXCEPTION 'both results belong to the owner' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM assessments_result one, assessments_result two
        WHERE one.id = NEW.first_id AND two.id = NEW.second_id
            AND (one.version_id <> two.version_id OR one.created_at >= two.created_at)
    ) THEN
        RAISE EXCEPTION 'the second result is later, and of the same version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retest_is_a_pair BEFORE INSERT OR UPDATE ON assessments_retest
    FOR EACH ROW EXECUTE FUNCTION assessments_retest_is_a_pair();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0006_three_versions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Retest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('reminded_at', models.DateTimeField(null=True, verbose_name='reminded')),
                ('declined_at', models.DateTimeField(null=True, verbose_name='not wanted')),
                ('sealed', models.BinaryField(null=True, verbose_name='what was said')),
                ('first', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='retest', to='assessments.result')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='retest_of', to='assessments.result')),
            ],
            options={
                'verbose_name': 'answering again',
                'verbose_name_plural': 'answering again',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sealed', None), ('second', None)), models.Q(('declined_at', None), ('sealed__isnull', False), ('second__isnull', False)), _connector='OR'), name='retest_second_with_what_was_said'), models.CheckConstraint(condition=models.Q(('reminded_at', None), ('reminded_at__gte', models.F('asked_at')), _connector='OR'), name='retest_reminded_after_asked')],
            },
        ),
        migrations.RunSQL(
            RETEST, "DROP TRIGGER retest_is_a_pair ON assessments_retest; DROP FUNCTION assessments_retest_is_a_pair;"
        ),
    ]
