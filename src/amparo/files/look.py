"""A look at a file's bytes as they go by: beginning, end and telling words, to tell its kind from. Pure."""

from dataclasses import dataclass, field

HEAD_BYTES = 4096
# What follows the list of an archive's files may be a comment of 65,535 bytes.
TAIL_BYTES = 66 * 1024
# The list itself lies before that: a thousand names are some hundred kilobytes.
ARCHIVE_TAIL_BYTES = 1024**2
ARCHIVE = b"PK\x03\x04"

# Words that lie anywhere in a file and say what it is or carries.
MARKS: dict[str, bytes] = {
    "encrypted-package": "EncryptedPackage".encode("utf-16-le"),
    "old-macros": "_VBA_PROJECT".encode("utf-16-le"),
    "old-word": "WordDocument".encode("utf-16-le"),
    "old-excel": "Workbook".encode("utf-16-le"),
    "old-excel-95": "B\0o\0o\0k\0\0\0".encode("latin-1"),
    "old-powerpoint": "PowerPoint Document".encode("utf-16-le"),
    "macros": b"vbaProject.bin",
}
_LONGEST_MARK = max(map(len, MARKS.values()))


@dataclass(frozen=True, slots=True)
class Seen:
    """First 4,096 bytes, last 66 kB (of an archive 1 MiB), length in bytes, and which of MARKS there are."""

    head: bytes = field(repr=False)
    tail: bytes = field(repr=False)
    length: int
    marks: frozenset[str]


class Look:
    """Takes the bytes of a file as they go by. Holds 1 MiB at most."""

    def __init__(self) -> None:
        self._head, self._tail = bytearray(), bytearray()
        self._length = 0
        self._marks: set[str] = set()
        self._last = b""

    def update(self, some: bytes) -> None:
        self._length += len(some)
        if len(self._head) < HEAD_BYTES:
            self._head += some[: HEAD_BYTES - len(self._head)]
        self._tail += some
        kept = ARCHIVE_TAIL_BYTES if self._head.startswith(ARCHIVE) else TAIL_BYTES
        # Cut only now and then: each cut moves all that is kept.
        if len(self._tail) > 2 * kept:
            del self._tail[:-kept]
        self._find_marks(some)

    def seen(self) -> Seen:
        kept = ARCHIVE_TAIL_BYTES if self._head.startswith(ARCHIVE) else TAIL_BYTES
        return Seen(bytes(self._head), bytes(self._tail[-kept:]), self._length, frozenset(self._marks))

    def _find_marks(self, some: bytes) -> None:
        # Only in what may carry them: a photo or a film is not searched.
        if not self._head.startswith((ARCHIVE, b"\xd0\xcf\x11\xe0")):
            return
        window = self._last + some
        self._marks |= {name for name, mark in MARKS.items() if name not in self._marks and mark in window}
        self._last = window[-_LONGEST_MARK:]


def look_at(content: bytes) -> Seen:
    """The same of a file that lies in memory."""
    look = Look()
    look.update(content)
    return look.seen()
