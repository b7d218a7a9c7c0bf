"""The log of what staff do, with the triggers that keep it from being edited."""

from django.db import migrations, models

# A day of grace, as the clocks of the application and of the database may differ.
NEVER_EDITED = """
CREATE FUNCTION accounts_staff_log_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '24 months' + interval '1 day' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the log of staff is only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER staff_log_is_only_added_to BEFORE UPDATE OR DELETE ON accounts_staffaction
    FOR EACH ROW EXECUTE FUNCTION accounts_staff_log_is_only_added_to();
CREATE TRIGGER staff_log_is_never_truncated BEFORE TRUNCATE ON accounts_staffaction
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_staff_log_is_only_added_to();
"""
EDITED = """
DROP TRIGGER staff_log_is_never_truncated ON accounts_staffaction;
DROP TRIGGER staff_log_is_only_added_to ON accounts_staffaction;
DROP FUNCTION accounts_staff_log_is_only_added_to;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_roles")]

    operations = [
        migrations.CreateModel(
            name="Staff",
            fields=[],
            options={
                "verbose_name": "member of staff",
                "verbose_name_plural": "staff and their roles",
                "proxy": True,
                "default_permissions": ("view", "change"),
                "indexes": [],
                "constraints": [],
            },
            bases=("accounts.user",),
        ),
        migrations.CreateModel(
            name="StaffAction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="time")),
                ("staff", models.UUIDField(verbose_name="account of who did it")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("log_in", "logged in"),
                            ("read", "opened"),
                            ("added", "added"),
                            ("changed", "changed"),
                            ("deleted", "deleted"),
                            ("role", "changed a role"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("model", models.CharField(blank=True, max_length=60, verbose_name="kind of object")),
                ("row", models.CharField(blank=True, max_length=200, verbose_name="id of the object")),
                ("said", models.CharField(blank=True, max_length=200, verbose_name="what was done")),
            ],
            options={
                "verbose_name": "action of staff",
                "verbose_name_plural": "log of staff",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="staffaction_by_time"),
                    models.Index(fields=["staff", "-at", "-id"], name="staffaction_of_staff"),
                    models.Index(
                        condition=models.Q(("row", ""), _negated=True),
                        fields=["row", "-at", "-id"],
                        name="staffaction_of_row",
                    ),
                ],
            },
        ),
        migrations.RunSQL(NEVER_EDITED, EDITED),
    ]
