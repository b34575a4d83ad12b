"""Somebody who answers reports, signed in with her keys open."""

from dataclasses import dataclass

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.institutions.sessions import COOKIE, open_keys
from tests.factories import PASSWORD, make_institution, make_member


@dataclass(frozen=True)
class Desk:
    """An institution, and a browser in which one of its people is signed in."""

    founded: Founded
    user: User
    client: Client


def sign_in(client: Client, user: User, *, with_keys: bool = True) -> None:
    client.force_login(user)
    if with_keys:
        request, response = HttpRequest(), HttpResponse()
        request.session = client.session
        open_keys(request, response, user, PASSWORD)
        request.session.save()
        client.cookies[COOKIE] = response.cookies[COOKIE].value


def close_keys(desk: Desk) -> None:
    del desk.client.cookies[COOKIE]


def make_desk(founded: Founded | None = None, role: str = "focal-point") -> Desk:
    founded = founded or make_institution()
    user, client = make_member(founded, role=role), Client()
    sign_in(client, user, with_keys=role in ("focal-point", "case-worker"))
    return Desk(founded, user, client)


@pytest.fixture
def desk() -> Desk:
    return make_desk()
