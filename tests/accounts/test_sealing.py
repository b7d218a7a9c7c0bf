"""Sealed text opens for exactly the person, row and column that it was sealed for, and for nothing else."""

import base64
import json
import secrets
import threading
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import DataKey, User
from accounts.sealing import (
    CannotOpen,
    CannotSeal,
    data_key,
    lock,
    pad,
    place,
    rewrap_row,
    seal,
    seal_for_site,
    unlock,
    unpad,
    unseal,
    unseal_for_site,
)

LABEL = "journal.entry"
ROW = uuid.UUID(int=7)
DOCUMENT = {"text": "Was ich gab, und was ich bekam. 🌿", "feelings": ["calm"], "n": 3}


# Made once by hand, with AESGCM alone: neither may ever change.
FROZEN_KEY = (
    "01000102030405060708090a0b2367b07cad8ca870e12cf9e4c1980a1ef7a3f14388022507441a9bfa9de88231809b65f39f"
    "29d87ba6bb5d1f24eee05f"
)
FROZEN_VALUE = (
    "01000102030405060708090a0b9fab385ec66fb58ce567bcf2b4ddfa7155d4a2f50f7ed025c712e90b53ec41e0b036ccd42d"
    "2a02ca82d1e0ed16ef4648d440dfb162e3690294be02aec2691cf0df02bbdf698d6c47c8e681af69a0729dd43e07f30a84e5"
    "dbdf660723150aa6d0e382393fdf8c8965f5e23360358ddb44e5839ba86fb28649c0a3904cf40b364b90b1d5a495632056b9"
    "fbfd22e8baf1e695b1fac2ad46274534ebf94b5f2aae5221f6d924f0b6d5f367560821e9428f9ec4db0a0d00f790b3b03404"
    "e7ed7db793a251a4017cc71a45dd70340f10e4ce42ab3e19fa124e3aec832183bf568f23cc18d6cf80cc1b0b0bfd8de216d6"
    "017019a67a7c1c4323d94abd402f99df4eab667ca48671f328878f73e9b4646c2e30af"
)


def fresh(user: User) -> User:
    """The same person in another request."""
    return User.objects.get(pk=user.pk)


def test_aes_gcm_gives_the_known_answer() -> None:
    known = AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), None)
    assert known.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


def test_what_was_sealed_long_ago_still_opens(settings: Settings, db: None) -> None:
    settings.SEALING_KEYS = {"new": bytes(32), "2026": bytes(range(32))}
    owner = User.objects.create_user("old@example.org", id=uuid.UUID("00112233-4455-6677-8899-aabbccddeeff"))
    wrapped = bytes.fromhex(FROZEN_KEY)
    DataKey.objects.filter(owner=owner).update(wrapped_by="2026", wrapped=wrapped)
    owner, row = fresh(owner), uuid.UUID("ffeeddcc-bbaa-9988-7766-554433221100")
    assert unseal(owner, "journal.entry", row, bytes.fromhex(FROZEN_VALUE)) == {"text": "Grüße"}
    assert data_key(owner) == bytes(range(100, 132))


def test_the_format_is_the_one_that_is_written_down(ana: User) -> None:
    """Opened by hand, from the words of the specification alone."""
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    parts = [b"\x01", LABEL.encode(), ana.pk.bytes, ROW.bytes]
    ad = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    key = data_key(ana)
    assert key is not None
    padded = AESGCM(key).decrypt(sealed[1:13], sealed[13:], ad)
    length = int.from_bytes(padded[:4], "big")
    assert sealed[0] == 1
    assert len(padded) % 256 == 0
    assert json.loads(padded[4 : 4 + length]) == DOCUMENT
    assert not padded[4 + length :].strip(b"\0")


def test_two_seals_of_the_same_words_differ(ana: User) -> None:
    assert seal(ana, LABEL, ROW, DOCUMENT) != seal(ana, LABEL, ROW, DOCUMENT)


