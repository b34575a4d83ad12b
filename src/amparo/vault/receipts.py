"""Receipts: sixteen digits by which a reporter finds her report again, and which nobody else has. Pure.

A receipt is stretched once by Argon2id, and two keys come out of it: one to look the mailbox up by, and one that opens
it. What is stored (the look-up) tells neither the receipt nor the other key.

All receipts of a site share one salt: a mailbox can't be looked up otherwise. Keep the salt in the key folder, not in
the database: a dump alone can then not even be guessed at. For who has both, each of the 10^16 guesses costs one
Argon2id, and is tried on all mailboxes of the site at once.
"""

import secrets
import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from amparo.vault.keys import Argon2Cost, VaultError

RECEIPT_DIGITS = 16
LEAST_SALT_BYTES = 16
# Hyphens and dashes, and the marks that keep left-to-right digits together in a right-to-left message.
_BETWEEN = frozenset("-_.\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200e\u200f\u061c\ufeff")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_TYPED = 200


class BadReceipt(VaultError):
    """What was typed is no receipt: not sixteen digits."""

    code = "bad-receipt"


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """What a receipt gives: 32 bytes to find the mailbox by, 32 bytes that open it."""

    lookup: bytes
    secret: bytes

    def __repr__(self) -> str:
        return "ReceiptKeys(lookup=…, secret=…)"


def make_receipt() -> str:
    """Sixteen random decimal digits (53 bits)."""
    return f"{secrets.randbelow(10**RECEIPT_DIGITS):0{RECEIPT_DIGITS}}"


def show_receipt(receipt: str) -> str:
    """The digits in four groups of four, as people copy them."""
    return " ".join(receipt[start : start + 4] for start in range(0, RECEIPT_DIGITS, 4))


def read_receipt(typed: str) -> str:
    """The sixteen digits in what somebody typed or pasted: with spaces, hyphens, and the digits of her script.

    Raises `BadReceipt`, which does not repeat what was typed.
    """
    digits = ""
    for character in typed[:_LONGEST_TYPED]:
        if character.isdecimal():
            digits += str(unicodedata.decimal(character))
        elif not (character.isspace() or character in _BETWEEN or character in _BIDI):
            raise BadReceipt("A receipt has digits only.")
    if len(digits) != RECEIPT_DIGITS or len(typed) > _LONGEST_TYPED:
        raise BadReceipt(f"A receipt has {RECEIPT_DIGITS} digits.")
    return digits


def open_receipt(receipt: str, site_salt: bytes, cost: Argon2Cost | None = None) -> ReceiptKeys:
    """The keys behind sixteen digits. Costs one Argon2id of `cost`, whether such a mailbox exists or not.

    `site_salt` has 16 bytes at least and is the same for all receipts of a site; so is `cost`: a site that raises it
    tries the old one too, for the time that old mailboxes live. Raises `BadReceipt`, ValueError for a short salt.
    """
    digits, cost = read_receipt(receipt), cost or Argon2Cost()
    if len(site_salt) < LEAST_SALT_BYTES:
        raise ValueError(f"The salt of a site has {LEAST_SALT_BYTES} bytes at least.")
    stretched = hash_secret_raw(
        digits.encode(), site_salt, cost.passes, cost.memory, cost.lanes, hash_len=32, type=Type.ID
    )
    return ReceiptKeys(_expand(stretched, b"lookup"), _expand(stretched, b"secret"))


def _expand(stretched: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(SHA256(), 32, b"amparo/receipt/1/" + purpose).derive(stretched)
