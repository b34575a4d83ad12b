"""What all tests share: the published data, pages' files and languages, the choice of what runs on which database."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from amparo.ui.catalogues import compile_catalogues

# How long an example takes depends on what else the machine does: it says nothing of the code.
hypothesis_settings.register_profile("amparo", deadline=None)
hypothesis_settings.load_profile("amparo")

SHARED_DATA = Path(os.environ.get("AMPARO_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
APT_LINE = "sudo apt-get install -y python3-venv chromium fonts-noto-core postgresql"
_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "admin_client"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--storage-only",
        action="store_true",
        help="Only the tests that touch the database, without the browser: for the second database.",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = list(items)
    if "long" not in config.getoption("-m"):
        chosen = [item for item in chosen if not item.get_closest_marker("long")]
    if config.getoption("--storage-only"):
        chosen = [item for item in chosen if _touches_storage(item)]
    if not SHARED_DATA.is_dir():
        chosen = [item for item in chosen if "shared_data" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A checkout without the published lists beside it has nothing to test them on: said, not passed over."""
    if not SHARED_DATA.is_dir():
        terminalreporter.section("not run", red=True)
        terminalreporter.line(
            f"The tests on the published lists of attacks were NOT run: their files are not in {SHARED_DATA}. "
            "CONTRIBUTING.md says where they come from."
        )


def _touches_storage(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser"):
        return False
    asked = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not asked.isdisjoint(_DATABASE_FIXTURES)


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.fixture(scope="session", autouse=True)
def _laid_out_pages() -> None:
    """The files and catalogues that pages need, as the launcher lays them out."""
    compile_catalogues()
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Each test begins in English: a page in Arabic leaves its thread in Arabic."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _log_of_its_own() -> None:
    """A test's database is rolled back or emptied after it; what lies outside would say that the log was cut off."""
    (settings.KEY_DIR / "log.head").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the published lists. Tests that ask for it are left out, and named, where it is not there."""
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser that whole stories are played in. A run without it fails: it would prove nothing."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.fail(f"There is no Chromium here. On Debian or Ubuntu: {APT_LINE}")
    return found
