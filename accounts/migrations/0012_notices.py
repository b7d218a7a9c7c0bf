"""Notices, and how many of them are new: triggers count in the statement that changes them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A deletion only ever updates: the account, and with it the count, may be going in the same transaction.
COUNT = """
CREATE FUNCTION accounts_count_new_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO accounts_unread AS unread (owner_id, notices)
        SELECT owner_id, count(*) FILTER (WHERE opened_at IS NULL) FROM added GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id) DO UPDATE SET notices = unread.notices + excluded.notices;
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM FROM accounts_unread WHERE owner_id IN (SELECT owner_id FROM added) ORDER BY owner_id FOR NO KEY UPDATE;
        UPDATE accounts_unread AS unread SET notices = unread.notices + changed.more
        FROM (
            SELECT owner_id, sum(is_new) AS more FROM (
                SELECT owner_id, (opened_at IS NULL)::int AS is_new FROM added
                UNION ALL SELECT owner_id, -(opened_at IS NULL)::int FROM removed
            ) AS both_states GROUP BY owner_id HAVING sum(is_new) <> 0
        ) AS changed
        WHERE unread.owner_id = changed.owner_id;
    ELSE
        PERFORM FROM accounts_unread WHERE owner_id IN (SELECT owner_id FROM removed)
        ORDER BY owner_id FOR NO KEY UPDATE;
        UPDATE accounts_unread AS unread SET notices = unread.notices - gone.fewer
        FROM (SELECT owner_id, count(*) AS fewer FROM removed WHERE opened_at IS NULL GROUP BY owner_id) AS gone
        WHERE unread.owner_id = gone.owner_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_added AFTER INSERT ON accounts_notice REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_count_new_notices();
CREATE TRIGGER count_changed AFTER UPDATE ON accounts_notice REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_count_new_notices();
CREATE TRIGGER count_removed AFTER DELETE ON accounts_notice REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_count_new_notices();
"""
STOP = """
DROP TRIGGER count_added ON accounts_notice;
DROP TRIGGER count_changed ON accounts_notice;
DROP TRIGGER count_removed ON accounts_notice;
DROP FUNCTION accounts_count_new_notices;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_pace")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="time")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                ("sealed", models.BinaryField(verbose_name="kind and target")),
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
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "indexes": [
                    models.Index(fields=["owner", "-at", "id"], name="notice_of_owner"),
                    models.Index(fields=["at"], name="notice_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unread",
            fields=[
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="unread",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("notices", models.PositiveIntegerField(db_default=0, default=0, verbose_name="new notices")),
                ("messages", models.PositiveIntegerField(db_default=0, default=0, verbose_name="new messages")),
            ],
            options={"verbose_name": "what is new", "verbose_name_plural": "what is new"},
        ),
        migrations.RunSQL(COUNT, STOP),
    ]
