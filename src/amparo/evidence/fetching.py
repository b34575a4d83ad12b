"""Fetching from the web what somebody asked for, and from nowhere else. Pure: no Django, nothing on a disk.

An address may come from anybody: a page that is kept can send on to an address within our own network. So the name is
looked up once, every address found must be public, and the line goes to the one that was checked; the same for each
redirect (OWASP, Server-Side Request Forgery Prevention). Time, bytes and number of requests are bounded together.
"""

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

from amparo.evidence.socks import connect_through

PORTS = frozenset({80, 443, 8080, 8443})
# What most visitors look like: who answers need not learn what fetches here.
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_ADDRESS = 2000
_MOST_HEADER_BYTES = 256 * 1024
_PIECE = 65536
_SILENCE_SECONDS = 10.0
_REDIRECTS = {301, 302, 303, 307, 308}
_NAT64 = IPv6Network("64:ff9b::/96")
_OWN_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet")


class NotFetched(Exception):
    """Nothing was fetched. `code` says why (`words.describe_capture_problem`); the address is never in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be fetched and how. `loopback_ports` is for tests: ports of this machine that are let be asked.

    `keeps_https`: what was asked for over TLS is not sent on to a line that everybody reads.
    """

    proxy: tuple[str, int] | None = None
    loopback_ports: frozenset[int] = frozenset()
    seconds: float = 30.0
    most_page_bytes: int = 10 * 1024**2
    most_bytes: int = 25 * 1024**2
    most_requests: int = 60
    most_redirects: int = 5
    accept: str = "text/html,application/xhtml+xml,image/*,text/css,*/*;q=0.8"
    keeps_https: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts; `host` in ASCII, `path` with what is asked (`?…`)."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the line; `body` without chunks, still packed as it came."""

    target: Target
    request: bytes = field(repr=False)
    response: bytes = field(repr=False)
    status: int
    headers: http.client.HTTPMessage = field(repr=False)
    body: bytes = field(repr=False)
    ip: str
    at: float

    @property
    def location(self) -> str:
        """Where it sends on to; "" where it doesn't."""
        said = self.headers.get("Location", "") if self.status in _REDIRECTS else ""
        return urljoin(self.target.address, said.strip()) if said else ""


