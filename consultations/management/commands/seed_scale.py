"""Fill a database with as many specialists, slots and bookings as a large site has, for measurements."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from accounts.models import DataKey, User
from accounts.self_document import begin
from consultations.models import Specialist
from guide import themes

BATCH = 1_000
LANGUAGES = ("en", "es", "pt", "de", "fr", "pl")
FORMATS = ("video", "phone", "text")
PASSWORD = "!"  # noqa: S105  # nobody logs in with these accounts
CLIENT, SPECIALIST = "client-{}@scale.invalid", "specialist-{}@scale.invalid"

# Each specialist has two slots a day, at an hour of their own, on as many days as needed.
SLOTS = """
INSERT INTO consultations_slot (specialist_id, starts_at, ends_at, is_open, closed, extra)
SELECT user_id, start, start + interval '30 minutes', true, false, true
FROM (
    SELECT user_id, %(today)s + ((1 + k / 2) || ' days')::interval
           + ((8 + right(slug, 5)::int %% 10) || ' hours')::interval + ((k %% 2) * interval '30 minutes') AS start
    FROM consultations_specialist, generate_series(0, %(each)s - 1) AS k
    WHERE slug LIKE 'scale-%%'
) AS times
"""

# On each past day every specialist has one booking, with a different client each day, so that nobody is double-booked.
BOOKINGS = """
INSERT INTO consultations_booking (id, client_id, specialist_id, slot_id, starts_at, ends_at, status, format, token,
    made_at, changed_at, sequence, reschedules, remind_day, remind_hour, client_fit, specialist_fit)
SELECT gen_random_uuid(), client.id, specialist.user_id, NULL, start, start + interval '30 minutes', 'completed',
    'video', gen_random_uuid(), start - interval '3 days', start, 0, 0, false, false, '', ''
FROM (
    SELECT user_id, right(slug, 5)::int AS n,
           %(today)s - (%(day)s || ' days')::interval + ((8 + right(slug, 5)::int %% 10) || ' hours')::interval AS start
    FROM consultations_specialist WHERE slug LIKE 'scale-%%'
) AS specialist
JOIN accounts_user AS client
  ON client.email = 'client-' || ((specialist.n + 37 * %(day)s) %% %(clients)s) || '@scale.invalid'
"""


class Command(BaseCommand):
    help = "Make many specialists, free times and past meetings, in a database that is there to be measured."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--specialists", type=int, default=10_000)
        parser.add_argument("--slots", type=int, default=84, help="of each specialist")
        parser.add_argument("--bookings", type=int, default=100, help="of each specialist")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "This fills a database with people who do not exist: only where DEMO=1 or DEBUG=1 is set."
            )
        now, many = timezone.now(), options["specialists"]
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        for number in range(0, many, BATCH):
            make_people(range(number, min(number + BATCH, many)), now)
            self.progress("specialists", min(number + BATCH, many), many)
        with connection.cursor() as cursor:
            cursor.execute(SLOTS, {"today": today, "each": options["slots"]})
            self.stdout.write(f"slots: {cursor.rowcount:,}")
            for day in range(1, options["bookings"] + 1):
                cursor.execute(BOOKINGS, {"today": today, "day": day, "clients": many})
                if day % 10 == 0 or day == options["bookings"]:
                    self.progress("bookings", day * many, options["bookings"] * many)
            cursor.execute("ANALYZE consultations_slot, consultations_booking, consultations_specialist, accounts_user")

    def progress(self, what: str, done: int, of: int) -> None:
        self.stdout.write(f"{what}: {done:,} of {of:,}")


def make_people(numbers: range, now: datetime) -> None:
    """Create verified specialists with varied themes, languages and formats, and as many clients."""
    clients = [User(email=CLIENT.format(number), password=PASSWORD) for number in numbers]
    users = [User(email=SPECIALIST.format(number), password=PASSWORD, is_specialist=True) for number in numbers]
    keys = [begin(user) for user in (*clients, *users)]
    User.objects.bulk_create([*clients, *users])
    DataKey.objects.bulk_create(keys)
    Specialist.objects.bulk_create(
        Specialist(
            user=user,
            slug=f"scale-{number:05}",
            name=f"Specialist {number}",
            profession="Counsellor",
            years=1 + number % 40,
            about="I work slowly and practically. " * 3,
            languages=[LANGUAGES[number % 6], LANGUAGES[number // 6 % 6]],
            themes=[themes.KEYS[number % 10], themes.KEYS[number // 10 % 10]],
            formats=[FORMATS[number % 3]],
            status=Specialist.Status.VERIFIED,
            verified_at=now,
            check_again_on=(now + timedelta(days=365)).date(),
            created_at=now,
            changed_at=now,
        )
        for number, user in zip(numbers, users, strict=True)
    )
