"""Files sealed piece by piece: the same bytes come back, and no changed file opens as if it were whole."""

import io
import tracemalloc
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from Crypto.Cipher import ChaCha20_Poly1305
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from hypothesis import given
from hypothesis import strategies as st

from amparo.vault.files import CHUNK_BYTES, TAG_BYTES, StreamSealer, open_stream, seal_stream
from amparo.vault.keys import UnknownFormat, VaultError, WrongSecret, make_secret
from amparo.vault.padding import padded_length

KEY, FILE = bytes(range(32)), UUID("8a5c1a1e-63a6-4a47-9a2e-d5b0a1f0c2d3")
HEAD_BYTES, SEALED_CHUNK = 19, CHUNK_BYTES + TAG_BYTES
LENGTHS = (0, 1, 255, 256, 257, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 200_001)


class SmallReads:
    """Gives at most seven bytes more than half of what it is asked for, as a network does."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self._file.read(min(size, size // 2 + 7))


def seal(plain: bytes, key: bytes = KEY, file: UUID = FILE) -> bytes:
    return b"".join(seal_stream([plain], key, file))


def unseal(sealed: bytes, length: int | None = None, key: bytes = KEY, file: UUID = FILE) -> bytes:
    return b"".join(open_stream(io.BytesIO(sealed), key, file, length))


def plaintext(length: int) -> bytes:
    return (b"An invented testimony. " * (length // 23 + 1))[:length]


@pytest.mark.parametrize("length", LENGTHS)
def test_what_was_sealed_opens_again(length: int) -> None:
    plain = plaintext(length)

    sealed = seal(plain)

    assert unseal(sealed, length) == plain
    assert unseal(sealed) == plain.ljust(padded_length(length), b"\0")
    assert b"testimony" not in sealed


@given(pieces=st.lists(st.integers(0, 100_000), max_size=6))
def test_the_sizes_of_the_pieces_make_no_difference(pieces: list[int]) -> None:
    sealer, sealed, plain = StreamSealer(KEY, FILE), b"", b""
    for size in pieces:
        sealed += sealer.update(plaintext(size))
        plain += plaintext(size)
    sealed += sealer.finalize()

    assert sealer.length == len(plain)
    assert unseal(sealed, sealer.length) == plain
    assert b"".join(open_stream(SmallReads(sealed), KEY, FILE, len(plain))) == plain


@pytest.mark.parametrize("length", [300, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_another_program_opens_it_from_the_description_alone(length: int) -> None:
    """PyCryptodome shares no code with the library that sealed it."""
    sealed, plain = seal(plaintext(length)), b""

    assert sealed[:3] == b"AF\x01"
    key = HKDF(KEY, 32, sealed[3:19], SHA256, context=b"amparo/file/1/" + FILE.bytes)
    chunks = [sealed[start : start + SEALED_CHUNK] for start in range(HEAD_BYTES, len(sealed), SEALED_CHUNK)]
    for number, chunk in enumerate(chunks):
        nonce = number.to_bytes(11, "big") + bytes([number == len(chunks) - 1])
        plain += ChaCha20_Poly1305.new(key=key, nonce=nonce).decrypt_and_verify(chunk[:-16], chunk[-16:])

    assert plain == plaintext(length).ljust(padded_length(length), b"\0")


def test_two_sealings_of_the_same_file_share_no_byte_by_more_than_chance() -> None:
    first, second = seal(plaintext(5000)), seal(plaintext(5000))

    same = sum(one == other for one, other in zip(first[3:], second[3:], strict=True))
    assert same < len(first) / 20


@pytest.mark.parametrize("place", range(HEAD_BYTES))
@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_the_head_is_refused(place: int, bit: int) -> None:
    sealed = bytearray(seal(plaintext(300)))
    sealed[place] ^= 1 << bit

    with pytest.raises(VaultError):
        unseal(bytes(sealed), 300)


LONG_SEALED = seal(plaintext(150_000))


@given(place=st.integers(0, len(LONG_SEALED) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused(place: int, bit: int) -> None:
    sealed = bytearray(LONG_SEALED)
    sealed[place] ^= 1 << bit

    with pytest.raises(VaultError):
        unseal(bytes(sealed), 150_000)


@given(left=st.integers(0, len(LONG_SEALED) - 1))
def test_a_cut_file_is_refused(left: int) -> None:
    with pytest.raises(VaultError):
        unseal(LONG_SEALED[:left])


def test_a_file_cut_between_two_chunks_is_refused() -> None:
    with pytest.raises(WrongSecret):
        unseal(LONG_SEALED[: HEAD_BYTES + SEALED_CHUNK])
    with pytest.raises(WrongSecret):
        unseal(LONG_SEALED[:HEAD_BYTES])


def test_a_file_with_more_at_its_end_is_refused() -> None:
    for more in (b"\0", bytes(16), LONG_SEALED[HEAD_BYTES:]):
        with pytest.raises(WrongSecret):
            unseal(LONG_SEALED + more)


def test_chunks_in_another_order_are_refused() -> None:
    head, body = LONG_SEALED[:HEAD_BYTES], LONG_SEALED[HEAD_BYTES:]
    first, second, rest = body[:SEALED_CHUNK], body[SEALED_CHUNK : 2 * SEALED_CHUNK], body[2 * SEALED_CHUNK :]

    for changed in (second + first + rest, first + first + rest, first + rest, rest, second + rest):
        with pytest.raises(WrongSecret):
            unseal(head + changed)


def test_a_chunk_of_another_sealing_under_the_same_key_is_refused() -> None:
    other = seal(plaintext(150_000))

    with pytest.raises(WrongSecret):
        unseal(LONG_SEALED[: HEAD_BYTES + SEALED_CHUNK] + other[HEAD_BYTES + SEALED_CHUNK :])


def test_another_key_or_another_file_opens_nothing() -> None:
    with pytest.raises(WrongSecret):
        unseal(LONG_SEALED, key=make_secret())
    with pytest.raises(WrongSecret):
        unseal(LONG_SEALED, file=uuid4())


@pytest.mark.parametrize("length", [0, 147_000, 149_999, 163_841, 10**9])
def test_a_length_that_is_not_the_files_is_refused(length: int) -> None:
    """The metadata of one file with the bytes of another would cut a testimony short."""
    with pytest.raises(WrongSecret):
        unseal(LONG_SEALED, length)


def test_an_unknown_format_is_said_to_be_one() -> None:
    with pytest.raises(UnknownFormat):
        unseal(b"AF\x02" + LONG_SEALED[3:])
    with pytest.raises(UnknownFormat):
        unseal(b"")


def test_memory_stays_the_same_whatever_the_size() -> None:
    def source() -> Iterator[bytes]:
        for _ in range(640):
            yield bytes(CHUNK_BYTES)

    class Reader:
        def __init__(self) -> None:
            self.pieces, self.rest = seal_stream(source(), KEY, FILE), b""

        def read(self, size: int, /) -> bytes:
            while len(self.rest) < size and (piece := next(self.pieces, b"")):
                self.rest += piece
            given, self.rest = self.rest[:size], self.rest[size:]
            return given

    tracemalloc.start()
    opened = sum(len(piece) for piece in open_stream(Reader(), KEY, FILE, 640 * CHUNK_BYTES))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert opened == 640 * CHUNK_BYTES
    assert most < 2_000_000
