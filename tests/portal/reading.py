"""Reading pages as a reader does: tables by their captions, addresses, and a server to ask for them."""

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from lxml import html

from amparo.portal.page_cache import PageCache

HIDDEN = "not shown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came over the wire, and what it says."""

    status: int
    headers: Message
    wire: bytes

    @property
    def body(self) -> bytes:
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"] or "")
        return unpack(self.wire) if unpack else self.wire

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(application: Any, address: str, method: str = "GET", **headers: str) -> Answer:
    """Ask a WSGI `application`, as a server does. `headers` as environ names: HTTP_HOST, HTTP_COOKIE."""
    path, _, query = address.partition("?")
    told: dict[str, Any] = {}
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        **headers,
    }

    def start_response(status: str, given: Iterable[tuple[str, str]], exc_info: Any = None) -> None:
        told.update(status=int(status[:3]), headers=list(given))

    pieces = application(environ, start_response)
    try:
        wire = b"".join(pieces)
    finally:
        getattr(pieces, "close", lambda: None)()
    message = Message()
    for name, value in told["headers"]:
        message[name] = value
    return Answer(told["status"], message, wire)


def make_cache(releases: Path, **options: Any) -> PageCache:
    """The server's application on `releases`, with a clock of the test's where `options` has one."""
    chosen = {"allowed_hosts": settings.ALLOWED_HOSTS, **options}
    return PageCache(WSGIHandler(), releases=releases, **chosen)


def read_tables(page: str) -> dict[str, dict[str, list[str]]]:
    """The tables of a page: caption → heading of the row → its cells."""
    found: dict[str, dict[str, list[str]]] = {}
    for table in html.fromstring(page).iter("table"):
        caption = " ".join(table.find("caption").text_content().split())
        found[caption] = {
            row.find("th").text_content().strip(): [cell.text_content().strip() for cell in row.iter("td")]
            for row in table.find("tbody")
        }
    return found


def read_number(cell: str) -> int | None:
    """The number in a cell, whatever the language's marks; None where it is not a number, as for "not shown"."""
    digits = re.sub(r"[\s.,\u00a0\u202f\u066c]", "", cell)
    return int(digits) if digits.isdecimal() else None


def addresses_in(page: str) -> set[str]:
    """Everything that a page links to or loads."""
    found = html.fromstring(page).xpath("//@href | //@src | //@action | //@srcset | //@poster | //@data | //@content")
    return {str(each) for each in found if "/" in each or ":" in each}


def is_elsewhere(address: str) -> bool:
    """Whether following or loading `address` would reach another site."""
    parts = urlsplit(address)
    return bool(parts.scheme or parts.netloc)