def test_a_value_moved_to_another_row_or_label_does_not_open(ana: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    for label, row in [("journal.draft", ROW), ("", ROW), (LABEL, uuid.UUID(int=8))]:
        with pytest.raises(CannotOpen):
            unseal(ana, label, row, sealed)


def test_a_value_moved_to_another_person_does_not_open(ana: User, ben: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    with pytest.raises(CannotOpen):
        unseal(ben, LABEL, ROW, sealed)


def test_a_data_key_moved_to_another_person_does_not_open(ana: User, ben: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    stolen = DataKey.objects.get(owner=ana)
    DataKey.objects.filter(owner=ben).update(wrapped_by=stolen.wrapped_by, wrapped=stolen.wrapped)
    with pytest.raises(CannotOpen):
        unseal(fresh(ben), LABEL, ROW, sealed)


def test_no_flipped_byte_opens(ana: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    for at in range(len(sealed)):
        for bit in (0x01, 0x80):
            changed = bytearray(sealed)
            changed[at] ^= bit
            with pytest.raises(CannotOpen):
                unseal(ana, LABEL, ROW, bytes(changed))


def test_no_flipped_byte_of_a_data_key_opens(ana: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    row = DataKey.objects.get(owner=ana)
    for at in range(len(row.wrapped)):
        changed = bytearray(row.wrapped)
        changed[at] ^= 0x01
        DataKey.objects.update(wrapped=bytes(changed))
        with pytest.raises(CannotOpen):
            unseal(fresh(ana), LABEL, ROW, sealed)


def test_nothing_shorter_or_longer_opens(ana: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    for value in [*(sealed[:length] for length in range(len(sealed))), sealed + b"\0", sealed * 2]:
        with pytest.raises(CannotOpen):
            unseal(ana, LABEL, ROW, value)


def test_planted_plaintext_does_not_open(ana: User) -> None:
    seal(ana, LABEL, ROW, DOCUMENT)
    plain = json.dumps(DOCUMENT).encode()
    for planted in [plain, b"\x01" + plain, b"\x01" + bytes(12) + pad(plain), b""]:
        with pytest.raises(CannotOpen):
            unseal(ana, LABEL, ROW, planted)


def test_a_value_of_a_later_format_does_not_open(ana: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    with pytest.raises(CannotOpen, match="unknown format"):
        unseal(ana, LABEL, ROW, b"\x02" + sealed[1:])


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        pad(b"{}")[:-1],
        pad(b"{}") + bytes(256),
        pad(b"{}")[:-1] + b"x",
        b"\0\0\1\0{}" + bytes(250),
        b"\xff" * 256,
        pad(b"not json"),
        pad(b"\xff"),
        pad(b"[" * 100_000),
    ],
)
def test_what_the_right_key_locked_wrongly_does_not_open(ana: User, padded: bytes) -> None:
    seal(ana, LABEL, ROW, DOCUMENT)
    key = data_key(ana)
    assert key is not None
    with pytest.raises(CannotOpen):
        unseal(ana, LABEL, ROW, lock(key, padded, place(LABEL, ana.pk.bytes, ROW.bytes)))


def test_errors_hold_no_words(ana: User) -> None:
    sealed = seal(ana, LABEL, ROW, "lavender")
    with pytest.raises(CannotOpen) as opening:
        unseal(ana, "other", ROW, sealed)
    with pytest.raises(CannotSeal) as sealing:
        seal(ana, LABEL, ROW, "lavender \ud83c")
    for error in (opening.value, sealing.value):
        assert "lavender" not in str(error)
        assert error.__suppress_context__


@pytest.mark.parametrize("document", [float("nan"), float("inf"), {"x": b"bytes"}, {"text": "half \udc00"}, object()])
def test_what_json_cannot_hold_is_refused(ana: User, document: Any) -> None:
    with pytest.raises(CannotSeal):
        seal(ana, LABEL, ROW, document)


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=JSONS, label=TEXT, row=st.uuids())
def test_any_document_comes_back_and_stays_small(ana: User, document: Any, label: str, row: uuid.UUID) -> None:
    sealed = seal(ana, label, row, document)
    assert unseal(ana, label, row, sealed) == document
    plain = len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    assert len(sealed) <= plain + 300
    assert len(sealed) % 256 == 29


@given(st.binary(max_size=2000))
def test_padding_comes_off(content: bytes) -> None:
    assert unpad(pad(content)) == content


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4), TEXT, TEXT)
def test_two_places_never_read_the_same(ids: list[bytes], others: list[bytes], label: str, other: str) -> None:
    assert (place(label, *ids) == place(other, *others)) == ((label, ids) == (other, others))


def test_the_data_key_is_read_once_a_request(ana: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    sealed = [seal(ana, LABEL, uuid.UUID(int=n), n) for n in range(20)]
    request_user = fresh(ana)
    with django_assert_num_queries(1):
        assert [unseal(request_user, LABEL, uuid.UUID(int=n), value) for n, value in enumerate(sealed)] == [*range(20)]
        seal(request_user, LABEL, ROW, DOCUMENT)


def keyless(user: User) -> User:
    """Somebody whose data key is missing, as before accounts began with one."""
    DataKey.objects.filter(owner=user).delete()
    return fresh(user)


def test_a_key_that_was_rolled_back_seals_nothing(ana: User) -> None:
    ana = keyless(ana)
    with transaction.atomic():
        seal(ana, LABEL, ROW, DOCUMENT)
        transaction.set_rollback(True)
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    assert unseal(fresh(ana), LABEL, ROW, sealed) == DOCUMENT


@pytest.mark.django_db(transaction=True)
def test_many_first_seals_at_once_make_one_key(ana: User) -> None:
    """Real connections, each in its own transaction, released together."""
    ana = keyless(ana)
    together = threading.Barrier(8)
    sealed: list[bytes] = []

    def first_seal() -> None:
        try:
            owner = fresh(ana)
            with transaction.atomic():
                together.wait()
                sealed.append(seal(owner, LABEL, ROW, DOCUMENT))
        finally:
            connection.close()

    threads = [threading.Thread(target=first_seal) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert DataKey.objects.count() == 1
    assert [unseal(fresh(ana), LABEL, ROW, value) for value in sealed] == [DOCUMENT] * 8


@pytest.mark.django_db(transaction=True)
def test_a_person_who_is_gone_gets_no_key(ana: User) -> None:
    gone = fresh(ana)
    ana.delete()
    with pytest.raises(IntegrityError):
        seal(gone, LABEL, ROW, DOCUMENT)


def test_without_the_data_key_nothing_opens(ana: User) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    DataKey.objects.filter(owner=ana).delete()
    with pytest.raises(CannotOpen, match="no data key"):
        unseal(fresh(ana), LABEL, ROW, sealed)


def test_rewrapping_changes_the_wrapping_alone(ana: User, settings: Settings) -> None:
    sealed = seal(ana, LABEL, ROW, DOCUMENT)
    old = settings.SEALING_KEYS
    settings.SEALING_KEYS = {"next": secrets.token_bytes(32)} | old
    row = DataKey.objects.get(owner=ana)
    rewrap_row(row)
    row.save()
    settings.SEALING_KEYS = {"next": settings.SEALING_KEYS["next"]}
    assert unseal(fresh(ana), LABEL, ROW, sealed) == DOCUMENT
    settings.SEALING_KEYS = old
    with pytest.raises(CannotOpen, match="not in SEALING_KEYS"):
        unseal(fresh(ana), LABEL, ROW, sealed)


def test_what_the_site_sealed_opens_in_its_own_row_and_column_only() -> None:
    sealed = seal_for_site("accounts.mail", b"row", DOCUMENT)
    assert unseal_for_site("accounts.mail", b"row", sealed) == DOCUMENT
    for label, row in [("accounts.session", b"row"), ("accounts.mail", b"wor"), ("accounts.mailr", b"ow")]:
        with pytest.raises(CannotOpen):
            unseal_for_site(label, row, sealed)


def test_what_the_site_sealed_opens_under_the_key_it_names(settings: Settings) -> None:
    sealed = seal_for_site("accounts.mail", b"row", DOCUMENT)
    old = settings.SEALING_KEYS
    settings.SEALING_KEYS = {"next": secrets.token_bytes(32)} | old
    assert unseal_for_site("accounts.mail", b"row", sealed) == DOCUMENT
    assert seal_for_site("accounts.mail", b"row", DOCUMENT).startswith("next:")
    name, _, value = sealed.partition(":")
    for changed in [sealed[:-4], f"next:{value}", value, "", f"{name}:é", f"{name}:{'A' * len(value)}"]:
        with pytest.raises(CannotOpen):
            unseal_for_site("accounts.mail", b"row", changed)


def test_the_site_does_not_seal_with_the_key_that_wraps_data_keys(settings: Settings) -> None:
    name, _, value = seal_for_site("accounts.mail", b"row", DOCUMENT).partition(":")
    with pytest.raises(CannotOpen):
        unlock(
            settings.SEALING_KEYS[name], base64.urlsafe_b64decode(value), place("accounts.mail", b"row", name.encode())
        )
