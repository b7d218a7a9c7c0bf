"""What people write to each other, and to those who run the site, and what they ask all specialists."""

from exchange.models.answers import Answer, Answering, AnswerVersion, Flag, Helped
from exchange.models.contact import AnswerTemplate, Contact
from exchange.models.desk import Away, ReplyTime, SavedText
from exchange.models.messages import Draft, Message, Side, Thread
from exchange.models.objections import Objection, Remark
from exchange.models.questions import Question, QuestionDraft, Submission
from exchange.models.reports import ProfileReport, Report

__all__ = [
    "Answer",
    "AnswerTemplate",
    "AnswerVersion",
    "Answering",
    "Away",
    "Contact",
    "Draft",
    "Flag",
    "Helped",
    "Message",
    "Objection",
    "ProfileReport",
    "Question",
    "QuestionDraft",
    "Remark",
    "ReplyTime",
    "Report",
    "SavedText",
    "Side",
    "Submission",
    "Thread",
]
