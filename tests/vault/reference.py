"""The formats of the vault made a second time, from their description, with other libraries than the vault's.

ChaCha20-Poly1305 and HKDF are PyCryptodome's, Argon2id is OpenSSL's, hashes and HMAC are Python's own. Only the key
encapsulation is not made anew: its outcome (`enc`, shared secret) is taken from the published vectors of
draft-ietf-hpke-pq for the very suite that the vault uses, which fixes it just as well.
"""

import hashlib
import hmac
import json
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from Crypto.Cipher import ChaCha20_Poly1305
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

VECTORS = Path(__file__).with_name("vectors")
PUBLISHED: dict[str, Any] = json.loads((VECTORS / "published" / "hpke-x-wing.json").read_text())
SUITE = b"HPKE" + (0x647A).to_bytes(2, "big") + (1).to_bytes(2, "big") + (3).to_bytes(2, "big")


@dataclass(frozen=True, slots=True)
class Holder:
    """The recipient of the published vector, her private key expanded from its seed as X-Wing does (SHAKE-256)."""

    public: bytes = bytes.fromhex(PUBLISHED["pkRm"])
    private: bytes = hashlib.shake_256(bytes.fromhex(PUBLISHED["skRm"])).digest(96)


HOLDER = Holder()


def encrypt(key: bytes, nonce: bytes, plain: bytes, associated: bytes = b"") -> bytes:
    cipher = ChaCha20_Poly1305.new(key=key, nonce=nonce)
    cipher.update(associated)
    sealed, tag = cipher.encrypt_and_digest(plain)
    return bytes(sealed + tag)


def decrypt(key: bytes, nonce: bytes, sealed: bytes, associated: bytes = b"") -> bytes:
    """Raises ValueError where the tag is wrong."""
    cipher = ChaCha20_Poly1305.new(key=key, nonce=nonce)
    cipher.update(associated)
    return bytes(cipher.decrypt_and_verify(sealed[:-16], sealed[-16:]))


