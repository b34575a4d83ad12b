"""What is run only when it is asked for."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spark needs Java and a package of its own: only who asks for it by `-m spark` runs that."""
    if "spark" in config.getoption("-m"):
        return
    left_out = [item for item in items if item.get_closest_marker("spark")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
