"""Every kind of chart in a browser: no barrier, no wider than the screen, and framed by another page."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from amparo.statistics.models import Release
from tests.journeys.barriers import check_page
from tests.journeys.conftest import OpenPage
from tests.portal.test_pictures import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_each_kind_can_be_read_on_a_narrow_screen_from_right_to_left(release: Release, open_page: OpenPage) -> None:
    page = open_page("/ar/about/", 360)

    for kind, query in KINDS.items():
        page.goto(f"/ar/explore/?{query}")
        page.locator("details.embedding summary").click()
        check_page(page)
        drawn = page.locator("figure.chart svg[role=img]").bounding_box()
        assert drawn is not None, kind
        assert 250 < drawn["width"] <= 360, kind


def test_words_of_a_chart_do_not_grow_with_it(release: Release, open_page: OpenPage) -> None:
    sizes = []
    for width in (360, 1280):
        page = open_page(f"/en/explore/?{KINDS['bar']}", width)
        sizes.append(page.locator("figure.chart svg text.label").first.bounding_box())

    narrow, wide = sizes
    assert narrow is not None
    assert wide is not None
    assert wide["height"] < 1.5 * narrow["height"]


@pytest.fixture
def elsewhere() -> Iterator[HTTPServer]:
    """Another site, on a port of its own; `page` is what it says."""
    server = HTTPServer(("127.0.0.1", 0), _Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class _Elsewhere(BaseHTTPRequestHandler):
    page = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page.encode())

    def log_message(self, *_said: object) -> None:
        """Nothing."""


def test_another_site_can_frame_it(release: Release, elsewhere: HTTPServer, open_page: OpenPage) -> None:
    page = open_page(f"/en/explore/?{KINDS['bar']}")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))

    _Elsewhere.page = f"<!doctype html><title>Elsewhere</title>{page.locator('#embed-code').input_value()}"
    page.goto(f"http://127.0.0.1:{elsewhere.server_port}/")

    framed = page.frame_locator("iframe")
    framed.locator("figure.chart svg").wait_for()
    assert release.identifier in framed.locator("main").inner_text()
    assert [said for said in refused if "favicon" not in said] == []
