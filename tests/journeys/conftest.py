"""Whole stories in a real browser: the server, its release and the pages that a story opens."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.statistics.models import Release
from tests.published import Published, publish_once

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def published(
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Published:
    return publish_once(tmp_path_factory, worker_id, django_db_blocker)


@pytest.fixture
def release(published: Published, settings: Settings, transactional_db: None) -> Release:
    """The latest release, as the server reads it."""
    settings.DATA_DIR = published.data_dir
    return published.save_row()


@pytest.fixture(autouse=True)
def _plain_names_of_files(settings: Settings) -> None:
    """The test server serves files by the names that they have in the packages, not by those with a hash."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def open_page(live_server: LiveServer, chromium: str) -> Iterator[OpenPage]:
    """Opens a path at some width, with or without scripts. Started last: its loop must not be there before the data."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_page(path: str, width: int = 1280, scripts: bool = True) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                java_script_enabled=scripts,
                base_url=live_server.url,
                accept_downloads=True,
            )
            page = context.new_page()
            page.goto(path)
            return page

        yield open_page
        browser.close()
