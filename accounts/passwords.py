"""Password validators: refuse what an attacker would try first."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn
from zxcvbn.matching import L33T_TABLE

from accounts.models import User, normal_form

# The site's own words, including the demo's public password.
OUR_PHRASES = (
    "look at the balance",
    "give and receive",
    "give and take",
    "giving and receiving",
    "give receive balance",
    "reflect",
    "balance",
    "relationship",
    "partner",
    "journal",
    "questionnaire",
    "giving",
    "receiving",
    "give",
    "receive",
)
MAX_LENGTH = 72  # zxcvbn refuses to score longer ones
SYMBOLS = {symbol for symbols in L33T_TABLE.values() for symbol in symbols}


class LongEnough(MinimumLengthValidator):
    """Django's, in our words."""

    def get_error_message(self) -> str:
        return _("This password is too short: it needs at least %(least)d characters.") % {"least": self.min_length}


class UnlikeTheAddress(UserAttributeSimilarityValidator):
    """Django's, in our words."""

    def get_error_message(self) -> str:
        return _("This password is too much like your e-mail address. Choose four or five ordinary words instead.")


class Uncommon(CommonPasswordValidator):
    """Refuses passwords known from breaches (origin of the list: `data/README.md`)."""

    def __init__(self) -> None:
        super().__init__(Path(__file__).parent / "data" / "common-passwords.txt.gz")

    def validate(self, password: str, user: User | None = None) -> None:
        super().validate(normal_form(password), user)

    def get_error_message(self) -> str:
        return _("This password is in lists of stolen passwords. Choose another, such as four or five ordinary words.")


class HardToGuess:
    """Requires a zxcvbn score of at least 3, not counting words that the site or the person's address gives away.

    zxcvbn scores any three words at 3, even if all are known, so known words are removed first. They are also passed to
    zxcvbn, which finds them reversed or with symbols for letters.
    """

    LEAST = 3
    scoring = Lock()  # zxcvbn keeps the words passed to it in a global

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < settings.PASSWORD_LENGTH:  # refused as too short, which is enough to say
            return
        phrases = [*known_phrases(user)]
        known = "|".join(r"[\W_]*".join(map(re.escape, phrase.split())) for phrase in phrases)
        rest = re.sub(known, "", normal_form(password)[:MAX_LENGTH], flags=re.IGNORECASE)
        with self.scoring:
            score = zxcvbn(scored_part(rest), [phrase.replace(" ", "") for phrase in phrases])["score"] if rest else 0
        if score < self.LEAST:
            raise ValidationError(
                _(
                    "This password is easy to guess. Choose four or five ordinary words that have nothing to do "
                    "with each other, and leave out your address and the name of this site."
                ),
                code="password_too_weak",
            )

    def get_help_text(self) -> str:
        return _("Four or five ordinary words are easy to remember and hard to guess.")


def known_phrases(user: User | None) -> Iterator[str]:
    """Phrases that an attacker who knows the site or the address tries first; longer phrases before their parts."""
    yield from OUR_PHRASES
    host = urlsplit(settings.SITE_URL).hostname or ""
    addresses = (user.email, user.address) if user else ()
    for told in (*addresses, settings.LEGAL["organisation_name"], settings.SITE_NAME, host):
        yield from (part for part in re.split(r"[\W_]+", told) if len(part) > 2)


def scored_part(text: str) -> str:
    """The text, cut short if it has so many symbols that zxcvbn would spend seconds on their possible readings."""
    return text[:24] if len(SYMBOLS.intersection(text)) > 8 else text
