"""Somebody who looks at the quality of her institution's cases, and a colleague who codes them again.

Most pages need no open keys: a person without a password is made in a hundredth of the time of one with.
"""

import pytest
from django.test import Client

from amparo.institutions.models import Institution, User
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from tests.channel.triage.conftest import Desk, make_desk

_NAMES = {"en": "Invented institution"}


def make_quick_desk(founded: Founded | None = None, role: str = "focal-point") -> Desk:
    """A person signed in, of `founded` or a new institution, with her keys closed."""
    if founded is None:
        key_pair, unlocked = vault.make_institutional_key_pair()
        code = f"invented-quick-{key_pair.pk}"
        institution = Institution.objects.create(
            code=code, kind="nhri", country="XDM", names=_NAMES, invented=True, key_pair=key_pair
        )
        founded = Founded(institution, unlocked, [])
    username = f"invented-reader-{User.objects.count()}"
    user = User.objects.create(username=username, institution=founded.institution, role=role)
    client = Client()
    client.force_login(user)
    return Desk(founded, user, client)


@pytest.fixture
def desk() -> Desk:
    return make_quick_desk()


@pytest.fixture
def colleague(desk: Desk) -> Desk:
    """A case worker of the same institution; her keys are closed."""
    return make_quick_desk(desk.founded, role="case-worker")


@pytest.fixture
def reader(desk: Desk) -> Desk:
    """A case worker of the same institution with open keys: she reads stories."""
    return make_desk(desk.founded, role="case-worker")
