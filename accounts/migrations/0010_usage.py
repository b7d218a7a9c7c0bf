"""Counts what each account stores, in the statement that stores it.

`accounts_count_stored_in('journal_entry')` has a table with `owner_id` and `sealed` counted: an app calls it in the
migration that makes the table.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A deletion only ever updates: the account, and with it this row, may be going in the same transaction.
COUNT = """
CREATE FUNCTION accounts_count_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO accounts_usage AS counted (owner_id, bytes)
        SELECT owner_id, sum(octet_length(sealed)) FROM added GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (owner_id) DO UPDATE SET bytes = counted.bytes + excluded.bytes;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO accounts_usage AS counted (owner_id, bytes)
        SELECT owner_id, sum(size) FROM (
            SELECT owner_id, octet_length(sealed) AS size FROM added
            UNION ALL SELECT owner_id, -octet_length(sealed) FROM removed
        ) AS changed GROUP BY owner_id HAVING sum(size) <> 0 ORDER BY owner_id
        ON CONFLICT (owner_id) DO UPDATE SET bytes = counted.bytes + excluded.bytes;
    ELSE
        PERFORM FROM accounts_usage WHERE owner_id IN (SELECT owner_id FROM removed)
        ORDER BY owner_id FOR NO KEY UPDATE;
        UPDATE accounts_usage AS counted SET bytes = counted.bytes - gone.size
        FROM (SELECT owner_id, sum(octet_length(sealed)) AS size FROM removed GROUP BY owner_id) AS gone
        WHERE counted.owner_id = gone.owner_id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION accounts_count_stored_in(counted regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER count_added AFTER INSERT ON %s REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION accounts_count_stored()', counted);
    EXECUTE format('CREATE TRIGGER count_changed AFTER UPDATE ON %s REFERENCING NEW TABLE AS added OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION accounts_count_stored()', counted);
    EXECUTE format('CREATE TRIGGER count_removed AFTER DELETE ON %s REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION accounts_count_stored()', counted);
    EXECUTE format('INSERT INTO accounts_usage AS counted (owner_id, bytes)
        SELECT owner_id, sum(octet_length(sealed)) FROM %s GROUP BY owner_id
        ON CONFLICT (owner_id) DO UPDATE SET bytes = counted.bytes + excluded.bytes', counted);
END $$;

CREATE FUNCTION accounts_stop_counting_in(counted regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER count_added ON %s', counted);
    EXECUTE format('DROP TRIGGER count_changed ON %s', counted);
    EXECUTE format('DROP TRIGGER count_removed ON %s', counted);
END $$;
"""
STOP = """
DROP FUNCTION accounts_stop_counting_in;
DROP FUNCTION accounts_count_stored_in;
DROP FUNCTION accounts_count_stored;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_addresses_in_ascii")]

    operations = [
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="usage",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("bytes", models.BigIntegerField(verbose_name="bytes stored")),
            ],
            options={"verbose_name": "size of an account", "verbose_name_plural": "sizes of accounts"},
        ),
        migrations.RunSQL(COUNT, STOP),
    ]
