"""Names found again without being kept: however they are written, and by nobody without the institution's key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.vault import keys
from amparo.vault.blind_index import TOKEN_BYTES, blind_tokens, name_key, name_tokens

KEY, OTHER_KEY = name_key(keys.make_key_pair().private), name_key(keys.make_key_pair().private)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Invented Person", "PERSON, Invented"),
        ("José Núñez-Inventado", "Jose Nunez Inventado"),
        ("José", "Jose\u0301"),
        ("Invented O'Person", "invented o’person"),
        ("Straße", "STRASSE"),
        ("Søren Łukasz Đorđe", "Soren Lukasz Dorde"),
        ("İnvented", "invented"),
        ("أحمد مخترع", "مخترع احمد"),
        ("آمنة", "امنه"),
        ("يحيى", "يحيي"),
        ("مُخْتَرَع", "مخترع"),
        ("مخـــترع", "مخترع"),
        ("مؤمن", "مومن"),
        ("علی کریم", "علي كريم"),
        ("ﻣﺨﺘﺮﻉ", "مخترع"),
        ("\u2067مخترع\u2069", "مخترع"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert name_tokens(one) == name_tokens(other)
    assert blind_tokens(one, KEY) == blind_tokens(other, KEY)


def test_a_name_has_a_token_for_each_of_its_parts() -> None:
    assert name_tokens("Invented  María  Person-Sample") == {"invented", "maria", "person", "sample"}
    assert name_tokens("") == name_tokens(" - .") == frozenset()
    assert len(blind_tokens("Invented Maria Person", KEY) & blind_tokens("Maria Invented", KEY)) == 2


def test_other_names_have_other_tokens() -> None:
    assert blind_tokens("Invented", KEY).isdisjoint(blind_tokens("Inventer", KEY))
    assert name_tokens("علي") != name_tokens("عالي")


def test_another_institution_has_other_tokens() -> None:
    assert blind_tokens("Invented Person", KEY).isdisjoint(blind_tokens("Invented Person", OTHER_KEY))


def test_the_key_of_names_is_not_the_private_key() -> None:
    private = keys.make_key_pair().private

    assert name_key(private) == name_key(private)
    assert len(name_key(private)) == 32
    assert name_key(private) not in private


@given(st.text())
def test_tokens_of_tokens_are_the_same(name: str) -> None:
    tokens = name_tokens(name)

    assert name_tokens(" ".join(sorted(tokens, reverse=True))) == tokens
    assert all(len(token) == TOKEN_BYTES for token in blind_tokens(name, KEY))
