"""Export of what a member wrote to those who run the site, with the answers."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import CannotOpen
from exchange.models import Contact
from exchange.models.contact import Words
from lib.zones import zone

CHUNK = 100


def opened(owner: User) -> Iterator[tuple[Contact, Words | None]]:
    """Oldest first; None for words that cannot be opened."""
    for contact in Contact.objects.visible_to(owner).order_by("day", "id").iterator(chunk_size=CHUNK):
        try:
            yield contact, contact.words()
        except CannotOpen:
            yield contact, None


def contacts(owner: User) -> Iterator[Document]:
    for contact, words in opened(owner):
        row: Document = {"id": str(contact.pk), "topic": contact.topic, "state": contact.state}
        if words is None:
            yield row | {"day": contact.day.isoformat(), "cannot_be_opened": True}
            continue
        answers = [{"text": said.text, "at": said.at.isoformat()} for said in words.answers]
        yield row | {"text": words.asked.text, "at": words.asked.at.isoformat(), "answers": answers}


def contacts_text(owner: User) -> Iterator[str]:
    """The same as Markdown, with times in the owner's time zone."""
    yield "# {}\n".format(_("What you wrote to us"))
    here = zone(owner.timezone)
    for contact, words in opened(owner):
        yield f"\n## {contact.day:%Y-%m-%d}, {contact.get_topic_display()}\n"
        if words is None:
            yield "\n{}\n".format(_("This message can’t be opened. It has not been changed."))
            continue
        yield f"\n{words.asked.text}\n"
        for said in words.answers:
            day = f"{timezone.localtime(said.at, here):%Y-%m-%d}"
            yield "\n### {}\n\n{}\n".format(_("Our answer, %(day)s") % {"day": day}, said.text)


CONTACTS = Portable(contacts, readable=("contact.md", contacts_text))
