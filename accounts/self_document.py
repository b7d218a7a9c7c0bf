"""What an account says of the person: their name, whether prompts are to be gentle, and which e-mails are safe.

All stand in one sealed document, which every account has from its first moment and which always has the same size.
Gentle prompts are offered to somebody who may not be safe: a copy of the database must not tell who chose them.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from accounts.models import DataKey, Notice, User
from accounts.sealing import CannotOpen, new_data_key, seal, to_json, unseal

LABEL = "accounts.self"
NAME_LENGTH = 60


@dataclass(frozen=True)
class Self:
    name: str = ""
    gentle_prompts: bool = False
    mail_is_safe: bool = False
    mail_weekly: bool = False  # one e-mail a week instead of one for each notice
    not_mailed: tuple[str, ...] = ()  # kinds of notices


LONGEST = len(to_json(asdict(Self("\U0010ffff" * NAME_LENGTH, not_mailed=tuple(Notice.Kind.values)))))


def opened(user: User) -> Self:
    """The document, opened once per instance of `user`, which is once per request. Raises CannotOpen."""
    stored = bytes(user.sealed_self)
    if user.opened_self is None or user.opened_self[0] != stored:
        document = unseal(user, LABEL, user.pk, stored)
        user.opened_self = (
            stored,
            Self(
                document["name"],
                document["gentle_prompts"],
                document.get("mail_is_safe", False),
                document.get("mail_weekly", False),
                tuple(document.get("not_mailed", ())),
            ),
        )
    found: Self = user.opened_self[1]
    return found


def name_of(user: User) -> str:
    """The name to call this person by, or "". Raises CannotOpen."""
    return opened(user).name


def gentle_prompts(user: User) -> bool:
    """Whether this person is offered only gentle prompts; they are if the document cannot be opened."""
    try:
        return opened(user).gentle_prompts
    except CannotOpen:
        return True


def change(user: User, **changes: Any) -> None:
    """Store the document with these changes, in the caller's transaction. Raises CannotOpen, CannotSeal.

    The row is locked, so that a name and a choice that are saved at the same time both stay.
    """
    row = User.objects.select_for_update(no_key=True).filter(pk=user.pk)
    user.sealed_self = row.values_list("sealed_self", flat=True).get()
    user.sealed_self = sealed(user, replace(opened(user), **changes))
    row.update(sealed_self=user.sealed_self)


def sealed(user: User, document: Self) -> bytes:
    """Filled up, so that the size tells neither the length of a name nor whether there is one."""
    content = asdict(document)
    return seal(user, LABEL, user.pk, content | {"filler": " " * (LONGEST - len(to_json(content)))})


def begin(user: User) -> DataKey:
    """Give an account that is not stored yet its document; the data key returned has to be stored with it."""
    row, user.opened_key = new_data_key(user)
    user.sealed_self = sealed(user, Self())
    return row


def begin_with_account(instance: User, *, raw: bool = False, **_: Any) -> None:
    """Before an account is stored for the first time (`pre_save`)."""
    if instance._state.adding and not raw:
        instance.key_to_store = begin(instance)


def store_key_of_account(instance: User, **_: Any) -> None:
    """After an account is stored (`post_save`), as its key names it."""
    if instance.key_to_store:
        instance.key_to_store.save(force_insert=True)
        instance.key_to_store = None
