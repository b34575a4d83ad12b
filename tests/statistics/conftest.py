"""What is run only when it is asked for."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spark and OpenDP are extras: only who asks for them by `-m spark` or `-m private` runs that."""
    extras = [each for each in ("spark", "private") if each not in config.getoption("-m")]
    left_out = [item for item in items if any(item.get_closest_marker(each) for each in extras)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
