"""Videos and sound in boxes (MP4, QuickTime, M4A, 3GP): what has to be blanked in them, found in one reading. Pure.

Nothing is moved: a box of metadata becomes a `free` box of zeros of the same size, so that every place that the file
names of its own bytes stays right, and a film of gigabytes is cleaned while it streams by. Formats: ISO/IEC 14496-12;
Apple, "QuickTime File Format". Goes: user data (`udta`, with places by ©xyz and `loci`), `meta` (Apple's
com.apple.quicktime.location…), `uuid` (XMP), tracks of timed metadata (positions, faces) with their samples, times of
making, names of handlers and compressors. What a camera writes into the pictures' own bits stays.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from amparo.files.errors import NotCleaned

MOST_INDEX_BYTES = 128 * 1024**2
_DEEPEST = 12
_MOST_SAMPLES = 5_000_000
_PIECE = 1024**2
# Boxes that are made of boxes.
_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts", b"mvex", b"moof", b"traf"}
_OUT = {
    b"udta", b"meta", b"uuid", b"Xtra", b"ID32", b"ilst", b"free", b"skip", b"wide", b"pnot", b"PICT", b"cprt", b"auth",
    b"titl", b"dscp", b"loci", b"gnre", b"kywd", b"albm", b"yrrc", b"XMP_", b"tref", b"junk", b"clip", b"matt", b"gps ",
    b"GPS ", b"frea", b"thum", b"beam", b"moin",
}  # fmt: skip
_KNOWN_ON_TOP = {b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"ssix", b"emsg", b"prft"} | _OUT
# Tracks that are seen or heard; all others tell about them.
_MEDIA = {b"vide", b"soun", b"sbtl", b"subt", b"clcp", b"auxv"}
_PICTURES = {
    b"avc1", b"avc3", b"hvc1", b"hev1", b"mp4v", b"s263", b"av01", b"vp08", b"vp09", b"jpeg", b"mjpa", b"mjpb", b"apcn",
    b"apch", b"apcs", b"ap4h",
}  # fmt: skip


class ByteSource(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class Blanking:
    """Ranges [from, to) of the file to fill with zeros, and places where the four letters `free` go."""

    zeros: list[tuple[int, int]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its four letters, where it starts, where its content starts, and where it ends, in the file."""

    kind: bytes
    start: int
    body: int
    end: int


def plan_blanking(source: ByteSource) -> Blanking:
    """What has to go, in one reading.

    Raises `NotCleaned`: "damaged", "too-large", "timed-metadata" that cannot be found, "unknown-part".
    """
    plan, position, has_fragments, has_index = Blanking(), 0, False, False
    while head := _read(source, 8):
        box, further = _top_box(head, source, position)
        if box.kind not in _KNOWN_ON_TOP:
            raise NotCleaned("unknown-part")
        has_fragments |= box.kind == b"moof"
        has_index |= box.kind == b"moov"
        if box.kind in (b"moov", b"moof"):
            if box.end - box.body > MOST_INDEX_BYTES:
                raise NotCleaned("too-large")
            index = _read(source, box.end - box.body)
            if len(index) < box.end - box.body:
                raise NotCleaned("damaged")
            _plan_whole(index, box, plan)
        else:
            if box.kind in _OUT or box.kind in (b"emsg", b"prft"):
                _blank(plan, box)
            _skip(source, box.end - position - len(head) - len(further))
        position = box.end
    if not has_index:
        raise NotCleaned("damaged")
    return in_order(plan)


def blank(pieces: Iterator[bytes], plan: Blanking) -> Iterator[bytes]:
    """The bytes of a file, in pieces, with what `plan` says blanked."""
    edits = sorted(
        [(start, end, b"") for start, end in plan.zeros] + [(place, place + 4, b"free") for place in plan.free]
    )
    position, first = 0, 0
    for piece in pieces:
        end = position + len(piece)
        changed: bytearray | None = None
        while first < len(edits) and edits[first][1] <= position:
            first += 1
        for start, stop, written in edits[first:]:
            if start >= end:
                break
            changed = changed if changed is not None else bytearray(piece)
            low, high = max(start, position), min(stop, end)
            changed[low - position : high - position] = (
                written[low - start : high - start] if written else bytes(high - low)
            )
        yield bytes(changed) if changed is not None else piece
        position = end


def _plan_whole(index: bytes, box: Box, plan: Blanking) -> None:
    try:
        _plan_box(index, box, box.body, plan, 0)
    except (struct.error, IndexError):
        raise NotCleaned("damaged") from None


def _plan_box(index: bytes, box: Box, offset: int, plan: Blanking, depth: int) -> None:
    """`index` holds the bytes of the file from `offset` on."""
    if depth > _DEEPEST:
        raise NotCleaned("damaged")
    for inner in boxes(index, box.body, box.end, offset):
        body = inner.body - offset
        if inner.kind in _OUT:
            _blank(plan, inner)
        elif inner.kind == b"trak" and _handler(index, inner, offset) not in _MEDIA:
            _blank_track(index, inner, offset, plan)
        elif inner.kind in _CONTAINERS:
            _plan_box(index, inner, offset, plan, depth + 1)
        elif inner.kind in (b"mvhd", b"tkhd", b"mdhd"):
            # When it was made and changed: 64 bits each from version 1 on.
            plan.zeros.append((inner.body + 4, inner.body + (20 if index[body] == 1 else 12)))
        elif inner.kind == b"hdlr":
            plan.zeros.append((inner.body + 12, inner.body + 24))
            plan.zeros.append((inner.body + 24, inner.end))
        elif inner.kind == b"stsd" and _describes_pictures(index, inner, offset):
            for entry in boxes(index, inner.body + 8, inner.end, offset):
                plan.zeros.append((entry.body + 12, entry.body + 16))
                plan.zeros.append((entry.body + 42, min(entry.body + 74, entry.end)))


