"""The staff's inbox, what is reported to them, and the moderation of questions."""

from exchange.admin import contact, questions, reports

__all__ = ["contact", "questions", "reports"]
