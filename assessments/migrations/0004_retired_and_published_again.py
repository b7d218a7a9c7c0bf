"""A retired version can be published again. Everything else about a published version still never changes."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION assessments_published_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version of the questionnaire is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF {may_change} THEN
        OLD.retired_at := NEW.retired_at;
    END IF;
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a published version of the questionnaire is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_group_figures_in_batches")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(may_change="(OLD.retired_at IS NULL) <> (NEW.retired_at IS NULL)"),
            FUNCTION.format(may_change="OLD.retired_at IS NULL"),
        ),
    ]
