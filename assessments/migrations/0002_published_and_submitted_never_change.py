"""Triggers: a published version is retired and nothing else; a submitted response is never changed."""

from django.db import migrations

PUBLISHED = """
CREATE FUNCTION assessments_published_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version of the questionnaire is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.retired_at IS NULL THEN
        OLD.retired_at := NEW.retired_at;
    END IF;
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a published version of the questionnaire is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_never_changes BEFORE UPDATE OR DELETE ON assessments_instrumentversion
    FOR EACH ROW EXECUTE FUNCTION assessments_published_never_changes();
"""

SUBMITTED = """
CREATE FUNCTION assessments_submitted_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted response is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER submitted_never_changes BEFORE UPDATE ON assessments_response
    FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION assessments_submitted_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]

    operations = [
        migrations.RunSQL(
            PUBLISHED,
            "DROP TRIGGER published_never_changes ON assessments_instrumentversion;"
            "DROP FUNCTION assessments_published_never_changes;",
        ),
        migrations.RunSQL(
            SUBMITTED,
            "DROP TRIGGER submitted_never_changes ON assessments_response;"
            "DROP FUNCTION assessments_submitted_never_changes;",
        ),
    ]
