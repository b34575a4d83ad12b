"""Sealing of files piece by piece, in bounded memory whatever their size. Pure.

Format: `AF` 01, a salt of 16 bytes, then chunks of 65,536 bytes of plaintext (the last one may be shorter), each with
its tag of 16 bytes. The key is HKDF-SHA-256(data key, salt, "amparo/file/1/" + the file's identifier). The nonce of a
chunk is its number in 11 bytes, big-endian, and a byte that is 1 for the last chunk only: nothing can be cut off, left
out, put elsewhere or taken from another file (STREAM: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-
Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015). The plaintext is padded with zeros to the length of
Padmé before it is cut in chunks; its true length belongs in the file's sealed metadata.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amparo.vault.keys import UnknownFormat, WrongSecret
from amparo.vault.padding import padded_length

SEALED_FILE_V1 = b"AF\x01"
CHUNK_BYTES = 65536
TAG_BYTES = 16
_SALT_BYTES = 16


class ByteSource(Protocol):
    """Anything opened to read bytes from."""

    def read(self, size: int, /) -> bytes: ...


class StreamSealer:
    """Seals one file while its bytes arrive. Holds one chunk in memory, and never a plaintext that it has sealed.

    `length` is the number of bytes taken so far: to be kept, sealed, so that the padding can be cut off again.
    """

    def __init__(self, data_key: bytes, file: UUID) -> None:
        salt = os.urandom(_SALT_BYTES)
        self.length = 0
        self._cipher = _cipher(data_key, salt, file)
        self._head = SEALED_FILE_V1 + salt
        self._waiting = bytearray()
        self._number = 0

    def update(self, some: bytes) -> bytes:
        """Take `some` bytes of the file; give the sealed bytes that are ready (often none)."""
        self.length += len(some)
        return b"".join(self._take(some))

    def finalize(self) -> bytes:
        """The rest. For a file of gigabytes the padding alone may be tens of megabytes: then take `finish`."""
        return b"".join(self.finish())

    def finish(self) -> Iterator[bytes]:
        """The rest, padding included, piece by piece."""
        missing = padded_length(self.length) - self.length
        while missing:
            zeros = min(missing, CHUNK_BYTES)
            missing -= zeros
            yield from self._take(bytes(zeros))
        yield self._take_head() + self._cipher.encrypt(_nonce(self._number, last=True), bytes(self._waiting), None)
        self._waiting.clear()

    def _take(self, some: bytes) -> Iterator[bytes]:
        yield self._take_head()
        self._waiting += some
        # A chunk is sealed only when a further byte is there: which one is the last is known at the end.
        while len(self._waiting) > CHUNK_BYTES:
            chunk = bytes(memoryview(self._waiting)[:CHUNK_BYTES])
            del self._waiting[:CHUNK_BYTES]
            yield self._cipher.encrypt(_nonce(self._number, last=False), chunk, None)
            self._number += 1

    def _take_head(self) -> bytes:
        head, self._head = self._head, b""
        return head


def seal_stream(chunks: Iterable[bytes], data_key: bytes, file: UUID) -> Iterator[bytes]:
    """The sealed bytes of a file that comes in pieces of any size, piece by piece."""
    sealer = StreamSealer(data_key, file)
    for some in chunks:
        if ready := sealer.update(some):
            yield ready
    yield from sealer.finish()


def open_stream(source: ByteSource, data_key: bytes, file: UUID, length: int | None = None) -> Iterator[bytes]:
    """The plaintext in pieces of at most 65,536 bytes: the first `length` bytes, or with its padding where None.

    Raises `UnknownFormat`, and `WrongSecret` on any change, cut, reordering, or another file's bytes. Each piece has
    been checked when it comes, but that the file is whole is known only at the end: who writes the pieces away must
    throw them away again when it raises.
    """
    head = _read(source, len(SEALED_FILE_V1) + _SALT_BYTES)
    if head[: len(SEALED_FILE_V1)] != SEALED_FILE_V1 or len(head) < len(SEALED_FILE_V1) + _SALT_BYTES:
        raise UnknownFormat("This file is sealed in a format not known here.")
    cipher = _cipher(data_key, head[len(SEALED_FILE_V1) :], file)
    opened = 0
    for piece in _chunks(source, cipher):
        left = len(piece) if length is None else min(max(length - opened, 0), len(piece))
        opened += len(piece)
        if piece.count(0, left) != len(piece) - left:
            raise _changed()
        if left:
            yield piece[:left]
    if length is not None and opened != padded_length(length):
        raise _changed()


def _chunks(source: ByteSource, cipher: ChaCha20Poly1305) -> Iterator[bytes]:
    number, sealed = 0, _read(source, CHUNK_BYTES + TAG_BYTES)
    while True:
        following = _read(source, CHUNK_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, None)
        except InvalidTag:
            raise _changed() from None
        if not following:
            return
        number, sealed = number + 1, following


def _read(source: ByteSource, size: int) -> bytes:
    """`size` bytes, fewer only at the end: a socket or a decompressor may give less than it is asked for."""
    some = source.read(size)
    while len(some) < size and (more := source.read(size - len(some))):
        some += more
    return some


def _cipher(data_key: bytes, salt: bytes, file: UUID) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt, b"amparo/file/1/" + file.bytes).derive(data_key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _changed() -> WrongSecret:
    return WrongSecret("The key does not open this file, or the file was changed.")
