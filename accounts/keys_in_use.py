"""Whether this process has the keys that lock what people wrote: a wrong one is found before anybody needs it."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain

from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection

from accounts.models import DataKey
from accounts.sealing import TOTP_SECRET, CannotOpen, unseal_for_site, unwrap

logger = logging.getLogger(__name__)

TRIED = 5  # of each kind: one that is damaged says nothing of the others
LOCKED = """
SELECT one.* FROM (SELECT DISTINCT wrapped_by AS name FROM accounts_datakey) AS used CROSS JOIN LATERAL (
    SELECT owner_id, wrapped_by, wrapped FROM accounts_datakey WHERE wrapped_by = used.name LIMIT %s
) AS one
"""

type Attempt = tuple[str, Callable[[], object]]  # the id of the key-encryption key; raises CannotOpen


def in_use() -> Mapping[str, bool]:
    """By the id of each key-encryption key that locked anything: whether it opens it. Two queries.

    Those that lock data keys, and the secrets of the newest second factors: a new site has nothing else.
    """
    found: dict[str, bool] = {}
    for name, attempt in chain(data_keys(), second_factors()):
        found[name] = found.get(name, False) or opens(attempt)
    return found


def data_keys() -> Iterator[Attempt]:
    for row in DataKey.objects.raw(LOCKED, [TRIED]):
        yield row.wrapped_by, partial(unwrap, row)


def second_factors() -> Iterator[Attempt]:
    for row in Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("-pk")[:TRIED]:
        secret = row.data["secret"]
        name, colon, _ = secret.partition(":")
        if colon:  # else it is not sealed, and no name
            yield name, partial(unseal_for_site, TOTP_SECRET, row.user_id.bytes, secret)


def opens(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except CannotOpen:
        return False
    return True


def tell() -> None:
    """Log each key that is wrong or missing; every process does so when it starts, if the database answers then."""
    try:
        keys = in_use()
    except DatabaseError:  # that it does not is in other lines
        return
    finally:
        connection.close()
    for name, is_open in keys.items():
        if not is_open:
            logger.error("Nothing opens that the key %s locked: SEALING_KEYS has another of that id, or none.", name)
