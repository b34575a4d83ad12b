"""Asking a virus scanner, in a real conversation; closed where it does not answer."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from amparo.config.environment import read_environment
from amparo.files import services
from amparo.files.places import files_folder
from amparo.files.receiving import NOT_SCANNED, VIRUS
from amparo.files.virus_scan import NotScanned
from amparo.vault import services as vault
from tests.files.uploading import make_upload

# The test file of the European Institute for Computer Antivirus Research, in two parts: so that no scanner minds this.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + r"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


@contextmanager
def scanner(path: Path, answer: bytes | None = None) -> Iterator[list[bytes]]:
    """A scanner on a socket that speaks clamd's INSTREAM, and knows one virus."""
    seen: list[bytes] = []
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen()

    def exactly(line: socket.socket, size: int) -> bytes:
        some = b""
        while len(some) < size and (more := line.recv(size - len(some))):
            some += more
        return some

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                if exactly(line, 10) != b"zINSTREAM\0":
                    continue
                content = b""
                while size := struct.unpack(">I", exactly(line, 4) or bytes(4))[0]:
                    content += exactly(line, size)
                seen.append(content)
                said = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                line.sendall(said if answer is None else answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield seen
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def test_it_works(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMD = str(tmp_path / "clamd")
    with scanner(tmp_path / "clamd") as seen:
        upload = make_upload(b"words " * 50_000)

    assert upload.refused == ""
    assert seen == [b"words " * 50_000]
    upload.discard()


def test_a_virus_is_refused_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMD = str(tmp_path / "clamd")
    before = set(files_folder().rglob("*"))
    with scanner(tmp_path / "clamd"):
        upload = make_upload(b"words " * 50_000 + EICAR)

    assert upload.refused == VIRUS
    assert set(files_folder().rglob("*")) == before


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK"])
def test_an_answer_that_is_none_is_no_leave(settings: Settings, tmp_path: Path, answer: bytes) -> None:
    settings.CLAMD = str(tmp_path / "clamd")
    with scanner(tmp_path / "clamd", answer):
        assert make_upload(b"words").refused == NOT_SCANNED


def test_a_scanner_that_cannot_be_reached_closes_the_door(settings: Settings, tmp_path: Path) -> None:
    for address in (str(tmp_path / "nothing"), "127.0.0.1:1"):
        settings.CLAMD = address
        assert make_upload(b"words").refused == NOT_SCANNED


@pytest.mark.django_db
def test_what_a_browser_sealed_is_scanned_when_it_is_opened(settings: Settings, tmp_path: Path) -> None:
    pair, unlocked = vault.make_institutional_key_pair()
    bad, good = (services.keep_upload(make_upload(each), [pair]) for each in (b"words\n" + EICAR, b"words"))
    settings.CLAMD = str(tmp_path / "clamd")

    with pytest.raises(NotScanned):
        services.clean_copy(bad, unlocked, [pair])
    with scanner(tmp_path / "clamd"):
        assert services.clean_copy(bad, unlocked, [pair]) is None
        assert services.clean_copy(good, unlocked, [pair]) is not None

    assert bad.not_cleaned == "virus"


def test_the_address_is_checked_at_start() -> None:
    assert read_environment({"AMPARO_CLAMD": "/run/clamav/clamd.ctl"}).clamd == "/run/clamav/clamd.ctl"
    assert read_environment({"AMPARO_CLAMD": "localhost:3310"}).clamd == "localhost:3310"
    assert read_environment({}).clamd is None
    with pytest.raises(ValueError, match="AMPARO_CLAMD"):
        read_environment({"AMPARO_CLAMD": "yes"})
