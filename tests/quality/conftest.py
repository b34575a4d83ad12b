"""Somebody who looks at the quality of her institution's cases, and a colleague who codes them again."""

import pytest

from tests.channel.triage.conftest import Desk, make_desk


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def colleague(desk: Desk) -> Desk:
    return make_desk(desk.founded, role="case-worker")
