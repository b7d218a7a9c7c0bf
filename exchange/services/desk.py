"""A specialist's saved texts and time away, and how soon they usually answer messages."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.sealing import CannotOpen
from consultations.models import Specialist
from consultations.services.locks import lock_specialist
from exchange.models import Away, ReplyTime, SavedText, Side
from exchange.models.desk import Words
from lib.zones import zone

MOST_TEXTS = 20
LONGEST_TEXT = 4_000  # characters
COUNTED = timedelta(days=30)  # answers this recent make the reply time
LEAST_THREADS = 5  # with answers, for a reply time to be told


class TooManyTexts(Exception):
    """There are MOST_TEXTS already."""


class SomebodyElses(Exception):
    """A text of this id is another person's."""


# Saved texts


def texts_of(owner: User) -> list[tuple[SavedText, Words | None]]:
    """All of them by title; None for those that cannot be opened, which come last."""
    found: list[tuple[SavedText, Words | None]] = []
    for row in SavedText.objects.visible_to(owner):
        try:
            found.append((row, row.words(owner)))
        except CannotOpen:
            found.append((row, None))
    return sorted(found, key=lambda one: (one[1] is None, one[1].title.casefold() if one[1] else "", str(one[0].pk)))


@transaction.atomic
def save_text(*, owner: User, text_id: UUID, words: Words) -> None:
    """Make the text, or change it; one that was deleted meanwhile is made again.

    Raises TooManyTexts and SomebodyElses.
    """
    lock_specialist(owner.pk)  # so that two requests do not both make the last one
    row = SavedText.objects.filter(pk=text_id).first()
    if row and row.owner_id != owner.pk:
        raise SomebodyElses
    if row is None and SavedText.objects.visible_to(owner).count() >= MOST_TEXTS:
        raise TooManyTexts
    row = row or SavedText(pk=text_id, owner=owner)
    row.seal(owner, words)
    row.save()


def text_of(owner: User, text_id: str) -> str:
    """The text of this id; "" if it is not there, or cannot be opened."""
    with suppress(ValueError, CannotOpen):
        if row := SavedText.objects.visible_to(owner).filter(pk=UUID(text_id)).first():
            return row.words(owner).text
    return ""


def delete_text(*, owner: User, text_id: UUID) -> None:
    SavedText.objects.visible_to(owner).filter(pk=text_id).delete()


# Colleagues


def colleagues_of(side: Side) -> QuerySet[Specialist]:
    """To whom a specialist can refer in this thread: those who are listed, but for the two who are in it."""
    two = [one for one in (side.owner_id, side.other_id) if one]
    return Specialist.objects.listed().exclude(pk__in=two)


# Time away


def away_of(specialist: Specialist, now: datetime) -> Away | None:
    """The time away that holds or is to come; there is one at most."""
    return Away.objects.not_over(now).filter(specialist=specialist).first()


@transaction.atomic
def set_away(*, specialist_id: UUID, first: date | None, last: date, note: str, now: datetime) -> None:
    """Be away on these days, both included; instead of the time away that is not over. It begins now at the earliest.

    Without `first`, one that has begun keeps its beginning.
    """
    specialist = lock_specialist(specialist_id)
    if specialist is None:
        return
    here = zone(specialist.timezone)
    away = away_of(specialist, now)
    if away is None or away.starts_at > now:
        begins = datetime.combine(first, time.min, here) if first else now
        away = away or Away(specialist=specialist)
        away.starts_at = max(begins, now)
    away.ends_at = datetime.combine(last + timedelta(days=1), time.min, here)
    away.note = note
    away.save()


@transaction.atomic
def end_away(*, specialist_id: UUID, now: datetime) -> None:
    """End the time away that holds, or cancel the one to come."""
    specialist = lock_specialist(specialist_id)
    away = away_of(specialist, now) if specialist else None
    if away and away.starts_at < now:
        away.ends_at = now
        away.save()
    elif away:
        away.delete()


def forget_away(*, before: datetime) -> None:
    Away.objects.filter(ends_at__lt=before).delete()


# How soon an answer comes


# Each answer with the first message since the answer before it. Both are read from the specialist's own copies, so it
# makes no difference whether the other account is still there.
COUNT = """
INSERT INTO exchange_replytime (specialist_id, median)
SELECT specialist_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY took)
FROM (
    SELECT answer.owner_id AS specialist_id, answer.side_id, answer.at - asked.at - COALESCE((
        SELECT sum(LEAST(away.ends_at, answer.at) - GREATEST(away.starts_at, asked.at))
        FROM exchange_away AS away
        WHERE away.specialist_id = answer.owner_id AND away.starts_at < answer.at AND away.ends_at > asked.at
    ), interval '0') AS took
    FROM exchange_message AS answer
    JOIN exchange_side AS side ON side.id = answer.side_id
    JOIN exchange_thread AS thread ON thread.id = side.thread_id AND thread.specialist_id = answer.owner_id
    JOIN consultations_specialist AS specialist ON specialist.user_id = answer.owner_id
    CROSS JOIN LATERAL (
        SELECT at
        FROM exchange_message
        WHERE side_id = answer.side_id AND number < answer.number AND number > COALESCE((
            SELECT max(number) FROM exchange_message
            WHERE side_id = answer.side_id AND number < answer.number AND is_own
        ), 0)
        ORDER BY number
        LIMIT 1
    ) AS asked
    WHERE answer.is_own AND answer.at > %(after)s AND answer.at <= %(now)s
) AS answers
GROUP BY specialist_id
HAVING count(DISTINCT side_id) >= %(threads)s
"""


@transaction.atomic
def count_reply_times(*, now: datetime) -> None:
    """The median of the answers of the last COUNTED, of each specialist who wrote them in LEAST_THREADS."""
    ReplyTime.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"after": now - COUNTED, "now": now, "threads": LEAST_THREADS})
