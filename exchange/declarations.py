"""Entries of this app's models in the privacy registry (`accounts/privacy.py`)."""

from accounts import rotation
from accounts.privacy import WITH_SITE, Category, Erasure, Kept, declare
from exchange import portable
from exchange.models import AnswerTemplate, Contact

CONTACTS = Kept("A message to us", months=12)


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
    contacts = rotation.SiteSealed("contacts", Contact, "sealed", Contact.LABEL, lambda contact: contact.pk.bytes)
    rotation.SITE_SEALED.append(contacts)
