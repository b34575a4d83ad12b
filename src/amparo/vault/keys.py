"""Key pairs, and how a private key is kept closed at rest. Pure: no Django, no storage.

Suite: HPKE (RFC 9180) with the hybrid KEM ML-KEM-768 + X25519 ("X-Wing", KEM id 0x647a), HKDF-SHA-256 and
ChaCha20-Poly1305, so that what is copied today stays closed to a quantum computer tomorrow.
"""

import os
import secrets
import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

MLKEM_PUBLIC_BYTES = 1184
PUBLIC_KEY_BYTES = 1216
MLKEM_SEED_BYTES = 64
PRIVATE_KEY_BYTES = MLKEM_SEED_BYTES + 32

# First byte of every locked private key: a later format adds a number, and this one stays readable.
LOCKED_BY_PASSWORD_V1 = b"\x01"
LOCKED_BY_SECRET_V1 = b"\x02"
_SALT_BYTES = 16
_MOST_MEMORY = 1 << 19  # KiB: half a gigabyte
_NONCE_BYTES = 12


class VaultError(Exception):
    """A sealed thing that cannot be opened. The message never carries any part of it."""

    code = "vault-error"


class WrongSecret(VaultError):
    """The password or secret does not open this, or the bytes were changed."""

    code = "wrong-secret"


class UnknownFormat(VaultError):
    """The bytes begin with a format number that this version does not know."""

    code = "unknown-format"


class ChangedMeanwhile(VaultError):
    """Somebody else changed the same key first. Nothing was done."""

    code = "changed-meanwhile"


class NobodyLeft(VaultError):
    """What was asked for would leave nobody who can open it."""

    code = "nobody-left"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A raw key pair: 1,216 bytes public (ML-KEM-768, then X25519), 96 bytes private (seed, then X25519)."""

    public: bytes
    private: bytes

    def __repr__(self) -> str:
        return "KeyPair(public=…, private=…)"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Cost of Argon2id: `memory` in KiB, passes, lanes. Stored with what it locked, so that it can be raised."""

    memory: int = 65536
    passes: int = 3
    lanes: int = 4

    def raised_to(self, wanted: "Argon2Cost") -> "Argon2Cost":
        """This cost, raised where `wanted` has more memory or passes; never lowered."""
        if self.memory >= wanted.memory and self.passes >= wanted.passes:
            return self
        return Argon2Cost(max(self.memory, wanted.memory), max(self.passes, wanted.passes), wanted.lanes)


def make_key_pair() -> KeyPair:
    """A fresh key pair from the operating system's randomness."""
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return KeyPair(public, mlkem.private_bytes_raw() + x25519.private_bytes_raw())


def public_half(private: bytes) -> bytes:
    """The 1,216 public bytes that belong to 96 private ones. Raises `UnknownFormat` for any other length."""
    if len(private) != PRIVATE_KEY_BYTES:
        raise UnknownFormat(f"A private key has {PRIVATE_KEY_BYTES} bytes, not {len(private)}.")
    mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:MLKEM_SEED_BYTES])
    x25519 = X25519PrivateKey.from_private_bytes(private[MLKEM_SEED_BYTES:])
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def load_public_key(raw: bytes) -> MLKEM768X25519PublicKey:
    """The key to seal to, from its 1,216 bytes. Raises `UnknownFormat` for any other length."""
    if len(raw) != PUBLIC_KEY_BYTES:
        raise UnknownFormat(f"A public key has {PUBLIC_KEY_BYTES} bytes, not {len(raw)}.")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_BYTES:]),
    )


def load_private_key(raw: bytes) -> MLKEM768X25519PrivateKey:
    """The key to open with, from its 96 bytes. Raises `UnknownFormat` for any other length."""
    if len(raw) != PRIVATE_KEY_BYTES:
        raise UnknownFormat(f"A private key has {PRIVATE_KEY_BYTES} bytes, not {len(raw)}.")
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED_BYTES:]),
    )


