"""Changing what people ask, without a trace of who asked.

No row names an account in clear (`exchange/own.py` finds them), and a copy of the database does not tell in which order
rows were written: all that an author does moves many rows, and what becomes visible of it (`services/day.py`) becomes
visible once a day, in random order.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Model

from exchange.models import Submission

STIRRED = 300  # rows that change their places with each change by an author

# A row is written anew, as an update may leave it on its page. Ids are random, so that those which follow any id are
# any rows (behind the last one come the first ones). Rows of a change that is under way elsewhere stay.
SHUFFLE = """
WITH behind AS (
    SELECT id FROM exchange_submission WHERE id >= %(start)s ORDER BY id LIMIT %(most)s
), before AS (
    SELECT id FROM exchange_submission WHERE id < %(start)s ORDER BY id
    LIMIT %(most)s - (SELECT count(*) FROM behind)
), free AS (
    SELECT id FROM exchange_submission WHERE id = ANY(%(too)s) OR id IN (SELECT id FROM behind UNION ALL TABLE before)
    FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM exchange_submission WHERE id IN (SELECT id FROM free) RETURNING *
)
INSERT INTO exchange_submission SELECT * FROM taken ORDER BY random()
"""


def changing[**P, R](change: Callable[P, R]) -> Callable[P, R]:
    """Run in a transaction in which nobody else changes submissions. The first lock to take, but for those on people.

    Rows move with each change: whoever waited for a single row would find it gone.
    """

    @wraps(change)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('exchange_submission', 0))")
            return change(*args, **kwargs)

    return alone


def shuffle(*too: UUID, most: int | None = STIRRED, model: type[Model] = Submission) -> None:
    """Store these rows and others anew, in random order; without `most`, all. Within `changing`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reflect.shuffling', 'yes', true)")
        statement = SHUFFLE.replace("exchange_submission", model._meta.db_table)
        cursor.execute(statement, {"start": uuid4(), "most": most, "too": list(too)})
        cursor.execute("SELECT set_config('reflect.shuffling', '', true)")


@changing
def tell_author(submission_id: UUID) -> None:
    """Note that there is something new for the author: they are told with the others of the day."""
    published = Submission.objects.exclude(state=Submission.State.WITHDRAWN)
    published.filter(pk=submission_id).update(news=Submission.News.NEW)
