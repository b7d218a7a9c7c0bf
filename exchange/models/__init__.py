"""What people write to each other, and to those who run the site."""

from exchange.models.contact import AnswerTemplate, Contact
from exchange.models.messages import Draft, Message, Side, Thread
from exchange.models.reports import Report

__all__ = ["AnswerTemplate", "Contact", "Draft", "Message", "Report", "Side", "Thread"]
