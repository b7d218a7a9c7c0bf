"""Messages become mails of the outbox, under the ids that waiting jobs know. Those that wait get three days from now."""

from django.db import migrations

MOVE = """
INSERT INTO accounts_mail (id, owner_id, kind, about, once, not_after, made_at, begun_at, sent_at, dropped_at)
SELECT id, owner_id, kind, COALESCE(booking_id, wait_id), key, now() + interval '3 days', made_at, begun_at, sent_at, dropped_at
FROM consultations_message
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_mail'),
        ('consultations', '0003_waiting_entry'),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel(
            name='Message',
        ),
    ]
