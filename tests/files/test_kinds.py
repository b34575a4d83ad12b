"""What a file is, is told from what is in it; what runs, or is two things at once, is refused."""

import io
import zipfile

import pytest

from amparo.files.errors import FilesError
from amparo.files.kinds import KINDS, RefusedKind, tell_kind
from amparo.files.labels import _REFUSALS, KIND_LABELS, kind_label
from amparo.files.look import Look, look_at
from tests.files import making

PDF = b"%PDF-1.7\n"
MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)


def kind_of(content: bytes) -> str:
    return tell_kind(look_at(content)).code


def refusal_of(content: bytes) -> str:
    with pytest.raises(RefusedKind) as refused:
        tell_kind(look_at(content))
    return refused.value.code


def office(main: str) -> bytes:
    return making.archive({"[Content_Types].xml": "<Types/>", main: "<a/>"})


def open_document(media_type: str) -> bytes:
    return making.archive({"mimetype": media_type, "content.xml": "<a/>"})


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("jpeg", making.jpeg()),
        ("png", making.png()),
        ("webp", making.webp()),
        ("gif", making.gif()),
        ("tiff", making.tiff()),
        ("heic", b"\0\0\0\x18ftypmif1\0\0\0\0heicmif1"),
        ("pdf", making.pdf()),
        ("docx", making.docx()),
        ("xlsx", office("xl/workbook.xml")),
        ("pptx", office("ppt/presentation.xml")),
        ("odt", making.odt()),
        ("ods", open_document("application/vnd.oasis.opendocument.spreadsheet")),
        ("odp", open_document("application/vnd.oasis.opendocument.presentation")),
        (
            "old-office",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900) + "WordDocument".encode("utf-16-le") + bytes(99),
        ),
        ("rtf", b"{\\rtf1 words}"),
        ("txt", "Ce qui s’est passé. ما حدث".encode()),
        ("txt", "What happened.".encode("utf-16")),
        ("txt", "ما حدث".encode("cp1256")),
        ("mp3", b"ID3\x04" + bytes(20)),
        ("mp3", MP3_FRAME * 3),
        ("ogg", b"OggS" + bytes(40)),
        ("flac", b"fLaC" + bytes(40)),
        ("wav", b"RIFF\x24\0\0\0WAVEfmt "),
        ("aac", b"\xff\xf1\x50\x80" + bytes(40)),
        ("amr", b"#!AMR\n" + bytes(40)),
        ("m4a", making.movie(b"M4A ")),
        ("mp4", making.movie(b"isom")),
        ("mov", making.movie(b"qt  ")),
        ("3gp", making.movie(b"3gp5")),
        ("webm", b"\x1aE\xdf\xa3" + bytes(40)),
        ("avi", b"RIFF\x24\0\0\0AVI LIST"),
        ("zip", making.archive({"a.txt": "words", "b/c.jpg": making.jpeg()})),
    ],
)
def test_it_works(code: str, content: bytes) -> None:
    assert kind_of(content) == code