class Budget:
    """What is left of time, bytes and requests for one capture."""

    def __init__(self, rules: Rules) -> None:
        self.until = time.monotonic() + rules.seconds
        self.bytes_left = rules.most_bytes
        self.requests_left = rules.most_requests

    def seconds_left(self) -> float:
        """Raises `NotFetched` where there is no time left."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise NotFetched("too-slow")
        return left


def read_address(said: str) -> Target:
    """The target that somebody typed, or that a page sends on to. Raises `NotFetched`."""
    said = said.strip()
    if len(said) > _LONGEST_ADDRESS or any(each.isspace() or ord(each) < 32 for each in said):
        raise NotFetched("bad-address")
    try:
        parts = urlsplit(said)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise NotFetched("bad-address") from None
    if parts.scheme not in _DEFAULT_PORTS or not host or parts.username is not None or "%" in host:
        raise NotFetched("bad-address")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return Target(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], path)


def check_target(target: Target, rules: Rules) -> None:
    """Refuse what an address tells by itself, before its name is looked up or anybody asked. Raises `NotFetched`."""
    here = target.port in rules.loopback_ports
    if target.port not in PORTS and not here:
        raise NotFetched("port")
    if target.host.endswith(".onion") and rules.proxy is None:
        raise NotFetched("onion")
    _check_written(target, here=here)


def fetch_following(
    said: str, rules: Rules, budget: Budget, headers: Mapping[str, Mapping[str, str]] | None = None
) -> list[Exchange]:
    """What is answered at an address, with each redirect on the way; the last is the answer itself.

    `headers` are sent beside the usual ones, each address its own. Raises `NotFetched`.
    """
    exchanges: list[Exchange] = []
    for _ in range(rules.most_redirects + 1):
        target = read_address(said)
        if rules.keeps_https and exchanges and exchanges[-1].target.scheme == "https" != target.scheme:
            raise NotFetched("not-encrypted")
        exchanges.append(fetch(target, rules, budget, (headers or {}).get(target.address)))
        said = exchanges[-1].location
        if not said:
            return exchanges
    raise NotFetched("redirects")


def fetch(target: Target, rules: Rules, budget: Budget, headers: Mapping[str, str] | None = None) -> Exchange:
    """One request, to an address that was checked; `headers` beside the usual ones. Raises `NotFetched`."""
    if budget.requests_left <= 0:
        raise NotFetched("too-large")
    budget.requests_left -= 1
    line, ip = _connect(target, rules, budget)
    try:
        with line:
            return _ask(line, target, ip, rules, budget, headers or {})
    except ssl.SSLError:
        raise NotFetched("certificate") from None
    except TimeoutError:
        raise NotFetched("too-slow") from None
    except (http.client.HTTPException, ValueError):
        raise NotFetched("bad-answer") from None
    except OSError:
        raise NotFetched("not-reached") from None


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet, whatever it is wrapped in."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = _within(ip)
        if inner is not None:
            return is_public(str(inner))
        # 6to4 and Teredo lead to whatever IPv4 address is in them, over relays that nobody knows.
        if ip.sixtofour is not None or ip.teredo is not None:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local)


def _within(ip: IPv6Address) -> IPv4Address | None:
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None


def _connect(target: Target, rules: Rules, budget: Budget) -> tuple[socket.socket, str]:
    check_target(target, rules)
    here = target.port in rules.loopback_ports
    if rules.proxy is not None:
        try:
            plain = connect_through(rules.proxy, target.host, target.port, min(budget.seconds_left(), 20.0))
        except OSError:
            raise NotFetched("no-proxy") from None
        return _secure(plain, target), ""
    ip = _look_up(target, budget, here=here)
    try:
        plain = socket.create_connection((ip, target.port), timeout=min(budget.seconds_left(), _SILENCE_SECONDS))
    except OSError:
        raise NotFetched("not-reached") from None
    return _secure(plain, target), ip


def _check_written(target: Target, *, here: bool) -> None:
    """Refuse numbers and names of our own network. Beyond a proxy, where names are looked up, it is all that can be."""
    try:
        # Also 2130706433, 0x7f000001 and 127.1, as the system's own look-up reads them.
        ip = socket.inet_ntoa(socket.inet_aton(target.host))
    except OSError:
        ip = target.host if ":" in target.host else ""
    if ip and not is_public(ip) and not (here and ip_address(ip).is_loopback):
        raise NotFetched("not-public")
    if not ip and ("." not in target.host or target.host.endswith(_OWN_NAMES)):
        raise NotFetched("not-public")


def _look_up(target: Target, budget: Budget, *, here: bool) -> str:
    """The IP address to connect to: looked up once, and every answer public. Raises `NotFetched`."""
    found: list[str] = []

    def look() -> None:
        try:
            answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(str(answer[4][0]) for answer in answers)

    # The system's look-up knows no limit of time of its own.
    looking = threading.Thread(target=look, name="amparo-look-up", daemon=True)
    looking.start()
    looking.join(min(budget.seconds_left(), _SILENCE_SECONDS))
    addresses = list(found)
    if not addresses:
        raise NotFetched("no-such-host")
    if here and all(ip_address(each).is_loopback for each in addresses):
        return addresses[0]
    if not all(is_public(each) for each in addresses):
        raise NotFetched("not-public")
    return addresses[0]


def _secure(plain: socket.socket, target: Target) -> socket.socket:
    if target.scheme == "http":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
    except ssl.SSLError:
        plain.close()
        raise NotFetched("certificate") from None
    except (OSError, ValueError):
        plain.close()
        raise NotFetched("not-reached") from None


def _ask(
    sock: socket.socket, target: Target, ip: str, rules: Rules, budget: Budget, headers: Mapping[str, str]
) -> Exchange:
    at = time.time()
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = (
        f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: {_AGENT}\r\n"
        f"Accept: {rules.accept}\r\n{more}Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
    ).encode("ascii")
    sock.settimeout(min(budget.seconds_left(), _SILENCE_SECONDS))
    sock.sendall(request)
    line = _RecordedLine(sock, budget, _MOST_HEADER_BYTES)
    response = http.client.HTTPResponse(_Opened(line), method="GET")  # type: ignore[arg-type]
    response.begin()
    line.allow(min(rules.most_page_bytes, budget.bytes_left))
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
    if response.length:
        raise NotFetched("not-reached")
    status = response.status if response.status in HTTPStatus._value2member_map_ else 0
    return Exchange(target, request, bytes(line.recorded), status, response.headers, bytes(body), ip, at)


class _RecordedLine(io.RawIOBase):
    """What comes over a line, kept as it came, no more and no longer than allowed."""

    def __init__(self, sock: socket.socket, budget: Budget, most_bytes: int) -> None:
        self.recorded = bytearray()
        self._sock, self._budget, self._left = sock, budget, most_bytes

    def allow(self, more: int) -> None:
        self._left = more

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._sock.settimeout(min(self._budget.seconds_left(), _SILENCE_SECONDS))
        count = self._sock.recv_into(buffer)
        self._left -= count
        self._budget.bytes_left -= count
        if self._left < 0 or self._budget.bytes_left < 0:
            raise NotFetched("too-large")
        self.recorded += memoryview(buffer)[:count]
        return count


class _Opened:
    """What `http.client` takes for a socket: it only opens it for reading."""

    def __init__(self, line: _RecordedLine) -> None:
        self._line = line

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(self._line, 16384)
