"""Shares of a recovery secret, as words on paper: some of them together open, fewer tell nothing. Pure.

The secret is 16 random bytes, split by Shamir's scheme over GF(2^128) ("How to Share a Secret", CACM 1979; the
implementation is PyCryptodome's). A share is 22 bytes, and each byte one of 256 words of the reader's language:

    byte 0       format (2 bits, 0), how many are needed less 1 (3 bits), number of the share less 1 (3 bits)
    bytes 1–2    identifier of the set, so that shares of an older set are told apart
    bytes 3–18   the share
    bytes 19–21  Reed–Solomon check over GF(2^8) (polynomial 0x11d, roots 1, 2, 4): finds any three wrong words, so any
                 two that changed places, and which word it is where only one is wrong

The secret is stretched by HKDF-SHA-256 to the key that closes a recovery key pair: 128 bits of randomness need no
slow hash. The lists of words are part of the format: a word may never be changed, nor its place.
"""

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amparo.vault.keys import VaultError

LANGUAGES = ("en", "fr", "es", "ar")
SECRET_BYTES = 16
SHARE_WORDS = 22
MOST_SHARES = 8
_SET_BYTES = 2
_CHECK_BYTES = 3
_TELLING_LETTERS = 4
_LONGEST_TYPED = 2000
_WORD = re.compile(r"[^\W\d_]+")
# Letters that keyboards and habits exchange, beyond what decomposition takes away.
_SAME_LETTERS = str.maketrans({"ى": "ي", "ة": "ه", "ٱ": "ا", "ی": "ي", "ک": "ك", "ـ": "", "œ": "oe", "æ": "ae"})


class BadShare(VaultError):
    """What was typed is no share. `share` is its place among those that were typed, from 1; `word` that of the word."""

    code = "bad-share"

    def __init__(self, message: str, *, code: str, share: int | None = None, word: int | None = None) -> None:
        super().__init__(message)
        self.code, self.share, self.word = code, share, word


@dataclass(frozen=True, slots=True)
class Share:
    """One share: `needed` of its set open. `number` is from 1, `set_identifier` 2 bytes, `piece` 16."""

    number: int
    needed: int
    set_identifier: bytes
    piece: bytes

    def __repr__(self) -> str:
        return f"Share(number={self.number}, needed={self.needed}, …)"


@dataclass(frozen=True, slots=True)
class RecoverySecret:
    """What shares come together to. Which set it is of tells what it opens."""

    set_identifier: bytes
    secret: bytes

    def __repr__(self) -> str:
        return "RecoverySecret(…)"

    def key(self) -> bytes:
        """The 32 bytes that close the private key of the recovery key pair."""
        return HKDF(SHA256(), 32, self.set_identifier, b"amparo/recovery/1").derive(self.secret)


def make_recovery_secret() -> RecoverySecret:
    return RecoverySecret(os.urandom(_SET_BYTES), os.urandom(SECRET_BYTES))


def split_secret(secret: RecoverySecret, shares: int, needed: int) -> list[Share]:
    """`shares` shares of which any `needed` give `secret` again. Raises ValueError outside 2 ≤ needed ≤ shares ≤ 8."""
    if not 2 <= needed <= shares <= MOST_SHARES:
        raise ValueError(f"Of 2 to {MOST_SHARES} shares at least two, and at most all, are needed.")
    pieces = Shamir.split(needed, shares, secret.secret)
    return [Share(number, needed, secret.set_identifier, piece) for number, piece in pieces]


def join_shares(shares: Sequence[Share]) -> RecoverySecret:
    """The secret behind shares of one set. More than are needed may be given; all must fit together.

    Raises `BadShare` with a code: "other-set" and "doubled-share" (saying which), "too-few-shares", and
    "shares-do-not-fit" where one more than needed was given and does not lie on the same curve.
    """
    if not shares:
        raise BadShare("No share was given.", code="too-few-shares")
    first, numbers = shares[0], set[int]()
    for place, share in enumerate(shares, 1):
        if (share.set_identifier, share.needed) != (first.set_identifier, first.needed):
            raise BadShare("This share belongs to another set than the first.", code="other-set", share=place)
        if share.number in numbers:
            raise BadShare("This share was given twice.", code="doubled-share", share=place)
        numbers.add(share.number)
    if len(shares) < first.needed:
        raise BadShare(f"{first.needed} shares are needed, {len(shares)} were given.", code="too-few-shares")
    secrets = {_combine(shares[start : start + first.needed]) for start in range(len(shares) - first.needed + 1)}
    if len(secrets) != 1:
        raise BadShare("These shares do not fit together.", code="shares-do-not-fit")
    return RecoverySecret(first.set_identifier, secrets.pop())


def share_words(share: Share, language: str) -> list[str]:
    """The 22 words of `share` in `language`: to be printed, numbered, and kept by one person."""
    head = (share.needed - 1) << 3 | (share.number - 1)
    body = bytes([head]) + share.set_identifier + share.piece
    return [_words(language)[byte] for byte in body + _check_bytes(body)]


