"""The release whose pages are tested."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from pytest_django import DjangoDbBlocker, Settings

from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease, open_release
from tests.published import Published, publish_once


@pytest.fixture(scope="session")
def published(
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Published:
    return publish_once(tmp_path_factory, worker_id, django_db_blocker)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests past Django's test client leave the test's connection open, as those of the client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def release(published: Published, settings: Settings, db: None) -> Release:
    """The latest release, in this test's database."""
    settings.DATA_DIR = published.data_dir
    return published.save_row()


@pytest.fixture
def opened(release: Release) -> OpenRelease:
    return open_release(release)
