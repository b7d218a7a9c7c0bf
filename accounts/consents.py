"""The exact wordings that people agree to, and the append-only ledger of their answers.

A wording is never edited: a change is a new version, made only when the meaning changes. The ledger stores the hash of
what was read; EARLIER keeps the old wordings, so that people can read what they agreed to, and
`tests/accounts/test_consents.py` lists every hash there ever was. Consent to an older version does not cover a newer
one: the person is asked again, and told in a sentence what has changed. Until they answer, nothing is deleted.
"""

import hashlib
from collections.abc import Callable
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
    """One checkbox: `words` are its label, `title` is its heading in the settings.

    `changed` tells whoever agreed to the version before what is different.
    """

    purpose: str
    version: int
    title: str | Promise
    words: str | Promise
    changed: str | Promise = ""

    @property
    def sha256(self) -> str:
        """Hash of the words in the active language."""
        return hashlib.sha256(str(self.words).encode()).hexdigest()


ADULT = Wording("adult", 1, _("Your age"), _("I am 18 or older."))
QUESTIONNAIRE = Wording(
    "questionnaire",
    2,
    _("Your answers"),
    _(
        "I agree that my answers about my relationship, which can be very private, are encrypted and stored. They are "
        "used to work out my result, to compare it with my earlier results, and to suggest chapters and questions to "
        "me. I can take this back at any time in the settings, and delete my answers and results."
    ),
    _(
        "What is new: these words also say that results are compared with each other, and that your answers decide "
        "which chapters and questions are suggested to you."
    ),
)
GROUP_STATISTICS = Wording(
    "group_statistics",
    2,
    _("Group figures"),
    _(
        "I agree that my answers are counted in group figures, such as averages over at least 100 people. No copy of "
        "my answers is kept for this, only a note that I was counted, until there are new figures. I can take this "
        "back at any time in the settings, and am then left out of the next figures."
    ),
    _(
        "What is new: these words also say that it is noted who was counted, and that taking this back counts from "
        "the next figures on."
    ),
)
RETEST = Wording(
    "retest",
    2,
    _("Answering again"),
    _(
        "I agree to be asked, about two weeks after a result, to answer again, and to say whether anything has changed "
        "between the two times. This helps to measure how much answers differ by themselves, over at least 100 people. "
        "No copy of my answers is kept for this, only a note that I was counted, until there are new figures. What I "
        "say about changes is encrypted and used for nothing else. I can take this back at any time in the settings. "
        "What I said about changes is then deleted, and I am left out of the next figures. Figures that were worked "
        "out before stay as they are."
    ),
    _(
        "What is new: these words also say that figures worked out before you take this back stay as they are, and "
        "that you are left out of the next ones."
    ),
)
CURRENT = {wording.purpose: wording for wording in (ADULT, QUESTIONNAIRE, GROUP_STATISTICS, RETEST)}
EARLIER = (
    Wording(
        "questionnaire",
        1,
        _("Your answers"),
        _(
            "I agree that my answers about my relationship, which can be very private, are stored encrypted and are "
            "used to work out my result. I can take this back at any time in the settings."
        ),
    ),
    Wording(
        "group_statistics",
        1,
        _("Group figures"),
        _(
            "I agree that my answers are counted in group figures, such as averages over at least 100 people. No copy "
            "of my answers is kept for this. I can take this back at any time in the settings."
        ),
    ),
    Wording(
        "retest",
        1,
        _("Answering again"),
        _(
            "I agree to be asked, about two weeks after a result, to answer again, and to say whether anything has "
            "changed between the two times. This helps to measure how much answers differ by themselves, over at least "
            "100 people. No copy of my answers is kept for this, only a note that I was counted, until there are new "
            "figures. What I say about changes is encrypted and used for nothing else. I can take this back at any "
            "time in the settings. What I said about changes is then deleted."
        ),
    ),
)
WORDINGS = {(wording.purpose, wording.version): wording for wording in (*CURRENT.values(), *EARLIER)}
CHOICES = (QUESTIONNAIRE, GROUP_STATISTICS, RETEST)  # can be given and withdrawn; being an adult is a statement
LINES = 100  # of the ledger, that the settings show; the download has all

# Called when a purpose is taken back, in the same transaction; apps add theirs in `AppConfig.ready`.
after_withdrawal: list[Callable[[User, str], None]] = []


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

    @property
    def asks_again(self) -> str:
        """What is said beside the words to somebody who agreed to earlier ones; "" to everybody else."""
        return f"{self.in_words} {self.wording.changed}".strip() if self.reworded else ""


@dataclass(frozen=True)
class Line:
    """A line of the ledger as its owner reads it. `words` are those of an earlier version that was agreed to."""

    given: bool
    at: datetime
    words: str | Promise


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
        for follow in after_withdrawal:
            follow(owner, purpose)


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


def is_reworded(owner: User, purpose: str = "") -> bool:
    """Whether the owner agreed to earlier words of this choice, or of any, and has not answered since."""
    return any(choice.reworded for choice in standing(owner) if purpose in ("", choice.wording.purpose))


def history(owner: User) -> dict[str, list[Line]]:
    """The latest lines of the owner's ledger by purpose, the last answer first."""
    lines: dict[str, list[Line]] = {wording.purpose: [] for wording in CHOICES}
    for consent in Consent.objects.visible_to(owner).filter(purpose__in=lines).order_by("-id")[:LINES]:
        wording = read(consent) if consent.given and not stands(consent) else None
        lines[consent.purpose].append(Line(consent.given, consent.at, wording.words if wording else ""))
    return lines


def read(consent: Consent) -> Wording | None:
    """The wording that was read, of whatever version; None if it was read in another language."""
    wording = WORDINGS.get((consent.purpose, consent.version))
    return wording if wording and wording.sha256 == consent.words_sha256 else None


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
