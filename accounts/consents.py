"""The exact wordings that people agree to, and the append-only ledger of their answers.

A wording is never edited: a change is a new version. The ledger stores the hash of what was read, old wordings are in
the history of this file, and `tests/accounts/test_consents.py` lists every hash there ever was. Consent to an older
version does not cover a newer one: the person is asked again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, User


@dataclass(frozen=True)
class Wording:
    """One checkbox: `words` are its label, `title` is its heading in the settings."""

    purpose: str
    version: int
    title: str | Promise
    words: str | Promise

    @property
    def sha256(self) -> str:
        """Hash of the words in the active language."""
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
CHOICES = (QUESTIONNAIRE, GROUP_STATISTICS)  # can be given and withdrawn; being an adult is a statement


@dataclass(frozen=True)
class Standing:
    """The state of one choice. `since` is when it was last given or withdrawn, None if it never was.

    `reworded` means that it was given, but to an older version of the words.
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


@transaction.atomic
def give(*, owner: User, purpose: str, now: datetime) -> None:
    """Record that the owner agrees to the current words. Does nothing if they already have."""
    lock(owner)
    if not has_given(owner, purpose):
        write(owner, CURRENT[purpose], given=True, now=now)


@transaction.atomic
def withdraw(*, owner: User, purpose: str, now: datetime) -> None:
    """Record that the owner withdraws consent, to whichever version it was given. Does nothing if there is none."""
    wording = CURRENT[purpose]
    if wording not in CHOICES:
        raise ValueError(f"{purpose} is a statement, and cannot be taken back.")
    lock(owner)
    last = Consent.objects.visible_to(owner).standing().filter(purpose=purpose).first()
    if last and last.given:
        write(owner, wording, given=False, now=now)


def lock(owner: User) -> None:
    """Let whoever answers for the same person at the same moment wait, and then see this answer."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=owner.pk)


def write(owner: User, wording: Wording, *, given: bool, now: datetime) -> None:
    Consent.objects.create(
        owner=owner, purpose=wording.purpose, version=wording.version, words_sha256=wording.sha256, given=given, at=now
    )


def has_given(owner: User, purpose: str) -> bool:
    """Whether the owner's latest answer for this purpose is yes, and to the current version."""
    last = Consent.objects.visible_to(owner).standing().filter(purpose=purpose).first()
    return last is not None and stands(last)


def standing(owner: User) -> list[Standing]:
    """The state of every choice in CHOICES, in the order in which the settings show them."""
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
    """Active accounts whose owners currently agree to the current words."""
    last = Consent.objects.standing().filter(purpose=purpose)
    given = Consent.objects.filter(pk__in=last.values("pk"), given=True, version=CURRENT[purpose].version)
    return User.objects.filter(is_active=True, pk__in=given.values("owner"))


def owner_agrees(purpose: str) -> Subquery:
    """`has_given` as an annotation for rows with an `owner`, which saves a query; null if the owner never answered."""
    consents = Consent.objects.filter(owner=OuterRef("owner"), purpose=purpose).order_by("-id")
    standing = Q(given=True, version=CURRENT[purpose].version)
    return Subquery(consents.values_list(ExpressionWrapper(standing, BooleanField()))[:1])


def stands(consent: Consent) -> bool:
    return consent.given and consent.version == CURRENT[consent.purpose].version
