"""The ledger of consents, in the order of its lines, with the triggers that keep it append-only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The erasure service says `SET LOCAL reflect.erasing = '<owner id>'`, and may then delete the lines of that owner alone.
APPEND_ONLY = """
CREATE FUNCTION accounts_consents_are_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.owner_id::text = current_setting('reflect.erasing', true) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the ledger of consents is only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consents_are_only_added_to BEFORE UPDATE OR DELETE ON accounts_consent
    FOR EACH ROW EXECUTE FUNCTION accounts_consents_are_only_added_to();
CREATE TRIGGER consents_are_never_truncated BEFORE TRUNCATE ON accounts_consent
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_consents_are_only_added_to();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.DeleteModel("Consent"),
        migrations.CreateModel(
            "Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=32, verbose_name="purpose")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version of the words")),
                ("words_sha256", models.CharField(max_length=64, verbose_name="hash of the words")),
                ("given", models.BooleanField(verbose_name="given")),
                ("at", models.DateTimeField(verbose_name="time")),
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
            options={"verbose_name": "consent", "verbose_name_plural": "consents"},
        ),
        migrations.AddIndex(
            "consent", models.Index(fields=["owner", "purpose", "-id"], name="consent_latest")
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER consents_are_never_truncated ON accounts_consent;"
            "DROP TRIGGER consents_are_only_added_to ON accounts_consent;"
            "DROP FUNCTION accounts_consents_are_only_added_to;",
        ),
    ]
