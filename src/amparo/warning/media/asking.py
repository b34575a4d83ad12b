"""Asking a newspaper for its feed: within bounds, and only for what is new. Pure: no Django, nothing on a disk.

How addresses are kept out of our own network is `evidence.fetching`'s. What came the last time is told to nobody but
the address that it came from, and through a proxy to nobody at all: there, who asks should be the same as everybody.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from amparo.evidence.fetching import Budget, Exchange, NotFetched, Rules, fetch_following
from amparo.evidence.page_reading import unpack
from amparo.warning.media.feeds import FeedRead, read_feed
from amparo.warning.media.items import LONGEST_LINK, MOST_BYTES, ItemsRefused

SECONDS = 20.0
# A feed may lie some redirects away, and nothing else of its site is asked for.
_MOST_REDIRECTS = 4
_ACCEPT = "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.8"
# What is sent back to where it came from goes into the head of a request: nothing that could end a line.
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,190}"')
_LAST_MODIFIED = re.compile(r"[A-Za-z0-9 ,:+-]{10,60}")
_STATUSES = {401: "not-allowed", 403: "not-allowed", 404: "not-found", 410: "gone", 429: "too-often"}


class NotRead(Exception):
    """No feed came. `code` says why (`outcomes.py`); the address is never in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Before:
    """What the feed's server said of the version that was read last, and the address that said it."""

    address: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look gave: "read", "unchanged" or "empty"; the feed where it was read, and what to ask with next."""

    outcome: str
    feed: FeedRead | None
    before: Before


def feed_rules(rules: Rules) -> Rules:
    """`rules` of this installation, with the bounds of a feed."""
    return replace(
        rules,
        seconds=SECONDS,
        most_page_bytes=MOST_BYTES,
        most_bytes=2 * MOST_BYTES,
        most_requests=_MOST_REDIRECTS + 1,
        most_redirects=_MOST_REDIRECTS,
        accept=_ACCEPT,
        keeps_https=True,
    )


def ask_for_feed(address: str, before: Before, rules: Rules) -> Answer:
    """The feed at `address`, or that nothing is new there. Raises `NotRead`."""
    conditions = {} if rules.proxy is not None else _conditions(before)
    try:
        last = fetch_following(address, rules, Budget(rules), {before.address: conditions})[-1]
    except NotFetched as refused:
        raise NotRead(refused.code) from None
    if last.status == 304 and conditions and last.target.address == before.address:
        return Answer("unchanged", None, before)
    if last.status != 200:
        raise NotRead(_STATUSES.get(last.status, "server-error"))
    return _read(last)


def _read(last: Exchange) -> Answer:
    content = unpack(last.body, last.headers)
    if last.body and not content:
        raise NotRead("bad-answer")
    address = last.target.address if len(last.target.address) <= LONGEST_LINK else ""
    told = Before(address, _found(_ETAG, last, "ETag"), _found(_LAST_MODIFIED, last, "Last-Modified"))
    try:
        feed = read_feed(content, last.headers.get_content_charset("") or "")
    except ItemsRefused as refused:
        if refused.code == "no-items":
            return Answer("empty", None, told)
        raise NotRead(refused.code) from None
    if not feed.is_whole:
        # Read now, its last item might be half an item; next time it is asked for as if nothing had come.
        raise NotRead("cut-off")
    if not feed.items:
        raise NotRead("no-links")
    return Answer("read", feed, told)


def _conditions(before: Before) -> Mapping[str, str]:
    said = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {name: value for name, value in said.items() if value}


def _found(pattern: re.Pattern[str], exchange: Exchange, name: str) -> str:
    said = (exchange.headers.get(name) or "").strip()
    return said if pattern.fullmatch(said) else ""
