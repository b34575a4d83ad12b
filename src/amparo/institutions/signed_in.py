"""Who is signed in on a page of the desk, and where she works: the decorators of `access` let nobody else in."""

from typing import cast

from django.http import HttpRequest

from amparo.institutions.models import Institution, User


def person(request: HttpRequest) -> User:
    """Who is signed in, on a page of the desk."""
    return cast(User, request.user)


def institution_of(request: HttpRequest) -> Institution:
    """The institution of who is signed in, on a page of the desk."""
    return cast(Institution, person(request).institution)
