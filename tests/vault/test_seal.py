"""Sections: opened by their holder alone, as what they were sealed as, and not at all when one bit is another."""

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.vault import keys, seal
from amparo.vault.keys import UnknownFormat, VaultError, WrongSecret
from amparo.vault.padding import padded_length
from amparo.vault.seal import SEALED_V1, Sealed
from tests.vault import reference

PAIR, OTHER = keys.make_key_pair(), keys.make_key_pair()
SECTION, KIND = UUID("5f6c8a34-90f3-4a6c-8a7d-2f6b58c7a111"), "identity"
FIELDS = {"name": "Invented Person", "age": 41}
SEALED = seal.seal_section(FIELDS, SECTION, KIND, PAIR.public)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=8,
)


def flipped(content: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1 << bit
    return bytes(changed)


def refuse(sealed: Sealed, section: UUID = SECTION, kind: str = KIND, private: bytes = PAIR.private) -> None:
    with pytest.raises(VaultError):
        seal.open_section(sealed, section, kind, private)


def test_the_holder_opens_what_was_sealed_to_her() -> None:
    assert seal.open_section(SEALED, SECTION, KIND, PAIR.private) == FIELDS


@given(fields=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON_VALUES, max_size=5))
def test_whatever_json_can_say_comes_back(fields: dict[str, object]) -> None:
    key = keys.make_secret()

    assert seal.decrypt_fields(seal.encrypt_fields(fields, key, SECTION, KIND), key, SECTION, KIND) == fields


def test_another_key_another_section_or_another_kind_opens_nothing() -> None:
    refuse(SEALED, private=OTHER.private)
    refuse(SEALED, section=uuid4())
    refuse(SEALED, kind="narrative")


def test_the_bytes_of_two_sections_of_one_holder_cannot_be_swapped() -> None:
    other_id = uuid4()
    other = seal.seal_section({"name": "Another Invented Person"}, other_id, KIND, PAIR.public)

    refuse(other)
    refuse(Sealed(other.ciphertext, SEALED.wrapped_key))
    refuse(Sealed(SEALED.ciphertext, other.wrapped_key))
    refuse(Sealed(SEALED.ciphertext, other.wrapped_key), section=other_id)


def test_two_kinds_of_one_section_under_one_key_cannot_be_swapped() -> None:
    key = keys.make_secret()
    contacts = seal.encrypt_fields({"phone": "0"}, key, SECTION, "contacts")

    with pytest.raises(WrongSecret):
        seal.decrypt_fields(contacts, key, SECTION, "identity")


@pytest.mark.parametrize("place", range(3 + 12))
@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_the_head_of_a_section_is_refused(place: int, bit: int) -> None:
    refuse(Sealed(flipped(SEALED.ciphertext, place, bit), SEALED.wrapped_key))


@pytest.mark.parametrize("place", [*range(3), *range(3, 1171, 16), *range(1155, 1171)])
def test_a_flipped_bit_in_a_wrapped_key_is_refused(place: int) -> None:
    """ML-KEM part, X25519 part and ciphertext: every sixteenth byte of them, and each of the tag."""
    for bit in range(8):
        refuse(Sealed(SEALED.ciphertext, flipped(SEALED.wrapped_key, place, bit)))


@settings(deadline=None)
@given(st.data())
def test_what_was_changed_or_cut_anywhere_is_refused(data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, 7))
    for whole in (SEALED.ciphertext, SEALED.wrapped_key):
        place = data.draw(st.integers(0, len(whole) - 1))
        for changed in (flipped(whole, place, bit), whole[:place], whole + b"\0", b""):
            if whole is SEALED.ciphertext:
                refuse(Sealed(changed, SEALED.wrapped_key))
            else:
                refuse(Sealed(SEALED.ciphertext, changed))


@pytest.mark.parametrize("head", [b"", b"AS", b"AS\x00", b"AS\x02", b"as\x01", b"AK\x01"])
def test_an_unknown_format_is_said_to_be_one(head: bytes) -> None:
    with pytest.raises(UnknownFormat):
        seal.decrypt_fields(head + SEALED.ciphertext[3:], keys.make_secret(), SECTION, KIND)
    with pytest.raises(UnknownFormat):
        seal.unwrap_data_key(head.replace(b"AK\x01", b"AS\x01") + SEALED.wrapped_key[3:], SECTION, PAIR.private)


def test_names_of_different_lengths_make_sections_of_one_length() -> None:
    lengths = {
        len(seal.seal_section({"name": "X" * length}, SECTION, KIND, PAIR.public).ciphertext) for length in range(240)
    }

    assert len(lengths) == 1


@given(st.integers(0, 10**12))
def test_padding_is_padme_and_adds_at_most_an_eighth(length: int) -> None:
    padded = padded_length(length)

    assert padded >= length
    assert padded_length(padded) == padded
    assert padded == 256 or padded <= length * 1.125
    if length < 100_000:
        assert padded == len(reference.pad(bytes(length)))


def test_padding_leaves_few_lengths_to_tell_apart() -> None:
    assert len({padded_length(length) for length in range(256, 100_000)}) < 150


def test_the_same_fields_sealed_twice_share_nothing() -> None:
    again = seal.seal_section(FIELDS, SECTION, KIND, PAIR.public)

    assert again.ciphertext[3:] != SEALED.ciphertext[3:]
    assert again.wrapped_key[3:35] != SEALED.wrapped_key[3:35]


@pytest.mark.parametrize("plain", [b"[]", b"3", b"{", b"\xff", b"", b"[" * 100_000, b'"text"', b"{}{}"])
def test_what_a_stranger_sealed_that_is_no_fields_is_refused(plain: bytes) -> None:
    """A public key is public: anybody can seal anything to it."""
    key = keys.make_secret()
    ciphertext = reference.section(plain, key, SECTION, KIND, bytes(12))

    with pytest.raises(UnknownFormat):
        seal.decrypt_fields(ciphertext, key, SECTION, KIND)


@pytest.mark.parametrize("data_key", [b"", b"short", bytes(31), bytes(33)])
def test_a_wrapped_key_that_is_no_key_is_refused(data_key: bytes) -> None:
    wrapped = seal.wrap_data_key(data_key, SECTION, PAIR.public)

    with pytest.raises(UnknownFormat):
        seal.unwrap_data_key(wrapped, SECTION, PAIR.private)


def test_the_form_of_a_section_is_checked_without_a_key() -> None:
    seal.check_formats(SEALED.ciphertext, SEALED.wrapped_key)

    key = keys.make_secret()
    unpadded = SEALED_V1 + bytes(12) + reference.encrypt(key, bytes(12), json.dumps(FIELDS).encode())
    for ciphertext, wrapped in (
        (b"", SEALED.wrapped_key),
        (unpadded, SEALED.wrapped_key),
        (SEALED.ciphertext[:-1], SEALED.wrapped_key),
        (SEALED.wrapped_key, SEALED.wrapped_key),
        (SEALED.ciphertext, b""),
        (SEALED.ciphertext, SEALED.wrapped_key[:-1]),
        (SEALED.ciphertext, SEALED.wrapped_key + b"\0"),
        (SEALED.ciphertext, SEALED.ciphertext),
    ):
        with pytest.raises(UnknownFormat):
            seal.check_formats(ciphertext, wrapped)
