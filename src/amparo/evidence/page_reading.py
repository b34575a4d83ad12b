"""What belongs to a page of the web, and its words, read from its HTML without running anything. Pure."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPMessage
from urllib.parse import urljoin

MOST_UNPACKED_BYTES = 10 * 1024**2
LONGEST_TEXT = 100_000
_CSS_ADDRESS = re.compile(r"""url\(\s*['"]?([^'")\s]{1,2000})['"]?\s*\)|@import\s+['"]([^'"]{1,2000})['"]""")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([a-zA-Z0-9_-]{1,40})""", re.IGNORECASE)
_UNREAD = {"script", "style", "noscript", "template", "svg"}
_LINES = {
    "p",
    "div",
    "li",
    "tr",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "dd",
    "dt",
}
_WANTED_LINKS = {"stylesheet", "icon"}


@dataclass(slots=True)
class PageRead:
    """What was read in a page. `parts` are addresses of its images and styles, in order, each once."""

    title: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    parts: list[str] = field(default_factory=list, repr=False)


def unpack(body: bytes, headers: HTTPMessage) -> bytes:
    """`body` as it was before the server packed it, 10 MiB at most; b"" where it cannot be unpacked, or is a bomb."""
    packed = headers.get("Content-Encoding", "").strip().lower()
    if packed in ("", "identity"):
        return body[:MOST_UNPACKED_BYTES]
    if packed not in ("gzip", "x-gzip", "deflate"):
        return b""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        unpacked = unpacking.decompress(body, MOST_UNPACKED_BYTES)
    except zlib.error:
        return b""
    return b"" if unpacking.unconsumed_tail else unpacked


def read_page(body: bytes, headers: HTTPMessage, address: str) -> PageRead:
    """The words of a page of HTML or of plain text, and the addresses of what belongs to it."""
    kind = headers.get_content_type()
    text = _decode(body, headers)
    if kind == "text/plain":
        return PageRead(text=text[:LONGEST_TEXT])
    if kind not in ("text/html", "application/xhtml+xml"):
        return PageRead()
    reader = _Reader(address)
    reader.feed(text)
    reader.close()
    words = re.sub(r"[ \t\r\f]+", " ", "".join(reader.words))
    words = re.sub(r"\s*\n\s*", "\n", words).strip()
    return PageRead(
        " ".join("".join(reader.title).split())[:500], words[:LONGEST_TEXT], list(dict.fromkeys(reader.parts))
    )


def parts_of_style(body: bytes, headers: HTTPMessage, address: str) -> list[str]:
    """The addresses that a style sheet names."""
    if headers.get_content_type() != "text/css":
        return []
    return list(dict.fromkeys(_in_style(_decode(body, headers), address)))


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.words: list[str] = []
        self.parts: list[str] = []
        self._base = address
        self._within: list[str] = []
        self._style: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in _UNREAD or tag == "title":
            self._within.append(tag)
        if tag in _LINES:
            self.words.append("\n")
        if tag == "base" and said.get("href"):
            self._base = _join(self._base, said["href"]) or self._base
        self._note_parts(tag, said)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note_parts(tag, {name: value or "" for name, value in attrs})
        if tag in _LINES:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            while self._within.pop() != tag:
                continue
        if tag == "style":
            self.parts += _in_style("".join(self._style), self._base)
            self._style.clear()

    def handle_data(self, data: str) -> None:
        within = self._within[-1] if self._within else ""
        if within == "title":
            self.title.append(data)
        elif within == "style":
            self._style.append(data)
        elif not within:
            self.words.append(data)

    def _note_parts(self, tag: str, said: dict[str, str]) -> None:
        named = []
        if tag in ("img", "source", "input", "embed") and said.get("src"):
            named.append(said["src"])
        if tag in ("img", "source") and said.get("srcset"):
            named.append(said["srcset"].split(",")[0].strip().split(" ")[0])
        if tag == "link" and _WANTED_LINKS & set(said.get("rel", "").lower().split()) and said.get("href"):
            named.append(said["href"])
        if tag == "video" and said.get("poster"):
            named.append(said["poster"])
        if said.get("style"):
            self.parts += _in_style(said["style"], self._base)
        self.parts += [found for each in named if (found := _join(self._base, each))]


def _in_style(text: str, address: str) -> Iterator[str]:
    for match in _CSS_ADDRESS.finditer(text):
        if found := _join(address, match[1] or match[2] or ""):
            yield found


def _join(base: str, said: str) -> str:
    try:
        joined = urljoin(base, said.strip()).partition("#")[0]
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""


def _decode(body: bytes, headers: HTTPMessage) -> str:
    stated = headers.get_content_charset()
    found = _CHARSET.search(body[:4096])
    for charset in (stated, found[1].decode("ascii") if found else None, "utf-8"):
        if charset:
            try:
                return body.decode(charset, "strict" if charset == "utf-8" else "replace")
            except (LookupError, UnicodeDecodeError):
                continue
    return body.decode("cp1252", "replace")
