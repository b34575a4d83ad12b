"""Private keys at rest: opened by the right password or secret alone, at a cost that nobody can make absurd."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.vault import keys
from amparo.vault.keys import Argon2Cost, UnknownFormat, VaultError, WrongSecret
from amparo.vault.services import Unlocked

CHEAP = Argon2Cost(memory=64, passes=1, lanes=1)
PAIR = keys.make_key_pair()
SECRET, CONTEXT = keys.make_secret(), b"amparo/session/1/17"
BY_PASSWORD = keys.lock_with_password(PAIR.private, "an invented pass phrase", CHEAP)
BY_SECRET = keys.lock_with_secret(PAIR.private, SECRET, CONTEXT)
HEAD_BYTES = 1 + 9 + 16 + 12


def test_a_key_pair_has_the_lengths_of_x_wing_and_is_never_twice_the_same() -> None:
    other = keys.make_key_pair()

    assert (len(PAIR.public), len(PAIR.private)) == (1216, 96)
    assert keys.public_half(PAIR.private) == PAIR.public
    assert other.private != PAIR.private


def test_the_password_opens_what_it_closed() -> None:
    assert keys.unlock_with_password(BY_PASSWORD, "an invented pass phrase") == PAIR.private
    assert keys.locked_at(BY_PASSWORD) == CHEAP
    assert keys.locked_at(keys.lock_with_password(PAIR.private, "x")) == Argon2Cost(65536, 3, 4)


@pytest.mark.parametrize("password", ["", "an invented pass phrasE", "an invented pass phrase ", "é", "\0"])
def test_another_password_opens_nothing(password: str) -> None:
    with pytest.raises(WrongSecret):
        keys.unlock_with_password(BY_PASSWORD, password)


def test_a_password_is_the_same_from_every_keyboard() -> None:
    composed, decomposed = "caf\u00e9 \u0622", "cafe\u0301 \u0627\u0653"
    locked = keys.lock_with_password(PAIR.private, composed, CHEAP)

    assert keys.unlock_with_password(locked, decomposed) == PAIR.private


@pytest.mark.parametrize("place", range(HEAD_BYTES))
@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_the_head_of_a_locked_key_is_refused(place: int, bit: int) -> None:
    changed = bytearray(BY_PASSWORD)
    changed[place] ^= 1 << bit

    with pytest.raises(VaultError):
        keys.unlock_with_password(bytes(changed), "an invented pass phrase")


@given(place=st.integers(0, len(BY_PASSWORD) - 1), bit=st.integers(0, 7), left=st.integers(0, len(BY_PASSWORD) - 1))
def test_a_locked_key_that_was_changed_or_cut_is_refused(place: int, bit: int, left: int) -> None:
    changed = bytearray(BY_PASSWORD)
    changed[place] ^= 1 << bit

    for locked in (bytes(changed), BY_PASSWORD[:left], BY_PASSWORD + b"\0"):
        with pytest.raises(VaultError):
            keys.unlock_with_password(locked, "an invented pass phrase")


@pytest.mark.parametrize(
    ("memory", "passes", "lanes"),
    [
        (2**32 - 1, 3, 4),
        (2**19 + 1, 3, 4),
        (65536, 17, 4),
        (65536, 2**32 - 1, 4),
        (65536, 3, 17),
        (65536, 3, 0),
        (65536, 0, 4),
        (7, 1, 1),
        (16, 1, 4),
        (0, 0, 0),
    ],
)
def test_an_absurd_cost_is_refused_before_anything_is_stretched(memory: int, passes: int, lanes: int) -> None:
    packed = memory.to_bytes(4, "big") + passes.to_bytes(4, "big") + bytes([lanes])
    locked = BY_PASSWORD[:1] + packed + BY_PASSWORD[10:]

    with pytest.raises(UnknownFormat, match="outside what is accepted"):
        keys.unlock_with_password(locked, "an invented pass phrase")


def test_the_session_secret_opens_what_it_closed() -> None:
    assert keys.unlock_with_secret(BY_SECRET, SECRET, CONTEXT) == PAIR.private


def test_after_sign_out_the_half_that_is_left_opens_nothing() -> None:
    """The server's half without the cookie, the cookie of another session, another person's session."""
    for secret, context in (
        (keys.make_secret(), CONTEXT),
        (bytes(32), CONTEXT),
        (SECRET, b"amparo/session/1/18"),
        (SECRET, b""),
        (SECRET[:16], CONTEXT),
        (b"", CONTEXT),
    ):
        with pytest.raises(WrongSecret):
            keys.unlock_with_secret(BY_SECRET, secret, context)


@pytest.mark.parametrize("place", range(1 + 12))
@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_the_head_of_a_session_key_is_refused(place: int, bit: int) -> None:
    changed = bytearray(BY_SECRET)
    changed[place] ^= 1 << bit

    with pytest.raises(VaultError):
        keys.unlock_with_secret(bytes(changed), SECRET, CONTEXT)


@given(place=st.integers(0, len(BY_SECRET) - 1), bit=st.integers(0, 7), left=st.integers(0, len(BY_SECRET) - 1))
def test_a_session_key_that_was_changed_or_cut_is_refused(place: int, bit: int, left: int) -> None:
    changed = bytearray(BY_SECRET)
    changed[place] ^= 1 << bit

    for locked in (bytes(changed), BY_SECRET[:left], BY_SECRET + b"\0"):
        with pytest.raises(VaultError):
            keys.unlock_with_secret(locked, SECRET, CONTEXT)


def test_one_kind_of_locked_key_is_not_taken_for_the_other() -> None:
    with pytest.raises(UnknownFormat):
        keys.unlock_with_password(BY_SECRET, "an invented pass phrase")
    with pytest.raises(UnknownFormat):
        keys.unlock_with_secret(BY_PASSWORD, SECRET, CONTEXT)
    with pytest.raises(UnknownFormat):
        keys.locked_at(BY_SECRET)


@pytest.mark.parametrize("length", [0, 32, 95, 97, 1215, 1217])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    for load in (keys.load_private_key, keys.load_public_key, keys.public_half):
        with pytest.raises(UnknownFormat):
            load(bytes(length))


def test_keys_do_not_show_in_a_traceback() -> None:
    for holder in (PAIR, Unlocked(1, PAIR.private)):
        for part in (PAIR.private, PAIR.public):
            assert part.hex() not in repr(holder)
            assert repr(part)[2:20] not in repr(holder)


def test_an_error_tells_nothing_of_what_was_tried() -> None:
    secret = f"invented {uuid4()}"

    with pytest.raises(WrongSecret) as refused:
        keys.unlock_with_password(BY_PASSWORD, secret)

    assert secret not in str(refused.value)
    assert refused.value.__suppress_context__
