"""RSS and Atom, read from bytes. Nothing is fetched here. Pure."""

import codecs
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import feedparser

from amparo.warning.media.items import (
    LONGEST_PUBLISHER,
    LONGEST_TITLE,
    MOST_BYTES,
    MOST_ITEMS,
    Item,
    ItemsRefused,
    is_link,
    language_code,
    plain_text,
)

_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_DECLARES = re.compile(rb"<!ENTITY", re.IGNORECASE)
# A hundred for each item. Reading takes some 20 microseconds for each, and what is made to be read slowly has more.
_MOST_TAGS = 100 * MOST_ITEMS
_ENDS = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_ENCODING = re.compile(rb"""[\xef\xbb\xbf\xff\xfe\s]*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']""")
_MARKS_OF_BYTES = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# "<?xm" in EBCDIC.
_EBCDIC = b"\x4c\x6f\xa7\x94"
# What an encoding must leave as it is, so that what is looked for in the bytes is also what is read.
_SIGNS = b"<!ENTITY \"'&#;/>+-"
_WHEN = ("published_parsed", "updated_parsed", "created_parsed")


@dataclass(frozen=True, slots=True)
class FeedRead:
    """What a feed holds; `left_out` are entries without a title or without an address that may be opened.

    `is_whole`: its end is there. Of one that was cut off, the last item may be half an item.
    """

    items: tuple[Item, ...]
    left_out: int
    title: str = ""
    language: str = ""
    is_whole: bool = True


def read_feed(content: bytes, encoding: str = "") -> FeedRead:
    """The items of an RSS or Atom feed in the encoding that it declares; else in `encoding`, where that is given.

    Raises `ItemsRefused`: "too-large", "too-many-items", "declares-entities" (which can blow a small file up to
    gigabytes), "no-feed", "no-items".
    """
    if len(content) > MOST_BYTES:
        raise ItemsRefused("too-large", limit=MOST_BYTES // 1024**2)
    # UTF-16 has a zero byte beside each of these signs.
    signs = content.replace(b"\0", b"")
    if _DECLARES.search(signs):
        raise ItemsRefused("declares-entities")
    if sum(1 for _each in _ITEM.finditer(signs)) > MOST_ITEMS:
        raise ItemsRefused("too-many-items", limit=MOST_ITEMS)
    if signs.count(b"<") > _MOST_TAGS:
        raise ItemsRefused("no-feed")
    declared = _ENCODING.match(signs[:1000])
    if content.startswith(_EBCDIC) or (declared and not _leaves_signs(declared[1].decode("ascii", "replace"))):
        raise ItemsRefused("no-feed")
    told = not declared and not content.startswith(_MARKS_OF_BYTES) and _leaves_signs(encoding, wide=False)
    sent = {"content-type": f"application/xml; charset={encoding}"} if told else {}
    # From a stream: a string would be taken for an address or a path. Tags are taken out below.
    try:
        read = feedparser.parse(
            io.BytesIO(content), response_headers=sent, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception:
        # Of what is broken enough the library raises whatever happens there: AssertionError, OverflowError, ….
        raise ItemsRefused("no-feed") from None
    if not read.get("version") or (read.bozo and not read.entries):
        raise ItemsRefused("no-feed")
    if not read.entries:
        raise ItemsRefused("no-items")
    found = [_read_entry(entry, read.feed) for entry in read.entries[:MOST_ITEMS]]
    return FeedRead(
        tuple(each for each in found if each),
        sum(each is None for each in found),
        plain_text(str(read.feed.get("title") or ""))[:LONGEST_PUBLISHER],
        language_code(str(read.feed.get("language") or "")) or "",
        _ENDS.search(signs) is not None,
    )


def _leaves_signs(encoding: str, *, wide: bool = True) -> bool:
    """Whether the signs of XML are what they look like in this encoding, as in all but UTF-7 and its like.

    With `wide` also where zero bytes stand beside each.
    """
    try:
        if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
            return wide
        return _SIGNS.decode(encoding) == _SIGNS.decode("ascii")
    except (LookupError, ValueError):
        return False


def _read_entry(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> Item | None:
    title, link = plain_text(str(entry.get("title", ""))), str(entry.get("link", "")).strip()
    if not title or not is_link(link):
        return None
    source = entry.get("source") or {}
    publisher = plain_text(str(source.get("title") or feed.get("title") or ""))
    language = str(entry.get("language") or feed.get("language") or "")
    return Item(
        title=title[:LONGEST_TITLE],
        link=link,
        publisher=publisher[:LONGEST_PUBLISHER],
        language=language_code(language) or "",
        published_on=_day(entry),
    )


def _day(entry: Mapping[str, Any]) -> date | None:
    """The day in universal time; none where it is not understood."""
    for name in _WHEN:
        if (when := entry.get(name)) is not None:
            try:
                return date(when.tm_year, when.tm_mon, when.tm_mday)
            except ValueError:
                continue
    return None
