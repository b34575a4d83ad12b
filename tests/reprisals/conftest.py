"""Somebody of an NHRI, signed in with her keys open, and her institution's profile."""

import pytest

from amparo.reprisals.models import NhriProfile
from tests.channel.triage.conftest import Desk, make_desk
from tests.reprisals.documenting import make_profile


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def profile(desk: Desk) -> NhriProfile:
    return make_profile(desk)
