"""An institution's recovery in the store: enough shares open its key, older shares and strangers' open nothing."""

from collections.abc import Sequence

import pytest

from amparo.vault import services as vault
from amparo.vault.models import KeyGrant, KeyPair, RecoverySet
from amparo.vault.recovery import describe_bad_share
from amparo.vault.services import Unlocked
from amparo.vault.shares import (
    BadShare,
    RecoverySecret,
    Share,
    join_shares,
    read_share,
    read_shares,
    share_words,
    split_secret,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution() -> tuple[KeyPair, Unlocked]:
    return vault.make_institutional_key_pair()


def refuse(shares: Sequence[Share], code: str = "unknown-set") -> None:
    with pytest.raises(BadShare) as refused:
        vault.recover(shares)
    assert refused.value.code == code


def test_it_works(institution: tuple[KeyPair, Unlocked]) -> None:
    pair, unlocked = institution
    section = vault.keep_section({"name": "Invented Person"}, "identity", [pair])

    shares = vault.make_recovery(unlocked)
    papers = [
        " ".join(share_words(share, language)) for share, language in zip(shares, ["en", "ar", "es"], strict=False)
    ]

    assert len(shares) == 5
    recovered = vault.recover(read_shares(papers))
    assert recovered == unlocked
    assert vault.open_sections([section], recovered) == {section.pk: {"name": "Invented Person"}}


def test_every_three_of_five_open_and_no_two(institution: tuple[KeyPair, Unlocked]) -> None:
    shares = vault.make_recovery(institution[1], shares=5, needed=3)

    assert vault.recover(shares) == vault.recover([shares[4], shares[0], shares[2]]) == institution[1]
    refuse(shares[:2], "too-few-shares")


def test_shares_made_anew_make_the_old_ones_worthless(institution: tuple[KeyPair, Unlocked]) -> None:
    old = vault.make_recovery(institution[1])

    new = vault.make_recovery(institution[1], shares=3, needed=2)

    refuse(old)
    assert vault.recover(new[1:]) == institution[1]
    assert (RecoverySet.objects.count(), KeyGrant.objects.count(), KeyPair.objects.count()) == (1, 1, 2)


def test_forgotten_shares_open_nothing(institution: tuple[KeyPair, Unlocked]) -> None:
    shares = vault.make_recovery(institution[1])

    vault.forget_recovery(institution[0])

    refuse(shares)
    assert not KeyGrant.objects.exists()
    assert [pair.pk for pair in KeyPair.objects.all()] == [institution[0].pk]


def test_of_two_sets_with_one_identifier_the_right_one_opens(institution: tuple[KeyPair, Unlocked]) -> None:
    vault.make_recovery(institution[1])
    _, other = vault.make_institutional_key_pair()
    others = vault.make_recovery(other)

    RecoverySet.objects.update(set_identifier=others[0].set_identifier)

    assert vault.recover(others) == other


def test_a_guessed_secret_opens_nothing(institution: tuple[KeyPair, Unlocked]) -> None:
    shares = vault.make_recovery(institution[1])

    refuse(split_secret(RecoverySecret(shares[0].set_identifier, bytes(16)), 5, 3))
    assert join_shares(shares).secret != bytes(16)


def test_the_store_holds_no_part_of_the_secret(institution: tuple[KeyPair, Unlocked]) -> None:
    shares = vault.make_recovery(institution[1])
    secret = join_shares(shares)

    kept = b"".join(
        bytes(value) for pair in KeyPair.objects.all() for value in (pair.public_key, pair.locked_private_key or b"")
    )
    for part in (secret.secret, secret.key(), institution[1].private, *(share.piece for share in shares)):
        assert part not in kept


def test_absurd_numbers_leave_the_old_shares_good(institution: tuple[KeyPair, Unlocked]) -> None:
    shares = vault.make_recovery(institution[1])

    with pytest.raises(ValueError, match="shares"):
        vault.make_recovery(institution[1], shares=3, needed=4)

    assert vault.recover(shares) == institution[1]


@pytest.mark.parametrize(
    ("code", "share", "word", "told"),
    [
        ("unknown-word", 2, 7, "Share 2: Word 7 is not one of the words that shares are made of."),
        ("wrong-word", 1, 3, "Share 1: Word 3 is not the word that was printed."),
        ("wrong-word", 1, None, "Share 1: Two or more words are wrong, or changed places."),
        ("wrong-number-of-words", None, None, "A share has 22 words. Some are missing, or too many."),
        ("unknown-format", 1, None, "Share 1: This share was made by a later version of Amparo."),
        ("other-set", 3, None, "Share 3: It belongs to another set of shares than the first."),
        ("doubled-share", 3, None, "Share 3: It was typed twice."),
        ("too-few-shares", None, None, "These are too few shares: more are needed."),
        ("shares-do-not-fit", None, None, "These shares do not fit together."),
        ("unknown-set", None, None, "These shares open nothing here."),
    ],
)
def test_every_mistake_is_told_in_words(code: str, share: int | None, word: int | None, told: str) -> None:
    assert describe_bad_share(BadShare("", code=code, share=share, word=word)).startswith(told)


def test_what_was_typed_is_not_repeated() -> None:
    with pytest.raises(BadShare) as refused:
        read_share("an invented secret")

    assert "invented" not in str(refused.value) + describe_bad_share(refused.value)