def read_shares(typed: Sequence[str]) -> list[Share]:
    """The shares in what people typed, each text one share. Raises `BadShare`, which says which one is wrong."""
    shares = []
    for place, text in enumerate(typed, 1):
        try:
            shares.append(read_share(text))
        except BadShare as bad:
            raise BadShare(str(bad), code=bad.code, share=place, word=bad.word) from None
    return shares


def read_share(typed: str) -> Share:
    """The share in what somebody typed: in any of the languages, with or without accents, capitals and numbering.

    The first four letters of each word are enough. Raises `BadShare`: "unknown-word" (which one), "wrong-number-of-
    words", "wrong-word" (which one, where it can be told), "unknown-format". It never repeats what was typed.
    """
    typed_words = _WORD.findall(_fold(typed)) if len(typed) <= _LONGEST_TYPED else []
    if not typed_words:
        raise BadShare("This share has no words, or far too many.", code="wrong-number-of-words")
    known = {
        language: [_numbers(language).get(word[:_TELLING_LETTERS]) for word in typed_words] for language in LANGUAGES
    }
    # A few words are the same in two languages: all of a share in one language is what counts.
    read = [bytes(n for n in numbers if n is not None) for numbers in known.values() if None not in numbers]
    if not read:
        closest = max(known.values(), key=lambda numbers: sum(number is not None for number in numbers))
        unknown = closest.index(None) + 1
        raise BadShare(f"Word {unknown} is not in the list of words.", code="unknown-word", word=unknown)
    if len(typed_words) != SHARE_WORDS:
        raise BadShare(
            f"A share has {SHARE_WORDS} words, this one has {len(typed_words)}.", code="wrong-number-of-words"
        )
    for code in read:
        if not any(_syndromes(code)):
            return _read_code(code)
    place = _wrong_place(read[0])
    if place is None:
        raise BadShare("Two or more words of this share are wrong, or changed places.", code="wrong-word")
    raise BadShare(f"Word {place} is not the one that was printed.", code="wrong-word", word=place)


def _read_code(code: bytes) -> Share:
    head, piece_start = code[0], 1 + _SET_BYTES
    needed, number = (head >> 3 & 7) + 1, (head & 7) + 1
    if head >> 6 or needed < 2:
        raise BadShare("This share is in a format not known here.", code="unknown-format")
    return Share(number, needed, code[1:piece_start], code[piece_start:-_CHECK_BYTES])


def _combine(shares: Sequence[Share]) -> bytes:
    return Shamir.combine([(share.number, share.piece) for share in shares])


@cache
def _words(language: str) -> tuple[str, ...]:
    return tuple(files("amparo.vault").joinpath("words", f"{language}.txt").read_text(encoding="utf-8").split())


@cache
def _numbers(language: str) -> dict[str, int]:
    return {_fold(word)[:_TELLING_LETTERS]: number for number, word in enumerate(_words(language))}


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in letters if unicodedata.category(each) not in ("Mn", "Cf")).translate(_SAME_LETTERS)


def _power(exponent: int) -> int:
    """2 to the `exponent` in GF(2^8)."""
    return _POWERS[exponent % 255]


def _multiply(one: int, other: int) -> int:
    return _power(_LOGARITHMS[one] + _LOGARITHMS[other]) if one and other else 0


def _make_powers() -> tuple[int, ...]:
    powers, power = [], 1
    for _ in range(255):
        powers.append(power)
        power = power << 1 ^ (0x11D if power & 0x80 else 0)
    return tuple(powers)


_POWERS = _make_powers()
_LOGARITHMS = {power: exponent for exponent, power in enumerate(_POWERS)}
# (x - 1)(x - 2)(x - 4), highest power first, without the leading 1.
_GENERATOR = (7, 14, 8)


def _check_bytes(body: bytes) -> bytes:
    """The remainder of body · x^3 by the generator."""
    rest = [0, 0, 0]
    for byte in body:
        factor = byte ^ rest[0]
        rest = [left ^ _multiply(factor, part) for left, part in zip([*rest[1:], 0], _GENERATOR, strict=True)]
    return bytes(rest)


def _syndromes(code: bytes) -> list[int]:
    """What the code comes to at each root of the generator: zeros where nothing is wrong."""
    found = []
    for root in range(_CHECK_BYTES):
        value = 0
        for byte in code:
            value = _multiply(value, _power(root)) ^ byte
        found.append(value)
    return found


def _wrong_place(code: bytes) -> int | None:
    """The place, from 1, of the only wrong word; None where more are wrong."""
    first, second, third = _syndromes(code)
    if not (first and second and third) or _multiply(second, second) != _multiply(first, third):
        return None
    place = len(code) - (_LOGARITHMS[second] - _LOGARITHMS[first]) % 255
    return place if 1 <= place <= len(code) else None
