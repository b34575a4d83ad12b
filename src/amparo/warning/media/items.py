"""A published report as it is brought in: its words as plain text, and an address that a browser may open. Pure."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MOST_BYTES = 2 * 1024**2
MOST_ITEMS = 1000
# What is longer is cut before its tags are taken out: for unfinished ones that takes the square of its length.
_MOST_WRITTEN = 5000
LONGEST_TITLE, LONGEST_LINK, LONGEST_PUBLISHER = 500, 1000, 200
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.ASCII | re.IGNORECASE)
# Characters that turn the direction of what stands around them: a title could make a link look like another.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SILENT_TAGS = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True)
class Item:
    """A published report. `link` is checked, and `language` a code of ISO 639 or empty."""

    title: str
    link: str
    publisher: str = ""
    language: str = ""
    published_on: date | None = None

    @property
    def key(self) -> str:
        """What is the same for the same page: its address without fragment and without what counts campaigns."""
        parts = urlsplit(self.link)
        asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith("utm_")]
        same = (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", urlencode(asked), "")
        return hashlib.sha256(urlunsplit(same).encode()).hexdigest()


class ItemsRefused(Exception):
    """Nothing of a file was taken. `code` says why, `details` belong to its sentence, `row` and `field` say where."""

    def __init__(self, code: str, *, row: int | None = None, field: str = "", **details: int | str) -> None:
        super().__init__(code)
        self.code, self.row, self.field, self.details = code, row, field, details


def plain_text(written: str) -> str:
    """Words without tags, control characters and marks of direction, on one line."""
    reader = _Words()
    # "<![" begins a marked section, of which the parser asserts that it knows the kind.
    reader.feed(written[:_MOST_WRITTEN].replace("<![", "&lt;!["))
    reader.close()
    kept = (" " if unicodedata.category(sign) == "Cc" else sign for sign in reader.words() if sign not in _TURNING)
    # A lone half of a character cannot be stored.
    whole = "".join(kept).encode("utf-8", "replace").decode("utf-8")
    return " ".join(whole.split())


def is_link(written: str) -> bool:
    """Whether this is the address of a public page: http or https, with a host, without a password."""
    if len(written) > LONGEST_LINK or not written.isprintable() or " " in written:
        return False
    try:
        parts = urlsplit(written)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def language_code(written: str) -> str | None:
    """ "en" of "en-GB"; "" of nothing, None of what is no code."""
    said = written.strip()
    if not said:
        return ""
    found = _LANGUAGE.fullmatch(said)
    return found[1].lower() if found else None


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT_TAGS
        self._said.append(" " if tag in {"br", "p", "div", "li"} else "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(self._silent - (tag in _SILENT_TAGS), 0)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._said.append(data)

    def words(self) -> str:
        return "".join(self._said)
