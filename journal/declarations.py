"""The journal's personal data, declared for the registry in `accounts/privacy.py`."""

from accounts.privacy import Category, Kept, declare
from journal import portable
from journal.models import Entry, PromptChoice, Reminder, Revision

ENTRIES = Kept(until="Until you delete them")
BIN = Kept("Entries in the bin", days=30)
REVISIONS = Kept("Earlier versions of an entry", days=90)


def declare_journal() -> None:
    words, kept = Category.WORDS, (ENTRIES, BIN)
    declare(
        Entry,
        category=words,
        owner="owner",
        retention=kept,
        export="entries",
        portable=portable.ENTRIES,
        counted=True,
    )
    # Nested in its entry.
    declare(Revision, category=words, owner="owner", retention=REVISIONS, export="entries", counted=True)
    choices = portable.PROMPT_CHOICES
    declare(PromptChoice, category=Category.ACCOUNT, owner="owner", export="prompt_choices", portable=choices)
    reminders = portable.REMINDERS
    declare(Reminder, category=Category.ACCOUNT, owner="owner", export="reminders", portable=reminders)
