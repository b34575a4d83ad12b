"""HEIC photos (ISO/IEC 23008-12): where the metadata lies that has to be blanked. Pure.

In such a file are items: pictures in tiles, and beside them Exif (with GPS) and XMP. Items of metadata are filled with
zeros where they lie, so that nothing is moved; a reader finds an empty one, and shows the picture all the same. What
pictures belong to the photo (its thumbnail, its depth) stay.
"""

import struct
from collections.abc import Iterator

from amparo.files.clean_video import Blanking, Box, boxes, in_order
from amparo.files.errors import NotCleaned

# Kinds of items that are pictures, or say how pictures are put together.
_PICTURES = {b"hvc1", b"hev1", b"av01", b"jpeg", b"grid", b"iden", b"iovl", b"tmap", b"lhv1"}
_ON_TOP = {b"ftyp", b"meta", b"mdat", b"free", b"skip", b"moov"}
_PROPERTIES_OUT = {b"udes", b"altt", b"uuid", b"crtt", b"mdft", b"free"}


def plan_heic(content: bytes) -> Blanking:
    """What has to be blanked. Raises `NotCleaned`: "damaged", or "unknown-part" for items that are not known here."""
    plan, has_items = Blanking(), False
    try:
        for box in boxes(content, 0, len(content), 0):
            if box.kind not in _ON_TOP or box.kind == b"moov":
                raise NotCleaned("unknown-part")
            if box.kind in (b"free", b"skip"):
                plan.zeros.append((box.body, box.end))
            if box.kind == b"meta":
                has_items = True
                _plan_items(content, box, plan)
    except (struct.error, IndexError, KeyError):
        raise NotCleaned("damaged") from None
    if not has_items:
        raise NotCleaned("damaged")
    return in_order(plan)


def _plan_items(content: bytes, meta: Box, plan: Blanking) -> None:
    inner = {box.kind: box for box in boxes(content, meta.body + 4, meta.end, 0)}
    data = inner[b"idat"].body if b"idat" in inner else 0
    kinds = dict(_item_kinds(content, inner[b"iinf"]))
    for item, place, size, in_data in _extents(content, inner[b"iloc"]):
        kind = kinds[item]
        if kind in (b"Exif", b"mime", b"uri "):
            start = place + (data if in_data else 0)
            if not 0 < start <= start + size <= len(content):
                raise NotCleaned("damaged")
            plan.zeros.append((start, start + size))
        elif kind not in _PICTURES:
            raise NotCleaned("unknown-part")
    for box in boxes(content, inner[b"iprp"].body, inner[b"iprp"].end, 0) if b"iprp" in inner else ():
        if box.kind == b"ipco":
            plan.zeros += [
                (one.body, one.end) for one in boxes(content, box.body, box.end, 0) if one.kind in _PROPERTIES_OUT
            ]


def _item_kinds(content: bytes, box: Box) -> Iterator[tuple[int, bytes]]:
    start = box.body + (6 if content[box.body] == 0 else 8)
    for entry in boxes(content, start, box.end, 0):
        version = content[entry.body]
        if version < 2:
            raise NotCleaned("unknown-part")
        wide = version >= 3
        item = struct.unpack_from(">I" if wide else ">H", content, entry.body + 4)[0]
        kind = entry.body + (10 if wide else 8)
        yield item, content[kind : kind + 4]


def _extents(content: bytes, box: Box) -> Iterator[tuple[int, int, int, bool]]:
    """Item, place, size in bytes and whether the place is in `idat`, of each piece of each item (`iloc`)."""
    version, position = content[box.body], box.body + 4
    of_place, of_size = content[position] >> 4, content[position] & 15
    of_base, of_index = content[position + 1] >> 4, content[position + 1] & 15 if version else 0
    position += 2
    wide = 4 if version >= 2 else 2
    count, position = _number(content, position, wide)
    for _ in range(count):
        item, position = _number(content, position, wide)
        method = 0
        if version:
            method, position = _number(content, position, 2)
        if method & 15 > 1:
            raise NotCleaned("unknown-part")
        base, position = _number(content, position + 2, of_base)
        pieces, position = _number(content, position, 2)
        for _ in range(pieces):
            _, position = _number(content, position, of_index)
            place, position = _number(content, position, of_place)
            size, position = _number(content, position, of_size)
            yield item, base + place, size, bool(method & 15)


def _number(content: bytes, position: int, size: int) -> tuple[int, int]:
    if position + size > len(content):
        raise NotCleaned("damaged")
    return int.from_bytes(content[position : position + size], "big"), position + size
