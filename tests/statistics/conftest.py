"""What is run only when it is asked for; releases of fewer tables, for tests that make many."""

from collections.abc import Iterator

import pytest

from amparo.statistics.published import published_sets

_LEFT_OUT = frozenset({"target", "age_band", "perpetrator", "sector", "area", "network"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spark and OpenDP are extras: only who asks for them by `-m spark` or `-m private` runs that."""
    extras = [each for each in ("spark", "private") if each not in config.getoption("-m")]
    left_out = [item for item in items if any(item.get_closest_marker(each) for each in extras)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module")
def fewer_tables() -> Iterator[None]:
    """Releases hold a third of their tables: those without some dimensions, which behave like others that are there."""
    kept = tuple(each for each in published_sets() if not _LEFT_OUT & set(each))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("amparo.statistics.family.published_sets", lambda: kept)
        yield
