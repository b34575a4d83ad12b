"""Kinds of file, told by what is in a file and never by its name or what it is said to be. Pure.

What can run in a browser or on a computer is refused, and so is what is two kinds at once: it is one thing to who
checks it and another to who opens it (Albertini, "Abusing file formats", PoC||GTFO 7, 2015).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from amparo.files.archives import ArchiveList, read_list
from amparo.files.errors import FilesError
from amparo.files.look import ARCHIVE, Seen


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that is taken. `shown` says how it can be looked at here: "image", "text", or not at all.

    `cleaned` says whether metadata can be removed from it.
    """

    code: str
    media_type: str
    ending: str
    shown: str = ""
    cleaned: bool = False


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("jpeg", "image/jpeg", "jpg", shown="image", cleaned=True),
        Kind("png", "image/png", "png", shown="image", cleaned=True),
        Kind("webp", "image/webp", "webp", shown="image", cleaned=True),
        Kind("gif", "image/gif", "gif", shown="image", cleaned=True),
        Kind("tiff", "image/tiff", "tif", shown="image", cleaned=True),
        Kind("heic", "image/heic", "heic", cleaned=True),
        Kind("avif", "image/avif", "avif", shown="image", cleaned=True),
        Kind("pdf", "application/pdf", "pdf", cleaned=True),
        Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", cleaned=True),
        Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", cleaned=True),
        Kind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", cleaned=True),
        Kind("odt", "application/vnd.oasis.opendocument.text", "odt", cleaned=True),
        Kind("ods", "application/vnd.oasis.opendocument.spreadsheet", "ods", cleaned=True),
        Kind("odp", "application/vnd.oasis.opendocument.presentation", "odp", cleaned=True),
        Kind("old-office", "application/octet-stream", "doc"),
        Kind("rtf", "application/rtf", "rtf"),
        Kind("txt", "text/plain", "txt", shown="text", cleaned=True),
        Kind("mp3", "audio/mpeg", "mp3", cleaned=True),
        Kind("ogg", "audio/ogg", "ogg", cleaned=True),
        Kind("flac", "audio/flac", "flac", cleaned=True),
        Kind("wav", "audio/wav", "wav", cleaned=True),
        Kind("aac", "audio/aac", "aac"),
        Kind("amr", "audio/amr", "amr"),
        Kind("m4a", "audio/mp4", "m4a", cleaned=True),
        Kind("mp4", "video/mp4", "mp4", cleaned=True),
        Kind("mov", "video/quicktime", "mov", cleaned=True),
        Kind("3gp", "video/3gpp", "3gp", cleaned=True),
        Kind("webm", "video/webm", "webm"),
        Kind("avi", "video/x-msvideo", "avi"),
        Kind("zip", "application/zip", "zip"),
    )
}

# What only Amparo itself makes and keeps: nothing that arrives is ever told to be one.
MADE_HERE: dict[str, Kind] = {"warc": Kind("warc", "application/warc", "warc.gz")}

# What a browser would run, wherever it stands in the beginning of a text.
_RUNS_IN_BROWSER = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|\w+:svg|\w+:html)\b", re.IGNORECASE
)
_SVG = re.compile(rb"<\s*(?:\w+:)?svg\b", re.IGNORECASE)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\0asm",
    b"dex\n",
    b"L\0\0\0\x01\x14\x02\0",
    b"!<arch>",
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"#!AMR", "amr"),
    (b"\x1aE\xdf\xa3", "webm"),
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_IMAGE_BRANDS = {b"heic": "heic", b"heix": "heic", b"hevc": "heic", b"heim": "heic", b"heis": "heic", b"avif": "avif"}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_OOXML = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_PDF_READERS_LOOK_BYTES = 1024


class RefusedKind(FilesError):
    """A file that is not taken for what it is: "empty", "program", "web-page", "svg", "macros", "encrypted", "bomb",
    "bad-archive", "two-kinds", "unknown-kind"."""  # fmt: skip

    code = "unknown-kind"

    def __init__(self, code: str) -> None:
        super().__init__(f"This file is not taken: {code}.", code=code)


def kind_of(code: str) -> Kind | None:
    """The kind of that code, of what arrived or was made here; None for one that is not known."""
    return KINDS.get(code) or MADE_HERE.get(code)


def tell_kind(seen: Seen) -> Kind:
    """The kind of a file that was looked at. Raises `RefusedKind`."""
    if seen.length == 0:
        raise RefusedKind("empty")
    code = _tell(seen)
    if code != "txt":
        _check_single(seen, code)
    return KINDS[code]


def _tell(seen: Seen) -> str:
    head = seen.head
    for start, code in _STARTS:
        if head.startswith(start):
            return code
    if head.startswith(_PROGRAMS):
        raise RefusedKind("program")
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head[4:8] == b"ftyp":
        return _tell_by_brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mov"
    if head.startswith((ARCHIVE, b"PK\x05\x06")):
        return _tell_archive(seen)
    if head.startswith(_OLD_OFFICE):
        return _tell_old_office(seen)
    if _is_text(seen):
        return _tell_text(seen)
    return _tell_sound(head)


