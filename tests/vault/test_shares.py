"""Shares as words: read back however they are typed, and told where they are wrong."""

import hashlib
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.vault import shares as module
from amparo.vault.shares import (
    LANGUAGES,
    SHARE_WORDS,
    BadShare,
    RecoverySecret,
    Share,
    join_shares,
    read_share,
    read_shares,
    share_words,
    split_secret,
)
from tests.vault import reference

WORDS = {
    language: (Path(module.__file__).parent / "words" / f"{language}.txt").read_text(encoding="utf-8").split()
    for language in LANGUAGES
}
DIGESTS = {
    "en": "d27e3cd1d752ab01",
    "fr": "0f4c95e2efb4395c",
    "es": "725924e9ba37f0ea",
    "ar": "57f206e015b56363",
}
SECRET = RecoverySecret(b"\x12\x34", bytes(range(16)))
SHARES = split_secret(SECRET, 5, 3)


def code_of(typed: str) -> tuple[str, int | None]:
    with pytest.raises(BadShare) as refused:
        read_share(typed)
    for word in typed.split():
        assert len(word) < 3 or word.isdigit() or f" {word} " not in f" {refused.value} "
    return refused.value.code, refused.value.word


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_list_has_256_words_told_apart_by_their_first_four_letters(language: str) -> None:
    """Accents off, and the Arabic letters that are typed for each other taken as one."""
    words = WORDS[language]

    assert len(words) == 256
    assert len({reference.plain_letters(word)[:4] for word in words}) == 256
    assert all(word.isalpha() and len(word) >= 2 and word == word.lower() for word in words)


def test_the_lists_are_those_that_shares_were_printed_from() -> None:
    """A word that is changed, or its place, makes paper in somebody's safe worthless."""
    digests = {name: hashlib.sha256("\n".join(words).encode()).hexdigest()[:16] for name, words in WORDS.items()}

    assert digests == DIGESTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_comes_back_from_its_words(language: str) -> None:
    for share in SHARES:
        words = share_words(share, language)

        assert len(words) == SHARE_WORDS
        assert read_share(" ".join(words)) == share


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=2, max_size=2), st.integers(2, 8), st.integers(0, 6))
def test_any_secret_comes_back_from_as_many_shares_as_are_needed(
    secret: bytes, identifier: bytes, needed: int, more: int
) -> None:
    kept = RecoverySecret(identifier, secret)
    shares = split_secret(kept, min(needed + more, 8), needed)
    shares.reverse()

    assert join_shares(shares[:needed]) == kept
    assert join_shares(shares) == kept
    assert [read_share(" ".join(share_words(share, "fr"))) for share in shares] == shares


def test_every_choice_of_enough_shares_opens_and_no_smaller_one_does() -> None:
    for chosen in combinations(SHARES, 3):
        assert join_shares(chosen) == SECRET
    for chosen in [*combinations(SHARES, 2), *combinations(SHARES, 1), ()]:
        with pytest.raises(BadShare) as refused:
            join_shares(chosen)
        assert refused.value.code == "too-few-shares"


def test_two_shares_of_three_lead_to_any_secret() -> None:
    """Whatever the third were: what two tell is a secret that has nothing to do with the true one."""
    lying = [Share(share.number, 2, share.set_identifier, share.piece) for share in SHARES[:2]]

    assert join_shares(lying).secret != SECRET.secret


@pytest.mark.parametrize(("shares", "needed"), [(5, 1), (5, 0), (1, 1), (3, 4), (9, 3), (0, 0)])
def test_absurd_numbers_of_shares_are_refused(shares: int, needed: int) -> None:
    with pytest.raises(ValueError, match="shares"):
        split_secret(SECRET, shares, needed)


def test_a_share_is_read_however_it_is_typed() -> None:
    english, french, spanish, arabic = (share_words(SHARES[0], language) for language in LANGUAGES)
    numbered = "\n".join(f"{number}. {word.upper()}," for number, word in enumerate(english, 1))
    arabic_numbers = "\n".join(f"{number}) {word}" for number, word in zip("١٢٣٤٥٦٧٨٩" + "٠" * 13, arabic, strict=True))
    pointed = " ".join(word[0] + "\u064e" + word[1:] + "\u0640" for word in arabic)
    without_hamza = " ".join(arabic).translate(str.maketrans("أإآىة", "ااايه"))

    for typed in (
        numbered,
        "  " + "   ".join(english) + "\t",
        "-".join(english),
        " ".join(word[:4] for word in english),
        " ".join(word.title() for word in french),
        reference.plain_letters(" ".join(french)),
        reference.plain_letters(" ".join(spanish)),
        arabic_numbers,
        pointed,
        without_hamza,
        "\u2067" + " ".join(arabic) + "\u2069",
    ):
        assert read_share(typed) == SHARES[0], typed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(SHARE_WORDS))
