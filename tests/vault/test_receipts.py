"""Receipts: made at random, read as people type them, and no cheaper to guess when wrong."""

from typing import Any

import pytest
from argon2.low_level import Type, hash_secret_raw
from Crypto.Hash import HMAC, SHA256
from hypothesis import given
from hypothesis import strategies as st

from amparo.vault.keys import Argon2Cost
from amparo.vault.receipts import BadReceipt, make_receipt, open_receipt, read_receipt, show_receipt

CHEAP, SALT = Argon2Cost(memory=64, passes=1, lanes=1), bytes(range(32))


def test_receipts_are_sixteen_digits_and_never_twice_the_same() -> None:
    receipts = {make_receipt() for _ in range(2000)}

    assert len(receipts) == 2000
    assert all(len(receipt) == 16 and receipt.isascii() and receipt.isdecimal() for receipt in receipts)
    # Each digit turns up in each place, zero in front included.
    assert all({receipt[place] for receipt in receipts} == set("0123456789") for place in range(16))


@given(st.integers(0, 10**16 - 1))
def test_what_is_shown_can_be_typed_again(number: int) -> None:
    receipt = f"{number:016}"

    assert len(show_receipt(receipt)) == 19
    assert read_receipt(show_receipt(receipt)) == receipt


@pytest.mark.parametrize(
    "typed",
    [
        "0123456789012345",
        "0123 4567 8901 2345",
        "  0123-4567-8901-2345\n",
        "0123\u20134567\u20138901\u20132345",
        "0123\u00a04567\u202f8901\u00a02345",
        "٠١٢٣ ٤٥٦٧ ٨٩٠١ ٢٣٤٥",
        "۰۱۲۳ ۴۵۶۷ ۸۹۰۱ ۲۳۴۵",
        "\u2066٠١٢٣\u2069-\u200f٤٥٦٧-8901-2345",
        "０１２３４５６７８９０１２３４５",
    ],
)
def test_receipts_are_read_as_people_type_them(typed: str) -> None:
    assert read_receipt(typed) == "0123456789012345"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "012345678901234",
        "01234567890123456",
        "0123 4567 8901 234x",
        "O123456789012345",
        "²123456789012345",
        "1" * 9**5,
    ],
)
def test_what_is_no_receipt_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(BadReceipt) as refused:
        read_receipt(typed)

    assert refused.value.code == "bad-receipt"
    assert not typed or typed[:12] not in str(refused.value)
    with pytest.raises(BadReceipt):
        open_receipt(typed, SALT, CHEAP)


def test_the_same_receipt_gives_the_same_keys_however_it_is_typed() -> None:
    keys = open_receipt("0123456789012345", SALT, CHEAP)

    assert open_receipt("٠١٢٣ ٤٥٦٧ ٨٩٠١ ٢٣٤٥", SALT, CHEAP) == keys
    assert len(keys.lookup) == len(keys.secret) == 32
    assert keys.lookup != keys.secret


def test_every_receipt_salt_and_cost_gives_other_keys() -> None:
    known = {open_receipt("0123456789012345", SALT, CHEAP)}
    known.add(open_receipt("0123456789012346", SALT, CHEAP))
    known.add(open_receipt("0123456789012345", SALT[::-1], CHEAP))
    known.add(open_receipt("0123456789012345", SALT, Argon2Cost(memory=64, passes=2, lanes=1)))

    assert len({part for keys in known for part in (keys.lookup, keys.secret)}) == 8


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        open_receipt("0123456789012345", b"short", CHEAP)


def test_keys_do_not_show_in_a_traceback() -> None:
    keys = open_receipt("0123456789012345", SALT, CHEAP)

    assert keys.secret.hex() not in repr(keys)
    assert repr(keys) == "ReceiptKeys(lookup=…, secret=…)"


def test_a_wrong_receipt_takes_the_same_work_as_a_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known about receipts before they are stretched, each once and at the same cost."""
    costs = []

    def stretch(secret: bytes, salt: bytes, *cost: int, **options: Any) -> bytes:
        costs.append(cost)
        return hash_secret_raw(secret, salt, *cost, **options)

    monkeypatch.setattr("amparo.vault.receipts.hash_secret_raw", stretch)
    for receipt in ("0123456789012345", make_receipt(), "0000000000000000"):
        open_receipt(receipt, SALT, CHEAP)

    assert costs == [(CHEAP.passes, CHEAP.memory, CHEAP.lanes)] * 3


def test_the_two_keys_come_from_the_stretched_digits_as_described() -> None:
    """HKDF-Expand (RFC 5869) of one block is one HMAC; PyCryptodome's shares no code with ours."""
    stretched = hash_secret_raw(b"0123456789012345", SALT, 1, 64, 1, hash_len=32, type=Type.ID)

    keys = open_receipt("0123456789012345", SALT, CHEAP)

    for purpose, key in (("lookup", keys.lookup), ("secret", keys.secret)):
        assert key == HMAC.new(stretched, f"amparo/receipt/1/{purpose}\x01".encode(), SHA256).digest()
