"""Entries of this app's models in the privacy registry (`accounts/privacy.py`)."""

from accounts import rotation
from accounts.privacy import WITH_SITE, Category, Erasure, Kept, declare
from exchange import portable
from exchange.models import (
    AnswerTemplate,
    Away,
    Contact,
    Draft,
    Message,
    ReplyTime,
    Report,
    SavedText,
    Side,
    Thread,
)

CONTACTS = Kept("A message to us", months=12)
MESSAGES = Kept("Messages", months=12)
REPORTS = Kept("A conversation that was reported", days=90)
AWAY = Kept("When a specialist was away", months=13)  # an answer of the last month may have been due a year ago


def declare_exchange() -> None:
    declare(
        Contact,
        category=Category.WORDS,
        owner="owner",
        retention=CONTACTS,
        export="contacts",
        portable=portable.CONTACTS,
    )
    declare(AnswerTemplate, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(Thread, category=Category.MACHINERY, retention=MESSAGES, erasure=Erasure.BLANKED)
    declare(
        Side,
        category=Category.WORDS,
        owner="owner",
        retention=MESSAGES,
        export="messages",
        portable=portable.MESSAGES,
    )
    declare(Message, category=Category.WORDS, owner="owner", retention=MESSAGES, export="messages")
    declare(Draft, category=Category.WORDS, owner="owner", retention=MESSAGES, export="messages", counted=True)
    declare(
        Report,
        category=Category.WORDS,
        retention=REPORTS,
        export="reports",
        portable=portable.REPORTS,
        erasure=Erasure.BLANKED,
    )
    declare(SavedText, category=Category.WORDS, owner="owner", export="saved_texts", portable=portable.SAVED_TEXTS)
    declare(
        Away,
        category=Category.ACCOUNT,
        owner="specialist__user",
        retention=AWAY,
        export="away",
        portable=portable.AWAY,
    )
    declare(ReplyTime, category=Category.ACCOUNT, owner="specialist__user", export="away")
    contacts = rotation.SiteSealed("contacts", Contact, "sealed", Contact.LABEL, lambda contact: contact.pk.bytes)
    reports = rotation.SiteSealed("reports", Report, "sealed", Report.LABEL, lambda report: report.pk.bytes)
    rotation.SITE_SEALED += [contacts, reports]
