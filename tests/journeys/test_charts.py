"""Every kind of chart in a browser: no barrier, no wider than the screen, and framed by another page."""

import pytest

from amparo.statistics.models import Release
from tests.journeys.barriers import check_page
from tests.journeys.conftest import OpenPage
from tests.portal.test_pictures import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_each_kind_can_be_read(release: Release, open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(f"/{language}/about/", width)

    for query in KINDS.values():
        page.goto(f"/{language}/explore/?{query}")
        page.locator("details.embedding summary").click()
        check_page(page)
        assert page.locator("figure.chart svg[role=img]").bounding_box()["width"] > 250


def test_another_page_can_frame_it(release: Release, open_page: OpenPage) -> None:
    page = open_page(f"/en/explore/?{KINDS['bar']}")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))

    code = page.locator("#embed-code").input_value()
    page.set_content(f"<!doctype html><title>Elsewhere</title>{code}")
    framed = page.frame_locator("iframe")

    assert framed.locator("figure.chart svg").is_visible()
    assert release.identifier in framed.locator("main").inner_text()
    assert refused == []