def _describes_pictures(index: bytes, box: Box, offset: int) -> bool:
    """Whether what `box` says of samples is of pictures: then a maker and a compressor are named in it."""
    entries = list(boxes(index, box.body + 8, box.end, offset))
    return bool(entries) and all(each.kind in _PICTURES and each.end - each.body >= 78 for each in entries)


def _blank_track(index: bytes, track: Box, offset: int, plan: Blanking) -> None:
    """Blank a track of timed metadata, and the samples that it points to."""
    for start, size in _samples(index, track, offset):
        plan.zeros.append((start, start + size))
    _blank(plan, track)


def _samples(index: bytes, track: Box, offset: int) -> Iterator[tuple[int, int]]:
    tables = {
        each.kind: index[each.body - offset : each.end - offset]
        for each in _descend(index, track, offset, _PATH_TO_TABLES)
    }
    if b"stsz" not in tables or b"stsc" not in tables or not {b"stco", b"co64"} & set(tables):
        # Its samples lie in fragments, or are told in a way not known here.
        raise NotCleaned("timed-metadata")
    fixed, count = struct.unpack_from(">II", tables[b"stsz"], 4)
    if count > _MOST_SAMPLES:
        raise NotCleaned("too-large")
    sizes = [fixed] * count if fixed else list(struct.unpack_from(f">{count}I", tables[b"stsz"], 12))
    wide = b"co64" in tables
    chunks_table = tables[b"co64" if wide else b"stco"]
    chunk_count = struct.unpack_from(">I", chunks_table, 4)[0]
    if chunk_count > _MOST_SAMPLES:
        raise NotCleaned("too-large")
    chunks = struct.unpack_from(f">{chunk_count}{'Q' if wide else 'I'}", chunks_table, 8)
    runs_count = struct.unpack_from(">I", tables[b"stsc"], 4)[0]
    runs = [struct.unpack_from(">III", tables[b"stsc"], 8 + 12 * number) for number in range(runs_count)]
    sample = 0
    for number, start in enumerate(chunks, 1):
        per_chunk = next((run[1] for run in reversed(runs) if run[0] <= number), 0)
        size = sum(sizes[sample : sample + per_chunk])
        sample += per_chunk
        yield start, size
    if sample < count or (count == 0 and b"trex" in index):
        raise NotCleaned("timed-metadata")


_PATH_TO_TABLES = (b"mdia", b"minf", b"stbl")


def _handler(index: bytes, track: Box, offset: int) -> bytes:
    for each in _descend(index, track, offset, (b"mdia",)):
        if each.kind == b"hdlr":
            return index[each.body - offset + 8 : each.body - offset + 12]
    return b""


def _descend(index: bytes, box: Box, offset: int, path: tuple[bytes, ...]) -> Iterator[Box]:
    """The boxes at the end of `path` in `box`."""
    for inner in boxes(index, box.body, box.end, offset):
        if not path:
            yield inner
        elif inner.kind == path[0]:
            yield from _descend(index, inner, offset, path[1:])


def boxes(index: bytes, start: int, end: int, offset: int) -> Iterator[Box]:
    """The boxes from `start` to `end` of a file of which `index` holds the bytes from `offset` on."""
    position = start
    while position + 8 <= end:
        size, kind = struct.unpack_from(">I4s", index, position - offset)
        body = position + 8
        if size == 1:
            size, body = struct.unpack_from(">Q", index, body - offset)[0], body + 8
        elif size == 0:
            # QuickTime ends a list with four zeros.
            return
        if size < body - position or position + size > end:
            raise NotCleaned("damaged")
        yield Box(kind, position, body, position + size)
        position += size


def _top_box(head: bytes, source: ByteSource, position: int) -> tuple[Box, bytes]:
    if len(head) < 8:
        raise NotCleaned("damaged")
    size, kind = struct.unpack(">I4s", head)
    further = _read(source, 8) if size == 1 else b""
    if size == 1:
        if len(further) < 8:
            raise NotCleaned("damaged")
        size = struct.unpack(">Q", further)[0]
    body = position + 8 + len(further)
    if size == 0:
        # To the end of the file: only of a box that is not looked into.
        if kind != b"mdat":
            raise NotCleaned("damaged")
        return Box(kind, position, body, 2**62), further
    if size < body - position:
        raise NotCleaned("damaged")
    return Box(kind, position, body, position + size), further


def _blank(plan: Blanking, box: Box) -> None:
    plan.free.append(box.start + 4)
    plan.zeros.append((box.body, box.end))


def in_order(plan: Blanking) -> Blanking:
    """Ranges sorted and joined, so that blanking looks at each once."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(each for each in plan.zeros if each[1] > each[0]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return Blanking(joined, sorted(plan.free))


def _read(source: ByteSource, size: int) -> bytes:
    some = source.read(size)
    while len(some) < size and (more := source.read(size - len(some))):
        some += more
    return some


def _skip(source: ByteSource, size: int) -> None:
    while size > 0 and (some := source.read(min(size, _PIECE))):
        size -= len(some)
    if 0 < size < 2**61:
        raise NotCleaned("damaged")
