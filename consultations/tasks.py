"""What the worker does for the consultations. Each periodic task works from its own scheduled time."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from consultations import mails


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))  # the last after a day
def send_message(message_id: str) -> None:
    """One mail. A server that does not take it is tried again."""
    mails.send(message_id=UUID(message_id), now=timezone.now())
