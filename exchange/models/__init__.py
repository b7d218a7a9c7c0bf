"""What people write to each other, and to those who run the site."""

from exchange.models.contact import AnswerTemplate, Contact
from exchange.models.desk import Away, ReplyTime, SavedText
from exchange.models.messages import Draft, Message, Side, Thread
from exchange.models.reports import Report

__all__ = [
    "AnswerTemplate",
    "Away",
    "Contact",
    "Draft",
    "Message",
    "ReplyTime",
    "Report",
    "SavedText",
    "Side",
    "Thread",
]
