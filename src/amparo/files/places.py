"""Where sealed bytes lie on the disk, and how they get there so that a killed process leaves nothing half done.

Below `DATA_DIR/files`: `incoming/` for what is just arriving, by random names; then two hexadecimal digits of a file's
identifier, and in there `IDENTIFIER.GENERATION`. Bytes are safe on the disk before the row that points to them is
committed, and go after the row is gone: what a killed process leaves is bytes without a row, which `sweep` removes.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from amparo.files.models import SealedFile

ABANDONED_AFTER_SECONDS = 3600
_CHUNK = 500


def place_of(file: SealedFile) -> Path:
    """Where the sealed bytes of `file` lie."""
    return place(file.pk, file.generation)


def place(identifier: UUID, generation: int) -> Path:
    return files_folder() / identifier.hex[:2] / f"{identifier}.{generation}"


def files_folder() -> Path:
    return Path(settings.DATA_DIR) / "files"


def new_incoming() -> Path:
    """A path for bytes that begin to arrive: in a folder of its own, where abandoned ones are found."""
    return _made(files_folder() / "incoming") / str(uuid4())


def open_new(path: Path) -> int:
    """A descriptor to write a file that is not there yet; only its owner reads it."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)


def put_in_place(incoming: Path, file: SealedFile) -> None:
    """Have the bytes at `incoming` lie where `file` says, safe from a power failure, before its row is committed.

    `incoming` stays too, until whoever made it removes it: a transaction that is rolled back may be tried again. Only
    for a row that this transaction has made or holds: what lies there of another attempt is overwritten.
    """
    target = place_of(file)
    _made(target.parent)
    descriptor = os.open(incoming, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    # First beside it: a link never takes the place of what is there, a renaming does.
    beside = target.with_name(f"{target.name}.{uuid4().hex}")
    os.link(incoming, beside)
    beside.replace(target)
    # Two names of the same bytes: then renaming does nothing, and leaves both.
    beside.unlink(missing_ok=True)
    _sync_folder(target.parent)


def remove_after_commit(path: Path) -> None:
    """Remove bytes whose row goes in this transaction: once it is gone, and not if it stays after all."""
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def sweep() -> int:
    """Remove uploads and bytes without a row that are older than an hour: a killed process left them. How many."""
    before = time.time() - ABANDONED_AFTER_SECONDS
    removed, waiting = 0, list[Path]()
    for path in _all_files():
        if not _is_older(path, before):
            continue
        if path.parent.name == "incoming":
            path.unlink(missing_ok=True)
            removed += 1
            continue
        waiting.append(path)
        if len(waiting) == _CHUNK:
            removed += _remove_without_row(waiting)
            waiting.clear()
    return removed + _remove_without_row(waiting)


def _all_files() -> Iterator[Path]:
    folder = files_folder()
    if not folder.is_dir():
        return
    for below in folder.iterdir():
        if below.is_dir() and (below.name == "incoming" or len(below.name) == 2):
            yield from below.iterdir()


def _remove_without_row(paths: list[Path]) -> int:
    identifiers = {identifier for path in paths if (identifier := _identifier(path)) is not None}
    known = {place_of(file) for file in SealedFile.objects.filter(pk__in=identifiers).only("pk", "generation")}
    unknown = [path for path in paths if path not in known]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)


def _identifier(path: Path) -> UUID | None:
    try:
        return UUID(path.name.split(".")[0])
    except ValueError:
        return None


def _is_older(path: Path, than: float) -> bool:
    with suppress(FileNotFoundError):
        seen = path.stat()
        # Putting a file in its place changes its second time only.
        return max(seen.st_mtime, seen.st_ctime) < than
    return False


def _made(folder: Path) -> Path:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)
    return folder


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
