"""What a web process answers when the database took too long (`WEB_WAITS` of the settings): come back in a moment."""

from django.db import DatabaseError
from psycopg.errors import IdleInTransactionSessionTimeout, LockNotAvailable, QueryCanceled

GAVE_UP = (LockNotAvailable, QueryCanceled, IdleInTransactionSessionTimeout)
AGAIN_IN = "10"  # seconds, for Retry-After
BUSY = {429, 503}  # statuses of what was refused because others are served, not for what it says


def gave_up(error: BaseException | None) -> bool:
    """Whether PostgreSQL ended a statement, as it waited for a lock or ran for too long. Its transaction is undone."""
    return isinstance(error, DatabaseError) and isinstance(error.__cause__, GAVE_UP)
