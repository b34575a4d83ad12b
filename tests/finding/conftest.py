"""An invented institution, and a person of it at her desk."""

import pytest
from django.test import Client

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from tests.factories import make_institution, make_member, sign_in


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def member(founded: Founded) -> User:
    return make_member(founded)


@pytest.fixture
def desk(client: Client, member: User) -> Client:
    sign_in(client, member)
    return client
