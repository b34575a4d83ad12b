"""Uploads over a real connection to the server that is used: gigabytes, lines that break, bodies without end."""

import hashlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.files.uploading import BOUNDARY

pytestmark = pytest.mark.slow

MEGABYTE = 1024**2
ROOT = Path(__file__).resolve().parents[2]
# The beginning of a video, then what does not compress and is no text.
PIECE = bytes(range(256)) * 256
START = b"\x1aE\xdf\xa3"


@dataclass(frozen=True)
class Answer:
    status: int
    said: dict[str, object]
    cookie: str
    sent: int


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with one worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(number), "--workers", "1"]
    command += ["--blocking-threads", "4", "tests.files.receiving_server:application"]
    server = subprocess.Popen(command, env=environment, cwd=tmp_path_factory.mktemp("server"), start_new_session=True)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", number), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield number
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(20)


def head(length: int, answer: Answer | None) -> bytes:
    """The beginning of a request to send a file of `length` bytes, and of its body."""
    part = b""
    if answer is not None:
        part += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'.encode()
        part += str(answer.said["token"]).encode() + b"\r\n"
    part += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="invented.webm"\r\n\r\n'.encode()
    total = len(part) + length + len(tail())
    lines = ["POST / HTTP/1.1", "Host: localhost", f"Content-Length: {total}", "Connection: close"]
    lines += [f"Content-Type: multipart/form-data; boundary={BOUNDARY}"]
    if answer is not None:
        lines.append(f"Cookie: csrftoken={answer.cookie}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + part


def tail() -> bytes:
    return f"\r\n--{BOUNDARY}--\r\n".encode()


def read_answer(line: socket.socket, sent: int) -> Answer:
    answer = b""
    line.settimeout(60)
    try:
        while more := line.recv(65536):
            answer += more
    except ConnectionResetError:
        pass
    top, _, body = answer.partition(b"\r\n\r\n")
    found = re.search(r"csrftoken=(\w+)", top.decode("latin-1"))
    status = int(top.split()[1]) if top else 0
    return Answer(status, json.loads(body) if body.startswith(b"{") else {}, found[1] if found else "", sent)


def look(port: int) -> Answer:
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return read_answer(line, 0)


def send(
    port: int, length: int, *, stop_after: int | None = None, token: Answer | None = None, looks: bool = True
) -> Answer | None:
    """Send a file until all is sent, the line ends or, for who `looks`, an answer is there.

    None where `stop_after` bytes were sent and the line was dropped.
    """
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        line.sendall(head(length, token))
        sent = line.send(START)
        try:
            while sent < length:
                if stop_after is not None and sent >= stop_after:
                    return None
                line.settimeout(60)
                if looks and select.select([line], [], [], 0)[0]:
                    break
                piece = PIECE[: length - sent]
                line.sendall(piece)
                sent += len(piece)
            else:
                line.sendall(tail())
        except OSError:
            pass
        return read_answer(line, sent)


def digest(length: int) -> str:
    code = hashlib.sha256(START)
    left = length - len(START)
    while left:
        code.update(PIECE[:left])
        left -= min(left, len(PIECE))
    return code.hexdigest()


def test_two_gigabytes_take_no_more_memory(port: int) -> None:
    token = look(port)
    # A first small one: what is made once is there.
    send(port, MEGABYTE, token=token)
    before = look(port).said["memory"]
    length = 2 * 1024**3

    answer = send(port, length, token=token)

    assert answer is not None
    assert answer.status == 200
    [file] = answer.said["files"]
    assert (file["length"], file["refused"], file["sha256"]) == (length, "", digest(length))
    assert answer.said["incoming"] > [length]
    assert answer.said["memory"]["VmHWM"] - before["VmRSS"] < 50 * MEGABYTE
    assert look(port).said["incoming"] == []


# Browsers look at an answer only when all is sent, or the line ends.
@pytest.mark.parametrize("looks", [True, False])
def test_a_body_of_five_gigabytes_is_answered_without_reading_it(port: int, looks: bool) -> None:
    token, began = look(port), time.monotonic()

    answer = send(port, 5 * 1024**3, token=token, looks=looks)

    assert answer is not None
    assert answer.sent < 200 * MEGABYTE
    assert time.monotonic() - began < 20
    assert answer.status == 200
    assert answer.said["stopped"] is True
    assert [each["refused"] for each in answer.said["files"]] == ["too-large"]
    assert answer.said["incoming"] == []


def test_a_line_that_breaks_leaves_nothing(port: int) -> None:
    token = look(port)

    assert send(port, 1024**3, stop_after=80 * MEGABYTE, token=token) is None

    for _ in range(100):
        if look(port).said["incoming"] == []:
            break
        time.sleep(0.1)
    assert look(port).said["incoming"] == []


def test_a_request_without_a_token_is_refused_and_leaves_nothing(port: int) -> None:
    answer = send(port, MEGABYTE)

    assert answer is not None
    assert answer.status == 403
    assert look(port).said["incoming"] == []
