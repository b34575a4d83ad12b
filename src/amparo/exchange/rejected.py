"""Files of rows in clear, for the eyes of who imports or exports: the bad ones, to be mended, or all of them."""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Self

from django.conf import settings

from amparo.exchange.problems import FileRefused
from amparo.exchange.reading import Row, write_row


def place_of_rejected(imported: Path, wanted: Path | None) -> Path:
    """Where the bad rows of `imported` go: `wanted`, or a new file beside it. Raises `FileRefused`.

    Never into the store: what is in clear must not be there, not even for an hour.
    """
    path = wanted or next(
        path for number in count(1) if not os.path.lexists(path := imported.with_name(_name(imported, number)))
    )
    if os.path.lexists(path):
        raise FileRefused("rejected-exists", file=str(path))
    folder = path.parent.resolve()
    for kept in (Path(settings.DATA_DIR), Path(settings.KEY_DIR)):
        if folder.is_relative_to(kept.resolve()):
            raise FileRefused("rejected-in-store", file=str(path))
    return path


def _name(imported: Path, number: int) -> str:
    stem = imported.stem.removesuffix(".rejected")
    return f"{stem}.rejected.csv" if number == 1 else f"{stem}.rejected-{number}.csv"


class NewFileOfRows:
    """A new file of rows, readable by its owner only. It goes again where the work does not come to its end.

    `refusal` is the code of the problem that it cannot be written.
    """

    def __init__(
        self, path: Path, columns: tuple[str, ...], delimiter: str, refusal: str = "rejected-not-writable"
    ) -> None:
        self._path = path
        self._columns = columns
        self._delimiter = delimiter
        self._refusal = refusal

    def __enter__(self) -> Self:
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except OSError:
            raise FileRefused(self._refusal, file=str(self._path)) from None
        # With a byte order mark, or Excel takes UTF-8 for something else.
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
        self._file.write(write_row(list(self._columns), self._delimiter))
        return self

    def write(self, row: Row) -> None:
        """Add `row` as it was read. Raises `FileRefused` where there is no room for it."""
        try:
            self._file.write(write_row([row.cells[column] for column in self._columns], self._delimiter))
        except OSError:
            raise FileRefused(self._refusal, file=str(self._path)) from None

    def finish(self) -> None:
        """Make sure that the rows are on the disk. Raises `FileRefused` where they are not."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            raise FileRefused(self._refusal, file=str(self._path)) from None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # What could not be flushed fails again here, and has been said.
        with suppress(OSError):
            self._file.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)
