"""What is only stored in another order is not counted again."""

from django.db import migrations

COUNTS = """
DROP TRIGGER count_helped ON exchange_helped;
CREATE TRIGGER count_helped AFTER INSERT OR DELETE ON exchange_helped
    FOR EACH ROW WHEN (current_setting('reflect.shuffling', true) IS DISTINCT FROM 'yes')
    EXECUTE FUNCTION exchange_count_helped();
"""
COUNTED = """
DROP TRIGGER count_helped ON exchange_helped;
CREATE TRIGGER count_helped AFTER INSERT OR DELETE ON exchange_helped
    FOR EACH ROW EXECUTE FUNCTION exchange_count_helped();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0005_desk'),
    ]

    operations = [
        migrations.RunSQL(COUNTS, COUNTED),
    ]