def _tell_by_brand(head: bytes) -> str:
    size = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, size, 4))]
    for brand in brands:
        if brand in _IMAGE_BRANDS:
            return _IMAGE_BRANDS[brand]
    first = brands[0]
    if first == b"qt  ":
        return "mov"
    if first in (b"M4A ", b"M4B "):
        return "m4a"
    if first.startswith((b"3gp", b"3g2")):
        return "3gp"
    if first in (b"mif1", b"msf1", b"jp2 ", b"jpx "):
        raise RefusedKind("unknown-kind")
    return "mp4"


def _tell_archive(seen: Seen) -> str:
    listed = read_list(seen.tail, seen.length)
    if listed is None:
        raise RefusedKind("bad-archive")
    if listed.is_bomb:
        raise RefusedKind("bomb")
    if not listed.is_whole:
        raise RefusedKind("bad-archive")
    if any(each.is_encrypted for each in listed.files):
        raise RefusedKind("encrypted")
    names = listed.names
    if "macros" in seen.marks or any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise RefusedKind("macros")
    if "AndroidManifest.xml" in names or any(name.endswith(".class") for name in names):
        raise RefusedKind("program")
    if any(_leaves_folder(name) for name in names):
        raise RefusedKind("bad-archive")
    return _tell_office(seen.head, listed)


def _tell_office(head: bytes, listed: ArchiveList) -> str:
    # The first file of an OpenDocument file is its media type, not packed (OpenDocument 1.3, part 2, 3.3).
    if head[30:38] == b"mimetype":
        start = 38 + int.from_bytes(head[28:30], "little")
        stated = head[start : start + int.from_bytes(head[18:22], "little")]
        return _ODF.get(stated, "zip")
    if "[Content_Types].xml" in listed.names:
        found = {_OOXML[name] for name in listed.names & set(_OOXML)}
        if len(found) > 1:
            raise RefusedKind("two-kinds")
        return found.pop() if found else "zip"
    return "zip"


def _leaves_folder(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _tell_old_office(seen: Seen) -> str:
    if "encrypted-package" in seen.marks:
        raise RefusedKind("encrypted")
    if "old-macros" in seen.marks:
        raise RefusedKind("macros")
    if not seen.marks & {"old-word", "old-excel", "old-excel-95", "old-powerpoint"}:
        # Installers have this form too.
        raise RefusedKind("unknown-kind")
    return "old-office"


def _is_text(seen: Seen) -> bool:
    if seen.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Cut anywhere, the last letter may be half of one.
        return not _CONTROLS.search(seen.head.decode("utf-16", "ignore").encode())
    return not _CONTROLS.search(seen.head) and not _CONTROLS.search(seen.tail)


def _tell_text(seen: Seen) -> str:
    # A UTF-16 text has a zero between letters, which a browser does not mind.
    head = seen.head.replace(b"\0", b"")
    if _SVG.search(head):
        raise RefusedKind("svg")
    if _RUNS_IN_BROWSER.search(head):
        raise RefusedKind("web-page")
    if head.startswith(b"#!"):
        raise RefusedKind("program")
    if b"%PDF-" in head[:_PDF_READERS_LOOK_BYTES]:
        raise RefusedKind("two-kinds")
    return "txt"


def _tell_sound(head: bytes) -> str:
    if head.startswith(b"ID3"):
        return "mp3"
    if head[:1] == b"\xff" and len(head) > 3 and head[1] & 0xE0 == 0xE0:
        version, layer, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4
        if layer == 0 and head[1] & 0xF6 == 0xF0:
            return "aac"
        if version != 1 and layer == 1 and rate not in (0, 15):
            return "mp3"
    raise RefusedKind("unknown-kind")


def _check_single(seen: Seen, code: str) -> None:
    """Raises where the file would be taken for another kind by another reader."""
    head = seen.head
    if _RUNS_IN_BROWSER.search(head[:_PDF_READERS_LOOK_BYTES]):
        raise RefusedKind("two-kinds")
    if code not in _ARCHIVES and read_list(seen.tail, seen.length) is not None:
        raise RefusedKind("two-kinds")
    if code not in ("pdf", *_ARCHIVES) and b"%PDF-" in head[:_PDF_READERS_LOOK_BYTES]:
        raise RefusedKind("two-kinds")
    if check := _CHECKS.get(code):
        check(seen)


def _check_gif(seen: Seen) -> None:
    # “GIF89a/*” and “GIF89a=” begin a script as well: an image 10,799 pixels wide, if it were one.
    if seen.head[6:8] in (b"/*", b"//") or seen.head[6:7] == b"=" and seen.head[7:8] in b"'\"`1 ":
        raise RefusedKind("two-kinds")


def _check_jpeg(seen: Seen) -> None:
    # A first segment of 12,074 bytes: a comment that hides the picture from a script (Heyes, 2016).
    if seen.head[4:6] in (b"/*", b"//"):
        raise RefusedKind("two-kinds")


_ARCHIVES = {"docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"}
_CHECKS: dict[str, Callable[[Seen], None]] = {"gif": _check_gif, "jpeg": _check_jpeg}
