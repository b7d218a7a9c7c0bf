"""Entries of this app's models in the privacy registry (`accounts/privacy.py`)."""

from accounts import rotation
from accounts.privacy import WITH_SITE, Category, Erasure, Kept, before_erasure, declare
from exchange.models import (
    Answer,
    Answering,
    AnswerTemplate,
    AnswerVersion,
    Away,
    Contact,
    Draft,
    Flag,
    Helped,
    Message,
    ProfileReport,
    Question,
    QuestionDraft,
    Remark,
    ReplyTime,
    Report,
    SavedText,
    Side,
    Submission,
    Thread,
)
from exchange.portable import contact, desk, messages, objections
from exchange.portable import questions as asked
from exchange.services import questions

CONTACTS = Kept("A message to us", months=12)
MESSAGES = Kept("Messages", months=12)
REMARKS = Kept("What you and our team write about an objection", days=90)
REPORTS = Kept("A conversation or a profile that was reported", days=90)
AWAY = Kept("When a specialist was away", months=13)  # an answer of the last month may have been due a year ago
QUESTIONS = Kept("Questions to all specialists", until="until you withdraw them")
ANSWERING = Kept(until="some minutes after it was opened, or the next one who answers")


def declare_exchange() -> None:
    declare(
        Contact,
        category=Category.WORDS,
        owner="owner",
        retention=CONTACTS,
        export="contacts",
        portable=contact.CONTACTS,
    )
    declare_questions()
    declare(AnswerTemplate, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(Thread, category=Category.MACHINERY, retention=MESSAGES, erasure=Erasure.BLANKED)
    declare(
        Side,
        category=Category.WORDS,
        owner="owner",
        retention=MESSAGES,
        export="messages",
        portable=messages.MESSAGES,
    )
    declare(Message, category=Category.WORDS, owner="owner", retention=MESSAGES, export="messages")
    declare(Draft, category=Category.WORDS, owner="owner", retention=MESSAGES, export="messages", counted=True)
    declare(
        Report,
        category=Category.WORDS,
        retention=REPORTS,
        export="reports",
        portable=messages.REPORTS,
        erasure=Erasure.BLANKED,
    )
    declare(
        Remark,
        category=Category.WORDS,
        owner="owner",
        retention=REMARKS,
        export="remarks",
        portable=objections.REMARKS,
    )
    declare(
        ProfileReport,
        category=Category.WORDS,
        retention=REPORTS,
        export="profile_reports",
        portable=messages.PROFILE_REPORTS,
        erasure=Erasure.BLANKED,
    )
    declare(SavedText, category=Category.WORDS, owner="owner", export="saved_texts", portable=desk.SAVED_TEXTS)
    declare(
        Away,
        category=Category.ACCOUNT,
        owner="specialist__user",
        retention=AWAY,
        export="away",
        portable=desk.AWAY,
    )
    declare(ReplyTime, category=Category.ACCOUNT, owner="specialist__user", export="away")
    contacts = rotation.SiteSealed("contacts", Contact, "sealed", Contact.LABEL, lambda contact: contact.pk.bytes)
    reports = rotation.SiteSealed("reports", Report, "sealed", Report.LABEL, lambda report: report.pk.bytes)
    remarks = rotation.SiteSealed("remarks", Remark, "sealed", Remark.LABEL, lambda remark: remark.pk.bytes)
    of_profiles = rotation.SiteSealed(
        "reports of profiles", ProfileReport, "sealed", ProfileReport.LABEL, lambda report: report.pk.bytes
    )
    rotation.SITE_SEALED += [contacts, reports, remarks, of_profiles]


def declare_questions() -> None:
    """The one exception to the rule that a private row names its owner: only the owner's key finds their questions."""
    before_erasure.append(questions.erase)
    words, public = Category.WORDS, Category.PUBLISHED
    found = Erasure.FOUND_BY_KEY
    declare(
        Submission, category=words, retention=QUESTIONS, erasure=found, export="questions", portable=asked.QUESTIONS
    )
    declare(Question, category=public, erasure=found, export="questions")
    drafts = asked.QUESTION_DRAFTS
    declare(QuestionDraft, category=words, owner="owner", export="question_drafts", portable=drafts)
    declare(Answer, category=public, owner="specialist", export="answers", portable=asked.ANSWERS)
    declare(AnswerVersion, category=public, owner="answer__specialist", export="answers")
    declare(Answering, category=Category.MACHINERY, owner="specialist", retention=ANSWERING)
    # Made with a key, and to be told from others' only with it; they go with the answer or question.
    declare(Helped, category=Category.MACHINERY, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(Flag, category=words, retention=WITH_SITE, erasure=Erasure.EXPIRY)
    for what, column, label in (
        ("questions", "sealed", Submission.LABEL),
        ("authors of questions", "author", Submission.AUTHOR_LABEL),
    ):
        rotation.SITE_SEALED.append(rotation.SiteSealed(what, Submission, column, label, lambda row: row.pk.bytes))
    rotation.SITE_SEALED.append(rotation.SiteSealed("flags", Flag, "sealed", Flag.LABEL, lambda row: row.pk.bytes))
