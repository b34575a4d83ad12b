from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.warning.media.newspaper import Newspaper, printing_newspaper


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    with printing_newspaper() as printing:
        yield printing


@pytest.fixture
def followed(settings: Settings, newspaper: Newspaper) -> Newspaper:
    """A newspaper whose feeds this installation asks for: it is let, and may reach this one port of this machine."""
    settings.FEEDS, settings.CAPTURE_PROXY = True, None
    settings.CAPTURE_LOOPBACK_PORTS = frozenset({newspaper.site.port})
    return newspaper
