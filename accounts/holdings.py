"""The account's own parts of the export. Only the settings and the name can be imported again."""

from collections.abc import Iterator, Sequence
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.consents import read
from accounts.models import Consent, Mail, Notice, User
from accounts.names import tidy
from accounts.portable import Arrival, Document, FileRefused, Portable, flag, reading, text
from accounts.preferences import SETTINGS, save_settings
from accounts.sealing import CannotOpen, CannotSeal, unseal_many
from accounts.self_document import NAME_LENGTH, gentle_prompts, name_of, opened


def account(owner: User) -> Iterator[Document]:
    """One row: the account, with every setting."""
    row: Document = {
        "id": str(owner.pk),
        "email": owner.email,
        "created_at": owner.created_at.isoformat(),
        "last_login": owner.last_login and owner.last_login.isoformat(),
        "closes_at": owner.closes_at and owner.closes_at.isoformat(),
        "settings": {name: getattr(owner, name) for name in SETTINGS} | {"gentle_prompts": gentle_prompts(owner)},
    }
    try:
        about = opened(owner)
        mails = {"safe": about.mail_is_safe, "weekly": about.mail_weekly, "not_about": list(about.not_mailed)}
        yield row | {"name": about.name, "mails_about_news": mails}
    except CannotOpen:
        yield row | {"name": None, "cannot_be_opened": True}


def take_account(arrival: Arrival, rows: Sequence[Document]) -> None:
    """Replace the settings, and the name if the file has one, where the owner asked for it.

    Neither, if what is here already cannot be opened.
    """
    owner = arrival.owner
    for row in rows:
        with reading():
            chosen = {name: row["settings"][name] for name in SETTINGS}
            gentle = flag(row["settings"]["gentle_prompts"])
            name = text(row["name"] or "", NAME_LENGTH)
        checked(chosen, name)
        arrival.timezone = chosen["timezone"]
        if not arrival.takes_settings:
            continue
        for key, value in chosen.items():
            setattr(owner, key, value)
        try:
            of_self = {"name": name or name_of(owner), "gentle_prompts": gentle}
            save_settings(user=owner, now=arrival.now, fields=SETTINGS, **of_self)
        except CannotOpen:
            continue
        except CannotSeal:
            raise FileRefused from None
        arrival.has_settings = True


def checked(chosen: Document, name: str) -> None:
    """Raise FileRefused for values that the settings page does not offer."""
    candidate = User(**chosen)
    others = {field.name for field in User._meta.get_fields() if field.name not in SETTINGS}
    try:
        candidate.clean_fields(exclude=others)
    except ValidationError:
        raise FileRefused from None
    known = candidate.timezone in {"UTC", *available_timezones()} and candidate.language in dict(settings.LANGUAGES)
    if not known or name != tidy(name):
        raise FileRefused


def consents(owner: User) -> Iterator[Document]:
    """Every line of the ledger, with the wording that was read."""
    for line in Consent.objects.visible_to(owner).order_by("id").iterator():
        wording = read(line)
        yield {
            "purpose": line.purpose,
            "version": line.version,
            "words": str(wording.words) if wording else None,
            "words_sha256": line.words_sha256,
            "given": line.given,
            "at": line.at.isoformat(),
        }


def addresses(owner: User) -> Iterator[Document]:
    for address in EmailAddress.objects.filter(user=owner).order_by("pk"):
        yield {"email": address.email, "verified": address.verified, "primary": address.primary}


def second_factors(owner: User) -> Iterator[Document]:
    """Types and times of use; never the secrets."""
    for factor in Authenticator.objects.filter(user=owner).order_by("pk"):
        yield {
            "type": factor.type,
            "created_at": factor.created_at.isoformat(),
            "last_used_at": factor.last_used_at and factor.last_used_at.isoformat(),
        }


def sessions(owner: User) -> Iterator[Document]:
    for session in UserSession.objects.filter(user=owner).order_by("created_at").iterator():
        yield {
            "created_at": session.created_at.isoformat(),
            "last_seen_at": session.last_seen_at.isoformat(),
            "network_address": session.ip,
            "device": session.user_agent,
        }


def mails(owner: User) -> Iterator[Document]:
    """The kind of each mail and when it was sent; its text is not stored."""
    for mail in Mail.objects.filter(owner=owner).order_by("made_at", "id").iterator():
        yield {
            "kind": mail.kind,
            "made_at": mail.made_at.isoformat(),
            "sent_at": mail.sent_at and mail.sent_at.isoformat(),
        }


def notices(owner: User) -> Iterator[Document]:
    """Kind and times of each notice."""
    rows = Notice.objects.visible_to(owner).order_by("at", "id")
    sealed = ((row.pk, bytes(row.sealed), row) for row in rows.iterator())
    for row, document in unseal_many(owner, Notice.LABEL, sealed):
        about = {"at": row.at.isoformat(), "opened_at": row.opened_at and row.opened_at.isoformat()}
        yield about | ({"kind": document["kind"]} if document else {"kind": None, "cannot_be_opened": True})


ACCOUNT = Portable(account, take_account, ("settings", "name"))
CONSENTS = Portable(consents)
ADDRESSES = Portable(addresses)
SECOND_FACTORS = Portable(second_factors)
SESSIONS = Portable(sessions)
MAILS = Portable(mails)
NOTICES = Portable(notices)
