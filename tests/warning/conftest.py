"""An institution and somebody of it who is signed in, for the tests of pages."""

import pytest
from django.test import Client

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from tests.factories import make_institution, make_member, sign_in


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def user(founded: Founded, client: Client) -> User:
    user = make_member(founded)
    sign_in(client, user)
    return user
