"""Sealing of sections: the plaintext under a data key, the data key to each institution that may open it. Pure.

A section is a small JSON object of fields (a name, a contact, a narrative). Its plaintext is padded before it is
encrypted, so that the length of the ciphertext does not tell the length of a name.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from amparo.vault.keys import UnknownFormat, WrongSecret, load_private_key, load_public_key, make_secret
from amparo.vault.padding import padded_length

SEALED_V1 = b"AS\x01"
WRAPPED_V1 = b"AK\x01"
DATA_KEY_BYTES = 32
WRAPPED_KEY_BYTES = len(WRAPPED_V1) + 1120 + DATA_KEY_BYTES + 16
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)

Fields = Mapping[str, object]
# 96 bytes, or what `keys.load_private_key` made of them: loading costs as much as half an opening, so who opens many
# loads once. Loaded keys are not kept in a cache as public ones are: they end with the request.
PrivateKey = bytes | MLKEM768X25519PrivateKey


@dataclass(frozen=True, slots=True)
class Sealed:
    """A section at rest: `ciphertext` under a data key, and that key wrapped to one public key."""

    ciphertext: bytes
    wrapped_key: bytes


def seal_section(fields: Fields, section: UUID, kind: str, public_key: bytes) -> Sealed:
    """Close `fields` (anything JSON can say) as section `section` of `kind`, for the holder of `public_key`."""
    data_key = make_secret()
    return Sealed(encrypt_fields(fields, data_key, section, kind), wrap_data_key(data_key, section, public_key))


def open_section(sealed: Sealed, section: UUID, kind: str, private_key: PrivateKey) -> dict[str, object]:
    """The fields of a section. Raises `WrongSecret` for another's key, another section's bytes, or one flipped bit."""
    return decrypt_fields(sealed.ciphertext, unwrap_data_key(sealed.wrapped_key, section, private_key), section, kind)


def encrypt_fields(fields: Fields, data_key: bytes, section: UUID, kind: str) -> bytes:
    """The padded JSON of `fields` under `data_key`, bound to the section and its kind so that two cannot be swapped."""
    plain = _pad(json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    nonce = os.urandom(_NONCE_BYTES)
    return SEALED_V1 + nonce + ChaCha20Poly1305(data_key).encrypt(nonce, plain, _context(section, kind))


def decrypt_fields(ciphertext: bytes, data_key: bytes, section: UUID, kind: str) -> dict[str, object]:
    """What `encrypt_fields` closed. Raises `UnknownFormat` or `WrongSecret`."""
    nonce, body = _split(ciphertext)
    try:
        plain = ChaCha20Poly1305(data_key).decrypt(nonce, body, _context(section, kind))
    except InvalidTag:
        raise WrongSecret("The key does not open this section, or the section was changed.") from None
    # Anybody can seal anything to a public key: what comes out may still be no JSON, or nested without end.
    try:
        opened = json.loads(plain.rstrip(b"\0"))
    except (ValueError, RecursionError):
        raise UnknownFormat("What was sealed in this section is not fields.") from None
    if not isinstance(opened, dict):
        raise UnknownFormat("What was sealed in this section is not fields.")
    return opened


def wrap_data_key(data_key: bytes, section: UUID, public_key: bytes) -> bytes:
    """`data_key` sealed by HPKE to `public_key`, bound to the section: `WRAPPED_KEY_BYTES`, 1,171."""
    return WRAPPED_V1 + _SUITE.encrypt(data_key, _public_key(public_key), info=_context(section, "data-key"))


def unwrap_data_key(wrapped: bytes, section: UUID, private_key: PrivateKey) -> bytes:
    """The data key that `wrap_data_key` sealed. Raises `UnknownFormat` or `WrongSecret`."""
    if wrapped[: len(WRAPPED_V1)] != WRAPPED_V1:
        raise UnknownFormat("This wrapped key is in a format not known here.")
    private_key = load_private_key(private_key) if isinstance(private_key, bytes) else private_key
    try:
        data_key = _SUITE.decrypt(wrapped[len(WRAPPED_V1) :], private_key, info=_context(section, "data-key"))
    except (InvalidTag, ValueError):
        raise WrongSecret("The key does not open this section, or the section was changed.") from None
    if len(data_key) != DATA_KEY_BYTES:
        raise UnknownFormat("What was wrapped here is not a data key.")
    return data_key


def check_formats(ciphertext: bytes, wrapped_key: bytes) -> None:
    """Whether a section sealed elsewhere has the form of one, without a key: format numbers and lengths.

    Raises `UnknownFormat`. That it opens is known only to who holds the key.
    """
    _, body = _split(ciphertext)
    length = len(body) - _TAG_BYTES
    if length != padded_length(length):
        raise UnknownFormat("This section is not padded as sections are.")
    if wrapped_key[: len(WRAPPED_V1)] != WRAPPED_V1 or len(wrapped_key) != WRAPPED_KEY_BYTES:
        raise UnknownFormat("This wrapped key is in a format not known here.")


def _context(section: UUID, kind: str) -> bytes:
    return b"amparo/section/1/" + section.bytes + b"/" + kind.encode()


@lru_cache(maxsize=16)
def _public_key(raw: bytes) -> MLKEM768X25519PublicKey:
    # Parsing costs as much as a tenth of a seal; an import seals many thousand times to the same key.
    return load_public_key(raw)


def _pad(plain: bytes) -> bytes:
    return plain.ljust(padded_length(len(plain)), b"\0")


def _split(sealed: bytes) -> tuple[bytes, bytes]:
    start = len(SEALED_V1)
    if sealed[:start] != SEALED_V1 or len(sealed) < start + _NONCE_BYTES + _TAG_BYTES:
        raise UnknownFormat("This section is in a format not known here.")
    return sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
