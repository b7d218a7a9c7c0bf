"""What people are asked to agree to, in the exact words, and the append-only ledger of their answers.

Words are never edited: a change is a new version (the ledger holds the hash of what was read, and the old words are in
the history of this file; `tests/accounts/test_consents.py` lists every hash there ever was). Agreeing to an older
version does not stand for a newer one: the person is asked again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, User


@dataclass(frozen=True)
class Wording:
    """One box that can be ticked: `words` stand beside it, `title` above it in the settings."""

    purpose: str
    version: int
    title: str | Promise
    words: str | Promise

    @property
    def sha256(self) -> str:
        """Hash of the words in the language they are being read in."""
        return hashlib.sha256(str(self.words).encode()).hexdigest()


ADULT = Wording("adult", 1, _("Your age"), _("I am 18 or older."))
QUESTIONNAIRE = Wording(
    "questionnaire",
    1,
    _("Your answers"),
    _(
        "I agree that my answers about my relationship, which can be very private, are stored encrypted and are used "
        "to work out my result. I can take this back at any time in the settings."
    ),
)
GROUP_STATISTICS = Wording(
    "group_statistics",
    1,
    _("Group figures"),
    _(
        "I agree that my answers are counted in group figures, such as averages over at least 100 people. No copy of "
        "my answers is kept for this. I can take this back at any time in the settings."
    ),
)
CURRENT = {wording.purpose: wording for wording in (ADULT, QUESTIONNAIRE, GROUP_STATISTICS)}
CHOICES = (QUESTIONNAIRE, GROUP_STATISTICS)  # what can be given and taken back; being an adult is a statement


@dataclass(frozen=True)
class Standing:
    """Where one choice stands: `since` is when it was last given or taken back, None where it never was.

    `reworded`: it was given, to words that are no longer these.
    """

    wording: Wording
    given: bool
    reworded: bool
    since: datetime | None

    @property
    def in_words(self) -> str:
        if self.since is None:
            return gettext("You have not agreed to this.")
        time = {"time": date_format(timezone.localtime(self.since), "j F Y, H:i")}
        if self.given:
            return gettext("You agreed on %(time)s.") % time
        if self.reworded:
            return gettext("The words have changed since you agreed on %(time)s.") % time
        return gettext("You took this back on %(time)s.") % time


def give(*, owner: User, purpose: str, now: datetime) -> None:
    """Write down that the owner agrees to the current words; nothing where that stands already."""
    if not has_given(owner, purpose):
        write(owner, CURRENT[purpose], given=True, now=now)


def withdraw(*, owner: User, purpose: str, now: datetime) -> None:
    """Write down that the owner takes an agreement back, whichever version it was; nothing where none stands."""
    wording = CURRENT[purpose]
    if wording not in CHOICES:
        raise ValueError(f"{purpose} is a statement, and cannot be taken back.")
    last = Consent.objects.visible_to(owner).standing().filter(purpose=purpose).first()
    if last and last.given:
        write(owner, wording, given=False, now=now)


def write(owner: User, wording: Wording, *, given: bool, now: datetime) -> None:
    Consent.objects.create(
        owner=owner, purpose=wording.purpose, version=wording.version, words_sha256=wording.sha256, given=given, at=now
    )


def has_given(owner: User, purpose: str) -> bool:
    """Whether the owner's last word on this purpose is yes, and to the current version."""
    last = Consent.objects.visible_to(owner).standing().filter(purpose=purpose).first()
    return last is not None and stands(last)


def standing(owner: User) -> list[Standing]:
    """Every choice that can be given and taken back, in the order in which the settings show them."""
    last = {consent.purpose: consent for consent in Consent.objects.visible_to(owner).standing()}
    return [
        Standing(
            wording,
            given=consent is not None and stands(consent),
            reworded=consent is not None and consent.given and not stands(consent),
            since=consent.at if consent else None,
        )
        for wording in CHOICES
        for consent in [last.get(wording.purpose)]
    ]


def agreeing(purpose: str) -> QuerySet[User]:
    """Everybody whose agreement to the current words stands at this moment."""
    last = Consent.objects.standing().filter(purpose=purpose)
    given = Consent.objects.filter(pk__in=last.values("pk"), given=True, version=CURRENT[purpose].version)
    return User.objects.filter(is_active=True, pk__in=given.values("owner"))


def owner_agrees(purpose: str) -> Subquery:
    """`has_given` as a column of rows with an owner, for pages that need no query more; null where never asked."""
    consents = Consent.objects.filter(owner=OuterRef("owner"), purpose=purpose).order_by("-id")
    standing = Q(given=True, version=CURRENT[purpose].version)
    return Subquery(consents.values_list(ExpressionWrapper(standing, BooleanField()))[:1])


def stands(consent: Consent) -> bool:
    return consent.given and consent.version == CURRENT[consent.purpose].version
