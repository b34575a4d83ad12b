"""Whether a file is still what came: its sealed bytes on the disk, and the bytes that they open to, hashed anew."""

import hashlib
from dataclasses import dataclass
from typing import IO

from amparo.files.models import SealedFile
from amparo.files.places import place_of
from amparo.files.services import FileFacts, read_facts
from amparo.vault import services as vault
from amparo.vault.files import open_stream
from amparo.vault.keys import VaultError

_PIECE = 65536


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a file is now: SHA-256 of the sealed bytes (32 bytes; None: they are gone), and of the clear (hexadecimal).

    `sha256` is "" where the sealed bytes do not open to their end. `facts` is what was noted at its arrival.
    """

    facts: FileFacts
    sealed_sha256: bytes | None
    sha256: str

    @property
    def opens_to_what_came(self) -> bool:
        return bool(self.sha256) and self.sha256 == self.facts.sha256


def check_file(file: SealedFile, unlocked: vault.Unlocked) -> CheckedFile:
    """Read `file` to its end, once, and hash both. Raises `keys.VaultError` and `SectionKey.DoesNotExist`: closed."""
    facts, data_key = read_facts(file, unlocked), vault.data_key_of(file.section, unlocked)
    try:
        opened = place_of(file).open("rb")
    except FileNotFoundError:
        return CheckedFile(facts, None, "")
    with opened:
        source, clear = _Hashing(opened), hashlib.sha256()
        try:
            for piece in open_stream(source, data_key, file.pk, facts.length):
                clear.update(piece)
            whole = True
        except VaultError:
            whole = False
        while source.read(_PIECE):
            pass  # What follows on a place that does not open is part of what lies there.
        return CheckedFile(facts, source.digest.digest(), clear.hexdigest() if whole else "")


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self._source = source

    def read(self, size: int, /) -> bytes:
        some = self._source.read(size)
        self.digest.update(some)
        return some
