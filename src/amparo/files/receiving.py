"""One file that arrives: sealed piece by piece, counted, hashed, and only its beginning and end looked at."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from amparo.files.errors import NotSealed
from amparo.files.kinds import RefusedKind, tell_kind
from amparo.files.look import Look
from amparo.files.names import clean_name
from amparo.files.places import files_folder, new_incoming, open_new
from amparo.files.sealed_form import SealedForm
from amparo.files.virus_scan import NotScanned, Scan, VirusFound
from amparo.vault.files import StreamSealer
from amparo.vault.keys import make_secret

# Codes of `SealedUpload.refused` (`labels.describe_refusal` says them in words); those of `kinds.RefusedKind` come too.
TOO_LARGE = "too-large"
TOO_LARGE_TOGETHER = "too-large-together"
TOO_MANY = "too-many"
NO_ROOM = "no-room"
NOT_SEALED = "not-sealed"
VIRUS = "virus"
NOT_SCANNED = "not-scanned"
KIND_NOT_WANTED = "kind-not-wanted"

MOST_BYTES = 100 * 1024**2
MOST_FILES = 20
# What must stay free on the disk for the database and everything else.
LEAST_FREE_BYTES = 512 * 1024**2


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What one request may bring: bytes of one file, number of files, and bytes of all of them together.

    `kinds` are codes of `kinds.py`; empty: all that are there.
    """

    most_bytes: int = MOST_BYTES
    most_files: int = MOST_FILES
    most_together: int = MOST_BYTES * MOST_FILES
    kinds: frozenset[str] = frozenset()


class SealedUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that has arrived, sealed at `path` until the request ends. It cannot be read: nobody here needs to.

    `length` and `sha256` (hexadecimal) are of its plaintext, `sealed_length` and `sealed_sha256` (32 bytes) of what is
    on the disk. `refused` is a code where it was not taken, then nothing is on the disk; `describe_refusal` says it in
    words. Where a browser sealed it (`is_sealed`) there is no `data_key`, `length` is that of the sealed bytes, and
    `identifier` means nothing: the browser's counts.
    """

    def __init__(self, name: str, field_name: str, limits: UploadLimits, *, is_sealed: bool = False) -> None:
        super().__init__(None, clean_name(name), size=0)
        self.limits = limits
        self.field_name = field_name
        self.is_sealed = is_sealed
        self.identifier: UUID = uuid4()
        self.data_key = b"" if is_sealed else make_secret()
        self.path: Path = new_incoming()
        self.kind = ""
        self.refused = ""
        self.length = 0
        self.sha256 = ""
        self.sealed_length = 0
        self.sealed_sha256 = b""

    def __repr__(self) -> str:
        return f"SealedUpload({self.length} bytes, refused={self.refused!r})"

    def close(self) -> None:
        """Nothing is open. (Django closes what arrived when a request ends.)"""

    def discard(self) -> None:
        """Remove what arrived. What was kept has a place of its own by then."""
        self.path.unlink(missing_ok=True)


class Receiving:
    """Takes the bytes of one upload. `made_as`: code of its kind (`kinds.MADE_HERE`) where Amparo itself made them."""

    def __init__(self, upload: SealedUpload, made_as: str = "") -> None:
        self.upload = upload
        self._made_as = made_as
        self._sealer = StreamSealer(upload.data_key or make_secret(), upload.identifier)
        self._form = SealedForm()
        self._plain, self._sealed = hashlib.sha256(), hashlib.sha256()
        self._look = Look()
        self._scan: Scan | None = None
        if settings.CLAMD and not upload.is_sealed and not made_as:
            try:
                self._scan = Scan(settings.CLAMD)
            except NotScanned:
                upload.refused = NOT_SCANNED
        self._descriptor: int | None = None
        if not upload.refused:
            self._descriptor = open_new(upload.path)

    def take(self, some: bytes) -> None:
        """Seal `some` more bytes to the disk."""
        self.upload.length += len(some)
        if self.upload.is_sealed:
            try:
                self._form.update(some)
            except NotSealed:
                self.refuse(NOT_SEALED)
                return
            self._write([some])
            return
        self._plain.update(some)
        self._look.update(some)
        if not self._is_scanned(some):
            return
        self._write([self._sealer.update(some)])

    def finish(self) -> None:
        """Seal the rest, and say what arrived."""
        upload = self.upload
        if upload.refused:
            return
        if upload.is_sealed:
            try:
                self._form.finish()
            except NotSealed:
                self.refuse(NOT_SEALED)
                return
        else:
            self._tell_kind()
            if not upload.refused and self._is_scanned(None):
                self._write(self._sealer.finish())
            upload.sha256 = self._plain.hexdigest()
        if upload.refused:
            return
        self._close()
        upload.size = upload.length
        upload.sealed_sha256 = self._sealed.digest()

    def refuse(self, code: str) -> None:
        """Keep nothing of it."""
        self.upload.refused = code
        self.give_up()

    def give_up(self) -> None:
        self._close()
        self.upload.discard()

    def _is_scanned(self, some: bytes | None) -> bool:
        """Send `some` bytes to the virus scanner, or hear its answer. Whether the file may go on."""
        if self._scan is None:
            return True
        try:
            self._scan.finish() if some is None else self._scan.update(some)
        except VirusFound:
            self.refuse(VIRUS)
        except NotScanned:
            self.refuse(NOT_SCANNED)
        return not self.upload.refused

    def _tell_kind(self) -> None:
        if self._made_as:
            self.upload.kind = self._made_as
            return
        try:
            self.upload.kind = tell_kind(self._look.seen()).code
        except RefusedKind as refused:
            self.refuse(refused.code)
            return
        if self.upload.limits.kinds and self.upload.kind not in self.upload.limits.kinds:
            self.refuse(KIND_NOT_WANTED)

    def _write(self, pieces: Iterable[bytes]) -> None:
        assert self._descriptor is not None  # noqa: S101  (not asked for once it was refused)
        try:
            for piece in pieces:
                self._sealed.update(piece)
                self.upload.sealed_length += len(piece)
                _write_all(self._descriptor, piece)
        except OSError:
            # The disk is full, or broken: what is there already is no file.
            self.refuse(NO_ROOM)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if self._scan is not None:
            self._scan.close()


def has_room_for(size: int) -> bool:
    """Whether the disk takes `size` bytes more, sealed, and has some left."""
    folder = files_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return shutil.disk_usage(folder).free - size - size // 8 > LEAST_FREE_BYTES


def _write_all(descriptor: int, some: bytes) -> None:
    left = memoryview(some)
    while left:
        left = left[os.write(descriptor, left) :]