def hpke_key_and_nonce(shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """The key schedule of RFC 9180, section 5.1, base mode."""
    context = b"\0" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    secret = _extract(shared_secret, b"secret", b"")
    return _expand(secret, b"key", context, 32), _expand(secret, b"base_nonce", context, 12)


def wrap_for_holder(plain: bytes, info: bytes) -> bytes:
    """`enc` and ciphertext of HPKE to `HOLDER`, with the encapsulation of the published vector."""
    key, nonce = hpke_key_and_nonce(bytes.fromhex(PUBLISHED["shared_secret"]), info)
    return bytes.fromhex(PUBLISHED["enc"]) + encrypt(key, nonce, plain)


def section(fields: bytes, data_key: bytes, identifier: UUID, kind: str, nonce: bytes) -> bytes:
    context = b"amparo/section/1/" + identifier.bytes + b"/" + kind.encode()
    return b"AS\x01" + nonce + encrypt(data_key, nonce, pad(fields), context)


def wrapped_key(data_key: bytes, identifier: UUID) -> bytes:
    return b"AK\x01" + wrap_for_holder(data_key, b"amparo/section/1/" + identifier.bytes + b"/data-key")


def locked_by_password(private: bytes, password: str, cost: tuple[int, int, int], salt: bytes, nonce: bytes) -> bytes:
    memory, passes, lanes = cost
    head = b"\x01" + memory.to_bytes(4, "big") + passes.to_bytes(4, "big") + bytes([lanes]) + salt
    return head + nonce + encrypt(stretch(password.encode(), cost, salt), nonce, private, head)


def locked_by_secret(private: bytes, secret: bytes, context: bytes, nonce: bytes) -> bytes:
    return b"\x02" + nonce + encrypt(secret, nonce, private, b"\x02" + context)


def file(plain: bytes, data_key: bytes, identifier: UUID, salt: bytes) -> bytes:
    key = HKDF(data_key, 32, salt, SHA256, context=b"amparo/file/1/" + identifier.bytes)
    assert isinstance(key, bytes)
    padded, sealed = pad(plain), b"AF\x01" + salt
    chunks = [padded[start : start + 65536] for start in range(0, len(padded), 65536)]
    for number, chunk in enumerate(chunks):
        sealed += encrypt(key, number.to_bytes(11, "big") + bytes([chunk is chunks[-1]]), chunk)
    return sealed


def receipt_keys(digits: str, site_salt: bytes, cost: tuple[int, int, int]) -> tuple[bytes, bytes]:
    stretched = stretch(digits.encode(), cost, site_salt)
    lookup, secret = (
        hmac.digest(stretched, b"amparo/receipt/1/" + purpose + b"\x01", "sha256") for purpose in (b"lookup", b"secret")
    )
    return lookup, secret


def plain_letters(text: str) -> str:
    """Without accents, and with one letter for those Arabic ones that are typed for each other."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    kept = "".join(each for each in decomposed if not unicodedata.combining(each))
    return kept.replace("ى", "ي").replace("ة", "ه")


def check_bytes(body: bytes) -> bytes:
    """The check bytes of a share found by trying: those with which the code is zero at 1, 2 and 4 in GF(2^8).

    Multiplication is done bit by bit, without tables.
    """

    def times(one: int, other: int) -> int:
        product = 0
        while other:
            product ^= one if other & 1 else 0
            one, other = one << 1 ^ (0x11D if one & 0x80 else 0), other >> 1
        return product

    def at(root: int, code: bytes) -> int:
        value = 0
        for byte in code:
            value = times(value, root) ^ byte
        return value

    at_one, at_two, at_four = (at(root, body + bytes(3)) for root in (1, 2, 4))
    for first in range(256):
        # Two unknowns are left: with the first at hand, what is missing at 1 and at 2 tells both.
        sum_left, two_left = at_one ^ first, at_two ^ times(first, 4)
        second = next(each for each in range(256) if times(each, 2) ^ each == two_left ^ sum_left)
        third = sum_left ^ second
        if times(first, 16) ^ times(second, 4) ^ third == at_four:
            return bytes([first, second, third])
    raise AssertionError


def share_of(coefficients: list[bytes], number: int) -> bytes:
    """The value at `number` of the polynomial with these coefficients, the secret first, over GF(2^128).

    The field is that of x^128 + x^7 + x^2 + x + 1, as in the `ssss` of B. Poettering.
    """
    value = 0
    for coefficient in reversed(coefficients):
        product, factor = 0, value
        for bit in range(number.bit_length()):
            product ^= factor if number >> bit & 1 else 0
            factor = factor << 1 ^ (1 << 128 | 0x87 if factor >> 127 else 0)
        value = product ^ int.from_bytes(coefficient, "big")
    return value.to_bytes(16, "big")


def log_entry_code(columns: dict[str, Any], previous: bytes, key: bytes) -> bytes:
    """`columns` as JSON has them; the time as seconds since 1970."""
    actor = columns["actor"]
    encoded = b"amparo/log/1" + struct.pack(">qq", columns["number"], columns["seconds"] * 1_000_000)
    encoded += struct.pack(">?q", actor is not None, actor or 0)
    facts = json.dumps(columns["facts"], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    for text in (columns["institution"], columns["action"], columns["record"], facts):
        encoded += struct.pack(">I", len(text.encode())) + text.encode()
    return hmac.digest(key, encoded + previous, "sha256")


def log_head(number: int, code: bytes, key: bytes) -> bytes:
    body = b"AL\x01" + struct.pack(">Q", number) + code
    return body + hmac.digest(key, b"amparo/log-head/1" + body, "sha256")


def name_key(private: bytes) -> bytes:
    key = HKDF(private, 32, bytes(32), SHA256, context=b"amparo/name-key/1")
    assert isinstance(key, bytes)
    return key


def name_token(token: str, key: bytes) -> bytes:
    encoded = token.encode()
    return hmac.digest(key, b"amparo/name-token/1\0" + struct.pack(">Q", len(encoded)) + encoded, "sha256")[:16]


def recovery_key(secret: bytes, set_identifier: bytes) -> bytes:
    key = HKDF(secret, 32, set_identifier, SHA256, context=b"amparo/recovery/1")
    assert isinstance(key, bytes)
    return key


def stretch(secret: bytes, cost: tuple[int, int, int], salt: bytes) -> bytes:
    memory, passes, lanes = cost
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(secret)


def pad(plain: bytes) -> bytes:
    """Padmé as its authors write it: E = floor(log2 L), S = floor(log2 E) + 1, and the last E - S bits are zero."""
    length = max(len(plain), 256)
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return plain + bytes(((length + mask) & ~mask) - len(plain))


def _extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + SUITE + label + material, "sha256")


def _expand(secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info
    return hmac.digest(secret, labelled + b"\x01", "sha256")[:length]
