"""The bundle in a real Chromium: alone on an empty page, and on the pages of a running server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.channel.models import Channel
from tests.channel.browser.bundle import open_bundle
from tests.channel.browser.tap import Tap

OpenForm = Callable[..., Page]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Building anew needs Node, which Amparo itself does not: only who asks for it by `-m rebuild` runs that."""
    if "rebuild" in config.getoption("-m"):
        return
    left_out = [item for item in items if item.get_closest_marker("rebuild")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module")
def bundle_page(chromium: str) -> Iterator[Page]:
    """A page that runs the shipped bundle, for a module whose tests need no server."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield open_bundle(browser)
        browser.close()


@pytest.fixture
def plain_files(settings: Settings) -> None:
    """The test server serves files by the names that they have in the packages, not by those with a hash."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def tap(live_server: LiveServer) -> Iterator[Tap]:
    """Between the browser and the server; keeps what leaves the browser."""
    with Tap(live_server.thread.port) as listening:
        yield listening


@pytest.fixture
def browsing(
    plain_files: None, tap: Tap, chromium: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens contexts of a browser on the server; what is given goes to the context."""
    # Playwright runs a loop in this thread; nothing of Django runs inside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield lambda **options: browser.new_context(base_url=f"http://localhost:{tap.port}", **options)
        browser.close()


@pytest.fixture
def open_form(browsing: Callable[..., BrowserContext]) -> OpenForm:
    """Begins a report to a channel, as a reader does: by the first page."""

    def open_form(
        channel: Channel, *, language: str = "en", width: int = 1000, about: str = "defender", broken: str = ""
    ) -> Page:
        page = browsing(viewport={"width": width, "height": 800}).new_page()
        page.set_default_timeout(10_000)
        if broken:
            page.add_init_script(broken)
        page.goto(f"/{language}/report/")
        chosen = page.locator(f"input[type=radio][name=institution][value='{channel.institution.code}']")
        if chosen.count():
            chosen.check()
        elif page.locator("select[name=institution]").count():
            page.select_option("select[name=institution]", channel.institution.code)
        page.click(f"button[name=about][value={about}]")
        page.wait_for_load_state()
        if not broken:
            page.wait_for_selector("#sealed-here:visible")
        return page

    return open_form
