"""Keyed fingerprints: find the same name or the same row again without keeping it. Pure.

HMAC-SHA-256 (RFC 2104). That of rows is under a key that lies outside the database: a dump without the key cannot be
searched by guessing; whoever holds dump and key together can test guesses: nothing else is derived from it.

Tokens of names are under a key that follows from the institution's private key, so that a stolen disk, key folder
included, cannot test a name. What tokens do tell: that two records share a part of a name, and which parts are common.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 16
_APOSTROPHES = dict.fromkeys(map(ord, "'`´ʻʼʾʿ\u2018\u2019\u02bb\u0640"))
# Letters that are one and the same in a name, and that decomposition does not bring together.
_SAME_LETTERS = str.maketrans(
    {"ى": "ي", "ة": "ه", "ٱ": "ا", "ی": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه"}
    | {"ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"}
)
_TOKEN = re.compile(r"[^\W_]+")


def fingerprint(parts: Iterable[str], key: bytes, purpose: str) -> bytes:
    """32 bytes that are the same for the same `parts` under the same `key` and `purpose`."""
    code = hmac.new(key, purpose.encode() + b"\0", sha256)
    for part in parts:
        encoded = unicodedata.normalize("NFC", part).encode()
        # Lengths go in, so that ("ab", "c") and ("a", "bc") differ.
        code.update(len(encoded).to_bytes(8, "big") + encoded)
    return code.digest()


def name_tokens(name: str) -> frozenset[str]:
    """The parts of `name` as they are compared: without order, case, accents, apostrophes and marks of vowels.

    Arabic letters that are written for each other (alef with and without hamza, ya and alef maqsura, ta marbuta and ha)
    are one. Names in two scripts have nothing in common: that is what linkage is for.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES))
    plain = "".join(each for each in letters if unicodedata.category(each) not in ("Mn", "Cf"))
    return frozenset(_TOKEN.findall(plain.translate(_SAME_LETTERS)))


def name_key(private: bytes) -> bytes:
    """The key of an institution's tokens, from its private key: where that is rotated, all tokens are made anew."""
    return HKDF(SHA256(), 32, None, b"amparo/name-key/1").derive(private)


def blind_tokens(name: str, key: bytes) -> frozenset[bytes]:
    """The tokens of `name` under an institution's `name_key`: 16 bytes each, to be stored and searched."""
    return frozenset(fingerprint([token], key, "amparo/name-token/1")[:TOKEN_BYTES] for token in name_tokens(name))
