"""What people write to each other, and to those who run the site."""

from exchange.models.contact import AnswerTemplate, Contact
from exchange.models.desk import Away, ReplyTime, SavedText
from exchange.models.messages import Draft, Message, Side, Thread

__all__ = ["AnswerTemplate", "Away", "Contact", "Draft", "Message", "ReplyTime", "SavedText", "Side", "Thread"]
