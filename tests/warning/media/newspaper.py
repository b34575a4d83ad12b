"""An invented newspaper on this machine, with a feed that can be changed, for tests of following it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.evidence.site import Site, serving_site

ETAG, LAST_MODIFIED = 'W/"invented-1"', "Tue, 10 Mar 2026 10:00:00 GMT"


def make_feed(*titles: str, publisher: str = "Invented Gazette") -> bytes:
    items = "".join(f"<item><title>{each}</title><link>https://a.example/{each}</link></item>" for each in titles)
    head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{publisher}</title><language>es-CO</language>'
    return f"{head}{items}</channel></rss>".encode()


@dataclass
class Newspaper:
    """Its feed at `address`: `content`, with an ETag that changes with it; `statuses` are given first, one a look."""

    site: Site
    content: bytes = field(default_factory=lambda: make_feed("one", "two"))
    etag: str = ETAG
    media_type: str = "application/rss+xml"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.site.at("/feed")

    def prints(self, *titles: str, etag: str = 'W/"invented-2"') -> None:
        self.content, self.etag = make_feed(*titles), etag

    def answers(self, how: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.site.answers["/feed"] = how

    def says(self, status: int) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self.answers(answer)

    def comes_back(self) -> None:
        self.answers(self._give)

    def asked(self) -> list[dict[str, str]]:
        """The headers of each time that the feed was asked for."""
        return [headers for path, headers in self.site.asked if path == "/feed"]

    def _give(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == self.etag:
            handler.send_response(304)
            handler.end_headers()
            return
        handler.send_response(200)
        said = {"Content-Type": self.media_type, "Content-Length": str(len(self.content))}
        said |= {"ETag": self.etag, "Last-Modified": LAST_MODIFIED, "Set-Cookie": "who=you"} | self.headers
        for name, value in said.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(self.content)


@contextmanager
def printing_newspaper() -> Iterator[Newspaper]:
    with serving_site() as site:
        newspaper = Newspaper(site)
        newspaper.comes_back()
        yield newspaper