def test_one_wrong_word_is_named_wherever_it_is(language: str, place: int) -> None:
    words = share_words(SHARES[1], language)
    right = WORDS[language].index(words[place])
    for other in (1, 77, 255):
        words[place] = WORDS[language][(right + other) % 256]

        assert code_of(" ".join(words)) == ("wrong-word", place + 1)


def test_any_two_words_that_changed_places_are_found() -> None:
    words = share_words(SHARES[1], "en")
    for one, other in combinations(range(SHARE_WORDS), 2):
        swapped = list(words)
        swapped[one], swapped[other] = words[other], words[one]

        if swapped != words:
            assert code_of(" ".join(swapped)) == ("wrong-word", None)


@given(
    places=st.sets(st.integers(0, SHARE_WORDS - 1), min_size=2, max_size=3),
    offsets=st.tuples(*[st.integers(1, 255)] * 3),
)
def test_two_or_three_wrong_words_are_always_found(places: set[int], offsets: tuple[int, int, int]) -> None:
    words = share_words(SHARES[2], "es")
    for place, offset in zip(sorted(places), offsets, strict=False):
        words[place] = WORDS["es"][(WORDS["es"].index(words[place]) + offset) % 256]

    assert code_of(" ".join(words))[0] == "wrong-word"


def test_a_word_that_is_in_no_list_is_named() -> None:
    words = share_words(SHARES[0], "en")

    assert code_of(" ".join([*words[:4], "xylophone", *words[5:]])) == ("unknown-word", 5)


def test_words_of_two_languages_in_one_share_are_not_guessed_at() -> None:
    english, arabic = share_words(SHARES[0], "en"), share_words(SHARES[0], "ar")

    assert code_of(" ".join([*english[:21], arabic[21]])) == ("unknown-word", 22)


@pytest.mark.parametrize("typed", ["", "   ", "1 2 3", "acorn", "acorn " * 21, "acorn " * 23, "acorn " * 5000])
def test_too_few_or_too_many_words_are_said_to_be(typed: str) -> None:
    assert code_of(typed) == ("wrong-number-of-words", None)


def test_a_share_of_a_later_format_is_said_to_be_one() -> None:
    for head in (0b01_010_000, 0b11_010_000, 0b00_000_000):
        body = bytes([head]) + bytes(18)
        words = [WORDS["en"][byte] for byte in body + reference.check_bytes(body)]

        assert code_of(" ".join(words))[0] == "unknown-format"


def test_of_several_shares_the_wrong_one_is_named() -> None:
    typed = [" ".join(share_words(share, "fr")) for share in SHARES[:3]]
    typed[1] = typed[1].rsplit(" ", 1)[0]

    with pytest.raises(BadShare) as refused:
        read_shares(typed)

    assert (refused.value.code, refused.value.share) == ("wrong-number-of-words", 2)


def test_shares_may_be_typed_each_in_its_own_language() -> None:
    typed = [" ".join(share_words(share, language)) for share, language in zip(SHARES, LANGUAGES, strict=False)]

    assert join_shares(read_shares(typed)) == SECRET


def test_shares_of_another_set_and_shares_given_twice_are_named() -> None:
    other = split_secret(RecoverySecret(b"\x12\x35", SECRET.secret), 5, 3)
    fewer = split_secret(SECRET, 5, 2)

    for given_shares, code, place in (
        ([*SHARES[:2], other[2]], "other-set", 3),
        ([SHARES[0], fewer[1], SHARES[2]], "other-set", 2),
        ([SHARES[0], SHARES[1], SHARES[0]], "doubled-share", 3),
    ):
        with pytest.raises(BadShare) as refused:
            join_shares(given_shares)
        assert (refused.value.code, refused.value.share) == (code, place)


def test_a_share_more_than_needed_must_fit() -> None:
    forged = Share(4, 3, SECRET.set_identifier, bytes(16))

    with pytest.raises(BadShare) as refused:
        join_shares([*SHARES[:3], forged])

    assert refused.value.code == "shares-do-not-fit"


def test_shares_and_secrets_do_not_show_in_a_traceback() -> None:
    assert repr(SHARES[0]) == "Share(number=1, needed=3, …)"
    assert repr(SECRET) == "RecoverySecret(…)"
