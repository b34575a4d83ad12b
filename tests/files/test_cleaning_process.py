"""The process in which files are cleaned: what it may not do, and what a hostile file makes of it."""

import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import amparo
from amparo.files.cleaning import clean, run
from amparo.files.errors import NotCleaned
from amparo.files.kinds import KINDS
from tests.files import making
from tests.files.making import SECRET, assert_gone

SOURCES = str(Path(amparo.__file__).parents[1])


def reason(content: bytes, kind: str, most_seconds: float = 60.0) -> str:
    with pytest.raises(NotCleaned) as not_cleaned:
        b"".join(run([content], kind, most_seconds))
    return not_cleaned.value.code


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("jpeg", making.jpeg()),
        ("png", making.png()),
        ("webp", making.webp()),
        ("gif", making.gif()),
        ("tiff", making.tiff()),
        ("pdf", making.pdf()),
        ("docx", making.docx()),
        ("odt", making.odt()),
        ("mp4", making.movie()),
        ("heic", making.heic()),
        ("mp3", b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x90\x00" + bytes(413)),
    ],
)
def test_it_works(kind: str, content: bytes) -> None:
    # Every library has to find what it needs with nothing left to open.
    cleaned = b"".join(clean(lambda: [content[:1000], content[1000:]], KINDS[kind]))

    assert_gone(cleaned)
    assert len(cleaned) > 100


def test_what_cannot_be_cleaned_is_said_with_its_code() -> None:
    assert reason(b"%PDF-1.7\nwords", "pdf") == "damaged"
    with pytest.raises(NotCleaned) as not_cleaned:
        clean(lambda: [b""], KINDS["webm"])
    assert not_cleaned.value.code == "kind-not-cleaned"


def test_an_image_of_ten_thousand_million_pixels_does_no_harm() -> None:
    head = struct.pack(">4sIIBBBBB", b"IHDR", 100_000, 100_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(10_000_000))
    huge = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    huge += struct.pack(">I", len(rows)) + b"IDAT" + rows + struct.pack(">I", zlib.crc32(b"IDAT" + rows))

    assert reason(huge, "png") == "bomb"


def test_a_document_nested_without_end_does_no_harm() -> None:
    nested = b"%PDF-1.7\n1 0 obj\n" + b"<</A" * 200_000 + b">>" * 200_000 + b"\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF"

    assert reason(nested, "pdf") in ("damaged", "bomb", "too-much")
    deep = making.archive({**making.docx_parts(), "word/document.xml": "<a>" * 100_000})
    assert reason(deep, "docx") in ("damaged", "too-much")


def test_a_small_document_of_ten_gigabytes_does_no_harm() -> None:
    bomb = making.archive({**making.docx_parts(), "word/document.xml": b"<a>" + b" " * 500_000_000 + b"</a>"})
    assert len(bomb) < 1_000_000

    assert reason(bomb, "docx") in ("bomb", "too-much")


def test_what_takes_too_long_is_ended() -> None:
    def slow() -> Iterator[bytes]:
        yield making.jpeg()[:100]
        # The process waits for more, and is ended before it comes.
        subprocess.run(["sleep", "1.5"], check=True)
        yield b""

    with pytest.raises(NotCleaned) as not_cleaned:
        b"".join(run(slow(), "jpeg", most_seconds=0.5))

    assert not_cleaned.value.code == "too-much"


def test_a_file_that_cannot_be_read_to_its_end_is_no_matter_of_its_metadata() -> None:
    def broken() -> Iterator[bytes]:
        yield making.jpeg()[:100]
        raise EOFError

    with pytest.raises(EOFError):
        b"".join(run(broken(), "jpeg"))


@pytest.mark.parametrize(
    "tried",
    [
        "open('/tmp/invented-leak', 'wb')",
        "open('/etc/hostname')",
        "__import__('socket').socket()",
        "__import__('subprocess').run(['true'])",
        "bytearray(3 * 1024**3)",
    ],
)
def test_the_process_can_open_nothing_and_take_no_more_memory(tried: str) -> None:
    before = "import socket, subprocess\nfrom amparo.files import cleaning_process as p\np._close_doors()\n"
    code = f"{before}{tried}\nprint('done')"

    ran = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": SOURCES}, capture_output=True, check=False)

    assert ran.returncode != 0
    assert b"done" not in ran.stdout
    assert b"Too many open files" in ran.stderr or b"MemoryError" in ran.stderr


def test_the_process_knows_nothing_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://invented")
    seen: dict[str, object] = {}
    real = subprocess.Popen

    class Watched(real):  # type: ignore[misc,valid-type]
        def __init__(self, *args: object, **options: object) -> None:
            seen.update(options)
            super().__init__(*args, **options)

    monkeypatch.setattr("amparo.files.cleaning.subprocess.Popen", Watched)
    b"".join(run([making.png()], "png"))

    assert "DATABASE_URL" not in seen["env"]
    assert SECRET not in str(seen)
