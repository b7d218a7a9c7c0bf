"""Messages, and how many of them are new: triggers add up `fresh` in the statement that changes it."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

# A deletion only ever updates: the account, and with it the count, may be going in the same transaction.
COUNT = """
CREATE FUNCTION exchange_count_new_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO accounts_unread AS unread (owner_id, messages)
        SELECT owner_id, sum(fresh) FROM added GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id) DO UPDATE SET messages = unread.messages + excluded.messages;
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM FROM accounts_unread WHERE owner_id IN (
            SELECT added.owner_id FROM added JOIN removed USING (id) WHERE added.fresh <> removed.fresh
        ) ORDER BY owner_id FOR NO KEY UPDATE;
        UPDATE accounts_unread AS unread SET messages = unread.messages + changed.more
        FROM (
            SELECT added.owner_id, sum(added.fresh - removed.fresh) AS more
            FROM added JOIN removed USING (id) GROUP BY added.owner_id
        ) AS changed
        WHERE unread.owner_id = changed.owner_id AND changed.more <> 0;
    ELSE
        PERFORM FROM accounts_unread WHERE owner_id IN (SELECT owner_id FROM removed WHERE fresh > 0)
        ORDER BY owner_id FOR NO KEY UPDATE;
        UPDATE accounts_unread AS unread SET messages = unread.messages - gone.fewer
        FROM (SELECT owner_id, sum(fresh) AS fewer FROM removed WHERE fresh > 0 GROUP BY owner_id) AS gone
        WHERE unread.owner_id = gone.owner_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_added AFTER INSERT ON exchange_side REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_count_new_messages();
CREATE TRIGGER count_changed AFTER UPDATE ON exchange_side REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_count_new_messages();
CREATE TRIGGER count_removed AFTER DELETE ON exchange_side REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION exchange_count_new_messages();
"""
STOP = """
DROP TRIGGER count_added ON exchange_side;
DROP TRIGGER count_changed ON exchange_side;
DROP TRIGGER count_removed ON exchange_side;
DROP FUNCTION exchange_count_new_messages;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_notices'),
        ('exchange', '0001_contact'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Side',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('last_at', models.DateTimeField(verbose_name='last word')),
                ('opened_to', models.PositiveIntegerField(default=0, verbose_name='opened up to')),
                ('fresh', models.PositiveIntegerField(default=0, verbose_name='not opened yet')),
                ('sealed', models.BinaryField(verbose_name='names and choice')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'side of a conversation',
                'verbose_name_plural': 'sides of conversations',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(verbose_name='words')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('revision', models.PositiveIntegerField(default=1, verbose_name='revision')),
                ('client', models.UUIDField(verbose_name='last writer')),
                ('sequence', models.PositiveIntegerField(verbose_name='number of the last write')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('side', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='exchange.side')),
            ],
            options={
                'verbose_name': 'draft of a message',
                'verbose_name_plural': 'drafts of messages',
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('last_number', models.PositiveIntegerField(default=0, verbose_name='number of the last message')),
                ('last_at', models.DateTimeField(db_index=True, verbose_name='last word')),
                ('member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('specialist', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'conversation',
                'verbose_name_plural': 'conversations',
            },
        ),
        migrations.AddField(
            model_name='side',
            name='thread',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sides', to='exchange.thread'),
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField(verbose_name='words')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('is_own', models.BooleanField(verbose_name='written by the owner')),
                ('opened_on', models.DateField(null=True, verbose_name='opened by the other one')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('side', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='exchange.side')),
            ],
            options={
                'verbose_name': 'message between two people',
                'verbose_name_plural': 'messages between two people',
                'constraints': [models.UniqueConstraint(fields=('side', 'number'), name='message_number_in_side'), models.CheckConstraint(condition=models.Q(('is_own', True), ('opened_on', None), _connector='OR'), name='message_own_is_opened')],
            },
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.UniqueConstraint(fields=('member', 'specialist'), name='thread_one_for_two'),
        ),
        migrations.AddConstraint(
            model_name='thread',
            constraint=models.CheckConstraint(condition=models.Q(('member', models.F('specialist')), _negated=True), name='thread_not_with_oneself'),
        ),
        migrations.AddIndex(
            model_name='side',
            index=models.Index(fields=['owner', '-last_at', 'id'], name='side_of_owner'),
        ),
        migrations.AddIndex(
            model_name='side',
            index=models.Index(condition=models.Q(('fresh__gt', 0)), fields=['owner', '-last_at', 'id'], name='side_fresh_of_owner'),
        ),
        migrations.AddConstraint(
            model_name='side',
            constraint=models.UniqueConstraint(fields=('thread', 'owner'), name='side_one_each'),
        ),
        migrations.RunSQL(COUNT, STOP),
        migrations.RunSQL(
            "SELECT accounts_count_stored_in('exchange_draft')", "SELECT accounts_stop_counting_in('exchange_draft')"
        ),
    ]