def test_a_file_is_looked_at_the_same_in_pieces_of_any_size() -> None:
    content = making.docx() + b""
    for size in (1, 7, 1000):
        look = Look()
        for start in range(0, len(content), size):
            look.update(content[start : start + size])
        assert look.seen() == look_at(content)


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("empty", b""),
        ("svg", SVG),
        ("svg", b"\xef\xbb\xbf  <SVG onload=alert(1)>"),
        ("svg", SVG.decode().encode("utf-16")),
        ("svg", b"<x:svg xmlns:x='http://www.w3.org/2000/svg'/>"),
        ("web-page", b"<!DOCTYPE html><p>words"),
        ("web-page", b"words <script>alert(1)</script>"),
        ("program", b"MZ" + bytes(100)),
        ("program", b"\x7fELF" + bytes(100)),
        ("program", b"#!/bin/sh\nrm -rf /\n"),
        ("program", making.archive({"AndroidManifest.xml": "x"})),
        ("program", making.archive({"META-INF/MANIFEST.MF": "x", "a/B.class": "x"})),
        ("macros", making.archive({**making.docx_parts(), "word/vbaProject.bin": b"x"})),
        ("macros", making.archive({**making.odt_parts(), "Basic/Standard/Module1.xml": "x"})),
        ("macros", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument _VBA_PROJECT".encode("utf-16-le")),
        ("encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
        ("unknown-kind", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("unknown-kind", bytes(range(256)) * 4),
        ("bad-archive", making.archive({"../../etc/passwd": "x"})),
        ("bad-archive", making.archive({"/etc/passwd": "x"})),
        ("bad-archive", making.archive({"C:\\windows\\x": "x"})),
        ("bad-archive", making.docx()[:-40]),
        ("two-kinds", making.jpeg() + making.archive({"a.txt": "x"})),
        ("two-kinds", making.gif() + making.archive({"a.class": "x"})),
        ("two-kinds", making.png() + making.archive({"a.txt": "x"}, stored=True)),
        ("two-kinds", making.pdf() + making.archive({"a.txt": "x"})),
        ("two-kinds", making.movie() + making.archive({"a.txt": "x"})),
        ("two-kinds", b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)//"),
        ("two-kinds", b"GIF89a='" + bytes(50) + b"';alert(1)//"),
        ("two-kinds", b"\xff\xd8\xff\xe0/*JFIF" + bytes(50) + b"*/=alert(1)"),
        ("two-kinds", PDF + b"<html><script>alert(1)</script>"),
        ("two-kinds", making.jpeg()[:20] + PDF + making.jpeg()[20:]),
        ("two-kinds", b"words\n" + PDF),
        ("two-kinds", making.archive({"[Content_Types].xml": "", "word/document.xml": "", "xl/workbook.xml": ""})),
    ],
)
def test_it_is_refused(code: str, content: bytes) -> None:
    assert refusal_of(content) == code


def test_a_zip_bomb_is_refused_without_unpacking() -> None:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("zeros", "w", force_zip64=False) as zeros,
    ):
        for _ in range(300):
            zeros.write(bytes(1024**2))

    assert len(written.getvalue()) < 500_000
    assert refusal_of(written.getvalue()) == "bomb"


def test_a_bomb_whose_files_share_their_bytes_is_refused() -> None:
    plain = making.archive({"one": b"x" * 5000, "two": b"x"}, stored=True)
    start, end = plain.index(b"PK\x01\x02"), plain.rindex(b"PK\x05\x06")
    entry = plain[start : plain.index(b"PK\x01\x02", start + 4)]
    entries = b"".join(entry.replace(b"one", f"{number:03}".encode()) for number in range(100))
    record = b"PK\x05\x06\0\0\0\0" + (100).to_bytes(2, "little") * 2 + len(entries).to_bytes(4, "little")

    assert refusal_of(plain[:start] + entries + record + start.to_bytes(4, "little") + b"\0\0") == "bomb"
    assert end > start


def test_closed_archives_are_refused() -> None:
    plain = bytearray(making.archive({"a.txt": "words"}))
    plain[plain.index(b"PK\x01\x02") + 8] |= 1

    assert refusal_of(bytes(plain)) == "encrypted"


def test_ordinary_files_are_not_taken_for_two_kinds() -> None:
    # What telephones append to a photo, and a chance "PK" in it.
    assert kind_of(making.jpeg() + making.movie()) == "jpeg"
    assert kind_of(making.jpeg() + b"PK\x05\x06" + b"\xff" * 40) == "jpeg"
    assert kind_of("I write <3 and “a < b”, and script.".encode()) == "txt"


def test_every_kind_and_refusal_has_words() -> None:
    assert set(KIND_LABELS) == set(KINDS)
    assert kind_label("jpeg") == "Photo (JPEG)"
    assert kind_label("nothing") == "File"
    said = {*(RefusedKind.__doc__ or "").split('"')[1::2]}
    assert len(said) == 10
    assert said <= set(_REFUSALS)
    assert issubclass(RefusedKind, FilesError)
