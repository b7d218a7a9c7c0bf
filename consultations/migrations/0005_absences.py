from collections.abc import Iterator
from datetime import date, timedelta

from django.db import migrations

DAY = timedelta(days=1)


def gaps(periods: list[tuple[date, date | None]]) -> Iterator[tuple[date, date]]:
    """First and last day of each stretch between these periods that none of them covers."""
    covered = None
    for first, last in sorted(periods, key=lambda period: period[0]):
        if covered and first > covered + DAY:
            yield covered + DAY, first - DAY
        if last is None:
            return
        covered = max(covered or last, last)


def close_gaps(apps, schema_editor):
    """An empty week between two others was an absence, and a later change of the week deleted it: close its dates."""
    hours, overrides = (apps.get_model('consultations', name) for name in ('WeeklyHours', 'DateOverride'))
    today = date.today()
    periods = {}
    for specialist, first, last in hours.objects.values_list('specialist_id', 'valid_from', 'valid_to'):
        periods.setdefault(specialist, []).append((first, last))
    differing = set(overrides.objects.values_list('specialist_id', 'date'))
    overrides.objects.bulk_create(
        overrides(specialist_id=specialist, date=day)
        for specialist, found in periods.items()
        for first, last in gaps(found)
        for day in (first + number * DAY for number in range((last - first).days + 1))
        if day >= today and (specialist, day) not in differing
    )


class Migration(migrations.Migration):
    dependencies = [
        ('consultations', '0004_messages_into_the_outbox'),
    ]

    operations = [
        migrations.RunPython(close_gaps, migrations.RunPython.noop, elidable=True),
    ]
