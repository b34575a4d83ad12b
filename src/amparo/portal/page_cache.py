"""A small cache in front of the public pages: rendered once per release, compressed once, served many times.

Only what is the same for everybody comes in: GET of a public address with its own parameters, answered with 200 and no
cookie. Whoever asks under a wrong host, in a way that must be redirected, or for anything else, is passed on. A new
release empties it: the folder of releases changes, which is looked at once a second.
"""

import gzip
import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import brotli
from django.http.request import split_domain_port, validate_host

from amparo.portal.choices import CHART_FIELDS, PARAMETERS
from amparo.portal.comparing.address import PARAMETERS as COMPARED

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

LANGUAGES = ("en", "fr", "es", "ar")
# The first part of each public address after its language, with the parameters that mean something there. An address
# with another parameter is not kept: a stranger could make as many pages of it as there are words.
_NONE: frozenset[str] = frozenset()
PUBLIC = {
    "": frozenset({"dataset"}),
    "explore": frozenset(PARAMETERS),
    "countries": _NONE,
    "compare": frozenset(COMPARED),
    "reports": _NONE,
    "methods": _NONE,
    "releases": _NONE,
    "statements": frozenset({"page"}),
    "about": _NONE,
    "api": _NONE,
    "vocabularies": _NONE,
}
FOR_PROGRAMS = frozenset({*PARAMETERS, "sex", "profile"}) - set(CHART_FIELDS)
# Their pages hold addresses of this site in full, as it was asked for: each host has its own.
_NAMING_THEIR_HOST = frozenset({"explore"})
LARGEST_PAGE = 1_000_000
LONGEST_KEPT = 600.0
_LONGEST_QUERY = 400
_UNPACKED = ("image/", "application/vnd.", "application/zip", "application/pdf")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it goes out, in each encoding. `made_at` by the clock of the cache, in seconds; `size` in bytes."""

    bodies: dict[str, bytes]
    headers: dict[str, Headers]
    not_modified: Headers
    etag: str
    size: int
    made_at: float


class PageCache:
    """Wraps a WSGI application. Holds up to `capacity` bytes; the pages asked for least recently go first."""

    def __init__(
        self,
        application: Application,
        *,
        releases: Path,
        allowed_hosts: Iterable[str],
        https_only: bool = False,
        capacity: int = 64_000_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.application = application
        self.releases = releases
        self.allowed_hosts = tuple(allowed_hosts)
        self.https_only = https_only
        self.capacity = capacity
        self.clock = clock
        self._pages: OrderedDict[tuple[str, str], Page] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._state: tuple[int, ...] = ()
        self._looked = float("-inf")
        self._good_hosts: dict[str, bool] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        self._look_for_releases()
        state = self._state
        page = self._pages.get(key)
        # No page grows old here, whatever else was changed behind it than a release.
        if page is not None and self.clock() - page.made_at < LONGEST_KEPT:
            with self._lock:
                if key in self._pages:
                    self._pages.move_to_end(key)
            return _answer(page, environ, start_response)
        return self._render(key, state, environ, start_response)

    def _key(self, environ: dict[str, Any]) -> tuple[str, str] | None:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not self._is_good_host(environ):
            return None
        if self.https_only and environ.get("HTTP_X_FORWARDED_PROTO", environ["wsgi.url_scheme"]) != "https":
            return None
        path: str = environ.get("PATH_INFO", "")
        known = _parameters_of(path)
        query: str = environ.get("QUERY_STRING", "")
        if known is None or len(query) > _LONGEST_QUERY:
            return None
        pairs = parse_qsl(query, keep_blank_values=True)
        names = [name for name, _value in pairs]
        # A doubled parameter has no one meaning.
        if not known.issuperset(names) or len(set(names)) < len(names):
            return None
        # A form sends what was left open as well: that is as if it had not.
        return (_origin(path, environ) + path, repr(sorted(pair for pair in pairs if pair[1])))

    def _is_good_host(self, environ: dict[str, Any]) -> bool:
        host = environ.get("HTTP_HOST", "")
        if host not in self._good_hosts:
            if len(self._good_hosts) > 100:
                self._good_hosts.clear()
            self._good_hosts[host] = bool(host) and validate_host(split_domain_port(host)[0], self.allowed_hosts)
        return self._good_hosts[host]

    def _look_for_releases(self) -> None:
        now = self.clock()
        if now - self._looked < 1:
            return
        self._looked = now
        try:
            found = os.stat(self.releases)
            state: tuple[int, ...] = (found.st_mtime_ns, found.st_ino)
        except FileNotFoundError:
            state = ()
        if state != self._state:
            with self._lock:
                self._pages.clear()
                self._size = 0
                self._state = state

    def _render(
        self, key: tuple[str, str], state: tuple[int, ...], environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        told: dict[str, Any] = {}

        def listen(status: str, headers: Headers, exc_info: Any = None) -> Any:
            told.update(status=status, headers=headers)
            return start_response(status, headers, exc_info) if exc_info else None

        # The page is made for nobody in particular: nothing that the asker says of herself comes in, and it is made
        # whole even for a HEAD.
        asked = {name: value for name, value in environ.items() if name in _LET_IN or not name.startswith("HTTP_")}
        pieces = self.application(asked | {"REQUEST_METHOD": "GET"}, listen)
        headers = {name.lower(): value for name, value in told["headers"]}
        length = int(headers.get("content-length") or LARGEST_PAGE + 1)
        if told["status"][:3] != "200" or "set-cookie" in headers or length > LARGEST_PAGE:
            start_response(told["status"], told["headers"])
            if environ["REQUEST_METHOD"] == "GET":
                return pieces
            _close(pieces)
            return []
        try:
            body = b"".join(pieces)
        finally:
            _close(pieces)
        page = _pack(body, told["headers"], self.clock())
        with self._lock:
            if state == self._state and page.size <= self.capacity:
                self._keep(key, page)
        return _answer(page, environ, start_response)

    def _keep(self, key: tuple[str, str], page: Page) -> None:
        # Another thread may have made the same page meanwhile.
        replaced = self._pages.pop(key, None)
        self._size += page.size - (replaced.size if replaced else 0)
        self._pages[key] = page
        while self._size > self.capacity:
            self._size -= self._pages.popitem(last=False)[1].size


_LET_IN = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"})
# What a page takes beside its bodies: headers in each encoding, its key.
_SIZE_OF_HEADERS = 4_000


def _origin(path: str, environ: dict[str, Any]) -> str:
    """The scheme and host of a page that names them; "" for others, which are the same for every host."""
    if f"{path}//".split("/", 3)[2] in _NAMING_THEIR_HOST:
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", environ["wsgi.url_scheme"])
        return f"{'https' if scheme == 'https' else 'http'}://{environ['HTTP_HOST']}"
    return ""


def _parameters_of(path: str) -> frozenset[str] | None:
    """The parameters that mean something at `path`; None where it is no public address."""
    _, language, *rest = f"{path}//".split("/", 3)
    if language == "api":
        return FOR_PROGRAMS if rest[0] == "table" else _NONE
    if language not in LANGUAGES or (not rest[0] and path != f"/{language}/"):
        return None
    return PUBLIC.get(rest[0])


def _close(pieces: Iterable[bytes]) -> None:
    getattr(pieces, "close", lambda: None)()


def _pack(body: bytes, headers: Headers, made_at: float) -> Page:
    kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "etag", "vary"}]
    # Weak: the same for the page in each encoding.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    kept += [("ETag", etag), ("Vary", "Accept-Encoding"), ("Cache-Control", "public, max-age=60")]
    bodies = {"identity": body}
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    if not content_type.startswith(_UNPACKED):
        bodies |= {"gzip": gzip.compress(body, 9, mtime=0), "br": brotli.compress(body, quality=9)}
    of_each = {
        encoding: [
            *kept,
            ("Content-Length", str(len(packed))),
            *([("Content-Encoding", encoding)] if encoding != "identity" else []),
        ]
        for encoding, packed in bodies.items()
    }
    return Page(bodies, of_each, kept, etag, sum(map(len, bodies.values())) + _SIZE_OF_HEADERS, made_at)


def _answer(page: Page, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if known and (known == "*" or page.etag in (each.strip() for each in known.split(","))):
        start_response("304 Not Modified", page.not_modified)
        return []
    accepted = _accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
    encoding = next((each for each in accepted if each in page.bodies), "identity")
    start_response("200 OK", page.headers[encoding])
    return [page.bodies[encoding]] if environ["REQUEST_METHOD"] == "GET" else []


@lru_cache(maxsize=200)
def _accepted(header: str) -> tuple[str, ...]:
    """The encodings of ours that a reader's Accept-Encoding takes, the smallest first (RFC 9110, 12.5.3)."""
    weights = {}
    for each in header.lower().split(","):
        name, _, weight = each.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    refused = {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return tuple(name for name in ("br", "gzip") if weights.get(name, weights.get("*", "q=0")) not in refused)
