"""The list of an archive's files (ZIP), read from its end without unpacking anything. Pure.

Format: PKWARE APPNOTE 6.3.10, 4.3.12 to 4.3.16.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_END_BYTES = 22
_ENTRY_BYTES = 46
_ENCRYPTED = 0x1
# All files of an archive unpacked, in bytes; and how much larger than the archive they may be, past some first ones.
MOST_UNPACKED = 2 * 1024**3
MOST_RATIO = 200
_RATIO_FROM = 64 * 1024**2
MOST_ENTRIES = 20_000
_WIDE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One file of the list: sizes in bytes."""

    name: str = field(repr=False)
    packed: int
    unpacked: int
    is_encrypted: bool


@dataclass(frozen=True, slots=True)
class ArchiveList:
    """The files, whether the list was read to its end, and whether it cannot be true of any honest archive."""

    files: tuple[ArchivedFile, ...]
    is_whole: bool
    is_bomb: bool

    @property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.files)


def read_list(tail: bytes, length: int) -> ArchiveList | None:
    """The list in `tail`, the last bytes of `length`; None where no archive ends there."""
    found = _find_end(tail, length)
    if found is None:
        return None
    position, entries, size = found
    start = position - size
    if start < 0:
        return ArchiveList((), is_whole=False, is_bomb=True)
    files = tuple(_entries(tail[start:position]))
    return ArchiveList(files, is_whole=len(files) == entries, is_bomb=_is_bomb(files, length))


def _find_end(tail: bytes, length: int) -> tuple[int, int, int] | None:
    """Where the record of the end lies in `tail`, how many entries it promises, and in how many bytes."""
    position = tail.rfind(_END)
    while position >= 0:
        if len(tail) - position >= _END_BYTES:
            entries, size, offset, _ = struct.unpack_from("<HIIH", tail, position + 10)
            before = length - len(tail) + position
            # By chance these four bytes are in many a photo, but not with a list before them.
            if entries and size >= entries * _ENTRY_BYTES and size <= before and (offset <= before or offset == _WIDE):
                return position, entries, size
        position = tail.rfind(_END, 0, position)
    return None


def _entries(listed: bytes) -> Iterator[ArchivedFile]:
    position = 0
    while listed[position : position + 4] == _ENTRY and len(listed) - position >= _ENTRY_BYTES:
        flags = struct.unpack_from("<H", listed, position + 8)[0]
        packed, unpacked, of_name, of_extra, of_comment = struct.unpack_from("<IIHHH", listed, position + 20)
        name = listed[position + _ENTRY_BYTES : position + _ENTRY_BYTES + of_name]
        yield ArchivedFile(name.decode("utf-8", "replace"), packed, unpacked, bool(flags & _ENCRYPTED))
        position += _ENTRY_BYTES + of_name + of_extra + of_comment


def _is_bomb(files: tuple[ArchivedFile, ...], length: int) -> bool:
    unpacked, packed = sum(each.unpacked for each in files), sum(each.packed for each in files)
    return (
        len(files) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or unpacked > max(_RATIO_FROM, MOST_RATIO * length)
        # Files that share their bytes: Fifield, "A better zip bomb", WOOT 2019.
        or packed > length
        or len({each.name for each in files}) != len(files)
    )
