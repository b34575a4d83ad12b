"""A line through a SOCKS 5 proxy (RFC 1928), such as Tor's: the proxy looks up the name. Pure."""

import socket

_NO_PASSWORD = b"\x05\x01\x00"
_CONNECT = b"\x05\x01\x00"
_NAME, _IPV4, _IPV6 = 3, 1, 4


def connect_through(proxy: tuple[str, int], host: str, port: int, seconds: float) -> socket.socket:
    """A connected socket to `host`, which is sent as a name, never looked up here. Raises OSError."""
    sock = socket.create_connection(proxy, timeout=seconds)
    try:
        sock.sendall(_NO_PASSWORD)
        if _read(sock, 2) != b"\x05\x00":
            raise OSError("The proxy wants a password.")
        name = host.encode("ascii")
        sock.sendall(_CONNECT + bytes([_NAME, len(name)]) + name + port.to_bytes(2, "big"))
        _, said, _, kind = _read(sock, 4)
        if said != 0:
            raise OSError("The proxy could not reach the host.")
        length = {_IPV4: 4, _IPV6: 16}.get(kind) or _read(sock, 1)[0]
        _read(sock, length + 2)
    except (OSError, ValueError):
        sock.close()
        raise OSError("The proxy made no line to the host.") from None
    return sock


def _read(sock: socket.socket, size: int) -> bytes:
    some = b""
    while len(some) < size:
        more = sock.recv(size - len(some))
        if not more:
            raise OSError("The proxy closed the line.")
        some += more
    return some
