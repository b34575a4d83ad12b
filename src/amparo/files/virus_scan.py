"""Asking ClamAV whether there is a virus in a file, while its bytes go by. Off unless AMPARO_CLAMD names its socket.

Protocol: clamd(8), command `zINSTREAM`: pieces, each after its length in 4 bytes, and a length of zero at the end. The
scanner sees the file in clear: it belongs on the same machine, and its temporary folder in memory.
"""

import socket
import struct

from amparo.files.errors import FilesError

_SECONDS = 60.0
_PIECE = 65536
_LONGEST_ANSWER = 4096


class NotScanned(FilesError):
    """The scanner cannot be reached, or did not answer: nobody knows what is in the file, so it is not taken."""

    code = "not-scanned"


class VirusFound(FilesError):
    """The scanner found something. Its name for it is not kept: it may tell of what the file is."""

    code = "virus"


class Scan:
    """One file on its way to the scanner. `address` is the path of a socket, or `host:port`."""

    def __init__(self, address: str) -> None:
        try:
            self._line = _connect(address)
            self._line.sendall(b"zINSTREAM\0")
        except (OSError, ValueError):
            raise _not_scanned() from None

    def update(self, some: bytes) -> None:
        """Send `some` bytes. Raises `NotScanned`, also where the file is larger than the scanner takes."""
        try:
            for start in range(0, len(some), _PIECE):
                piece = some[start : start + _PIECE]
                self._line.sendall(struct.pack(">I", len(piece)) + piece)
        except OSError:
            self.close()
            raise _not_scanned() from None

    def finish(self) -> None:
        """Hear the answer. Raises `VirusFound` and `NotScanned`."""
        answer = b""
        try:
            self._line.sendall(struct.pack(">I", 0))
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := self._line.recv(1024)):
                answer += more
        except OSError:
            raise _not_scanned() from None
        finally:
            self.close()
        if answer == b"stream: OK\0":
            return
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND\0"):
            raise VirusFound("The virus scanner found something in this file.")
        raise _not_scanned()

    def close(self) -> None:
        self._line.close()


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_SECONDS)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _not_scanned() -> NotScanned:
    return NotScanned("The virus scanner cannot be reached.")
