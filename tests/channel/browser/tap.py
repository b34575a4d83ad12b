"""Listens in between a browser and the server: every byte that leaves the browser, as it passes on the line."""

import socket
import threading
from types import TracebackType


class Tap:
    """A place on this machine that passes everything on to `port`, and keeps what comes from the browser in `heard`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._heard = bytearray()
        self.port = self._listening.getsockname()[1]

    @property
    def heard(self) -> bytes:
        return bytes(self._heard)

    def __enter__(self) -> "Tap":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("localhost", self._port))
            threading.Thread(target=self._pass_on, args=(browser, server, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, browser, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_heard: bool) -> None:
        try:
            while some := source.recv(65536):
                if is_heard:
                    self._heard += some
                target.sendall(some)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # One of the two hung up.
            source.close()
            target.close()