def lock_with_password(private: bytes, password: str, cost: Argon2Cost | None = None) -> bytes:
    """`private` closed under Argon2id(password): format, cost, salt, nonce, ciphertext."""
    cost = cost or Argon2Cost()
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    head = LOCKED_BY_PASSWORD_V1 + _pack_cost(cost) + salt
    key = _stretch(password, salt, cost)
    return head + nonce + ChaCha20Poly1305(key).encrypt(nonce, private, head)


def unlock_with_password(locked: bytes, password: str) -> bytes:
    """The private key that `lock_with_password` closed. Raises `WrongSecret` or `UnknownFormat`."""
    if locked[:1] != LOCKED_BY_PASSWORD_V1 or len(locked) < 10 + _SALT_BYTES + _NONCE_BYTES:
        raise UnknownFormat("This is not a key locked by a password in a format known here.")
    head, rest = locked[: 10 + _SALT_BYTES], locked[10 + _SALT_BYTES :]
    key = _stretch(password, head[10:], _unpack_cost(head[1:10]))
    return _open(key, rest, head)


def locked_at(locked: bytes) -> Argon2Cost:
    """The cost at which `lock_with_password` closed this, for whoever wants to raise it. Raises `UnknownFormat`."""
    if locked[:1] != LOCKED_BY_PASSWORD_V1 or len(locked) < 10:
        raise UnknownFormat("This is not a key locked by a password in a format known here.")
    return _unpack_cost(locked[1:10])


def lock_with_secret(private: bytes, secret: bytes, context: bytes) -> bytes:
    """`private` closed under a random 32-byte `secret` (a session's); `context` must be given again to open it."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = ChaCha20Poly1305(secret).encrypt(nonce, private, LOCKED_BY_SECRET_V1 + context)
    return LOCKED_BY_SECRET_V1 + nonce + sealed


def unlock_with_secret(locked: bytes, secret: bytes, context: bytes) -> bytes:
    """What `lock_with_secret` closed. Raises `WrongSecret` or `UnknownFormat`."""
    if locked[:1] != LOCKED_BY_SECRET_V1:
        raise UnknownFormat("This is not a key locked by a session's secret in a format known here.")
    return _open(secret, locked[1:], LOCKED_BY_SECRET_V1 + context)


def make_secret() -> bytes:
    """32 random bytes, for a session or a data key."""
    return secrets.token_bytes(32)


def _open(key: bytes, nonce_and_sealed: bytes, associated: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(
            nonce_and_sealed[:_NONCE_BYTES], nonce_and_sealed[_NONCE_BYTES:], associated
        )
    except (InvalidTag, ValueError):
        raise WrongSecret("The secret does not open this key, or the key was changed.") from None


def _stretch(password: str, salt: bytes, cost: Argon2Cost) -> bytes:
    # The same letters reach us composed from one keyboard and decomposed from another (RFC 8265, section 4.2).
    typed = unicodedata.normalize("NFC", password).encode()
    return hash_secret_raw(typed, salt, cost.passes, cost.memory, cost.lanes, hash_len=32, type=Type.ID)


def _pack_cost(cost: Argon2Cost) -> bytes:
    return cost.memory.to_bytes(4, "big") + cost.passes.to_bytes(4, "big") + cost.lanes.to_bytes(1, "big")


def _unpack_cost(packed: bytes) -> Argon2Cost:
    memory, passes, lanes = int.from_bytes(packed[:4], "big"), int.from_bytes(packed[4:8], "big"), packed[8]
    # A changed header must not make the server spend gigabytes or minutes before it finds the tag wrong.
    if not (1 <= lanes <= 16 and 8 * lanes <= memory <= _MOST_MEMORY and 1 <= passes <= 16):
        raise UnknownFormat("The cost stored with this key is outside what is accepted.")
    return Argon2Cost(memory, passes, lanes)
