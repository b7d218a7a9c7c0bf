"""What the tables of the journal hold of a person, for the registry in `accounts/privacy.py`."""

from accounts.privacy import Category, Kept, declare
from journal.models import Entry, PromptChoice, Revision

ENTRIES = Kept(until="Until you delete them")
BIN = Kept("Pages in the bin", days=30)
REVISIONS = Kept("Earlier versions of a page", days=90)


def declare_journal() -> None:
    declare(Entry, category=Category.WORDS, owner="owner", retention=(ENTRIES, BIN), export="entries")
    declare(Revision, category=Category.WORDS, owner="owner", retention=REVISIONS, export="revisions")
    declare(PromptChoice, category=Category.ACCOUNT, owner="owner", export="prompt_choices")
