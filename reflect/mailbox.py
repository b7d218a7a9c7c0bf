"""The demo's mail: every message is printed in the terminal and kept for the page `/demo/mailbox/`."""

from collections.abc import Sequence
from typing import override

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class Mailbox(EmailBackend):
    """Prints messages."""

    @override
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return super().send_messages(email_messages)
