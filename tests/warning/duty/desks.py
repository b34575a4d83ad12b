"""What tests of focal points share: forms as they are shown, and a gateway on this machine that keeps every byte."""

import socket
import threading
from contextlib import closing
from dataclasses import dataclass, field

from django.test import Client


def fill(client: Client, address: str, form: str = "form", **said: object) -> dict[str, object]:
    """What the form at `address` holds, with `said` typed into it."""
    shown = client.get(address).context[form]
    held = {each.name: each.value() for each in shown}
    return {name: value for name, value in (held | said).items() if value is not None}


@dataclass
class Gateway:
    """A server that takes anything, keeps every byte of it, and gives one answer."""

    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    requests: list[bytes] = field(default_factory=list)
    port: int = 0
    reads_nothing: bool = False

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            with closing(connection):
                self.requests.append(connection.recv(65_536) if self.reads_nothing else _read(connection))
                connection.sendall(self.answer)


def _read(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-len"))
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answer_with(status: str, body: str = "", *headers: str) -> bytes:
    """An answer of a gateway."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", *headers, "", body]
    return "\r\n".join(lines).encode()
